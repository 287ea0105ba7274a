//! Constants.

use jiff::civil::DateTime;

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Literal {
    /// Text, as it is before quoting.
    String(String),
    /// An exact number.
    Number(Number),
    /// `TRUE` or `FALSE`.
    Boolean(bool),
    /// `NULL`.
    Null,
    /// `TIMESTAMP '1970-01-01 00:00:00'`, a wall clock without a zone.
    Timestamp(DateTime),
}

/// A decimal number that Flink takes as a literal: digits without an exponent, whose digits without
/// the point fit a 64-bit integer (Flink refuses longer ones when it plans).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number(String);

/// Why a text is no [`Number`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not of the form `-12.50`.
    #[error("not a plain decimal number; write it like `1234` or `-12.50`")]
    Malformed,
    /// More digits than a literal may have.
    #[error("too many digits for a Flink number literal; it holds 18")]
    TooLong,
    /// More digits than DECIMAL(38, 10) holds.
    #[error("does not fit DECIMAL(38, 10): at most 28 digits before the point and 10 behind it")]
    OutOfRange,
}

impl Number {
    /// Reads `-12.50`: an optional sign, digits without leading zeros, optionally a point and
    /// digits.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let Digits { integer, fraction } = Digits::of(text)?;
        let unscaled = format!("{integer}{fraction}");
        match unscaled.parse::<i64>() {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => Err(NumberError::TooLong),
        }
    }

    /// The number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self(value.to_string())
    }
}

/// The digits before and behind the point of a decimal number.
pub(super) struct Digits<'a> {
    pub(super) integer: &'a str,
    pub(super) fraction: &'a str,
}

impl<'a> Digits<'a> {
    pub(super) fn of(text: &'a str) -> Result<Self, NumberError> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (integer, fraction) = match unsigned.split_once('.') {
            Some((_, "")) => return Err(NumberError::Malformed),
            Some(parts) => parts,
            None => (unsigned, ""),
        };
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let leading_zero = integer.len() > 1 && integer.starts_with('0');
        if integer.is_empty() || leading_zero || !is_digits(integer) || !is_digits(fraction) {
            return Err(NumberError::Malformed);
        }
        Ok(Self { integer, fraction })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_decimals_alone() {
        for text in ["0", "-0", "7", "-12.50", "0.0000001", "9223372036854775807"] {
            assert_eq!(Number::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "", "-", "+1", "1.", ".5", "007", "1e5", "inf", "NaN", "1_000", "--1", "1 ",
        ] {
            assert_eq!(Number::parse(text), Err(NumberError::Malformed), "{text:?}");
        }
    }

    #[test]
    fn refuses_digits_beyond_a_long() {
        for text in ["9223372036854775808", "12345678901234567.1234567891"] {
            assert_eq!(Number::parse(text), Err(NumberError::TooLong), "{text}");
        }
    }
}
