//! `between`

use super::{Form, ORDERED, Operator};
use crate::ir::{Subject, Value};
use crate::sql::Expr;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "between",
    summary: "the field is in this range, both ends included",
    example: "{field: loan.loanAmount, between: [20000, 100000]}",
    types: ORDERED,
    form: Form::Range(lower),
};

fn lower(subject: &Subject, low: &Value, high: &Value) -> Expr {
    subject.typed(low).between(low.lower(), high.lower())
}
