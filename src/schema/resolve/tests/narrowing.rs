//! Pins, conditions and alternatives.

use super::*;

/// Entities of two kinds, told apart by `kind`, with fields of the same name.
pub(super) fn entities() -> Schema {
    schema(&json!({
        "type": "object",
        "properties": {
            "header": {"$ref": "#/$defs/header"},
            "entities": {"type": "array", "minItems": 1, "items": {
                "oneOf": [{"$ref": "#/$defs/loan"}, {"$ref": "#/$defs/car"}],
            }},
        },
        "required": ["header", "entities"],
        "$defs": {
            "header": {
                "type": "object",
                "properties": {"type": {"enum": ["LoanCreated", "CarCreated"]}},
                "required": ["type"],
            },
            "loan": {
                "type": "object",
                "properties": {
                    "meta": {"properties": {"kind": {"const": "Loan"}}},
                    "value": {"type": "number"}, "amount": {"type": "integer"},
                    "status": {"enum": ["open", "paid"]},
                },
                "required": ["meta", "value"],
            },
            "car": {
                "type": "object",
                "properties": {
                    "meta": {"properties": {"kind": {"const": "Car"}}},
                    "value": {"type": "string"}, "vin": {"type": "string"},
                    "status": {"enum": ["new", "used"]},
                },
                "required": ["meta", "value"], "additionalProperties": false,
            },
        },
    }))
}

