//! Values: what routes compare with, and what events hold.
//!
//! Events take the operands of routes and their neighbours, so that both sides of each border are met; beside them stand
//! texts that are hard to read. Instants are long past or far ahead: `withinLast` comes to the same whenever it runs.

use std::fmt::Write as _;

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::rng::Rng;

/// What the values of a field are meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Text,
    Number,
    /// A number without a fraction.
    Whole,
    Boolean,
    /// RFC 3339
    Instant,
    /// Since 1970, as so many in a second.
    Epoch(i64),
}

const ROLES: &[Role] = &[Role::Text, Role::Number, Role::Boolean, Role::Instant, Role::Epoch(1_000)];

impl Role {
    /// What a field of this name is.
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "amount" | "limit" | "price" | "ratio" | "exact" | "wide" | "b" => Self::Number,
            "count" | "quota" | "tiny" | "small" | "whole" | "big" => Self::Whole,
            "flag" | "flagged" | "active" | "secured" => Self::Boolean,
            "at" | "until" | "opened" | "saved" | "fine" => Self::Instant,
            "seconds" => Self::Epoch(1),
            "millis" => Self::Epoch(1_000),
            "micros" => Self::Epoch(1_000_000),
            _ => Self::Text,
        }
    }
}

/// Texts that routes compare with. Only a few, so that events meet them.
const TEXTS: &[&str] = &[
    "Loan", "Car", "active", "it's", "a%b_c!d", "100000", "true", "", "\u{65e5}\u{672c}\u{1f600}", "a\nb", "\\ \"x\" */ --",
];

const PATTERNS: &[&str] = &[
    "^Loan$", "^[A-Z][a-z]+$", "(?i)LOAN", "o.n", "[0-9]{2,}", "Car|active", "^.$", r"\s", r"^\d+$", "^a.b", "e$", r"^\w*$", "^[^a]*$",
    "^(?:Loan|Car)?$", r"\.", "^$",
];

const LIKES: &[&str] = &["L%", "_oan", "%a%", "a!%b!_c!!d", "a_b", "%!%%", "", "%", "___", "%\u{1f600}", "_%"];

const NUMBERS: &[&str] = &[
    "0", "1", "-1", "127", "100000", "20000.00", "0.1", "-0.5", "99999.99", "0.0000000001", "16777217", "2147483648", "9007199254740993",
    "12345678901234567.1234567891", "9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999",
    "9223372036854775807",
];

const INSTANTS: &[&str] = &[
    "1999-01-20T13:30:00Z",
    "1999-01-20T08:30:00.250-05:00",
    "1999-07-01T12:00:00.999Z",
    "1969-12-31T23:59:59.5Z",
    "1970-01-01T00:00:00Z",
    "1600-03-01T00:00:00Z",
    "2600-02-28T12:00:00+05:30",
    "2999-12-31T23:59:59Z",
    "1999-01-20T13:30:00.123456789Z",
];

const LOOKBACKS: &[&str] = &["1s", "24h", "1d12h", "3653d"];

/// From, to, zone.
pub(crate) const WINDOWS: &[(&str, &str, &str)] = &[
    ("09:00", "17:00", "America/New_York"),
    ("22:00", "06:00", "Europe/Berlin"),
    ("00:00", "13:30", "UTC"),
    ("19:00", "19:01", "Asia/Kolkata"),
    ("13:29:59", "13:30:01", "UTC"),
];

