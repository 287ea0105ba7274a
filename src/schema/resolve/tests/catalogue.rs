//! Every path of a schema, and where it exists.

use super::narrowing::{conditional, entities};
use super::*;

fn catalogue(schema: &Schema, under: &str) -> Catalogue {
    let under = if under.is_empty() {
        FieldPath::document()
    } else {
        path(under)
    };
    schema.catalogue(&under).unwrap()
}

fn show_catalogue(schema: &Schema, under: &str) -> String {
    let entries = catalogue(schema, under).entries;
    entries
        .iter()
        .map(show_entry)
        .collect::<Vec<_>>()
        .join("\n")
}

fn show_entry(entry: &Entry) -> String {
    let mut text = entry.path.to_string();
    let mut add = |fact: String| text.extend([" ", &fact]);
    if let Presence::Somewhere(discriminators) = &entry.presence {
        let shown: Vec<_> = discriminators.iter().map(show_discriminator).collect();
        add(format!("when [{}]", shown.join(" and ")));
    }
    if let Some(kind) = &entry.elements {
        add(format!("of {kind:?}"));
    }
    if let Some(kind) = &entry.other_keys.kind {
        add(format!("other keys {kind:?}"));
    }
    if !entry.other_keys.patterns.is_empty() {
        add(format!("patterns {:?}", entry.other_keys.patterns));
    }
    if let Some(outer) = &entry.repeats {
        add(format!("as `{outer}`"));
    }
    text
}

fn show_discriminator(discriminator: &Discriminator) -> String {
    let path = &discriminator.path;
    match &discriminator.selects {
        Selects::Values(values) => format!("{path} in {}", Value::from(values.clone())),
        Selects::Kind(kind) => format!("{path} is {kind:?}"),
    }
}

/// A tree whose nodes are of two kinds, with lists of them in it.
fn recursive() -> Schema {
    schema(&json!({
        "properties": {
            "name": {"type": "string"},
            "child": {"$ref": "#"},
            "list": {"type": "array", "items": {"$ref": "#/$defs/item"}},
        },
        "$defs": {"item": {"oneOf": [
            {"properties": {"kind": {"const": "leaf"}, "value": {"type": "number"}}, "required": ["kind"]},
            {"properties": {
                "kind": {"const": "branch"}, "parent": {"$ref": "#"}, "next": {"$ref": "#/$defs/item"},
            }, "required": ["kind"]},
        ]}},
    }))
}

