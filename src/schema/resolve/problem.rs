//! Why a path leads to no field.

use super::{Schema, Walk};
use crate::schema::path::{FieldPath, Segment};
use crate::schema::pins::{self, Pins};
use crate::schema::types::{self, FieldType, SchemaPlace};

/// Why a path leads to no field. Paths in it have the root of the path that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum PathProblem {
    /// No alternative declares it.
    Unknown {
        /// The longest part that the schema declares; the document itself if even the first key is
        /// unknown.
        known_prefix: FieldPath,
        /// Paths that exist, the likeliest first.
        suggestions: Vec<FieldPath>,
    },
    /// Some alternative declares it, but none that the pins leave.
    NotInPinnedAlternatives {
        /// The longest part that the remaining alternatives declare.
        known_prefix: FieldPath,
        /// The pins that exclude it: each is needed for that.
        excluded_by: Vec<FieldPath>,
        /// Where the excluded alternatives declare it.
        declared_at: Vec<SchemaPlace>,
    },
    /// An index or `[*]` on something that is no array.
    IndexOnNonArray {
        /// What the index stands behind.
        at: FieldPath,
        /// Its type.
        kind: FieldType,
        /// The path without the index, if that exists.
        suggestion: Option<FieldPath>,
    },
    /// A key on an array.
    KeyOnArray {
        /// The array.
        at: FieldPath,
        /// The path with `[0]` in front of the key, if that exists.
        suggestion: Option<FieldPath>,
    },
    /// A key on a value that has none.
    KeyOnScalar {
        /// What the key stands behind.
        at: FieldPath,
        /// Its type.
        kind: FieldType,
    },
    /// An index that the array can never have.
    IndexOutOfRange {
        /// The array.
        at: FieldPath,
        /// The most elements it can have.
        max_items: u64,
    },
    /// The schema has too many alternatives at this place to tell them apart.
    TooManyAlternatives {
        /// Where they are.
        at: FieldPath,
    },
}

pub(super) fn too_many(path: &FieldPath, length: usize) -> PathProblem {
    PathProblem::TooManyAlternatives {
        at: prefix(path, length),
    }
}

fn prefix(path: &FieldPath, length: usize) -> FieldPath {
    FieldPath {
        root: path.root,
        segments: path.segments[..length].to_vec(),
    }
}

impl Schema {
    /// Why a path that ends early under `pins` does.
    pub(super) fn problem(&self, path: &FieldPath, pins: &Pins) -> PathProblem {
        let walk = match self.walk(path, &pins::NONE) {
            Ok(walk) => walk,
            Err(length) => return too_many(path, length),
        };
        let Some(segment) = path.segments.get(walk.length) else {
            return self.excluded(path, pins, &walk);
        };
        let at = prefix(path, walk.length);
        let kind = types::kind_of(&walk.alternatives);
        match (segment, kind) {
            (_, FieldType::Any | FieldType::Mixed(_)) | (Segment::Key(_), FieldType::Object) => {
                let suggestions = self.suggestions(path, &walk);
                PathProblem::Unknown {
                    known_prefix: at,
                    suggestions,
                }
            }
            (Segment::Key(_), FieldType::Array { .. }) => {
                let suggestion =
                    self.variant(path, walk.length, &[Segment::Index(0), segment.clone()]);
                PathProblem::KeyOnArray { at, suggestion }
            }
            (Segment::Key(_), kind) => PathProblem::KeyOnScalar { at, kind },
            (
                Segment::Index(_),
                FieldType::Array {
                    max_items: Some(max_items),
                },
            ) => PathProblem::IndexOutOfRange { at, max_items },
            (_, FieldType::Array { .. }) => PathProblem::Unknown {
                known_prefix: at,
                suggestions: Vec::new(),
            },
            (_, kind) => {
                let suggestion = self.variant(path, walk.length, &[]);
                PathProblem::IndexOnNonArray {
                    at,
                    kind,
                    suggestion,
                }
            }
        }
    }

    /// The path with its segment at `position` replaced, if it exists and names something.
    pub(super) fn variant(
        &self,
        path: &FieldPath,
        position: usize,
        replacement: &[Segment],
    ) -> Option<FieldPath> {
        let mut segments = path.segments.clone();
        segments.splice(position..=position, replacement.iter().cloned());
        let path = FieldPath {
            root: path.root,
            segments,
        };
        (!path.segments.is_empty() && self.has(&path)).then_some(path)
    }

    /// Names the pins without which the path would lead to its end, as `walk` does.
    fn excluded(&self, path: &FieldPath, pins: &Pins, walk: &Walk<'_>) -> PathProblem {
        let reached = |pins: &Pins| self.walk(path, pins).map_or(0, |walk| walk.length);
        let mut needed = pins.clone();
        for pin in pins.paths() {
            let fewer = needed.filter(|other| other != pin);
            if reached(&fewer) < path.segments.len() {
                needed = fewer;
            }
        }
        let declared = types::merge(path, &walk.alternatives, false, self.documents());
        PathProblem::NotInPinnedAlternatives {
            known_prefix: prefix(path, reached(pins)),
            excluded_by: needed.paths().cloned().collect(),
            declared_at: declared.declared_at,
        }
    }
}
