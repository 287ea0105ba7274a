//! Why a condition holds for a row, or does not.

use super::condition::{any_element, some_text, test};
use super::reading::Reading;
use super::{Found, Scope};
use crate::ir::operator::Predicate;
use crate::ir::{Condition, Polarity};
use crate::sql::Truth;

/// A condition with its outcome and those of its parts.
#[derive(Debug, Clone)]
pub struct Explanation<'c> {
    /// The condition.
    pub condition: &'c Condition,
    /// What it comes to.
    pub outcome: Truth,
    /// What stands at the places that it looks at itself: the field of a test and the one it is compared with, or the
    /// list of a condition on elements.
    pub found: Vec<Found>,
    /// The conditions that it consists of; of a condition on elements, one for each element that there can be.
    pub parts: Vec<Self>,
}

/// Evaluates a condition, and every part of it.
pub fn explain<'c>(condition: &'c Condition, scope: Scope<'_>) -> Explanation<'c> {
    within(condition, scope, Polarity::Positive)
}

fn within<'c>(condition: &'c Condition, scope: Scope<'_>, polarity: Polarity) -> Explanation<'c> {
    let inner = if matches!(condition, Condition::Not(_)) {
        polarity.flipped()
    } else {
        polarity
    };
    let parts: Vec<_> = match condition {
        Condition::All(parts) | Condition::Any(parts) => parts
            .iter()
            .map(|part| within(part, scope, inner))
            .collect(),
        Condition::Not(part) => vec![within(part, scope, inner)],
        Condition::AnyElement(any) => any
            .elements
            .iter()
            .map(|part| explain(part, scope))
            .collect(),
        Condition::Always | Condition::Test(_) | Condition::SomeText(_) => Vec::new(),
    };
    let outcomes = parts.iter().map(|part| part.outcome);
    let outcome = match condition {
        Condition::Always => Truth::True,
        Condition::All(_) => Truth::all(outcomes),
        Condition::Any(_) => Truth::any(outcomes),
        Condition::Not(_) => !Truth::all(outcomes),
        Condition::Test(one) => test(one, scope),
        Condition::SomeText(some) => some_text(some, scope.row),
        Condition::AnyElement(any) => any_element(any, scope.row, polarity, outcomes),
    };
    let found = found(condition, scope);
    Explanation {
        condition,
        outcome,
        found,
        parts,
    }
}

fn found(condition: &Condition, scope: Scope<'_>) -> Vec<Found> {
    match condition {
        Condition::Test(test) => {
            let field = Reading::new(&test.subject, scope);
            let other = match &test.predicate {
                Predicate::CompareFields(_, other) => Some(field.other(other).found()),
                _ => None,
            };
            [field.found()].into_iter().chain(other).collect()
        }
        Condition::SomeText(some) => vec![Found::of(scope.row, &some.array)],
        Condition::AnyElement(any) => vec![Found::of(scope.row, &any.array)],
        Condition::Always | Condition::All(_) | Condition::Any(_) | Condition::Not(_) => Vec::new(),
    }
}
