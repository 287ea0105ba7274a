//! One event in every layout: the same conditions come to the same.

use super::fixture::{Fixture, holds};
use crate::sql::Truth::{self, False, True, Unknown};

const EVENT: &str = r#"{
  "header": {"kind": "LoanCreated", "at": "2025-01-20T13:30:00.250Z"},
  "items": [
    {"kind": "Car"},
    {"kind": "Loan", "attributes": {"loan": {"amount": 350000.00, "status": "active", "secured": true}}}
  ]
}"#;

const CONDITIONS: &[(&str, Truth)] = &[
    ("{field: header.kind, equals: LoanCreated}", True),
    (
        "{field: header.at, greaterThan: 2025-01-20T13:30:00Z}",
        True,
    ),
    ("{field: header.at, equals: 2025-01-20T13:30:00.250Z}", True),
    ("{field: header.at, withinLast: 1s}", True),
    (
        "{field: header.at, timeOfDay: {from: '08:00', to: '08:30', zone: America/New_York}}",
        False,
    ),
    (
        "{field: header.at, timeOfDay: {from: '08:30', to: '08:30:01', zone: America/New_York}}",
        True,
    ),
    (
        "{field: header.at, as: instant, lessThan: 2025-01-20T13:30:00.251Z}",
        True,
    ),
    ("{field: header.at, isNull: true}", False),
    (
        "{field: 'items[1].attributes.loan.amount', greaterThan: 100000}",
        True,
    ),
    (
        "{field: 'items[1].attributes.loan.amount', between: [1, 100000]}",
        False,
    ),
    (
        "{field: 'items[1].attributes.loan.amount', in: [350000]}",
        True,
    ),
    (
        "{field: 'items[1].attributes.loan.status', equals: active}",
        True,
    ),
    (
        "{field: 'items[1].attributes.loan.secured', equals: true}",
        True,
    ),
    (
        "{field: 'items[1].attributes.loan.secured', isNull: true}",
        False,
    ),
    (
        "{field: 'items[0].attributes.loan.status', isNull: true}",
        True,
    ),
    (
        "{field: 'items[0].attributes.loan.status', notEquals: active}",
        Unknown,
    ),
    ("{field: 'items[2].kind', equals: Car}", Unknown),
    ("{field: 'items[2].kind', isNull: true}", True),
    ("{field: 'items[*].kind', equals: Loan}", True),
    (
        "{anyElement: {in: items, where: [{field: kind, equals: Loan}, {field: attributes.loan.amount, greaterThan: 5}]}}",
        True,
    ),
];

#[test]
fn one_event_comes_to_the_same_in_every_layout() {
    let fixture = Fixture::new();
    for source in ["document", "typed", "flat", "json"] {
        let row = fixture.event(source, EVENT).unwrap();
        let written: Vec<&str> = CONDITIONS.iter().map(|(condition, _)| *condition).collect();
        let conditions = fixture.conditions(source, &written);
        for (condition, (written, expected)) in conditions.iter().zip(CONDITIONS) {
            assert_eq!(holds(condition, &row), *expected, "{source}: {written}");
        }
    }
}

