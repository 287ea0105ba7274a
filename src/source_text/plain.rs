//! What a scalar without quotes means, and where readers of YAML disagree about it.

/// The meaning of a scalar without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number in decimal.
    Integer,
    /// A number with a fraction in decimal.
    Decimal,
    /// A date, perhaps with a time: text under YAML 1.2, a timestamp under YAML 1.1.
    Date,
    /// Text to every reader.
    Text,
    /// Readers differ.
    Ambiguous(Readings),
}

/// What readers take an ambiguous text for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readings {
    /// In a user's words.
    pub words: &'static str,
    /// How to write what is not text.
    pub otherwise: &'static str,
}

const NULL: Readings = Readings {
    words: "null or text",
    otherwise: "for null write `null`",
};
const SPECIAL: Readings = Readings {
    words: "a special key or text",
    otherwise: "nothing else can be meant here",
};
const BOOLEAN: Readings = Readings {
    words: "a boolean or text",
    otherwise: "for a boolean write `true` or `false`",
};
const NUMBER: Readings = Readings {
    words: "a number or text",
    otherwise: "for a number write plain decimal digits, without exponent or separators",
};
const OCTAL: Readings = Readings {
    words: "an octal number, a decimal one or text",
    otherwise: "for a number leave out the zeros in front",
};

impl Plain {
    /// What every reader of YAML 1.1 and 1.2 takes the text for, or that they disagree.
    pub fn of(text: &str) -> Self {
        match text {
            "" | "~" | "null" => return Self::Null,
            "Null" | "NULL" => return Self::Ambiguous(NULL),
            "true" => return Self::Boolean(true),
            "false" => return Self::Boolean(false),
            "=" | "<<" => return Self::Ambiguous(SPECIAL),
            _ => {}
        }
        let lower = text.to_ascii_lowercase();
        if matches!(
            &*lower,
            "yes" | "no" | "on" | "off" | "y" | "n" | "true" | "false"
        ) {
            return Self::Ambiguous(BOOLEAN);
        }
        if is_date(text) {
            return Self::Date;
        }
        let (integer, fraction) = split_decimal(text);
        match (integer, fraction) {
            (true, None) => Self::Integer,
            (true, Some(true)) => Self::Decimal,
            _ if text.starts_with('0') && all_digits(text) => Self::Ambiguous(OCTAL),
            _ if looks_numeric(&lower) => Self::Ambiguous(NUMBER),
            _ => Self::Text,
        }
    }
}

/// Whether the part before the point is a plain integer, and whether the part behind it, if any, is digits.
fn split_decimal(text: &str) -> (bool, Option<bool>) {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(all_digits(fraction))),
        None => (unsigned, None),
    };
    (
        all_digits(whole) && (whole == "0" || !whole.starts_with('0')),
        fraction,
    )
}

fn all_digits(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn looks_numeric(lower: &str) -> bool {
    let body = lower.trim_start_matches(['+', '-']);
    if matches!(body, ".inf" | ".nan") {
        return true;
    }
    let radix = ["0x", "0o", "0b"].iter().any(|prefix| {
        body.strip_prefix(prefix).is_some_and(|rest| {
            rest.bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'_')
        })
    });
    let number_like = body
        .bytes()
        .all(|b| b.is_ascii_digit() || b"._:e+-".contains(&b));
    // A version such as 1.2.3 or a range such as 10-20 is text to every reader.
    let points = body.matches('.').count();
    let signs_inside = body
        .char_indices()
        .any(|(at, c)| matches!(c, '+' | '-') && !body[..at].ends_with('e'));
    let starts = body.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let has_digit = body.bytes().any(|byte| byte.is_ascii_digit());
    radix || (number_like && starts && has_digit && points <= 1 && !signs_inside)
}

/// `2025-01-20`, perhaps followed by a time.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let number = |part: Option<&str>, lengths: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| {
            lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let (year, month, rest) = (parts.next(), parts.next(), parts.next());
    let day = rest.map(|rest| rest.split(['T', 't', ' ']).next().unwrap_or_default());
    number(year, 4..=4) && number(month, 1..=2) && number(day, 1..=2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reader_agrees_on_these() {
        for (text, meaning) in [
            ("", Plain::Null),
            ("null", Plain::Null),
            ("true", Plain::Boolean(true)),
            ("0", Plain::Integer),
            ("-12", Plain::Integer),
            ("12.50", Plain::Decimal),
            ("2025-01-20", Plain::Date),
            ("2025-01-20T10:00:00Z", Plain::Date),
            ("LoanCreated", Plain::Text),
            ("1.2.3", Plain::Text),
            ("10-20", Plain::Text),
            ("DEALER-001", Plain::Text),
            ("-", Plain::Text),
        ] {
            assert_eq!(Plain::of(text), meaning, "{text:?}");
        }
    }

    #[test]
    fn regression_21_readers_disagree_on_these() {
        for text in [
            "0123", "0b11", "0x1F", "0o17", "1_000", "1e5", "1.5e3", "+1", ".5", "5.", ".inf",
            "-.INF", ".NaN", "1:30", "12:30:45", "yes", "No", "ON", "off", "y", "True", "NULL",
            "=",
        ] {
            assert!(
                matches!(Plain::of(text), Plain::Ambiguous(_)),
                "{text:?}: {:?}",
                Plain::of(text)
            );
        }
    }
}
