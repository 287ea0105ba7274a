//! `between`

use super::{Form, Meaning, Operator};
use crate::eval::Reading;
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{Expr, Truth};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "between",
    summary: "the field is in this range, both ends included",
    example: "{field: loan.loanAmount, between: [20000, 100000]}",
    accepts: ValueType::is_ordered,
    form: Form::Range(Meaning { lower, holds }),
};

fn lower(subject: &Subject, low: &Value, high: &Value) -> Expr {
    subject
        .typed()
        .between(subject.constant(low), subject.constant(high))
}

fn holds(field: &Reading<'_>, low: &Value, high: &Value) -> Truth {
    field.is_between(low, high)
}
