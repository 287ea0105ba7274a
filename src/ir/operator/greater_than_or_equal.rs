//! `greaterThanOrEqual`

use super::{Form, Operator};
use crate::ir::ValueType;
use crate::sql::BinaryOperator;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "greaterThanOrEqual",
    summary: "the field is this or above",
    example: "{field: eventHeader.createdDate, greaterThanOrEqual: 2025-01-01T00:00:00Z}",
    accepts: ValueType::is_ordered,
    form: Form::Compare(BinaryOperator::GreaterOrEqual),
};
