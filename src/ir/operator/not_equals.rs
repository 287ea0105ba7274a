//! `notEquals`

use super::{Form, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{BinaryOperator, Expr};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "notEquals",
    summary: "the field has a value, and not this one",
    example: "{field: eventHeader.eventType, notEquals: LoanCreated}",
    accepts: ValueType::is_comparable,
    form: Form::One(lower),
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    subject.compare(BinaryOperator::NotEqual, value)
}
