//! What a sink gets of a row.

use super::Scope;
use super::cast::{self, UnknownCast};
use super::cell::Cell;
use super::exact::Exact;
use super::reading::Reading;
use crate::ir::{Instant, InstantForm, Projected, Projection, Subject, Value, ValueType};
use crate::sql::{DataType, TypeKind};

/// The value of a sink's column.
///
/// # Errors
/// A field as a type that it must be cast to in a way that is not known here.
pub fn project(column: &Projection, scope: Scope<'_>) -> Result<Cell, UnknownCast> {
    match &column.value {
        Projected::Column(place) => Ok(scope.row.cell(place).cloned().unwrap_or(Cell::Null)),
        Projected::Field(subject) => field(subject, &column.data_type, scope),
        Projected::Constant(value) => Ok(constant(value)),
        Projected::Metadata { route, consumer } => Ok(Cell::Named(vec![
            ("filterId".to_owned(), Cell::text(route)),
            (
                "consumerId".to_owned(),
                consumer.as_ref().map_or(Cell::Null, Cell::text),
            ),
            (
                "filteredAt".to_owned(),
                truncated(Cell::Instant(scope.now), &TypeKind::TimestampLtz(3)),
            ),
        ])),
    }
}

/// A field as a value of a type; NULL where it cannot be read so.
fn field(subject: &Subject, data_type: &DataType, scope: Scope<'_>) -> Result<Cell, UnknownCast> {
    let place = &subject.place;
    let reading = Reading::new(subject, scope);
    let is_timestamp = matches!(data_type.kind, TypeKind::TimestampLtz(_));
    if let (true, ValueType::Instant(InstantForm::Text | InstantForm::Epoch(_))) =
        (is_timestamp, subject.value_type)
    {
        return Ok(reading.milliseconds().map_or(Cell::Null, |milliseconds| {
            truncated(at(milliseconds), &data_type.kind)
        }));
    }
    if place.is_text() {
        let text = match data_type.kind {
            TypeKind::Decimal { .. } => reading.text().and_then(cast::numeral),
            _ => reading.text(),
        };
        let text = text.map_or(Cell::Null, Cell::text);
        return cast::try_cast(&text, &DataType::STRING, data_type);
    }
    let cell = scope.row.cell(place).unwrap_or(&Cell::Null);
    match cell {
        Cell::Instant(_) if is_timestamp => Ok(truncated(cell.clone(), &data_type.kind)),
        cell => cast::try_cast(cell, &place.data_type, data_type),
    }
}

/// `TO_TIMESTAMP_LTZ(milliseconds, 3)`: NULL outside of the years 0 to 9999.
fn at(milliseconds: i64) -> Cell {
    const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;
    if RANGE.contains(&milliseconds) {
        Cell::Instant(Instant::from_nanoseconds(
            i128::from(milliseconds) * 1_000_000,
        ))
    } else {
        Cell::Null
    }
}

/// An instant with as many digits of a second as its type has.
fn truncated(cell: Cell, kind: &TypeKind) -> Cell {
    match (cell, kind) {
        (Cell::Instant(instant), TypeKind::TimestampLtz(digits)) => {
            let unit = 10_i128.pow(9_u32.saturating_sub(u32::from(*digits)));
            Cell::Instant(Instant::from_nanoseconds(
                instant.nanoseconds() / unit * unit,
            ))
        }
        (cell, _) => cell,
    }
}

fn constant(value: &Value) -> Cell {
    match value {
        Value::Text(text) => Cell::text(text),
        Value::Number(number) => Cell::Exact(Exact::from(*number).normalize()),
        Value::Boolean(value) => Cell::Boolean(*value),
        Value::Instant(instant) => Cell::Instant(*instant),
        // Nothing selects these.
        Value::Pattern(_) | Value::Lookback(_) => Cell::Null,
    }
}
