//! `notIn`

use super::{COMPARABLE, Form, Operator};
use crate::ir::{Subject, Value};
use crate::sql::Expr;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "notIn",
    summary: "the field has a value, and none of these",
    example: "{field: loan.status, notIn: [paid_off]}",
    types: COMPARABLE,
    form: Form::Many(lower),
};

fn lower(subject: &Subject, values: &[Value]) -> Expr {
    let Some(first) = values.first() else {
        return Expr::boolean(true);
    };
    subject
        .typed(first)
        .is_not_in(values.iter().map(Value::lower))
}
