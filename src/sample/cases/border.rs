//! Values at the borders of a test: at its operand, just below and just above; equal ones that are spelled otherwise;
//! and none at all.

use super::{Aim, place, text, time};
use crate::ir::operator::Predicate;
use crate::ir::{Decimal, InstantForm, Subject, Test, Value, ValueType};
use crate::sample::json::Json;
use crate::sample::number::Exact;
use crate::sample::wish::Wish;
use crate::schema::{Field, FieldPath, FieldType, Pins, Schema};

/// Of the values that a schema lists, so many are tried.
const MOST_LISTED: usize = 8;
/// Digits behind the point that a comparison can tell apart, see [`Decimal`].
const FINEST: u32 = 10;

/// 2025-01-20T13:30:00Z in seconds since 1970.
const JANUARY_2025: i128 = 1_737_379_800;

/// Values to try together.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// What they are to the test.
    pub(super) label: String,
    /// Where they are to stand.
    pub(super) wishes: Vec<(FieldPath, Wish)>,
}

/// A value with what it is to the test.
pub(super) type Labelled = (String, Json);

/// The candidates of a test of the field at `path`, and whether the schema lists all of its values.
pub(super) fn of_test(
    test: &Test,
    path: &FieldPath,
    schema: &Schema,
    aim: Aim<'_>,
) -> (Vec<Candidate>, bool) {
    let known = schema.resolve(path, &Pins::none()).ok();
    let field = Bordered::of(&test.subject, known.as_ref());
    let possible = |json: &Json| {
        let Some(known) = &known else { return true };
        let listed = known.closed.as_ref();
        match json {
            Json::Null => known.nullable,
            json => {
                listed.is_none_or(|listed| listed.iter().any(|value| Json::from(value) == *json))
            }
        }
    };
    let one = |(label, json): Labelled| Candidate {
        label,
        wishes: vec![(path.clone(), Wish::Is(json))],
    };
    let alone = |label: &str, wish: Wish| Candidate {
        label: label.to_owned(),
        wishes: vec![(path.clone(), wish)],
    };
    let mut candidates: Vec<Candidate> = match &test.predicate {
        Predicate::CompareFields(_, other) => {
            let other_path = place::path_of(&other.place, aim.source);
            let listed = known.as_ref().and_then(|known| known.closed.as_deref());
            other_path.map_or_else(Vec::new, |other_path| {
                let other_known = schema.resolve(&other_path, &Pins::none()).ok();
                let other = Bordered::of(other, other_known.as_ref());
                pairs((path, &field), (&other_path, &other), listed)
            })
        }
        Predicate::Alone(_) => vec![alone("is there", Wish::Present)],
        predicate => {
            let mut values = values(&field, test.operator.key, predicate, aim);
            values.retain(|(_, json)| possible(json));
            values.into_iter().map(one).collect()
        }
    };
    let listed = known
        .iter()
        .filter_map(|known: &Field| known.closed.as_ref());
    for value in listed.flatten().take(MOST_LISTED) {
        candidates.push(one((format!("is {value}"), Json::from(value))));
    }
    if possible(&Json::Null) {
        candidates.push(alone("is null", Wish::Is(Json::Null)));
    }
    if !known.as_ref().is_some_and(|known| known.required) {
        candidates.push(alone("is missing", Wish::Missing));
    }
    let is_listed =
        known.is_some_and(|known| known.closed.is_some_and(|all| all.len() <= MOST_LISTED));
    (unique(candidates), is_listed)
}

/// The candidates without those that say the same as an earlier one.
fn unique(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut unique: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if !unique.iter().any(|other| other.wishes == candidate.wishes) {
            unique.push(candidate);
        }
    }
    unique
}

/// How the values of a field are written.
pub(super) struct Bordered {
    value_type: ValueType,
    /// Whether the document holds text, also where it is read as something else.
    is_text: bool,
    /// Digits behind the point.
    scale: u32,
}

fn values(field: &Bordered, operator: &str, predicate: &Predicate, aim: Aim<'_>) -> Vec<Labelled> {
    match predicate {
        Predicate::Many(_, values) => values
            .iter()
            .flat_map(|value| field.around(value))
            .collect(),
        Predicate::Range(_, low, high) => {
            let mut values = field.around(low);
            values.extend(field.around(high));
            values
        }
        Predicate::Own(_, Value::Pattern(pattern)) => text::of_pattern(pattern),
        Predicate::Own(_, Value::Lookback(lookback)) => {
            let instants = time::of_lookback(*lookback, aim.now);
            field.instants(instants)
        }
        Predicate::Own(_, Value::Text(operand)) => text::of_operand(operator, operand),
        Predicate::Compare(_, value) | Predicate::Own(_, value) => field.around(value),
        Predicate::Window(_, window) => field.instants(time::of_window(window)),
        Predicate::CompareFields(..) | Predicate::Alone(_) => Vec::new(),
    }
}

