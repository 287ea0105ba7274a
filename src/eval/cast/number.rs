//! Numbers turned into each other.
//!
//! Flink's casts between numbers check nothing but `DECIMAL`'s digits: what is too large for a whole number keeps
//! its lowest bits, and a double saturates.

use super::{bits, digits};
use crate::eval::big_decimal::BigDecimal;
use crate::eval::cell::Cell;
use crate::eval::exact::{Exact, MOST_DIGITS};
use crate::sql::TypeKind;

/// What a number is in a type, NULL where it is nothing; `None` where that is not known here.
pub(super) fn convert(number: &Cell, kind: &TypeKind) -> Option<Cell> {
    let found = match kind {
        TypeKind::Decimal { precision, scale } => {
            decimal(number, *precision, *scale).map(Cell::Exact)
        }
        TypeKind::Double => double(number).map(Cell::Double),
        TypeKind::Float => float(number).map(Cell::Float),
        kind => whole(number, bits(kind)?).map(Cell::Exact),
    };
    Some(found.unwrap_or(Cell::Null))
}

fn decimal(number: &Cell, precision: u8, scale: u8) -> Option<Exact> {
    match number {
        Cell::Exact(number) => number.rescale(precision, scale),
        other => BigDecimal::of_double(double(other)?)?.round(precision, scale),
    }
}

