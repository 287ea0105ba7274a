//! `in`

use super::{Form, Meaning, Operator};
use crate::eval::Reading;
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{Expr, Truth};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "in",
    summary: "the field has one of these values",
    example: "{field: loan.status, in: [active, defaulted]}",
    accepts: ValueType::is_comparable,
    form: Form::Many(Meaning { lower, holds }),
};

fn lower(subject: &Subject, values: &[Value]) -> Expr {
    subject.is_in(values)
}

fn holds(field: &Reading<'_>, values: &[Value]) -> Truth {
    field.is_in(values)
}
