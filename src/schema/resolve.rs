//! From a field path to what the schema says about it.

use super::{Documents, Field, FieldPath, FieldType, Pins, SchemaError, SchemaPlace, Validator};

/// A schema as a type.
#[derive(Debug)]
pub struct Schema {
    documents: Documents,
}

/// Why a path leads to no field. Paths in it are spelt with the root of the path that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum PathProblem {
    /// No alternative declares it.
    Unknown {
        /// The longest part that the schema declares; the document itself if even the first key is unknown.
        known_prefix: FieldPath,
        /// Paths that exist, the likeliest first.
        suggestions: Vec<FieldPath>,
    },
    /// Some alternative declares it, but none that the pins leave.
    NotInPinnedAlternatives {
        /// The longest part that the remaining alternatives declare.
        known_prefix: FieldPath,
        /// The pins that exclude it; together they do, where none does alone.
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
        /// The path with an index in front of the key, if that exists.
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

impl Schema {
    /// The type that loaded documents describe.
    pub fn new(documents: Documents) -> Self {
        Self { documents }
    }

    /// The files behind it.
    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// What the schema says about the field at `path` in documents where `pins` hold.
    pub fn resolve(&self, path: &FieldPath, pins: &Pins) -> Result<Field, PathProblem> {
        todo!("{path}{pins:?}")
    }

    /// Every path with at most `max_depth` segments: shorter ones first, arrays as `[0]`, recursion cut.
    pub fn catalogue(&self, max_depth: usize) -> Vec<FieldPath> {
        todo!("{max_depth}")
    }

    /// A validator for documents of this schema.
    pub fn validator(&self) -> Result<Validator, SchemaError> {
        todo!()
    }
}
