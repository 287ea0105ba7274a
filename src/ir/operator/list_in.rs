//! `in`

use super::{Form, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::Expr;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "in",
    summary: "the field has one of these values",
    example: "{field: loan.status, in: [active, defaulted]}",
    accepts: ValueType::is_comparable,
    form: Form::Many(lower),
};

fn lower(subject: &Subject, values: &[Value]) -> Expr {
    subject
        .typed()
        .is_in(values.iter().map(|value| subject.constant(value)))
}
