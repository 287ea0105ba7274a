//! What a broken rule is called: one message and one remedy for each kind of error.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Rule};
use serde_json::Value;

use super::{SchemaText, Violation, ViolationKind as Kind, alternatives};
use crate::schema::pointer;
use crate::suggest;

/// At most so many possible values or keys are listed.
const LISTED: usize = 12;
/// How the type of nothing is called; it comes last where several are listed.
const NULL: &str = "`null`";
/// Values longer than this are cut in messages.
const SHOWN: usize = 60;

/// Adds what an error means; a `oneOf` may mean several violations.
pub(super) fn explain(
    error: &ValidationError<'_>,
    schema: &SchemaText,
    violations: &mut Vec<Violation>,
) {
    match error.kind() {
        Rule::AnyOf { context } | Rule::OneOfNotValid { context } => {
            violations.extend(alternatives::explain(error, context, schema));
        }
        Rule::AdditionalProperties { unexpected } | Rule::UnevaluatedProperties { unexpected } => {
            violations.extend(unexpected.iter().map(|key| unknown_key(error, key, schema)));
        }
        _ => {
            let (kind, message, help) = describe(error);
            violations.push(violation(error, schema, kind, message, help));
        }
    }
}

/// A violation at the value that an error is about.
pub(super) fn violation(
    error: &ValidationError<'_>,
    schema: &SchemaText,
    kind: Kind,
    message: String,
    help: Option<String>,
) -> Violation {
    Violation {
        pointer: error.instance_path().as_str().to_owned(),
        keyword_at: schema.place(&keyword_pointer(error)),
        kind,
        message,
        help,
    }
}

/// The pointer, into the text of the schema, to the keyword that an error comes from.
pub(super) fn keyword_pointer(error: &ValidationError<'_>) -> String {
    error
        .absolute_keyword_location()
        .and_then(|location| location.as_str().split_once('#'))
        .and_then(|(_, fragment)| pointer::percent_decode(fragment))
        .unwrap_or_else(|| error.schema_path().as_str().to_owned())
}

type Words = (Kind, String, Option<String>);

fn describe(error: &ValidationError<'_>) -> Words {
    let value = error.instance();
    match error.kind() {
        Rule::Type { kind } => (
            Kind::Type,
            format!("expected {}, found {}", expected(kind), found(value)),
            None,
        ),
        Rule::Required { property } => (
            Kind::MissingKey,
            format!("missing key `{}`", shown(property)),
            None,
        ),
        Rule::Constant { expected_value } => {
            let help = Some(format!("write `{}`", shown(expected_value)));
            (
                Kind::Value,
                format!("{} is not possible here", found(value)),
                help,
            )
        }
        Rule::Enum { options } => {
            let options = options.as_array().map_or(&[][..], Vec::as_slice);
            not_possible(value, options)
        }
        Rule::Pattern { pattern } => {
            let message = format!("{} does not match the pattern `{pattern}`", found(value));
            (Kind::Pattern, message, None)
        }
        Rule::Format { format } => (
            Kind::Format,
            format!("{} is not {}", found(value), format_name(format)),
            format_help(format),
        ),
        Rule::Not { .. } => (
            Kind::Alternatives,
            format!("{} is excluded by `not`", found(value)),
            None,
        ),
        Rule::OneOfMultipleValid { context } => alternatives::ambiguous(context),
        Rule::PropertyNames { error } => {
            let (_, message, help) = describe(error);
            (
                Kind::UnknownKey,
                format!("a key is not allowed: {message}"),
                help,
            )
        }
        Rule::FalseSchema => (Kind::Other, "no value is allowed here".to_owned(), None),
        _ => describe_size(error),
    }
}

