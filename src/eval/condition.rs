//! Conditions over rows.
//!
//! What is evaluated is the condition, not its SQL; but it means what the SQL means, down to where the SQL of a negated
//! condition tells false from unknown and that of a plain one does not.

use super::Scope;
use super::json::Json;
use super::reading::Reading;
use super::row::Row;
use crate::ir::{AnyElement, Condition, Place, Polarity, SomeText, Test};
use crate::sql::Truth;

/// Whether a condition holds for a row.
pub fn evaluate(condition: &Condition, scope: Scope<'_>) -> Truth {
    within(condition, scope, Polarity::Positive)
}

pub(super) fn within(condition: &Condition, scope: Scope<'_>, polarity: Polarity) -> Truth {
    let each = |condition: &Condition| within(condition, scope, polarity);
    match condition {
        Condition::Always => Truth::True,
        Condition::All(conditions) => Truth::all(conditions.iter().map(each)),
        Condition::Any(conditions) => Truth::any(conditions.iter().map(each)),
        Condition::Not(condition) => !within(condition, scope, polarity.flipped()),
        Condition::Test(test) => self::test(test, scope),
        Condition::SomeText(some) => some_text(some, scope.row, polarity),
        Condition::AnyElement(any) => {
            let elements = any.elements.iter();
            any_element(any, scope, elements.map(|element| evaluate(element, scope)))
        }
    }
}

pub(super) fn test(test: &Test, scope: Scope<'_>) -> Truth {
    test.predicate.holds(&Reading::new(&test.subject, scope))
}

/// Whether some element has one of the texts. Anything but a list or an object in its place has no elements; under
/// `not`, `null` in its place is unknown.
pub(super) fn some_text(some: &SomeText, row: &Row, polarity: Polarity) -> Truth {
    if polarity == Polarity::Negative && !is_present(&some.array, row) {
        return Truth::Unknown;
    }
    let has_text = |array: &Json| {
        let mut elements = array.elements();
        elements.any(|element| {
            element
                .get(&some.steps)
                .is_some_and(|json| is_one_of(json, &some.texts))
        })
    };
    match &some.array.document {
        Some(steps) => {
            let array = row
                .document(&some.array)
                .and_then(|document| document.get(steps));
            // A document that is nothing but `null` has nothing at its root.
            let array = array.filter(|array| !(steps.is_empty() && array.is_null()));
            Truth::from(array.map(has_text))
        }
        None => {
            let array = row.typed(&some.array).map(Json::from);
            Truth::from(array.as_ref().map(has_text))
        }
    }
}

fn is_one_of(json: &Json, texts: &[String]) -> bool {
    match json {
        Json::Null => false,
        Json::Array(_) | Json::Object(_) => texts.contains(&json.to_string()),
        scalar => scalar
            .scalar()
            .is_some_and(|found| texts.iter().any(|text| text == found)),
    }
}

/// True where one of the elements' outcomes is, else false where there is an array.
pub(super) fn any_element(
    any: &AnyElement,
    scope: Scope<'_>,
    mut outcomes: impl Iterator<Item = Truth>,
) -> Truth {
    if outcomes.any(|outcome| outcome == Truth::True) {
        Truth::True
    } else if is_present(&any.array, scope.row) {
        Truth::False
    } else {
        Truth::Unknown
    }
}

/// Whether a value stands at a place; no for an unreadable document.
fn is_present(place: &Place, row: &Row) -> bool {
    match &place.document {
        None => row.typed(place).is_some(),
        Some(steps) => {
            let document = row.document(place);
            let found = document.and_then(|document| document.get(steps));
            found.is_some_and(|json| !json.is_null())
        }
    }
}
