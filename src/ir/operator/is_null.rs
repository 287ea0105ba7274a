//! `isNull`

use super::{Form, Operator};
use crate::ir::Subject;
use crate::sql::Expr;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "isNull",
    summary: "the event is readable and the field is missing or null",
    example: "{field: loan.lastPaidDate, isNull: true}",
    accepts: |_| true,
    form: Form::Alone(lower),
};

fn lower(subject: &Subject) -> Expr {
    subject.place.is_null()
}
