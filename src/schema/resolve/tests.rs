use camino::Utf8Path;
use serde_json::{Value, json};

use super::*;
use crate::schema::FieldType;

mod catalogue;
mod law;
mod narrowing;

/// The schema that one text describes.
fn schema(value: &Value) -> Schema {
    let text = value.to_string();
    let read = |_: &Utf8Path| Ok(text.clone());
    Schema::new(Documents::load(Utf8Path::new("/p"), Utf8Path::new("s.json"), &read).unwrap())
}

fn path(text: &str) -> FieldPath {
    FieldPath::parse(text).unwrap()
}

/// Pins from `path=value path=value`; a list of values pins to any of them.
fn pins(text: &str) -> Pins {
    let mut pins = Pins::none();
    for pin in text.split_whitespace() {
        let (field, value) = pin.split_once('=').unwrap();
        let value: Value = serde_json::from_str(value).unwrap();
        let values = value
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![value.clone()]);
        pins.pin(path(field), values);
    }
    pins
}

/// One line: the field, or why there is none.
fn show(schema: &Schema, field: &str, pinned: &str) -> String {
    let with = if pinned.is_empty() {
        String::new()
    } else {
        format!(" [{pinned}]")
    };
    let result = match schema.resolve(&path(field), &pins(pinned)) {
        Ok(field) => show_field(&field),
        Err(problem) => show_problem(&problem),
    };
    format!("{field}{with}: {result}")
}

fn show_field(field: &Field) -> String {
    let mut text = format!("{:?}", field.kind);
    let mut add = |fact: Option<String>| text.extend(fact.map(|fact| format!(" {fact}")));
    add(field.nullable.then(|| "nullable".to_owned()));
    add(field.required.then(|| "required".to_owned()));
    add(field
        .closed
        .as_ref()
        .map(|values| Value::from(values.clone()).to_string()));
    let bound = |bound: &crate::schema::Bound| {
        format!(
            "{}{}",
            bound.value,
            if bound.exclusive { " excluded" } else { "" }
        )
    };
    add(field
        .bounds
        .minimum
        .as_ref()
        .map(|least| format!("from {}", bound(least))));
    add(field
        .bounds
        .maximum
        .as_ref()
        .map(|most| format!("to {}", bound(most))));
    add(field.scale.map(|scale| format!("scale {scale}")));
    text
}

