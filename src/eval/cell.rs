//! Values in rows.

use std::sync::OnceLock;

use jiff::civil::DateTime;

use super::cast;
use super::exact::Exact;
use super::json::Json;
use crate::ir::Instant;

/// A value of a column, or of a part of one.
#[derive(Debug, Clone)]
pub enum Cell {
    /// `NULL`
    Null,
    /// `STRING`, `CHAR`, `VARCHAR`
    Text(Text),
    /// `BOOLEAN`
    Boolean(bool),
    /// `DECIMAL` and whole numbers
    Exact(Exact),
    /// `FLOAT`; never infinite
    Float(f32),
    /// `DOUBLE`; never infinite
    Double(f64),
    /// `TIMESTAMP_LTZ`
    Instant(Instant),
    /// `DATE`, `TIME`, `TIMESTAMP` and bytes, as Flink writes them in JSON: no condition looks into them
    Written(String),
    /// `ARRAY`
    Array(Vec<Self>),
    /// `ROW`, `MAP` and `MULTISET`: names and values
    Named(Vec<(String, Self)>),
}

/// Text, with the JSON document that it may hold: read when it is first looked into, and then not again.
#[derive(Debug, Clone)]
pub struct Text {
    text: String,
    document: OnceLock<Option<Json>>,
}

impl Text {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The document; `None` where the text is unreadable.
    pub fn document(&self) -> Option<&Json> {
        let read = || Json::read(&self.text);
        self.document.get_or_init(read).as_ref()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self {
            text,
            document: OnceLock::new(),
        }
    }
}

impl Cell {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(Text::from(text.into()))
    }

    /// The value under a name.
    pub(super) fn named(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Named(values) => {
                let mut values = values.iter();
                values
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The element at an index that counts from 0.
    pub(super) fn element(&self, index: u32) -> Option<&Self> {
        match self {
            Self::Array(elements) => elements.get(usize::try_from(index).ok()?),
            _ => None,
        }
    }
}

/// `2025-01-20T13:30:00.500Z`, with as many groups of three digits behind the point as it takes.
fn rfc3339(instant: Instant) -> String {
    // The columns of Flink end with the year 9999.
    let at = instant.civil().unwrap_or(DateTime::MAX);
    let nanoseconds = at.subsec_nanosecond();
    let digits = match nanoseconds {
        0 => 0,
        _ if nanoseconds % 1_000_000 == 0 => 3,
        _ if nanoseconds % 1_000 == 0 => 6,
        _ => 9,
    };
    let fraction = format!(".{nanoseconds:09}");
    let fraction = if digits == 0 {
        ""
    } else {
        &fraction[..=digits]
    };
    format!("{}T{}{fraction}Z", at.date(), at.strftime("%H:%M:%S"))
}

/// The value as Flink writes it: what `JSON_STRING` makes of it.
impl From<&Cell> for Json {
    fn from(cell: &Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Boolean(value) => Self::Boolean(*value),
            Cell::Text(text) => Self::Text(text.text.clone()),
            Cell::Written(text) => Self::Text(text.clone()),
            Cell::Instant(instant) => Self::Text(rfc3339(*instant)),
            Cell::Exact(number) => Self::number(&number.to_string()),
            Cell::Float(number) => Self::number(&cast::print_double(f64::from(*number))),
            Cell::Double(number) => Self::number(&cast::print_double(*number)),
            Cell::Array(elements) => Self::Array(elements.iter().map(Self::from).collect()),
            Cell::Named(values) => {
                let values = values.iter();
                Self::Object(
                    values
                        .map(|(name, value)| (name.clone(), Self::from(value)))
                        .collect(),
                )
            }
        }
    }
}
