//! Field paths: how routes and projects name a place in an event document.
//!
//! `eventHeader.eventType`, `entities[0].loanAmount`, `tags["a.b"]`, `entities[*].id`; `$.x` forces
//! the document where a column has the same name. Indexes count from 0. [`FieldPath::parse`] reads
//! the spelling, `Display` prints the canonical one, and reading what was printed gives the same
//! path. A new kind of segment is a variant of [`Segment`], an arm in `parse.rs` and one in `Display`.

use std::fmt;
use std::str::FromStr;

mod parse;
#[cfg(test)]
mod tests;

pub use parse::PathError;

/// What the first segment of a path may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Root {
    /// A declared column, or else a field of the event document.
    #[default]
    Any,
    /// A field of the event document, also where a column has that name: written `$.x`.
    Document,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// The value under a key of an object.
    Key(String),
    /// The element of an array at an index that counts from 0.
    Index(u32),
    /// Some element of an array: written `[*]`.
    Any,
}

/// A place in an event document, or in the columns beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FieldPath {
    /// What the first segment may name.
    pub root: Root,
    /// The steps from there; none for the document itself.
    pub segments: Vec<Segment>,
}

impl FieldPath {
    /// Reads the spelling of a path that has at least one segment.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        parse::parse(text)
    }

    /// The path of the whole document, which has no spelling that [`FieldPath::parse`] accepts.
    pub fn document() -> Self {
        Self::default()
    }

    /// A path of keys alone.
    pub fn of_keys<K: Into<String>>(keys: impl IntoIterator<Item = K>) -> Self {
        let segments = keys
            .into_iter()
            .map(|key| Segment::Key(key.into()))
            .collect();
        Self {
            root: Root::Any,
            segments,
        }
    }

    /// The path without its last segment; `None` for the document itself.
    pub fn parent(&self) -> Option<Self> {
        let (_, segments) = self.segments.split_last()?;
        Some(Self {
            root: self.root,
            segments: segments.to_vec(),
        })
    }

    /// The last segment; `None` for the document itself.
    pub fn last(&self) -> Option<&Segment> {
        self.segments.last()
    }

    /// Whether the segments of `prefix` are the first ones of this path, whatever both roots are.
    pub fn starts_with(&self, prefix: &Self) -> bool {
        self.segments.starts_with(&prefix.segments)
    }

    /// Appends a segment.
    pub fn push(&mut self, segment: Segment) {
        self.segments.push(segment);
    }

    /// This path, one segment longer.
    #[must_use]
    pub fn join(&self, segment: Segment) -> Self {
        let mut longer = self.clone();
        longer.push(segment);
        longer
    }

    /// The keys in order, or `None` where the path has an index or `[*]`.
    pub fn keys(&self) -> Option<Vec<&str>> {
        self.segments.iter().map(Segment::key).collect()
    }

    /// Whether the path has a `[*]` segment.
    pub fn has_any(&self) -> bool {
        self.segments.contains(&Segment::Any)
    }
}

impl Segment {
    /// The key, if the segment is one.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            Self::Index(_) | Self::Any => None,
        }
    }
}

impl FromStr for FieldPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::parse(text)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.root == Root::Document {
            f.write_str("$")?;
        }
        for (position, segment) in self.segments.iter().enumerate() {
            let first = position == 0 && self.root == Root::Any;
            match segment {
                // A bare `$` in front would read as the mark of the document.
                Segment::Key(key) if parse::is_bare(key) && !(first && key == "$") => {
                    let dot = if first { "" } else { "." };
                    write!(f, "{dot}{key}")?;
                }
                Segment::Key(key) => write!(f, "[{}]", serde_json::Value::from(key.as_str()))?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Any => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}
