//! From the alternatives of a place to one type: within an alternative facts add up, between
//! alternatives what they have in common stays.

use std::collections::BTreeSet;

use serde_json::{Number, Value};

use super::{Bound, Bounds, Field, FieldType};
use crate::schema::alternative::Alternative;
use crate::schema::document::Documents;
use crate::schema::path::FieldPath;
use crate::schema::pins;
use crate::schema::typeset::TypeSet;

/// What the alternatives say together of the field at `path`.
pub(in crate::schema) fn merge(
    path: &FieldPath,
    alternatives: &[Alternative<'_>],
    required: bool,
    documents: &Documents,
) -> Field {
    // An alternative that leaves nothing but null has no say about other values.
    let (nulls, others): (Vec<&Alternative<'_>>, Vec<_>) = alternatives.iter().partition(|one| {
        one.types()
            .is_some_and(|types| types.is_within(TypeSet::NULL))
    });
    let mut declared_at = Vec::new();
    for node in alternatives.iter().flat_map(|one| &one.nodes) {
        let place = documents.place(&node.position);
        if !declared_at.contains(&place) {
            declared_at.push(place);
        }
    }
    Field {
        path: path.clone(),
        kind: kind_of(alternatives),
        nullable: !nulls.is_empty() || others.iter().any(|one| is_nullable(one)),
        closed: closed(&others),
        bounds: Bounds {
            minimum: loosest(&others, minimum, |a, b| a < b),
            maximum: loosest(&others, maximum, |a, b| a > b),
        },
        scale: common(&others, scale).and_then(|scales| scales.into_iter().max()),
        required,
        declared_at,
        description: description(alternatives),
    }
}

