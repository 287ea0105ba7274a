//! Values written as text.

use std::fmt::{Debug, LowerExp};

use crate::eval::cell::Cell;
use crate::ir::Instant;
use crate::sql::TypeKind;

/// How long the text of a type is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Length {
    /// `STRING`
    Any,
    /// `CHAR(n)`
    Exactly(u32),
    /// `VARCHAR(n)`
    AtMost(u32),
}

pub(super) fn length(kind: &TypeKind) -> Option<Length> {
    match kind {
        TypeKind::String => Some(Length::Any),
        TypeKind::Char(length) => Some(Length::Exactly(*length)),
        TypeKind::VarChar(length) => Some(Length::AtMost(*length)),
        _ => None,
    }
}

impl Length {
    /// Cuts a text off behind the last character that fits, and fills `CHAR` up with blanks.
    pub(super) fn fit(self, text: String) -> Cell {
        let cut = |length: u32| -> String {
            text.chars()
                .take(usize::try_from(length).unwrap_or(usize::MAX))
                .collect()
        };
        Cell::text(match self {
            Self::Any => text,
            Self::AtMost(length) => cut(length),
            Self::Exactly(length) => {
                let width = usize::try_from(length).unwrap_or(0);
                format!("{:width$}", cut(length))
            }
        })
    }
}

/// A value of a type as text; `None` where that is not known here.
pub(super) fn print(cell: &Cell, kind: &TypeKind) -> Option<String> {
    Some(match cell {
        Cell::Text(text) => text.as_str().to_owned(),
        Cell::Boolean(true) => "TRUE".to_owned(),
        Cell::Boolean(false) => "FALSE".to_owned(),
        Cell::Exact(number) => number.to_string(),
        Cell::Float(number) => double(*number),
        Cell::Double(number) => double(*number),
        Cell::Instant(instant) => timestamp(*instant, kind)?,
        Cell::Null | Cell::Written(_) | Cell::Array(_) | Cell::Named(_) => return None,
    })
}

/// `2025-01-20 13:30:00.500` in UTC, with the digits of the type.
fn timestamp(instant: Instant, kind: &TypeKind) -> Option<String> {
    let TypeKind::TimestampLtz(digits) = kind else {
        return None;
    };
    let at = instant.civil()?;
    let fraction = format!("{:09}", at.subsec_nanosecond());
    let fraction = fraction.get(..usize::from(*digits))?;
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!(
        "{} {}{point}{fraction}",
        at.date(),
        at.strftime("%H:%M:%S")
    ))
}

/// A `FLOAT` or `DOUBLE` as Java prints it: the shortest digits that tell it from its neighbours, always with a
/// point, and with an exponent from 10^7 on and below 10^-3. (Java before 19 prints one digit too many of some.)
pub(in crate::eval) fn double<F: Copy + Debug + LowerExp + Into<f64>>(number: F) -> String {
    let value: f64 = number.into();
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}Infinity");
    }
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        return format!("{number:?}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => format!("{digits}E{exponent}"),
        Some((digit, exponent)) => format!("{digit}.0E{exponent}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked of Flink 2.2.1.
    #[test]
    fn doubles_print_as_in_java() {
        for (number, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1e10, "1.0E10"),
            (123_456_789.123, "1.23456789123E8"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (0.001, "0.001"),
            (1e-7, "1.0E-7"),
            (f64::INFINITY, "Infinity"),
        ] {
            assert_eq!(double(number), expected);
        }
        assert_eq!(double(123_456_790.0_f32), "1.2345679E8");
        assert_eq!(double(0.1_f32), "0.1");
    }

    #[test]
    fn texts_have_the_length_of_their_type() {
        let fit = |length: Length, text: &str| match length.fit(text.to_owned()) {
            Cell::Text(text) => text.as_str().to_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(fit(Length::AtMost(3), "\u{1f600}abc"), "\u{1f600}ab");
        assert_eq!(fit(Length::Exactly(6), "true"), "true  ");
        assert_eq!(fit(Length::Exactly(3), "true"), "tru");
        assert_eq!(fit(Length::Any, "true"), "true");
    }

    #[test]
    fn instants_are_written_with_the_digits_of_their_type() {
        let instant = Instant::parse("2025-01-20T13:30:00.5Z").unwrap();
        let written = |digits| timestamp(instant, &TypeKind::TimestampLtz(digits)).unwrap();
        assert_eq!(written(3), "2025-01-20 13:30:00.500");
        assert_eq!(written(0), "2025-01-20 13:30:00");
    }
}
