//! `greaterThan`

use super::{Form, ORDERED, Operator};
use crate::ir::{Subject, Value};
use crate::sql::{BinaryOperator, Expr};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "greaterThan",
    summary: "the field is above this",
    example: "{field: loan.loanAmount, greaterThan: 100000}",
    types: ORDERED,
    form: Form::One(lower),
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    subject.compare(BinaryOperator::Greater, value)
}