/// Rules about how large a number, text, array or object is.
fn describe_size(error: &ValidationError<'_>) -> Words {
    let value = error.instance();
    let number = |relation: &str, limit: &dyn std::fmt::Display| {
        (
            Kind::Number,
            format!("`{}` {relation} `{limit}`", shown(value)),
            None,
        )
    };
    let size = |kind, unit: &str, relation: &str, limit: u64| {
        (
            kind,
            format!("{} {unit}, {relation} {limit}", length(value)),
            None,
        )
    };
    match error.kind() {
        Rule::Minimum { limit } => number("is less than the minimum", limit),
        Rule::Maximum { limit } => number("is greater than the maximum", limit),
        Rule::ExclusiveMinimum { limit } => number("is not greater than", limit),
        Rule::ExclusiveMaximum { limit } => number("is not less than", limit),
        Rule::MultipleOf { multiple_of } => number("is not a multiple of", multiple_of),
        Rule::MinLength { limit } => size(Kind::Length, "characters", "must be at least", *limit),
        Rule::MaxLength { limit } => size(Kind::Length, "characters", "must be at most", *limit),
        Rule::MinItems { limit } => size(Kind::Items, "elements", "must be at least", *limit),
        Rule::MaxItems { limit } => size(Kind::Items, "elements", "must be at most", *limit),
        Rule::MinProperties { limit } => size(Kind::Other, "keys", "must be at least", *limit),
        Rule::MaxProperties { limit } => size(Kind::Other, "keys", "must be at most", *limit),
        Rule::AdditionalItems { limit } => size(
            Kind::Items,
            "elements",
            "must be at most",
            u64::try_from(*limit).unwrap_or(u64::MAX),
        ),
        Rule::UniqueItems => (
            Kind::Items,
            repeated(value),
            Some("remove one of them".to_owned()),
        ),
        Rule::Contains => (
            Kind::Items,
            "no element is of the kind that is needed".to_owned(),
            None,
        ),
        Rule::UnevaluatedItems { unexpected } => (
            Kind::Items,
            format!("unexpected elements `{}`", unexpected.join("`, `")),
            None,
        ),
        _ => (Kind::Other, error.to_string(), None),
    }
}

fn unknown_key(error: &ValidationError<'_>, key: &str, schema: &SchemaText) -> Violation {
    let at = keyword_pointer(error);
    let around = pointer::split_last(&at).and_then(|(parent, _)| schema.value.pointer(parent));
    let properties = around.and_then(|schema| schema.get("properties")?.as_object());
    let known: Vec<&str> = properties
        .into_iter()
        .flat_map(|properties| properties.keys().map(String::as_str))
        .collect();
    let help = match suggest::closest(key, known.iter().copied()) {
        Some(similar) => Some(format!("did you mean `{similar}`?")),
        None if known.is_empty() => None,
        None => Some(format!(
            "known keys are {}",
            list(known.iter().map(|key| (*key).to_owned()))
        )),
    };
    let message = format!("unknown key `{key}`");
    let mut unknown = violation(error, schema, Kind::UnknownKey, message, help);
    unknown.pointer = pointer::child(&unknown.pointer, key);
    unknown
}

/// A value outside a closed set.
pub(super) fn not_possible(value: &Value, possible: &[Value]) -> Words {
    let names: Vec<String> = possible.iter().map(shown).collect();
    let similar = value.as_str().and_then(|text| {
        let texts = possible.iter().filter_map(Value::as_str);
        suggest::closest(text, texts)
    });
    let help = match similar {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => format!("possible values are {}", list(names)),
    };
    (
        Kind::Value,
        format!("{} is not possible here", found(value)),
        Some(help),
    )
}

/// Names in backticks, with a note of how many more there are.
pub(super) fn list(names: impl IntoIterator<Item = String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let rest = names.len().saturating_sub(LISTED);
    let listed = names[..names.len() - rest].join(", ");
    if rest == 0 {
        listed
    } else {
        format!("{listed} and {rest} more")
    }
}

/// A value as it stands between backticks: text without quotes, cut where it is long.
pub(super) fn shown(value: &Value) -> String {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A value with its type.
pub(super) fn found(value: &Value) -> String {
    match value {
        Value::Null => "`null`".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("the number `{number}`"),
        Value::String(_) => format!("the string `{}`", shown(value)),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

pub(super) fn expected(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(name) => type_name(name.as_str()).to_owned(),
        TypeKind::Multiple(names) => {
            let mut names: Vec<&str> = names.iter().map(|name| type_name(name.as_str())).collect();
            names.sort_by_key(|name| *name == NULL);
            names.join(" or ")
        }
    }
}

/// A type of JSON Schema with its article.
fn type_name(name: &str) -> &str {
    match name {
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "object" => "an object",
        "array" => "an array",
        "null" => NULL,
        other => other,
    }
}

fn format_name(format: &str) -> String {
    match format {
        "date-time" => "an RFC 3339 timestamp".to_owned(),
        other => format!("of the format `{other}`"),
    }
}

fn format_help(format: &str) -> Option<String> {
    let example = match format {
        "date-time" => "2026-01-31T09:30:00Z",
        "date" => "2026-01-31",
        _ => return None,
    };
    Some(format!("write it like `{example}`"))
}

/// How long a text, array or object is.
fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(keys) => keys.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// Names the first two elements of an array that are equal.
fn repeated(value: &Value) -> String {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    let pair = items.iter().enumerate().find_map(|(second, item)| {
        let first = items[..second].iter().position(|earlier| earlier == item)?;
        Some((first, second, item))
    });
    match pair {
        Some((first, second, item)) => {
            format!("elements {first} and {second} are equal: `{}`", shown(item))
        }
        None => "two elements are equal".to_owned(),
    }
}
