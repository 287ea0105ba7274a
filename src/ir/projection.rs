//! What a route writes: the columns of its sink, and the SQL of each.

use super::decimal::number;
use super::place::Place;
use super::{EpochUnit, InstantForm, Subject, Value, ValueType};
use crate::sql::{DataType, Expr, Function, Ident, TypeKind};

/// The column that says which route let a row pass.
pub const METADATA: &str = "filterMetadata";

/// Digits of a second in the timestamps that routectl makes.
const MILLISECONDS: u8 = 3;

/// The digits of numbers in comparisons, and how many of them stand behind the point: more would leave less room before it.
const PRECISION: u8 = 38;
const SCALE: u8 = 10;

/// One column of a sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// What stands in it.
    pub value: Projected,
}

/// What stands in a column of a sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Projected {
    /// A column of the source, as it is.
    Column(Place),
    /// A field, read as its type; NULL where it cannot be.
    Field(Subject),
    /// The same value in every row.
    Constant(Value),
    /// Which route let the row pass, for whom, and when: `ROW<filterId, consumerId, filteredAt>`.
    Metadata {
        /// The route.
        route: String,
        /// Who reads the topic.
        consumer: Option<String>,
    },
}

impl Projection {
    /// The column of a source under its own name.
    pub fn column(name: &str, data_type: &DataType) -> Self {
        Self {
            name: name.to_owned(),
            data_type: data_type.clone(),
            value: Projected::Column(Place::column(name, data_type.clone())),
        }
    }

    /// The column that says which route let the row pass.
    pub fn metadata(route: &str, consumer: Option<&str>) -> Self {
        Self {
            name: METADATA.to_owned(),
            data_type: metadata_type(),
            value: Projected::Metadata {
                route: route.to_owned(),
                consumer: consumer.map(str::to_owned),
            },
        }
    }

    /// The value as SQL.
    pub fn lower(&self) -> Expr {
        match &self.value {
            Projected::Column(place) => place.value(),
            Projected::Field(subject) => subject.as_type(&self.data_type),
            Projected::Constant(value) => value.lower(),
            Projected::Metadata { route, consumer } => {
                let consumer = match consumer {
                    Some(consumer) => Expr::string(consumer),
                    None => Expr::null().cast(DataType::STRING),
                };
                let now = Expr::call(Function::CurrentTimestamp, []);
                let row = Expr::row([Expr::string(route), consumer, now]);
                // Otherwise the lengths of the texts would become part of the type.
                row.cast(metadata_type())
            }
        }
    }
}

fn metadata_type() -> DataType {
    let field = |name: &str, data_type: DataType| (Ident::from(name), data_type);
    TypeKind::Row(vec![
        field("filterId", DataType::STRING),
        field("consumerId", DataType::STRING),
        field("filteredAt", TypeKind::TimestampLtz(3).nullable()),
    ])
    .nullable()
}

impl ValueType {
    /// The type of a sink's column for such a field; `scale` is the number of decimals that the schema allows.
    /// `None` for objects and lists, which have no one type.
    pub fn column_type(self, scale: Option<u32>) -> Option<DataType> {
        match self {
            Self::Text => Some(DataType::STRING),
            Self::Number if scale == Some(0) => Some(DataType::BIGINT),
            Self::Number => {
                let scale = scale.and_then(|scale| u8::try_from(scale).ok());
                let scale = scale.unwrap_or(SCALE).min(SCALE);
                Some(DataType::decimal(PRECISION, scale))
            }
            Self::Boolean => Some(DataType::BOOLEAN),
            Self::Instant(_) => Some(TypeKind::TimestampLtz(MILLISECONDS).nullable()),
            Self::Structure => None,
        }
    }
}

/// A floating-point number. Flink's own reader takes `1d` and `NaN` for one as well.
const FLOATING: &str = r"^\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*\z";
/// A whole number in the text of a `DECIMAL`.
const WHOLE: &str = r"^(-?[0-9]+)(?:\.0+)?\z";

/// Whether every number of a type is one of another type, both of whole numbers.
fn is_within(kind: &TypeKind, other: &TypeKind) -> bool {
    const BY_SIZE: [TypeKind; 4] = [
        TypeKind::TinyInt,
        TypeKind::SmallInt,
        TypeKind::Int,
        TypeKind::BigInt,
    ];
    let size = |kind: &TypeKind| BY_SIZE.iter().position(|one| one == kind);
    size(kind).is_some_and(|size_of| Some(size_of) <= size(other))
}

/// What a group of a regular expression finds in a text.
fn found(text: Expr, pattern: &str, group: i32) -> Expr {
    Expr::call(
        Function::RegexpExtract,
        [text, Expr::string(pattern), Expr::number(group)],
    )
}

/// How conditions read numbers.
pub(crate) fn number_type() -> DataType {
    DataType::decimal(PRECISION, SCALE)
}

