//! Why conditions hold.

use std::fmt::Write as _;

use super::fixture::{Fixture, now};
use crate::eval::{Explanation, Scope, explain};
use crate::ir::Condition;

fn render(explanation: &Explanation<'_>, depth: usize, out: &mut String) {
    let what = match explanation.condition {
        Condition::Always => "always".to_owned(),
        Condition::All(_) => "all".to_owned(),
        Condition::Any(_) => "any".to_owned(),
        Condition::Not(_) => "not".to_owned(),
        Condition::Test(test) => format!("{} {}", test.origin.path, test.operator.key),
        Condition::SomeText(some) => some.origin.path.clone(),
        Condition::AnyElement(any) => format!("any of {}", any.origin.path),
    };
    let found = if explanation.found.is_empty() {
        String::new()
    } else {
        format!(" {:?}", explanation.found)
    };
    writeln!(
        out,
        "{}{what}: {:?}{found}",
        "  ".repeat(depth),
        explanation.outcome
    )
    .unwrap();
    for part in &explanation.parts {
        render(part, depth + 1, out);
    }
}

#[test]
fn every_part_says_what_it_found() {
    let fixture = Fixture::new();
    let condition = "{any: [
        {all: [{field: text, equals: a}, {field: number, greaterThan: 1}, {field: at, lessThan: {field: until}}]},
        {not: {field: object.x, as: text, equals: a}},
        {field: header.kind, equals: k},
        {field: object, isNull: true},
        {field: 'texts[*]', equals: a},
        {anyElement: {in: items, where: {field: kind, equals: Loan}}}
      ]}";
    let condition = fixture.condition("document", condition);
    let text = r#"{"text": "b", "number": "n/a", "at": "2025-01-20T13:30:00Z", "until": null, "object": {"x": [1]}, "texts": 1,
        "items": [{"kind": "Car"}]}"#;
    let mut out = String::new();
    for text in [text, "{"] {
        let row = fixture.event("document", text).unwrap();
        render(
            &explain(
                &condition,
                Scope {
                    row: &row,
                    now: now(),
                },
            ),
            0,
            &mut out,
        );
    }
    insta::assert_snapshot!(out);
}
