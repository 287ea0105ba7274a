//! The places of a schema as a tree, which ends where the schema would begin again.
//!
//! A tree grows level by level, so that a schema too large for it loses its deepest places first.

use std::collections::{BTreeSet, HashSet};

use indexmap::IndexSet;

use crate::schema::alternative::{Alternative, Explorer, MOST_ALTERNATIVES, TooMany};
use crate::schema::document::{Documents, Position};
use crate::schema::path::{FieldPath, Segment};
use crate::schema::pins;

/// A tree ends here: a schema that needs more is not read by a person.
const MOST_PLACES: usize = 10_000;
/// And here, where places have many alternatives: so often one of them is asked for a key or an element.
const MOST_STEPS: usize = 50_000;
/// Fields so many keys below a place may tell its alternatives apart.
pub(super) const DEEPEST_DISCRIMINATOR: usize = 3;

/// The places of a schema, outer ones first.
pub(super) struct Tree<'a> {
    explorer: Explorer<'a>,
    pub(super) places: Vec<Place<'a>>,
    /// Whether the schema has no other places.
    pub(super) complete: bool,
    deepest: usize,
    steps: usize,
}

/// A place in a document.
pub(super) struct Place<'a> {
    pub(super) path: FieldPath,
    /// The place around it, by its number; `None` for the document itself.
    pub(super) around: Option<usize>,
    pub(super) role: Role,
    /// None where there are too many.
    pub(super) branches: Vec<Branch<'a>>,
}

/// One alternative of a place.
pub(super) struct Branch<'a> {
    pub(super) alternative: Alternative<'a>,
    /// What leads to it: numbers of branches of the place around it.
    pub(super) from: Vec<usize>,
    signature: Vec<Position>,
    /// The place around it that has the same alternative: below, all would begin again.
    pub(super) again: Option<usize>,
}

/// Why a place is in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It was asked for, or is below what was.
    Asked,
    /// It lies on the way to what was asked for.
    Way,
    /// It may tell branches of the way apart: so many levels below it may, too.
    Beside(usize),
}

impl<'a> Tree<'a> {
    /// All places of at most `deepest` segments.
    pub(super) fn of_everything(documents: &'a Documents, deepest: usize) -> Self {
        // A document with too many alternatives has no places that could be told.
        Self::grow(documents, &[], deepest).unwrap_or_else(|TooMany| Self::new(documents, deepest))
    }

    /// The place that `way` leads to, all below it, and what is needed to tell where they exist.
    pub(super) fn grow(
        documents: &'a Documents,
        way: &[Segment],
        deepest: usize,
    ) -> Result<Self, TooMany> {
        let mut tree = Self::new(documents, way.len() + deepest);
        let root = tree.explorer.root()?;
        tree.places.push(Place {
            path: FieldPath::document(),
            around: None,
            role: if way.is_empty() {
                Role::Asked
            } else {
                Role::Way
            },
            branches: root.into_iter().map(|one| Branch::new(one, None)).collect(),
        });
        let mut next = 0;
        while next < tree.places.len() {
            tree.expand(next, way);
            next += 1;
        }
        tree.look_beside(way);
        while next < tree.places.len() {
            tree.expand_beside(next);
            next += 1;
        }
        Ok(tree)
    }

    fn new(documents: &'a Documents, deepest: usize) -> Self {
        Self {
            explorer: Explorer::new(documents, &pins::NONE),
            places: Vec::new(),
            complete: true,
            deepest,
            steps: 0,
        }
    }

    /// The paths of what was asked for, but for the document itself.
    pub(super) fn into_paths(self) -> Vec<FieldPath> {
        let told = |place: &Place<'_>| place.around.is_some() && !place.branches.is_empty();
        self.places
            .into_iter()
            .filter(told)
            .map(|place| place.path)
            .collect()
    }

    /// Adds what stands directly below a place: on the way to what was asked for just the next place.
    fn expand(&mut self, at: usize, way: &[Segment]) {
        self.mark_repetitions(at);
        let depth = self.places[at].path.segments.len();
        if let (Role::Way, Some(onward)) = (self.places[at].role, way.get(depth)) {
            let last = depth + 1 == way.len();
            let role = if last { Role::Asked } else { Role::Way };
            let place = self.below(at, onward.clone(), role);
            self.places.extend(place);
            return;
        }
        for segment in self.segments(at) {
            let full = self.places.len() >= MOST_PLACES || self.steps >= MOST_STEPS;
            if depth >= self.deepest || full {
                self.complete = false;
                return;
            }
            let place = self.below(at, segment, Role::Asked);
            self.places.extend(place);
        }
    }

    /// Adds what may tell branches of the way apart: keys beside it.
    fn look_beside(&mut self, way: &[Segment]) {
        let mut levels = 0;
        for (at, onward) in way.iter().enumerate() {
            // Places on the way come first; there are fewer where it leads nowhere.
            let Some(place) = self.places.get(at) else {
                return;
            };
            levels = match place.path.last() {
                _ if place.branches.len() > 1 => DEEPEST_DISCRIMINATOR,
                Some(Segment::Key(_)) => levels.saturating_sub(1),
                _ => 0,
            };
            self.add_beside(at, levels, Some(onward));
        }
    }