fn show_problem(problem: &PathProblem) -> String {
    let list = |paths: &[FieldPath]| {
        paths
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let maybe = |path: &Option<FieldPath>| list(path.as_slice());
    match problem {
        PathProblem::Unknown {
            known_prefix,
            suggestions,
        } => {
            format!("unknown after `{known_prefix}`, try {}", list(suggestions))
        }
        PathProblem::NotInPinnedAlternatives {
            known_prefix,
            excluded_by,
            declared_at,
        } => {
            let places: Vec<&str> = declared_at
                .iter()
                .map(|place| place.pointer.as_str())
                .collect();
            let by = list(excluded_by);
            format!(
                "excluded after `{known_prefix}` by {by}, is at {}",
                places.join(", ")
            )
        }
        PathProblem::IndexOnNonArray {
            at,
            kind,
            suggestion,
        } => {
            format!("index on `{at}`, {kind:?}, try {}", maybe(suggestion))
        }
        PathProblem::KeyOnArray { at, suggestion } => {
            format!("key on array `{at}`, try {}", maybe(suggestion))
        }
        PathProblem::KeyOnScalar { at, kind } => format!("key on `{at}`, {kind:?}"),
        PathProblem::IndexOutOfRange { at, max_items } => format!("`{at}` has at most {max_items}"),
        PathProblem::TooManyAlternatives { at } => format!("too many alternatives at `{at}`"),
    }
}

fn show_all(schema: &Schema, fields: &[&str]) -> String {
    fields
        .iter()
        .map(|field| show(schema, field, ""))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A field for each fact.
fn every_fact() -> Schema {
    schema(&json!({
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "instant": {"allOf": [{"type": "string"}, {"format": "date-time"}]},
            "count": {"type": "integer", "minimum": 0, "exclusiveMaximum": 10},
            "amount": {"type": "number", "minimum": -1.5, "maximum": 1e21, "multipleOf": 0.01},
            "tight": {"type": "number", "minimum": 1, "exclusiveMinimum": 1, "allOf": [{"minimum": 0}]},
            "whole": {"type": ["number", "null"], "allOf": [{"type": "integer"}]},
            "flag": {"type": "boolean"},
            "maybe": {"type": ["string", "null"], "enum": ["a", "b", null]},
            "both": {"enum": ["a", "b", "c"], "allOf": [{"enum": ["c", "b"]}]},
            "constant": {"const": 3},
            "nothing": {"type": "null"},
            "anything": true,
            "guessed": {"properties": {"x": {}}},
            "list": {"type": "array", "maxItems": 3, "items": {"type": "string"}},
            "pair": {"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false},
            "mixed": {"type": ["string", "integer"]},
            "impossible": {"type": "string", "allOf": [{"type": "integer"}]},
        },
        "patternProperties": {"^x-": {"type": "integer"}},
        "additionalProperties": {"type": "boolean"},
        "required": ["text", "list"],
    }))
}

#[test]
fn facts_of_one_alternative_add_up() {
    let schema = every_fact();
    let fields = [
        "text",
        "instant",
        "count",
        "amount",
        "tight",
        "whole",
        "flag",
        "maybe",
        "both",
        "constant",
        "nothing",
        "anything",
        "guessed",
        "guessed.x",
        "list",
        "list[0]",
        "list[*]",
        "list[3]",
        "pair",
        "pair[1]",
        "pair[2]",
        "pair[*]",
        "mixed",
        "impossible",
        "x-1",
        "other",
    ];
    insta::assert_snapshot!(show_all(&schema, &fields), @r#"
        text: Text required
        instant: Instant
        count: Integer from 0 to 10 excluded scale 0
        amount: Number from -1.5 to 1000000000000000000000 scale 2
        tight: Number from 1 excluded
        whole: Integer scale 0
        flag: Boolean
        maybe: Text nullable ["a","b"]
        both: Text ["b","c"]
        constant: Integer [3] scale 0
        nothing: Null nullable
        anything: Any nullable
        guessed: Object
        guessed.x: Any nullable
        list: Array { max_items: Some(3) } required
        list[0]: Text
        list[*]: Text
        list[3]: `list` has at most 3
        pair: Array { max_items: Some(2) }
        pair[1]: Integer scale 0
        pair[2]: `pair` has at most 2
        pair[*]: Mixed([Text, Integer])
        mixed: Mixed([Text, Integer]) scale 0
        impossible: unknown after ``, try 
        x-1: Integer scale 0
        other: Boolean
    "#);
}

#[test]
fn alternatives_keep_what_they_have_in_common() {
    let schema = schema(&json!({"oneOf": [
        {"properties": {
            "n": {"type": "integer", "minimum": 1, "exclusiveMaximum": 5},
            "s": {"enum": ["a", "b"], "description": "one"},
            "t": {"type": "string"}, "l": {"type": "array", "maxItems": 2, "items": {}},
            "o": {"enum": ["a"]}, "only": {"type": "string"},
        }, "required": ["n", "s"], "type": "object"},
        {"properties": {
            "n": {"type": "number", "minimum": 0, "maximum": 5, "multipleOf": 0.5},
            "s": {"const": "c", "description": "two"},
            "t": {"type": "string", "format": "date-time"}, "l": {"type": "array"},
            "o": {"type": "string"}, "u": {"type": ["null", "object"]},
        }, "required": ["n"], "type": "object"},
    ]}));
    insta::assert_snapshot!(show_all(&schema, &["n", "s", "t", "l", "l[0]", "o", "only", "u"]), @r#"
        n: Number required from 0 to 5 scale 1
        s: Text ["a","b","c"]
        t: Mixed([Text, Instant])
        l: Array { max_items: None }
        l[0]: unknown after `l`, try 
        o: Text
        only: Text
        u: Object nullable
    "#);
    assert_eq!(
        schema
            .resolve(&path("s"), &Pins::none())
            .unwrap()
            .description,
        None
    );
    let places = schema
        .resolve(&path("s"), &Pins::none())
        .unwrap()
        .declared_at;
    let pointers: Vec<_> = places.into_iter().map(|place| place.pointer).collect();
    assert_eq!(pointers, ["/oneOf/0/properties/s", "/oneOf/1/properties/s"]);
}

#[test]
fn wrong_paths_are_explained() {
    let schema = schema(&json!({
        "type": "object",
        "properties": {
            "header": {"type": "object", "properties": {"eventType": {"type": "string"}}},
            "entities": {"type": "array", "maxItems": 5, "items": {"properties": {
                "meta": {"properties": {"entityType": {"type": "string"}}},
                "amount": {"type": "number"},
                "children": {"$ref": "#/properties/entities"},
            }}},
            "open": {"type": "object"},
            "untyped": {"type": "array"},
        },
    }));
    let fields = [
        "header.eventTyp",
        "$.haeder.eventType",
        "header.zzz",
        "body.entities[3].entityType",
        "entities[*].data.amount",
        "entites[0].amout",
        "entities.amount",
        "header[0].eventType",
        "header.eventType.x",
        "header.eventType[*]",
        "entities[5]",
        "open.amount",
        "open.other",
        "untyped[0]",
        "amount[0]",
    ];
    insta::assert_snapshot!(show_all(&schema, &fields), @r"
        header.eventTyp: unknown after `header`, try header.eventType
        $.haeder.eventType: unknown after `$`, try $.header.eventType
        header.zzz: unknown after `header`, try 
        body.entities[3].entityType: unknown after ``, try entities[3].meta.entityType
        entities[*].data.amount: unknown after `entities[*]`, try entities[*].amount
        entites[0].amout: unknown after ``, try entities[0].amount
        entities.amount: key on array `entities`, try entities[0].amount
        header[0].eventType: index on `header`, Object, try header.eventType
        header.eventType.x: key on `header.eventType`, Text
        header.eventType[*]: index on `header.eventType`, Text, try header.eventType
        entities[5]: `entities` has at most 5
        open.amount: unknown after `open`, try entities[0].amount
        open.other: unknown after `open`, try 
        untyped[0]: unknown after `untyped`, try 
        amount[0]: unknown after ``, try entities[0].amount
    ");
}

#[test]
fn circles_of_references_end() {
    let schema = schema(&json!({
        "properties": {"a": {"$ref": "#/$defs/a"}},
        "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a", "type": "string"}},
    }));
    assert_eq!(show(&schema, "a", ""), "a: Text");
}