/// Below a map a text belongs to one key: where it is missing, so is the value. Of an unreadable one nothing is known.
#[test]
fn unreadable_text_in_a_map_is_unknown() {
    let fixture = Fixture::new();
    let conditions = [
        "{field: 'items[0].attributes.loan.status', isNull: true}",
        "{field: 'items[0].attributes.loan.status', equals: active}",
    ];
    let conditions = fixture.conditions("json", &conditions);
    for (loan, is_null, equals) in [
        (r#""{\"status\": \"active\"}""#, False, True),
        (r#""{\"status\": null}""#, True, Unknown),
        (r#""{\"status\": ""#, Unknown, Unknown),
        (r#""""#, Unknown, Unknown),
        (r#""null""#, True, Unknown),
        (r#""active""#, Unknown, Unknown),
        ("null", True, Unknown),
    ] {
        let text =
            format!(r#"{{"items": [{{"kind": "Loan", "attributes": {{"loan": {loan}}}}}]}}"#);
        let row = fixture.columns("json", &text).unwrap();
        assert_eq!(holds(&conditions[0], &row), is_null, "{loan}");
        assert_eq!(holds(&conditions[1], &row), equals, "{loan}");
    }
}

/// Asked of Flink 2.2.1: a `FLOAT` is compared with whole numbers as a `FLOAT` and with others as a `DOUBLE`; in a list
/// every number becomes one.
#[test]
fn floating_point_columns_compare_as_in_flink() {
    let fixture = Fixture::new();
    let table = [
        ("{field: ratio, as: number, equals: 0.1}", False, False),
        ("{field: ratio, as: number, in: [0.1, 5]}", True, False),
        ("{field: ratio, as: number, notIn: [0.1, 5]}", False, True),
        ("{field: ratio, as: number, greaterThan: 0.1}", True, True),
        (
            "{field: ratio, as: number, between: [0, 0.1]}",
            False,
            False,
        ),
        ("{field: ratio, as: number, equals: 16777217}", False, True),
        ("{field: price, as: number, equals: 0.1}", True, False),
        ("{field: price, as: number, in: [16777217]}", False, True),
        (
            "{field: price, as: number, equals: {field: ratio}}",
            False,
            False,
        ),
        (
            "{field: amount, as: number, in: [16777217, 0.5]}",
            False,
            True,
        ),
        ("{field: exact, as: number, equals: 0.1}", True, False),
    ];
    let written: Vec<&str> = table.iter().map(|(condition, ..)| *condition).collect();
    let conditions = fixture.conditions("document", &written);
    let small = fixture
        .columns(
            "document",
            r#"{"ratio": 0.1, "price": 0.1, "amount": 0, "exact": 0.1}"#,
        )
        .unwrap();
    let large = r#"{"ratio": 16777217, "price": 16777217, "amount": 16777217, "exact": 16777217}"#;
    let large = fixture.columns("document", large).unwrap();
    for (condition, (written, of_small, of_large)) in conditions.iter().zip(table) {
        assert_eq!(holds(condition, &small), of_small, "{written} of 0.1");
        assert_eq!(holds(condition, &large), of_large, "{written} of 16777217");
    }
}

#[test]
fn a_value_of_any_type_is_there_or_not() {
    let fixture = Fixture::new();
    let columns = [
        "bytes", "date", "time", "local", "short", "tiny", "counts", "plain",
    ];
    let ask = |test: &str| columns.map(|column| format!("{{field: {column}, {test}: true}}"));
    let (missing, there) = (ask("isNull"), ask("isNotNull"));
    let written: Vec<&str> = missing.iter().chain(&there).map(String::as_str).collect();
    let conditions = fixture.conditions("odd", &written);
    let row = r#"{"bytes": "AQ==", "date": "2025-01-20", "time": "13:30:00", "local": "2025-01-20T13:30:00", "short": "a", "tiny": 1, "counts": {"a": 1}, "plain": {}}"#;
    let row = fixture.columns("odd", row).unwrap();
    let nothing = fixture.columns("odd", "{}").unwrap();
    for (number, condition) in conditions.iter().enumerate() {
        let of_missing = Truth::from(number < columns.len());
        assert_eq!(holds(condition, &row), !of_missing, "{}", written[number]);
        assert_eq!(
            holds(condition, &nothing),
            of_missing,
            "{}",
            written[number]
        );
    }
}

/// Asked of Flink 2.2.1, in the session zones `UTC` and `America/New_York`.
#[test]
fn timestamps_have_times_of_day() {
    let fixture = Fixture::new();
    let conditions = [
        "{field: saved, timeOfDay: {from: '00:00', to: '12:00', zone: UTC}}",
        "{field: saved, as: epoch-millis, withinLast: 24h}",
    ];
    let conditions = fixture.conditions("document", &conditions);
    for (saved, of_day, last) in [
        ("1600-01-01T00:00:00+14:00", Unknown, False),
        ("1600-01-01T00:00:00Z", True, False),
        ("1969-12-31T23:59:59.999Z", False, False),
        ("2025-01-19T13:29:59.999Z", False, False),
        ("2025-01-19T13:30:00Z", False, True),
        ("9999-12-30T11:59:59.999Z", True, True),
        ("9999-12-31T11:59:59.999Z", Unknown, True),
    ] {
        let row = fixture.columns("document", &format!(r#"{{"saved": "{saved}"}}"#));
        let row = row.unwrap();
        assert_eq!(holds(&conditions[0], &row), of_day, "{saved}");
        assert_eq!(holds(&conditions[1], &row), last, "{saved}");
    }
}

#[test]
fn columns_of_time_compare_as_instants() {
    let fixture = Fixture::new();
    let conditions = [
        "{field: saved, greaterThanOrEqual: 2025-01-20T13:30:00.250Z}",
        "{field: amount, as: epoch-millis, equals: 2025-01-20T13:30:00.250Z}",
        "{field: price, as: epoch-seconds, withinLast: 1h}",
    ];
    let conditions = fixture.conditions("document", &conditions);
    let text = r#"{"saved": "2025-01-20T14:30:00.2509+01:00", "amount": 1737379800250, "price": 1737376200.5}"#;
    let row = fixture.columns("document", text).unwrap();
    assert_eq!([True; 3], [0, 1, 2].map(|at| holds(&conditions[at], &row)));
    let nothing = fixture.columns("document", "{}").unwrap();
    assert_eq!(
        [Unknown; 3],
        [0, 1, 2].map(|at| holds(&conditions[at], &nothing))
    );
}

#[test]
fn instants_of_two_forms_compare_as_points_in_time() {
    let fixture = Fixture::new();
    let conditions = [
        "{field: saved, equals: {field: at}}",
        "{field: at, lessThan: {field: epoch, as: epoch-millis}}",
        "{field: amount, as: epoch-micros, greaterThanOrEqual: {field: saved}}",
        // An instant by its schema is read as what it is.
        "{field: price, as: epoch-seconds, equals: {field: at}}",
    ];
    let conditions = fixture.conditions("document", &conditions);
    let row = |saved: &str, at: &str, epoch: &str, amount: &str, price: &str| {
        let text = format!(
            r#"{{"saved": {saved}, "amount": {amount}, "price": {price}, "data": "{{\"at\": \"{at}\", \"epoch\": {epoch}}}"}}"#
        );
        fixture.columns("document", &text).unwrap()
    };
    for (row, expected) in [
        (
            row(
                r#""2025-01-20T13:30:00.250Z""#,
                "2025-01-20T08:30:00.25-05:00",
                "1737379800251",
                "1737379800250000",
                "1737379800.25",
            ),
            [True, True, True, True],
        ),
        (
            row(
                r#""2025-01-20T13:30:00.250Z""#,
                "2025-01-20T13:30:00.2500001Z",
                "1737379800250.0001",
                "1737379800249999",
                "1737379800",
            ),
            [False, False, False, False],
        ),
        // A timestamp before 1600 is no number.
        (
            row(
                r#""1600-01-01T00:00:00+14:00""#,
                "soon",
                r#"\"then\""#,
                "0",
                "null",
            ),
            [Unknown, Unknown, Unknown, Unknown],
        ),
        (
            row("null", "1969-12-31T23:59:59.5Z", "-499.9", "0", "-0.5"),
            [Unknown, True, Unknown, True],
        ),
    ] {
        let found = [0, 1, 2, 3].map(|at| holds(&conditions[at], &row));
        assert_eq!(found, expected);
    }
}
