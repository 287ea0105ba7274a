//! Exact decimal numbers, as DECIMAL(38, 10) holds them.

use std::fmt;

use crate::sql::{DataType, Expr};

/// Digits behind the point.
const SCALE: usize = 10;
/// Digits before the point.
const INTEGER_DIGITS: usize = 28;

/// A number with at most 28 digits before and 10 behind the point: what a comparison in
/// `DECIMAL(38, 10)` can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal {
    /// The number times 10^10; 38 digits fit.
    unscaled: i128,
}

/// Why a text is no [`Decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not of the form `-12.50`.
    #[error("not a plain decimal number")]
    Malformed,
    /// More digits than DECIMAL(38, 10) holds.
    #[error("more than 28 digits before or 10 behind the point")]
    OutOfRange,
}

impl Decimal {
    /// Reads `-12.50`: an optional sign, digits without leading zeros, optionally a point and digits.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((_, "")) => return Err(DecimalError::Malformed),
            Some(parts) => parts,
            None => (unsigned, ""),
        };
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || leading_zero || !digits(whole) || !digits(fraction) {
            return Err(DecimalError::Malformed);
        }
        let fraction = fraction.trim_end_matches('0');
        if whole.len() > INTEGER_DIGITS || fraction.len() > SCALE {
            return Err(DecimalError::OutOfRange);
        }
        let unscaled: i128 = format!("{whole}{fraction:0<SCALE$}")
            .parse()
            .map_err(|_| DecimalError::OutOfRange)?;
        Ok(Self {
            unscaled: if text.starts_with('-') {
                -unscaled
            } else {
                unscaled
            },
        })
    }

    /// The number times 10^10.
    pub(crate) fn unscaled(self) -> i128 {
        self.unscaled
    }

    /// Whether it is a whole number.
    pub fn is_integer(self) -> bool {
        self.unscaled % 10_i128.pow(10) == 0
    }

    /// The number without its fraction.
    pub(super) fn truncate(self) -> i128 {
        self.unscaled / 10_i128.pow(10)
    }

    /// How many digits stand behind the point, without trailing zeros.
    pub(super) fn digits_behind_point(self) -> u8 {
        let is_fine = |digits: &u8| self.unscaled % 10_i128.pow(10 - u32::from(*digits)) == 0;
        (0..10).find(is_fine).unwrap_or(10)
    }

    /// The number as SQL.
    pub fn lower(self) -> Expr {
        number(&self.to_string())
    }
}

/// A plain decimal as SQL: a literal, or a cast of text where Flink takes no literal of that length.
pub(super) fn number(text: &str) -> Expr {
    Expr::decimal(text).unwrap_or_else(|_| Expr::string(text).cast(DataType::decimal(38, 10)))
}

impl fmt::Display for Decimal {
    /// Without trailing zeros behind the point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u128.pow(10);
        let (whole, fraction) = (
            self.unscaled.unsigned_abs() / unit,
            self.unscaled.unsigned_abs() % unit,
        );
        let sign = if self.unscaled < 0 { "-" } else { "" };
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let fraction = format!("{fraction:0SCALE$}");
        write!(f, "{sign}{whole}.{}", fraction.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_and_print_without_trailing_zeros() {
        for (text, printed) in [
            ("0", "0"),
            ("-0", "0"),
            ("100000", "100000"),
            ("350000.00", "350000"),
            ("0.0000000001", "0.0000000001"),
            ("-12.50", "-12.5"),
            ("9007199254740993", "9007199254740993"),
            (
                "9999999999999999999999999999.9999999999",
                "9999999999999999999999999999.9999999999",
            ),
        ] {
            assert_eq!(Decimal::parse(text).unwrap().to_string(), printed, "{text}");
        }
    }

    #[test]
    fn regression_20_numbers_compare_as_numbers() {
        assert!(Decimal::parse("9").unwrap() < Decimal::parse("100").unwrap());
        assert!(Decimal::parse("-2").unwrap() < Decimal::parse("-1.5").unwrap());
        assert_eq!(Decimal::parse("1.10"), Decimal::parse("1.1"));
    }

    #[test]
    fn what_does_not_fit_is_refused_not_rounded() {
        for text in ["10000000000000000000000000000", "0.00000000001"] {
            assert_eq!(
                Decimal::parse(text),
                Err(DecimalError::OutOfRange),
                "{text}"
            );
        }
        for text in ["", "-", "1.", ".5", "01", "1e5", "inf", "１"] {
            assert_eq!(Decimal::parse(text), Err(DecimalError::Malformed), "{text}");
        }
    }
}
