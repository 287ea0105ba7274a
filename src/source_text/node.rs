//! A tree of mappings, sequences and scalars in which everything has a place.

use super::plain::Plain;
use super::{FileId, Span};

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands. For a block collection: from its first to its last character.
    pub span: Span,
}

/// The three kinds of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// Keys and values in the order written; keys are unique.
    Mapping(Vec<Entry>),
    /// Values in the order written.
    Sequence(Vec<Node>),
    /// A scalar, not yet typed.
    Scalar(Scalar),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// A key and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key's text.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A scalar as its author wrote it: what a plain one means is decided by who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text, with quotes and escapes resolved.
    pub text: String,
    /// How it was written.
    pub style: Style,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: a number, a boolean, null, or text.
    Plain,
    /// In quotes or as a block: always text.
    Quoted,
}

impl Node {
    /// The entries, where this is a mapping.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.kind {
            NodeKind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The elements, where this is a sequence.
    pub fn elements(&self) -> Option<&[Self]> {
        match &self.kind {
            NodeKind::Sequence(elements) => Some(elements),
            _ => None,
        }
    }

    /// The scalar, where this is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|entry| entry.key.text == key)
    }

    /// The file it stands in.
    pub fn file(&self) -> FileId {
        self.span.file
    }

    /// What it is, in a user's words.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            NodeKind::Mapping(_) => "a mapping",
            NodeKind::Sequence(_) => "a list",
            NodeKind::Scalar(scalar) => scalar.describe(),
        }
    }

    /// The place that a JSON pointer (RFC 6901) names: the value's, or the nearest parent's that exists.
    pub fn at_pointer(&self, pointer: &str) -> Span {
        self.follow(pointer).span
    }

    /// The place of the key that a JSON pointer ends in, or of the value where it ends in no key.
    pub fn key_at_pointer(&self, pointer: &str) -> Span {
        let Some((parent, token)) = pointer.rsplit_once('/') else {
            return self.span;
        };
        let key = unescape(token);
        let entry = self.follow(parent).entry(&key);
        entry.map_or_else(|| self.at_pointer(pointer), |entry| entry.key.span)
    }

    fn follow(&self, pointer: &str) -> &Self {
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            let next = match &node.kind {
                NodeKind::Mapping(_) => node.entry(&unescape(token)).map(|entry| &entry.value),
                NodeKind::Sequence(elements) => token
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| elements.get(index)),
                NodeKind::Scalar(_) => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }
}

impl Scalar {
    /// Whether it stands for null: nothing, `~` or a spelling of `null`, without quotes.
    pub fn is_null(&self) -> bool {
        self.style == Style::Plain && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }

    /// What it is, in a user's words.
    pub fn describe(&self) -> &'static str {
        if self.style == Style::Quoted {
            "text"
        } else if self.is_null() {
            "null"
        } else {
            match Plain::of(&self.text) {
                Plain::Null => "null",
                Plain::Boolean(_) => "a boolean",
                Plain::Integer | Plain::Decimal => "a number",
                Plain::Date => "a date",
                Plain::Text | Plain::Ambiguous(_) => "text",
            }
        }
    }
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
