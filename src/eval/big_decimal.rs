//! Decimal numbers of any length, as Java reads and prints them.
//!
//! Flink holds the numbers of documents as `java.math.BigDecimal`, so their text is what its `toString` makes
//! of them, and text becomes a number by its constructor.

use std::fmt;

use super::exact::Exact;

/// A decimal number of any length: `digits` × 10^-`scale`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BigDecimal {
    /// Below zero; zero has no sign.
    negative: bool,
    /// Decimal digits without leading zeros; none for zero.
    digits: String,
    /// Digits behind the point; fits 32 bits.
    scale: i64,
}

impl BigDecimal {
    /// Reads an optional sign, digits with at most one point among them, and an optional exponent. Digits of
    /// every script in the Basic Multilingual Plane count; exponents and scales must fit 32 bits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = sign(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = String::with_capacity(mantissa.len());
        let mut scale = 0;
        for character in whole.chars() {
            digits.push(digit(character)?);
        }
        for character in fraction.chars() {
            digits.push(digit(character)?);
            scale += 1;
        }
        if digits.is_empty() {
            return None;
        }
        let scale = scale - i64::from(exponent);
        i32::try_from(scale).ok()?;
        let significant = digits.trim_start_matches('0');
        Some(Self {
            negative: negative && !significant.is_empty(),
            digits: significant.to_owned(),
            scale,
        })
    }

    /// The shortest text of a double reads as this.
    pub(super) fn of_double(value: f64) -> Option<Self> {
        Self::parse(&format!("{value:e}"))
    }

    /// The number with `scale` digits behind the point, halves rounded away from zero; `None` where that takes
    /// more than `precision` digits.
    pub(super) fn round(&self, precision: u8, scale: u8) -> Option<Exact> {
        let length = i64::try_from(self.digits.len()).ok()?;
        // How many of the digits stay, or how many zeros are missing behind them.
        let kept = length - self.scale + i64::from(scale);
        if self.digits.is_empty() || kept < 0 {
            return Some(Exact::new(0, scale));
        }
        if kept > i64::from(precision) {
            return None;
        }
        let kept = usize::try_from(kept).ok()?;
        let mut unscaled: i128 = match self.digits.get(..kept) {
            Some("") => 0,
            Some(digits) => digits.parse().ok()?,
            None => format!("{:0<kept$}", self.digits).parse().ok()?,
        };
        let next = self.digits.as_bytes().get(kept);
        unscaled += i128::from(next.is_some_and(|digit| *digit >= b'5'));
        let unscaled = if self.negative { -unscaled } else { unscaled };
        Exact::within(unscaled, precision, scale)
    }

    /// The number, where it takes no rounding and fits.
    pub(super) fn exactly(&self, precision: u8, scale: u8) -> Option<Exact> {
        let beyond = usize::try_from(self.scale - i64::from(scale)).unwrap_or(0);
        let cut = self.digits.len().saturating_sub(beyond);
        let lost = self.digits[cut..].bytes().any(|digit| digit != b'0');
        self.round(precision, scale).filter(|_| !lost)
    }
}

pub(super) fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// At most ten digits behind leading zeros, within 32 bits.
fn parse_exponent(text: &str) -> Option<i32> {
    let (negative, unsigned) = sign(text);
    let mut exponent: i64 = 0;
    for character in unsigned.chars() {
        exponent = exponent * 10 + i64::from(digit(character)?.to_digit(10)?);
        if exponent > i64::from(u32::MAX) {
            return None;
        }
    }
    let exponent = if negative { -exponent } else { exponent };
    i32::try_from(exponent)
        .ok()
        .filter(|_| !unsigned.is_empty())
}

/// Where the decimal digits of the scripts begin, beside ASCII's: the characters of the general category `Nd` below
/// U+10000 (Unicode 13, which Java 17 has). Java takes characters beyond for two halves, which are no digits.
const ZEROS: [u32; 36] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

/// The ASCII digit that a character stands for.
fn digit(character: char) -> Option<char> {
    if character.is_ascii() {
        return character.is_ascii_digit().then_some(character);
    }
    let code = u32::from(character);
    let zero = ZEROS.iter().rev().find(|zero| **zero <= code)?;
    char::from_digit(code - zero, 10)
}

