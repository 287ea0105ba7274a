//! `lessThan`

use super::{Form, Operator};
use crate::ir::ValueType;
use crate::sql::BinaryOperator;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "lessThan",
    summary: "the field is below this",
    example: "{field: loan.loanAmount, lessThan: 20000}",
    accepts: ValueType::is_ordered,
    form: Form::Compare(BinaryOperator::Less),
};