#[test]
fn pins_choose_the_alternative() {
    let schema = entities();
    let cases = [
        ("entities[0].value", ""),
        ("entities[0].value", r#"entities[0].meta.kind="Loan""#),
        ("entities[0].value", r#"entities[0].meta.kind="Car""#),
        (
            "entities[0].value",
            r#"entities[0].meta.kind=["Loan","Car"]"#,
        ),
        ("entities[0].value", r#"entities[0].meta.kind="Laon""#),
        ("entities[1].value", r#"entities[0].meta.kind="Loan""#),
        ("entities[*].value", r#"entities[0].meta.kind="Loan""#),
        ("entities[*].value", r#"entities[*].meta.kind="Loan""#),
        ("entities[0].meta.kind", ""),
        ("entities[0].meta.kind", r#"entities[0].meta.kind="Car""#),
        ("entities[0].status", ""),
        ("entities[0].status", r#"entities[0].meta.kind="Loan""#),
        ("entities[0].amount", ""),
        (
            "entities[0].amount",
            r#"header.type="CarCreated" entities[0].meta.kind="Car""#,
        ),
        ("entities[0].value", r#"entities[0].status="open""#),
        // A closed alternative without the pinned field drops out.
        ("entities[0].value", "entities[0].amount=1"),
    ];
    let lines = cases.map(|(field, pins)| show(&schema, field, pins));
    insta::assert_snapshot!(lines.join("\n"), @r#"
        entities[0].value: Mixed([Text, Number]) required
        entities[0].value [entities[0].meta.kind="Loan"]: Number required
        entities[0].value [entities[0].meta.kind="Car"]: Text required
        entities[0].value [entities[0].meta.kind=["Loan","Car"]]: Mixed([Text, Number]) required
        entities[0].value [entities[0].meta.kind="Laon"]: Mixed([Text, Number]) required
        entities[1].value [entities[0].meta.kind="Loan"]: Mixed([Text, Number])
        entities[*].value [entities[0].meta.kind="Loan"]: Mixed([Text, Number]) required
        entities[*].value [entities[*].meta.kind="Loan"]: Mixed([Text, Number]) required
        entities[0].meta.kind: Text ["Loan","Car"]
        entities[0].meta.kind [entities[0].meta.kind="Car"]: Text ["Car"]
        entities[0].status: Text ["open","paid","new","used"]
        entities[0].status [entities[0].meta.kind="Loan"]: Text ["open","paid"]
        entities[0].amount: Integer scale 0
        entities[0].amount [header.type="CarCreated" entities[0].meta.kind="Car"]: excluded after `entities[0]` by entities[0].meta.kind, is at /$defs/loan/properties/amount
        entities[0].value [entities[0].status="open"]: Number required
        entities[0].value [entities[0].amount=1]: Number required
    "#);
}

/// A body whose type follows from the event type, each in an `if` of its own.
pub(super) fn conditional() -> Schema {
    let then = |name: &str, body: Value| {
        json!({
            "if": {"properties": {"type": {"const": name}}},
            "then": {"properties": {"body": {"properties": {"x": body}, "type": "object"}}},
        })
    };
    schema(&json!({
        "type": "object",
        "properties": {"type": {"enum": ["A", "B", "C"]}, "body": {"type": "object"}},
        "required": ["type", "body"],
        "allOf": [
            then("A", json!({"type": "string"})),
            then("B", json!({"type": "integer"})),
            {
                "if": {"properties": {"type": {"enum": ["A", "B"]}}, "required": ["type"]},
                "then": {"properties": {"early": {"type": "boolean"}}},
                "else": {"properties": {"late": {"type": "boolean"}}},
            },
        ],
    }))
}

#[test]
fn an_if_that_pins_decide_adds_its_branch() {
    let schema = conditional();
    let cases = [
        ("body.x", ""),
        ("body.x", r#"type="A""#),
        ("body.x", r#"type="B""#),
        ("body.x", r#"type="C""#),
        ("body.x", r#"type=["A","B"]"#),
        ("early", ""),
        ("early", r#"type=["A","B"]"#),
        ("late", ""),
        ("late", r#"type="A""#),
        ("late", r#"type="C""#),
    ];
    let lines = cases.map(|(field, pins)| show(&schema, field, pins));
    insta::assert_snapshot!(lines.join("\n"), @r#"
        body.x: Mixed([Text, Integer])
        body.x [type="A"]: Text
        body.x [type="B"]: Integer scale 0
        body.x [type="C"]: excluded after `body` by type, is at /allOf/0/then/properties/body/properties/x, /allOf/1/then/properties/body/properties/x
        body.x [type=["A","B"]]: Mixed([Text, Integer])
        early: Boolean
        early [type=["A","B"]]: Boolean
        late: Boolean
        late [type="A"]: excluded after `` by type, is at /allOf/2/else/properties/late
        late [type="C"]: Boolean
    "#);
}

#[test]
fn conditions_understand_the_common_keywords() {
    let cases = [
        (
            json!({"properties": {"a": {"not": {"const": 1}}}}),
            Some(false),
        ),
        (
            json!({"anyOf": [{"properties": {"a": {"const": 2}}}, {"required": ["a"]}]}),
            Some(true),
        ),
        (
            json!({"oneOf": [{"properties": {"a": {"const": 1}}}, {"required": ["a"]}]}),
            Some(false),
        ),
        (
            json!({"properties": {"a": {"type": "integer"}}}),
            Some(true),
        ),
        (
            json!({"properties": {"a": {"type": "string"}}}),
            Some(false),
        ),
        (json!({"properties": {"b": {"type": "array"}}}), Some(true)),
        (
            json!({"properties": {"b": {"contains": {"properties": {"c": {"const": "x"}}}}}}),
            Some(true),
        ),
        (
            json!({"properties": {"b": {"contains": {"properties": {"c": {"const": "y"}}}}}}),
            None,
        ),
        (
            json!({"properties": {"b": {"items": {"properties": {"c": {"const": "y"}}}}}}),
            Some(false),
        ),
        (json!({"properties": {"a": {"minimum": 0}}}), None),
        (json!({"required": ["z"]}), None),
        (json!({"properties": {"z": false}}), None),
        (json!({"properties": {"a": false}}), Some(false)),
        (json!({"title": "x", "allOf": [true]}), Some(true)),
        (json!({"$ref": "#"}), None),
    ];
    for (condition, expected) in cases {
        let schema = schema(&json!({
            "if": condition,
            "then": {"properties": {"f": {"type": "string"}}},
            "else": {"properties": {"f": {"type": "integer"}}},
        }));
        let pins = pins(r#"a=1 b[0].c="x""#);
        let kind = schema.resolve(&path("f"), &pins).unwrap().kind;
        let decided = match kind {
            FieldType::Text => Some(true),
            FieldType::Integer => Some(false),
            _ => None,
        };
        assert_eq!(decided, expected, "{condition}");
    }
}

#[test]
fn a_pinned_key_brings_its_dependent_schema_along() {
    let schema = schema(&json!({
        "properties": {"card": {"type": "string"}, "total": {}},
        "dependentSchemas": {"card": {"properties": {"total": {"type": "number"}}}},
    }));
    assert_eq!(
        show(&schema, "total", ""),
        "total: Mixed([Number, Any]) nullable"
    );
    assert_eq!(
        show(&schema, "total", "card=\"x\""),
        "total [card=\"x\"]: Number"
    );
}

#[test]
fn a_hundred_exclusive_conditions_stay_apart_without_a_pin() {
    let names: Vec<String> = (0..100).map(|number| format!("E{number}")).collect();
    let conditions: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({
                "if": {"properties": {"type": {"const": name}}},
                "then": {"properties": {name: {"type": "string"}}},
            })
        })
        .collect();
    let schema = schema(&json!({
        "properties": {"type": {"enum": names}}, "required": ["type"], "allOf": conditions,
    }));
    assert_eq!(show(&schema, "E77", ""), "E77: Text");
}

#[test]
fn independent_choices_without_end_are_refused() {
    let choice = json!({"oneOf": [{"title": "a"}, {"title": "b"}]});
    let schema = schema(&json!({"properties": {"x": {"allOf": vec![choice; 20]}}}));
    assert_eq!(show(&schema, "x", ""), "x: too many alternatives at `x`");
}
