//! What a sink gets of a row.

use super::Scope;
use super::cast::{self, UnknownCast};
use super::cell::Cell;
use super::exact::Exact;
use super::reading::Reading;
use crate::ir::{
    Instant, InstantForm, Projected, Projection, Subject, Value, ValueType, number_type, strict,
};
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
        return of_text(reading.text(), data_type);
    }
    let cell = scope.row.cell(place).unwrap_or(&Cell::Null);
    match cell {
        Cell::Instant(_) if is_timestamp => Ok(truncated(cell.clone(), &data_type.kind)),
        Cell::Exact(_) | Cell::Float(_) | Cell::Double(_)
            if place.data_type.kind != data_type.kind =>
        {
            of_number(cell, &place.data_type, data_type)
        }
        cell => cast::try_cast(cell, &place.data_type, data_type),
    }
}

/// Text as a value of a type.
fn of_text(text: Option<&str>, data_type: &DataType) -> Result<Cell, UnknownCast> {
    let read = |text: Option<&str>, data_type: &DataType| {
        let text = text.map_or(Cell::Null, Cell::text);
        cast::try_cast(&text, &DataType::STRING, data_type)
    };
    let numeral = text.and_then(cast::numeral);
    match data_type.kind {
        TypeKind::Decimal { precision, scale } => match strict(precision, scale) {
            Some(strict) => cast::try_cast(&read(numeral, &strict)?, &strict, data_type),
            None => read(numeral, data_type),
        },
        TypeKind::Float | TypeKind::Double => {
            read(text.filter(|text| cast::is_floating(text)), data_type)
        }
        ref kind if kind.is_number() => whole(&read(numeral, &number_type())?, data_type),
        _ => read(text, data_type),
    }
}

/// A number as a value of another type.
fn of_number(number: &Cell, from: &DataType, data_type: &DataType) -> Result<Cell, UnknownCast> {
    match (&data_type.kind, number) {
        (TypeKind::Decimal { precision, scale }, Cell::Float(_) | Cell::Double(_)) => {
            match strict(*precision, *scale) {
                Some(strict) => {
                    let number = cast::try_cast(number, from, &strict)?;
                    cast::try_cast(&number, &strict, data_type)
                }
                None => cast::try_cast(number, from, data_type),
            }
        }
        (kind, Cell::Float(_) | Cell::Double(_)) if cast::is_whole(kind) => {
            whole(&cast::try_cast(number, from, &number_type())?, data_type)
        }
        (kind, Cell::Exact(_)) if cast::is_whole(kind) => whole(number, data_type),
        _ => cast::try_cast(number, from, data_type),
    }
}

/// An exact number as one of a type of whole numbers; NULL where it is none of them.
fn whole(number: &Cell, data_type: &DataType) -> Result<Cell, UnknownCast> {
    match number {
        Cell::Exact(number) if number.normalize().is_whole() => {
            let text = Cell::text(number.normalize().to_string());
            cast::try_cast(&text, &DataType::STRING, data_type)
        }
        _ => Ok(Cell::Null),
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

/// An instant with as many digits of a second as its type has. Flink cuts the digits of milliseconds off towards 1970,
/// and finer ones downwards. It asks how long the number of nanoseconds is, without its leading zeros: 000,000,001 has
/// one digit and stays as it is (`DateTimeUtils.truncate` of Flink 2.2).
fn truncated(cell: Cell, kind: &TypeKind) -> Cell {
    const MILLISECOND: i128 = 1_000_000;
    match (&cell, kind) {
        (Cell::Instant(instant), TypeKind::TimestampLtz(digits)) => {
            let nanoseconds = instant.nanoseconds();
            if nanoseconds.rem_euclid(1_000_000_000) < 10_i128.pow(u32::from(*digits)) {
                return cell;
            }
            let milliseconds = nanoseconds.div_euclid(MILLISECOND);
            let finer = nanoseconds.rem_euclid(MILLISECOND);
            let cut = |number: i128, digits: u8| {
                let unit = 10_i128.pow(u32::from(digits));
                number / unit * unit
            };
            let nanoseconds = match digits {
                0..=3 => cut(milliseconds, 3 - digits) * MILLISECOND,
                _ => milliseconds * MILLISECOND + cut(finer, 9_u8.saturating_sub(*digits)),
            };
            Cell::Instant(Instant::from_nanoseconds(nanoseconds))
        }
        _ => cell,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked of Flink 2.2.1.
    #[test]
    fn instants_before_1970_lose_digits_as_in_flink() {
        for (nanoseconds, digits, expected) in [
            (-11_670_912_000_000_001_000, 3, -11_670_912_000_001_000_000),
            (-11_670_912_000_000_001_000, 9, -11_670_912_000_000_001_000),
            (-1_500_000_001, 6, -1_500_001_000),
            (-1_500_000_000, 0, -1_000_000_000),
            (-1_499_999_999, 2, -1_500_000_000),
            (1_999_999_999, 3, 1_999_000_000),
            (1_999_999_999, 0, 1_000_000_000),
            (1_000_000_999, 3, 1_000_000_999),
            (1_000_001_000, 3, 1_000_000_000),
            (1, 0, 0),
        ] {
            let instant = Cell::Instant(Instant::from_nanoseconds(nanoseconds));
            let found = truncated(instant, &TypeKind::TimestampLtz(digits));
            let Cell::Instant(found) = found else {
                panic!("{found:?}")
            };
            assert_eq!(found.nanoseconds(), expected, "{nanoseconds} {digits}");
        }
    }
}