/// The type of the values other than null.
pub(in crate::schema) fn kind_of(alternatives: &[Alternative<'_>]) -> FieldType {
    let mut kinds: BTreeSet<FieldType> = alternatives.iter().flat_map(kinds).collect();
    if kinds.contains(&FieldType::Number) {
        kinds.remove(&FieldType::Integer);
    }
    let lengths = kinds.iter().filter_map(|kind| match kind {
        FieldType::Array { max_items } => Some(*max_items),
        _ => None,
    });
    // `None`, the open end, is less than every bound and has to win.
    let lengths: Vec<Option<u64>> = lengths.collect();
    if !lengths.is_empty() {
        let max_items = lengths.iter().copied().collect::<Option<Vec<_>>>();
        kinds.retain(|kind| !matches!(kind, FieldType::Array { .. }));
        kinds.insert(FieldType::Array {
            max_items: max_items.and_then(|all| all.into_iter().max()),
        });
    }
    let mut kinds: Vec<FieldType> = kinds.into_iter().collect();
    match kinds.len() {
        0 => FieldType::Null,
        1 => kinds.remove(0),
        _ => FieldType::Mixed(kinds),
    }
}

fn kinds(alternative: &Alternative<'_>) -> Vec<FieldType> {
    let Some(types) = alternative.types() else {
        return vec![FieldType::Any];
    };
    let number = if types.intersects(TypeSet::FRACTION) {
        FieldType::Number
    } else {
        FieldType::Integer
    };
    let text = if says(alternative, "format", &Value::from("date-time")) {
        FieldType::Instant
    } else {
        FieldType::Text
    };
    [
        (TypeSet::BOOLEAN, FieldType::Boolean),
        (TypeSet::OBJECT, FieldType::Object),
        (
            TypeSet::ARRAY,
            FieldType::Array {
                max_items: alternative.max_items(),
            },
        ),
        (TypeSet::STRING, text),
        (TypeSet::INTEGER.union(TypeSet::FRACTION), number),
    ]
    .into_iter()
    .filter(|(set, _)| types.intersects(*set))
    .map(|(_, kind)| kind)
    .collect()
}

fn says(alternative: &Alternative<'_>, keyword: &str, value: &Value) -> bool {
    alternative
        .nodes
        .iter()
        .any(|node| node.value.get(keyword) == Some(value))
}

fn is_nullable(alternative: &Alternative<'_>) -> bool {
    alternative
        .types()
        .is_none_or(|types| types.intersects(TypeSet::NULL))
}

/// What every alternative says; `None` if one is silent, or if there is none.
fn common<'a, T>(
    alternatives: &[&Alternative<'a>],
    fact: impl Fn(&Alternative<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let facts: Vec<T> = alternatives
        .iter()
        .map(|one| fact(one))
        .collect::<Option<_>>()?;
    (!facts.is_empty()).then_some(facts)
}

fn closed(alternatives: &[&Alternative<'_>]) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    for value in common(alternatives, Alternative::closed)?
        .into_iter()
        .flatten()
    {
        if !value.is_null() && !pins::contains(&values, &value) {
            values.push(value);
        }
    }
    Some(values)
}

/// A number in a schema, in both forms that are needed of it.
struct Limit {
    value: f64,
    bound: Bound,
}

fn minimum(alternative: &Alternative<'_>) -> Option<Limit> {
    tightest(alternative, ["minimum", "exclusiveMinimum"], |a, b| a > b)
}

fn maximum(alternative: &Alternative<'_>) -> Option<Limit> {
    tightest(alternative, ["maximum", "exclusiveMaximum"], |a, b| a < b)
}

/// The limit of an alternative that excludes most. At equal values the exclusive one does.
fn tightest(
    alternative: &Alternative<'_>,
    [inclusive, exclusive]: [&str; 2],
    is_tighter: impl Fn(f64, f64) -> bool,
) -> Option<Limit> {
    let limits = alternative.nodes.iter().flat_map(|node| {
        [
            limit(node.value.get(exclusive), true),
            limit(node.value.get(inclusive), false),
        ]
    });
    let keep = |kept: Limit, next: Limit| {
        let equal = !is_tighter(kept.value, next.value) && !is_tighter(next.value, kept.value);
        let replaces = is_tighter(next.value, kept.value) || (equal && next.bound.exclusive);
        if replaces { next } else { kept }
    };
    limits.flatten().reduce(keep)
}

fn limit(value: Option<&Value>, exclusive: bool) -> Option<Limit> {
    let number = value?.as_number()?;
    Some(Limit {
        value: number.as_f64()?,
        bound: Bound {
            value: decimal(number),
            exclusive,
        },
    })
}

/// The limit that excludes least, if each alternative has one.
fn loosest<'a>(
    alternatives: &[&Alternative<'a>],
    fact: impl Fn(&Alternative<'a>) -> Option<Limit>,
    is_looser: impl Fn(f64, f64) -> bool,
) -> Option<Bound> {
    let keep = |kept: Limit, next: Limit| {
        let equal = !is_looser(kept.value, next.value) && !is_looser(next.value, kept.value);
        let replaces = is_looser(next.value, kept.value) || (equal && !next.bound.exclusive);
        if replaces { next } else { kept }
    };
    common(alternatives, fact)?
        .into_iter()
        .reduce(keep)
        .map(|limit| limit.bound)
}

/// A number without exponent.
fn decimal(number: &Number) -> String {
    match number.as_f64() {
        Some(value) if number.is_f64() => value.to_string(),
        _ => number.to_string(),
    }
}

/// The decimals that an alternative allows.
fn scale(alternative: &Alternative<'_>) -> Option<u32> {
    let types = alternative.types()?;
    if types.intersects(TypeSet::INTEGER) && !types.intersects(TypeSet::FRACTION) {
        return Some(0);
    }
    let steps = alternative
        .nodes
        .iter()
        .filter_map(|node| node.value.get("multipleOf")?.as_number());
    steps.map(|step| decimals(&decimal(step))).min()
}

fn decimals(number: &str) -> u32 {
    let fraction = number
        .split_once('.')
        .map_or("", |(_, fraction)| fraction.trim_end_matches('0'));
    u32::try_from(fraction.len()).unwrap_or(u32::MAX)
}

/// The outermost description of each alternative, if they agree.
fn description(alternatives: &[Alternative<'_>]) -> Option<String> {
    let mut texts = alternatives.iter().filter_map(|one| {
        one.nodes
            .iter()
            .find_map(|node| node.value.get("description")?.as_str())
    });
    let first = texts.next()?;
    texts.all(|text| text == first).then(|| first.to_owned())
}
