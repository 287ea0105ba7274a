//! `contains`

use super::{Form, Meaning, Operator, some_text};
use crate::eval::Reading;
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{Expr, Truth, escape_like};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "contains",
    summary: "the text has this in it",
    example: "{field: serviceRecord.description, contains: brake}",
    accepts: ValueType::is_text,
    form: Form::Own {
        read: some_text,
        meaning: Meaning { lower, holds },
    },
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    let text = escape_like(value.text());
    subject.typed().like(format!("%{text}%"))
}

fn holds(field: &Reading<'_>, value: &Value) -> Truth {
    let found = field.text().map(|text| text.contains(value.text()));
    found.into()
}
