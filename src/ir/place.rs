//! Places in a row: a way through typed columns, and from there perhaps into a JSON document.
//!
//! One shape serves every layout of a source: a flat column, a JSON document in a column, a `ROW` with
//! `ARRAY`s and `MAP`s in it, a map whose keys are dotted paths, a map whose values are JSON texts.

use crate::schema::Segment;
use crate::sql::{DataType, Expr, Function, Number, TypeKind};

/// Where a value is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The column it begins in.
    pub column: String,
    /// The way from there through `ROW`s, `ARRAY`s and `MAP`s.
    pub accesses: Vec<Access>,
    /// The SQL type at the end of that way.
    pub data_type: DataType,
    /// The way into the JSON text that stands there; `None` where the value itself stands there.
    pub document: Option<Vec<Step>>,
}

/// One step through a typed column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Access {
    /// To a field of a `ROW`.
    Field(String),
    /// To an element of an `ARRAY`, counted from 0.
    Index(u32),
    /// To the value of a key of a `MAP`.
    Key(String),
}

/// One step into a JSON document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To an element, counted from 0.
    Index(u32),
}

impl Step {
    /// The step as people write it in a path.
    pub(crate) fn segment(&self) -> Segment {
        match self {
            Self::Key(key) => Segment::Key(key.clone()),
            Self::Index(index) => Segment::Index(*index),
        }
    }
}

impl Place {
    /// A whole column.
    pub fn column(name: impl Into<String>, data_type: DataType) -> Self {
        Self {
            column: name.into(),
            accesses: Vec::new(),
            data_type,
            document: None,
        }
    }

    /// Whether reading it means to extract it from a JSON text, which is what costs.
    pub fn is_in_document(&self) -> bool {
        self.document.is_some()
    }

    /// The SQL value at the end of the typed way: the value itself, or the JSON text that holds it.
    pub fn typed(&self) -> Expr {
        let column = Expr::column(self.column.as_str());
        self.accesses
            .iter()
            .fold(column, |of, access| match access {
                Access::Field(name) => of.field(name.as_str()),
                // SQL counts from 1.
                Access::Index(index) => of.element(Expr::number(position(*index))),
                Access::Key(key) => of.element(Expr::string(key)),
            })
    }

    /// The value as it stands: typed, or the text of a scalar in a document (NULL for anything else).
    pub fn value(&self) -> Expr {
        match &self.document {
            None => self.typed(),
            Some(steps) => Expr::json_value(self.typed(), json_path(steps)),
        }
    }

    /// Whether a readable row lacks the value or holds null; unknown for an unreadable document.
    pub fn is_null(&self) -> Expr {
        match &self.document {
            None => self.typed().is_null(),
            Some(steps) => self.exists(steps, false),
        }
    }

    /// Whether a readable row holds the value; unknown for an unreadable document.
    pub fn is_not_null(&self) -> Expr {
        match &self.document {
            None => self.typed().is_not_null(),
            Some(steps) => self.exists(steps, true),
        }
    }

    /// Whether a value stands there at all; unknown for an unreadable document.
    pub fn is_present(&self) -> Expr {
        match &self.document {
            None => self.typed().is_not_null(),
            Some(steps) => Expr::json_exists(self.typed(), json_path(steps)),
        }
    }

    /// How many elements the array has that stands there; NULL for anything else.
    pub(super) fn length(&self) -> Expr {
        let array = match &self.document {
            None => self.typed(),
            Some(way) => Expr::json_query(self.typed(), json_path(way)),
        };
        Expr::call(Function::Cardinality, [array])
    }

    /// The texts behind `steps` of every element of the array that stands there, as `ARRAY<STRING>`; NULL for anything
    /// else. `[*]` would find the values of an object too, and nothing in `null`.
    pub(super) fn texts(&self, steps: &[Step]) -> Expr {
        let within = json_path(steps);
        let within = within.trim_start_matches('$');
        match &self.document {
            None => {
                let json = Expr::call(Function::JsonString, [self.typed()]);
                Expr::json_query(json, format!("$[0:]{within}"))
            }
            Some(way) => Expr::json_query(self.typed(), format!("{}[0:]{within}", json_path(way))),
        }
    }