fn double(number: &Cell) -> Option<f64> {
    match number {
        Cell::Exact(number) => Some(number.to_double()),
        Cell::Float(number) => Some(f64::from(*number)),
        Cell::Double(number) => Some(*number),
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast to FLOAT rounds")]
fn float(number: &Cell) -> Option<f32> {
    match number {
        Cell::Exact(number) => Some(number.to_float()),
        Cell::Float(number) => Some(*number),
        Cell::Double(number) => Some(*number as f32),
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "Java saturates as Rust does"
)]
fn whole(number: &Cell, bits: u32) -> Option<Exact> {
    let whole = match number {
        Cell::Exact(number) => lowest(number.truncate(), bits),
        // By way of an INT where it is shorter.
        other if bits < 32 => lowest(i128::from(double(other)? as i32), bits),
        other if bits == 32 => i64::from(double(other)? as i32),
        other => double(other)? as i64,
    };
    Some(Exact::from(i128::from(whole)))
}

/// `TRY_CAST(number AS BIGINT)`.
pub(in crate::eval) fn to_whole(number: &Cell) -> Option<i64> {
    i64::try_from(whole(number, 64)?.truncate()).ok()
}

/// The number whose two's complement has the same lowest bits.
#[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
fn lowest(number: i128, bits: u32) -> i64 {
    let unused = 64 - bits;
    ((number as i64) << unused) >> unused
}

/// A number of a type times 10^`power`, which SQL writes as a literal with `literal` digits. The product of exact
/// numbers is rounded where its type would need more digits than there are.
pub(in crate::eval) fn multiply(
    number: &Cell,
    kind: &TypeKind,
    power: i8,
    literal: u8,
) -> Option<Cell> {
    let Cell::Exact(exact) = number else {
        return Some(Cell::Double(
            double(number)? * 10_f64.powi(i32::from(power)),
        ));
    };
    let (precision, scale) = digits(kind).unwrap_or((MOST_DIGITS, 10));
    let scale = scale + power.min(0).unsigned_abs();
    let precision = precision + literal + 1;
    let excess = precision.saturating_sub(MOST_DIGITS);
    let scale = if excess == 0 {
        scale
    } else {
        scale.saturating_sub(excess).max(scale.min(6))
    };
    exact
        .shift(power)?
        .rescale(precision.min(MOST_DIGITS), scale)
        .map(Cell::Exact)
}

#[cfg(test)]
mod tests {
    use super::super::try_cast;
    use super::*;
    use crate::sql::DataType;

    fn data_type(text: &str) -> DataType {
        DataType::parse(text).unwrap()
    }

    fn read(text: &str, kind: &str) -> Cell {
        super::super::text::read(text, &data_type(kind).kind).unwrap()
    }

    fn cast(text: &str, from: &str, to: &str) -> String {
        let cell = try_cast(&read(text, from), &data_type(from), &data_type(to)).unwrap();
        match try_cast(&cell, &data_type(to), &DataType::STRING).unwrap() {
            Cell::Text(text) => text.as_str().to_owned(),
            other => format!("{other:?}"),
        }
    }

    /// Every row was asked of Flink 2.2.1.
    #[test]
    fn numbers_become_others_as_in_flink() {
        for (text, from, to, expected) in [
            ("1e20", "DOUBLE", "BIGINT", "9223372036854775807"),
            ("1e20", "DOUBLE", "INT", "2147483647"),
            ("1e20", "DOUBLE", "SMALLINT", "-1"),
            ("123456789.123", "DOUBLE", "SMALLINT", "-13035"),
            ("-1.5", "DOUBLE", "BIGINT", "-1"),
            ("2.675", "DOUBLE", "DECIMAL(38, 2)", "2.68"),
            ("1e38", "DOUBLE", "DECIMAL(38, 2)", "Null"),
            (
                "1e20",
                "FLOAT",
                "DECIMAL(38, 10)",
                "100000002004087730000.0000000000",
            ),
            ("0.1", "FLOAT", "DOUBLE", "0.10000000149011612"),
            ("0.1", "FLOAT", "DECIMAL(38, 10)", "0.1000000015"),
            ("1e20", "DECIMAL(38, 10)", "BIGINT", "7766279631452241920"),
            ("1e20", "DECIMAL(38, 10)", "INT", "1661992960"),
            ("3000000000.99", "DECIMAL(38, 10)", "INT", "-1294967296"),
            ("-70000", "DECIMAL(38, 10)", "TINYINT", "-112"),
            ("99.95", "DECIMAL(38, 10)", "DECIMAL(4, 1)", "100.0"),
            ("99999.995", "DECIMAL(38, 10)", "DECIMAL(4, 1)", "Null"),
            (
                "99999999999999.99",
                "DECIMAL(38, 10)",
                "DOUBLE",
                "9.999999999999998E13",
            ),
            ("128", "BIGINT", "TINYINT", "-128"),
            ("16777217", "BIGINT", "FLOAT", "1.6777216E7"),
            ("5", "BIGINT", "DECIMAL(5, 2)", "5.00"),
            (
                "0.0000001",
                "DECIMAL(38, 10)",
                "DECIMAL(38, 10)",
                "0.0000001000",
            ),
        ] {
            assert_eq!(cast(text, from, to), expected, "{text} {from} as {to}");
        }
    }

    #[test]
    fn products_are_rounded_as_in_flink() {
        let product = |text: &str, kind: &str, power, literal| {
            let kind = data_type(kind);
            let number = read(text, &kind.to_string());
            match multiply(&number, &kind.kind, power, literal) {
                Some(Cell::Exact(exact)) => exact.to_string(),
                other => format!("{other:?}"),
            }
        };
        let text = "DECIMAL(38, 10)";
        assert_eq!(
            product("1737379799999.9999999999", text, -3, 4),
            "1737379800.00000000"
        );
        assert_eq!(
            product("1737379799999.99999", text, -3, 4),
            "1737379799.99999999"
        );
        assert_eq!(
            product("999999999999.9999", text, -6, 7),
            "1000000.00000000"
        );
        assert_eq!(
            product("9999999999999999999999999999.9999999999", text, 3, 10),
            "10000000000000000000000000000000.000000"
        );
        assert_eq!(product("-1001", "BIGINT", -3, 4), "-1.001");
        assert_eq!(product("1.25", "DECIMAL(18, 2)", 3, 10), "1250.00");
        assert_eq!(product("1e37", "DECIMAL(38, 0)", 3, 10), "None");
    }
}
