//! `like`

use super::{Form, OperandError, Operator};
use crate::ir::{Subject, Value, ValueType};
use crate::sql::Expr;

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "like",
    summary: "the whole text matches this pattern: `%` any text, `_` any character, `!` before either means itself",
    example: "{field: car.model, like: Model _}",
    accepts: ValueType::is_text,
    form: Form::Own { read, lower },
};

fn read(text: &str) -> Result<Value, OperandError> {
    let mut characters = text.char_indices();
    while let Some((offset, character)) = characters.next() {
        if character == '!' && !matches!(characters.next(), Some((_, '!' | '%' | '_'))) {
            return Err(OperandError {
                message: "`!` must stand before `%`, `_` or `!`".to_owned(),
                help: "for the character itself write `!!`".to_owned(),
                offset,
                len: 1,
            });
        }
    }
    Ok(Value::Text(text.to_owned()))
}

fn lower(subject: &Subject, value: &Value) -> Expr {
    subject.typed().like(value.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_checked() {
        assert!(read("a!%b!!c!_").is_ok());
        assert_eq!(read("a!").map_err(|error| error.offset), Err(1));
        assert_eq!(read("!x").map_err(|error| error.offset), Err(0));
    }
}
