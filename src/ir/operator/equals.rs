//! `equals`

use super::{Form, Operator};
use crate::ir::ValueType;
use crate::sql::BinaryOperator;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "equals",
    summary: "the field has this value",
    example: "{field: eventHeader.eventType, equals: LoanCreated}",
    accepts: ValueType::is_comparable,
    form: Form::Compare(BinaryOperator::Equal),
};
