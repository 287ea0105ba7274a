//! What routes compare with. There are only a few values of each type, so that events meet them. Instants are long past or
//! far ahead: `withinLast` comes to the same whenever it runs.

use super::rng::Rng;

/// Texts.
pub(super) const TEXTS: &[&str] = &[
    "Loan",
    "Car",
    "active",
    "it's",
    "a%b_c!d",
    "100000",
    "true",
    "",
    "\u{65e5}\u{672c}\u{1f600}",
    "a\nb",
    "\\ \"x\" */ --",
];

const PATTERNS: &[&str] = &[
    "^Loan$",
    "^[A-Z][a-z]+$",
    "(?i)LOAN",
    "o.n",
    "[0-9]{2,}",
    "Car|active",
    "^.$",
    r"\s",
    r"^\d+$",
    "^a.b",
    "e$",
    r"^\w*$",
    "^[^a]*$",
    "^(?:Loan|Car)?$",
    r"\.",
    "^$",
];

const LIKES: &[&str] = &[
    "L%",
    "_oan",
    "%a%",
    "a!%b!_c!!d",
    "a_b",
    "%!%%",
    "",
    "%",
    "___",
    "%\u{1f600}",
    "_%",
];

pub(super) const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "127",
    "100000",
    "20000.00",
    "0.1",
    "-0.5",
    "99999.99",
    "0.0000000001",
    "16777217",
    "2147483648",
    "9007199254740993",
    "12345678901234567.1234567891",
    "9999999999999999999999999999.9999999999",
    "-9999999999999999999999999999.9999999999",
    "9223372036854775807",
];

pub(super) const INSTANTS: &[&str] = &[
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
pub(super) const WINDOWS: &[(&str, &str, &str)] = &[
    ("09:00", "17:00", "America/New_York"),
    ("22:00", "06:00", "Europe/Berlin"),
    ("00:00", "13:30", "UTC"),
    ("19:00", "19:01", "Asia/Kolkata"),
    ("13:29:59", "13:30:01", "UTC"),
];

/// A text to compare texts with.
pub(crate) fn text(rng: &mut Rng) -> String {
    rng.pick(TEXTS).to_owned()
}

/// A number to compare numbers with, as text.
pub(crate) fn number(rng: &mut Rng, whole: bool) -> String {
    let found = rng.pick(NUMBERS).split('.').collect::<Vec<_>>();
    if whole && !found[0].starts_with("-0") {
        found[0].to_owned()
    } else if whole {
        "0".to_owned()
    } else {
        found.join(".")
    }
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
    characters
        .iter()
        .skip(from)
        .take(1 + rng.below(3))
        .collect()
}
