//! Types and values of conditions.

use super::{Decimal, Instant};
use crate::sql::Expr;

/// How the values of a field compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Text, which has equality but no order.
    Text,
    /// Numbers, exact in DECIMAL(38, 10).
    Number,
    /// `true` and `false`.
    Boolean,
    /// RFC 3339 timestamps.
    Instant,
    /// Objects and lists, which are there or not.
    Structure,
}

impl ValueType {
    /// The words of `as:`.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("text", Self::Text),
        ("number", Self::Number),
        ("integer", Self::Number),
        ("boolean", Self::Boolean),
        ("instant", Self::Instant),
    ];

    /// The type in a user's words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Instant => "an instant",
            Self::Structure => "an object or list",
        }
    }
}

/// A value that a field is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A boolean.
    Boolean(bool),
    /// A point in time.
    Instant(Instant),
}

impl Value {
    /// The value as an SQL constant.
    pub fn lower(&self) -> Expr {
        match self {
            Self::Text(text) => Expr::string(text),
            Self::Number(number) => number.lower(),
            Self::Boolean(value) => Expr::boolean(*value),
            Self::Instant(instant) => instant.lower(),
        }
    }
}
