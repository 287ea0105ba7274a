//! `notIn`

use super::{Form, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::Expr;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "notIn",
    summary: "the field has a value, and none of these",
    example: "{field: loan.status, notIn: [paid_off]}",
    accepts: ValueType::is_comparable,
    form: Form::Many(lower),
};

fn lower(subject: &Subject, values: &[Value]) -> Expr {
    subject
        .typed()
        .is_not_in(values.iter().map(|value| subject.constant(value)))
}
