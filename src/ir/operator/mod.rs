//! The operators of conditions, one file each.
//!
//! To add one, write its file (key, summary, example, types, and its meaning: the SQL it becomes, and the reading of
//! the same in a row) and name it in [`ALL`]. Its form says how its operand is written: one value, a list, a range, or
//! nothing but `true`. The published schema, the reference and the completeness tests follow from the table.

mod between;
mod contains;
mod ends_with;
mod equals;
mod greater_than;
mod greater_than_or_equal;
mod is_not_null;
mod is_null;
mod less_than;
mod less_than_or_equal;
mod like;
mod list_in;
mod list_not_in;
mod matches;
mod not_equals;
mod starts_with;
mod time_of_day;
mod within_last;

use super::{Subject, TimeOfDay, Value, ValueType};
use crate::eval::Reading;
use crate::sql::{BinaryOperator, Expr, Truth};

/// All operators, in the order in which they are documented.
pub static ALL: &[&Operator] = &[
    &equals::OPERATOR,
    &not_equals::OPERATOR,
    &list_in::OPERATOR,
    &list_not_in::OPERATOR,
    &greater_than::OPERATOR,
    &greater_than_or_equal::OPERATOR,
    &less_than::OPERATOR,
    &less_than_or_equal::OPERATOR,
    &between::OPERATOR,
    &matches::OPERATOR,
    &like::OPERATOR,
    &starts_with::OPERATOR,
    &ends_with::OPERATOR,
    &contains::OPERATOR,
    &within_last::OPERATOR,
    &time_of_day::OPERATOR,
    &is_null::OPERATOR,
    &is_not_null::OPERATOR,
];

/// An operator of the route language.
#[derive(Debug)]
pub struct Operator {
    /// The key under which a condition names it.
    pub key: &'static str,
    /// One line for the reference.
    pub summary: &'static str,
    /// A condition that uses it, for the reference.
    pub example: &'static str,
    /// Whether fields of a type have it.
    pub accepts: fn(ValueType) -> bool,
    /// How its operand is written, and the SQL it becomes.
    pub form: Form,
}

/// What an operator means, said twice and independently: as SQL, and of a field in a row.
#[derive(Debug, Clone, Copy)]
pub struct Meaning<Lower, Holds> {
    /// The SQL that it becomes.
    pub lower: Lower,
    /// Whether it holds, as that SQL would have it.
    pub holds: Holds,
}

/// Of a field and one value.
pub type OfOne = Meaning<fn(&Subject, &Value) -> Expr, fn(&Reading<'_>, &Value) -> Truth>;
/// Of a field and at least one value.
pub type OfMany = Meaning<fn(&Subject, &[Value]) -> Expr, fn(&Reading<'_>, &[Value]) -> Truth>;
/// Of a field and the two ends of a range.
pub type OfRange =
    Meaning<fn(&Subject, &Value, &Value) -> Expr, fn(&Reading<'_>, &Value, &Value) -> Truth>;
/// Of a field and a daily window.
pub type OfWindow =
    Meaning<fn(&Subject, &TimeOfDay) -> Expr, fn(&Reading<'_>, &TimeOfDay) -> Truth>;
/// Of a field alone.
pub type OfField = Meaning<fn(&Subject) -> Expr, fn(&Reading<'_>) -> Truth>;

/// How an operand is written, with what the operator means.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// One value, or another field: `{field: path}`.
    Compare(BinaryOperator),
    /// A list of values.
    Many(OfMany),
    /// `[low, high]`.
    Range(OfRange),
    /// One text, which the operator reads itself.
    Own {
        /// Reads the text.
        read: fn(&str) -> Result<Value, OperandError>,
        /// What it means.
        meaning: OfOne,
    },
    /// `{from, to, zone}`.
    Window(OfWindow),
    /// `true`.
    Alone(OfField),
}

/// Why an operator does not take a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperandError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// The first wrong byte.
    pub offset: usize,
    /// How many bytes are wrong.
    pub len: usize,
}

/// A text that is not empty: every text contains the empty one, so it would say nothing.
fn some_text(text: &str) -> Result<Value, OperandError> {
    if text.is_empty() {
        return Err(OperandError {
            message: "every text has the empty text in it".to_owned(),
            help: "write the text to look for, or use `isNotNull: true`".to_owned(),
            offset: 0,
            len: 0,
        });
    }
    Ok(Value::Text(text.to_owned()))
}

/// An operator with its operand.
#[derive(Debug, Clone)]
pub enum Predicate {
    /// Compared with a value.
    Compare(BinaryOperator, Value),
    /// Compared with another field of the same type; instants may be of two forms.
    CompareFields(BinaryOperator, Subject),
    /// With one text that the operator read itself.
    Own(OfOne, Value),
    /// With a list of values.
    Many(OfMany, Vec<Value>),
    /// With a range.
    Range(OfRange, Value, Value),
    /// With a daily window.
    Window(OfWindow, TimeOfDay),
    /// Alone.
    Alone(OfField),
}

impl Predicate {
    /// How many extractions from documents the operand takes.
    pub(super) fn extractions(&self) -> usize {
        match self {
            Self::CompareFields(_, other) => usize::from(other.is_in_document()),
            Self::Compare(..)
            | Self::Own(..)
            | Self::Many(..)
            | Self::Range(..)
            | Self::Window(..)
            | Self::Alone(_) => 0,
        }
    }

    /// The SQL of the predicate for a subject.
    pub fn lower(&self, subject: &Subject) -> Expr {
        match self {
            Self::Compare(operator, value) => subject.compare(*operator, value),
            Self::CompareFields(operator, other) => subject.compare_with(*operator, other),
            Self::Own(meaning, value) => (meaning.lower)(subject, value),
            Self::Many(meaning, values) => (meaning.lower)(subject, values),
            Self::Range(meaning, low, high) => (meaning.lower)(subject, low, high),
            Self::Window(meaning, window) => (meaning.lower)(subject, window),
            Self::Alone(meaning) => (meaning.lower)(subject),
        }
    }

    /// Whether the predicate holds for a field in a row: what its SQL would say.
    pub fn holds(&self, field: &Reading<'_>) -> Truth {
        match self {
            Self::Compare(operator, value) => field.compare(*operator, value),
            Self::CompareFields(operator, other) => {
                field.compare_with(*operator, &field.other(other))
            }
            Self::Own(meaning, value) => (meaning.holds)(field, value),
            Self::Many(meaning, values) => (meaning.holds)(field, values),
            Self::Range(meaning, low, high) => (meaning.holds)(field, low, high),
            Self::Window(meaning, window) => (meaning.holds)(field, window),
            Self::Alone(meaning) => (meaning.holds)(field),
        }
    }
}

impl Operator {
    /// The operator of a key.
    pub fn by_key(key: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|operator| operator.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_is_documented_and_found_by_its_key() {
        for operator in ALL {
            assert_eq!(
                Operator::by_key(operator.key).map(|found| found.key),
                Some(operator.key)
            );
            assert!(
                operator.example.contains(&format!("{}:", operator.key)),
                "{}",
                operator.key
            );
            assert!(!operator.summary.is_empty(), "{}", operator.key);
        }
    }

    #[test]
    fn no_file_is_forgotten() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ir/operator");
        let files = std::fs::read_dir(directory).unwrap().count();
        assert_eq!(
            files,
            ALL.len() + 1,
            "each file but mod.rs is one operator in ALL"
        );
    }
}
