//! JSON documents as Flink reads them: `JSON_VALUE`, `JSON_EXISTS` and `IS JSON`.
//!
//! Flink's reader is not a strict one, and what it makes of a number is not what stands in the text, so no other
//! reader will do. `read` knows what is readable, `number` the text of numbers, `write` the text of objects.

mod number;
mod read;
#[cfg(test)]
mod tests;
mod write;

use indexmap::IndexMap;

use super::big_decimal::BigDecimal;
use crate::ir::Step;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number, as the text that Flink gives of it.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    Array(Vec<Self>),
    /// An object: of a key that stands twice the last value counts.
    Object(IndexMap<String, Self>),
}

impl Json {
    /// Reads the first JSON value of a text; `None` where Flink finds the text unreadable.
    pub fn read(text: &str) -> Option<Self> {
        read::read(text)
    }

    /// A number by any decimal text of it; text that is none stays text.
    pub(super) fn number(text: &str) -> Self {
        let number = BigDecimal::parse(text);
        number.map_or_else(
            || Self::Text(text.to_owned()),
            |number| Self::Number(number.to_string()),
        )
    }

    /// The value at the end of a way; `null` is one.
    pub(super) fn get(&self, steps: &[Step]) -> Option<&Self> {
        steps
            .iter()
            .try_fold(self, |value, step| match (value, step) {
                (Self::Object(fields), Step::Key(key)) => fields.get(key),
                (Self::Array(elements), Step::Index(index)) => {
                    elements.get(usize::try_from(*index).ok()?)
                }
                _ => None,
            })
    }

    /// Whether it is `null`.
    pub(super) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// The text of a scalar.
    pub(super) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Boolean(true) => Some("true"),
            Self::Boolean(false) => Some("false"),
            Self::Number(text) | Self::Text(text) => Some(text),
            Self::Null | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The value in a user's words.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}
