//! `matches`

use super::{Form, Meaning, OperandError, Operator};
use crate::eval::Reading;
use crate::ir::{Pattern, Subject, Value, ValueType};
use crate::sql::{BinaryOperator, Expr, Truth};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "matches",
    summary: "this regular expression is found anywhere in the text; a safe subset, checked when it is read",
    example: "{field: car.vin, matches: \"^5TD[A-Z0-9]{14}$\"}",
    accepts: ValueType::is_text,
    form: Form::Own {
        read,
        meaning: Meaning { lower, holds },
    },
};

fn read(text: &str) -> Result<Value, OperandError> {
    Pattern::parse(text)
        .map(Value::Pattern)
        .map_err(|error| OperandError {
            message: error.message,
            help: error.help,
            offset: error.offset,
            len: error.len,
        })
}

fn lower(subject: &Subject, value: &Value) -> Expr {
    match value {
        Value::Pattern(pattern) => pattern.lower(subject.typed()),
        other => subject.typed().eq(subject.constant(other)),
    }
}

fn holds(field: &Reading<'_>, value: &Value) -> Truth {
    match value {
        Value::Pattern(pattern) => field.text().map(|text| pattern.matches(text)).into(),
        other => field.compare(BinaryOperator::Equal, other),
    }
}
