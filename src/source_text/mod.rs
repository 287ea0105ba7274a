//! Source files, places in them, and their contents as trees in which every value has a place.
//!
//! YAML ([`yaml`]) and JSON ([`json`]) come out as the same [`Node`], so that one kind of place, one way
//! to resolve a JSON pointer and one renderer serve all input.

pub mod decode;
pub mod json;
mod node;
pub mod plain;
pub mod yaml;

use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};

pub use node::{Entry, Key, Node, NodeKind, Scalar, Style};

/// Names a file of one [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of bytes in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// A range of bytes; files are far below 4 GiB, larger offsets are cut.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            file,
            start: offset(range.start),
            end: offset(range.end),
        }
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// A part of this span: `length` bytes from `offset`, cut to the span.
    #[must_use]
    pub fn part(self, offset: usize, length: usize) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX).min(self.end);
        let start = self.start as usize + offset;
        Self {
            start: clamp(start),
            end: clamp(start + length),
            ..self
        }
    }
}

/// A value and the place where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value and its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// A value made from this one, at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned::new(f(self.value), self.span)
    }
}

/// A line and column, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// One file's path and text.
#[derive(Debug)]
pub struct SourceFile {
    path: Utf8PathBuf,
    text: String,
}

impl SourceFile {
    /// The path as shown to users: relative to the project where it lies below it.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The position of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        let before = &self.text[..self.floor(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset.min(self.text.len()))
    }
}

/// All files read in a run.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<Utf8PathBuf>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile {
            path: path.into(),
            text: text.into(),
        });
        id
    }

    /// The file of an id that this collection gave out.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The file with this path, if it was read.
    pub fn by_path(&self, path: &Utf8Path) -> Option<FileId> {
        let at = self.files.iter().position(|file| file.path == path)?;
        u32::try_from(at).ok().map(FileId)
    }

    /// The text under a span.
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file)
            .text()
            .get(span.range())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "ä: 1\nb: ü2\n");
        let file = sources.file(id);
        let at = file.text().find('2').unwrap();
        assert_eq!(file.position(at), Position { line: 2, column: 5 });
    }

    #[test]
    fn positions_beyond_the_text_are_cut() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a\n");
        let file = sources.file(id);
        assert_eq!(file.position(99), Position { line: 2, column: 1 });
    }
}
