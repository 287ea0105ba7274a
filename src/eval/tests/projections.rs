//! What sinks get.

use super::fixture::{Fixture, now};
use crate::eval::{Cell, Json, Scope, project};

/// The columns of a sink for an event or a row, one a line.
fn projected(source: &str, sink: &str, text: &str) -> String {
    let fixture = Fixture::new();
    let route = fixture.routes(source, &[("always", sink)]).remove(0);
    let row = fixture.read(source, text).unwrap();
    let scope = Scope {
        row: &row,
        now: now(),
    };
    let lines = route.columns.iter().map(|column| {
        let value = match project(column, scope) {
            Ok(Cell::Written(text)) => format!("written {text}"),
            Ok(cell) => Json::from(&cell).to_string(),
            Err(error) => error.to_string(),
        };
        format!("{} {}: {value}", column.name, column.data_type)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_column_is_copied_unless_some_are_selected() {
    let row = r#"{"header": {"kind": "k"}, "items": [{"kind": null}]}"#;
    insta::assert_snapshot!(projected("flat", "metadata: true", row), @r#"
    header ROW<`kind` STRING, `at` STRING>: {"kind":"k","at":null}
    items ARRAY<ROW<`kind` STRING, `attributes` MAP<STRING, STRING>>>: [{"kind":null,"attributes":null}]
    __table STRING: "events"
    filterMetadata ROW<`filterId` STRING, `consumerId` STRING, `filteredAt` TIMESTAMP_LTZ(3)>: {"filterId":"r0","consumerId":null,"filteredAt":"2025-01-20T13:30:00.999Z"}
    "#);
}

const FIELDS: &str = "select: [
    {column: id}, {constant: x, name: layout}, {path: text, name: text}, {path: number, name: number},
    {path: number, name: rounded, type: 'DECIMAL(18, 2)'}, {path: number, name: whole, type: INT},
    {path: number, name: double, type: DOUBLE}, {path: text, name: short, type: VARCHAR(3)},
    {path: count, name: count}, {path: flag, name: flag}, {path: at, name: at}, {path: at, name: second, type: TIMESTAMP_LTZ(0)},
    {path: epoch, name: micros, as: epoch-micros}, {path: epoch, name: seconds, as: epoch-seconds}, {path: text, name: day, type: DATE}
  ]";

#[test]
fn fields_are_read_as_the_types_of_their_columns() {
    let event = r#"{"text": "active", "number": 350000.005, "count": 12, "flag": "yes", "at": "2025-02-30T08:30:00.9999-05:00",
        "epoch": 1737379800250999}"#;
    insta::assert_snapshot!(projected("document", FIELDS, event), @r#"
    id STRING: null
    layout STRING: "x"
    text STRING: "active"
    number DECIMAL(38, 10): 350000.0050000000
    rounded DECIMAL(18, 2): 350000.01
    whole INT: null
    double DOUBLE: 350000.005
    short VARCHAR(3): "act"
    count BIGINT: 12
    flag BOOLEAN: true
    at TIMESTAMP_LTZ(3): "2025-03-02T13:30:00.999Z"
    second TIMESTAMP_LTZ(0): "2025-03-02T13:30:00Z"
    micros TIMESTAMP_LTZ(3): "2025-01-20T13:30:00.250Z"
    seconds TIMESTAMP_LTZ(3): null
    day DATE: what a value of type STRING becomes in a column of type DATE is not known here
    "#);
}

#[test]
fn what_cannot_be_read_is_null() {
    let event = r#"{"text": {}, "number": "n/a", "count": 1e2, "flag": "banana", "at": "soon", "epoch": "x"}"#;
    insta::assert_snapshot!(projected("document", FIELDS, event), @r#"
    id STRING: null
    layout STRING: "x"
    text STRING: null
    number DECIMAL(38, 10): null
    rounded DECIMAL(18, 2): null
    whole INT: null
    double DOUBLE: null
    short VARCHAR(3): null
    count BIGINT: 100
    flag BOOLEAN: null
    at TIMESTAMP_LTZ(3): null
    second TIMESTAMP_LTZ(0): null
    micros TIMESTAMP_LTZ(3): null
    seconds TIMESTAMP_LTZ(3): null
    day DATE: null
    "#);
}

#[test]
fn typed_columns_are_cast() {
    let sink = "select: [
        {column: items}, {path: 'items[0].attributes.loan.amount', name: amount},
        {path: 'items[0].attributes.loan.amount', name: text, type: STRING}, {path: number, name: number},
        {path: header.at, name: at}, {path: header.at, name: written, type: STRING}, {path: epoch, name: epoch, as: epoch-millis},
        {path: number, name: printed, type: STRING}, {path: 'items[0].attributes.loan.secured', name: secured, type: STRING}
      ]";
    let event = r#"{"header": {"at": "2025-01-20T13:30:00.5Z"}, "number": 1e10, "epoch": 1737379800250,
        "items": [{"attributes": {"loan": {"amount": 350000, "secured": true}}}]}"#;
    insta::assert_snapshot!(projected("typed", sink, event), @r#"
    items ARRAY<ROW<`kind` STRING, `attributes` ROW<`loan` ROW<`amount` DECIMAL(18, 2), `status` STRING, `secured` BOOLEAN>>>>: [{"kind":null,"attributes":{"loan":{"amount":350000.00,"status":null,"secured":true}}}]
    amount DECIMAL(38, 10): 350000.0000000000
    text STRING: "350000.00"
    number DECIMAL(38, 10): 10000000000.0000000000
    at TIMESTAMP_LTZ(3): "2025-01-20T13:30:00.500Z"
    written STRING: "2025-01-20 13:30:00.500"
    epoch TIMESTAMP_LTZ(3): "2025-01-20T13:30:00.250Z"
    printed STRING: "1.0E10"
    secured STRING: "TRUE"
    "#);
}

/// Asked of Flink 2.2.1, which by itself reads `T` as 0.00, `1d` as 1.00 and 3.7 as 3.
#[test]
fn no_number_is_invented() {
    let sink = "select: [{path: number, name: short, type: 'DECIMAL(18, 2)'}, {path: number, name: double, type: DOUBLE},
        {path: count, name: count}, {path: count, name: tiny, type: TINYINT}]";
    for (value, expected) in [
        (r#""T""#, "null null null null"),
        (r#""1d""#, "null null null null"),
        (r#""NaN""#, "null null null null"),
        ("3.7", "3.70 3.7 null null"),
        ("-3.0", "-3.00 -3.0 -3 -3"),
        ("1e2", "100.00 100.0 100 100"),
        (r#"" 5. ""#, "5.00 5.0 5 5"),
        (r#"".""#, "null null null null"),
        ("128", "128.00 128.0 128 null"),
        ("99999999999999999999", "null 1.0E+20 null null"),
        (r#""1E-30""#, "0.00 1.0E-30 0 0"),
        // Rounded once: not to 0.005 first.
        ("0.004999999999951", "0.00 0.004999999999951 null null"),
        // Whole as conditions see it, in ten decimals.
        ("3.00000000001", "3.00 3.00000000001 3 3"),
    ] {
        let event = format!(r#"{{"number": {value}, "count": {value}}}"#);
        let found = projected("document", sink, &event);
        let found: Vec<_> = found
            .lines()
            .filter_map(|line| line.split(": ").nth(1))
            .collect();
        assert_eq!(found.join(" "), expected, "{value}");
    }
    let sink = "select: [{path: number, name: whole, type: BIGINT}, {path: number, name: short, type: 'DECIMAL(4, 1)'},
        {path: epoch, name: tiny, as: number, type: TINYINT}, {path: 'items[0].attributes.loan.amount', name: amount, type: INT}]";
    for (number, epoch, amount, expected) in [
        ("3.7", 127, "3.00", "null 3.7 127 3"),
        ("1e20", 128, "3.01", "null null null null"),
        ("-4", -128, "2147483648", "-4 -4.0 -128 null"),
    ] {
        let event = format!(
            r#"{{"number": {number}, "epoch": {epoch}, "items": [{{"attributes": {{"loan": {{"amount": {amount}}}}}}}]}}"#
        );
        let found = projected("typed", sink, &event);
        let found: Vec<_> = found
            .lines()
            .filter_map(|line| line.split(": ").nth(1))
            .collect();
        assert_eq!(found.join(" "), expected, "{number}");
    }
}
