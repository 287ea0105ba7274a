use serde_json::json;

use super::*;

fn check(schema: &Value, value: &Value) -> String {
    let validator = Validator::from_value(schema).unwrap();
    let line = |violation: &Violation| {
        let help = violation
            .help
            .as_ref()
            .map_or(String::new(), |help| format!("; {help}"));
        let Violation {
            pointer,
            keyword_at,
            message,
            ..
        } = violation;
        format!("#{pointer} [{}] {message}{help}", keyword_at.pointer)
    };
    validator
        .check(value)
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn every_rule_has_words() {
    let schema = json!({
        "type": "object",
        "properties": {
            "type": {"type": "number"},
            "types": {"type": ["string", "null"]},
            "enum": {"enum": ["LoanCreated", "CarCreated"]},
            "enum2": {"enum": [1, 2]},
            "const": {"const": "c"},
            "pattern": {"pattern": "^[a-z]+$"},
            "instant": {"format": "date-time"},
            "uuid": {"format": "uuid"},
            "email": {"format": "email"},
            "host": {"format": "hostname"},
            "min": {"minimum": 0},
            "max": {"exclusiveMaximum": 10},
            "multiple": {"multipleOf": 0.01},
            "short": {"minLength": 3},
            "few": {"minItems": 1},
            "many": {"maxItems": 1},
            "unique": {"uniqueItems": true},
            "contains": {"contains": {"const": 1}},
            "not": {"not": {"type": "string"}},
            "false": false,
            "names": {"propertyNames": {"pattern": "^[a-z]+$"}},
        },
        "required": ["id"],
        "additionalProperties": false,
    });
    let value = json!({
        "type": "abc", "types": 1, "enum": "LoanCreatd", "enum2": 3, "const": "u", "pattern": "A1",
        "instant": "2026-01-31T09:30:00", "uuid": "x", "email": "x", "host": "-", "min": -3, "max": 10,
        "multiple": 1.234, "short": "ab", "few": [], "many": [1, 2], "unique": ["a", "b", "a"],
        "contains": [2], "not": "x", "false": {}, "names": {"A": 1}, "patern": 1, "zzz": 2,
    });
    insta::assert_snapshot!(check(&schema, &value), @r"
        # [/required] missing key `id`
        #/const [/properties/const/const] the string `u` is not possible here; write `c`
        #/contains [/properties/contains/contains] no element is of the kind that is needed
        #/enum [/properties/enum/enum] the string `LoanCreatd` is not possible here; did you mean `LoanCreated`?
        #/enum2 [/properties/enum2/enum] the number `3` is not possible here; possible values are `1`, `2`
        #/false [/properties/false] no value is allowed here
        #/few [/properties/few/minItems] 0 elements, must be at least 1
        #/instant [/properties/instant/format] the string `2026-01-31T09:30:00` is not an RFC 3339 timestamp; write it like `2026-01-31T09:30:00Z`
        #/many [/properties/many/maxItems] 2 elements, must be at most 1
        #/max [/properties/max/exclusiveMaximum] `10` is not less than `10`
        #/min [/properties/min/minimum] `-3` is less than the minimum `0`
        #/multiple [/properties/multiple/multipleOf] `1.234` is not a multiple of `0.01`
        #/names [/properties/names/propertyNames] a key is not allowed: the string `A` does not match the pattern `^[a-z]+$`
        #/not [/properties/not/not] the string `x` is excluded by `not`
        #/patern [/additionalProperties] unknown key `patern`; did you mean `pattern`?
        #/pattern [/properties/pattern/pattern] the string `A1` does not match the pattern `^[a-z]+$`
        #/short [/properties/short/minLength] 2 characters, must be at least 3
        #/type [/properties/type/type] expected a number, found the string `abc`
        #/types [/properties/types/type] expected a string or `null`, found the number `1`
        #/unique [/properties/unique/uniqueItems] elements 0 and 2 are equal: `a`; remove one of them
        #/zzz [/additionalProperties] unknown key `zzz`; known keys are `type`, `types`, `enum`, `enum2`, `const`, `pattern`, `instant`, `uuid`, `email`, `host`, `min`, `max` and 9 more
    ");
}

/// Two kinds of shapes told apart by a key, and a text.
fn shapes() -> Value {
    json!({
        "oneOf": [
            {"type": "string"},
            {"$ref": "#/$defs/circle"},
            {
                "type": "object",
                "properties": {"kind": {"const": "square"}, "side": {"type": "number"}},
                "required": ["kind", "side"],
                "additionalProperties": false,
            },
        ],
        "$defs": {
            "circle": {
                "type": "object",
                "properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}, "a": {}, "b": {}},
                "required": ["kind", "radius", "a", "b"],
            },
        },
    })
}

#[test]
fn the_branch_with_the_matching_discriminator_speaks() {
    let schema = shapes();
    insta::assert_snapshot!(check(&schema, &json!({"kind": "circle", "radius": "x", "a": 1})), @r"
        # [/$defs/circle/required] missing key `b`
        #/radius [/$defs/circle/properties/radius/type] expected a number, found the string `x`
    ");
    insta::assert_snapshot!(check(&schema, &json!({"kind": "square", "sid": 1})), @r"
        # [/oneOf/2/required] missing key `side`
        #/sid [/oneOf/2/additionalProperties] unknown key `sid`; did you mean `side`?
    ");
    insta::assert_snapshot!(check(&schema, &json!({"kind": "sqare", "side": 1})), @r"#/kind [/oneOf] the string `sqare` is not possible here; did you mean `square`?");
    insta::assert_snapshot!(check(&schema, &json!({"kind": "hexagon"})), @r"#/kind [/oneOf] the string `hexagon` is not possible here; possible values are `circle`, `square`");
    insta::assert_snapshot!(check(&schema, &json!({"side": 1})), @r"# [/oneOf/2/required] missing key `kind`");
    insta::assert_snapshot!(check(&schema, &json!(7)), @r"# [/oneOf] expected a string or an object, found the number `7`");
}

#[test]
fn the_nearest_branch_is_judged_by_its_own_keys_first() {
    let schema = json!({
        "$ref": "#/$defs/node",
        "$defs": {"node": {"type": "object", "oneOf": [
            {
                "properties": {"all": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
                "required": ["all"],
                "additionalProperties": false,
            },
            {
                "properties": {"field": {"type": "string"}, "equals": {}},
                "required": ["field", "equals"],
                "additionalProperties": false,
            },
        ]}},
    });
    let value = json!({"all": [{"field": 1, "equals": 2}, {"field": "x", "equal": 2}, {"all": 1}]});
    insta::assert_snapshot!(check(&schema, &value), @r"
        #/all/0/field [/$defs/node/oneOf/1/properties/field/type] expected a string, found the number `1`
        #/all/1 [/$defs/node/oneOf/1/required] missing key `equals`
        #/all/1/equal [/$defs/node/oneOf/1/additionalProperties] unknown key `equal`; did you mean `equals`?
        #/all/2/all [/$defs/node/oneOf/0/properties/all/type] expected an array, found the number `1`
    ");
}

#[test]
fn a_value_that_fits_two_branches_names_them() {
    let schema = json!({"oneOf": [{"type": "string"}, {"minimum": 3}, {"type": "integer"}]});
    insta::assert_snapshot!(check(&schema, &json!(7)), @r"# [/oneOf] the value fits more than one alternative of `oneOf`; make the alternatives `1`, `2` exclude each other");
}

#[test]
fn places_lead_into_the_file_that_has_the_keyword() {
    use camino::Utf8Path;

    let read = |path: &Utf8Path| {
        Ok(match path.file_name() {
            Some("event.json") => {
                r#"{"$id": "https://x.example/s/event.json", "properties": {"a b": {"$ref": "part.json#x"}}}"#
            }
            _ => r#"{"$id": "https://x.example/s/part.json", "$defs": {"x y": {"$anchor": "x", "type": "string"}}}"#,
        }
        .to_owned())
    };
    let documents =
        Documents::load(Utf8Path::new("/p"), Utf8Path::new("s/event.json"), &read).unwrap();
    let violations = Validator::of_documents(&documents)
        .unwrap()
        .check(&json!({"a b": 1}));
    let places: Vec<_> = violations
        .into_iter()
        .map(|violation| violation.keyword_at)
        .collect();
    let expected = SchemaPlace {
        document: "s/part.json".into(),
        pointer: "/$defs/x y/type".into(),
    };
    assert_eq!(places, [expected]);
}