/// Texts that are hard to read as anything.
const HOSTILE: &[&str] = &[
    "", " ", "\n", "null", "NULL", "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "1e999", "1e1000", "1e-1000", "1e100000000",
    "1e-100000000", "1E28", "1e27", "9e27", "1e38", "1e-10", "1e-11", "5e-11", "4.9999999999e-11", "-5e-11", "0x10", "1f", "1d", "1L", " 5 ", "\t5", "5\n", "+5", ".5", "5.", "-", "+", ".",
    "1_000", "1,000", "--1", "1e", "e1", "1e+", "1e1.5", "\u{661}\u{662}", "\u{ff15}", "00012", "-0", "-0.0", "0.00", "1.10", "1e2", "1E+2", "350000.5", "T", "t", "yes",
    "Y", "on", "off", "TRUE", "tRuE", " true", "true ", "False", "n", "no", "2025-01-20", "1999-01-20T13:30:00", "1999-01-20t13:30:00z", "1999-01-20 13:30:00Z",
    "1999-02-30T00:00:00Z", "1999-13-45T99:99:99Z", "1999-01-20T13:30:00Zjunk", "1999-01-20T13:30:60Z", "1999-01-20T24:00:00Z", "1999-01-20T13:30:00.Z",
    "1999-01-20T13:30:00+24:00", "1999-01-20T13:30:00-00:00", "1599-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59",
    "+10000-01-01T00:00:00Z", "1999-01-20T13:30:00.9999999999Z", "1999-01-20T13:29:59.9999999996Z", "1999-01-20T13:30:00Z\n", " 1999-01-20T13:30:00Z",
    "999999999999", "999999999999999", "999999999999999999", "1000000000000", "99999999999999999999", "-62167219200", "-62167219201", "253402300799", "253402300800",
    "253402300799999", "253402300800000", "-1.5", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "10000000000000000000000000000", "9999999999999999999999999999.99999999995",
    "\u{0}", "\u{7f}", "\u{85}", "\u{2028}", "\u{feff}Loan", "a\rb", "a\u{2028}b", "\u{e9}", "e\u{301}", "\u{212a}", "\u{130}", "\u{1f600}", "LOAN\n", "Loan\n", "Loan ", " Loan", "loan", "a%b_c!", "it''s", "[]", "{}", "[\"Loan\"]", "\"Loan\"", "{\"a\": 1}",
];

/// A text to compare texts with.
pub(crate) fn text(rng: &mut Rng) -> String {
    rng.pick(TEXTS).to_owned()
}

/// A number to compare numbers with, as text.
pub(crate) fn number(rng: &mut Rng, whole: bool) -> String {
    let found = rng.pick(NUMBERS).split('.').collect::<Vec<_>>();
    if whole && !found[0].starts_with("-0") { found[0].to_owned() } else if whole { "0".to_owned() } else { found.join(".") }
}

/// An instant to compare instants with, as text.
pub(crate) fn instant(rng: &mut Rng, milliseconds: bool) -> String {
    let fits = |text: &&&str| !milliseconds || !text.contains(".123456789");
    let fitting: Vec<_> = INSTANTS.iter().filter(fits).collect();
    (*rng.pick(&fitting)).to_owned()
}

/// A text that an operator may read itself: whichever of these it takes.
pub(crate) fn own(rng: &mut Rng) -> String {
    match rng.below(5) {
        0 => rng.pick(PATTERNS).to_owned(),
        1 => rng.pick(LIKES).to_owned(),
        2 => rng.pick(LOOKBACKS).to_owned(),
        3 => {
            let whole = rng.pick(TEXTS);
            part(rng, whole)
        }
        _ => rng.pick(TEXTS).to_owned(),
    }
}

/// One to three characters of a text.
fn part(rng: &mut Rng, text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let from = rng.below(characters.len());
    characters.iter().skip(from).take(1 + rng.below(3)).collect()
}

/// What an event holds in a field of a role, as text.
pub(crate) fn value(rng: &mut Rng, role: Role) -> String {
    match rng.below(100) {
        0..72 => natural(rng, role),
        72..75 => {
            let other = rng.pick(ROLES);
            natural(rng, other)
        }
        75 if rng.chance(6) => long(rng),
        _ => rng.pick(HOSTILE).to_owned(),
    }
}

/// An operand, or something just beside one.
pub(crate) fn natural(rng: &mut Rng, role: Role) -> String {
    match role {
        Role::Text => near_text(rng),
        Role::Number | Role::Whole => near_number(rng, role == Role::Whole),
        Role::Boolean => rng.pick(&["true", "false"]).to_owned(),
        Role::Instant => near_instant(rng),
        Role::Epoch(per_second) => near_epoch(rng, per_second),
    }
}

