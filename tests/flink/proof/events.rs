//! Rows of sources, as JSON objects with a value for each column.

use std::fmt::Write as _;

use jiff::Timestamp;
use routectl::eval::{Json, Row};
use routectl::project::layout::MapForm;
use routectl::project::source::Source;
use routectl::sql::{DataType, TypeKind};

use super::pools::{self, Role};
use super::rng::Rng;

/// A row, and its text.
#[derive(Debug)]
pub(crate) struct Event {
    /// A JSON object: what Flink reads.
    pub(crate) text: String,
    /// What the evaluator reads.
    pub(crate) row: Row,
}

/// So many rows of a source.
pub(crate) fn events(source: &Source, seed: u64, count: usize) -> anyhow::Result<Vec<Event>> {
    let mut rng = Rng::new(seed, &source.topic.value);
    let mut maker = Maker { source, rng: &mut rng };
    (0..count).map(|_| event(source, maker.row())).collect()
}

/// The row of a text.
pub(crate) fn event(source: &Source, text: String) -> anyhow::Result<Event> {
    let json = Json::read(&text).ok_or_else(|| anyhow::anyhow!("an unreadable row: {text}"))?;
    let row = Row::of_columns(source, &json).map_err(|error| anyhow::anyhow!("{error}: {text}"))?;
    Ok(Event { text, row })
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

struct Maker<'m> {
    source: &'m Source,
    rng: &'m mut Rng,
}

