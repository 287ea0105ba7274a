//! `withinLast`

use super::{Form, Meaning, OperandError, Operator};
use crate::eval::Reading;
use crate::ir::{Lookback, Subject, Value, ValueType};
use crate::sql::{BinaryOperator, Expr, Truth};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "withinLast",
    summary: "the instant is at most this long ago, by the clock when the event is read; the future counts",
    example: "{field: eventHeader.createdDate, withinLast: 24h}",
    accepts: ValueType::is_instant,
    form: Form::Own {
        read,
        meaning: Meaning { lower, holds },
    },
};

fn read(text: &str) -> Result<Value, OperandError> {
    Lookback::parse(text)
        .map(Value::Lookback)
        .map_err(|error| OperandError {
            message: error.to_string(),
            help: "write it like 30m, 24h, 7d or 1d12h".to_owned(),
            offset: 0,
            len: text.len(),
        })
}

fn lower(subject: &Subject, value: &Value) -> Expr {
    match value {
        Value::Lookback(lookback) => lookback.lower(subject),
        other => subject.typed().eq(subject.constant(other)),
    }
}

fn holds(field: &Reading<'_>, value: &Value) -> Truth {
    match value {
        Value::Lookback(lookback) => {
            let since = field.now() - i64::from(lookback.seconds());
            field.is_since(since)
        }
        other => field.compare(BinaryOperator::Equal, other),
    }
}
