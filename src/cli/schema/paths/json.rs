//! The paths for machines.

use serde::Serialize;
use serde_json::Value;

use super::place::Place;
use super::{Line, Listing, words};
use crate::check::catalogue::Origin;
use crate::schema::{Discriminator, FieldPath, OtherKeys, Presence, Selects};

/// Version of the JSON form; a change that readers must know of raises it.
const FORMAT_VERSION: u32 = 1;

/// All of it. Every key is always there; what does not apply is null or empty.
#[derive(Debug, Serialize)]
pub(super) struct Document<'l> {
    format_version: u32,
    source: &'l str,
    schema: &'l str,
    /// Whether the schema has no more paths.
    complete: bool,
    paths: Vec<Row<'l>>,
    left_out: Vec<LeftOut<'l>>,
}

#[derive(Debug, Serialize)]
struct Row<'l> {
    path: String,
    kind: Kind,
    /// Empty where the schema says nothing.
    types: Vec<&'static str>,
    /// Of the elements of a list.
    element_types: Vec<&'static str>,
    max_items: Option<u64>,
    /// The only ones that can occur.
    values: Option<&'l [Value]>,
    nullable: Option<bool>,
    required: Option<bool>,
    /// The words of `as:` one of which a condition has to say.
    needs_as: &'l [&'static str],
    /// Whether only some alternatives of the schema have the field.
    partial: bool,
    /// What leads to those, where fields tell the alternatives apart.
    when: Vec<When<'l>>,
    /// Of the object's keys that the schema does not name.
    other_keys: Option<Others<'l>>,
    /// The path around it whose fields it has again; `$` for the whole document.
    repeats: Option<String>,
    /// The column that it is read from.
    column: &'l str,
    /// The same, where the source declares it a mirror of the field.
    mirror: Option<&'l str>,
    /// Of a column: the field that it mirrors.
    mirrors: Option<String>,
    /// What a condition compares; for objects and lists, which have no value, whether it is there.
    sql: String,
    declared_at: &'l [Place],
    description: Option<&'l str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Field,
    Column,
}

/// That a field has one of some values, or of some types.
#[derive(Debug, Serialize)]
struct When<'l> {
    path: String,
    values: Option<&'l [Value]>,
    types: Option<Vec<&'static str>>,
}

#[derive(Debug, Serialize)]
struct Others<'l> {
    /// Of the values of any other key; null where the schema says nothing of it.
    types: Option<Vec<&'static str>>,
    /// Regular expressions of keys that have types of their own.
    patterns: &'l [String],
}

#[derive(Debug, Serialize)]
struct LeftOut<'l> {
    path: String,
    reason: &'l str,
}

pub(super) fn document<'l>(listing: &'l Listing<'_>) -> Document<'l> {
    let left_out = listing.found.left_out.iter();
    Document {
        format_version: FORMAT_VERSION,
        source: &listing.source.name.value,
        schema: listing.source.event.schema.value.as_str(),
        complete: listing.found.complete,
        paths: listing.lines().map(row).collect(),
        left_out: left_out
            .map(|one| LeftOut {
                path: one.path.to_string(),
                reason: &one.reason.message,
            })
            .collect(),
    }
}

fn row(line: Line<'_>) -> Row<'_> {
    let named = line.named;
    let field = named.field();
    let (kind, entry, mirror, mirrors) = match &named.origin {
        Origin::Field { entry, mirror } => (Kind::Field, Some(entry), mirror.as_deref(), None),
        Origin::Column { mirrors, .. } => (Kind::Column, None, None, mirrors.as_ref()),
    };
    let discriminators = match entry.map(|entry| &entry.presence) {
        Some(Presence::Somewhere(discriminators)) => Some(discriminators),
        Some(Presence::Everywhere) | None => None,
    };
    let repeats = entry.and_then(|entry| entry.repeats.as_ref());
    Row {
        path: named.path.to_string(),
        kind,
        types: words::types(named),
        element_types: words::of_elements(named),
        max_items: words::max_items(named),
        values: field.and_then(|field| field.closed.as_deref()),
        nullable: field.map(|field| field.nullable),
        required: field.map(|field| field.required),
        needs_as: &named.as_words,
        partial: discriminators.is_some(),
        when: discriminators.into_iter().flatten().map(when).collect(),
        other_keys: entry.and_then(|entry| others(&entry.other_keys)),
        repeats: repeats.map(outer),
        column: &named.subject.place.column,
        mirror,
        mirrors: mirrors.map(FieldPath::to_string),
        sql: line.sql(),
        declared_at: line.declared_at,
        description: field.and_then(|field| field.description.as_deref()),
    }
}

fn when(discriminator: &Discriminator) -> When<'_> {
    let (values, types) = match &discriminator.selects {
        Selects::Values(values) => (Some(values.as_slice()), None),
        Selects::Kind(kind) => (None, Some(words::of_kind(kind))),
    };
    When {
        path: discriminator.path.to_string(),
        values,
        types,
    }
}

fn others(keys: &OtherKeys) -> Option<Others<'_>> {
    let some = keys.kind.is_some() || !keys.patterns.is_empty();
    some.then(|| Others {
        types: keys.kind.as_ref().map(words::of_kind),
        patterns: &keys.patterns,
    })
}

fn outer(path: &FieldPath) -> String {
    if path.segments.is_empty() {
        "$".to_owned()
    } else {
        path.to_string()
    }
}
