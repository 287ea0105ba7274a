//! Types and values of conditions.

use super::decimal::number;
use super::{Decimal, Instant, Lookback, Pattern};
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
    /// Points in time.
    Instant(InstantForm),
    /// Objects and lists, which are there or not.
    Structure,
}

/// How instants are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InstantForm {
    /// As RFC 3339 text.
    Text,
    /// As a number since 1970, or the text of one.
    Epoch(EpochUnit),
    /// As a column of type `TIMESTAMP_LTZ`.
    Timestamp,
}

/// What an epoch counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EpochUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
}

impl EpochUnit {
    /// How many of them make a second.
    pub fn per_second(self) -> i128 {
        match self {
            Self::Seconds => 1,
            Self::Milliseconds => 1_000,
            Self::Microseconds => 1_000_000,
        }
    }
}

impl ValueType {
    /// The words of `as:`.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("text", Self::Text),
        ("number", Self::Number),
        ("integer", Self::Number),
        ("boolean", Self::Boolean),
        ("instant", Self::Instant(InstantForm::Text)),
        (
            "epoch-seconds",
            Self::Instant(InstantForm::Epoch(EpochUnit::Seconds)),
        ),
        (
            "epoch-millis",
            Self::Instant(InstantForm::Epoch(EpochUnit::Milliseconds)),
        ),
        (
            "epoch-micros",
            Self::Instant(InstantForm::Epoch(EpochUnit::Microseconds)),
        ),
    ];

    /// The type in a user's words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Instant(_) => "an instant",
            Self::Structure => "an object or list",
        }
    }

    /// Whether its values are text.
    pub fn is_text(self) -> bool {
        self == Self::Text
    }

    /// Whether its values are instants.
    pub fn is_instant(self) -> bool {
        matches!(self, Self::Instant(_))
    }

    /// Whether its values can be equal.
    pub fn is_comparable(self) -> bool {
        self != Self::Structure
    }

    /// Whether its values have an order that is the same everywhere. Text has none: Flink orders it by UTF-16
    /// units or by bytes, depending on where the value comes from.
    pub fn is_ordered(self) -> bool {
        matches!(self, Self::Number | Self::Instant(_))
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
    /// A regular expression.
    Pattern(Pattern),
    /// A stretch of time that ends now.
    Lookback(Lookback),
}

impl Value {
    /// The text, where it is one; empty for every other value.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(_)
            | Self::Boolean(_)
            | Self::Instant(_)
            | Self::Pattern(_)
            | Self::Lookback(_) => "",
        }
    }

    /// The value as an SQL constant, for a subject of its own type.
    pub(super) fn lower(&self) -> Expr {
        match self {
            Self::Text(text) => Expr::string(text),
            Self::Number(number) => number.lower(),
            Self::Boolean(value) => Expr::boolean(*value),
            Self::Instant(instant) => number(&instant.seconds(1)),
            Self::Pattern(pattern) => Expr::string(pattern.to_java()),
            Self::Lookback(lookback) => number(&lookback.seconds().to_string()),
        }
    }
}
