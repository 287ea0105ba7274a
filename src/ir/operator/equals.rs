//! `equals`

use super::{COMPARABLE, Form, Operator};
use crate::ir::{Subject, Value};
use crate::sql::{BinaryOperator, Expr};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "equals",
    summary: "the field has this value",
    example: "{field: eventHeader.eventType, equals: LoanCreated}",
    types: COMPARABLE,
    form: Form::One(lower),
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    subject.compare(BinaryOperator::Equal, value)
}
