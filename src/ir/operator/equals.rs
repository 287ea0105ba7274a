//! `equals`

use super::{Form, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{BinaryOperator, Expr};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "equals",
    summary: "the field has this value",
    example: "{field: eventHeader.eventType, equals: LoanCreated}",
    accepts: ValueType::is_comparable,
    form: Form::One(lower),
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    subject.compare(BinaryOperator::Equal, value)
}