    fn exists(&self, steps: &[Step], wanted: bool) -> Expr {
        use crate::sql::Truth::True;
        let exists = Expr::json_exists(self.typed(), json_path(steps));
        let answer = if wanted {
            exists.is(True)
        } else {
            exists.is_not(True)
        };
        // The text belongs to one key of a map: where the key is missing, so is the value.
        let without_text =
            (!self.accesses.is_empty()).then(|| (self.typed().is_null(), Expr::boolean(!wanted)));
        // An unreadable document is neither with the value nor without it.
        let readable = (self.typed().is_json(), answer);
        Expr::case(without_text.into_iter().chain([readable]), None)
    }

    /// Whether reading it gives text.
    pub fn is_text(&self) -> bool {
        self.document.is_some()
            || matches!(
                self.data_type.kind,
                TypeKind::String | TypeKind::Char(_) | TypeKind::VarChar(_)
            )
    }

    /// Whether the SQL value that stands there is a number.
    pub fn is_number(&self) -> bool {
        self.document.is_none() && self.data_type.kind.is_number()
    }

    /// Whether the SQL value that stands there is a boolean.
    pub fn is_boolean(&self) -> bool {
        self.document.is_none() && self.data_type.kind == TypeKind::Boolean
    }

    /// Whether the SQL value that stands there is an instant.
    pub fn is_instant(&self) -> bool {
        self.document.is_none() && matches!(self.data_type.kind, TypeKind::TimestampLtz(_))
    }
}

/// An index as a position counted from 1. Indexes beyond what SQL can count are past every end.
fn position(index: u32) -> Number {
    Number::from(
        i32::try_from(index)
            .unwrap_or(i32::MAX - 1)
            .saturating_add(1),
    )
}

/// The JSON path in the one spelling that is right for every key: `$['a'][0]`, a backslash before `\` and
/// `'`. Any other spelling of an odd key is no error on Flink but NULL for ever.
fn json_path(steps: &[Step]) -> String {
    let mut path = String::from("$");
    for step in steps {
        match step {
            Step::Key(key) => {
                path.push_str("['");
                for character in key.chars() {
                    if matches!(character, '\\' | '\'') {
                        path.push('\\');
                    }
                    path.push(character);
                }
                path.push_str("']");
            }
            Step::Index(index) => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Step {
        Step::Key(text.to_owned())
    }

    #[test]
    fn regression_18_json_paths_are_safe_for_every_key() {
        let path = json_path(&[
            key("a-b"),
            Step::Index(0),
            key("it's"),
            key(r"c\d"),
            key("`]"),
        ]);
        assert_eq!(path, r"$['a-b'][0]['it\'s']['c\\d']['`]']");
    }

    #[test]
    fn one_place_is_read_in_every_layout() {
        let column = Place::column("loan_amount", DataType::STRING);
        let document = Place {
            document: Some(vec![key("loan"), key("loanAmount")]),
            ..Place::column("event_data", DataType::STRING)
        };
        let row = Place {
            accesses: vec![
                Access::Field("entities".to_owned()),
                Access::Index(0),
                Access::Key("loan.loanAmount".to_owned()),
            ],
            ..Place::column("eventBody", DataType::STRING)
        };
        let json_map = Place {
            accesses: vec![Access::Key("loan".to_owned())],
            document: Some(vec![key("loanAmount")]),
            ..Place::column("attributes", DataType::STRING)
        };
        let places = [column, document, row, json_map];
        let read = places.each_ref().map(|place| place.value().to_string());
        insta::assert_snapshot!(read.join("\n"), @r"
        `loan_amount`
        JSON_VALUE(`event_data`, '$[''loan''][''loanAmount'']')
        `eventBody`.`entities`[1]['loan.loanAmount']
        JSON_VALUE(`attributes`['loan'], '$[''loanAmount'']')
        ");
        let missing = places.map(|place| place.is_null().to_string());
        insta::assert_snapshot!(missing.join("\n"), @r"
        `loan_amount` IS NULL
        CASE WHEN `event_data` IS JSON THEN JSON_EXISTS(`event_data`, '$[''loan''][''loanAmount'']') IS NOT TRUE END
        `eventBody`.`entities`[1]['loan.loanAmount'] IS NULL
        CASE WHEN `attributes`['loan'] IS NULL THEN TRUE WHEN `attributes`['loan'] IS JSON THEN JSON_EXISTS(`attributes`['loan'], '$[''loanAmount'']') IS NOT TRUE END
        ");
    }
}
