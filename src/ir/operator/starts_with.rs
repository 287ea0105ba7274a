//! `startsWith`

use super::{Form, OperandError, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{Expr, escape_like};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "startsWith",
    summary: "the text begins with this",
    example: "{field: car.vin, startsWith: 5TD}",
    accepts: ValueType::is_text,
    form: Form::Own { read, lower },
};

fn read(text: &str) -> Result<Value, OperandError> {
    super::some_text(text)
}

fn lower(subject: &Subject, value: &Value) -> Expr {
    let text = escape_like(value.text());
    subject.typed().like(format!("{text}%"))
}
