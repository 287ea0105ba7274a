//! What fields are meant to hold, by their names.

/// What the values of a field are meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Text,
    Number,
    /// A number without a fraction.
    Whole,
    Boolean,
    /// RFC 3339
    Instant,
    /// Since 1970, as so many in a second.
    Epoch(i64),
}

impl Role {
    /// What a field of this name is.
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "amount" | "limit" | "price" | "ratio" | "exact" | "wide" | "b" => Self::Number,
            "count" | "quota" | "tiny" | "small" | "whole" | "big" => Self::Whole,
            "flag" | "flagged" | "active" | "secured" => Self::Boolean,
            "at" | "until" | "opened" | "saved" | "fine" => Self::Instant,
            "seconds" => Self::Epoch(1),
            "millis" => Self::Epoch(1_000),
            "micros" => Self::Epoch(1_000_000),
            _ => Self::Text,
        }
    }
}
