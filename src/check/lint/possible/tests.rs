//! What the interpreter says is held against all events over a few values.

use std::collections::HashMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::domain::Declared;
use super::*;
use crate::eval::{Row, Scope, evaluate};
use crate::ir::operator::{Form, Operator, Predicate};
use crate::ir::{
    Condition, Decimal, Instant, Origin, Place, Step, Subject, Test, Value, ValueType,
};
use crate::source_text::{Sources, Span};
use crate::sql::{BinaryOperator, DataType, Truth};

/// `kind` is one of three texts, `note` any text, `count` and `limit` are numbers, `count` from 0 to 2.
const FIELDS: [&str; 4] = ["kind", "note", "count", "limit"];

fn subject(field: &str) -> Subject {
    let value_type = match field {
        "kind" | "note" => ValueType::Text,
        _ => ValueType::Number,
    };
    let document = Some(vec![Step::Key("value".to_owned())]);
    Subject {
        place: Place {
            document,
            ..Place::column(field, DataType::STRING)
        },
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

/// Documents in which a field is missing, null, of another type or unreadable, or has one of its values.
fn documents(field: &str) -> Vec<(Option<Value>, String)> {
    let document = |value: &Value| match value {
        Value::Text(text) => format!("{{\"value\": \"{text}\"}}"),
        Value::Number(number) => format!("{{\"value\": {number}}}"),
        other => panic!("{other:?}"),
    };
    let values = values(field).into_iter();
    let values = values.map(|value| (Some(value.clone()), document(&value)));
    let odd = ["{}", "{\"value\": null}", "{\"value\": [1]}", "cut off"];
    let odd = odd.map(|text| (None, text.to_owned()));
    values.chain(odd).collect()
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
        (Form::Many(meaning), values) => Predicate::Many(meaning, values.to_vec()),
        (Form::Range(meaning), [low, high]) => Predicate::Range(meaning, low.clone(), high.clone()),
        (Form::Own { meaning, .. }, [value]) => Predicate::Own(meaning, value.clone()),
        (Form::Alone(meaning), []) => Predicate::Alone(meaning),
        _ => panic!("{key} with {operands:?}"),
    };
    condition(field, operator, predicate)
}

fn condition(field: &str, operator: &'static Operator, predicate: Predicate) -> Condition {
    let nowhere = Span::new(Sources::default().add("route.yaml", ""), 0..0);
    Condition::Test(Test {
        origin: Origin {
            path: field.to_owned(),
            test: operator.key.to_owned(),
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

fn has(outcome: Outcome, answer: Truth) -> bool {
    match outcome {
        Outcome::True => answer == Truth::True,
        Outcome::False => answer == Truth::False,
        Outcome::NotTrue => answer != Truth::True,
        Outcome::NotFalse => answer != Truth::False,
    }
}

/// A row with the values of its fields.
type Event = (Vec<Option<Value>>, Row);

fn answer(condition: &Condition, event: &Event) -> Truth {
    let now = Instant::from_nanoseconds(0);
    evaluate(condition, Scope { row: &event.1, now })
}

const OUTCOMES: [Outcome; 4] = [
    Outcome::True,
    Outcome::False,
    Outcome::NotTrue,
    Outcome::NotFalse,
];

/// All combinations of what the fields can be.
fn events() -> &'static [Event] {
    static EVENTS: LazyLock<Vec<Event>> = LazyLock::new(|| {
        let mut events = vec![Vec::new()];
        for field in FIELDS {
            let longer = events.iter().flat_map(|event: &Vec<_>| {
                let documents = documents(field).into_iter();
                documents.map(|document| event.iter().cloned().chain([document]).collect())
            });
            events = longer.collect();
        }
        let events = events.into_iter().map(|event| {
            let (values, texts): (Vec<_>, Vec<_>) = event.into_iter().unzip();
            let columns = FIELDS.map(str::to_owned).into_iter().zip(texts);
            (values, Row::of_texts(columns))
        });
        events.collect()
    });
    &EVENTS
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
            let answers: Vec<_> = events().iter().map(|event| answer(&condition, event)).collect();
            for outcome in OUTCOMES {
                let mut facts = Facts::new(domain);
                let possible = facts.assume(&condition, outcome).is_ok();
                let happening = events().iter().zip(&answers).filter(|(_, answer)| has(outcome, **answer));
                for ((values, _), _) in happening {
                    prop_assert!(possible, "{outcome:?} happens: {values:?}");
                    for (field, value) in FIELDS.iter().zip(values) {
                        let Some(value) = value else { continue };
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
                    let both = (answer(&one, event), answer(&two, event));
                    prop_assert!(both.0 != Truth::True || both.1 == Truth::True, "{:?}", event.0);
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn conjunctions_of_what_is_understood_are_judged_exactly(tests in prop::collection::vec(understood(), 1..5)) {
        with_domain(|domain| {
            let conditions = Condition::All(tests);
            let happens = events().iter().any(|event| answer(&conditions, event) == Truth::True);
            prop_assert_eq!(Facts::new(domain).assume(&conditions, Outcome::True).is_ok(), happens);
            Ok(())
        })?;
    }
}
