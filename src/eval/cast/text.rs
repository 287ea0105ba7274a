//! Text read as other types.

use crate::eval::big_decimal::BigDecimal;
use crate::eval::cell::Cell;
use crate::eval::exact::Exact;
use crate::sql::TypeKind;

/// Numbers of at most so many digits are read in another way than longer ones.
const SHORT: usize = 18;

/// What a text is in a type, NULL where it is nothing; `None` where that is not known here.
pub(super) fn read(text: &str, kind: &TypeKind) -> Option<Cell> {
    let found = match kind {
        TypeKind::Boolean => boolean(text).map(Cell::Boolean),
        TypeKind::Decimal { precision, scale } => exact(text, *precision, *scale).map(Cell::Exact),
        TypeKind::Double => double(text).map(Cell::Double),
        TypeKind::Float => float(text).map(Cell::Float),
        kind => {
            let bits = super::bits(kind)?;
            whole(text, bits).map(|number| Cell::Exact(Exact::from(i128::from(number))))
        }
    };
    Some(found.unwrap_or(Cell::Null))
}

/// `BOOLEAN`: one of ten words in any case, without blanks.
pub(in crate::eval) fn boolean(text: &str) -> Option<bool> {
    const TRUE: [&str; 5] = ["true", "t", "yes", "y", "1"];
    const FALSE: [&str; 5] = ["false", "f", "no", "n", "0"];
    let is = |words: [&str; 5]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(TRUE) {
        Some(true)
    } else {
        is(FALSE).then_some(false)
    }
}

/// A text that may be a number and has no exponent of more than three digits: what
/// [`Subject`](crate::ir::Subject) lets through to a cast.
pub(in crate::eval) fn numeral(text: &str) -> Option<&str> {
    let Some((_, exponent)) = text.split_once(['e', 'E']) else {
        return Some(text);
    };
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r');
    let digits = exponent.trim_end_matches(is_space);
    let digits = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    let is_short = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_short.then_some(text)
}

/// Whether a text is a floating-point number: what a [`Projection`](crate::ir::Projection) lets through to a cast.
pub(in crate::eval) fn is_floating(text: &str) -> bool {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r');
    let (_, unsigned) = crate::eval::big_decimal::sign(text.trim_matches(is_space));
    let mantissa = unsigned.split(['e', 'E']).next().unwrap_or(unsigned);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    numeral(text).is_some()
        && digits(whole)
        && digits(fraction)
        && mantissa.len() > usize::from(mantissa.contains('.'))
}

/// `DECIMAL(precision, scale)`, halves rounded away from zero.
fn exact(text: &str, precision: u8, scale: u8) -> Option<Exact> {
    if usize::from(precision) > SHORT || text.trim_matches(' ').len() > SHORT {
        let text = text.trim_matches(is_blank);
        return BigDecimal::parse(text)?.round(precision, scale);
    }
    short(text, precision, scale)
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\n' | '\t')
}

