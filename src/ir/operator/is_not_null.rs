//! `isNotNull`

use super::{Form, Meaning, Operator};
use crate::eval::Reading;
use crate::ir::Subject;
use crate::sql::{Expr, Truth};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "isNotNull",
    summary: "the event is readable and the field is there, whatever its value",
    example: "{field: loan.lastPaidDate, isNotNull: true}",
    accepts: |_| true,
    form: Form::Alone(Meaning { lower, holds }),
};

fn lower(subject: &Subject) -> Expr {
    subject.place.is_not_null()
}

fn holds(field: &Reading<'_>) -> Truth {
    field.is_not_null()
}
