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
        Condition::SomeText(some) => some_text(some, scope.row),
        Condition::AnyElement(any) => {
            let elements = any.elements.iter();
            let outcomes = elements.map(|element| evaluate(element, scope));
            any_element(any, scope.row, polarity, outcomes)
        }
    }
}

pub(super) fn test(test: &Test, scope: Scope<'_>) -> Truth {
    test.predicate.holds(&Reading::new(&test.subject, scope))
}

/// Whether some element has one of the texts; unknown of anything but a list.
pub(super) fn some_text(some: &SomeText, row: &Row) -> Truth {
    let has_text = |element: &Json| {
        let json = element.get(&some.steps);
        json.is_some_and(|json| is_one_of(json, &some.texts))
    };
    with_elements(&some.array, row, |elements| elements.iter().any(has_text)).into()
}

/// Something of the elements of the list that stands at a place; `None` of anything else.
fn with_elements<T>(place: &Place, row: &Row, of: impl FnOnce(&[Json]) -> T) -> Option<T> {
    let of_list = |json: &Json| match json {
        Json::Array(elements) => Some(of(elements)),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Text(_) | Json::Object(_) => None,
    };
    match &place.document {
        Some(steps) => of_list(row.document(place)?.get(steps)?),
        None => of_list(&Json::from(row.typed(place)?)),
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

/// True where one of the elements' outcomes is, else false where there is a list. Under `not` that has to be one, and all
/// of its elements among those that were looked at.
pub(super) fn any_element(
    any: &AnyElement,
    row: &Row,
    polarity: Polarity,
    mut outcomes: impl Iterator<Item = Truth>,
) -> Truth {
    if outcomes.any(|outcome| outcome == Truth::True) {
        return Truth::True;
    }
    let most = usize::try_from(any.most).unwrap_or(usize::MAX);
    let seen = match polarity {
        Polarity::Positive => is_present(&any.array, row),
        Polarity::Negative => {
            with_elements(&any.array, row, |elements| elements.len() <= most).unwrap_or(false)
        }
    };
    if seen { Truth::False } else { Truth::Unknown }
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
