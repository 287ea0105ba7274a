//! `contains`

use super::{Form, Operator, some_text};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{Expr, escape_like};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "contains",
    summary: "the text has this in it",
    example: "{field: serviceRecord.description, contains: brake}",
    accepts: ValueType::is_text,
    form: Form::Own {
        read: some_text,
        lower,
    },
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    let text = escape_like(value.text());
    subject.typed().like(format!("%{text}%"))
}