impl Maker<'_> {
    fn row(&mut self) -> String {
        let columns = self.source.columns.iter();
        let columns = columns.map(|(name, data_type)| (name.as_str(), &data_type.value));
        let columns: Vec<_> = columns.collect();
        self.object(columns, &mut Vec::new())
    }

    fn object<'t>(
        &mut self,
        fields: impl IntoIterator<Item = (&'t str, &'t DataType)>,
        path: &mut Vec<String>,
    ) -> String {
        let mut text = String::from("{");
        for (name, data_type) in fields {
            path.push(name.to_owned());
            let value = self.typed(data_type, path);
            path.pop();
            let comma = if text.len() > 1 { "," } else { "" };
            let _never_fails = write!(text, "{comma}{}:{value}", quoted(name));
        }
        text.push('}');
        text
    }

    /// A value of a type, at a path.
    fn typed(&mut self, data_type: &DataType, path: &mut Vec<String>) -> String {
        if self.rng.chance(6) {
            return "null".to_owned();
        }
        let name = path.last().map_or("", String::as_str).to_owned();
        let role = Role::of(&name);
        match &data_type.kind {
            TypeKind::Row(fields) => {
                let fields = fields.iter().map(|(name, data_type)| (name.as_str(), data_type));
                let fields: Vec<_> = fields.collect();
                self.object(fields, path)
            }
            TypeKind::Array(element) => {
                let elements: Vec<_> = (0..self.rng.below(5)).map(|_| self.typed(element, path)).collect();
                format!("[{}]", elements.join(","))
            }
            TypeKind::Map(_, value) => self.map(value, path),
            TypeKind::Boolean => pools::natural(self.rng, Role::Boolean),
            TypeKind::TimestampLtz(digits) => quoted(&self.timestamp(*digits)),
            TypeKind::Float | TypeKind::Double => self.floating(role, data_type.kind == TypeKind::Float),
            TypeKind::Char(most) | TypeKind::VarChar(most) => {
                let text = pools::value(self.rng, role);
                let most = usize::try_from(*most).unwrap_or(usize::MAX);
                quoted(&text.chars().take(most).collect::<String>())
            }
            TypeKind::String => self.text(&name, role),
            kind => self.exact(role, kind),
        }
    }

    fn text(&mut self, name: &str, role: Role) -> String {
        let operation = self.source.operation.as_ref();
        if self.source.event.layout.document_column().is_some_and(|column| column.value == name) {
            quoted(&Document(self.rng).text())
        } else if operation.is_some_and(|operation| operation.column.value == name) {
            quoted(self.rng.pick(&["c", "c", "c", "c", "c", "c", "u", "u", "d", "r", "C", ""]))
        } else {
            quoted(&pools::value(self.rng, role))
        }
    }

    fn map(&mut self, value: &DataType, path: &mut [String]) -> String {
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        let mut entries = Vec::new();
        let mut add = |key: &str, value: String| entries.push(format!("{}:{value}", quoted(key)));
        match self.source.event.layout.map_form(&keys) {
            Some(MapForm::Flat) => {
                for key in ["amount", "status", "secured", "opened"] {
                    if self.rng.chance(85) {
                        let value = self.typed(value, &mut vec![key.to_owned()]);
                        add(&format!("loan.{key}"), value);
                    }
                }
            }
            Some(MapForm::Json) => {
                let mut document = Document(self.rng);
                add("loan", quoted(&document.damaged(Document::loan)));
                add("a", quoted(&document.damaged(|it| it.scalar(Role::Text))));
                add("b", quoted(&document.damaged(|it| it.scalar(Role::Number))));
            }
            None => {
                for key in ["a.b", "it's `x\\"] {
                    let value = self.typed(value, &mut vec![key.to_owned()]);
                    add(key, value);
                }
            }
        }
        format!("{{{}}}", entries.join(","))
    }

    fn timestamp(&mut self, digits: u8) -> String {
        let unit = 10_i128.pow(9 - u32::from(digits.min(9)));
        let nanoseconds = pools::near(self.rng).as_nanosecond().div_euclid(unit) * unit;
        let at = Timestamp::from_nanosecond(nanoseconds).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_string()
    }

    fn floating(&mut self, role: Role, single: bool) -> String {
        const ODD: &[&str] = &["0.1", "-0.0", "16777216", "16777217", "1e10", "0.30000001192092896", "5e-45", "3.4028235e38", "1e-7", "0.001", "123456789.123"];
        let text = if self.rng.chance(25) { self.rng.pick(ODD).to_owned() } else { pools::natural(self.rng, role) };
        if single {
            text.trim().parse::<f32>().map_or("0".to_owned(), |number| format!("{number:?}"))
        } else {
            text.trim().parse::<f64>().map_or("0".to_owned(), |number| format!("{number:?}"))
        }
    }

    /// A number that the type holds; the nearest to its ends where it does not.
    fn exact(&mut self, role: Role, kind: &TypeKind) -> String {
        let (most, scale) = match kind {
            TypeKind::TinyInt => (i128::from(i8::MAX), 0),
            TypeKind::SmallInt => (i128::from(i16::MAX), 0),
            TypeKind::Int => (i128::from(i32::MAX), 0),
            TypeKind::Decimal { precision, scale } => (10_i128.pow(u32::from(*precision)) - 1, usize::from(*scale)),
            _ => (i128::from(i64::MAX), 0),
        };
        let role = if role == Role::Text { Role::Whole } else { role };
        let text = pools::natural(self.rng, role);
        let text = text.split_once(['e', 'E']).map_or(text.as_str(), |(number, _)| number).trim();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction: String = format!("{fraction:0<scale$}").chars().take(scale).collect();
        let unscaled: i128 = format!("{whole}{fraction}").parse().unwrap_or(most);
        let unscaled = unscaled.clamp(-most, most);
        let sign = if unscaled < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}

/// Makes JSON documents as producers write them, and as nobody should.
struct Document<'r>(&'r mut Rng);

