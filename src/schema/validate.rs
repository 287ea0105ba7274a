//! Checks a JSON value against a schema and says what is wrong in words of our own.
//!
//! `jsonschema` finds what is wrong; `wording.rs` says it, one function for each group of rules, and
//! `alternatives.rs` picks the branch of a `oneOf` or `anyOf` that the value was meant to be. A rule
//! that needs better words gets an arm in `wording.rs`.

use camino::Utf8PathBuf;
use jsonschema::draft202012;
use serde_json::{Map, Value, json};

use super::document::{Documents, SchemaError, SchemaErrorKind};
use super::{SchemaPlace, keywords, pointer};

mod alternatives;
#[cfg(test)]
mod tests;
mod wording;

/// A compiled schema.
#[derive(Debug)]
pub struct Validator {
    compiled: jsonschema::Validator,
    schema: SchemaText,
}

/// A schema in one piece, to look up what stands around a keyword.
#[derive(Debug)]
struct SchemaText {
    value: Value,
    /// The files under its `$defs`, by number; none where it is not put together from files.
    files: Vec<Utf8PathBuf>,
}

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
    /// The keyword in the schema that says so; a schema that comes from no file has an empty path.
    pub keyword_at: SchemaPlace,
    /// Which rule is broken.
    pub kind: ViolationKind,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Gives keywords an absolute location, of which only the fragment is read.
const BASE: &str = "schema:///bundle";

/// Formats that say what a text is for and are not held against it, as draft 2020-12 has it by default
/// (JSON Schema Validation, section 7.2.1). `date-time` and its parts are: routes read them as instants.
const ANNOTATIONS: &[&str] = &[
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

impl Validator {
    /// Compiles a schema that refers to nothing outside itself.
    pub fn from_value(schema: &Value) -> Result<Self, SchemaError> {
        Self::compile(SchemaText {
            value: schema.clone(),
            files: Vec::new(),
        })
    }

    /// Compiles loaded documents.
    pub(super) fn of_documents(documents: &Documents) -> Result<Self, SchemaError> {
        let files = documents.paths().map(ToOwned::to_owned).collect();
        Self::compile(SchemaText {
            value: bundle(documents),
            files,
        })
    }

    fn compile(schema: SchemaText) -> Result<Self, SchemaError> {
        let mut options = draft202012::options()
            .with_base_uri(BASE)
            .should_validate_formats(true);
        for format in ANNOTATIONS {
            options = options.with_format(*format, |_| true);
        }
        match options.build(&schema.value) {
            Ok(compiled) => Ok(Self { compiled, schema }),
            Err(error) => Err(SchemaError {
                place: schema.place(error.instance_path().as_str()),
                kind: SchemaErrorKind::Invalid,
                message: format!("the schema cannot be compiled: {error}"),
                help: "correct the schema at that place".to_owned(),
            }),
        }
    }

    /// Everything that is wrong with `value`, sorted by pointer; empty if it is valid.
    pub fn check(&self, value: &Value) -> Vec<Violation> {
        let mut violations = Vec::new();
        for error in self.compiled.iter_errors(value) {
            wording::explain(&error, &self.schema, &mut violations);
        }
        sorted(violations)
    }
}

/// What is wrong with a schema by the rules of its dialect; pointers lead into the schema.
pub(super) fn dialect_violations(schema: &Value) -> Vec<Violation> {
    let text = SchemaText {
        value: Value::Null,
        files: Vec::new(),
    };
    let mut violations = Vec::new();
    for error in draft202012::meta::validator().iter_errors(schema) {
        wording::explain(&error, &text, &mut violations);
    }
    sorted(violations)
}

fn sorted(mut violations: Vec<Violation>) -> Vec<Violation> {
    violations
        .sort_by(|a, b| (&a.pointer, a.kind, &a.message).cmp(&(&b.pointer, b.kind, &b.message)));
    // Two branches of an `allOf` may say the same of one value.
    violations.dedup_by(|a, b| a.pointer == b.pointer && a.message == b.message);
    violations
}

/// All documents as one schema without ids: each file under its number, each `$ref` to a place inside.
fn bundle(documents: &Documents) -> Value {
    let mut files: Vec<Value> = documents.values().cloned().collect();
    for (number, file) in documents.values().enumerate() {
        keywords::subschemas(file, "", &mut |_, at| {
            if let Some(Value::Object(schema)) = files[number].pointer_mut(at) {
                schema.retain(|key, _| {
                    !matches!(
                        key.as_str(),
                        "$id" | "$schema" | "$anchor" | "$dynamicAnchor"
                    )
                });
            }
        });
    }
    for (from, to) in documents.targets() {
        let place = files
            .get_mut(from.file)
            .and_then(|file| file.pointer_mut(&from.pointer));
        if let Some(Value::Object(schema)) = place {
            let target = format!("#/$defs/{}{}", to.file, pointer::to_fragment(&to.pointer));
            schema.insert("$ref".to_owned(), Value::from(target));
        }
    }
    let files: Map<String, Value> = files
        .into_iter()
        .enumerate()
        .map(|(number, file)| (number.to_string(), file))
        .collect();
    json!({ "$ref": "#/$defs/0", "$defs": files })
}

impl SchemaText {
    /// The place that users know of a pointer into the text.
    fn place(&self, pointer: &str) -> SchemaPlace {
        let in_file = pointer.strip_prefix("/$defs/").and_then(|rest| {
            let (number, below) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let document = self.files.get(number.parse::<usize>().ok()?)?;
            Some(SchemaPlace {
                document: document.clone(),
                pointer: below.to_owned(),
            })
        });
        in_file.unwrap_or_else(|| SchemaPlace {
            document: self.files.first().cloned().unwrap_or_default(),
            pointer: pointer.to_owned(),
        })
    }

    /// The schema at a pointer, behind `$ref`s that lead elsewhere in the text, and its pointer.
    fn schema(&self, pointer: &str) -> Option<(&Value, String)> {
        let mut at = pointer.to_owned();
        // Longer chains of `$ref`s occur in circles alone.
        for _ in 0..32 {
            let schema = self.value.pointer(&at)?;
            match schema.get("$ref").and_then(Value::as_str) {
                Some(target) => at = pointer::percent_decode(target.strip_prefix('#')?)?,
                None => return Some((schema, at)),
            }
        }
        None
    }
}
