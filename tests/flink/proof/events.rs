//! Rows of sources, as JSON objects with a value for each column.

use std::fmt::Write as _;

use jiff::Timestamp;
use routectl::eval::{Json, Row};
use routectl::project::layout::MapForm;
use routectl::project::source::Source;
use routectl::sql::{DataType, TypeKind};

use super::document::{DAMAGES, Document};
use super::rng::Rng;
use super::role::Role;
use super::values::Values;
use super::{hostile, near};

/// A row, and its text.
#[derive(Debug)]
pub(crate) struct Event {
    /// A JSON object: what Flink reads.
    pub(crate) text: String,
    /// What the evaluator reads.
    pub(crate) row: Row,
}

/// So many rows of a source: first those that have one of the odd values in every field, or one kind of damage, then
/// others by chance.
pub(crate) fn events(source: &Source, seed: u64, count: usize) -> anyhow::Result<Vec<Event>> {
    let mut rng = Rng::new(seed, &source.topic.value);
    let long = "a".repeat(40_000);
    let mut odd: Vec<&str> = hostile::odd().collect();
    odd.push(&long);
    let events = (0..count).map(|number| {
        let mut maker = Maker {
            source,
            values: Values::new(&mut rng, odd.get(number).copied()),
            damage: number
                .checked_sub(odd.len())
                .filter(|damage| *damage < DAMAGES),
        };
        event(source, maker.row())
    });
    events.collect()
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
    values: Values<'m>,
    damage: Option<usize>,
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
        if self.values.chance(6) {
            return "null".to_owned();
        }
        let name = path.last().map_or("", String::as_str).to_owned();
        let role = Role::of(&name);
        match &data_type.kind {
            TypeKind::Row(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, data_type)| (name.as_str(), data_type));
                let fields: Vec<_> = fields.collect();
                self.object(fields, path)
            }
            TypeKind::Array(element) => {
                let elements: Vec<_> = (0..self.values.rng.below(5))
                    .map(|_| self.typed(element, path))
                    .collect();
                format!("[{}]", elements.join(","))
            }
            TypeKind::Map(_, value) => self.map(value, path),
            TypeKind::Boolean => self.values.natural(Role::Boolean),
            TypeKind::TimestampLtz(digits) => quoted(&self.timestamp(*digits)),
            TypeKind::Date => "\"2025-01-20\"".to_owned(),
            TypeKind::Timestamp(_) => "\"2025-01-20T13:30:00.250\"".to_owned(),
            TypeKind::Float | TypeKind::Double => {
                self.floating(role, data_type.kind == TypeKind::Float)
            }
            TypeKind::Char(most) | TypeKind::VarChar(most) => {
                let text = self.values.value(role);
                let most = usize::try_from(*most).unwrap_or(usize::MAX);
                quoted(&text.chars().take(most).collect::<String>())
            }
            TypeKind::String => self.text(&name, role),
            kind => self.exact(role, kind),
        }
    }

    fn text(&mut self, name: &str, role: Role) -> String {
        let operation = self.source.operation.as_ref();
        if self
            .source
            .event
            .layout
            .document_column()
            .is_some_and(|column| column.value == name)
        {
            let damage = self.damage;
            quoted(&self.document().damaged(damage, Document::event))
        } else if operation.is_some_and(|operation| operation.column.value == name) {
            quoted(
                self.values
                    .rng
                    .pick(&["c", "c", "c", "c", "c", "c", "u", "u", "d", "r", "C", ""]),
            )
        } else {
            quoted(&self.values.value(role))
        }
    }

    fn map(&mut self, value: &DataType, path: &mut [String]) -> String {
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        let mut entries = Vec::new();
        let mut add = |key: &str, value: String| entries.push(format!("{}:{value}", quoted(key)));
        match self.source.event.layout.map_form(&keys) {
            Some(MapForm::Flat) => {
                for key in ["amount", "status", "secured", "opened"] {
                    if !self.values.chance(15) {
                        let value = self.typed(value, &mut vec![key.to_owned()]);
                        add(&format!("loan.{key}"), value);
                    }
                }
            }
            Some(MapForm::Json) => {
                let damage = self.damage;
                let mut document = self.document();
                add("loan", quoted(&document.damaged(damage, Document::loan)));
                add(
                    "a",
                    quoted(&document.damaged(damage, |it| it.scalar(Role::Text))),
                );
                add(
                    "b",
                    quoted(&document.damaged(damage, |it| it.scalar(Role::Number))),
                );
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

    fn document(&mut self) -> Document<'_> {
        Document(self.values.reborrow())
    }

    fn timestamp(&mut self, digits: u8) -> String {
        /// Where the years of Flink's calendars begin and end.
        const BORDERS: &[&str] = &[
            "1600-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "9999-12-30T12:00:00Z",
        ];
        if self.values.chance(8) {
            return self.values.rng.pick(BORDERS).to_owned();
        }
        let unit = 10_i128.pow(9 - u32::from(digits.min(9)));
        let nanoseconds = near::near(self.values.rng).as_nanosecond().div_euclid(unit) * unit;
        let at = Timestamp::from_nanosecond(nanoseconds).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_string()
    }

    fn floating(&mut self, role: Role, single: bool) -> String {
        const ODD: &[&str] = &[
            "0.1",
            "16777216",
            "16777217",
            "1e10",
            "0.30000001192092896",
            "5e-45",
            "3.4028235e38",
            "1e-7",
            "0.001",
            "123456789.123",
        ];
        let text = if self.values.chance(25) {
            self.values.rng.pick(ODD).to_owned()
        } else {
            self.values.natural(role)
        };
        if single {
            text.trim()
                .parse::<f32>()
                .map_or("0".to_owned(), |number| format!("{:?}", number + 0.0))
        } else {
            text.trim()
                .parse::<f64>()
                .map_or("0".to_owned(), |number| format!("{:?}", number + 0.0))
        }
    }

    /// A number that the type holds; the nearest to its ends where it does not.
    fn exact(&mut self, role: Role, kind: &TypeKind) -> String {
        let (most, scale) = match kind {
            TypeKind::TinyInt => (i128::from(i8::MAX), 0),
            TypeKind::SmallInt => (i128::from(i16::MAX), 0),
            TypeKind::Int => (i128::from(i32::MAX), 0),
            TypeKind::Decimal { precision, scale } => {
                (10_i128.pow(u32::from(*precision)) - 1, usize::from(*scale))
            }
            _ => (i128::from(i64::MAX), 0),
        };
        let role = if role == Role::Text {
            Role::Whole
        } else {
            role
        };
        let text = self.values.natural(role);
        let text = text
            .split_once(['e', 'E'])
            .map_or(text.as_str(), |(number, _)| number)
            .trim();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction: String = format!("{fraction:0<scale$}").chars().take(scale).collect();
        let unscaled: i128 = format!("{whole}{fraction}").parse().unwrap_or(most);
        let unscaled = unscaled.clamp(-most, most);
        let sign = if unscaled < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if scale == 0 {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }
    }
}
