//! `isNotNull`

use super::{Form, Operator};
use crate::ir::Subject;
use crate::sql::Expr;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "isNotNull",
    summary: "the event is readable and the field is there, whatever its value",
    example: "{field: loan.lastPaidDate, isNotNull: true}",
    accepts: |_| true,
    form: Form::Alone(lower),
};

fn lower(subject: &Subject) -> Expr {
    subject.place.is_not_null()
}
