//! `in`

use super::{COMPARABLE, Form, Operator};
use crate::ir::{Subject, Value};
use crate::sql::Expr;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "in",
    summary: "the field has one of these values",
    example: "{field: loan.status, in: [active, defaulted]}",
    types: COMPARABLE,
    form: Form::Many(lower),
};

fn lower(subject: &Subject, values: &[Value]) -> Expr {
    let Some(first) = values.first() else {
        return Expr::boolean(false);
    };
    subject.typed(first).is_in(values.iter().map(Value::lower))
}