/// How Flink reads short numbers: up to the first character that belongs to none, which only blanks may follow. So
/// `1d` is 1 and `T` is 0.
fn short(text: &str, precision: u8, scale: u8) -> Option<Exact> {
    let text = text.trim_matches(' ').trim_start_matches(is_blank);
    let (negative, unsigned) = crate::eval::big_decimal::sign(text);
    if unsigned.is_empty() {
        return None;
    }
    let mantissa = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (mantissa, rest) = unsigned.split_at(mantissa.unwrap_or(unsigned.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if fraction.contains('.') {
        return None;
    }
    let (exponent, rest) = match rest.strip_prefix(['e', 'E']) {
        Some("") | None => (0, rest),
        Some(exponent) => short_exponent(exponent)?,
    };
    // Byte by byte: of a longer character something is left behind its first one.
    let mut behind = rest.bytes().skip(1);
    if !behind.all(|byte| is_blank(char::from(byte))) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let significand: i128 = if digits.is_empty() {
        0
    } else {
        digits.parse().ok()?
    };
    let length = i32::try_from(digits.len()).ok()?;
    let change = exponent - i32::try_from(fraction.len()).ok()? + i32::from(scale);
    if length + change > i32::from(precision) {
        return None;
    }
    let factor = 10_i128.pow(change.unsigned_abs().min(38));
    let unscaled = match change {
        0.. => significand.checked_mul(factor)?,
        -18..0 => (significand + factor / 2) / factor,
        // Flink's table of powers ends here.
        _ => return None,
    };
    Some(Exact::new(
        if negative { -unscaled } else { unscaled },
        scale,
    ))
}

/// The exponent, and what stands behind it.
fn short_exponent(text: &str) -> Option<(i32, &str)> {
    /// Beyond it everything over- or underflows.
    const STOP: i32 = 40;
    let (negative, unsigned) = crate::eval::big_decimal::sign(text);
    if unsigned.is_empty() {
        return None;
    }
    let end = unsigned.find(|c: char| !c.is_ascii_digit());
    let (digits, rest) = unsigned.split_at(end.unwrap_or(unsigned.len()));
    let exponent = digits.bytes().fold(0, |exponent, digit| {
        if exponent < STOP {
            exponent * 10 + i32::from(digit - b'0')
        } else {
            exponent
        }
    });
    Some((if negative { -exponent } else { exponent }, rest))
}

/// A whole number of so many bits; a fraction is cut off, an exponent is nothing.
fn whole(text: &str, bits: u32) -> Option<i64> {
    let text = text.trim_matches(' ');
    let (negative, unsigned) = crate::eval::big_decimal::sign(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if unsigned.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let significant = whole.trim_start_matches('0');
    let number: i128 = match significant.len() {
        0 => 0,
        1..=19 => significant.parse().ok()?,
        _ => return None,
    };
    let number = i64::try_from(if negative { -number } else { number }).ok()?;
    let unused = 64 - bits;
    ((number << unused) >> unused == number).then_some(number)
}

fn double(text: &str) -> Option<f64> {
    java_float(text)?.parse().ok()
}

fn float(text: &str) -> Option<f32> {
    java_float(text)?.parse().ok()
}

/// The part of a text that Java reads as a floating-point number, if it does: without control characters and
/// blanks around it and the `d` or `f` behind it. (Hexadecimal ones, which Java reads too, are left out.)
fn java_float(text: &str) -> Option<&str> {
    let text = text.trim_matches(|c: char| c <= ' ');
    let (_, unsigned) = crate::eval::big_decimal::sign(text);
    if matches!(unsigned, "NaN" | "Infinity") {
        return Some(text);
    }
    let number = text.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(text);
    let (_, unsigned) = crate::eval::big_decimal::sign(number);
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    (unsigned.chars().all(allowed) && unsigned.contains(|c: char| c.is_ascii_digit()))
        .then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::DataType;

    fn cast(text: &str, to: &str) -> String {
        let to = DataType::parse(to).unwrap();
        match read(text, &to.kind).unwrap() {
            Cell::Null => "NULL".to_owned(),
            Cell::Boolean(value) => value.to_string(),
            Cell::Exact(number) => number.to_string(),
            Cell::Double(number) => super::super::print::double(number),
            Cell::Float(number) => super::super::print::double(number),
            other => format!("{other:?}"),
        }
    }

    /// Every row was asked of Flink 2.2.1.
    const TEXTS_AS_NUMBERS: &[(&str, &str)] = &[
        ("1", "1.0000000000 1.00 1.000000000 1 1 1.0"),
        (" 1 ", "1.0000000000 1.00 1.000000000 1 1 1.0"),
        ("\t1", "1.0000000000 1.00 1.000000000 NULL NULL 1.0"),
        ("1\n", "1.0000000000 1.00 1.000000000 NULL NULL 1.0"),
        ("\u{a0}1", "NULL NULL NULL NULL NULL NULL"),
        ("1\0", "NULL 1.00 1.000000000 NULL NULL 1.0"),
        ("1e5", "100000.0000000000 100000.00 NULL NULL NULL 100000.0"),
        ("1E400", "NULL NULL NULL NULL NULL Infinity"),
        ("1e-30", "0.0000000000 NULL NULL NULL NULL 1.0E-30"),
        ("+1", "1.0000000000 1.00 1.000000000 1 1 1.0"),
        (".5", "0.5000000000 0.50 0.500000000 0 0 0.5"),
        ("5.", "5.0000000000 5.00 5.000000000 5 5 5.0"),
        ("1_000", "NULL NULL NULL NULL NULL NULL"),
        ("1d", "NULL 1.00 1.000000000 NULL NULL 1.0"),
        ("1L", "NULL 1.00 1.000000000 NULL NULL NULL"),
        ("1.a", "NULL 1.00 1.000000000 NULL NULL NULL"),
        ("\u{e9}", "NULL NULL NULL NULL NULL NULL"),
        ("T", "NULL 0.00 0.000000000 NULL NULL NULL"),
        ("no", "NULL NULL NULL NULL NULL NULL"),
        ("NaN", "NULL NULL NULL NULL NULL NaN"),
        ("-Infinity", "NULL NULL NULL NULL NULL -Infinity"),
        ("inf", "NULL NULL NULL NULL NULL NULL"),
        ("", "NULL NULL NULL NULL NULL NULL"),
        ("-", "NULL NULL NULL NULL NULL NULL"),
        ("- 1", "NULL NULL NULL NULL NULL NULL"),
        ("00012", "12.0000000000 12.00 NULL 12 12 12.0"),
        ("\u{661}\u{662}", "12.0000000000 NULL NULL NULL NULL NULL"),
        ("\u{ff11}.\u{ff15}", "1.5000000000 NULL NULL NULL NULL NULL"),
        ("2.675", "2.6750000000 2.68 2.675000000 2 2 2.675"),
        ("-1.5", "-1.5000000000 -1.50 -1.500000000 -1 -1 -1.5"),
        (
            "9999999999999999999999999999",
            "9999999999999999999999999999.0000000000 NULL NULL NULL NULL 1.0E28",
        ),
        (
            "9223372036854775807",
            "9223372036854775807.0000000000 NULL NULL 9223372036854775807 NULL 9.223372036854776E18",
        ),
        (
            "-9223372036854775808",
            "-9223372036854775808.0000000000 NULL NULL -9223372036854775808 NULL -9.223372036854776E18",
        ),
        (
            "9223372036854775808",
            "9223372036854775808.0000000000 NULL NULL NULL NULL 9.223372036854776E18",
        ),
        ("128", "128.0000000000 128.00 NULL 128 NULL 128.0"),
        ("127.9", "127.9000000000 127.90 NULL 127 127 127.9"),
        ("1e1.5", "NULL NULL NULL NULL NULL NULL"),
        ("1E-7", "0.0000001000 0.00 0.000000100 NULL NULL 1.0E-7"),
        ("\u{1f}1", "NULL NULL NULL NULL NULL 1.0"),
        (
            "1.23456789012345678",
            "1.2345678901 1.23 1.234567890 1 1 1.2345678901234567",
        ),
    ];

    #[test]
    fn texts_become_numbers_as_in_flink() {
        const TYPES: [&str; 6] = [
            "DECIMAL(38, 10)",
            "DECIMAL(18, 2)",
            "DECIMAL(10, 9)",
            "BIGINT",
            "TINYINT",
            "DOUBLE",
        ];
        for (text, expected) in TEXTS_AS_NUMBERS {
            let found = TYPES.map(|to| cast(text, to)).join(" ");
            assert_eq!(found, *expected, "{text:?}");
        }
    }

    #[test]
    fn long_texts_are_no_trouble() {
        for (text, expected) in [
            ("9".repeat(40_000), "NULL"),
            (format!("{}1", "0".repeat(40_000)), "1"),
            (format!("0.{}1", "0".repeat(40_000)), "0"),
            ("x".repeat(40_000), "NULL"),
        ] {
            assert_eq!(cast(&text, "BIGINT"), expected);
            let exact = cast(&text, "DECIMAL(18, 0)");
            assert_eq!(exact, expected);
        }
    }

    #[test]
    fn ten_words_are_booleans() {
        for (text, expected) in [
            ("true", "true"),
            ("T", "true"),
            ("yes", "true"),
            ("Y", "true"),
            ("1", "true"),
            ("tRUe", "true"),
            ("FALSE", "false"),
            ("f", "false"),
            ("NO", "false"),
            ("n", "false"),
            ("0", "false"),
            ("on", "NULL"),
            ("off", "NULL"),
            (" true ", "NULL"),
            ("10", "NULL"),
            ("", "NULL"),
            ("-0", "NULL"),
        ] {
            assert_eq!(cast(text, "BOOLEAN"), expected, "{text:?}");
        }
    }
}