impl Bordered {
    /// `known`: what the schema says of the field.
    fn of(subject: &Subject, known: Option<&Field>) -> Self {
        Self {
            value_type: subject.value_type,
            is_text: known
                .is_some_and(|known| matches!(known.kind, FieldType::Text | FieldType::Instant)),
            scale: known.and_then(|known| known.scale).unwrap_or(FINEST),
        }
    }

    /// A value and its neighbours.
    fn around(&self, value: &Value) -> Vec<Labelled> {
        match value {
            Value::Text(operand) => text::of_operand("equals", operand),
            Value::Boolean(value) => [*value, !*value]
                .map(|value| (format!("is {value}"), self.scalar(&value.to_string())))
                .to_vec(),
            Value::Number(number) => self.numbers(*number),
            Value::Instant(instant) => self.instants(time::around(*instant)),
            Value::Pattern(_) | Value::Lookback(_) => Vec::new(),
        }
    }

    fn numbers(&self, number: Decimal) -> Vec<Labelled> {
        let operand = number.to_string();
        let Some(exact) = Exact::parse(&operand) else {
            return Vec::new();
        };
        let mut numbers = vec![(format!("is {operand}"), operand.clone())];
        for (up, side) in [(true, "above"), (false, "below")] {
            if let Some(near) = exact.neighbour(self.scale, up) {
                numbers.push((format!("is just {side} {operand}"), near.to_string()));
            }
        }
        let longer = if operand.contains('.') { "0" } else { ".0" };
        numbers.push((
            format!("is {operand} with a zero more"),
            format!("{operand}{longer}"),
        ));
        let numbers = numbers.into_iter();
        numbers
            .map(|(label, number)| (label, self.scalar(&number)))
            .collect()
    }

    /// Two values, the lower one first, where they have an order.
    fn two_values(&self) -> (Json, Json) {
        let numbers = |low: &str, high: &str| (self.scalar(low), self.scalar(high));
        let texts =
            |low: &str, high: &str| (Json::Text(low.to_owned()), Json::Text(high.to_owned()));
        match self.value_type {
            ValueType::Number => numbers("1", "2"),
            ValueType::Boolean => numbers("false", "true"),
            ValueType::Instant(InstantForm::Epoch(unit)) => {
                let [low, high] = [JANUARY_2025, JANUARY_2025 + 1]
                    .map(|seconds| (seconds * unit.per_second()).to_string());
                numbers(&low, &high)
            }
            ValueType::Instant(_) => texts("2025-01-20T13:30:00Z", "2025-01-20T15:30:01+02:00"),
            ValueType::Text | ValueType::Structure => texts("a", "b"),
        }
    }

    fn instants(&self, instants: Vec<time::Written>) -> Vec<Labelled> {
        let ValueType::Instant(InstantForm::Epoch(unit)) = self.value_type else {
            let instants = instants.into_iter();
            return instants
                .map(|written| (written.label, Json::Text(written.text)))
                .collect();
        };
        let instants = instants.into_iter();
        instants
            .map(|written| {
                let nanoseconds = written.instant.nanoseconds();
                let units = (nanoseconds * unit.per_second()).div_euclid(1_000_000_000);
                (written.label, self.scalar(&units.to_string()))
            })
            .collect()
    }

    /// A scalar as the document holds it: text where the schema says so.
    fn scalar(&self, text: &str) -> Json {
        match text {
            text if self.is_text => Json::Text(text.to_owned()),
            "true" => Json::Boolean(true),
            "false" => Json::Boolean(false),
            text => Json::Number(text.to_owned()),
        }
    }
}

/// Two fields that are equal, and that are not; `listed` are the values that the schema lists of the first one.
fn pairs(
    (one_path, one): (&FieldPath, &Bordered),
    (other_path, other): (&FieldPath, &Bordered),
    listed: Option<&[serde_json::Value]>,
) -> Vec<Candidate> {
    let [(low, high), (other_low, other_high)] = match listed {
        Some([low, .., high]) => [(low.into(), high.into()), (low.into(), high.into())],
        _ => [one.two_values(), other.two_values()],
    };
    let pair = |label: &str, a: &Json, b: &Json| Candidate {
        label: format!("{label} {other_path}"),
        wishes: vec![
            (one_path.clone(), Wish::Is(a.clone())),
            (other_path.clone(), Wish::Is(b.clone())),
        ],
    };
    vec![
        pair("is equal to", &low, &other_low),
        pair("is below", &low, &other_high),
        pair("is above", &high, &other_low),
    ]
}
