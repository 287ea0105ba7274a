//! Avro, type by type.

use super::{columns, message};

/// The columns of a record with these fields.
fn avro(fields: &str) -> String {
    let text = format!(
        r#"{{"type": "record", "name": "Event", "namespace": "com.example", "fields": [{fields}]}}"#
    );
    columns("avro", "event.avsc", &text)
}

/// The column of a record's only field.
fn avro_type(schema: &str) -> String {
    avro(&format!(r#"{{"name": "x", "type": {schema}}}"#))
}

#[test]
fn types_become_flink_types() {
    for (schema, data_type) in [
        (r#""string""#, "STRING"),
        (r#""boolean""#, "BOOLEAN"),
        (r#""int""#, "INT"),
        (r#""long""#, "BIGINT"),
        (r#""float""#, "FLOAT"),
        (r#""double""#, "DOUBLE"),
        (r#""bytes""#, "BYTES"),
        (r#"{"type": "string"}"#, "STRING"),
        (
            r#"{"type": "fixed", "name": "F", "size": 16}"#,
            "BINARY(16)",
        ),
        (
            r#"{"type": "fixed", "name": "F", "size": 12, "logicalType": "duration"}"#,
            "BINARY(12)",
        ),
        (
            r#"{"type": "enum", "name": "E", "symbols": ["A"]}"#,
            "STRING",
        ),
        (r#"{"type": "array", "items": "long"}"#, "ARRAY<BIGINT>"),
        (
            r#"{"type": "map", "values": "string"}"#,
            "MAP<STRING, STRING>",
        ),
        (
            r#"{"type": "map", "values": "int", "flink.type": "multiset"}"#,
            "MULTISET<STRING>",
        ),
        (r#"["null", "long"]"#, "BIGINT"),
        (r#"["long", "null"]"#, "BIGINT"),
        (r#"[{"type": "null"}, "long"]"#, "BIGINT"),
        (r#"["long"]"#, "BIGINT"),
        (
            r#"["null", "long", "string"]"#,
            "ROW<`long` BIGINT, `string` STRING>",
        ),
        (
            r#"{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}, {"name": "b", "type": "string"}]}"#,
            "ROW<`a` INT, `b` STRING>",
        ),
        (
            r#"{"type": "array", "items": {"type": "record", "name": "MapEntry", "namespace": "io.confluent.connect.avro",
                "fields": [{"name": "key", "type": "int"}, {"name": "value", "type": "bytes"}]}}"#,
            "MAP<INT, BYTES>",
        ),
        (
            r#"{"type": "array", "flink.type": "multiset", "items": {"type": "record", "name": "M", "connect.internal.type": "MapEntry",
                "fields": [{"name": "key", "type": "long"}, {"name": "value", "type": "int"}]}}"#,
            "MULTISET<BIGINT>",
        ),
    ] {
        assert_eq!(avro_type(schema), format!("x {data_type}"), "{schema}");
    }
}

#[test]
fn logical_types_and_properties_become_flink_types() {
    for (kind, properties, data_type) in [
        ("int", r#""logicalType": "date""#, "DATE"),
        ("int", r#""logicalType": "time-millis""#, "TIME(3)"),
        ("int", r#""logicalType": "timestamp-millis""#, "INT"),
        ("int", r#""connect.type": "int8""#, "TINYINT"),
        ("int", r#""connect.type": "int16""#, "SMALLINT"),
        ("long", r#""logicalType": "time-micros""#, "BIGINT"),
        (
            "long",
            r#""logicalType": "timestamp-millis""#,
            "TIMESTAMP_LTZ(3)",
        ),
        (
            "long",
            r#""logicalType": "timestamp-micros""#,
            "TIMESTAMP_LTZ(6)",
        ),
        (
            "long",
            r#""logicalType": "local-timestamp-millis""#,
            "TIMESTAMP(3)",
        ),
        (
            "long",
            r#""logicalType": "local-timestamp-micros""#,
            "TIMESTAMP(6)",
        ),
        (
            "long",
            r#""logicalType": "timestamp-micros", "flink.precision": 9"#,
            "TIMESTAMP_LTZ(9)",
        ),
        ("long", r#""logicalType": "unheard-of""#, "BIGINT"),
        ("string", r#""logicalType": "uuid""#, "STRING"),
        ("string", r#""flink.maxLength": 5"#, "VARCHAR(5)"),
        (
            "string",
            r#""flink.maxLength": 5, "flink.minLength": 5"#,
            "CHAR(5)",
        ),
        ("bytes", r#""flink.maxLength": 5"#, "VARBINARY(5)"),
        (
            "bytes",
            r#""logicalType": "decimal", "precision": 6, "scale": 3"#,
            "DECIMAL(6, 3)",
        ),
        (
            "bytes",
            r#""logicalType": "decimal", "precision": 6"#,
            "DECIMAL(6, 0)",
        ),
    ] {
        let schema = format!(r#"{{"type": "{kind}", {properties}}}"#);
        assert_eq!(avro_type(&schema), format!("x {data_type}"), "{schema}");
    }
}

#[test]
fn a_logical_type_beside_the_type_of_a_field_is_none() {
    let beside = r#"{"name": "at", "type": "long", "logicalType": "timestamp-millis"}"#;
    assert_eq!(avro(beside), "at BIGINT");
}

#[test]
fn names_are_found_in_their_namespace() {
    let fields = r#"
        {"name": "a", "type": {"type": "record", "name": "Money", "fields": [{"name": "cents", "type": "long"}]}},
        {"name": "b", "type": ["null", "Money"]},
        {"name": "c", "type": "com.example.Money"},
        {"name": "d", "type": {"type": "record", "name": "org.other.Box", "fields": [
            {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A"]}},
            {"name": "again", "type": "Kind"},
            {"name": "money", "type": "com.example.Money"}
        ]}},
        {"name": "e", "type": {"type": "array", "items": "org.other.Kind"}},
        {"name": "f", "type": {"type": "Money"}}
    "#;
    insta::assert_snapshot!(avro(fields), @"
    a ROW<`cents` BIGINT>
    b ROW<`cents` BIGINT>
    c ROW<`cents` BIGINT>
    d ROW<`kind` STRING, `again` STRING, `money` ROW<`cents` BIGINT>>
    e ARRAY<STRING>
    f ROW<`cents` BIGINT>
    ");
    let elsewhere = fields.replace("\"com.example.Money\"}\n        ]", "\"Money\"}\n        ]");
    assert_ne!(elsewhere, fields);
    insta::assert_snapshot!(message(&avro(&elsewhere)), @"error[avro-invalid]: the type `Money` is not defined before this place");
}

#[test]
fn members_of_unions_are_named_by_their_types() {
    let record = |name: &str| {
        format!(
            r#"{{"type": "record", "name": "{name}", "fields": [{{"name": "a", "type": "int"}}]}}"#
        )
    };
    let (order, other) = (record("Order"), record("org.other.Order"));
    let whole = format!("[{order}, {}]", record("Shipment"));
    insta::assert_snapshot!(columns("avro", "event.avsc", &whole), @"
    Order ROW<`a` INT>
    Shipment ROW<`a` INT>
    ");
    let alike = avro_type(&format!("[{order}, {other}]"));
    insta::assert_snapshot!(alike, @"x ROW<`com_example_Order` ROW<`a` INT>, `org_other_Order` ROW<`a` INT>>");
}

#[test]
fn what_avro_forbids_is_refused() {
    let refused = [
        "17",
        "{}",
        r#"{"type": ["int"]}"#,
        r#"{"type": "array"}"#,
        r#"{"type": "map"}"#,
        r#"{"type": "fixed", "name": "F"}"#,
        r#"{"type": "enum", "symbols": []}"#,
        r#"{"type": "enum", "name": "a-b", "symbols": []}"#,
        r#"{"type": "record", "name": "R", "fields": []}"#,
        r#"{"type": "record", "name": "Event", "fields": []}"#,
        r#"{"type": "record", "name": "R", "fields": [{"type": "int"}]}"#,
        r#"{"type": "record", "name": "R", "fields": [{"name": "1", "type": "int"}]}"#,
        r#"{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}, {"name": "a", "type": "int"}]}"#,
        r#"["int", ["string"]]"#,
        r#"["string", {"type": "string", "logicalType": "uuid"}]"#,
        r#""Evnet""#,
    ];
    let refused = refused.map(|schema| message(&avro_type(schema)).to_owned());
    insta::assert_snapshot!(refused.join("\n"), @"
    error[avro-invalid]: a type is a name, an object or a list
    error[avro-invalid]: a type has no `type`
    error[avro-invalid]: `type` of a type must be a name
    error[avro-invalid]: an array has no `items`
    error[avro-invalid]: a map has no `values`
    error[avro-invalid]: a `fixed` has no `size`
    error[avro-invalid]: a named type has no `name`
    error[avro-invalid]: this is not a name that Avro allows
    error[avro-invalid]: `fields` of a record must be a list of at least one field
    error[avro-invalid]: the type `com.example.Event` is defined twice
    error[avro-invalid]: a field has no `name`
    error[avro-invalid]: this is not a name that Avro allows
    error[avro-invalid]: `a` stands twice in one type
    error[avro-invalid]: a union stands directly in a union
    error[avro-invalid]: `string` stands twice in one type
    error[avro-invalid]: the type `Evnet` is not defined before this place
    ");
}

#[test]
fn what_has_no_flink_type_is_refused_with_its_path() {
    let schemas = [
        r#""null""#,
        r#"["null"]"#,
        r#"{"type": "array", "items": "Event"}"#,
        r#"{"type": "long", "logicalType": "timestamp-nanos"}"#,
        r#"{"type": "int", "logicalType": "time-millis", "flink.precision": 6}"#,
        r#"{"type": "bytes", "logicalType": "decimal"}"#,
        r#"{"type": "bytes", "logicalType": "decimal", "precision": 39}"#,
        r#"{"type": "bytes", "logicalType": "decimal", "precision": "6"}"#,
    ];
    let refused = schemas.map(|schema| message(&avro_type(schema)).to_owned());
    insta::assert_snapshot!(refused.join("\n"), @"
    error[unmapped-type]: `x` is never anything but null
    error[unmapped-type]: `x` is never anything but null
    error[unmapped-type]: `x[*]` contains itself: it is inside the record `com.example.Event` already
    error[unmapped-type]: `x` is a `timestamp-nanos`, for which Confluent Cloud documents no type
    error[unmapped-type]: `x` has 6 digits of a second; Flink has at most 3 here
    error[unmapped-type]: `x` is a decimal without `precision`
    error[unmapped-type]: `x` is a decimal of 39 digits, 0 of them behind the point; Flink has 1 to 38
    error[unmapped-type]: `x` has a `precision` that is no whole number
    ");
}

#[test]
fn one_run_reports_every_field_and_each_once() {
    let broken = avro(
        r#"{"name": "a", "type": {"type": "record", "name": "R", "fields": [{"name": "n", "type": "null"}]}},
           {"name": "b", "type": "R"}, {"name": "c", "type": "nll"}"#,
    );
    let lines: Vec<&str> = broken
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    error[unmapped-type]: `a.n` is never anything but null
    error[avro-invalid]: the type `nll` is not defined before this place
    ");
}

#[test]
fn types_that_use_each_other_repeatedly_are_not_spelled_out_for_ever() {
    /// Forty records, each with two fields: of the record before it, and of that or another type.
    fn records(other: impl Fn(&str) -> String) -> String {
        let mut inner = r#""int""#.to_owned();
        let fields = (0..40).map(|level| {
            let fields = format!(
                r#"{{"name": "a", "type": {inner}}}, {{"name": "b", "type": {}}}"#,
                other(&inner)
            );
            inner = format!(r#""R{level}""#);
            format!(
                r#"{{"name": "f{level}", "type": {{"type": "record", "name": "R{level}", "fields": [{fields}]}}}}"#
            )
        });
        avro(&fields.collect::<Vec<_>>().join(", "))
    }
    let wide = records(str::to_owned);
    assert!(message(&wide).contains("more than 10000 types"), "{wide}");
    assert_eq!(wide.matches("error[").count(), 1, "{wide}");
    let deep = records(|_| r#""int""#.to_owned());
    assert!(message(&deep).contains("more than 32 levels"), "{deep}");
}