fn near_text(rng: &mut Rng) -> String {
    let text = rng.pick(TEXTS);
    match rng.below(16) {
        0 => format!("{text}x"),
        1 => format!("x{text}"),
        2 => text.to_uppercase(),
        3 => format!("{text}\n"),
        _ => text.to_owned(),
    }
}

/// 40,000 characters.
fn long(rng: &mut Rng) -> String {
    let unit = rng.pick(&["a", "9", "0", "Loan", "a%b_c!d ", "\u{1f600}", "ab\n", "1.", "["]);
    let text = unit.repeat(40_000 / unit.chars().count());
    match rng.below(3) {
        0 => text,
        1 => format!("Loan{text}"),
        _ => format!("{text}Loan"),
    }
}

const UNITS: i128 = 10_000_000_000;

fn near_number(rng: &mut Rng, whole: bool) -> String {
    let text = number(rng, whole);
    let Some(units) = units(&text) else { return text };
    let step = if whole { UNITS } else { rng.pick(&[1, UNITS / 100, UNITS]) };
    let moved = match rng.below(6) {
        0 => units + step,
        1 => units - step,
        _ => return spelled(rng, &text),
    };
    print(moved)
}

/// The same number in another way.
fn spelled(rng: &mut Rng, text: &str) -> String {
    match rng.below(12) {
        0 => format!("{text}e0"),
        1 if text.contains('.') => format!("{text}000"),
        1 => format!("{text}.0"),
        2 => format!("{text}0E-1"),
        3 => format!(" {text}"),
        _ => text.to_owned(),
    }
}

fn units(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<10}").parse().ok()
}

fn print(units: i128) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let magnitude = units.unsigned_abs();
    let (whole, fraction) = (magnitude / UNITS.unsigned_abs(), magnitude % UNITS.unsigned_abs());
    if fraction == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction:010}") }
}

/// An instant of the list, or one close to it.
pub(crate) fn near(rng: &mut Rng) -> Timestamp {
    let at: Timestamp = rng.pick(INSTANTS).parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let moved = match rng.below(10) {
        0 => SignedDuration::from_nanos(1),
        1 => SignedDuration::from_nanos(-1),
        2 => SignedDuration::from_secs(1),
        3 => SignedDuration::from_secs(-1),
        4 => SignedDuration::from_millis(1),
        5 => SignedDuration::from_hours(i64::try_from(rng.below(24)).unwrap_or(0)),
        _ => SignedDuration::ZERO,
    };
    at + moved
}

fn near_instant(rng: &mut Rng) -> String {
    let at = near(rng);
    let minutes = rng.pick(&[0, 0, 60, -300, 330, 1_439, -1_439]);
    let offset = Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC);
    let civil = at.to_zoned(TimeZone::fixed(offset)).datetime();
    let mut text = civil.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let nanoseconds = civil.subsec_nanosecond();
    if nanoseconds != 0 || rng.chance(20) {
        let fraction = format!("{nanoseconds:09}");
        let short = fraction.trim_end_matches('0');
        let fraction = if short.is_empty() || rng.chance(20) { &*fraction } else { short };
        let _never_fails = write!(text, ".{fraction}");
    }
    if minutes == 0 && rng.chance(80) {
        text.push('Z');
    } else {
        let sign = if minutes < 0 { '-' } else { '+' };
        let _never_fails = write!(text, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
    }
    text
}

fn near_epoch(rng: &mut Rng, per_second: i64) -> String {
    let nanoseconds = near(rng).as_nanosecond();
    let scaled = nanoseconds * i128::from(per_second);
    let (whole, rest) = (scaled.div_euclid(1_000_000_000), scaled.rem_euclid(1_000_000_000));
    if rest == 0 || rng.chance(50) { whole.to_string() } else { spelled_fraction(whole, rest) }
}

fn spelled_fraction(whole: i128, billionths: i128) -> String {
    // Of a negative number the fraction counts downwards.
    let (whole, billionths, sign) = if whole < 0 { (-whole - 1, 1_000_000_000 - billionths, "-") } else { (whole, billionths, "") };
    format!("{sign}{whole}.{billionths:09}")
}
