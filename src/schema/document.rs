//! Schema files and the files that their `$ref`s reach.
//!
//! Every `$ref` is resolved here, once: types and the validator both follow [`Documents::target`], so
//! they cannot disagree. `load.rs` reads files and follows `$ref`s, `reference.rs` knows where one points.

use std::collections::HashMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::SchemaPlace;
use crate::files::FileError;

mod load;
mod parse;
mod reference;
#[cfg(test)]
mod tests;

/// Reads a file, given its path with the project directory in front.
pub type Reader<'a> = dyn Fn(&Utf8Path) -> Result<String, FileError> + 'a;

/// A schema file with every file its `$ref`s reach, each `$ref` resolved.
#[derive(Debug)]
pub struct Documents {
    /// The first one is the file that was asked for.
    files: Vec<File>,
    /// From the schema that has a `$ref` to the schema that it names.
    targets: HashMap<Position, Position>,
    /// A validator of strings for each regular expression.
    patterns: HashMap<String, jsonschema::Validator>,
}

/// One schema file.
#[derive(Debug)]
struct File {
    /// Relative to the project.
    path: Utf8PathBuf,
    value: Value,
}

/// A schema inside [`Documents`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Position {
    /// Index of the file.
    pub(crate) file: usize,
    /// JSON pointer into it; shared, for positions are copied a lot.
    pub(crate) pointer: Arc<str>,
}

/// Why a schema cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SchemaErrorKind {
    /// The file cannot be read; where a `$ref` led to it, the place is that `$ref`.
    File,
    /// The text is no JSON.
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// A `$ref` names nothing in its file.
    UnknownReference,
    /// A `$ref` leads out of the project.
    OutsideProject,
    /// A `$ref` needs the network.
    Remote,
    /// The schema breaks the rules of its dialect.
    Invalid,
    /// `$schema` or a keyword that routectl does not know how to read.
    Unsupported,
}

/// What is wrong with a schema, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SchemaError {
    /// The file and the place in it.
    pub place: SchemaPlace,
    /// What kind of error it is.
    pub kind: SchemaErrorKind,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Documents {
    /// Loads the file at `path`, relative to the project directory `root`, and what it refers to.
    /// All errors of all files come back together, in the order of the places.
    pub fn load(
        root: &Utf8Path,
        path: &Utf8Path,
        read: &Reader<'_>,
    ) -> Result<Self, Vec<SchemaError>> {
        load::load(root, path, read)
    }

    /// The paths of the files, relative to the project; the one that was asked for comes first.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// The whole schemas, in the order of [`Documents::paths`].
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.files.iter().map(|file| &file.value)
    }

    /// The schema at a position.
    pub(crate) fn value(&self, position: &Position) -> Option<&Value> {
        self.files
            .get(position.file)?
            .value
            .pointer(&position.pointer)
    }

    /// The schema that the `$ref` of the schema at `position` names.
    pub(crate) fn target(&self, position: &Position) -> Option<&Position> {
        self.targets.get(position)
    }

    /// Every schema with a `$ref`, and the schema that it names.
    pub(super) fn targets(&self) -> impl Iterator<Item = (&Position, &Position)> {
        self.targets.iter()
    }

    /// Whether a key matches a regular expression under `patternProperties`.
    pub(super) fn key_matches(&self, pattern: &str, key: &str) -> bool {
        self.patterns
            .get(pattern)
            .is_some_and(|keys| keys.is_valid(&Value::from(key)))
    }

    /// The place of a position, in words that users know.
    pub(crate) fn place(&self, position: &Position) -> SchemaPlace {
        let document = self.files.get(position.file).map(|file| file.path.clone());
        SchemaPlace {
            document: document.unwrap_or_default(),
            pointer: position.pointer.to_string(),
        }
    }
}
