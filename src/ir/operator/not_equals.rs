//! `notEquals`

use super::{COMPARABLE, Form, Operator};
use crate::ir::{Subject, Value};
use crate::sql::{BinaryOperator, Expr};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "notEquals",
    summary: "the field has a value, and not this one",
    example: "{field: eventHeader.eventType, notEquals: LoanCreated}",
    types: COMPARABLE,
    form: Form::One(lower),
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    subject.compare(BinaryOperator::NotEqual, value)
}
