//! `lessThan`

use super::{Form, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{BinaryOperator, Expr};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "lessThan",
    summary: "the field is below this",
    example: "{field: loan.loanAmount, lessThan: 20000}",
    accepts: ValueType::is_ordered,
    form: Form::One(lower),
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    subject.compare(BinaryOperator::Less, value)
}
