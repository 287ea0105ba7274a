//! JSON documents, as producers write them and as nobody should.

use std::fmt::Write as _;

use routectl::eval::Json;

use super::events::quoted;
use super::role::Role;
use super::values::Values;

/// Documents that are no event at all.
const WHOLE: [&str; 9] = [
    "null",
    "true",
    "5",
    "\"Loan\"",
    "[]",
    "{}",
    "active",
    " ",
    "{\"kind\":}",
];

/// Makes the value of a field of this name.
type Field<D> = fn(&mut D, &str) -> String;

/// Makes JSON documents as producers write them, and as nobody should.
pub(crate) struct Document<'r>(pub(crate) Values<'r>);

/// How many kinds of damage there are.
pub(crate) const DAMAGES: usize = 30;

impl Document<'_> {
    /// A text, sometimes with damage; with damage of one kind where that is wished for.
    pub(crate) fn damaged(
        &mut self,
        wished: Option<usize>,
        of: impl FnOnce(&mut Self) -> String,
    ) -> String {
        let text = of(self);
        match wished {
            Some(kind) => damage(&text, kind),
            None if self.0.chance(6) => {
                let kind = self.0.rng.below(DAMAGES);
                damage(&text, kind)
            }
            None => text,
        }
    }

    /// A whole event.
    pub(crate) fn event(&mut self) -> String {
        self.fields(&[
            ("kind", Self::leaf),
            ("status", Self::leaf),
            ("other", Self::leaf),
            ("amount", Self::leaf),
            ("limit", Self::leaf),
            ("count", Self::leaf),
            ("quota", Self::leaf),
            ("flag", Self::leaf),
            ("active", Self::leaf),
            ("at", Self::leaf),
            ("until", Self::leaf),
            ("seconds", Self::leaf),
            ("millis", Self::leaf),
            ("micros", Self::leaf),
            ("header", Self::header),
            ("items", Self::items),
            ("texts", Self::texts),
            ("parts", Self::parts),
            ("tags", Self::tags),
            ("object", Self::inner),
        ])
    }

    /// An object; fields may be missing, null, of another type, or there twice.
    fn fields(&mut self, fields: &[(&str, Field<Self>)]) -> String {
        let mut text = String::from("{");
        for (name, value) in fields {
            let times = match self.0.rng.below(100) {
                0..6 => 0,
                6..9 => 2,
                _ => 1,
            };
            for _ in 0..times {
                let value = if self.0.chance(5) {
                    "null".to_owned()
                } else if self.0.chance(3) {
                    self.structure()
                } else {
                    value(self, name)
                };
                let blank = if self.0.rng.chance(10) { " \n\t" } else { "" };
                let comma = if text.len() > 1 { "," } else { "" };
                let _never_fails = write!(text, "{comma}{blank}{}{blank}:{value}", quoted(name));
            }
        }
        text.push('}');
        text
    }

    fn leaf(&mut self, name: &str) -> String {
        self.scalar(Role::of(name))
    }

    /// A scalar; numbers and words mostly without quotes.
    pub(crate) fn scalar(&mut self, role: Role) -> String {
        let text = self.0.value(role);
        let plain = matches!(text.as_str(), "true" | "false" | "null") || is_number(&text);
        match self.0.rng.below(100) {
            0..85 if plain => text,
            85..90 => escaped(&text),
            _ => quoted(&text),
        }
    }

    fn structure(&mut self) -> String {
        self.0
            .rng
            .pick(&[
                "{}",
                "[]",
                "[\"Loan\"]",
                "{\"a\":\"Loan\"}",
                "[null]",
                "[[1]]",
                "{\"kind\":\"Loan\"}",
                "{\"x\":{\"kind\":\"Loan\"}}",
                "5",
                "\"Loan\"",
            ])
            .to_owned()
    }

    fn header(&mut self, _: &str) -> String {
        self.fields(&[
            ("kind", Self::leaf),
            ("at", Self::leaf),
            ("text", Self::leaf),
            ("limit", Self::leaf),
        ])
    }

    fn items(&mut self, _: &str) -> String {
        self.list(|it| it.fields(&[("kind", Self::leaf), ("attributes", Self::attributes)]))
    }

    fn parts(&mut self, _: &str) -> String {
        self.list(|it| it.fields(&[("kind", Self::leaf)]))
    }

    fn texts(&mut self, _: &str) -> String {
        self.list(|it| it.scalar(Role::Text))
    }

    fn attributes(&mut self, _: &str) -> String {
        self.fields(&[("loan", |it, _| it.loan())])
    }

    pub(crate) fn loan(&mut self) -> String {
        self.fields(&[
            ("amount", Self::leaf),
            ("status", Self::leaf),
            ("secured", Self::leaf),
            ("opened", Self::leaf),
        ])
    }

    fn tags(&mut self, _: &str) -> String {
        self.fields(&[("a.b", Self::leaf), ("it's `x\\", Self::leaf)])
    }

    fn inner(&mut self, _: &str) -> String {
        self.fields(&[("a", Self::leaf), ("b", Self::leaf)])
    }

    fn list(&mut self, mut element: impl FnMut(&mut Self) -> String) -> String {
        let elements: Vec<_> = (0..self.0.rng.below(5))
            .map(|_| {
                if self.0.chance(8) {
                    self.structure()
                } else {
                    element(self)
                }
            })
            .collect();
        format!("[{}]", elements.join(","))
    }
}

/// A document with something that readers disagree about.
fn damage(text: &str, kind: usize) -> String {
    let inside = text.strip_prefix('{').unwrap_or(text);
    let cut = (0..=text.len() / 2)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    match kind {
        0 => String::new(),
        1 => text[..cut].to_owned(),
        2 => format!("{text} junk"),
        3 => format!("{text}{text}"),
        4 => format!("\u{feff}{text}"),
        5 => format!("{{\"x\": 01, {inside}"),
        6 => format!("{{\"x\": NaN, {inside}"),
        7 => format!("{{'x': 1, {inside}"),
        8 => format!("{{\"x\": \"a\tb\", {inside}"),
        9 => format!("{{/* x */ {inside}"),
        10 => format!("{{\"x\": \"\\ud800\", {inside}"),
        11 => format!("{{\"x\": {}, {inside}", "9".repeat(1_000)),
        12 => format!("{{\"x\": {}, {inside}", "9".repeat(1_001)),
        13 => format!("{{\"x\": {}{}, {inside}", "[".repeat(990), "]".repeat(990)),
        14 => format!(
            "{{\"x\": {}{}, {inside}",
            "[".repeat(1_001),
            "]".repeat(1_001)
        ),
        15 => format!("{{\"x\": +1, {inside}"),
        16 => format!("{{\"x\": \"\\x\", {inside}"),
        17 => format!("[{text}]"),
        18 => quoted(text),
        19 => format!("{} ", text.strip_suffix('}').unwrap_or(text)),
        20 => format!("{{,{inside}"),
        _ => WHOLE[(kind - 21).min(WHOLE.len() - 1)].to_owned(),
    }
}

fn is_number(text: &str) -> bool {
    matches!(Json::read(text), Some(Json::Number(_))) && text.trim() == text
}

/// A text as JSON with every character escaped.
fn escaped(text: &str) -> String {
    let units = text.encode_utf16().take(1_000);
    let escaped: Vec<_> = units.map(|unit| format!("\\u{unit:04x}")).collect();
    format!("\"{}\"", escaped.concat())
}
