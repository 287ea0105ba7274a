//! Rows of events, and as somebody writes them.

use super::fixture::Fixture;
use crate::eval::{Cell, Json, Row, RowError};

fn column(row: &Row, name: &str) -> String {
    match row.column(name).unwrap() {
        Cell::Text(text) => format!("text {}", text.as_str()),
        Cell::Written(text) => format!("written {text}"),
        other => Json::from(other).to_string(),
    }
}

fn refusal(error: RowError) -> String {
    let help = error
        .help
        .map(|help| format!("; {help}"))
        .unwrap_or_default();
    format!("{}: {}{help}", error.path, error.message)
}

#[test]
fn an_event_becomes_the_row_that_its_producer_writes() {
    let fixture = Fixture::new();
    let text = r#"{"header": {"kind": 1e2}, "mirrored": true} "#;
    let row = fixture.event("document", text).unwrap();
    assert_eq!(column(&row, "data"), format!("text {text}"));
    assert_eq!(column(&row, "kind"), "text 1E+2");
    assert_eq!(column(&row, "flagged"), "true");
    assert_eq!(column(&row, "__op"), "text c");
    assert_eq!(column(&row, "id"), "null");

    let text = r#"{"header": {"kind": "k", "at": "2025-01-20T13:30:00.2509Z", "more": 1}, "text": "t", "more": 1,
        "items": [{"kind": "Loan", "attributes": {"loan": {"amount": 1.5}, "tags": ["a"], "x.y": true}}]}"#;
    let row = fixture.event("typed", text).unwrap();
    insta::assert_snapshot!(column(&row, "header"), @r#"{"kind":"k","at":"2025-01-20T13:30:00.250Z"}"#);
    insta::assert_snapshot!(column(&row, "items"), @r#"[{"kind":"Loan","attributes":{"loan":{"amount":1.50,"status":null,"secured":null}}}]"#);
    assert_eq!(column(&row, "text"), "text t");
    let row = fixture.event("flat", text).unwrap();
    insta::assert_snapshot!(column(&row, "items"), @r#"[{"kind":"Loan","attributes":{"loan.amount":"1.5","tags":"[\"a\"]","x.y":"true"}}]"#);
    let row = fixture.event("json", text).unwrap();
    insta::assert_snapshot!(column(&row, "items"), @r#"[{"kind":"Loan","attributes":{"loan":"{\"amount\":1.5}","tags":"[\"a\"]","x.y":"true"}}]"#);
}

#[test]
fn malformed_documents_are_rows_of_documents_alone() {
    let fixture = Fixture::new();
    let row = fixture.event("document", "{").unwrap();
    assert_eq!(
        (column(&row, "data"), column(&row, "kind")),
        ("text {".to_owned(), "null".to_owned())
    );
    insta::assert_snapshot!(refusal(fixture.event("typed", "{").unwrap_err()), @": the event is unreadable, which typed columns cannot hold; write the event as a JSON object");
    insta::assert_snapshot!(refusal(fixture.event("typed", "[]").unwrap_err()), @": the event is a list, which typed columns cannot hold; write the event as a JSON object");
}

#[test]
fn a_row_is_told_from_an_event_by_its_columns() {
    let fixture = Fixture::new();
    let op = |source: &str, text: &str| column(&fixture.read(source, text).unwrap(), "__op");
    assert_eq!(op("document", r#"{"data": "{}"}"#), "null");
    assert_eq!(op("document", r#"{"__op": "d"}"#), "text d");
    assert_eq!(
        op("document", r#"{"kind": "x", "id": "1"}"#),
        "text c",
        "an event that has such fields"
    );
    assert_eq!(op("document", "[]"), "text c");
    assert_eq!(op("document", "{"), "text c");
    assert_eq!(op("typed", r#"{"header": {"kind": "k"}}"#), "text c");
    assert_eq!(
        op("typed", r#"{"header": {"kind": "k"}, "__op": "u"}"#),
        "text u"
    );
}

#[test]
fn a_row_holds_what_is_written_for_each_column() {
    let fixture = Fixture::new();
    let text = r#"{"id": "1", "data": {"a": [1.50, "\u00e9"]}, "saved": "2025-01-20T13:30:00+01:00",
        "amount": 9223372036854775807, "price": 1e3, "ratio": 0.1, "exact": 1.5, "flagged": false, "__op": null}"#;
    let row = fixture.columns("document", text).unwrap();
    for (name, expected) in [
        ("id", "text 1"),
        ("data", r#"text {"a":[1.50,"é"]}"#),
        ("saved", "\"2025-01-20T12:30:00Z\""),
        ("amount", "9223372036854775807"),
        ("price", "1000.0"),
        ("ratio", "0.10000000149011612"),
        ("exact", "1.50"),
        ("flagged", "false"),
        ("__op", "null"),
        ("kind", "null"),
    ] {
        assert_eq!(column(&row, name), expected, "{name}");
    }
    let text = r#"{"bytes": "AQI=", "date": "2025-01-20", "time": "13:30:00.5", "local": "2025-01-20 13:30:00",
        "short": "abc", "tiny": -128, "counts": {"a": 2}, "plain": {"k": 1}, "data": "{"}"#;
    let row = fixture.columns("odd", text).unwrap();
    for (name, expected) in [
        ("bytes", "written AQI="),
        ("date", "written 2025-01-20"),
        ("time", "written 13:30:00.5"),
        ("local", "written 2025-01-20 13:30:00"),
        ("short", "text abc"),
        ("tiny", "-128"),
        ("counts", r#"{"a":2}"#),
        ("plain", r#"{"k":1}"#),
        ("data", "text {"),
    ] {
        assert_eq!(column(&row, name), expected, "{name}");
    }
}

#[test]
fn columns_can_be_given_beside_an_event() {
    let fixture = Fixture::new();
    let text = r#"{"header": {"kind": "k"}}"#;
    let row = fixture.event_with("document", text, r#"{"__op": "d", "id": "1"}"#);
    let columns = ["kind", "id", "__op"].map(|name| column(&row, name));
    assert_eq!(columns, ["text k", "text 1", "text d"]);
}

#[test]
fn places_are_told_as_json_pointers() {
    let fixture = Fixture::new();
    let text = r#"{"items": [{}, {"attributes": {"a/b~c": 1}}]}"#;
    let error = fixture.columns("flat", text).unwrap_err();
    assert_eq!(error.pointer(), "/items/1/attributes/a~1b~0c");
}

#[test]
fn what_a_column_cannot_hold_is_refused_with_its_place() {
    let fixture = Fixture::new();
    let refused = |source: &str, text: &str| refusal(fixture.columns(source, text).unwrap_err());
    let refusals = [
        ("document", r#"{"idd": "1"}"#),
        ("document", r#"{"id": 1}"#),
        ("document", r#"{"id": true}"#),
        ("document", r#"{"id": {}}"#),
        ("document", r#"{"amount": 1.5}"#),
        ("document", r#"{"amount": 9223372036854775808}"#),
        ("document", r#"{"amount": "1"}"#),
        ("document", r#"{"price": 1e400}"#),
        ("document", r#"{"ratio": 1e39}"#),
        ("document", r#"{"exact": 1.005}"#),
        ("document", r#"{"exact": 100000000}"#),
        ("document", r#"{"flagged": "true"}"#),
        ("document", r#"{"saved": 1737379800000}"#),
        ("document", r#"{"saved": "2025-02-30T00:00:00Z"}"#),
        ("document", r#"{"saved": "9999-12-31T23:59:59-23:59"}"#),
        ("typed", r#"{"header": {"knd": "x"}}"#),
        ("typed", r#"{"header": []}"#),
        (
            "typed",
            r#"{"items": [{}, {"attributes": {"loan": {"secured": 1}}}]}"#,
        ),
        ("flat", r#"{"items": [{"attributes": {"loan.amount": 1}}]}"#),
        ("flat", r#"{"__table": "events"}"#),
        ("odd", r#"{"bytes": "not base64"}"#),
        ("odd", r#"{"date": "2025-01-20T13:30:00"}"#),
        ("odd", r#"{"local": "2025-01-20"}"#),
        ("odd", r#"{"time": "25:00"}"#),
        ("odd", r#"{"short": "abcd"}"#),
        ("odd", r#"{"tiny": 128}"#),
        ("odd", r#"{"plain": {"k": "1"}}"#),
    ]
    .map(|(source, text)| refused(source, text));
    insta::assert_snapshot!(refusals.join("\n"));
    insta::assert_snapshot!(refused("document", "[]"), @": a row is an object with a value for each column, not a list");
}

#[test]
fn an_event_that_its_columns_cannot_hold_is_refused() {
    let fixture = Fixture::new();
    let refused = |source: &str, text: &str| refusal(fixture.event(source, text).unwrap_err());
    insta::assert_snapshot!(refused("typed", r#"{"items": [{"attributes": {"loan": {"amount": "n/a"}}}]}"#), @"items[0].attributes.loan.amount: `items[0].attributes.loan.amount` is of type DECIMAL(18, 2), which cannot hold the text `n/a`");
    insta::assert_snapshot!(refused("document", r#"{"mirrored": "yes"}"#), @"flagged: `flagged` is of type BOOLEAN, which cannot hold the text `yes`; it mirrors `mirrored` of the event; write the whole row to say what such a column holds");
    insta::assert_snapshot!(refused("document", r#"{"header": {"kind": {}}}"#), @"kind: `kind` is of type STRING, which cannot hold an object; it mirrors `header.kind` of the event; write the whole row to say what such a column holds");
}
