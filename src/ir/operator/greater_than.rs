//! `greaterThan`

use super::{Form, Operator};
use crate::ir::ValueType;
use crate::sql::BinaryOperator;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "greaterThan",
    summary: "the field is above this",
    example: "{field: loan.loanAmount, greaterThan: 100000}",
    accepts: ValueType::is_ordered,
    form: Form::Compare(BinaryOperator::Greater),
};
