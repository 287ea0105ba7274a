//! Conditions on some element of a list.

use super::fixture::{Fixture, holds};
use crate::sql::Truth::{False, True, Unknown};

/// Each row was asked of Flink 2.2.1: `ARRAY_CONTAINS(JSON_QUERY(...))`.
#[test]
fn some_text_is_looked_for_in_lists_alone() {
    let fixture = Fixture::new();
    let conditions = [
        "{field: 'items[*].kind', in: [Loan, '1.50']}",
        "{not: {field: 'items[*].kind', in: [Loan, '1.50']}}",
    ];
    let conditions = fixture.conditions("document", &conditions);
    for (document, plain, negated) in [
        (
            r#"{"items": [{"kind": "Car"}, {"kind": "Loan"}]}"#,
            True,
            False,
        ),
        (r#"{"items": [{"kind": 1.50}]}"#, True, False),
        (
            r#"{"items": [{"kind": null}, "s", [1], 2, null, {}]}"#,
            False,
            True,
        ),
        (r#"{"items": [null, {"kind": "Loan"}]}"#, True, False),
        (r#"{"items": []}"#, False, True),
        (r#"{"items": {"x": {"kind": "Loan"}}}"#, Unknown, Unknown),
        (r#"{"items": {"kind": "Loan"}}"#, Unknown, Unknown),
        (r#"{"items": {}}"#, Unknown, Unknown),
        (r#"{"items": "Loan"}"#, Unknown, Unknown),
        (r#"{"items": [], "items": {}}"#, Unknown, Unknown),
        (r#"{"items": [{"kind": ["Loan"]}]}"#, False, True),
        (r#"{"items": [[{"kind": "Loan"}]]}"#, False, True),
        (r#"{"items": null}"#, Unknown, Unknown),
        ("{}", Unknown, Unknown),
        ("null", Unknown, Unknown),
        ("{", Unknown, Unknown),
    ] {
        let row = fixture.event("document", document).unwrap();
        assert_eq!(holds(&conditions[0], &row), plain, "{document}");
        assert_eq!(holds(&conditions[1], &row), negated, "not, {document}");
    }
}

#[test]
fn lists_of_texts_and_of_columns_are_searched_alike() {
    let fixture = Fixture::new();
    let texts = fixture.condition("document", "{field: 'texts[*]', equals: a}");
    for (document, expected) in [
        (r#"{"texts": ["b", "a"]}"#, True),
        (r#"{"texts": ["b"]}"#, False),
        ("{}", Unknown),
    ] {
        let row = fixture.event("document", document).unwrap();
        assert_eq!(holds(&texts, &row), expected, "{document}");
    }
    let typed = fixture.condition("typed", "{field: 'items[*].kind', equals: Loan}");
    for (document, expected) in [
        (r#"{"items": [{"kind": "Car"}, {"kind": "Loan"}]}"#, True),
        (r#"{"items": [null, {"kind": null}]}"#, False),
        (r#"{"items": []}"#, False),
        (r#"{"items": null}"#, Unknown),
        ("{}", Unknown),
    ] {
        let row = fixture.event("typed", document).unwrap();
        assert_eq!(holds(&typed, &row), expected, "{document}");
    }
}

#[test]
fn an_element_must_satisfy_all_of_a_condition() {
    let fixture = Fixture::new();
    let plain = "anyElement: {in: items, where: [{field: kind, equals: Loan}, {not: {field: attributes.loan.status, equals: paid}}]}";
    for (source, list) in [
        ("document", "items"),
        ("typed", "items"),
        ("json", "items"),
        ("flat", "items"),
    ] {
        let written = [format!("{{{plain}}}"), format!("{{not: {{{plain}}}}}")];
        let conditions = fixture.conditions(source, &[&written[0], &written[1]]);
        for (items, expected) in [
            (
                r#"[{"kind": "Car"}, {"kind": "Loan", "attributes": {"loan": {"status": "active"}}}]"#,
                True,
            ),
            // Neither element alone.
            (
                r#"[{"kind": "Car", "attributes": {"loan": {"status": "active"}}}, {"kind": "Loan", "attributes": {"loan": {"status": "paid"}}}]"#,
                False,
            ),
            // What is unknown of one element does not hide that there is none.
            (r#"[{"kind": "Loan"}]"#, False),
            ("[]", False),
            ("null", Unknown),
        ] {
            let document = format!(r#"{{"{list}": {items}}}"#);
            let row = fixture.event(source, &document).unwrap();
            assert_eq!(
                holds(&conditions[0], &row),
                expected,
                "{source}: {document}"
            );
            assert_eq!(
                holds(&conditions[1], &row),
                !expected,
                "{source}: not, {document}"
            );
        }
    }
}

#[test]
fn elements_beyond_the_most_that_there_can_be_are_not_seen() {
    let fixture = Fixture::new();
    let condition = fixture.condition(
        "document",
        "{anyElement: {in: items, where: {field: kind, equals: Loan}}}",
    );
    let row = fixture
        .event("document", r#"{"items": [0, 1, 2, {"kind": "Loan"}]}"#)
        .unwrap();
    assert_eq!(holds(&condition, &row), False);
}

/// Asked of Flink 2.2.1: `CARDINALITY(JSON_QUERY(... RETURNING ARRAY<STRING>))` is NULL of anything but a list.
#[test]
fn what_is_no_list_or_longer_than_it_can_be_satisfies_no_not() {
    let fixture = Fixture::new();
    let condition = "{not: {anyElement: {in: items, where: {field: kind, equals: Loan}}}}";
    for (source, items, expected) in [
        ("document", "[]", True),
        ("document", r#"[{"kind": "Car"}, null, 5]"#, True),
        ("document", r#"[{"kind": "Loan"}, 1, 2, 3]"#, False),
        ("document", r#"[0, 1, 2, {"kind": "Loan"}]"#, Unknown),
        ("document", "[0, 1, 2, null]", Unknown),
        ("document", r#"{"kind": "Car"}"#, Unknown),
        ("document", r#""Car""#, Unknown),
        ("document", "null", Unknown),
        ("typed", r#"[{"kind": "Car"}, null, null]"#, True),
        ("typed", "[null, null, null, null]", Unknown),
        ("typed", "null", Unknown),
    ] {
        let condition = fixture.condition(source, condition);
        let row = fixture.columns(
            source,
            &if source == "typed" {
                format!(r#"{{"items": {items}}}"#)
            } else {
                let document = format!(r#"{{"items": {items}}}"#);
                format!(r#"{{"data": {}}}"#, serde_json::Value::from(document))
            },
        );
        assert_eq!(
            holds(&condition, &row.unwrap()),
            expected,
            "{source}: {items}"
        );
    }
}
