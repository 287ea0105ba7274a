//! A place in a document as the alternatives that a schema leaves for it.
//!
//! An [`Alternative`] is a list of schemas that hold together: a schema, the target of its `$ref`,
//! its `allOf`. Each `oneOf`, `anyOf` and each `if` that the pins do not decide is a *fork*, which
//! multiplies the alternatives; those that the pins or their own contradictions exclude drop out.
//! `draft.rs` puts an alternative together and finds the forks, `condition.rs` decides an `if`, `step.rs`
//! goes from a place to a key or an element of it. A keyword that adds schemas to a place is a line in
//! `Draft::enter`.

use serde_json::Value;

use super::document::{Documents, Position};
use super::path::{FieldPath, Segment};
use super::pins::{self, Pins};
use super::pointer;
use super::typeset::TypeSet;

mod condition;
mod draft;
mod step;

use draft::Draft;
pub(super) use step::Step;

/// A place with more alternatives than this is not worth telling them apart.
pub(super) const MOST_ALTERNATIVES: usize = 1024;
/// Required keys inside required keys are searched for contradictions so many levels deep.
const DEEPEST_CHECK: usize = 8;

/// One schema of an alternative.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) position: Position,
    pub(super) value: &'a Value,
}

/// Schemas that hold together, outer ones first.
#[derive(Debug, Clone, Default)]
pub(super) struct Alternative<'a> {
    pub(super) nodes: Vec<Node<'a>>,
}

/// A place has more than [`MOST_ALTERNATIVES`].
#[derive(Debug)]
pub(super) struct TooMany;

/// Finds alternatives where some pins hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Explorer<'a> {
    pub(super) documents: &'a Documents,
    pins: &'a Pins,
    depth: usize,
}

/// Keywords that bring other schemas along and say nothing of a value themselves.
const STRUCTURE: [&str; 9] = [
    "$defs",
    "$ref",
    "allOf",
    "anyOf",
    "dependentSchemas",
    "else",
    "if",
    "oneOf",
    "then",
];

impl<'a> Node<'a> {
    /// The schema at a keyword of this one, or below it.
    pub(super) fn child(&self, steps: &[&str]) -> Option<Self> {
        let mut value = self.value;
        let mut at = self.position.pointer.to_string();
        for step in steps {
            value = match value {
                Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
                other => other.get(step)?,
            };
            at = pointer::child(&at, step);
        }
        Some(Self {
            position: Position {
                file: self.position.file,
                pointer: at.into(),
            },
            value,
        })
    }

    /// The schemas in a list under a keyword.
    pub(super) fn children(&self, keyword: &str) -> Vec<Self> {
        let items = self
            .value
            .get(keyword)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        (0..items)
            .filter_map(|index| self.child(&[keyword, &index.to_string()]))
            .collect()
    }

    /// Whether the schema itself says anything of a value.
    fn speaks(&self) -> bool {
        let keywords = self.value.as_object();
        keywords.is_none_or(|all| all.keys().any(|key| !STRUCTURE.contains(&key.as_str())))
    }

    /// The values that the schema closes itself to.
    fn closed(&self) -> Option<&'a [Value]> {
        match self.value.get("const") {
            Some(value) => Some(std::slice::from_ref(value)),
            None => self.value.get("enum")?.as_array().map(Vec::as_slice),
        }
    }
}

impl Alternative<'_> {
    /// Every value that can occur, if the schemas close the set.
    pub(super) fn closed(&self) -> Option<Vec<Value>> {
        let mut sets = self.nodes.iter().filter_map(Node::closed);
        let mut values = sets.next()?.to_vec();
        for set in sets {
            values.retain(|value| pins::contains(set, value));
        }
        Some(values)
    }

    /// The types that can occur; `None` where the schemas say nothing.
    pub(super) fn types(&self) -> Option<TypeSet> {
        TypeSet::of_conjunction(self.nodes.iter().map(|node| node.value))
    }

    /// The keys that must be there.
    fn required(&self) -> impl Iterator<Item = &str> {
        let lists = self
            .nodes
            .iter()
            .filter_map(|node| node.value.get("required")?.as_array());
        lists.flatten().filter_map(Value::as_str)
    }

    /// Whether both consist of the same schemas.
    pub(super) fn is(&self, other: &Self) -> bool {
        let known = |node: &Node<'_>| other.nodes.iter().any(|own| own.position == node.position);
        self.nodes.len() == other.nodes.len() && self.nodes.iter().all(known)
    }

    /// Names what the alternative says: two with the same signature say the same because the same schemas do,
    /// though other `$ref`s may lead there.
    pub(super) fn signature(&self) -> Vec<Position> {
        let speaking = self.nodes.iter().filter(|node| node.speaks());
        let mut positions: Vec<_> = speaking.map(|node| node.position.clone()).collect();
        positions.sort_unstable();
        positions
    }
}

impl<'a> Explorer<'a> {
    pub(super) fn new(documents: &'a Documents, pins: &'a Pins) -> Self {
        Self {
            documents,
            pins,
            depth: 0,
        }
    }

