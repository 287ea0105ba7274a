//! Types and values in the words of the route language.

use serde_json::Value;

use crate::check::catalogue::{NamedPath, Origin};
use crate::ir::ValueType;
use crate::schema::FieldType;
use crate::source_text::plain::Plain;
use crate::sql::TypeKind;

/// The types that the values of a path can have; none where nothing is known of them.
pub(super) fn types(named: &NamedPath) -> Vec<&'static str> {
    match named.field() {
        Some(field) => of_kind(&field.kind),
        None => vec![of_column(named)],
    }
}

/// The types that a schema leaves; none where it says nothing.
pub(super) fn of_kind(kind: &FieldType) -> Vec<&'static str> {
    match kind {
        FieldType::Text => vec!["text"],
        FieldType::Integer => vec!["integer"],
        FieldType::Number => vec!["number"],
        FieldType::Boolean => vec!["boolean"],
        FieldType::Instant => vec!["instant"],
        FieldType::Object => vec!["object"],
        FieldType::Array { .. } => vec!["list"],
        FieldType::Null => vec!["null"],
        FieldType::Mixed(kinds) => kinds.iter().flat_map(of_kind).collect(),
        FieldType::Any => Vec::new(),
    }
}

/// The type of a column that the schema says nothing of.
fn of_column(named: &NamedPath) -> &'static str {
    let subject = &named.subject;
    match (subject.value_type, &subject.place.data_type.kind) {
        (ValueType::Text, _) => "text",
        (ValueType::Number, _) => "number",
        (ValueType::Boolean, _) => "boolean",
        (ValueType::Instant(_), _) => "instant",
        (ValueType::Structure, TypeKind::Array(_) | TypeKind::Multiset(_)) => "list",
        (ValueType::Structure, _) => "object",
    }
}

/// The types of a list's elements.
pub(super) fn of_elements(named: &NamedPath) -> Vec<&'static str> {
    match &named.origin {
        Origin::Field { entry, .. } => entry.elements.as_ref().map_or_else(Vec::new, of_kind),
        Origin::Column { .. } => Vec::new(),
    }
}

/// The most elements that a list can have.
pub(super) fn max_items(named: &NamedPath) -> Option<u64> {
    match named.field()?.kind {
        FieldType::Array { max_items } => max_items,
        _ => None,
    }
}

/// `text or list of object`; `anything` where nothing is known.
pub(super) fn phrase(named: &NamedPath) -> String {
    let elements = of_elements(named);
    let word = |kind: &'static str| match kind {
        "list" if !elements.is_empty() => format!("list of {}", elements.join(" or ")),
        kind => kind.to_owned(),
    };
    let types: Vec<_> = types(named).into_iter().map(word).collect();
    if types.is_empty() {
        "anything".to_owned()
    } else {
        types.join(" or ")
    }
}

/// A value as a condition would hold it: text without quotes, unless it reads as something else without them.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(text)
            if Plain::of(text) == Plain::Text && !text.contains(char::is_control) =>
        {
            text.clone()
        }
        value => value.to_string(),
    }
}

/// `` `a`, `b` ``
pub(super) fn quoted(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
