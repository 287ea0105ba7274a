//! The leaves of conditions, and for which values of their field they hold.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use super::values::Values;
use crate::check::TypedRoute;
use crate::eval::{Row, Scope, evaluate};
use crate::ir::operator::Predicate;
use crate::ir::{Condition, Instant, Origin, Place, SomeText, Subject, Test, Value};
use crate::sql::{DataType, Truth, TypeKind};

/// A condition without conditions inside.
#[derive(Debug, Clone, Copy)]
pub(in crate::check::lint) enum Leaf<'c> {
    /// A test of one field.
    Test(&'c Test),
    /// Some element of a list has one of some texts.
    SomeText(&'c SomeText),
}

impl<'c> Leaf<'c> {
    /// Where it is written.
    pub(in crate::check::lint) fn origin(self) -> &'c Origin {
        match self {
            Self::Test(test) => &test.origin,
            Self::SomeText(some) => &some.origin,
        }
    }

    /// A number that is the same for leaves that say the same of the same.
    pub(in crate::check::lint) fn likeness(self) -> u64 {
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        match self {
            Self::Test(test) => {
                let operands = match &test.predicate {
                    Predicate::Compare(_, value) | Predicate::Own(_, value) => {
                        hasher.hash_one(value)
                    }
                    Predicate::Many(_, values) => {
                        let values = values.iter().map(|value| hasher.hash_one(value));
                        values.fold(0, u64::wrapping_add)
                    }
                    Predicate::CompareFields(_, other) => hasher.hash_one(other),
                    Predicate::Range(_, low, high) => hasher.hash_one((low, high)),
                    Predicate::Window(_, window) => hasher.hash_one(window),
                    Predicate::Alone(_) => 0,
                };
                hasher.hash_one((&test.subject, test.operator.key, operands))
            }
            Self::SomeText(some) => hasher.hash_one((&some.array, &some.steps)),
        }
    }

    /// Whether both say the same of the same.
    pub(super) fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::Test(one), Self::Test(two)) => {
                std::ptr::eq(one, two)
                    || (one.operator.key == two.operator.key
                        && one.subject == two.subject
                        && one.predicate.lower(&one.subject) == two.predicate.lower(&two.subject))
            }
            (Self::SomeText(one), Self::SomeText(two)) => {
                one.array == two.array && one.steps == two.steps && one.texts == two.texts
            }
            (Self::Test(_), Self::SomeText(_)) | (Self::SomeText(_), Self::Test(_)) => false,
        }
    }
}

/// Calls `visit` with every leaf of a route's conditions, the guard first.
pub(in crate::check::lint) fn each_leaf_of<'c>(
    typed: &'c TypedRoute<'_>,
    visit: &mut impl FnMut(Leaf<'c>),
) {
    let sinks = typed.sinks.iter().map(|sink| &sink.condition);
    let guard = typed.guard.iter();
    for condition in guard.chain([&typed.condition]).chain(sinks) {
        each_leaf(condition, visit);
    }
}

/// Calls `visit` with every leaf of a condition.
pub(in crate::check::lint) fn each_leaf<'c>(
    condition: &'c Condition,
    visit: &mut impl FnMut(Leaf<'c>),
) {
    match condition {
        Condition::Always => {}
        Condition::All(inner) | Condition::Any(inner) => {
            for one in inner {
                each_leaf(one, visit);
            }
        }
        Condition::Not(inner) => each_leaf(inner, visit),
        Condition::Test(test) => visit(Leaf::Test(test)),
        Condition::SomeText(some) => visit(Leaf::SomeText(some)),
        Condition::AnyElement(any) => {
            for element in &any.elements {
                each_leaf(element, visit);
            }
        }
    }
}

/// Whether a test asks if a value is there at all: `Some(true)` for `isNull`.
pub(super) fn asks_null(test: &Test) -> Option<bool> {
    match (&test.predicate, test.operator.key) {
        (Predicate::Alone(_), "isNull") => Some(true),
        (Predicate::Alone(_), "isNotNull") => Some(false),
        _ => None,
    }
}

/// The values out of some for which a test is true (`wanted`) or false; `None` where that cannot be told.
pub(super) fn deciding<'c>(test: &'c Test, among: &Values<'c>, wanted: bool) -> Option<Values<'c>> {
    if let Some(satisfying) = satisfying(test) {
        let deciding = if wanted {
            satisfying
        } else {
            satisfying.complement()
        };
        return Some(among.intersect(&deciding));
    }
    let Values::Texts(texts) = among else {
        return None;
    };
    let mut kept = texts.clone();
    for text in texts {
        if holds_for(test, text)? != wanted {
            kept.remove(text);
        }
    }
    Some(Values::Texts(kept))
}

/// The values for which a test is true; it is false for all others. `None` where they cannot be listed.
fn satisfying(test: &Test) -> Option<Values<'_>> {
    // NaN is neither above nor below nor equal to anything.
    let kind = &test.subject.place.data_type.kind;
    if test.subject.place.document.is_none() && matches!(kind, TypeKind::Float | TypeKind::Double) {
        return None;
    }
    match (&test.predicate, test.operator.key) {
        (Predicate::Compare(operator, value), _) => Values::compared(*operator, value),
        (Predicate::Many(_, values), "in") => Values::listed(values),
        (Predicate::Many(_, values), "notIn") => {
            Values::listed(values).map(|values| values.complement())
        }
        (Predicate::Range(_, low, high), "between") => Values::between(low, high),
        _ => None,
    }
}

/// Whether a test that looks for something in a text holds for this one.
fn holds_for(test: &Test, value: &str) -> Option<bool> {
    if !looks_into_text(test) {
        return None;
    }
    let place = Place::column("value", DataType::STRING);
    let row = Row::of_texts([(place.column.clone(), value.to_owned())]);
    let value_type = test.subject.value_type;
    let test = Condition::Test(Test {
        subject: Subject { place, value_type },
        ..test.clone()
    });
    // No such test looks at the clock.
    let now = Instant::from_nanoseconds(0);
    match evaluate(&test, Scope { row: &row, now }) {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown => None,
    }
}

/// Whether a test looks for something in a text.
pub(in crate::check::lint) fn looks_into_text(test: &Test) -> bool {
    matches!(
        &test.predicate,
        Predicate::Own(_, Value::Pattern(_) | Value::Text(_))
    )
}
