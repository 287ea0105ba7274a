//! Operands: the scalar's source text and quoting, read as the field's type.

use serde_json::Value as Json;

use super::Context;
use super::field::{self, Field};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::ir::operator::OperandError;
use crate::ir::{Decimal, DecimalError, Instant, InstantForm, Value, ValueType};
use crate::route::syntax::{Literal, Test};
use crate::schema::FieldPath;
use crate::source_text::plain::Plain;
use crate::source_text::{Span, Spanned, Style, decode};

/// Reads a value as the type of the field, and checks that the field can hold it.
pub(super) fn read(
    context: &Context<'_>,
    field: &Field,
    test: &Test,
    literal: &Literal,
) -> Result<Value, Diagnostic> {
    let value = match field.subject.value_type {
        ValueType::Text => text(test, literal),
        ValueType::Number => number(test, literal),
        ValueType::Boolean => boolean(test, literal),
        ValueType::Instant(form) => instant(test, literal, form),
        ValueType::Structure => {
            let help = "objects and lists have `isNull` and `isNotNull` alone";
            Err(wrong_type(test, literal, ValueType::Structure, help))
        }
    }?;
    if let Value::Number(number) = &value {
        refuse_fraction(field, test, literal, *number)?;
    }
    match &field.closed {
        Some(closed) if !closed.iter().any(|possible| is_same(possible, &value)) => {
            let alone = field::closed_alone(context, test).unwrap_or_default();
            let excluded = alone.iter().any(|possible| is_same(possible, &value));
            Err(impossible(field, test, literal, closed, excluded))
        }
        _ => Ok(value),
    }
}

/// A field of whole numbers equals none that is not.
fn refuse_fraction(
    field: &Field,
    test: &Test,
    literal: &Literal,
    number: Decimal,
) -> Result<(), Diagnostic> {
    let asks_equality = matches!(
        test.operator.value.key,
        "equals" | "notEquals" | "in" | "notIn"
    );
    if field.scale != Some(0) || number.is_integer() || !asks_equality {
        return Ok(());
    }
    let message = format!(
        "`{}` can never occur in `{}`, which holds whole numbers",
        literal.text, test.field.value
    );
    Err(Diagnostic::new(
        Code::OperandValue,
        message,
        literal.span,
        "not a whole number",
    )
    .help("write a whole number, or compare with `greaterThan` or `lessThan`"))
}

/// Reads a text with the operator's own reader.
pub(super) fn read_own(
    test: &Test,
    literal: &Literal,
    read: fn(&str) -> Result<Value, OperandError>,
) -> Result<Value, Diagnostic> {
    text(test, literal)?;
    read(&literal.text).map_err(|error| {
        // Behind escapes or in a block the offsets of text and source differ.
        let exact = literal.style == Style::Plain;
        let span = if exact {
            literal.span.part(error.offset, error.len.max(1))
        } else {
            literal.span
        };
        let key = test.operator.value.key;
        let message = format!("`{key}` cannot be `{}`: {}", literal.text, error.message);
        Diagnostic::new(Code::OperandValue, message, span, "here").help(error.help)
    })
}

/// Two fields compare only where both are of one type. Instants do in whatever form.
pub(super) fn comparable(
    field: &Field,
    test: &Test,
    other: &Field,
    path: &Spanned<FieldPath>,
) -> Result<(), Diagnostic> {
    let (one, two) = (field.subject.value_type, other.subject.value_type);
    if one == two || (one.is_instant() && two.is_instant()) {
        return Ok(());
    }
    let message = format!(
        "`{}` is {}, but `{}` is {}",
        test.field.value,
        one.describe(),
        path.value,
        two.describe()
    );
    Err(
        Diagnostic::new(Code::OperandType, message, path.span, "of another type")
            .related(test.field.span, "compared with this")
            .help(
                "compare fields of one type, or say what the other one is read as: `{field: ..., as: ...}`",
            ),
    )
}

/// The two ends of a range, the lower one first.
pub(super) fn range(low: Value, high: Value, span: Span) -> Result<(Value, Value), Diagnostic> {
    let upside_down = match (&low, &high) {
        (Value::Number(low), Value::Number(high)) => low > high,
        (Value::Instant(low), Value::Instant(high)) => low > high,
        _ => false,
    };
    if upside_down {
        let message = "this range is empty: its lower end is above its upper end";
        return Err(
            Diagnostic::new(Code::EmptyRange, message, span, "nothing is in between")
                .help("write it as `[low, high]`"),
        );
    }
    Ok((low, high))
}

fn text(test: &Test, literal: &Literal) -> Result<Value, Diagnostic> {
    if literal.text.contains('\0') {
        let message = "text with a NUL character cannot be compared";
        return Err(
            Diagnostic::new(Code::OperandValue, message, literal.span, "contains NUL")
                .help("leave the `\\0` out"),
        );
    }
    if literal.style == Style::Plain {
        match Plain::of(&literal.text) {
            Plain::Text => {}
            Plain::Ambiguous(readings) => {
                return Err(decode::ambiguous(literal.span, &literal.text, readings));
            }
            Plain::Null | Plain::Boolean(_) | Plain::Integer | Plain::Decimal | Plain::Date => {
                let help = format!(
                    "if you mean the text, put it in quotes: \"{}\"",
                    literal.text
                );
                return Err(wrong_type(test, literal, ValueType::Text, &help));
            }
        }
    }
    Ok(Value::Text(literal.text.clone()))
}