#[test]
fn the_catalogue_ends_where_a_schema_begins_again() {
    let schema = recursive();
    insta::assert_snapshot!(show_catalogue(&schema, ""), @r#"
    name
    child as ``
    list of Object
    list[0]
    list[0].kind
    list[0].value when [list[0].kind in ["leaf"]]
    list[0].parent when [list[0].kind in ["branch"]] as ``
    list[0].next when [list[0].kind in ["branch"]] as `list[0]`
    "#);
    assert_eq!(
        show(&schema, "child.list[0].next.parent.child.name", ""),
        "child.list[0].next.parent.child.name: Text"
    );
    insta::assert_snapshot!(show_catalogue(&schema, "child.list[7].next"), @r#"
    child.list[7].next when [child.list[7].kind in ["branch"]]
    child.list[7].next.kind when [child.list[7].kind in ["branch"]]
    child.list[7].next.value when [child.list[7].kind in ["branch"] and child.list[7].next.kind in ["leaf"]]
    child.list[7].next.parent when [child.list[7].kind in ["branch"] and child.list[7].next.kind in ["branch"]]
    child.list[7].next.parent.name when [child.list[7].kind in ["branch"] and child.list[7].next.kind in ["branch"]]
    child.list[7].next.parent.child when [child.list[7].kind in ["branch"] and child.list[7].next.kind in ["branch"]] as `child.list[7].next.parent`
    child.list[7].next.parent.list when [child.list[7].kind in ["branch"] and child.list[7].next.kind in ["branch"]] of Object
    child.list[7].next.parent.list[0] when [child.list[7].kind in ["branch"] and child.list[7].next.kind in ["branch"]] as `child.list[7].next`
    child.list[7].next.next when [child.list[7].kind in ["branch"] and child.list[7].next.kind in ["branch"]] as `child.list[7].next`
    "#);
}

#[test]
fn what_tells_alternatives_apart_is_named() {
    insta::assert_snapshot!(show_catalogue(&entities(), ""), @r#"
    header
    header.type
    entities of Object
    entities[0]
    entities[0].meta
    entities[0].meta.kind
    entities[0].value
    entities[0].amount when [entities[0].meta.kind in ["Loan"]]
    entities[0].status
    entities[0].vin when [entities[0].meta.kind in ["Car"]]
    "#);
    insta::assert_snapshot!(show_catalogue(&entities(), "entities[3].amount"), @r#"entities[3].amount when [entities[3].meta.kind in ["Loan"]]"#);
    insta::assert_snapshot!(show_catalogue(&conditional(), ""), @r#"
    type
    body
    body.x when [type in ["A","B"]]
    early when [type in ["A","B"]]
    late when []
    "#);
}

#[test]
fn alternatives_that_no_field_tells_apart() {
    let schema = schema(&json!({"properties": {
        "bank": {"oneOf": [
            {"type": "string"},
            {"type": "object", "properties": {"address": {"properties": {"city": {"type": "string"}}}}},
        ]},
        "maybe": {"oneOf": [{"type": "null"}, {"properties": {"x": {"type": "string"}}, "type": "object"}]},
        "either": {"anyOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]},
        "several": {"oneOf": [
            {"properties": {"kind": {"enum": ["a", "b"]}, "of": {"const": 1}, "x": {}}},
            {"properties": {"kind": {"enum": ["b", "c", "d"]}, "of": {"const": 2}, "x": {}, "y": {}}},
            {"properties": {"kind": {"enum": ["c"]}, "of": {"const": 3}, "y": {}}},
        ]},
        // A field that one alternative leaves open tells nothing.
        "open": {"oneOf": [
            {"properties": {"kind": {"const": "a"}, "x": {}}},
            {"properties": {"kind": {"type": "string"}, "y": {}}},
        ]},
    }}));
    insta::assert_snapshot!(show_catalogue(&schema, ""), @"
    bank
    bank.address when [bank is Object]
    bank.address.city when [bank is Object]
    maybe
    maybe.x
    either
    either.a when []
    either.b when []
    several
    several.kind
    several.of
    several.x when [several.of in [1,2]]
    several.y when [several.of in [2,3]]
    open
    open.kind
    open.x when []
    open.y when []
    ");
}

#[test]
fn tuples_and_keys_without_names() {
    let schema = schema(&json!({
        "properties": {
            "pair": {"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false},
            "more": {"prefixItems": [{"type": "string"}, {"type": "string"}], "items": {"type": "number"}},
            // The first element is more than the others, not another thing.
            "first": {"items": {"type": "string"}, "allOf": [{"prefixItems": [{"enum": ["a"]}]}]},
            "none": {"type": "array", "items": {"type": "string"}, "maxItems": 0},
            "bare": {"type": "array"},
            "map": {"additionalProperties": {"properties": {"amount": {"type": "number"}}, "type": "object"}},
            "open": {"type": "object", "additionalProperties": true},
            "closed": {"type": "object", "additionalProperties": false},
            "x": {"patternProperties": {"^x-": {"type": "integer"}}},
            "a.b": {"properties": {"it's": {"type": "string"}}},
        },
    }));
    insta::assert_snapshot!(show_catalogue(&schema, ""), @r#"
    pair of Mixed([Text, Integer])
    pair[0]
    pair[1]
    more of Mixed([Text, Number])
    more[0]
    more[1]
    more[2]
    first of Text
    first[0]
    none
    bare
    map other keys Object
    open
    closed
    x patterns ["^x-"]
    ["a.b"]
    ["a.b"]["it's"]
    "#);
    insta::assert_snapshot!(show_catalogue(&schema, "map.some"), @"
    map.some
    map.some.amount
    ");
    insta::assert_snapshot!(show_catalogue(&schema, "x.x-1"), @"x.x-1");
    let unknown = schema.catalogue(&path("pair[2]"));
    assert!(matches!(unknown, Err(PathProblem::IndexOutOfRange { .. })));
}

/// The sample project's schema.
fn sample() -> Schema {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let event = Utf8Path::new("schemas/event/event.json");
    Schema::new(Documents::load(root, event, &crate::files::read_text).unwrap())
}

#[test]
fn the_catalogue_says_of_a_field_what_its_path_does() {
    for schema in [
        sample(),
        every_fact(),
        entities(),
        conditional(),
        recursive(),
    ] {
        for entry in catalogue(&schema, "").entries {
            let asked = schema.resolve(&entry.path, &Pins::none());
            assert_eq!(entry.field, asked, "{}", entry.path);
        }
    }
}

/// Holds what the catalogue says against what routes are checked with: pins.
#[test]
fn a_field_exists_just_where_its_discriminators_say() {
    for (schema, every) in [
        (sample(), 17),
        (entities(), 1),
        (conditional(), 1),
        (recursive(), 1),
    ] {
        let entries = catalogue(&schema, "").entries;
        let somewhere = |entry: &Entry| entry.presence != Presence::Everywhere;
        for entry in entries.into_iter().filter(somewhere).step_by(every) {
            let Presence::Somewhere(discriminators) = &entry.presence else {
                continue;
            };
            for discriminator in discriminators {
                check_discriminator(&schema, &entry.path, discriminator);
            }
        }
    }
}

fn check_discriminator(schema: &Schema, field: &FieldPath, discriminator: &Discriminator) {
    let path = &discriminator.path;
    let Selects::Values(leading) = &discriminator.selects else {
        return;
    };
    let all = schema.resolve(path, &Pins::none()).unwrap();
    for value in all.closed.unwrap() {
        let mut pins = Pins::none();
        pins.pin(path.clone(), vec![value.clone()]);
        let exists = schema.resolve(field, &pins).is_ok();
        assert_eq!(
            exists,
            leading.contains(&value),
            "{field} with {path} = {value}"
        );
    }
}

#[test]
fn no_schema_is_too_large() {
    let wide: serde_json::Map<String, Value> = (0..5_000)
        .map(|number| (format!("field{number}"), json!({"enum": [number, "x"]})))
        .collect();
    let wide = schema(&json!({"properties": wide}));
    let found = catalogue(&wide, "");
    assert_eq!((found.entries.len(), found.complete), (5_000, true));
    // Each of 30 types refers to each other one: there are more paths than anybody can count.
    let types: Vec<String> = (0..30).map(|number| format!("t{number}")).collect();
    let refer = |name: &String| (name.clone(), json!({"$ref": format!("#/$defs/{name}")}));
    let properties: serde_json::Map<_, _> = types.iter().map(refer).collect();
    let define = |name: &String| {
        let own = json!({"properties": properties, "title": name});
        (name.clone(), own)
    };
    let definitions: serde_json::Map<_, _> = types.iter().map(define).collect();
    let tangled = schema(&json!({"properties": properties, "$defs": definitions}));
    let found = catalogue(&tangled, "");
    assert_eq!((found.entries.len(), found.complete), (9_999, false));
    // Alternatives of alternatives.
    let fork = |number: usize| {
        let number = number.to_string();
        json!({"oneOf": [{"title": number}, {"description": number}]})
    };
    let forks: Vec<Value> = (0..9).map(fork).collect();
    let forked = schema(&json!({"allOf": forks, "properties": wide_properties(500)}));
    assert!(!catalogue(&forked, "").complete);
}

fn wide_properties(count: usize) -> Value {
    (0..count)
        .map(|number| (format!("field{number}"), json!({"type": "string"})))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