/// What `toString` gives: digits with a point where at most six zeros stand before them, else with an exponent.
impl fmt::Display for BigDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let digits = if self.digits.is_empty() {
            "0"
        } else {
            &self.digits
        };
        let length = i64::try_from(digits.len()).map_err(|_| fmt::Error)?;
        let exponent = length - 1 - self.scale;
        if self.scale == 0 {
            write!(f, "{sign}{digits}")
        } else if self.scale > 0 && exponent >= -6 {
            let behind = usize::try_from(self.scale).map_err(|_| fmt::Error)?;
            let digits = format!("{digits:0>width$}", width = behind + 1);
            let (whole, fraction) = digits.split_at(digits.len() - behind);
            write!(f, "{sign}{whole}.{fraction}")
        } else {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            write!(f, "{sign}{first}{point}{rest}E{exponent:+}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> Option<String> {
        BigDecimal::parse(text).map(|number| number.to_string())
    }

    /// Each was asked of Flink 2.2.1 through `JSON_VALUE`.
    #[test]
    fn numbers_print_as_in_java() {
        for (text, expected) in [
            ("350000.00", "350000.00"),
            ("1e2", "1E+2"),
            ("1e-2", "0.01"),
            ("0.0000001", "1E-7"),
            ("0.000001", "0.000001"),
            ("-0.0", "0.0"),
            ("0e5", "0E+5"),
            ("0.0000000", "0E-7"),
            ("1.5e3", "1.5E+3"),
            ("12.34e1", "123.4"),
            ("12.34e2", "1234"),
            ("123e-10", "1.23E-8"),
            ("1.0E-5", "0.000010"),
            ("1e400", "1E+400"),
            ("15e2147483647", "1.5E+2147483648"),
            ("10e-2147483647", "1.0E-2147483646"),
            ("1e00000000000000005", "1E+5"),
            ("-12345678901234567890123.50", "-12345678901234567890123.50"),
        ] {
            assert_eq!(printed(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_java_does_not_read_is_nothing() {
        for text in [
            "",
            "-",
            "+",
            ".",
            "1e",
            "1e+",
            "1e1.5",
            "1.2.3",
            "1_0",
            "0x10",
            "1f",
            "NaN",
            " 1",
            "--1",
            "1e2147483648",
            "1e-2147483648",
            "0.1e-2147483647",
            "0e99999999999",
            "\u{1d7d7}",
        ] {
            assert_eq!(printed(text), None, "{text}");
        }
    }

    #[test]
    fn digits_of_other_scripts_count() {
        assert_eq!(
            printed("\u{661}\u{662}.\u{ff15}e\u{0662}").as_deref(),
            Some("1.25E+3")
        );
        assert_eq!(printed("\u{abf9}").as_deref(), Some("9"));
        assert_eq!(printed("\u{abfa}"), None);
        assert!(ZEROS.is_sorted());
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let rounded = |text: &str, precision, scale| {
            let exact = BigDecimal::parse(text).unwrap().round(precision, scale);
            exact.map(|exact| exact.to_string())
        };
        for (text, expected) in [
            ("1.00000000005", Some("1.0000000001")),
            ("1.00000000004", Some("1.0000000000")),
            ("-1.00000000005", Some("-1.0000000001")),
            ("1e-30", Some("0.0000000000")),
            ("0.00000000005", Some("0.0000000001")),
            ("0e99", Some("0.0000000000")),
            ("1e5", Some("100000.0000000000")),
            (
                "9999999999999999999999999999.9999999999",
                Some("9999999999999999999999999999.9999999999"),
            ),
            ("9999999999999999999999999999.99999999995", None),
            ("10000000000000000000000000000", None),
            ("1E400", None),
        ] {
            assert_eq!(rounded(text, 38, 10).as_deref(), expected, "{text}");
        }
        assert_eq!(
            rounded(&format!("{}1", "0".repeat(40_000)), 38, 10).as_deref(),
            Some("1.0000000000")
        );
        assert_eq!(
            rounded(&format!("0.{}1", "0".repeat(40_000)), 38, 10).as_deref(),
            Some("0.0000000000")
        );
        assert_eq!(rounded(&"9".repeat(40_000), 38, 10), None);
    }

    #[test]
    fn what_must_not_be_rounded_is_refused() {
        let exactly = |text: &str| {
            let exact = BigDecimal::parse(text).unwrap().exactly(5, 2);
            exact.map(|exact| exact.to_string())
        };
        assert_eq!(exactly("123.4500").as_deref(), Some("123.45"));
        assert_eq!(exactly("1e2").as_deref(), Some("100.00"));
        assert_eq!(exactly("0.00000").as_deref(), Some("0.00"));
        for text in ["123.451", "1000", "1e-3", "1e-400"] {
            assert_eq!(exactly(text), None, "{text}");
        }
    }
}