/// The type that text goes through on its way to a `DECIMAL` of few digits: for those Flink's reader is lenient, `T` is 0
/// and `1d` is 1. It holds every number that they hold, and rounds where they do, so that nothing is rounded twice.
pub(crate) fn strict(precision: u8, scale: u8) -> Option<DataType> {
    const LENIENT: u8 = 18;
    (precision <= LENIENT).then(|| DataType::decimal(PRECISION, scale))
}

impl Subject {
    /// The value as a column of a type; NULL where it cannot be read so. Whatever is of another type is cast: Flink lets
    /// timestamps of more digits into a column as they are, and what becomes of the digits depends on the format.
    fn as_type(&self, data_type: &DataType) -> Expr {
        if self.place.document.is_none() && self.place.data_type.kind == data_type.kind {
            return self.place.value();
        }
        match (&data_type.kind, self.value_type) {
            (TypeKind::TimestampLtz(digits), ValueType::Instant(form))
                if form != InstantForm::Timestamp =>
            {
                let timestamp = self.to_timestamp(form);
                match *digits {
                    MILLISECONDS => timestamp,
                    _ => timestamp.try_cast(data_type.clone()),
                }
            }
            (TypeKind::String, _) if self.place.is_text() => self.place.value(),
            (kind, _) if kind.is_number() => self.as_number(data_type),
            _ => self.place.value().try_cast(data_type.clone()),
        }
    }

    /// The value as a number of a type; NULL where it is none, or one that the type does not hold. Whether it is a whole
    /// number is seen where conditions see it, too: in its first ten decimals.
    fn as_number(&self, data_type: &DataType) -> Expr {
        let text = self.number_text();
        let cast = match (&data_type.kind, text) {
            (TypeKind::Decimal { precision, scale }, Some(text)) => {
                match strict(*precision, *scale) {
                    Some(strict) => text.try_cast(strict),
                    None => text,
                }
            }
            (TypeKind::Float | TypeKind::Double, _) if self.place.is_text() => {
                found(self.place.value(), FLOATING, 0)
            }
            (TypeKind::Decimal { .. } | TypeKind::Float | TypeKind::Double, _) => {
                self.place.value()
            }
            (kind, _) if is_within(&self.place.data_type.kind, kind) => self.place.value(),
            (_, text) => {
                let number = match text {
                    Some(text) => text.try_cast(number_type()),
                    None => self.place.value(),
                };
                found(number.cast(DataType::STRING), WHOLE, 1)
            }
        };
        cast.try_cast(data_type.clone())
    }

    /// The text of what is no exact number: text, or a floating-point number, of which a NaN would kill the statement in a
    /// cast to `DECIMAL`.
    fn number_text(&self) -> Option<Expr> {
        let value = || self.place.value();
        match self.place.data_type.kind {
            _ if self.place.is_text() => Some(self.numeral()),
            TypeKind::Float => Some(
                value()
                    .cast(TypeKind::Double.nullable())
                    .cast(DataType::STRING),
            ),
            TypeKind::Double => Some(value().cast(DataType::STRING)),
            _ => None,
        }
    }

    fn to_timestamp(&self, form: InstantForm) -> Expr {
        let milliseconds = match form {
            InstantForm::Text => self.typed() * number("1000"),
            InstantForm::Epoch(EpochUnit::Seconds) => self.wide_number() * number("1000"),
            InstantForm::Epoch(EpochUnit::Milliseconds) => self.typed(),
            InstantForm::Epoch(EpochUnit::Microseconds) => self.typed() * number("0.001"),
            InstantForm::Timestamp => return self.place.value(),
        };
        let whole = milliseconds.try_cast(DataType::BIGINT);
        Expr::call(Function::ToTimestampLtz, [whole, Expr::number(3)])
    }

