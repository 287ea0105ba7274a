//! Narrowing never excludes what a valid document holds.

use proptest::prelude::*;

use super::narrowing::{conditional, entities};
use super::*;
use crate::schema::Segment;

fn entity() -> impl Strategy<Value = Value> {
    let loan = (any::<i32>(), prop_oneof![Just("open"), Just("paid")]).prop_map(|(value, status)| {
        json!({"meta": {"kind": "Loan"}, "value": value, "amount": value, "status": status})
    });
    let car = ("[a-z]{0,3}", prop_oneof![Just("new"), Just("used")]).prop_map(|(value, status)| {
        json!({"meta": {"kind": "Car"}, "value": value, "vin": value, "status": status})
    });
    prop_oneof![loan, car]
}

fn event() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![Just("LoanCreated"), Just("CarCreated")];
    (kind, prop::collection::vec(entity(), 1..4))
        .prop_map(|(kind, entities)| json!({"header": {"type": kind}, "entities": entities}))
}

fn message() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(|early| json!({"type": "A", "body": {"x": "t"}, "early": early})),
        any::<i32>().prop_map(|x| json!({"type": "B", "body": {"x": x}})),
        any::<bool>().prop_map(|late| json!({"type": "C", "body": {}, "late": late})),
    ]
}

/// The scalars of a document with their paths.
fn scalars(value: &Value, at: &FieldPath, found: &mut Vec<(FieldPath, Value)>) {
    match value {
        Value::Object(keys) => {
            for (key, value) in keys {
                scalars(value, &at.join(Segment::Key(key.clone())), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in (0..).zip(items) {
                scalars(value, &at.join(Segment::Index(index)), found);
            }
        }
        scalar => found.push((at.clone(), scalar.clone())),
    }
}

fn fits(kind: &FieldType, value: &Value) -> bool {
    match kind {
        FieldType::Mixed(kinds) => kinds.iter().any(|kind| fits(kind, value)),
        FieldType::Text => value.is_string(),
        FieldType::Integer => value.is_i64(),
        FieldType::Number => value.is_number(),
        FieldType::Boolean => value.is_boolean(),
        other => panic!("{other:?} is no type of these schemas"),
    }
}

/// Pins some scalars of a valid document and looks up all of them.
fn check(schema: &Schema, document: &Value, pinned: u64) -> Result<(), TestCaseError> {
    prop_assert_eq!(schema.validator().unwrap().check(document), []);
    let mut all = Vec::new();
    scalars(document, &FieldPath::document(), &mut all);
    let mut pins = Pins::none();
    for (position, (path, value)) in all.iter().enumerate() {
        if pinned >> (position % 64) & 1 == 1 {
            pins.pin(path.clone(), vec![value.clone()]);
        }
    }
    prop_assert!(schema.can_hold(&pins), "{pins:?} hold in a valid document");
    for (path, value) in all {
        let field = schema.resolve(&path, &pins).map_err(|problem| {
            TestCaseError::fail(format!("{path} with {pins:?}: {}", show_problem(&problem)))
        })?;
        prop_assert!(
            fits(&field.kind, &value),
            "{path} is {:?} with {:?}",
            field.kind,
            pins
        );
        prop_assert!(
            field.closed.is_none_or(|set| set.contains(&value)),
            "{path} with {:?}",
            pins
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn valid_events_have_the_types_that_their_pins_leave(event in event(), pinned: u64) {
        check(&entities(), &event, pinned)?;
    }

    #[test]
    fn valid_messages_have_the_types_that_their_pins_leave(message in message(), pinned: u64) {
        check(&conditional(), &message, pinned)?;
    }
}
