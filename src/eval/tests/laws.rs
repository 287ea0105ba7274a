//! What holds of every condition and every row.

use proptest::prelude::*;

use proptest::test_runner::TestRunner;

use super::fixture::{Fixture, now};
use crate::eval::{Row, Scope, evaluate, explain};
use crate::ir::Condition;
use crate::sql::Truth;

/// Leaves that come to every outcome somewhere among [`DOCUMENTS`].
const LEAVES: &[&str] = &[
    "{field: text, equals: a}",
    "{field: text, notIn: [a, b]}",
    "{field: text, like: '_%'}",
    "{field: number, greaterThan: 1}",
    "{field: flag, equals: true}",
    "{field: at, withinLast: 1d}",
    "{field: text, isNull: true}",
    "{field: header.kind, equals: a}",
    "{anyElement: {in: items, where: [{field: kind, equals: a}, {not: {field: attributes.loan.amount, lessThan: 1}}]}}",
    // Guarded under `not`: the law below leaves it out.
    "{field: 'items[*].kind', equals: a}",
];

const DOCUMENTS: &[&str] = &[
    "{",
    "{}",
    "null",
    r#"{"text": "a", "number": 2, "flag": "y", "at": "2025-01-20T00:00:00Z", "header": {"kind": "a"}, "items": [{"kind": "a"}]}"#,
    r#"{"text": "c", "number": "2", "flag": 0, "at": "2024-01-20T00:00:00Z", "header": {"kind": "b"}, "items": []}"#,
    r#"{"text": null, "number": [], "flag": null, "at": 5, "items": null}"#,
    r#"{"text": {}, "number": 0.5, "items": [{"kind": "a", "attributes": {"loan": {"amount": 7}}}]}"#,
];

fn condition(leaves: Vec<Condition>) -> impl Strategy<Value = Condition> {
    let leaf = proptest::sample::select(leaves);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let several = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            several.clone().prop_map(Condition::All),
            several.prop_map(Condition::Any),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

fn not(condition: &Condition) -> Condition {
    Condition::Not(Box::new(condition.clone()))
}

type Law<'l> = &'l dyn Fn(&Condition, Scope<'_>) -> Result<(), TestCaseError>;

#[test]
fn not_negates_and_reasons_agree_with_outcomes() {
    let fixture = Fixture::new();
    let leaves = fixture.conditions("document", LEAVES);
    let rows: Vec<Row> = DOCUMENTS
        .iter()
        .map(|text| fixture.event("document", text).unwrap())
        .collect();
    let run = |leaves: &[Condition], law: Law<'_>| {
        let cases = (condition(leaves.to_vec()), 0..rows.len());
        let outcome = TestRunner::default().run(&cases, |(condition, row)| {
            let row = &rows[row];
            law(&condition, Scope { row, now: now() })
        });
        outcome.unwrap();
    };
    let without_guard = &leaves[..leaves.len() - 1];
    run(without_guard, &|condition, scope| {
        prop_assert_eq!(
            evaluate(&not(condition), scope),
            !evaluate(condition, scope)
        );
        Ok(())
    });
    run(&leaves, &|condition, scope| {
        let outcome = evaluate(condition, scope);
        prop_assert_eq!(evaluate(&not(&not(condition)), scope), outcome);
        prop_assert_eq!(explain(condition, scope).outcome, outcome);
        // A guard makes unknown of what is definite without it, and nothing else.
        let negated = evaluate(&not(condition), scope);
        prop_assert!(negated == !outcome || Truth::Unknown == negated || Truth::Unknown == outcome);
        Ok(())
    });
    for leaf in &leaves {
        let outcomes = rows
            .iter()
            .map(|row| evaluate(leaf, Scope { row, now: now() }));
        let mut outcomes: Vec<Truth> = outcomes.collect();
        outcomes.dedup();
        assert!(outcomes.len() > 1, "{leaf:?} says nothing");
    }
}
