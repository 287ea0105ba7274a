//! What a schema says about one field: its type, closed set, bounds and where that is declared.

use camino::Utf8PathBuf;
use serde_json::Value;

use super::path::FieldPath;

/// The type of a field, as far as it matters for conditions and columns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldType {
    /// A string.
    Text,
    /// A number without fraction.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A string with `format: date-time`: an RFC 3339 timestamp.
    Instant,
    /// An object.
    Object,
    /// An array.
    Array {
        /// The largest number of elements, where every remaining alternative bounds it.
        max_items: Option<u64>,
    },
    /// Nothing but `null`.
    Null,
    /// The remaining alternatives disagree: sorted, without repetition, never nested, at least two.
    Mixed(Vec<FieldType>),
    /// The schema declares the field and says nothing of its type.
    Any,
}

/// A place in a schema file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaPlace {
    /// The file, relative to the project.
    pub document: Utf8PathBuf,
    /// JSON pointer into it.
    pub pointer: String,
}

/// One end of a range of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// A plain decimal, without exponent.
    pub value: String,
    /// Whether the value itself is outside the range.
    pub exclusive: bool,
}

/// The range that numbers lie in; an end that some alternative leaves open is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounds {
    /// `minimum` or `exclusiveMinimum`.
    pub minimum: Option<Bound>,
    /// `maximum` or `exclusiveMaximum`.
    pub maximum: Option<Bound>,
}

/// What a schema says about one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The path as it was asked for.
    pub path: FieldPath,
    /// The type of its values other than `null`.
    pub kind: FieldType,
    /// Whether `null` is allowed.
    pub nullable: bool,
    /// Every value other than `null` that can occur, where the schema closes the set (`const`, `enum`).
    pub closed: Option<Vec<Value>>,
    /// The range of numbers.
    pub bounds: Bounds,
    /// The number of decimals that `multipleOf` allows; 0 for integers; `None` where it is open.
    pub scale: Option<u32>,
    /// Whether every document that the remaining alternatives accept has the field.
    pub required: bool,
    /// Where the schema declares the field: one place or more for each alternative.
    pub declared_at: Vec<SchemaPlace>,
    /// The description, where the alternatives that give one agree.
    pub description: Option<String>,
}
