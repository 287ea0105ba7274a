//! `greaterThanOrEqual`

use super::{Form, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{BinaryOperator, Expr};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "greaterThanOrEqual",
    summary: "the field is this or above",
    example: "{field: eventHeader.createdDate, greaterThanOrEqual: 2025-01-01T00:00:00Z}",
    accepts: ValueType::is_ordered,
    form: Form::One(lower),
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    subject.compare(BinaryOperator::GreaterOrEqual, value)
}
