//! `notEquals`

use super::{Form, Operator};
use crate::ir::ValueType;
use crate::sql::BinaryOperator;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "notEquals",
    summary: "the field has a value, and not this one",
    example: "{field: eventHeader.eventType, notEquals: LoanCreated}",
    accepts: ValueType::is_comparable,
    form: Form::Compare(BinaryOperator::NotEqual),
};
