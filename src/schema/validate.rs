//! Checks a JSON value against a schema and says what is wrong in words of our own.

use serde_json::Value;

use super::{SchemaError, SchemaPlace};

/// A compiled schema.
#[derive(Debug)]
pub struct Validator {}

/// Which rule a value breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ViolationKind {
    /// `type`.
    Type,
    /// `required`.
    MissingKey,
    /// `additionalProperties`, `unevaluatedProperties` and `propertyNames`.
    UnknownKey,
    /// `enum` and `const`.
    Value,
    /// `pattern`.
    Pattern,
    /// `format`.
    Format,
    /// `minimum`, `maximum`, `multipleOf` and their exclusive forms.
    Number,
    /// `minLength`, `maxLength`.
    Length,
    /// `minItems`, `maxItems`, `uniqueItems`, `contains` and their likes.
    Items,
    /// `oneOf`, `anyOf` and `not`, where no branch can be told.
    Alternatives,
    /// Anything else.
    Other,
}

/// One thing that is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer to the value; for a missing key to the object, for an unknown key to its value.
    pub pointer: String,
    /// The keyword in the schema that says so.
    pub keyword_at: SchemaPlace,
    /// Which rule is broken.
    pub kind: ViolationKind,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Validator {
    /// Compiles a schema that refers to nothing outside itself; its place is `document` in violations.
    pub fn from_value(document: &str, schema: &Value) -> Result<Self, SchemaError> {
        todo!("{document}{schema}")
    }

    /// Everything that is wrong with `value`, sorted by pointer; empty if it is valid.
    pub fn check(&self, value: &Value) -> Vec<Violation> {
        todo!("{value}")
    }
}
