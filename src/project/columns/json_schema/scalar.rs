//! Strings, numbers and booleans, with the keywords that Connect and Flink add to them.

use serde_json::Value;

use super::super::mapped;
use super::together::Together;
use crate::sql::TypeKind;

/// Why a type has none in Flink.
pub(super) struct Misfit {
    /// Completes a sentence that begins with the path.
    pub(super) what: String,
    /// The keyword that is to blame.
    pub(super) keyword: &'static str,
}

/// The Flink type of `boolean`, `string`, `number` or `integer`.
pub(super) fn map(name: &str, schema: &Together<'_>) -> Result<TypeKind, Misfit> {
    let connect = schema.text("connect.type");
    let logical = schema
        .text("title")
        .and_then(|title| title.strip_prefix("org.apache.kafka.connect.data."));
    let number = |keyword: &str| schema.keyword(keyword).and_then(Value::as_u64);
    Ok(match (name, connect) {
        ("boolean", _) => TypeKind::Boolean,
        ("string", Some("bytes")) => {
            mapped::bytes(number("flink.minLength"), number("flink.maxLength"))
        }
        ("string", _) => mapped::text(number("minLength"), number("maxLength")),
        ("integer", None) => TypeKind::BigInt,
        (_, None | Some("float64")) => TypeKind::Double,
        (_, Some("float32")) => TypeKind::Float,
        (_, Some("int8")) => TypeKind::TinyInt,
        (_, Some("int16")) => TypeKind::SmallInt,
        (_, Some("int32")) => match logical {
            Some("Date") => TypeKind::Date,
            Some("Time") => TypeKind::Time(precision(schema, 3)?),
            _ => TypeKind::Int,
        },
        (_, Some("int64")) => match (schema.text("flink.type"), logical) {
            (Some("timestamp"), _) => TypeKind::Timestamp(precision(schema, 9)?),
            (_, Some("Timestamp")) => TypeKind::TimestampLtz(precision(schema, 9)?),
            _ => TypeKind::BigInt,
        },
        (_, Some("bytes")) if logical == Some("Decimal") => decimal(schema)?,
        (_, Some(other)) => {
            return Err(Misfit {
                what: format!("is a {name} with the unknown `connect.type` `{other}`"),
                keyword: "connect.type",
            });
        }
    })
}

/// Digits of a second: `flink.precision`, at most `most`.
fn precision(schema: &Together<'_>, most: u8) -> Result<u8, Misfit> {
    const MILLISECONDS: u8 = 3;
    let Some(written) = schema.keyword("flink.precision") else {
        return Ok(MILLISECONDS);
    };
    let digits = written
        .as_u64()
        .and_then(|digits| u8::try_from(digits).ok());
    digits
        .filter(|digits| *digits <= most)
        .ok_or_else(|| Misfit {
            what: format!("has `{written}` digits of a second; Flink has 0 to {most} here"),
            keyword: "flink.precision",
        })
}

/// Connect writes the digits as text in its parameters. Without them the service's default is documented nowhere.
fn decimal(schema: &Together<'_>) -> Result<TypeKind, Misfit> {
    let parameters = schema.keyword("connect.parameters");
    let digits = |key| parameters?.get(key)?.as_str()?.parse().ok();
    let written = digits("connect.decimal.precision").zip(digits("scale"));
    let decimal = written.and_then(|(precision, scale)| mapped::decimal(precision, scale));
    decimal.ok_or_else(|| Misfit {
        what: "is a decimal whose `connect.parameters` lack a `connect.decimal.precision` of 1 to 38 or a `scale` of at most that".to_owned(),
        keyword: if parameters.is_some() { "connect.parameters" } else { "connect.type" },
    })
}