impl Document<'_> {
    fn text(&mut self) -> String {
        self.damaged(Self::event)
    }

    fn damaged(&mut self, of: impl FnOnce(&mut Self) -> String) -> String {
        let text = of(self);
        if self.0.chance(94) { text } else { self.damage(&text) }
    }

    fn event(&mut self) -> String {
        self.fields(&[
            ("kind", Self::leaf), ("status", Self::leaf), ("other", Self::leaf), ("amount", Self::leaf), ("limit", Self::leaf),
            ("count", Self::leaf), ("quota", Self::leaf), ("flag", Self::leaf), ("active", Self::leaf), ("at", Self::leaf), ("until", Self::leaf),
            ("seconds", Self::leaf), ("millis", Self::leaf), ("micros", Self::leaf), ("header", Self::header), ("items", Self::items),
            ("texts", Self::texts), ("tags", Self::tags), ("object", Self::inner),
        ])
    }

    /// An object; fields may be missing, null, of another type, or there twice.
    fn fields(&mut self, fields: &[(&str, fn(&mut Self, &str) -> String)]) -> String {
        let mut text = String::from("{");
        for (name, value) in fields {
            let times = match self.0.below(100) { 0..6 => 0, 6..9 => 2, _ => 1 };
            for _ in 0..times {
                let value = match self.0.below(100) {
                    0..5 => "null".to_owned(),
                    5..8 => self.structure(),
                    _ => value(self, name),
                };
                let blank = if self.0.chance(10) { " \n\t" } else { "" };
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
    fn scalar(&mut self, role: Role) -> String {
        let text = pools::value(self.0, role);
        let plain = matches!(text.as_str(), "true" | "false" | "null") || is_number(&text);
        match self.0.below(100) {
            0..85 if plain => text,
            85..90 => escaped(&text),
            _ => quoted(&text),
        }
    }

    fn structure(&mut self) -> String {
        self.0.pick(&["{}", "[]", "[\"Loan\"]", "{\"a\":\"Loan\"}", "[null]", "[[1]]", "{\"kind\":\"Loan\"}", "5", "\"Loan\""]).to_owned()
    }

    fn header(&mut self, _: &str) -> String {
        self.fields(&[("kind", Self::leaf), ("at", Self::leaf), ("text", Self::leaf), ("limit", Self::leaf)])
    }

    fn items(&mut self, _: &str) -> String {
        self.list(|it| it.fields(&[("kind", Self::leaf), ("attributes", Self::attributes)]))
    }

    fn texts(&mut self, _: &str) -> String {
        self.list(|it| it.scalar(Role::Text))
    }

    fn attributes(&mut self, _: &str) -> String {
        self.fields(&[("loan", |it, _| it.loan())])
    }

    fn loan(&mut self) -> String {
        self.fields(&[("amount", Self::leaf), ("status", Self::leaf), ("secured", Self::leaf), ("opened", Self::leaf)])
    }

    fn tags(&mut self, _: &str) -> String {
        self.fields(&[("a.b", Self::leaf), ("it's `x\\", Self::leaf)])
    }

    fn inner(&mut self, _: &str) -> String {
        self.fields(&[("a", Self::leaf), ("b", Self::leaf)])
    }

    fn list(&mut self, mut element: impl FnMut(&mut Self) -> String) -> String {
        let elements: Vec<_> = (0..self.0.below(5))
            .map(|_| if self.0.chance(8) { self.structure() } else { element(self) })
            .collect();
        format!("[{}]", elements.join(","))
    }

    /// The document with something that readers disagree about.
    fn damage(&mut self, text: &str) -> String {
        let inside = text.strip_prefix('{').unwrap_or(text);
        let cut = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        match self.0.below(22) {
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
            14 => format!("{{\"x\": {}{}, {inside}", "[".repeat(1_001), "]".repeat(1_001)),
            15 => format!("{{\"x\": +1, {inside}"),
            16 => format!("{{\"x\": \"\\x\", {inside}"),
            17 => format!("[{text}]"),
            18 => quoted(text),
            19 => format!("{} ", text.strip_suffix('}').unwrap_or(text)),
            20 => format!("{{,{inside}"),
            _ => self.0.pick(&["null", "true", "5", "\"Loan\"", "[]", "{}", "active", " ", "{\"kind\":}"]).to_owned(),
        }
    }
}

fn is_number(text: &str) -> bool {
    matches!(Json::read(text), Some(Json::Number(_))) && text.trim() == text
}

/// A text as JSON with every character escaped.
fn escaped(text: &str) -> String {
    let units = text.encode_utf16().take(1_000);
    let mut escaped: String = units.map(|unit| format!("\\u{unit:04x}")).collect();
    escaped.insert(0, '"');
    escaped.push('"');
    escaped
}
