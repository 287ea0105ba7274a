//! Places in a row, and the SQL that reads them as a type.
//!
//! The spellings are those that were run on real Flink: nothing here can fail at run time, and a value
//! that cannot be read as the type is NULL, which routes nothing.

use super::{Value, ValueType};
use crate::sql::{BinaryOperator, DataType, Expr, Function, Truth, TypeKind};

/// What a test looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Where the value is.
    pub place: Place,
    /// How it compares.
    pub value_type: ValueType,
}

/// Where a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a column of its own.
    Column {
        /// The column.
        name: String,
        /// Its type.
        data_type: DataType,
    },
    /// In a JSON document that a column holds as text.
    Document {
        /// The column.
        column: String,
        /// The way into the document.
        steps: Vec<Step>,
    },
}

/// One step into a JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To an element, counted from 0.
    Index(u32),
}

/// An RFC 3339 timestamp from the year 1600 on. Flink's own reader is lenient ('2025-13-45T99:99:99Z'
/// passes), so nothing reaches it that does not look like this.
const INSTANT: &str = r"^(?:1[6-9]|[2-9][0-9])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\z";
const FRACTION: &str = r"\.[0-9]+";

impl Subject {
    /// Whether reading it means to extract it from a document.
    pub fn is_in_document(&self) -> bool {
        matches!(self.place, Place::Document { .. })
    }

    /// `subject operator value`, read as the value's type.
    pub fn compare(&self, operator: BinaryOperator, value: &Value) -> Expr {
        if let Value::Instant(instant) = value
            && matches!(
                operator,
                BinaryOperator::GreaterOrEqual | BinaryOperator::Less
            )
            && let Some(seconds) = instant.whole_seconds()
        {
            // A fraction cannot change the outcome here, which saves an extraction.
            return self
                .seconds()
                .binary(operator, super::decimal::number(&seconds.to_string()));
        }
        self.typed(value).binary(operator, value.lower())
    }

    /// The subject read as the type of a value.
    pub fn typed(&self, value: &Value) -> Expr {
        match value {
            Value::Text(_) => self.text(),
            Value::Number(_) => self.number(),
            Value::Boolean(_) => self.boolean(),
            Value::Instant(_) => self.instant(),
        }
    }

    /// Whether a readable row lacks the value or holds null (or the opposite, where `negated`).
    pub fn is_null(&self, negated: bool) -> Expr {
        match &self.place {
            Place::Column { name, .. } if negated => Expr::column(&**name).is_not_null(),
            Place::Column { name, .. } => Expr::column(&**name).is_null(),
            Place::Document { column, steps } => {
                let exists = Expr::json_exists(Expr::column(&**column), json_path(steps));
                let answer = if negated {
                    exists.is(Truth::True)
                } else {
                    exists.is_not(Truth::True)
                };
                // An unreadable document is neither with the value nor without it.
                Expr::case([(Expr::column(&**column).is_json(), answer)], None)
            }
        }
    }

    fn text(&self) -> Expr {
        match &self.place {
            Place::Column { name, .. } => Expr::column(&**name),
            Place::Document { column, steps } => {
                Expr::json_value(Expr::column(&**column), json_path(steps))
            }
        }
    }

    fn number(&self) -> Expr {
        if self.column_is(is_number) {
            self.text()
        } else {
            self.text().try_cast(DataType::decimal(38, 10))
        }
    }

    fn boolean(&self) -> Expr {
        let is_boolean = |kind: &TypeKind| *kind == TypeKind::Boolean;
        if self.column_is(is_boolean) {
            self.text()
        } else {
            self.text().try_cast(DataType::BOOLEAN)
        }
    }

    /// Seconds since 1970 without fraction, NULL for anything that is no instant.
    fn seconds(&self) -> Expr {
        let group = |index: i32| Expr::number(index);
        let checked = Expr::call(
            Function::RegexpExtract,
            [self.text(), Expr::string(INSTANT), group(0)],
        );
        let whole = Expr::call(
            Function::RegexpReplace,
            [checked, Expr::string(FRACTION), Expr::string("")],
        );
        let format = Expr::string("yyyy-MM-dd'T'HH:mm:ssXXX");
        Expr::call(Function::UnixTimestamp, [whole, format])
    }

    /// Seconds since 1970 with fraction, NULL for anything that is no instant.
    fn instant(&self) -> Expr {
        let fraction = Expr::call(
            Function::RegexpExtract,
            [self.text(), Expr::string(FRACTION), Expr::number(0)],
        );
        let fraction = Expr::call(
            Function::Coalesce,
            [fraction.try_cast(DataType::decimal(10, 9)), Expr::number(0)],
        );
        self.seconds().cast(DataType::decimal(20, 0)) + fraction
    }

    fn column_is(&self, check: impl Fn(&TypeKind) -> bool) -> bool {
        match &self.place {
            Place::Column { data_type, .. } => check(&data_type.kind),
            Place::Document { .. } => false,
        }
    }
}

/// Whether a column of this type compares as a number without a cast.
pub fn is_number(kind: &TypeKind) -> bool {
    matches!(
        kind,
        TypeKind::TinyInt
            | TypeKind::SmallInt
            | TypeKind::Int
            | TypeKind::BigInt
            | TypeKind::Float
            | TypeKind::Double
            | TypeKind::Decimal { .. }
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

    #[test]
    fn regression_18_json_paths_are_safe_for_every_key() {
        let key = |text: &str| Step::Key(text.to_owned());
        let path = json_path(&[
            key("a-b"),
            Step::Index(0),
            key("it's"),
            key(r"c\d"),
            key("`]"),
        ]);
        assert_eq!(path, r"$['a-b'][0]['it\'s']['c\\d']['`]']");
    }
}
