//! `greaterThan`

use super::{Form, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{BinaryOperator, Expr};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "greaterThan",
    summary: "the field is above this",
    example: "{field: loan.loanAmount, greaterThan: 100000}",
    accepts: ValueType::is_ordered,
    form: Form::One(lower),
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    subject.compare(BinaryOperator::Greater, value)
}
