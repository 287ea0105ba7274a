//! JSON documents whose numbers keep the digits that they are written with.
//!
//! `serde_json` reads numbers as floats, which cannot tell 9007199254740993 from its neighbours; routes can.

use std::fmt::{self, Write as _};

use indexmap::IndexMap;
use serde_json::Value;

use crate::schema::{FieldPath, Segment};

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` and `false`
    Boolean(bool),
    /// A number as it is written.
    Number(String),
    /// A string.
    Text(String),
    /// A list.
    Array(Vec<Self>),
    /// An object.
    Object(IndexMap<String, Self>),
}

impl Json {
    /// The value for readers whose numbers are floats.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Bool(*value),
            Self::Number(text) => serde_json::from_str(text).unwrap_or(Value::Null),
            Self::Text(text) => Value::from(text.as_str()),
            Self::Array(elements) => elements.iter().map(Self::to_value).collect(),
            Self::Object(fields) => {
                let fields = fields.iter();
                fields
                    .map(|(key, value)| (key.clone(), value.to_value()))
                    .collect()
            }
        }
    }

    /// What stands at a path.
    pub fn at(&self, path: &FieldPath) -> Option<&Self> {
        path.segments
            .iter()
            .try_fold(self, |value, segment| match (value, segment) {
                (Self::Object(fields), Segment::Key(key)) => fields.get(key),
                (Self::Array(elements), Segment::Index(index)) => {
                    elements.get(usize::try_from(*index).ok()?)
                }
                _ => None,
            })
    }

    /// The document on several lines, as people write it, with a newline at the end.
    pub fn pretty(&self) -> String {
        let mut text = String::new();
        self.write_pretty(&mut text, 0);
        text.push('\n');
        text
    }

    fn write_pretty(&self, text: &mut String, depth: usize) {
        let line = |text: &mut String, depth: usize| {
            text.push('\n');
            text.extend(std::iter::repeat_n("  ", depth));
        };
        match self {
            Self::Array(elements) if !elements.is_empty() => {
                for (position, element) in elements.iter().enumerate() {
                    text.push(if position == 0 { '[' } else { ',' });
                    line(text, depth + 1);
                    element.write_pretty(text, depth + 1);
                }
                line(text, depth);
                text.push(']');
            }
            Self::Object(fields) if !fields.is_empty() => {
                for (position, (key, value)) in fields.iter().enumerate() {
                    text.push(if position == 0 { '{' } else { ',' });
                    line(text, depth + 1);
                    text.push_str(&quoted(key));
                    text.push_str(": ");
                    value.write_pretty(text, depth + 1);
                }
                line(text, depth);
                text.push('}');
            }
            // Writing to a string cannot fail.
            _ => drop(write!(text, "{self}")),
        }
    }
}

/// A text as JSON writes it.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Boolean(*value),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(elements) => Self::Array(elements.iter().map(Self::from).collect()),
            Value::Object(fields) => {
                let fields = fields.iter();
                Self::Object(
                    fields
                        .map(|(key, value)| (key.clone(), value.into()))
                        .collect(),
                )
            }
        }
    }
}

/// On one line, without blanks.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => value.fmt(f),
            Self::Number(text) => f.write_str(text),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Array(elements) => {
                f.write_char('[')?;
                for (position, element) in elements.iter().enumerate() {
                    f.write_str(if position == 0 { "" } else { "," })?;
                    element.fmt(f)?;
                }
                f.write_char(']')
            }
            Self::Object(fields) => {
                f.write_char('{')?;
                for (position, (key, value)) in fields.iter().enumerate() {
                    f.write_str(if position == 0 { "" } else { "," })?;
                    write!(f, "{}:{value}", quoted(key))?;
                }
                f.write_char('}')
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_print_on_one_line_and_on_several() {
        let text = r#"{"a":[1,{"b \"c\"":null}],"d":{},"e":[],"f":true}"#;
        let json = Json::from(&serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(json.to_string(), text);
        insta::assert_snapshot!(json.pretty(), @r#"
        {
          "a": [
            1,
            {
              "b \"c\"": null
            }
          ],
          "d": {},
          "e": [],
          "f": true
        }
        "#);
        assert_eq!(
            json.at(&FieldPath::parse("a[0]").unwrap()),
            Some(&Json::Number("1".to_owned()))
        );
        assert_eq!(json.at(&FieldPath::parse("a[2]").unwrap()), None);
    }

    #[test]
    fn numbers_keep_their_digits() {
        let long = Json::Array(vec![Json::Number("9007199254740993.10".to_owned())]);
        assert_eq!(long.to_string(), "[9007199254740993.10]");
    }
}
