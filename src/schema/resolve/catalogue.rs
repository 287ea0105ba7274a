//! Every path of a schema, and those that a wrong path may have meant.

use std::cmp::Reverse;
use std::collections::VecDeque;

use super::{Schema, Walk};
use crate::schema::alternative::{Alternative, Explorer};
use crate::schema::document::Documents;
use crate::schema::path::{FieldPath, Segment};
use crate::schema::{pins, suggest};

/// Suggestions come from paths of at most so many segments.
const DEEPEST: usize = 12;
/// A catalogue ends here: a schema that needs more is not read by a person.
const MOST_PATHS: usize = 20_000;
/// No error suggests more paths.
const MOST_SUGGESTIONS: usize = 3;

/// A place whose keys are still to list.
struct Place<'a> {
    path: FieldPath,
    alternatives: Vec<Alternative<'a>>,
    /// The alternatives of the places around it.
    around: Vec<Alternative<'a>>,
}

pub(super) fn catalogue(documents: &Documents, max_depth: usize) -> Vec<FieldPath> {
    let explorer = Explorer::new(documents, &pins::NONE);
    let root = Place {
        path: FieldPath::document(),
        alternatives: explorer.root().unwrap_or_default(),
        around: Vec::new(),
    };
    let mut waiting = VecDeque::from([root]);
    let mut paths = Vec::new();
    while let Some(mut place) = waiting.pop_front() {
        // What stands around the place already would begin all over again.
        place
            .alternatives
            .retain(|one| !place.around.iter().any(|outer| one.repeats(outer)));
        if place.path.segments.len() == max_depth || paths.len() >= MOST_PATHS {
            continue;
        }
        let around: Vec<_> = place
            .around
            .iter()
            .chain(&place.alternatives)
            .cloned()
            .collect();
        for segment in segments(&place.alternatives) {
            let below = explorer.below(&place.alternatives, &segment, &place.path);
            let alternatives = below.unwrap_or_default();
            if alternatives.is_empty() {
                continue;
            }
            let path = place.path.join(segment);
            paths.push(path.clone());
            waiting.push_back(Place {
                path,
                alternatives,
                around: around.clone(),
            });
        }
    }
    paths
}

/// The keys and elements that some alternative declares, each once.
fn segments(alternatives: &[Alternative<'_>]) -> Vec<Segment> {
    let mut segments = Vec::new();
    for segment in alternatives.iter().flat_map(Alternative::segments) {
        if !segments.contains(&segment) {
            segments.push(segment);
        }
    }
    segments
}

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
        let known = self.known.get_or_init(|| self.catalogue(DEEPEST));
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
    let mut near: Vec<(usize, Segment)> = segments(&walk.alternatives)
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
