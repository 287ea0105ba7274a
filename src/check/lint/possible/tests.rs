//! What the interpreter says is held against all events over a few values.

use std::collections::HashMap;

use proptest::prelude::*;

use super::domain::Declared;
use super::*;
use crate::ir::operator::{Form, Operator, Predicate};
use crate::ir::{Condition, Decimal, Origin, Place, Subject, Test, Value, ValueType};
use crate::source_text::{Sources, Span};
use crate::sql::{BinaryOperator, DataType};

/// What stands in a field of an event.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Missing,
    /// There, and not of the field's type.
    Malformed,
    /// In an unreadable event.
    Unreadable,
    Value(Value),
}

/// `kind` is one of three texts, `note` any text, `count` and `limit` are numbers, `count` from 0 to 2.
const FIELDS: [&str; 4] = ["kind", "note", "count", "limit"];

fn subject(field: &str) -> Subject {
    let value_type = match field {
        "kind" | "note" => ValueType::Text,
        _ => ValueType::Number,
    };
    Subject {
        place: Place::column(field, DataType::STRING),
        value_type,
    }
}

fn number(text: &str) -> Value {
    Value::Number(Decimal::parse(text).unwrap())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Values that tell the operands below apart, and some between them.
fn values(field: &str) -> Vec<Value> {
    match field {
        "kind" => ["a", "ab", "b"].map(text).to_vec(),
        "note" => ["a", "ab", "b", "other"].map(text).to_vec(),
        "count" => ["0", "0.5", "1", "1.5", "2"].map(number).to_vec(),
        _ => ["-1", "0", "0.5", "1", "1.5", "2", "3"]
            .map(number)
            .to_vec(),
    }
}

fn cells(field: &str) -> Vec<Cell> {
    let values = values(field).into_iter().map(Cell::Value);
    [Cell::Missing, Cell::Malformed, Cell::Unreadable]
        .into_iter()
        .chain(values)
        .collect()
}

fn declared(field: &str) -> Option<Declared> {
    let nothing = Declared {
        closed: None,
        low: None,
        high: None,
        places: Vec::new(),
    };
    match field {
        "kind" => Some(Declared {
            closed: Some(values("kind")),
            ..nothing
        }),
        "count" => Some(Declared {
            low: Some((BinaryOperator::GreaterOrEqual, number("0"))),
            high: Some((BinaryOperator::LessOrEqual, number("2"))),
            ..nothing
        }),
        _ => None,
    }
}

fn test(field: &str, key: &str, operands: &[Value]) -> Condition {
    let operator = Operator::by_key(key).unwrap();
    let predicate = match (operator.form, operands) {
        (Form::Compare(operator), [value]) => Predicate::Compare(operator, value.clone()),
        (Form::Many(lower), values) => Predicate::Many(lower, values.to_vec()),
        (Form::Range(lower), [low, high]) => Predicate::Range(lower, low.clone(), high.clone()),
        (Form::Own { lower, .. }, [value]) => Predicate::Own(lower, value.clone()),
        (Form::Alone(lower), []) => Predicate::Alone(lower),
        _ => panic!("{key} with {operands:?}"),
    };
    condition(field, operator, predicate)
}

fn condition(field: &str, operator: &'static Operator, predicate: Predicate) -> Condition {
    let nowhere = Span::new(Sources::default().add("route.yaml", ""), 0..0);
    Condition::Test(Test {
        origin: Origin {
            path: field.to_owned(),
            span: nowhere,
            operand: nowhere,
        },
        subject: subject(field),
        operator,
        predicate,
    })
}

fn less_than_limit() -> Condition {
    let operator = Operator::by_key("lessThan").unwrap();
    let predicate = Predicate::CompareFields(BinaryOperator::Less, subject("limit"));
    condition("count", operator, predicate)
}

/// SQL's answer: `None` is unknown.
fn evaluate(condition: &Condition, event: &[Cell]) -> Option<bool> {
    let and = |all: &mut dyn Iterator<Item = Option<bool>>| {
        let answers: Vec<_> = all.collect();
        if answers.contains(&Some(false)) {
            Some(false)
        } else {
            answers.iter().all(Option::is_some).then_some(true)
        }
    };
    let not = |answer: Option<bool>| answer.map(|answer| !answer);
    match condition {
        Condition::Always => Some(true),
        Condition::All(inner) => and(&mut inner.iter().map(|one| evaluate(one, event))),
        Condition::Any(inner) => not(and(&mut inner.iter().map(|one| not(evaluate(one, event))))),
        Condition::Not(inner) => not(evaluate(inner, event)),
        Condition::Test(test) => evaluate_test(test, event),
        Condition::SomeText(_) | Condition::AnyElement(_) => panic!("not generated"),
    }
}

fn evaluate_test(test: &Test, event: &[Cell]) -> Option<bool> {
    let cell = |subject: &Subject| {
        let at = FIELDS
            .iter()
            .position(|field| *field == subject.place.column);
        &event[at.unwrap()]
    };
    let compare = |one: &Value, operator: BinaryOperator, two: &Value| match (one, two) {
        (Value::Number(one), Value::Number(two)) => match operator {
            BinaryOperator::Equal => one == two,
            BinaryOperator::NotEqual => one != two,
            BinaryOperator::Less => one < two,
            BinaryOperator::LessOrEqual => one <= two,
            BinaryOperator::Greater => one > two,
            BinaryOperator::GreaterOrEqual => one >= two,
            other => panic!("{other:?}"),
        },
        (one, two) => (one == two) == (operator == BinaryOperator::Equal),
    };
    let here = cell(&test.subject);
    let key = test.operator.key;
    let value = match (key, here) {
        ("isNull" | "isNotNull", Cell::Unreadable) => return None,
        ("isNull", cell) => return Some(*cell == Cell::Missing),
        ("isNotNull", cell) => return Some(*cell != Cell::Missing),
        (_, Cell::Value(value)) => value,
        (_, _) => return None,
    };
    match &test.predicate {
        Predicate::Compare(operator, operand) => Some(compare(value, *operator, operand)),
        Predicate::CompareFields(operator, other) => match cell(other) {
            Cell::Value(other) => Some(compare(value, *operator, other)),
            _ => None,
        },
        Predicate::Many(_, values) => Some(values.contains(value) == (key == "in")),
        Predicate::Range(_, low, high) => Some(
            compare(value, BinaryOperator::GreaterOrEqual, low)
                && compare(value, BinaryOperator::LessOrEqual, high),
        ),
        Predicate::Own(_, Value::Text(part)) => match value {
            Value::Text(whole) => Some(whole.starts_with(part)),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn has(outcome: Outcome, answer: Option<bool>) -> bool {
    match outcome {
        Outcome::True => answer == Some(true),
        Outcome::False => answer == Some(false),
        Outcome::NotTrue => answer != Some(true),
        Outcome::NotFalse => answer != Some(false),
    }
}

const OUTCOMES: [Outcome; 4] = [
    Outcome::True,
    Outcome::False,
    Outcome::NotTrue,
    Outcome::NotFalse,
];

fn events() -> Vec<Vec<Cell>> {
    let mut events = vec![Vec::new()];
    for field in FIELDS {
        let longer = events.iter().flat_map(|event| {
            cells(field).into_iter().map(move |cell| {
                let mut longer = event.clone();
                longer.push(cell);
                longer
            })
        });
        events = longer.collect();
    }
    events
}

/// A test of one field that the interpreter understands.
fn understood() -> impl Strategy<Value = Condition> {
    let kind = prop::sample::subsequence(values("kind"), 1..=3);
    let note = prop::sample::subsequence(values("note")[..3].to_vec(), 1..=3);
    let bounds = ["0", "1", "2"].map(number).to_vec();
    let comparing = prop::sample::select(vec![
        "equals",
        "notEquals",
        "lessThan",
        "lessThanOrEqual",
        "greaterThan",
        "greaterThanOrEqual",
    ]);
    let many = || prop::sample::select(vec!["in", "notIn"]);
    let number_field = || prop::sample::select(vec!["count", "limit"]);
    prop_oneof![
        (many(), kind).prop_map(|(key, values)| test("kind", key, &values)),
        (many(), note).prop_map(|(key, values)| test("note", key, &values)),
        prop::sample::select(values("kind")).prop_map(|part| test("kind", "startsWith", &[part])),
        (
            number_field(),
            comparing,
            prop::sample::select(bounds.clone())
        )
            .prop_map(|(field, key, bound)| test(field, key, &[bound])),
        (number_field(), prop::sample::subsequence(bounds, 2))
            .prop_map(|(field, bounds)| test(field, "between", &bounds)),
        (prop::sample::select(FIELDS.to_vec()), any::<bool>()).prop_map(|(field, null)| {
            test(field, if null { "isNull" } else { "isNotNull" }, &[])
        }),
    ]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        8 => understood(),
        1 => prop::sample::select(values("note")).prop_map(|part| test("note", "startsWith", &[part])),
        1 => Just(less_than_limit()),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let several = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            several.clone().prop_map(Condition::All),
            several.prop_map(Condition::Any),
            inner.prop_map(|one| Condition::Not(Box::new(one))),
        ]
    })
}

/// Runs a test with what the schema says of the fields.
fn with_domain<T>(run: impl FnOnce(&Domain<'_>) -> T) -> T {
    let fields = FIELDS.map(subject);
    let declared: HashMap<_, _> = fields.iter().zip(FIELDS.map(declared)).collect();
    run(&Domain::of(&declared))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_called_impossible_never_happens(condition in any_condition()) {
        with_domain(|domain| {
            let answers: Vec<_> = events().into_iter().map(|event| (evaluate(&condition, &event), event)).collect();
            for outcome in OUTCOMES {
                let mut facts = Facts::new(domain);
                let possible = facts.assume(&condition, outcome).is_ok();
                for (answer, event) in answers.iter().filter(|(answer, _)| has(outcome, *answer)) {
                    prop_assert!(possible, "{outcome:?} happens: {event:?} {answer:?}");
                    for (field, cell) in FIELDS.iter().zip(event) {
                        let Cell::Value(value) = cell else { continue };
                        let left = facts.values(&subject(field));
                        let this = Values::listed([value]).unwrap();
                        prop_assert!(!left.intersect(&this).is_empty(), "{field} is {value:?}, not {left:?}");
                    }
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_is_called_implied_is(one in any_condition(), two in any_condition()) {
        with_domain(|domain| {
            let mut facts = Facts::new(domain);
            let implied = facts.assume(&one, Outcome::True).is_err() || facts.assume(&two, Outcome::NotTrue).is_err();
            if implied {
                for event in events() {
                    let both = (evaluate(&one, &event), evaluate(&two, &event));
                    prop_assert!(both.0 != Some(true) || both.1 == Some(true), "{event:?}");
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn conjunctions_of_what_is_understood_are_judged_exactly(tests in prop::collection::vec(understood(), 1..5)) {
        with_domain(|domain| {
            let happens = events().iter().any(|event| {
                tests.iter().all(|one| evaluate(one, event) == Some(true))
            });
            let conditions = Condition::All(tests.clone());
            prop_assert_eq!(Facts::new(domain).assume(&conditions, Outcome::True).is_ok(), happens);
            Ok(())
        })?;
    }
}
