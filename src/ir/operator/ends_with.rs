//! `endsWith`

use super::{Form, Operator, some_text};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{Expr, escape_like};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "endsWith",
    summary: "the text ends with this",
    example: "{field: car.vin, endsWith: \"0042\"}",
    accepts: ValueType::is_text,
    form: Form::Own {
        read: some_text,
        lower,
    },
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    let text = escape_like(value.text());
    subject.typed().like(format!("%{text}"))
}
