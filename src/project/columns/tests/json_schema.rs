//! JSON Schema, type by type.

use super::{columns, message};

/// The columns of an object with these properties.
fn json(properties: &str) -> String {
    let text = format!(r#"{{"type": "object", "properties": {{{properties}}}}}"#);
    columns("json-schema", "event.json", &text)
}

fn json_type(schema: &str) -> String {
    json(&format!(r#""x": {schema}"#))
}

#[test]
fn scalars_become_flink_types() {
    for (schema, data_type) in [
        (r#"{"type": "string"}"#, "STRING"),
        (r#"{"type": "string", "format": "date-time"}"#, "STRING"),
        (r#"{"type": "string", "maxLength": 5}"#, "VARCHAR(5)"),
        (
            r#"{"type": "string", "minLength": 5, "maxLength": 5}"#,
            "CHAR(5)",
        ),
        (r#"{"type": "string", "connect.type": "bytes"}"#, "BYTES"),
        (
            r#"{"type": "string", "connect.type": "bytes", "flink.maxLength": 5}"#,
            "VARBINARY(5)",
        ),
        (
            r#"{"type": "string", "connect.type": "bytes", "flink.maxLength": 5, "flink.minLength": 5}"#,
            "BINARY(5)",
        ),
        (r#"{"enum": ["a", "b", null]}"#, "STRING"),
        (r#"{"const": "a"}"#, "STRING"),
        (r#"{"type": "boolean"}"#, "BOOLEAN"),
        (r#"{"type": "integer"}"#, "BIGINT"),
        (r#"{"type": "number"}"#, "DOUBLE"),
        (r#"{"type": ["number", "integer", "null"]}"#, "DOUBLE"),
        (r#"{"type": "integer", "connect.type": "int8"}"#, "TINYINT"),
        (
            r#"{"type": "integer", "connect.type": "int16"}"#,
            "SMALLINT",
        ),
        (r#"{"type": "integer", "connect.type": "int32"}"#, "INT"),
        (r#"{"type": "number", "connect.type": "int64"}"#, "BIGINT"),
        (r#"{"type": "number", "connect.type": "float32"}"#, "FLOAT"),
        (r#"{"type": "number", "connect.type": "float64"}"#, "DOUBLE"),
    ] {
        assert_eq!(json_type(schema), format!("x {data_type}"), "{schema}");
    }
}

#[test]
fn lists_maps_and_alternatives_become_flink_types() {
    for (schema, data_type) in [
        (r#"{"type": ["null", "string"]}"#, "STRING"),
        (
            r#"{"oneOf": [{"type": "null"}, {"type": "integer"}]}"#,
            "BIGINT",
        ),
        (
            r#"{"anyOf": [{"type": "integer"}, {"type": "null"}]}"#,
            "BIGINT",
        ),
        (
            r#"{"type": "array", "items": {"type": "integer"}}"#,
            "ARRAY<BIGINT>",
        ),
        (r#"{"items": {"type": "integer"}}"#, "ARRAY<BIGINT>"),
        (
            r#"{"type": "object", "connect.type": "map", "additionalProperties": {"type": "number"}}"#,
            "MAP<STRING, DOUBLE>",
        ),
        (
            r#"{"type": "array", "connect.type": "map", "items": {"type": "object", "properties": {
                "value": {"type": "string"}, "key": {"type": "integer"}}}}"#,
            "MAP<BIGINT, STRING>",
        ),
        (
            r#"{"type": "object", "connect.type": "map", "flink.type": "multiset", "additionalProperties": {"type": "number", "connect.type": "int32"}}"#,
            "MULTISET<STRING>",
        ),
    ] {
        assert_eq!(json_type(schema), format!("x {data_type}"), "{schema}");
    }
}

#[test]
fn titles_of_connect_become_flink_types() {
    for (title, keywords, data_type) in [
        ("Date", r#""connect.type": "int32""#, "DATE"),
        (
            "Time",
            r#""connect.type": "int32", "flink.precision": 2"#,
            "TIME(2)",
        ),
        (
            "Timestamp",
            r#""connect.type": "int64""#,
            "TIMESTAMP_LTZ(3)",
        ),
        (
            "Timestamp",
            r#""connect.type": "int64", "flink.precision": 6, "flink.type": "timestamp""#,
            "TIMESTAMP(6)",
        ),
        (
            "Decimal",
            r#""connect.type": "bytes", "connect.parameters": {"scale": "2", "connect.decimal.precision": "18"}"#,
            "DECIMAL(18, 2)",
        ),
    ] {
        let schema = format!(
            r#"{{"type": "number", "title": "org.apache.kafka.connect.data.{title}", {keywords}}}"#
        );
        assert_eq!(json_type(&schema), format!("x {data_type}"), "{schema}");
    }
}

#[test]
fn fields_come_in_the_order_of_the_service() {
    let named = json(
        r#""b": {"type": "string"}, "c": {"type": "string", "connect.index": 0}, "a": {"type": "string"}"#,
    );
    insta::assert_snapshot!(named, @"
    c STRING
    a STRING
    b STRING
    ");
}

#[test]
fn schemas_that_hold_together_are_one() {
    let text = r##"{
        "allOf": [{"$ref": "#/$defs/header"}, {"$ref": "#/$defs/header"}],
        "properties": {"kind": {"const": "loan"}, "amount": {"$ref": "#/$defs/amount", "description": "EUR"}},
        "$defs": {
            "header": {"type": "object", "properties": {"id": {"type": "string"}, "kind": {"type": "string"}}},
            "amount": {"type": "number"}
        }
    }"##;
    insta::assert_snapshot!(columns("json-schema", "event.json", text), @"
    amount DOUBLE
    id STRING
    kind STRING
    ");
}

#[test]
fn alternatives_of_objects_are_fields_by_position() {
    let text = r#"{"type": "object", "oneOf": [
        {"type": "object", "properties": {"item": {"type": "string"}, "amount": {"type": "number"}}},
        {"type": "null"},
        {"type": "object", "properties": {"url": {"type": "string"}}}
    ]}"#;
    insta::assert_snapshot!(columns("json-schema", "event.json", text), @"
    connect_union_field_0 ROW<`amount` DOUBLE, `item` STRING>
    connect_union_field_1 ROW<`url` STRING>
    ");
}

#[test]
fn what_has_no_flink_type_is_refused_with_its_path() {
    let schemas = [
        "{}",
        "true",
        r#"{"type": "null"}"#,
        r#"{"oneOf": [{"type": "null"}]}"#,
        r#"{"type": ["string", "integer"]}"#,
        r#"{"oneOf": [{"type": "string"}, {"type": "integer"}]}"#,
        r#"{"properties": {"a": {"type": "string"}}, "anyOf": [{"required": ["a"]}]}"#,
        r#"{"type": "array"}"#,
        r#"{"type": "object", "connect.type": "map"}"#,
        r#"{"type": "array", "items": {"type": "object"}}"#,
        r#"{"type": "array", "prefixItems": [{"type": "string"}]}"#,
        r##"{"type": "array", "items": {"$ref": "#"}}"##,
        r#"{"type": "number", "connect.type": "int128"}"#,
        r#"{"type": "number", "connect.type": "bytes", "title": "org.apache.kafka.connect.data.Decimal"}"#,
        r#"{"type": "object", "properties": {"": {"type": "string"}}}"#,
    ];
    let refused = schemas.map(|schema| message(&json_type(schema)).to_owned());
    insta::assert_snapshot!(refused.join("\n"), @r#"
    error[unmapped-type]: `x` has no `type`
    error[unmapped-type]: `x` has no `type`
    error[unmapped-type]: `x` is never anything but null
    error[unmapped-type]: `x` is never anything but null
    error[unmapped-type]: `x` is of several types: `string`, `integer`
    error[unmapped-type]: `x` has alternatives that are no objects
    error[unmapped-type]: `x` combines alternatives with more than their `type`
    error[unmapped-type]: `x` is a list that does not say of what: it has no `items`
    error[unmapped-type]: `x` is a map that does not say of what: it has no `additionalProperties`
    error[unmapped-type]: `x[*]` is an object without `properties`; a map says `"connect.type": "map"`
    error[unmapped-type]: `x` has a condition or a tuple, for which Confluent Cloud documents no type
    error[unmapped-type]: `x[*]` contains itself, and Flink has no recursive types
    error[unmapped-type]: `x` is a number with the unknown `connect.type` `int128`
    error[unmapped-type]: `x` is a decimal whose `connect.parameters` lack a `connect.decimal.precision` of 1 to 38 or a `scale` of at most that
    error[bad-name]: the name of a property is empty
    "#);
}
