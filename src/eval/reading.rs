//! What tests look at, read in a row as its type.
//!
//! [`Subject`] writes the SQL that reads a field; this reads the same without SQL, function by function: `typed` and
//! `constant`, `seconds`, the comparisons.

use std::cmp::Ordering;

use super::cast;
use super::cell::Cell;
use super::exact::Exact;
use super::instant::TextInstant;
use super::{Found, Scope};
use crate::ir::{EpochUnit, InstantForm, Subject, Value, ValueType};
use crate::sql::{BinaryOperator, DataType, Truth};

/// Nanoseconds.
const SECOND: i128 = 1_000_000_000;

/// 1600-01-01T00:00:00Z in seconds.
const YEAR_1600: i64 = -11_676_096_000;

/// A subject in a row.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'r> {
    subject: &'r Subject,
    scope: Scope<'r>,
}

/// A value read as the type of its subject.
#[derive(Debug, Clone)]
pub(super) enum Typed<'r> {
    Text(&'r str),
    Boolean(bool),
    Exact(Exact),
    Float(f32),
    Double(f64),
    /// Nanoseconds since 1970.
    Instant(i128),
}

impl<'r> Reading<'r> {
    /// A subject in the row of a scope.
    pub(super) fn new(subject: &'r Subject, scope: Scope<'r>) -> Self {
        Self { subject, scope }
    }