fn number(test: &Test, literal: &Literal) -> Result<Value, Diagnostic> {
    if literal.style == Style::Quoted {
        let help = match Decimal::parse(&literal.text) {
            Ok(_) => format!("remove the quotes: {}", literal.text),
            Err(_) => "write a number such as 100000 or -12.50".to_owned(),
        };
        return Err(wrong_type(test, literal, ValueType::Number, &help));
    }
    match (Plain::of(&literal.text), Decimal::parse(&literal.text)) {
        (Plain::Integer | Plain::Decimal, Ok(number)) => Ok(Value::Number(number)),
        (Plain::Integer | Plain::Decimal, Err(DecimalError::OutOfRange)) => {
            let message = format!(
                "`{}` has more digits than a comparison can hold",
                literal.text
            );
            Err(
                Diagnostic::new(Code::OperandValue, message, literal.span, "too long")
                    .help("at most 28 digits before the point and 10 behind it"),
            )
        }
        (Plain::Ambiguous(readings), _) => {
            Err(decode::ambiguous(literal.span, &literal.text, readings))
        }
        _ => {
            let help = "write a number such as 100000 or -12.50";
            Err(wrong_type(test, literal, ValueType::Number, help))
        }
    }
}

fn boolean(test: &Test, literal: &Literal) -> Result<Value, Diagnostic> {
    match (literal.style, Plain::of(&literal.text)) {
        (Style::Plain, Plain::Boolean(value)) => Ok(Value::Boolean(value)),
        _ => {
            let help = "write `true` or `false`, without quotes";
            Err(wrong_type(test, literal, ValueType::Boolean, help))
        }
    }
}

fn instant(test: &Test, literal: &Literal, form: InstantForm) -> Result<Value, Diagnostic> {
    let help =
        "write it with seconds and an offset: 2025-01-20T13:30:00Z or 2025-01-20T08:30:00-05:00";
    let instant = Instant::parse(&literal.text)
        .map_err(|_| wrong_type(test, literal, ValueType::Instant(form), help))?;
    if form == InstantForm::Timestamp && !instant.is_whole_milliseconds() {
        let message = "a column of type TIMESTAMP_LTZ is compared in whole milliseconds";
        return Err(Diagnostic::new(
            Code::OperandValue,
            message,
            literal.span,
            "finer than a millisecond",
        )
        .help("write at most three digits behind the seconds"));
    }
    Ok(Value::Instant(instant))
}

fn wrong_type(test: &Test, literal: &Literal, wanted: ValueType, help: &str) -> Diagnostic {
    let written = match (literal.style, Plain::of(&literal.text)) {
        (Style::Plain, Plain::Boolean(_)) => "a boolean",
        (Style::Plain, Plain::Integer | Plain::Decimal) => "a number",
        (Style::Plain, Plain::Date) => "a date",
        _ => "text",
    };
    let field = &test.field.value;
    let wanted = wanted.describe();
    let message = if written == wanted {
        format!("`{}` cannot be read as {wanted}", literal.text)
    } else {
        format!("`{}` is {written}, but `{field}` is {wanted}", literal.text)
    };
    Diagnostic::new(
        Code::OperandType,
        message,
        literal.span,
        format!("not {wanted}"),
    )
    .related(test.field.span, format!("`{field}` is {wanted}"))
    .help(help)
}

fn is_same(possible: &Json, value: &Value) -> bool {
    match (possible, value) {
        (Json::String(text), Value::Text(value)) => text == value,
        (Json::Bool(possible), Value::Boolean(value)) => possible == value,
        (Json::Number(number), Value::Number(value)) => {
            Decimal::parse(&number.to_string()) == Ok(*value)
        }
        (Json::String(text), Value::Instant(value)) => Instant::parse(text) == Ok(*value),
        _ => false,
    }
}

/// `excluded`: the schema lists the value, but the conditions beside it leave other ones alone.
fn impossible(
    field: &Field,
    test: &Test,
    literal: &Literal,
    closed: &[Json],
    excluded: bool,
) -> Diagnostic {
    let words: Vec<String> = closed
        .iter()
        .map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        })
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let beside = if excluded {
        " together with the conditions beside it"
    } else {
        ""
    };
    let message = format!(
        "`{}` can never occur in `{}`{beside}",
        literal.text, test.field.value
    );
    let problem = Diagnostic::new(
        Code::OperandValue,
        message,
        literal.span,
        "not a value of this field",
    )
    .help_if(did_you_mean(&literal.text, &words));
    match field.declared.as_slice() {
        [only] => problem.related(*only, "its values are listed here"),
        // Alternatives of the schema list some each; the help has them all.
        _ => problem,
    }
}
