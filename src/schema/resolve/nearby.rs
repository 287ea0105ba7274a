//! Paths that a wrong path may have meant.

use std::cmp::Reverse;

use indexmap::IndexSet;

use super::tree::Tree;
use super::{Schema, Walk};
use crate::schema::alternative::Alternative;
use crate::schema::path::{FieldPath, Segment};
use crate::suggest;

/// Suggestions come from paths of at most so many segments.
const DEEPEST: usize = 12;
/// No error suggests more paths.
const MOST_SUGGESTIONS: usize = 3;

impl Schema {
    /// Paths that `path`, which leads as far as `walk`, may have meant; the likeliest first.
    pub(super) fn suggestions(&self, path: &FieldPath, walk: &Walk<'_>) -> Vec<FieldPath> {
        let misspelt = misspelt(path, walk);
        let complete: Vec<FieldPath> = misspelt
            .iter()
            .filter_map(|segment| self.variant(path, walk.length, std::slice::from_ref(segment)))
            .collect();
        if !complete.is_empty() {
            return complete;
        }
        let moved = self.moved(path);
        if !moved.is_empty() {
            return moved;
        }
        let begin = |segment| {
            let segments = path.segments[..walk.length]
                .iter()
                .cloned()
                .chain([segment])
                .collect();
            FieldPath {
                root: path.root,
                segments,
            }
        };
        misspelt.into_iter().map(begin).collect()
    }

    /// Paths that end like this one but lead another way: those that share most segments with it,
    /// in order, and of those the shortest.
    fn moved(&self, path: &FieldPath) -> Vec<FieldPath> {
        let known = self
            .known
            .get_or_init(|| Tree::of_everything(&self.documents, DEEPEST).into_paths());
        let rank = |candidate: &FieldPath| {
            let slips = ending_slips(path, candidate)?;
            let shared = common_length(&path.segments, &candidate.segments);
            Some((slips, Reverse(shared)))
        };
        let mut ranked: Vec<_> = known
            .iter()
            .filter_map(|candidate| Some((rank(candidate)?, candidate)))
            .collect();
        ranked.sort_by_key(|(rank, candidate)| (*rank, candidate.segments.len()));
        let best = ranked.first().map(|(rank, _)| *rank);
        ranked
            .into_iter()
            .take_while(|(rank, _)| Some(*rank) == best)
            .take(MOST_SUGGESTIONS)
            .map(|(_, candidate)| with_indexes_of(path, candidate))
            .filter(|candidate| candidate != path)
            .collect()
    }
}

/// The keys beside the first unknown one that it may be a misspelling of.
fn misspelt(path: &FieldPath, walk: &Walk<'_>) -> Vec<Segment> {
    let Some(Segment::Key(written)) = path.segments.get(walk.length) else {
        return Vec::new();
    };
    let segments = walk.alternatives.iter().flat_map(Alternative::segments);
    let segments: IndexSet<Segment> = segments.collect();
    let mut near: Vec<(usize, Segment)> = segments
        .into_iter()
        .filter(|segment| segment.key() != Some(written))
        .filter_map(|segment| Some((suggest::slips(written, segment.key()?)?, segment)))
        .collect();
    near.sort_by_key(|(slips, _)| *slips);
    near.into_iter()
        .map(|(_, segment)| segment)
        .take(MOST_SUGGESTIONS)
        .collect()
}

/// How much the last keys differ, if they are near.
fn ending_slips(path: &FieldPath, candidate: &FieldPath) -> Option<usize> {
    fn last_key(path: &FieldPath) -> Option<&str> {
        path.segments.iter().rev().find_map(Segment::key)
    }
    suggest::slips(last_key(path)?, last_key(candidate)?)
}

/// The length of the longest common subsequence; all elements of an array are alike.
fn common_length(a: &[Segment], b: &[Segment]) -> usize {
    let alike = |a: &Segment, b: &Segment| a == b || (a.key().is_none() && b.key().is_none());
    let mut row = vec![0; b.len() + 1];
    for one in a {
        let mut diagonal = 0;
        for (column, other) in b.iter().enumerate() {
            let above = row[column + 1];
            row[column + 1] = if alike(one, other) {
                diagonal + 1
            } else {
                above.max(row[column])
            };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// The candidate with the root and the indexes that were written.
fn with_indexes_of(path: &FieldPath, candidate: &FieldPath) -> FieldPath {
    let mut written = path
        .segments
        .iter()
        .filter(|segment| segment.key().is_none());
    let adapt = |segment: &Segment| match segment {
        Segment::Key(_) => segment.clone(),
        Segment::Index(_) | Segment::Any => written.next().unwrap_or(segment).clone(),
    };
    FieldPath {
        root: path.root,
        segments: candidate.segments.iter().map(adapt).collect(),
    }
}
