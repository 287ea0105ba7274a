//! `lessThanOrEqual`

use super::{Form, Operator};
use crate::ir::ValueType;
use crate::sql::BinaryOperator;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "lessThanOrEqual",
    summary: "the field is this or below",
    example: "{field: loan.termMonths, lessThanOrEqual: 36}",
    accepts: ValueType::is_ordered,
    form: Form::Compare(BinaryOperator::LessOrEqual),
};
