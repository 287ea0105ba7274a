//! What tests look at, and the SQL that reads it as a type.
//!
//! The spellings are those that were run on real Flink: nothing here can fail at run time, and a value
//! that cannot be read as the type is NULL, which routes nothing.

use super::decimal::number;
use super::{EpochUnit, Instant, InstantForm, Place, Value, ValueType};
use crate::sql::{BinaryOperator, DataType, Expr, Function};

/// What a test looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Where the value is.
    pub place: Place,
    /// How it compares.
    pub value_type: ValueType,
}

/// An RFC 3339 timestamp from the year 1600 on. Flink's own reader is lenient ('2025-13-45T99:99:99Z'
/// passes), so nothing reaches it that does not look like this.
const INSTANT: &str = r"^(?:1[6-9]|[2-9][0-9])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\z";
const FRACTION: &str = r"\.[0-9]+";

/// A timestamp of a column as `JSON_STRING` writes it: in UTC, whatever the session's zone. Of the same years as text: of
/// those before, Flink's reader counts the days by another calendar.
const JSON_INSTANT: &str = r#"^"((?:1[6-9]|[2-9][0-9])[0-9]{2}-.*)"\z"#;

/// Whatever has no long exponent: the cast behind it decides whether it is a number.
const NUMERAL: &str = r"^[^eE]*(?:[eE][+-]?[0-9]{1,3}\s*)?\z";

impl Subject {
    /// Whether reading it means to extract it from a document.
    pub fn is_in_document(&self) -> bool {
        self.place.is_in_document()
    }

    /// `subject operator value`, read as the value's type.
    pub fn compare(&self, operator: BinaryOperator, value: &Value) -> Expr {
        if let (Value::Instant(instant), BinaryOperator::GreaterOrEqual | BinaryOperator::Less) =
            (value, operator)
            && self.value_type == ValueType::Instant(InstantForm::Text)
            && let Some(seconds) = instant.whole_seconds()
        {
            // A fraction cannot change the outcome here, which saves an extraction.
            return self
                .seconds()
                .binary(operator, number(&seconds.to_string()));
        }
        self.typed().binary(operator, self.constant(value))
    }

    /// The subject read as its type, to be compared with a [`Subject::constant`].
    pub fn typed(&self) -> Expr {
        match self.value_type {
            ValueType::Text | ValueType::Structure => self.text(),
            ValueType::Number | ValueType::Instant(InstantForm::Epoch(_)) => self.number(),
            ValueType::Boolean => self.boolean(),
            ValueType::Instant(InstantForm::Text) => self.with_fraction_of(self.text()),
            ValueType::Instant(InstantForm::Timestamp) => self.place.value(),
        }
    }

    /// `subject operator other`: instants of two forms meet as seconds since 1970.
    pub fn compare_with(&self, operator: BinaryOperator, other: &Self) -> Expr {
        if self.value_type == other.value_type {
            self.typed().binary(operator, other.typed())
        } else {
            self.since_1970().binary(operator, other.since_1970())
        }
    }

    /// A value as the SQL constant that compares with [`Subject::typed`].
    pub fn constant(&self, value: &Value) -> Expr {
        match (value, self.value_type) {
            (Value::Instant(instant), ValueType::Instant(form)) => form.constant(*instant),
            (value, _) => value.lower(),
        }
    }

    /// Whole seconds since 1970; NULL for anything that is no instant, and for instants before 1600 that are no numbers.
    pub fn seconds(&self) -> Expr {
        let whole = |scaled: Expr| scaled.try_cast(DataType::BIGINT);
        match self.value_type {
            ValueType::Instant(InstantForm::Epoch(unit)) => whole(self.in_seconds(unit)),
            ValueType::Instant(InstantForm::Timestamp) => {
                seconds_of_text(self.json(), JSON_INSTANT, 1)
            }
            _ => seconds_of_text(self.text(), INSTANT, 0),
        }
    }

    /// Seconds since 1970 with their fraction, NULL where [`Subject::seconds`] is.
    fn since_1970(&self) -> Expr {
        match self.value_type {
            ValueType::Instant(InstantForm::Epoch(unit)) => self.in_seconds(unit),
            ValueType::Instant(InstantForm::Timestamp) => self.with_fraction_of(self.json()),
            _ => self.with_fraction_of(self.text()),
        }
    }

    /// The number of an epoch, as seconds.
    fn in_seconds(&self, unit: EpochUnit) -> Expr {
        match unit {
            EpochUnit::Seconds => self.number(),
            EpochUnit::Milliseconds => self.number() * number("0.001"),
            EpochUnit::Microseconds => self.number() * number("0.000001"),
        }
    }

    /// A typed value as JSON text.
    fn json(&self) -> Expr {
        Expr::call(Function::JsonString, [self.place.value()])
    }

    fn text(&self) -> Expr {
        self.place.value()
    }

    fn number(&self) -> Expr {
        if self.place.is_number() {
            return self.place.value();
        }
        self.numeral().try_cast(self.numeral_type())
    }

    /// The type that a number's text is read as.
    pub(crate) fn numeral_type(&self) -> DataType {
        const FRACTION: u8 = 10;
        let whole = match self.value_type {
            // Up to the year 33658. Beyond, whole seconds would not fit their type, and wrap round in it.
            ValueType::Instant(InstantForm::Epoch(EpochUnit::Seconds)) => 12,
            ValueType::Instant(InstantForm::Epoch(EpochUnit::Milliseconds)) => 15,
            ValueType::Instant(InstantForm::Epoch(EpochUnit::Microseconds)) => 18,
            _ => 28,
        };
        DataType::decimal(whole + FRACTION, FRACTION)
    }