    /// Another subject in the same row.
    #[must_use]
    pub fn other<'o>(&self, subject: &'o Subject) -> Reading<'o>
    where
        'r: 'o,
    {
        Reading::new(subject, self.scope)
    }

    /// `subject operator value`.
    pub fn compare(&self, operator: BinaryOperator, value: &Value) -> Truth {
        if let (Value::Instant(instant), BinaryOperator::GreaterOrEqual | BinaryOperator::Less) =
            (value, operator)
            && self.subject.value_type == ValueType::Instant(InstantForm::Text)
            && let Some(seconds) = instant.whole_seconds()
        {
            // The SQL leaves the fraction out here. That matters where it rounds up to a whole second.
            let found = self.seconds().map(|found| found.cmp(&seconds));
            return found.and_then(|order| holds(operator, order)).into();
        }
        self.order(self.constant(value))
            .and_then(|order| holds(operator, order))
            .into()
    }

    /// `subject operator other`.
    pub fn compare_with(&self, operator: BinaryOperator, other: &Self) -> Truth {
        let order = if self.subject.value_type == other.subject.value_type {
            self.order(other.typed())
        } else {
            let (one, other) = (self.since_1970(), other.since_1970());
            one.zip(other).and_then(|(one, other)| order(&one, &other))
        };
        order.and_then(|order| holds(operator, order)).into()
    }

    /// `subject IN (values)`.
    pub fn is_in(&self, values: &[Value]) -> Truth {
        let Some(found) = self.typed() else {
            return Truth::Unknown;
        };
        Truth::any(values.iter().map(|value| {
            let value = self.constant(value);
            let value = match (&found, value) {
                // Lists are made of values of the field's own type; other comparisons widen it.
                (Typed::Float(_), Some(Typed::Exact(value))) => {
                    Some(Typed::Float(value.to_float()))
                }
                (_, value) => value,
            };
            let order = value.and_then(|value| order(&found, &value));
            order.map(Ordering::is_eq).into()
        }))
    }

    /// `subject BETWEEN low AND high`.
    pub fn is_between(&self, low: &Value, high: &Value) -> Truth {
        let holds_for = |operator, bound| {
            let order = self.order(self.constant(bound));
            Truth::from(order.and_then(|order| holds(operator, order)))
        };
        Truth::all([
            holds_for(BinaryOperator::GreaterOrEqual, low),
            holds_for(BinaryOperator::LessOrEqual, high),
        ])
    }

    /// The value as text: typed text, or the text of a scalar in a document.
    pub fn text(&self) -> Option<&'r str> {
        match self.value()? {
            Raw::Text(text) => Some(text),
            Raw::Cell(_) => None,
        }
    }

    /// Whether the instant is not before so many seconds since 1970.
    pub fn is_since(&self, since: i64) -> Truth {
        match self.typed() {
            Some(Typed::Instant(instant)) if self.is_timestamp() => {
                Truth::from(instant.div_euclid(SECOND) >= i128::from(since))
            }
            _ => self.seconds().map(|seconds| seconds >= since).into(),
        }
    }

    fn is_timestamp(&self) -> bool {
        self.subject.value_type == ValueType::Instant(InstantForm::Timestamp)
    }

    /// Whole seconds since 1970, rounded down in text and timestamps, and towards 1970 in numbers. Timestamps before 1600
    /// have none, as text has none.
    pub fn seconds(&self) -> Option<i64> {
        match self.subject.value_type {
            ValueType::Instant(InstantForm::Epoch(unit)) => cast::to_whole(&self.in_seconds(unit)?),
            ValueType::Instant(InstantForm::Timestamp) => match self.typed()? {
                Typed::Instant(instant) => {
                    let seconds = i64::try_from(instant.div_euclid(SECOND)).ok();
                    seconds.filter(|seconds| *seconds >= YEAR_1600)
                }
                _ => None,
            },
            _ => TextInstant::read(self.text()?).map(|instant| instant.seconds),
        }
    }

    /// Seconds since 1970 with their fraction, which only an instant with whole seconds has.
    fn since_1970(&self) -> Option<Typed<'r>> {
        if let ValueType::Instant(InstantForm::Epoch(unit)) = self.subject.value_type {
            return number(&self.in_seconds(unit)?);
        }
        self.seconds()?;
        match self.typed()? {
            Typed::Instant(nanoseconds) => Some(Typed::Exact(Exact::new(nanoseconds, 9))),
            _ => None,
        }
    }

    /// The number of an epoch, as seconds.
    fn in_seconds(&self, unit: EpochUnit) -> Option<Cell> {
        let number = self.number()?;
        match unit {
            EpochUnit::Seconds => Some(number),
            EpochUnit::Milliseconds => self.multiply(&number, -3, 4),
            EpochUnit::Microseconds => self.multiply(&number, -6, 7),
        }
    }

    /// Milliseconds since 1970, without what is finer.
    pub(super) fn milliseconds(&self) -> Option<i64> {
        let milliseconds = match self.subject.value_type {
            ValueType::Instant(InstantForm::Epoch(unit)) => {
                let number = self.number()?;
                match unit {
                    EpochUnit::Seconds => self.multiply(&number, 3, 10)?,
                    EpochUnit::Milliseconds => number,
                    EpochUnit::Microseconds => self.multiply(&number, -3, 4)?,
                }
            }
            _ => Cell::Exact(Exact::new(TextInstant::read(self.text()?)?.since_1970(), 6)),
        };
        cast::to_whole(&milliseconds)
    }

    /// Whole seconds since 1970 when the row is read.
    pub fn now(&self) -> i64 {
        let seconds = self.scope.now.nanoseconds().div_euclid(SECOND);
        i64::try_from(seconds).unwrap_or(i64::MAX)
    }

    /// Whether a readable row lacks the value or holds null; unknown for an unreadable document.
    pub fn is_null(&self) -> Truth {
        !self.is_not_null()
    }

    /// Whether a readable row holds the value; unknown for an unreadable document.
    pub fn is_not_null(&self) -> Truth {
        let (row, place) = (self.scope.row, &self.subject.place);
        let Some(steps) = &place.document else {
            return Truth::from(row.typed(place).is_some());
        };
        match row.document(place) {
            Some(document) => Truth::from(document.get(steps).is_some_and(|json| !json.is_null())),
            // Below a map the text belongs to one key: where the key is missing, so is the value.
            None if !place.accesses.is_empty() && row.typed(place).is_none() => Truth::False,
            None => Truth::Unknown,
        }
    }

    /// What stands there, for people.
    pub(super) fn found(&self) -> Found {
        let (row, place) = (self.scope.row, &self.subject.place);
        let found = Found::of(row, place);
        match found {
            Found::Value(text)
                if self.subject.value_type != ValueType::Structure && self.typed().is_none() =>
            {
                Found::Unfit(text)
            }
            found => found,
        }
    }

    fn value(&self) -> Option<Raw<'r>> {
        let (row, place) = (self.scope.row, &self.subject.place);
        match &place.document {
            Some(steps) => row.document(place)?.get(steps)?.scalar().map(Raw::Text),
            None => Some(match row.typed(place)? {
                Cell::Text(text) => Raw::Text(text.as_str()),
                cell => Raw::Cell(cell),
            }),
        }
    }

    /// The value read as the subject's type.
    pub(super) fn typed(&self) -> Option<Typed<'r>> {
        match self.subject.value_type {
            ValueType::Text | ValueType::Structure => self.text().map(Typed::Text),
            ValueType::Number | ValueType::Instant(InstantForm::Epoch(_)) => {
                number(&self.number()?)
            }
            ValueType::Boolean => match self.value()? {
                Raw::Text(text) => cast::boolean(text).map(Typed::Boolean),
                Raw::Cell(Cell::Boolean(value)) => Some(Typed::Boolean(*value)),
                Raw::Cell(_) => None,
            },
            ValueType::Instant(InstantForm::Text) => {
                let instant = TextInstant::read(self.text()?)?;
                Some(Typed::Instant(instant.since_1970()))
            }
            ValueType::Instant(InstantForm::Timestamp) => match self.value()? {
                Raw::Cell(Cell::Instant(instant)) => Some(Typed::Instant(instant.nanoseconds())),
                _ => None,
            },
        }
    }

    /// A value as what compares with [`Reading::typed`].
    fn constant<'v>(&self, value: &'v Value) -> Option<Typed<'v>> {
        match (value, self.subject.value_type) {
            (Value::Instant(instant), ValueType::Instant(InstantForm::Epoch(unit))) => {
                let scaled = instant.nanoseconds() * unit.per_second();
                Some(Typed::Exact(Exact::new(scaled, 9).normalize()))
            }
            (Value::Instant(instant), _) => Some(Typed::Instant(instant.nanoseconds())),
            (Value::Text(text), _) => Some(Typed::Text(text)),
            (Value::Boolean(value), _) => Some(Typed::Boolean(*value)),
            (Value::Number(number), _) => Some(Typed::Exact(Exact::from(*number).normalize())),
            (Value::Pattern(_) | Value::Lookback(_), _) => None,
        }
    }

    fn order(&self, other: Option<Typed<'_>>) -> Option<Ordering> {
        order(&self.typed()?, &other?)
    }

    /// A typed number, or text read as one.
    fn number(&self) -> Option<Cell> {
        match self.value()? {
            Raw::Text(text) => {
                let read = cast::try_cast(
                    &Cell::text(cast::numeral(text)?),
                    &DataType::STRING,
                    &self.subject.numeral_type(),
                );
                read.ok().filter(|cell| !matches!(cell, Cell::Null))
            }
            Raw::Cell(cell @ (Cell::Exact(_) | Cell::Float(_) | Cell::Double(_))) => {
                Some(cell.clone())
            }
            Raw::Cell(_) => None,
        }
    }

    /// A number of this subject times 10^`power`; `literal` digits stand for that in SQL.
    fn multiply(&self, number: &Cell, power: i8, literal: u8) -> Option<Cell> {
        let place = &self.subject.place;
        let kind = if place.is_number() {
            &place.data_type.kind
        } else {
            &self.subject.numeral_type().kind
        };
        cast::multiply(number, kind, power, literal)
    }
}

