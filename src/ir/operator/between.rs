//! `between`

use super::{Form, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::Expr;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "between",
    summary: "the field is in this range, both ends included",
    example: "{field: loan.loanAmount, between: [20000, 100000]}",
    accepts: ValueType::is_ordered,
    form: Form::Range(lower),
};

fn lower(subject: &Subject, low: &Value, high: &Value) -> Expr {
    subject
        .typed()
        .between(subject.constant(low), subject.constant(high))
}
