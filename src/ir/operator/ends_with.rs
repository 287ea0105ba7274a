//! `endsWith`

use super::{Form, Meaning, Operator, some_text};
use crate::eval::Reading;
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{Expr, Truth, escape_like};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "endsWith",
    summary: "the text ends with this",
    example: "{field: car.vin, endsWith: \"0042\"}",
    accepts: ValueType::is_text,
    form: Form::Own {
        read: some_text,
        meaning: Meaning { lower, holds },
    },
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    let text = escape_like(value.text());
    subject.typed().like(format!("%{text}"))
}

fn holds(field: &Reading<'_>, value: &Value) -> Truth {
    let found = field.text().map(|text| text.ends_with(value.text()));
    found.into()
}