/// A value as it stands: typed, or text.
enum Raw<'r> {
    Text(&'r str),
    Cell(&'r Cell),
}

/// A number as what compares; nothing for any other value.
fn number<'r>(cell: &Cell) -> Option<Typed<'r>> {
    match cell {
        Cell::Exact(number) => Some(Typed::Exact(*number)),
        Cell::Float(number) => Some(Typed::Float(*number)),
        Cell::Double(number) => Some(Typed::Double(*number)),
        _ => None,
    }
}

/// Flink compares exact numbers exactly and everything else as floating-point numbers of the wider kind.
fn order(one: &Typed<'_>, two: &Typed<'_>) -> Option<Ordering> {
    use Typed::{Boolean, Double, Exact, Float, Instant, Text};
    match (one, two) {
        (Text(one), Text(two)) => Some(one.cmp(two)),
        (Boolean(one), Boolean(two)) => Some(one.cmp(two)),
        (Instant(one), Instant(two)) => Some(one.cmp(two)),
        (Exact(one), Exact(two)) => Some(one.cmp(two)),
        (Float(one), Float(two)) => one.partial_cmp(two),
        (Float(one), Exact(two)) if two.is_whole() => one.partial_cmp(&two.to_float()),
        (Exact(one), Float(two)) if one.is_whole() => one.to_float().partial_cmp(two),
        (Exact(_) | Float(_) | Double(_), Exact(_) | Float(_) | Double(_)) => {
            let double = |number: &Typed<'_>| match number {
                Exact(number) => number.to_double(),
                Float(number) => f64::from(*number),
                Double(number) => *number,
                Text(_) | Boolean(_) | Instant(_) => f64::NAN,
            };
            double(one).partial_cmp(&double(two))
        }
        _ => None,
    }
}

/// Whether an order is what an operator asks for; `None` for operators that do not compare.
fn holds(operator: BinaryOperator, order: Ordering) -> Option<bool> {
    match operator {
        BinaryOperator::Equal => Some(order.is_eq()),
        BinaryOperator::NotEqual => Some(order.is_ne()),
        BinaryOperator::Less => Some(order.is_lt()),
        BinaryOperator::LessOrEqual => Some(order.is_le()),
        BinaryOperator::Greater => Some(order.is_gt()),
        BinaryOperator::GreaterOrEqual => Some(order.is_ge()),
        BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply => None,
    }
}
