//! Every path of a schema, as a person reads it: objects before their fields, in the order of the schema.

use super::presence::{Presence, Presences};
use super::tree::{Branch, Place, Role, Tree};
use super::{PathProblem, Schema};
use crate::schema::alternative::{Alternative, Explorer, TooMany};
use crate::schema::path::{FieldPath, Segment};
use crate::schema::types::{self, FieldType};
use crate::schema::{Field, pins};

/// No person looks for a field so many segments below the one that was named.
const DEEPEST: usize = 32;

/// The fields of a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    /// Each field behind the one that it is in. Elements of lists are `[0]`; those of tuples `[0]`, `[1]`...
    pub entries: Vec<Entry>,
    /// Whether the schema has no more, but for keys without names of their own and for repetitions.
    pub complete: bool,
}

/// A field, and what only the whole of a schema tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its path.
    pub path: FieldPath,
    /// What [`Schema::resolve`] says of it without pins.
    pub field: Result<Field, PathProblem>,
    /// Where it exists.
    pub presence: Presence,
    /// The type of its elements, where it has any.
    pub elements: Option<FieldType>,
    /// What the schema says of keys that it does not name; they are not listed.
    pub other_keys: OtherKeys,
    /// The field around it (or the document) that begins again here; what is below is listed there.
    pub repeats: Option<FieldPath>,
}

/// Keys that a schema speaks of without naming them. Of keys that it merely allows nothing is said here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OtherKeys {
    /// The type of their values, where the schema declares one for any other key.
    pub kind: Option<FieldType>,
    /// Regular expressions of keys that have schemas of their own.
    pub patterns: Vec<String>,
}

/// Stands for a key that no schema names.
const SOME_OTHER_KEY: &str = "\0any other key";

pub(super) fn catalogue(schema: &Schema, under: &FieldPath) -> Result<Catalogue, TooMany> {
    let documents = schema.documents();
    let tree = Tree::grow(documents, &under.segments, DEEPEST)?;
    let listing = Listing {
        schema,
        presences: Presences::of(&tree, documents),
        explorer: Explorer::new(documents, &pins::NONE),
        tree: &tree,
    };
    let places = in_reading_order(&tree).into_iter();
    Ok(Catalogue {
        entries: places.map(|at| listing.entry(at)).collect(),
        complete: tree.complete,
    })
}

struct Listing<'t, 'a> {
    schema: &'a Schema,
    tree: &'t Tree<'a>,
    presences: Presences<'t, 'a>,
    explorer: Explorer<'a>,
}

impl<'a> Listing<'_, 'a> {
    fn entry(&self, at: usize) -> Entry {
        let place = &self.tree.places[at];
        let branches = place.branches.iter();
        let alternatives: Vec<_> = branches.map(|one| one.alternative.clone()).collect();
        let kind_below = |segment| {
            let below = self.explorer.below(&alternatives, &segment, &place.path);
            let below = below.ok().filter(|below| !below.is_empty());
            below.map(|below| types::kind_of(&below))
        };
        Entry {
            path: place.path.clone(),
            field: self.field(place, &alternatives),
            presence: self.presences.presence(at),
            elements: kind_below(Segment::Any),
            other_keys: OtherKeys {
                kind: kind_below(Segment::Key(SOME_OTHER_KEY.to_owned())),
                patterns: patterns(&alternatives),
            },
            repeats: repeats(self.tree, place),
        }
    }

    /// What `Schema::resolve` would say, without the walk to the place where the tree has all of it.
    fn field(
        &self,
        place: &Place<'a>,
        alternatives: &[Alternative<'a>],
    ) -> Result<Field, PathProblem> {
        let mut required = true;
        let mut inner = place;
        while let (Some(outer), Some(segment)) = (inner.around, inner.path.last()) {
            let outer = &self.tree.places[outer];
            if outer.branches.iter().any(|branch| branch.again.is_some()) {
                return self.schema.resolve(&place.path, &pins::NONE);
            }
            let mut branches = outer.branches.iter();
            required &= branches.all(|branch| branch.alternative.guarantees(segment));
            inner = outer;
        }
        if alternatives.is_empty() {
            return self.schema.resolve(&place.path, &pins::NONE);
        }
        let documents = self.schema.documents();
        Ok(types::merge(&place.path, alternatives, required, documents))
    }
}

/// The places that were asked for, but for the document itself: each behind the one around it.
fn in_reading_order(tree: &Tree<'_>) -> Vec<usize> {
    let mut ways: Vec<Vec<usize>> = Vec::with_capacity(tree.places.len());
    for (number, place) in tree.places.iter().enumerate() {
        let mut way = place.around.map_or_else(Vec::new, |at| ways[at].clone());
        way.push(number);
        ways.push(way);
    }
    ways.sort_unstable();
    let last = ways.iter().filter_map(|way| way.last().copied());
    let asked = |at: &usize| {
        let place = &tree.places[*at];
        place.role == Role::Asked && place.around.is_some()
    };
    last.filter(asked).collect()
}

fn patterns(alternatives: &[Alternative<'_>]) -> Vec<String> {
    let mut patterns: Vec<String> = Vec::new();
    for pattern in alternatives.iter().flat_map(Alternative::key_patterns) {
        if !patterns.iter().any(|known| known == pattern) {
            patterns.push(pattern.to_owned());
        }
    }
    patterns
}

fn repeats(tree: &Tree<'_>, place: &Place<'_>) -> Option<FieldPath> {
    let again = |branch: &Branch<'_>| branch.again;
    let nearest = place.branches.iter().filter_map(again).max();
    nearest.map(|at| tree.places[at].path.clone())
}