    /// The text of a number; NULL where it has an exponent of more than three digits. Flink would work for
    /// minutes on `1e-100000000`, and the statement would stand still.
    pub(super) fn numeral(&self) -> Expr {
        let text = self.place.value();
        Expr::call(
            Function::RegexpExtract,
            [text, Expr::string(NUMERAL), Expr::number(0)],
        )
    }

    fn boolean(&self) -> Expr {
        if self.place.is_boolean() {
            self.place.value()
        } else {
            self.place.value().try_cast(DataType::BOOLEAN)
        }
    }

    /// The whole seconds, and the fraction that stands in a text.
    fn with_fraction_of(&self, text: Expr) -> Expr {
        let fraction = Expr::call(
            Function::RegexpExtract,
            [text, Expr::string(FRACTION), Expr::number(0)],
        );
        let fraction = Expr::call(
            Function::Coalesce,
            [fraction.try_cast(DataType::decimal(10, 9)), Expr::number(0)],
        );
        self.seconds().cast(DataType::decimal(20, 0)) + fraction
    }
}

/// The seconds of the RFC 3339 timestamp that a group of a regular expression finds.
fn seconds_of_text(text: Expr, checked: &str, group: i32) -> Expr {
    let found = Expr::call(
        Function::RegexpExtract,
        [text, Expr::string(checked), Expr::number(group)],
    );
    let whole = Expr::call(
        Function::RegexpReplace,
        [found, Expr::string(FRACTION), Expr::string("")],
    );
    let format = Expr::string("yyyy-MM-dd'T'HH:mm:ssXXX");
    Expr::call(Function::UnixTimestamp, [whole, format])
}

impl InstantForm {
    /// An instant as the SQL constant that compares with values of this form.
    fn constant(self, instant: Instant) -> Expr {
        match self {
            Self::Text => number(&instant.seconds(1)),
            Self::Epoch(unit) => number(&instant.seconds(unit.per_second())),
            Self::Timestamp => Expr::call(
                Function::ToTimestampLtz,
                [number(&instant.milliseconds().to_string()), Expr::number(3)],
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::TypeKind;

    fn column(name: &str, data_type: DataType, form: InstantForm) -> Subject {
        Subject {
            place: Place::column(name, data_type),
            value_type: ValueType::Instant(form),
        }
    }

    #[test]
    fn instants_of_two_forms_meet_as_seconds() {
        let saved = TypeKind::TimestampLtz(3).nullable();
        let saved = column("saved", saved, InstantForm::Timestamp);
        let at = column("at", DataType::STRING, InstantForm::Text);
        let counted = InstantForm::Epoch(EpochUnit::Microseconds);
        let counted = column("counted", DataType::BIGINT, counted);
        let less = |one: &Subject, other| one.compare_with(BinaryOperator::Less, other).to_string();
        insta::assert_snapshot!(
            [less(&saved, &at), less(&at, &counted), less(&at, &at)].join("\n\n"),
            @r#"
        CAST(UNIX_TIMESTAMP(REGEXP_REPLACE(REGEXP_EXTRACT(JSON_STRING(`saved`), '^"((?:1[6-9]|[2-9][0-9])[0-9]{2}-.*)"\z', 1), '\.[0-9]+', ''), 'yyyy-MM-dd''T''HH:mm:ssXXX') AS DECIMAL(20, 0)) + COALESCE(TRY_CAST(REGEXP_EXTRACT(JSON_STRING(`saved`), '\.[0-9]+', 0) AS DECIMAL(10, 9)), 0) < CAST(UNIX_TIMESTAMP(REGEXP_REPLACE(REGEXP_EXTRACT(`at`, '^(?:1[6-9]|[2-9][0-9])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\z', 0), '\.[0-9]+', ''), 'yyyy-MM-dd''T''HH:mm:ssXXX') AS DECIMAL(20, 0)) + COALESCE(TRY_CAST(REGEXP_EXTRACT(`at`, '\.[0-9]+', 0) AS DECIMAL(10, 9)), 0)

        CAST(UNIX_TIMESTAMP(REGEXP_REPLACE(REGEXP_EXTRACT(`at`, '^(?:1[6-9]|[2-9][0-9])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\z', 0), '\.[0-9]+', ''), 'yyyy-MM-dd''T''HH:mm:ssXXX') AS DECIMAL(20, 0)) + COALESCE(TRY_CAST(REGEXP_EXTRACT(`at`, '\.[0-9]+', 0) AS DECIMAL(10, 9)), 0) < `counted` * 0.000001

        CAST(UNIX_TIMESTAMP(REGEXP_REPLACE(REGEXP_EXTRACT(`at`, '^(?:1[6-9]|[2-9][0-9])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\z', 0), '\.[0-9]+', ''), 'yyyy-MM-dd''T''HH:mm:ssXXX') AS DECIMAL(20, 0)) + COALESCE(TRY_CAST(REGEXP_EXTRACT(`at`, '\.[0-9]+', 0) AS DECIMAL(10, 9)), 0) < CAST(UNIX_TIMESTAMP(REGEXP_REPLACE(REGEXP_EXTRACT(`at`, '^(?:1[6-9]|[2-9][0-9])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\z', 0), '\.[0-9]+', ''), 'yyyy-MM-dd''T''HH:mm:ssXXX') AS DECIMAL(20, 0)) + COALESCE(TRY_CAST(REGEXP_EXTRACT(`at`, '\.[0-9]+', 0) AS DECIMAL(10, 9)), 0)
        "#
        );
    }
}
