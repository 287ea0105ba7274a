//! Avro's primitive and logical types, and the properties that Flink and Connect add to them.

use super::super::mapped;
use crate::source_text::{Node, Style};
use crate::sql::TypeKind;

/// The names of the types that every schema knows.
pub(super) const PRIMITIVES: &[&str] = &[
    "null", "boolean", "int", "long", "float", "double", "bytes", "string",
];

/// The properties of a type.
#[derive(Clone, Copy)]
pub(super) struct Properties<'n>(Option<&'n Node>);

/// Why a type has none in Flink.
pub(super) struct Misfit<'n> {
    /// Completes a sentence that begins with the path.
    pub(super) what: String,
    /// The property that is to blame.
    pub(super) at: Option<&'n Node>,
}

impl<'n> Properties<'n> {
    pub(super) const NONE: Self = Self(None);

    pub(super) fn of(schema: &'n Node) -> Self {
        Self(Some(schema))
    }

    /// Whether a map counts elements instead of holding values.
    pub(super) fn is_multiset(self) -> bool {
        self.text("flink.type") == Some("multiset")
    }

    fn node(self, key: &str) -> Option<&'n Node> {
        Some(&self.0?.entry(key)?.value)
    }

    fn text(self, key: &str) -> Option<&'n str> {
        let scalar = self.node(key)?.scalar()?;
        (scalar.style == Style::Quoted).then_some(&*scalar.text)
    }

    fn number(self, key: &str) -> Result<Option<u64>, Misfit<'n>> {
        let Some(node) = self.node(key) else {
            return Ok(None);
        };
        let plain = node.scalar().filter(|scalar| scalar.style == Style::Plain);
        let number = plain.and_then(|scalar| scalar.text.parse().ok());
        number.map(Some).ok_or_else(|| Misfit {
            what: format!("has a `{key}` that is no whole number"),
            at: Some(node),
        })
    }
}

/// The Flink type of a primitive type or a `fixed` one.
pub(super) fn map<'n>(name: &str, of: Properties<'n>) -> Result<TypeKind, Misfit<'n>> {
    let logical = of.text("logicalType");
    Ok(match (name, logical) {
        ("boolean", _) => TypeKind::Boolean,
        ("float", _) => TypeKind::Float,
        ("double", _) => TypeKind::Double,
        ("string", _) => mapped::text(of.number("flink.minLength")?, of.number("flink.maxLength")?),
        ("bytes" | "fixed", Some("decimal")) => decimal(of)?,
        ("fixed", _) => {
            let size = of.number("size")?;
            mapped::bytes(size, size)
        }
        ("bytes", _) => mapped::bytes(None, of.number("flink.maxLength")?),
        ("int", Some("date")) => TypeKind::Date,
        ("int", Some("time-millis")) => TypeKind::Time(precision(of, 3, 3)?),
        ("int", None) => match of.text("connect.type") {
            Some("int8") => TypeKind::TinyInt,
            Some("int16") => TypeKind::SmallInt,
            _ => TypeKind::Int,
        },
        ("int", Some(_)) => TypeKind::Int,
        ("long", Some("timestamp-millis")) => TypeKind::TimestampLtz(precision(of, 3, 3)?),
        ("long", Some("timestamp-micros")) => TypeKind::TimestampLtz(precision(of, 6, 9)?),
        ("long", Some("local-timestamp-millis")) => TypeKind::Timestamp(precision(of, 3, 3)?),
        ("long", Some("local-timestamp-micros")) => TypeKind::Timestamp(precision(of, 6, 9)?),
        ("long", Some(nanos @ ("timestamp-nanos" | "local-timestamp-nanos"))) => {
            return Err(Misfit {
                what: format!("is a `{nanos}`, for which Confluent Cloud documents no type"),
                at: of.node("logicalType"),
            });
        }
        // Other logical types are read as what they are made of, `time-micros` among them.
        ("long", _) => TypeKind::BigInt,
        _ => {
            return Err(Misfit {
                what: "is never anything but null".to_owned(),
                at: None,
            });
        }
    })
}

/// Digits of a second: `flink.precision`, at most `most`.
fn precision(of: Properties<'_>, default: u8, most: u8) -> Result<u8, Misfit<'_>> {
    let Some(written) = of.number("flink.precision")? else {
        return Ok(default);
    };
    let digits = u8::try_from(written).ok().filter(|digits| *digits <= most);
    digits.ok_or_else(|| Misfit {
        what: format!("has {written} digits of a second; Flink has at most {most} here"),
        at: of.node("flink.precision"),
    })
}

fn decimal(of: Properties<'_>) -> Result<TypeKind, Misfit<'_>> {
    let scale = of.number("scale")?.unwrap_or(0);
    let Some(precision) = of.number("precision")? else {
        return Err(Misfit {
            what: "is a decimal without `precision`".to_owned(),
            at: of.node("logicalType"),
        });
    };
    mapped::decimal(precision, scale).ok_or_else(|| Misfit {
        what: format!("is a decimal of {precision} digits, {scale} of them behind the point; Flink has 1 to 38"),
        at: of.node("precision"),
    })
}
