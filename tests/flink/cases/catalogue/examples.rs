//! Operands for every operator.

use routectl::ir::operator::{Form, Operator, Predicate};
use routectl::ir::{Decimal, Instant, Value, ValueType};

use super::HOSTILE;

/// An operator with a few operands of a type: the more their SQL differs, the better.
pub(super) fn examples(
    operator: &Operator,
    value_type: ValueType,
) -> anyhow::Result<Vec<Predicate>> {
    let values = values(value_type)?;
    Ok(match operator.form {
        Form::One(lower) => {
            let one = |value: &Value| Predicate::One(lower, value.clone());
            values.iter().map(one).collect()
        }
        // Flink plans short lists as a chain of comparisons and long ones as a search.
        Form::Many(lower) => [1, 2, values.len()]
            .map(|length| Predicate::Many(lower, values.iter().take(length).cloned().collect()))
            .to_vec(),
        Form::Range(lower) => values
            .windows(2)
            .map(|pair| Predicate::Range(lower, pair[0].clone(), pair[1].clone()))
            .collect(),
        Form::Alone(lower) => vec![Predicate::Alone(lower)],
    })
}

fn values(value_type: ValueType) -> anyhow::Result<Vec<Value>> {
    let number = |text| anyhow::Ok(Value::Number(Decimal::parse(text)?));
    let instant = |text| anyhow::Ok(Value::Instant(Instant::parse(text)?));
    match value_type {
        ValueType::Text => Ok([HOSTILE, "", "LoanCreated", "%_!"]
            .map(|text| Value::Text(text.to_owned()))
            .to_vec()),
        ValueType::Number => [
            "-0.5",
            "100000",
            "12345678901234567.1234567891",
            "9999999999999999999999999999.9999999999",
        ]
        .into_iter()
        .map(number)
        .collect(),
        ValueType::Boolean => Ok(vec![Value::Boolean(true), Value::Boolean(false)]),
        ValueType::Instant(_) => [
            "1969-12-31T23:59:59.5Z",
            "2025-01-20T13:30:00Z",
            "2025-01-20T08:30:00.123456789-05:00",
            "2999-12-31T23:59:59Z",
        ]
        .into_iter()
        .map(instant)
        .collect(),
        ValueType::Structure => Ok(Vec::new()),
    }
}
