//! Texts: of a length, of a format, that a regular expression matches.

mod format;

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};
use serde_json::Value;

use super::rng::Rng;
use crate::schema::Node;

/// No text becomes longer, unless a schema asks for it.
const MOST_CHARACTERS: usize = 4_096;
/// Tries to match patterns that have to hold together, or beside a length.
const TRIES: usize = 48;
/// Words of texts about which a schema says nothing; some need an escape or more than one byte.
const WORDS: [&str; 16] = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "harbor",
    "indigo",
    "juniper",
    "kelp",
    "lumen",
    "Zürich",
    "O'Neil",
    "say \"hi\"",
    "naïve",
];

/// What schemas say together of a text.
#[derive(Debug, Default)]
pub(super) struct Texts<'a> {
    least: usize,
    most: Option<usize>,
    patterns: Vec<&'a str>,
    format: Option<&'a str>,
}

impl<'a> Texts<'a> {
    /// The texts where all of `nodes` hold.
    pub(super) fn of(nodes: &[Node<'a>]) -> Self {
        let mut texts = Self::default();
        for node in nodes {
            let length = |keyword: &str| {
                let length = node.value.get(keyword)?.as_u64()?;
                usize::try_from(length).ok()
            };
            let text = |keyword: &str| node.value.get(keyword).and_then(Value::as_str);
            texts.least = texts.least.max(length("minLength").unwrap_or(0));
            texts.most = texts.most.into_iter().chain(length("maxLength")).min();
            texts.patterns.extend(text("pattern"));
            texts.format = texts.format.or(text("format"));
        }
        texts
    }

    /// One of them; `None` where there is none, or none was found. `key` names the field.
    pub(super) fn draw(&self, rng: &mut Rng, key: &str) -> Option<String> {
        if self.most.is_some_and(|most| most < self.least) {
            return None;
        }
        if !self.patterns.is_empty() {
            return self.matching(rng);
        }
        let formatted = self.format.and_then(|format| format::draw(format, rng));
        let text = formatted.unwrap_or_else(|| {
            let word = rng.pick(&WORDS).copied().unwrap_or_default();
            format!("{word} {key} {}", rng.below(1_000))
        });
        let length = text.chars().count();
        let most = self.most.unwrap_or(usize::MAX);
        if length > most {
            // The number at the end is what tells texts apart.
            return Some(text.chars().skip(length - most).collect());
        }
        Some(padded(text, self.least))
    }

    /// A text for the first pattern that the others accept too, as far as they can be run here.
    fn matching(&self, rng: &mut Rng) -> Option<String> {
        let first = parse(self.patterns.first()?)?;
        let others = self.patterns.iter().skip(1);
        let others: Vec<_> = others
            .filter_map(|other| regex::Regex::new(&portable(other)).ok())
            .collect();
        let longest = self.most.unwrap_or(self.least + 8).min(MOST_CHARACTERS) as u64;
        for attempt in 0..TRIES {
            let mut text = String::new();
            // Where what comes to mind is too short or too long, lengths are tried.
            let reach = match attempt {
                0 => Reach::UpTo(3),
                _ => Reach::Just(u32::try_from(rng.below(longest + 1)).unwrap_or(0)),
            };
            write(&first, reach, rng, &mut text);
            if !is_anchored_at_end(&first) {
                text = padded(text, self.least);
            }
            let length = text.chars().count();
            let fits = length >= self.least && self.most.is_none_or(|most| length <= most);
            if fits && others.iter().all(|other| other.is_match(&text)) {
                return Some(text);
            }
        }
        None
    }
}

fn padded(mut text: String, least: usize) -> String {
    let missing = least.saturating_sub(text.chars().count());
    text.extend(std::iter::repeat_n('x', missing));
    text
}

/// A text that a regular expression matches; `None` where it is of another dialect.
pub(super) fn matching(pattern: &str, rng: &mut Rng) -> Option<String> {
    let mut text = String::new();
    write(&parse(pattern)?, Reach::UpTo(3), rng, &mut text);
    Some(text)
}

fn parse(pattern: &str) -> Option<Hir> {
    regex_syntax::parse(&portable(pattern)).ok()
}

/// `\d` and its kin are ASCII in ECMA 262, and `\/` is a slash.
fn portable(pattern: &str) -> String {
    let mut plain = String::with_capacity(pattern.len());
    // Whatever matches as it is written matches in any case, too.
    let pattern = pattern.strip_prefix("(?i)").unwrap_or(pattern);
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('d') => plain.push_str("[0-9]"),
            Some('w') => plain.push_str("[0-9A-Za-z_]"),
            Some('s') => plain.push_str("[ \\t]"),
            Some('D') => plain.push_str("[^0-9]"),
            Some('W') => plain.push_str("[^0-9A-Za-z_]"),
            Some('S') => plain.push_str("[^ \\t\\r\\n]"),
            Some('/') => plain.push('/'),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

fn is_anchored_at_end(hir: &Hir) -> bool {
    let ends = hir.properties().look_set_suffix();
    ends.contains(regex_syntax::hir::Look::End)
}

/// How much further than they must repetitions go, where they may.
#[derive(Debug, Clone, Copy)]
enum Reach {
    UpTo(u32),
    Just(u32),
}

/// Writes something that matches.
fn write(hir: &Hir, reach: Reach, rng: &mut Rng, text: &mut String) {
    if text.len() > MOST_CHARACTERS {
        return;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(character(class, rng)),
        HirKind::Capture(capture) => write(&capture.sub, reach, rng, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, reach, rng, text)),
        HirKind::Alternation(parts) => {
            if let Some(part) = rng.pick(parts) {
                write(part, reach, rng, text);
            }
        }
        HirKind::Repetition(Repetition { min, max, sub, .. }) => {
            let room = max.unwrap_or(u32::MAX) - min;
            let more = match reach {
                Reach::UpTo(most) => rng.below(u64::from(room.min(most)) + 1),
                Reach::Just(more) => u64::from(room.min(more)),
            };
            for _ in 0..u64::from(*min) + more {
                write(sub, reach, rng, text);
            }
        }
    }
}

/// A character of a class: one that can be seen, where there is one.
fn character(class: &Class, rng: &mut Rng) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class
            .iter()
            .map(|range| (range.start(), range.end()))
            .collect(),
        Class::Bytes(class) => {
            let ranges = class.iter();
            ranges
                .map(|range| (char::from(range.start()), char::from(range.end())))
                .collect()
        }
    };
    let visible: Vec<char> = ('!'..='~')
        .filter(|one| ranges.iter().any(|(low, high)| (low..=high).contains(&one)))
        .collect();
    // Letters and digits where possible: a negated class would else be mostly punctuation.
    let plain: Vec<char> = visible
        .iter()
        .copied()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let first = || ranges.first().map(|(low, _)| *low);
    let chosen = if plain.is_empty() { &visible } else { &plain };
    rng.pick(chosen).copied().or_else(first)
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn patterns_are_matched() {
        for pattern in [
            "^5TD[A-Z0-9]{14}$",
            "^(LOAN|CAR)-\\d{4}-\\d+$",
            "^[^,]+,[^,]+$",
            "^.{3,5}$",
            "a+b*c?",
            "^\\/api\\/v[12]$",
            "^\\w+@\\w+\\.com$",
        ] {
            let regex = regex::Regex::new(&portable(pattern)).unwrap();
            for seed in 0..50 {
                let text = matching(pattern, &mut Rng::new(seed)).unwrap();
                assert!(regex.is_match(&text), "{pattern}: {text:?}");
            }
        }
        assert_eq!(matching("(?=a)b", &mut Rng::new(0)), None, "lookaround");
    }

    #[test]
    fn lengths_hold_beside_a_pattern() {
        let schema = serde_json::json!({"pattern": "^[a-z]+$", "minLength": 30, "maxLength": 40});
        let node = Node {
            position: crate::schema::Position::default(),
            value: &schema,
        };
        for seed in 0..50 {
            let texts = Texts::of(std::slice::from_ref(&node));
            let text = texts.draw(&mut Rng::new(seed), "id").unwrap();
            assert!((30..=40).contains(&text.len()), "{text}");
        }
    }
}