    fn expand_beside(&mut self, at: usize) {
        if let Role::Beside(levels) = self.places[at].role {
            self.add_beside(at, levels, None);
        }
    }

    fn add_beside(&mut self, at: usize, levels: usize, but: Option<&Segment>) {
        let Some(levels) = levels.checked_sub(1) else {
            return;
        };
        for segment in self.segments(at) {
            let full = self.places.len() >= 2 * MOST_PLACES || self.steps >= 2 * MOST_STEPS;
            if segment.key().is_some() && Some(&segment) != but && !full {
                let place = self.below(at, segment, Role::Beside(levels));
                self.places.extend(place);
            }
        }
    }

    /// Finds the branches of a place that would begin again: all, where a place around it has the same ones, and
    /// those that lead to themselves.
    fn mark_repetitions(&mut self, at: usize) {
        let place = &self.places[at];
        if place.role != Role::Asked {
            return;
        }
        let signatures = place.signatures();
        let whole = self
            .around(at)
            .find(|outer| self.places[*outer].signatures() == signatures);
        let again: Vec<_> = place
            .branches
            .iter()
            // What has no keys and elements has nothing to begin again.
            .map(|branch| {
                let has_inside = !branch.alternative.segments().is_empty();
                let again = || whole.or_else(|| self.lineage(at, branch));
                has_inside.then(again).flatten()
            })
            .collect();
        for (branch, again) in self.places[at].branches.iter_mut().zip(again) {
            branch.again = again;
        }
    }

    /// The places around one that were asked for, inner ones first.
    fn around(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.places[at].around, |outer| self.places[*outer].around)
            .take_while(|outer| self.places[*outer].role == Role::Asked)
    }

    /// The nearest place where a branch comes from itself.
    fn lineage(&self, at: usize, branch: &Branch<'_>) -> Option<usize> {
        let mut from: BTreeSet<usize> = branch.from.iter().copied().collect();
        for outer in self.around(at) {
            let branches = &self.places[outer].branches;
            let mut lineage = from.iter().map(|number| &branches[*number]);
            if lineage.any(|one| one.signature == branch.signature) {
                return Some(outer);
            }
            let before = from.iter().flat_map(|number| &branches[*number].from);
            from = before.copied().collect();
        }
        None
    }

    /// The keys and elements that some branch declares. Of an array those elements whose schemas differ:
    /// `[0]` for a list, one after the other for a tuple.
    fn segments(&self, at: usize) -> IndexSet<Segment> {
        let place = &self.places[at];
        let open = place.branches.iter().filter(|one| one.again.is_none());
        let open: Vec<_> = open.map(|branch| branch.alternative.clone()).collect();
        let mut segments: IndexSet<Segment> = open.iter().flat_map(Alternative::segments).collect();
        if !segments.contains(&Segment::Index(0)) {
            return segments;
        }
        let longest = open.iter().map(Alternative::tuple_length).max();
        let last = longest.and_then(|length| u32::try_from(length).ok());
        let mut seen: HashSet<Position> = HashSet::new();
        for index in 0..=last.unwrap_or(0) {
            let segment = Segment::Index(index);
            let below = self.explorer.below(&open, &segment, &place.path);
            let below = below.unwrap_or_default();
            let nodes = below.iter().flat_map(|one| &one.nodes);
            let known = seen.len();
            seen.extend(nodes.map(|node| node.position.clone()));
            if index > 0 && seen.len() > known {
                segments.insert(segment);
            }
        }
        segments
    }

    /// The place behind a segment; `None` where nothing can be there.
    fn below(&mut self, at: usize, segment: Segment, role: Role) -> Option<Place<'a>> {
        let outer = &self.places[at];
        self.steps += outer.branches.len();
        let branches = self.branches(outer, &segment);
        let branches = branches.map_or_else(
            |TooMany| Some(Vec::new()),
            |found| (!found.is_empty()).then_some(found),
        )?;
        Some(Place {
            path: outer.path.join(segment),
            around: Some(at),
            role,
            branches,
        })
    }

    fn branches(&self, outer: &Place<'a>, segment: &Segment) -> Result<Vec<Branch<'a>>, TooMany> {
        let mut branches: Vec<Branch<'a>> = Vec::new();
        for (number, branch) in outer.branches.iter().enumerate() {
            if branch.again.is_some() {
                continue;
            }
            let alone = std::slice::from_ref(&branch.alternative);
            for one in self.explorer.below(alone, segment, &outer.path)? {
                let mut known = branches.iter_mut();
                match known.find(|other| other.alternative.is(&one)) {
                    Some(known) => known.from.push(number),
                    None => branches.push(Branch::new(one, Some(number))),
                }
            }
            if branches.len() > MOST_ALTERNATIVES {
                return Err(TooMany);
            }
        }
        Ok(branches)
    }
}

impl Place<'_> {
    fn signatures(&self) -> BTreeSet<&[Position]> {
        let branches = self.branches.iter();
        branches.map(|branch| branch.signature.as_slice()).collect()
    }
}

impl<'a> Branch<'a> {
    fn new(alternative: Alternative<'a>, from: Option<usize>) -> Self {
        Self {
            signature: alternative.signature(),
            alternative,
            from: from.into_iter().collect(),
            again: None,
        }
    }
}
