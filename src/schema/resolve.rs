//! From a field path to what the schema says about it.
//!
//! The path is walked segment by segment over the [alternatives](super::alternative) of each place.
//! Where it ends early, `problem.rs` finds out why, and `nearby.rs` what may have been meant. `catalogue.rs`
//! lists all paths: it grows the `tree.rs` of the schema, and `presence.rs` tells where each place exists.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::alternative::{Alternative, Explorer, TooMany};
use super::{Documents, Field, FieldPath, Pins, SchemaError, Validator, types};

mod catalogue;
mod memo;
mod nearby;
mod presence;
mod problem;
#[cfg(test)]
mod tests;
mod tree;

pub use catalogue::{Catalogue, Entry, OtherKeys};
use memo::Memo;
pub use presence::{Discriminator, Presence, Selects};
pub use problem::PathProblem;

/// A schema as a type.
#[derive(Debug)]
pub struct Schema {
    documents: Documents,
    /// The paths that suggestions are taken from, listed when the first one is needed.
    known: OnceLock<Vec<FieldPath>>,
    memo: Memo,
    /// The texts of pins that make a difference.
    telling: HashSet<String>,
}

/// How far a path leads.
struct Walk<'a> {
    /// The alternatives behind the last segment that some of them declare.
    alternatives: Vec<Alternative<'a>>,
    /// How many segments lead there.
    length: usize,
    /// Whether every document has what they lead to.
    required: bool,
}

impl Schema {
    /// The type that loaded documents describe.
    pub fn new(documents: Documents) -> Self {
        Self {
            telling: memo::telling_texts(&documents),
            documents,
            known: OnceLock::new(),
            memo: Memo::default(),
        }
    }

    /// The files behind it.
    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// What the schema says about the field at `path` in documents where `pins` hold. A pin that no
    /// document can satisfy narrows nothing: it is an error of its own, where it is written.
    pub fn resolve(&self, path: &FieldPath, pins: &Pins) -> Result<Field, PathProblem> {
        let pins = pins.generalized(&self.telling);
        self.memo
            .answer(path, &pins, || self.resolve_anew(path, &pins))
    }

    fn resolve_anew(&self, path: &FieldPath, pins: &Pins) -> Result<Field, PathProblem> {
        let walk = self
            .walk(path, pins)
            .map_err(|length| problem::too_many(path, length))?;
        if walk.length == path.segments.len() {
            return Ok(types::merge(
                path,
                &walk.alternatives,
                walk.required,
                &self.documents,
            ));
        }
        let possible = pins.filter(|pin| self.can_hold(&pins.filter(|other| other == pin)));
        if possible != *pins {
            return self.resolve_anew(path, &possible);
        }
        Err(self.problem(path, pins))
    }

    /// The field at `under` and every field below it; of the whole schema where that is the document. A schema
    /// that contains itself is entered once.
    pub fn catalogue(&self, under: &FieldPath) -> Result<Catalogue, PathProblem> {
        if !under.segments.is_empty() {
            self.resolve(under, &Pins::none())?;
        }
        catalogue::catalogue(self, under).map_err(|TooMany| problem::too_many(under, 0))
    }

    /// A validator for documents of this schema.
    pub fn validator(&self) -> Result<Validator, SchemaError> {
        Validator::of_documents(&self.documents)
    }

    /// Follows a path as far as it leads; the error says how many segments lead to a place with too
    /// many alternatives.
    fn walk<'a>(&'a self, path: &FieldPath, pins: &'a Pins) -> Result<Walk<'a>, usize> {
        let explorer = Explorer::new(&self.documents, pins);
        let mut at = FieldPath::document();
        let alternatives = explorer.root().map_err(|TooMany| 0_usize)?;
        let mut walk = Walk {
            alternatives,
            length: 0,
            required: true,
        };
        for segment in &path.segments {
            let length = walk.length + 1;
            let below = explorer.below(&walk.alternatives, segment, &at);
            let below = below.map_err(|TooMany| length)?;
            if below.is_empty() {
                break;
            }
            let required =
                walk.required && walk.alternatives.iter().all(|one| one.guarantees(segment));
            walk = Walk {
                alternatives: below,
                length,
                required,
            };
            at.push(segment.clone());
        }
        Ok(walk)
    }

    /// Whether some document satisfies the pins.
    fn can_hold(&self, pins: &Pins) -> bool {
        let root = Explorer::new(&self.documents, pins).root();
        root.map_or(true, |alternatives| !alternatives.is_empty())
    }

    /// Whether a path leads somewhere in some document.
    fn has(&self, path: &FieldPath) -> bool {
        let walk = self.walk(path, &super::pins::NONE);
        walk.is_ok_and(|walk| walk.length == path.segments.len())
    }
}