    /// The alternatives of the whole document.
    pub(super) fn root(&self) -> Result<Vec<Alternative<'a>>, TooMany> {
        let position = Position::default();
        let root = self
            .documents
            .value(&position)
            .map(|value| Node { position, value });
        self.expand(root.as_slice(), &FieldPath::document())
    }

    /// The alternatives at `path`, where all of `schemas` hold.
    fn expand(
        &self,
        schemas: &[Node<'a>],
        path: &FieldPath,
    ) -> Result<Vec<Alternative<'a>>, TooMany> {
        let mut open = Vec::new();
        let mut finished = Vec::new();
        let mut empty = Draft::default();
        // The schemas that declare the place stay, also where they say nothing of it.
        empty.alternative.nodes = schemas
            .iter()
            .filter(|node| !node.speaks())
            .cloned()
            .collect();
        open.extend(self.extend(&empty, schemas, path));
        while let Some(mut draft) = open.pop() {
            let Some(fork) = draft.forks.pop_front() else {
                finished.push(draft.alternative);
                continue;
            };
            // The first choice ends on top, so alternatives come out in the order of the schema.
            for choice in fork.iter().rev() {
                open.extend(self.extend(&draft, choice, path));
            }
            if open.len() + finished.len() > MOST_ALTERNATIVES {
                return Err(TooMany);
            }
        }
        Ok(finished)
    }

    /// The draft with more schemas, unless it becomes impossible.
    fn extend(
        &self,
        draft: &Draft<'a>,
        schemas: &[Node<'a>],
        path: &FieldPath,
    ) -> Option<Draft<'a>> {
        let mut longer = draft.clone();
        for node in schemas {
            longer.enter(node, self, path)?;
        }
        self.is_possible(&longer.alternative, path)
            .then_some(longer)
    }

    fn is_possible(&self, alternative: &Alternative<'a>, path: &FieldPath) -> bool {
        if alternative.closed().is_some_and(|values| values.is_empty())
            || alternative.types().is_some_and(TypeSet::is_empty)
        {
            return false;
        }
        self.pins
            .below(path)
            .all(|(rest, values)| self.admits(alternative, rest, values))
            && (self.depth >= DEEPEST_CHECK || !self.has_contradiction(alternative))
    }

    /// Whether some value of `values` can stand where `rest` leads from the alternative.
    fn admits(&self, alternative: &Alternative<'a>, rest: &[Segment], values: &[Value]) -> bool {
        let Some((segment, rest)) = rest.split_first() else {
            let closed = alternative.closed();
            return closed.is_none_or(|set| values.iter().any(|value| pins::contains(&set, value)));
        };
        match alternative.step(segment, self.documents) {
            Step::Forbidden => false,
            Step::Undeclared => true,
            Step::Declared(places) => places.into_iter().any(|schemas| {
                let below = self.unpinned().expand(&schemas, &FieldPath::document());
                below.map_or(true, |all| {
                    all.iter().any(|one| self.admits(one, rest, values))
                })
            }),
        }
    }

    /// Whether a key that must be there can have no value, because schemas contradict each other.
    fn has_contradiction(&self, alternative: &Alternative<'a>) -> bool {
        alternative.required().any(|key| {
            match alternative.step(&Segment::Key(key.to_owned()), self.documents) {
                Step::Forbidden => true,
                Step::Undeclared => false,
                Step::Declared(places) => places.into_iter().all(|schemas| {
                    // One schema alone is taken at its word: looking for contradictions inside it
                    // would walk the whole schema at each place.
                    let questionable = schemas.len() > 1 || schemas[0].value == &Value::Bool(false);
                    questionable && self.has_no_alternative(&schemas)
                }),
            }
        })
    }

    fn has_no_alternative(&self, schemas: &[Node<'a>]) -> bool {
        let all = self.unpinned().expand(schemas, &FieldPath::document());
        all.is_ok_and(|all| all.is_empty())
    }

    /// An explorer for a look below, which asks about the schemas alone.
    fn unpinned(&self) -> Self {
        Self {
            documents: self.documents,
            pins: &pins::NONE,
            depth: self.depth + 1,
        }
    }

    /// The alternatives where `segment` leads from those at `path`.
    pub(super) fn below(
        &self,
        alternatives: &[Alternative<'a>],
        segment: &Segment,
        path: &FieldPath,
    ) -> Result<Vec<Alternative<'a>>, TooMany> {
        let path = path.join(segment.clone());
        let mut found: Vec<Alternative<'a>> = Vec::new();
        for alternative in alternatives {
            let Step::Declared(places) = alternative.step(segment, self.documents) else {
                continue;
            };
            for schemas in places {
                for one in self.expand(&schemas, &path)? {
                    if !found.iter().any(|other| other.is(&one)) {
                        found.push(one);
                    }
                }
            }
            if found.len() > MOST_ALTERNATIVES {
                return Err(TooMany);
            }
        }
        Ok(found)
    }
}
