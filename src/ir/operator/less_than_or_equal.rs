//! `lessThanOrEqual`

use super::{Form, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{BinaryOperator, Expr};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "lessThanOrEqual",
    summary: "the field is this or below",
    example: "{field: loan.termMonths, lessThanOrEqual: 36}",
    accepts: ValueType::is_ordered,
    form: Form::One(lower),
};

fn lower(subject: &Subject, value: &Value) -> Expr {
    subject.compare(BinaryOperator::LessOrEqual, value)
}
