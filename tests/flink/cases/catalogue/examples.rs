//! Operands for every operator.

use anyhow::{anyhow, ensure};
use routectl::ir::operator::{Form, Operator, Predicate};
use routectl::ir::{
    Condition, Decimal, EpochUnit, Instant, InstantForm, Place, Subject, Test, TimeOfDay, Value,
    ValueType,
};
use routectl::sql::DataType;

use super::HOSTILE;

/// What operators that read their text themselves may be given: each finds something among them.
const OWN: &[&str] = &[
    HOSTILE,
    "5TD",
    "a!%b!!",
    "^(?:active|paid)[0-9]{2,3}$",
    "36h",
];

/// Daily windows: plain, past midnight, from midnight.
const WINDOWS: &[(&str, &str)] = &[
    ("09:00", "17:00"),
    ("22:00", "06:30:15"),
    ("00:00", "12:00"),
];

/// The forms of instants in text that every instant is compared with.
const FORMS: [InstantForm; 2] = [
    InstantForm::Text,
    InstantForm::Epoch(EpochUnit::Microseconds),
];

/// A subject under an operator with a few operands: the more their SQL differs, the better.
pub(super) fn tests(
    subject: &Subject,
    operator: &'static Operator,
) -> anyhow::Result<Vec<Condition>> {
    let predicates = predicates(operator, subject)?;
    ensure!(
        !predicates.is_empty(),
        "no example suits `{}`",
        operator.key
    );
    let test = |predicate| {
        Condition::Test(Test {
            origin: super::origin(),
            subject: subject.clone(),
            operator,
            predicate,
        })
    };
    Ok(predicates.into_iter().map(test).collect())
}

fn predicates(operator: &Operator, subject: &Subject) -> anyhow::Result<Vec<Predicate>> {
    let values = values(subject.value_type)?;
    Ok(match operator.form {
        Form::Compare(operator) => {
            let one = |value: &Value| Predicate::Compare(operator, value.clone());
            let itself = Predicate::CompareFields(operator, subject.clone());
            let forms = FORMS.map(|form| {
                let other = Subject {
                    place: Place::column("text", DataType::STRING),
                    value_type: ValueType::Instant(form),
                };
                Predicate::CompareFields(operator, other)
            });
            let forms = forms.into_iter();
            let forms = forms.filter(|_| subject.value_type.is_instant());
            let values = values.iter().map(one);
            values.chain([itself]).chain(forms).collect()
        }
        // Flink plans short lists as a chain of comparisons and long ones as a search.
        Form::Many(meaning) => [1, 2, values.len()]
            .map(|length| Predicate::Many(meaning, values.iter().take(length).cloned().collect()))
            .to_vec(),
        Form::Range(meaning) => values
            .windows(2)
            .map(|pair| Predicate::Range(meaning, pair[0].clone(), pair[1].clone()))
            .collect(),
        Form::Own { read, meaning } => {
            let readable = OWN.iter().filter_map(|text| read(text).ok());
            readable
                .map(|value| Predicate::Own(meaning, value))
                .collect()
        }
        Form::Window(meaning) => WINDOWS
            .iter()
            .map(|(from, to)| {
                let window = TimeOfDay::parse(from, to, "America/New_York");
                let window = window.map_err(|error| anyhow!(error.message))?;
                Ok(Predicate::Window(meaning, window))
            })
            .collect::<anyhow::Result<_>>()?,
        Form::Alone(meaning) => vec![Predicate::Alone(meaning)],
    })
}

/// Values of a type; none where nothing compares with it.
pub(super) fn values(value_type: ValueType) -> anyhow::Result<Vec<Value>> {
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
