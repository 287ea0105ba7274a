//! `contains`

use super::{Form, OperandError, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{Expr, escape_like};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "contains",
    summary: "the text has this in it",
    example: "{field: serviceRecord.description, contains: brake}",
    accepts: ValueType::is_text,
    form: Form::Own { read, lower },
};

fn read(text: &str) -> Result<Value, OperandError> {
    super::some_text(text)
}

fn lower(subject: &Subject, value: &Value) -> Expr {
    let text = escape_like(value.text());
    subject.typed().like(format!("%{text}%"))
}
