//! Schema files and the files that their `$ref`s reach.

use camino::{Utf8Path, Utf8PathBuf};

use super::SchemaPlace;
use crate::files::FileError;

/// Reads a file, given its path with the project directory in front.
pub type Reader<'a> = dyn Fn(&Utf8Path) -> Result<String, FileError> + 'a;

/// A schema file with every file its `$ref`s reach, each `$ref` resolved.
#[derive(Debug)]
pub struct Documents {
    entry: Utf8PathBuf,
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
    pub fn load(
        root: &Utf8Path,
        path: &Utf8Path,
        read: &Reader<'_>,
    ) -> Result<Self, Vec<SchemaError>> {
        todo!("{root}{path}{:?}", read(path))
    }

    /// The path of the file that was asked for, relative to the project.
    pub fn entry(&self) -> &Utf8Path {
        &self.entry
    }
}
