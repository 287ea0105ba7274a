//! Hostile events: what a topic may hold all the same, made from an event that is valid.
//!
//! Each is valid but for one thing: the document itself is broken, or one value in it is something else. A job must
//! survive every one of them, and the evaluator must say of each what Flink says. Another kind of damage is a line in
//! [`VALUES`] or an arm in `documents`.

use super::json::{Json, quoted};
use super::rng::Rng;
use crate::schema::{FieldPath, Segment};

/// Characters of a long text: what a careless regular expression does not survive.
const LONG: usize = 40_000;
/// Levels that Flink's reader still takes, and levels that it does not.
const LEVELS: [usize; 2] = [500, 1_200];
/// Digits of a number that Flink's reader takes, and of one that it does not.
const DIGITS: [usize; 2] = [999, 1_001];

/// So many events make it likely that each kind of damage is among them, and some at several places.
pub const KINDS: usize = 80;

/// A hostile event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hostile {
    /// What is wrong with it.
    pub about: String,
    /// The text, which may be no JSON. It has no line breaks.
    pub text: String,
}

/// What stands in the place of a value, as it is written, and what it is.
const VALUES: &[(&str, &str)] = &[
    ("null", "null"),
    ("a boolean", "true"),
    ("a number", "1"),
    ("a fraction", "1.5"),
    ("an empty list", "[]"),
    ("an empty object", "{}"),
    ("a list of lists", "[[[]]]"),
    ("an empty text", r#""""#),
    ("a blank", r#"" ""#),
    ("a number as text", r#""100000""#),
    ("a boolean as text", r#""true""#),
    ("a short boolean", r#""T""#),
    ("text that some read as a number", r#""NaN""#),
    ("a float as text", r#""1f""#),
    ("infinity as text", r#""Infinity""#),
    ("full-width digits", r#""１２３""#),
    ("a huge number", "1e400"),
    ("a tiny number", "1e-400"),
    ("minus zero", "-0"),
    ("a whole number as a fraction", "100000.0000000000"),
    ("a number with an exponent", "1.0E5"),
    ("a number beyond exact floats", "9007199254740993"),
    (
        "a number beyond DECIMAL(38, 10)",
        "10000000000000000000000000000",
    ),
    ("a fraction beyond DECIMAL(38, 10)", "0.00000000001"),
    ("an instant that is none", r#""2025-13-45T99:99:99Z""#),
    (
        "an instant with text behind it",
        r#""2025-01-20T13:30:00Zjunk""#,
    ),
    ("an instant without an offset", r#""2025-01-20T13:30:00""#),
    ("a leap second", r#""2025-01-20T13:30:60Z""#),
    ("30 February", r#""2025-02-30T00:00:00Z""#),
    ("an instant before 1600", r#""1599-12-31T23:59:59Z""#),
    ("a NUL character", r#""a\u0000b""#),
    ("a lone surrogate", r#""\ud800""#),
    ("a surrogate pair", r#""\ud83d\ude97""#),
    ("a line break", r#""a\nb""#),
    ("quotes and backslashes", r#""\"'`\\%_!""#),
    // What follows is no JSON.
    ("NaN", "NaN"),
    ("a plus sign", "+1"),
    ("a number without a whole part", ".5"),
    ("a leading zero", "0123"),
    ("single quotes", "'text'"),
    ("a control character", "\"a\u{1}b\""),
    ("an unknown escape", r#""\q""#),
    ("nothing", ""),
];

/// Hostile events made from a valid one, the same for the same seed. There are more than a hundred kinds of damage;
/// where `count` asks for more, kinds come again at other places.
pub fn hostile(event: &Json, seed: u64, count: usize) -> Vec<Hostile> {
    let mut rng = Rng::stream(seed, 0x6f73_7469_6c65);
    let mut made: Vec<Hostile> = Vec::new();
    while made.len() < count {
        let before = made.len();
        made.extend(damaged(event, &mut rng));
        if made.len() == before {
            break;
        }
    }
    made.truncate(count);
    made
}

/// Each kind of damage once.
fn damaged(event: &Json, rng: &mut Rng) -> Vec<Hostile> {
    let mut places = Vec::new();
    collect(event, &FieldPath::document(), &mut places);
    let mut made = documents(event, rng);
    let mut at = |about: &str, raw: String, rng: &mut Rng| {
        if let Some(path) = rng.pick(&places) {
            made.push(Hostile {
                about: format!("{about} at `{path}`"),
                text: replaced(event, &path.segments, &raw).to_string(),
            });
        }
    };
    for (about, raw) in VALUES {
        at(about, (*raw).to_owned(), rng);
    }
    at("a long text", format!("\"{}\"", "a".repeat(LONG)), rng);
    for digits in DIGITS {
        at(
            &format!("a number of {digits} digits"),
            "1".repeat(digits),
            rng,
        );
    }
    for levels in LEVELS {
        let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        at(&format!("{levels} levels"), deep, rng);
    }
    for _ in 0..4 {
        made.extend(without(event, &places, rng));
        made.extend(doubled(event, &places, rng));
    }
    made
}

/// Documents that are broken as a whole.
fn documents(event: &Json, rng: &mut Rng) -> Vec<Hostile> {
    let text = event.to_string();
    let cut = text.floor_char_boundary(1 + rng.index(text.len().saturating_sub(1)));
    let open = text.strip_suffix('}').unwrap_or(&text);
    let made = [
        ("an empty document", String::new()),
        ("a blank document", "  ".to_owned()),
        ("null instead of an event", "null".to_owned()),
        ("a number instead of an event", "1".to_owned()),
        ("text instead of an event", quoted("event")),
        ("a list of the event", format!("[{text}]")),
        ("the event as text", quoted(&text)),
        ("no JSON", "event".to_owned()),
        ("the event cut off", text[..cut].to_owned()),
        ("text behind the event", format!("{text} junk")),
        ("two events", format!("{text}{text}")),
        ("blanks round the event", format!("  {text}\t")),
        ("a byte order mark", format!("\u{feff}{text}")),
        ("a comment", format!("/* event */{text}")),
        ("a trailing comma", format!("{open},}}")),
        (
            "an unknown key",
            format!("{open},\"unknown\":{{\"a\":[1]}}}}"),
        ),
        ("an empty key", format!("{open},\"\":1}}")),
        ("a key without quotes", format!("{open},unknown:1}}")),
    ];
    made.map(|(about, text)| Hostile {
        about: about.to_owned(),
        text,
    })
    .to_vec()
}

/// The event without a key: with all that is below it, so that parents are missing too.
fn without(event: &Json, places: &[FieldPath], rng: &mut Rng) -> Option<Hostile> {
    let path = rng.pick(places)?;
    let (last, way) = path.segments.split_last()?;
    let parent = FieldPath {
        root: path.root,
        segments: way.to_vec(),
    };
    let (Segment::Key(key), Json::Object(fields)) = (last, event.at(&parent)?) else {
        return None;
    };
    let mut fields = fields.clone();
    fields.shift_remove(key);
    let raw = Json::Object(fields).to_string();
    Some(Hostile {
        about: format!("`{path}` is missing"),
        text: replaced(event, way, &raw).to_string(),
    })
}

/// The event with a key twice, the second time with another value: which of them counts?
fn doubled(event: &Json, places: &[FieldPath], rng: &mut Rng) -> Option<Hostile> {
    let objects: Vec<&FieldPath> = places
        .iter()
        .filter(|path| matches!(event.at(path), Some(Json::Object(fields)) if !fields.is_empty()))
        .collect();
    let path = *rng.pick(&objects)?;
    let Json::Object(fields) = event.at(path)? else {
        return None;
    };
    let (key, value) = fields.get_index(rng.index(fields.len()))?;
    let (_, other) = rng.pick(VALUES)?;
    let whole = Json::Object(fields.clone()).to_string();
    let (raw, about) = if rng.one_in(2) {
        let open = whole.strip_suffix('}')?;
        (format!("{open},{}:{other}}}", quoted(key)), "last")
    } else {
        let rest = whole.strip_prefix('{')?;
        (format!("{{{}:{other},{rest}", quoted(key)), "first")
    };
    Some(Hostile {
        about: format!(
            "the key `{key}` twice in `{path}`, {about} as {other} beside {}",
            kind(value)
        ),
        text: replaced(event, &path.segments, &raw).to_string(),
    })
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Boolean(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::Text(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// The places in a document, but for the whole of it.
fn collect(json: &Json, path: &FieldPath, places: &mut Vec<FieldPath>) {
    if !path.segments.is_empty() {
        places.push(path.clone());
    }
    match json {
        Json::Array(elements) => {
            for (index, element) in (0..).zip(elements) {
                collect(element, &path.join(Segment::Index(index)), places);
            }
        }
        Json::Object(fields) => {
            for (key, value) in fields {
                collect(value, &path.join(Segment::Key(key.clone())), places);
            }
        }
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Text(_) => {}
    }
}

/// The document with a value that is written as it is, JSON or not: as a number it is printed digit by digit.
fn replaced(json: &Json, way: &[Segment], raw: &str) -> Json {
    let Some((segment, rest)) = way.split_first() else {
        return Json::Number(raw.to_owned());
    };
    let mut copy = json.clone();
    let inner = match (&mut copy, segment) {
        (Json::Object(fields), Segment::Key(key)) => fields.get_mut(key),
        (Json::Array(elements), Segment::Index(index)) => usize::try_from(*index)
            .ok()
            .and_then(|index| elements.get_mut(index)),
        _ => None,
    };
    if let Some(inner) = inner {
        *inner = replaced(inner, rest, raw);
    }
    copy
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn event() -> Json {
        let text =
            r#"{"header":{"type":"A","at":"2025-01-20T13:30:00Z"},"items":[{"n":1},{"n":2}]}"#;
        Json::from(&serde_json::from_str::<serde_json::Value>(text).unwrap())
    }

    #[test]
    fn every_kind_of_damage_is_there_and_is_no_line_break() {
        let made = hostile(&event(), 0, 200);
        assert_eq!(made.len(), 200);
        assert_eq!(made, hostile(&event(), 0, 200));
        assert_ne!(made, hostile(&event(), 1, 200));
        let valid = event().to_string();
        for one in &made {
            assert_ne!(one.text, valid, "{}", one.about);
            assert!(!one.text.contains('\n'), "{}", one.about);
        }
        let kinds: BTreeSet<_> = made
            .iter()
            .map(|one| one.about.split(" at `").next().unwrap())
            .collect();
        for (about, _) in VALUES {
            assert!(kinds.contains(about), "{about}");
        }
        let json = made
            .iter()
            .filter(|one| serde_json::from_str::<serde_json::Value>(&one.text).is_ok());
        let json = json.count();
        assert!((60..180).contains(&json), "{json} of 200 are JSON");
    }

    #[test]
    fn a_scalar_can_be_damaged_too() {
        let made = hostile(&Json::Null, 0, 1_000);
        assert_eq!(made.len(), 1_000);
    }
}
