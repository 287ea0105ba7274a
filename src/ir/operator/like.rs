//! `like`

use super::{Form, Meaning, OperandError, Operator};
use crate::eval::Reading;
use crate::ir::{Subject, Value, ValueType};
use crate::sql::{Expr, Truth};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "like",
    summary: "the whole text matches this pattern: `%` any text, `_` any character, `!` before either means itself",
    example: "{field: car.model, like: Model _}",
    accepts: ValueType::is_text,
    form: Form::Own {
        read,
        meaning: Meaning { lower, holds },
    },
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

fn holds(field: &Reading<'_>, value: &Value) -> Truth {
    let found = field.text().map(|text| is_like(text, value.text()));
    found.into()
}

/// One part of a pattern.
#[derive(Clone, Copy)]
enum Part {
    /// `%`
    AnyText,
    /// `_`: any character, as in a regular expression of Java.
    AnyCharacter,
    Character(char),
}

impl Part {
    fn accepts(self, character: char) -> bool {
        match self {
            Self::AnyText => false,
            Self::AnyCharacter => {
                !matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
            }
            Self::Character(wanted) => wanted == character,
        }
    }
}

fn parts(pattern: &str) -> Vec<Part> {
    let mut characters = pattern.chars();
    let mut parts = Vec::new();
    while let Some(character) = characters.next() {
        parts.push(match character {
            '%' => Part::AnyText,
            '_' => Part::AnyCharacter,
            '!' => Part::Character(characters.next().unwrap_or('!')),
            other => Part::Character(other),
        });
    }
    parts
}

/// Whether the whole text is what the pattern says. Only the last `%` is ever tried again: what an earlier one
/// took can stay as it is.
fn is_like(text: &str, pattern: &str) -> bool {
    let parts = parts(pattern);
    let (mut at, mut rest) = (0, text.chars());
    let mut retry = None;
    loop {
        if let Some(Part::AnyText) = parts.get(at) {
            at += 1;
            retry = Some((at, rest.clone()));
            continue;
        }
        let mut ahead = rest.clone();
        match (parts.get(at), ahead.next()) {
            (None, None) => return true,
            (Some(part), Some(character)) if part.accepts(character) => {
                at += 1;
                rest = ahead;
            }
            _ => {
                let Some((part, mut taken)) = retry else {
                    return false;
                };
                if taken.next().is_none() {
                    return false;
                }
                (at, rest) = (part, taken.clone());
                retry = Some((part, taken));
            }
        }
    }
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

    /// Every row was asked of Flink 2.2.1.
    #[test]
    fn texts_are_like_patterns_as_in_flink() {
        for (pattern, like, unlike) in [
            ("a%", vec!["a", "ab", "a\nb", "ab\n"], vec!["", "ba", "A"]),
            ("%b", vec!["ab", "a\u{2028}b"], vec!["ab\n", "a"]),
            ("%a%", vec!["ba", "\u{1f600}a"], vec!["", "A"]),
            (
                "a_b",
                vec!["a%b", "a_b", "a\\b"],
                vec!["ab", "a\nb", "a\rb", "a\u{2028}b"],
            ),
            ("a%b", vec!["ab", "a\nb", "aab"], vec!["ab\n", "ba"]),
            (
                "_",
                vec!["a", "%", "\u{1f600}", "\t", "\0", "\u{b}", "\u{c}"],
                vec!["", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"],
            ),
            ("__", vec!["ab", "\u{1f600}a"], vec!["\u{1f600}", "\r\n"]),
            ("_%", vec!["a", "a\nb"], vec!["\n", ""]),
            ("a!%b", vec!["a%b"], vec!["ab", "a_b"]),
            ("a!_b", vec!["a_b"], vec!["a%b"]),
            ("a!!b", vec!["a!b"], vec!["ab"]),
            ("%", vec!["", "\n"], vec![]),
            ("%%", vec!["", "a"], vec![]),
            ("", vec![""], vec!["a"]),
            ("a.b", vec!["a.b"], vec!["a*b"]),
            ("%!%%", vec!["%", "a%b"], vec!["a"]),
            ("a\\b", vec!["a\\b"], vec!["ab"]),
            ("a%_", vec!["ab", "aab"], vec!["a", "ab\n"]),
            ("%a%b%", vec!["ab", "a\u{2028}b", "ab\n"], vec!["ba"]),
            ("%ab%b", vec!["abb"], vec!["ab", "aab"]),
        ] {
            for text in like {
                assert!(is_like(text, pattern), "{text:?} is like {pattern}");
            }
            for text in unlike {
                assert!(!is_like(text, pattern), "{text:?} is not like {pattern}");
            }
        }
    }

    #[test]
    fn long_texts_take_no_long_time() {
        let text = "a".repeat(40_000);
        assert!(!is_like(&text, &format!("{}b", "%a".repeat(50))));
        assert!(is_like(&text, &"%a".repeat(50)));
    }
}
