//! Which fields can stand in a column of which type.
//!
//! Flink cannot plan some casts, and others it plans to NULL for ever; both would be found out too late.
//! (Flink documentation, "Data Types", section CAST.)

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{InstantForm, Subject, ValueType};
use crate::schema::FieldPath;
use crate::source_text::Spanned;
use crate::sql::{DataType, TypeKind};

/// Refuses a column that could never hold the field.
pub(super) fn check(
    path: &Spanned<FieldPath>,
    subject: &Subject,
    wanted: &Spanned<DataType>,
) -> Result<(), Diagnostic> {
    let Some(help) = objection(subject, &wanted.value.kind) else {
        return Ok(());
    };
    let (is, wanted_type) = (subject.value_type.describe(), &wanted.value);
    let message = format!(
        "`{}` is {is}, which a column of type {wanted_type} cannot hold",
        path.value
    );
    Err(
        Diagnostic::new(Code::OperandType, message, wanted.span, "not this type")
            .related(path.span, format!("this field is {is}"))
            .help(help),
    )
}

/// Why a field cannot stand in a column of a type, as a remedy; `None` where it can.
fn objection(subject: &Subject, wanted: &TypeKind) -> Option<&'static str> {
    let place = &subject.place;
    let as_it_is = place.document.is_none() && place.data_type.kind == *wanted;
    let is_text = place.is_text();
    let fits = match wanted {
        _ if as_it_is => true,
        // The text of an object or list is NULL.
        _ if subject.value_type == ValueType::Structure => {
            return Some("select a field inside it, or the whole document's column");
        }
        TypeKind::String | TypeKind::Char(_) | TypeKind::VarChar(_) => true,
        TypeKind::Boolean => is_text || place.is_boolean(),
        number if number.is_number() => is_text || place.is_number(),
        TypeKind::TimestampLtz(_) => match subject.value_type {
            ValueType::Instant(_) => true,
            _ => return Some("say what it counts: `as: instant`, `as: epoch-millis`"),
        },
        TypeKind::Date | TypeKind::Time(_) | TypeKind::Timestamp(_) => match subject.value_type {
            ValueType::Instant(InstantForm::Timestamp) => true,
            // With an offset in it the text is NULL in every type without a zone.
            ValueType::Instant(_) => return Some("write `type: TIMESTAMP_LTZ(3)`"),
            _ => is_text,
        },
        TypeKind::Bytes | TypeKind::Binary(_) | TypeKind::VarBinary(_) => is_text,
        _ => false,
    };
    (!fits).then_some("leave `type` out: the type that fits follows from the field")
}