    /// The number, of a type in which its product is not wrapped round: that of two `INT`s is an `INT`.
    fn wide_number(&self) -> Expr {
        let is_narrow = self.place.is_number()
            && matches!(
                self.place.data_type.kind,
                TypeKind::TinyInt | TypeKind::SmallInt | TypeKind::Int
            );
        if is_narrow {
            self.typed().cast(DataType::BIGINT)
        } else {
            self.typed()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Step;

    fn field(value_type: ValueType) -> Projected {
        let place = Place {
            document: Some(vec![Step::Key("a".to_owned())]),
            ..Place::column("d", DataType::STRING)
        };
        Projected::Field(Subject { place, value_type })
    }

    fn sql(value: Projected, data_type: DataType) -> String {
        let name = "x".to_owned();
        Projection {
            name,
            data_type,
            value,
        }
        .lower()
        .to_string()
    }

    #[test]
    fn fields_are_read_as_the_columns_type() {
        let number = ValueType::Number;
        insta::assert_snapshot!(sql(field(number), number.column_type(Some(2)).unwrap()), @r"TRY_CAST(REGEXP_EXTRACT(JSON_VALUE(`d`, '$[''a'']'), '^[^eE]*(?:[eE][+-]?[0-9]{1,3}\s*)?\z', 0) AS DECIMAL(38, 2))");
        insta::assert_snapshot!(sql(field(number), number.column_type(Some(0)).unwrap()), @r"TRY_CAST(REGEXP_EXTRACT(CAST(TRY_CAST(REGEXP_EXTRACT(JSON_VALUE(`d`, '$[''a'']'), '^[^eE]*(?:[eE][+-]?[0-9]{1,3}\s*)?\z', 0) AS DECIMAL(38, 10)) AS STRING), '^(-?[0-9]+)(?:\.0+)?\z', 1) AS BIGINT)");
        insta::assert_snapshot!(sql(field(ValueType::Text), DataType::STRING), @"JSON_VALUE(`d`, '$[''a'']')");
        let epoch = ValueType::Instant(InstantForm::Epoch(EpochUnit::Microseconds));
        insta::assert_snapshot!(sql(field(epoch), epoch.column_type(None).unwrap()), @r"TO_TIMESTAMP_LTZ(TRY_CAST(TRY_CAST(REGEXP_EXTRACT(JSON_VALUE(`d`, '$[''a'']'), '^[^eE]*(?:[eE][+-]?[0-9]{1,3}\s*)?\z', 0) AS DECIMAL(28, 10)) * 0.001 AS BIGINT), 3)");
    }

    #[test]
    fn numbers_are_those_of_their_column_or_nothing() {
        let number = || field(ValueType::Number);
        insta::assert_snapshot!(sql(number(), DataType::decimal(18, 2)), @r"TRY_CAST(TRY_CAST(REGEXP_EXTRACT(JSON_VALUE(`d`, '$[''a'']'), '^[^eE]*(?:[eE][+-]?[0-9]{1,3}\s*)?\z', 0) AS DECIMAL(38, 2)) AS DECIMAL(18, 2))");
        insta::assert_snapshot!(sql(number(), TypeKind::Double.nullable()), @r"TRY_CAST(REGEXP_EXTRACT(JSON_VALUE(`d`, '$[''a'']'), '^\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*\z', 0) AS DOUBLE)");
        let typed = |data_type| {
            let place = Place::column("n", data_type);
            let value_type = ValueType::Number;
            Projected::Field(Subject { place, value_type })
        };
        insta::assert_snapshot!(sql(typed(TypeKind::Double.nullable()), DataType::BIGINT), @r"TRY_CAST(REGEXP_EXTRACT(CAST(TRY_CAST(CAST(`n` AS STRING) AS DECIMAL(38, 10)) AS STRING), '^(-?[0-9]+)(?:\.0+)?\z', 1) AS BIGINT)");
        insta::assert_snapshot!(sql(typed(DataType::decimal(18, 2)), DataType::BIGINT), @r"TRY_CAST(REGEXP_EXTRACT(CAST(`n` AS STRING), '^(-?[0-9]+)(?:\.0+)?\z', 1) AS BIGINT)");
        insta::assert_snapshot!(sql(typed(TypeKind::Double.nullable()), DataType::decimal(38, 2)), @"TRY_CAST(CAST(`n` AS STRING) AS DECIMAL(38, 2))");
    }

    #[test]
    fn timestamps_lose_the_digits_that_their_column_does_not_have() {
        let saved = || {
            Projected::Field(Subject {
                place: Place::column("saved", TypeKind::TimestampLtz(9).nullable()),
                value_type: ValueType::Instant(InstantForm::Timestamp),
            })
        };
        let digits = |digits| TypeKind::TimestampLtz(digits).nullable();
        insta::assert_snapshot!(sql(saved(), digits(3)), @"TRY_CAST(`saved` AS TIMESTAMP_LTZ(3))");
        insta::assert_snapshot!(sql(saved(), digits(9)), @"`saved`");
    }

    #[test]
    fn seconds_in_short_columns_are_not_wrapped_round() {
        let counted = |data_type| {
            let place = Place::column("n", data_type);
            let value_type = ValueType::Instant(InstantForm::Epoch(EpochUnit::Seconds));
            Projected::Field(Subject { place, value_type })
        };
        let timestamp = || TypeKind::TimestampLtz(3).nullable();
        insta::assert_snapshot!(sql(counted(TypeKind::Int.nullable()), timestamp()), @"TO_TIMESTAMP_LTZ(TRY_CAST(CAST(`n` AS BIGINT) * 1000 AS BIGINT), 3)");
        insta::assert_snapshot!(sql(counted(DataType::BIGINT), timestamp()), @"TO_TIMESTAMP_LTZ(TRY_CAST(`n` * 1000 AS BIGINT), 3)");
    }

    #[test]
    fn metadata_has_a_type_that_no_text_changes() {
        insta::assert_snapshot!(Projection::metadata("r", None).lower(), @"CAST(ROW('r', CAST(NULL AS STRING), CURRENT_TIMESTAMP) AS ROW<`filterId` STRING, `consumerId` STRING, `filteredAt` TIMESTAMP_LTZ(3)>)");
    }
}
