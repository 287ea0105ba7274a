//! Reads types as people and Flink write them.

use super::{DataType, DataTypeError, TypeKind};
use crate::sql::ast::Ident;
use crate::suggest::closest;

/// How deeply types may nest; beyond it a text is no type but an attack on the stack.
const DEPTH: usize = 64;
/// The longest text or byte string that Flink has.
const LENGTH: u32 = i32::MAX as u32;

/// The words that begin a type, for suggestions.
const TYPES: &[&str] = &[
    "BOOLEAN",
    "TINYINT",
    "SMALLINT",
    "INT",
    "INTEGER",
    "BIGINT",
    "FLOAT",
    "DOUBLE",
    "DECIMAL",
    "DEC",
    "NUMERIC",
    "STRING",
    "CHAR",
    "VARCHAR",
    "BYTES",
    "BINARY",
    "VARBINARY",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "TIMESTAMP_LTZ",
    "ARRAY",
    "MAP",
    "MULTISET",
    "ROW",
];

/// Types of other systems with Flink's name for them.
const FOREIGN: &[(&str, &str)] = &[
    ("BOOL", "BOOLEAN"),
    ("DATETIME", "TIMESTAMP(3)"),
    ("INT4", "INT"),
    ("INT8", "BIGINT"),
    ("JSON", "STRING"),
    ("LONG", "BIGINT"),
    ("NUMBER", "DECIMAL(38, 10)"),
    ("OBJECT", "ROW<...>"),
    ("REAL", "FLOAT"),
    ("STRUCT", "ROW<...>"),
    ("TEXT", "STRING"),
    ("TIMESTAMPTZ", "TIMESTAMP_LTZ(3)"),
    ("UUID", "STRING"),
];

pub(super) fn parse(text: &str) -> Result<DataType, DataTypeError> {
    let mut reader = Reader {
        text,
        position: 0,
        depth: 0,
    };
    let data_type = reader.data_type()?;
    match reader.peek()? {
        None => Ok(data_type),
        Some(token) => Err(token.unexpected("the end of the type")),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Token<'a> {
    kind: Kind,
    text: &'a str,
    offset: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Word,
    Quoted(String),
    Number,
    Symbol,
}

impl Token<'_> {
    fn is(&self, word: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Symbol) && self.text.eq_ignore_ascii_case(word)
    }

    fn unexpected(&self, wanted: &str) -> DataTypeError {
        self.error(format!(
            "unexpected `{}` in a type; {wanted} belongs here",
            self.text
        ))
    }

    fn error(&self, message: String) -> DataTypeError {
        DataTypeError {
            message,
            offset: self.offset,
        }
    }

    fn unknown(&self) -> DataTypeError {
        let upper = self.text.to_ascii_uppercase();
        let foreign = FOREIGN
            .iter()
            .find(|(name, _)| *name == upper)
            .map(|(_, flink)| *flink);
        let similar = || closest(&upper, TYPES.iter().copied());
        self.error(match foreign.or_else(similar) {
            Some(name) => format!("`{}` is no Flink type; did you mean `{name}`?", self.text),
            None => format!(
                "`{}` is no Flink type; use `STRING` or another of them",
                self.text
            ),
        })
    }
}

struct Reader<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn data_type(&mut self) -> Result<DataType, DataTypeError> {
        let token = self.next("a type")?;
        if self.depth == DEPTH {
            return Err(token.error(format!("types nest more than {DEPTH} levels deep")));
        }
        self.depth += 1;
        let kind = self.kind(&token)?;
        self.depth -= 1;
        let not = self.take("NOT")?;
        if not {
            self.expect("NULL")?;
        } else {
            self.take("NULL")?;
        }
        Ok(DataType {
            kind,
            nullable: !not,
        })
    }

    fn kind(&mut self, token: &Token<'a>) -> Result<TypeKind, DataTypeError> {
        if token.kind != Kind::Word {
            return Err(token.unexpected("the name of a type"));
        }
        Ok(match token.text.to_ascii_uppercase().as_str() {
            "BOOLEAN" => TypeKind::Boolean,
            "TINYINT" => TypeKind::TinyInt,
            "SMALLINT" => TypeKind::SmallInt,
            "INT" | "INTEGER" => TypeKind::Int,
            "BIGINT" => TypeKind::BigInt,
            "FLOAT" => TypeKind::Float,
            "DOUBLE" => {
                self.take("PRECISION")?;
                TypeKind::Double
            }
            "DECIMAL" | "DEC" | "NUMERIC" => self.decimal()?,
            "STRING" => TypeKind::String,
            "CHAR" => TypeKind::Char(self.length()?),
            "VARCHAR" => match self.length()? {
                LENGTH => TypeKind::String,
                length => TypeKind::VarChar(length),
            },
            "BYTES" => TypeKind::Bytes,
            "BINARY" => TypeKind::Binary(self.length()?),
            "VARBINARY" => match self.length()? {
                LENGTH => TypeKind::Bytes,
                length => TypeKind::VarBinary(length),
            },
            "DATE" => TypeKind::Date,
            "TIME" => self.time()?,
            "TIMESTAMP" => self.timestamp()?,
            "TIMESTAMP_LTZ" => TypeKind::TimestampLtz(self.precision(6)?),
            "ARRAY" => TypeKind::Array(Box::new(self.element()?)),
            "MULTISET" => TypeKind::Multiset(Box::new(self.element()?)),
            "MAP" => self.map()?,
            "ROW" => self.row()?,
            _ => return Err(token.unknown()),
        })
    }

    fn decimal(&mut self) -> Result<TypeKind, DataTypeError> {
        if !self.take("(")? {
            return Ok(TypeKind::Decimal {
                precision: 10,
                scale: 0,
            });
        }
        let precision = self.number("the precision of a DECIMAL", 1, 38_u8)?;
        let scale = if self.take(",")? {
            self.number("the scale of a DECIMAL", 0, precision)?
        } else {
            0
        };
        self.expect(")")?;
        Ok(TypeKind::Decimal { precision, scale })
    }

    fn length(&mut self) -> Result<u32, DataTypeError> {
        self.argument("a length", 1, 1, LENGTH)
    }

    fn precision(&mut self, default: u8) -> Result<u8, DataTypeError> {
        self.argument("the digits of a second", default, 0, 9)
    }

    fn time(&mut self) -> Result<TypeKind, DataTypeError> {
        let precision = self.precision(0)?;
        if self.take("WITHOUT")? {
            self.expect("TIME")?;
            self.expect("ZONE")?;
        }
        Ok(TypeKind::Time(precision))
    }

    fn timestamp(&mut self) -> Result<TypeKind, DataTypeError> {
        let precision = self.precision(6)?;
        if self.take("WITHOUT")? {
            self.expect("TIME")?;
            self.expect("ZONE")?;
            return Ok(TypeKind::Timestamp(precision));
        }
        if !self.take("WITH")? {
            return Ok(TypeKind::Timestamp(precision));
        }
        let token = self.next("`LOCAL TIME ZONE`")?;
        if !token.is("LOCAL") {
            return Err(token.error(format!(
                "Flink has no TIMESTAMP WITH TIME ZONE; use `TIMESTAMP_LTZ({precision})`"
            )));
        }
        self.expect("TIME")?;
        self.expect("ZONE")?;
        Ok(TypeKind::TimestampLtz(precision))
    }

    fn element(&mut self) -> Result<DataType, DataTypeError> {
        self.expect("<")?;
        let element = self.data_type()?;
        self.expect(">")?;
        Ok(element)
    }

    fn map(&mut self) -> Result<TypeKind, DataTypeError> {
        self.expect("<")?;
        let key = self.data_type()?;
        self.expect(",")?;
        let value = self.data_type()?;
        self.expect(">")?;
        Ok(TypeKind::Map(Box::new(key), Box::new(value)))
    }

    fn row(&mut self) -> Result<TypeKind, DataTypeError> {
        let close = if self.take("(")? {
            ")"
        } else {
            self.expect("<")?;
            ">"
        };
        let mut fields: Vec<(Ident, DataType)> = Vec::new();
        if self.take(close)? {
            return Ok(TypeKind::Row(fields));
        }
        loop {
            let token = self.next("a field name")?;
            let name = match token.kind {
                Kind::Word => Ident::from(token.text),
                Kind::Quoted(ref name) => Ident::from(name.as_str()),
                Kind::Number | Kind::Symbol => return Err(token.unexpected("a field name")),
            };
            if fields.iter().any(|(other, _)| *other == name) {
                let message = format!("the row has two fields named {name}; rename one of them");
                return Err(token.error(message));
            }
            fields.push((name, self.data_type()?));
            if !self.take(",")? {
                self.expect(close)?;
                return Ok(TypeKind::Row(fields));
            }
        }
    }

    /// A number in parentheses, or `default` where there is none.
    fn argument<N: Bound>(
        &mut self,
        what: &str,
        default: N,
        least: N,
        most: N,
    ) -> Result<N, DataTypeError> {
        if !self.take("(")? {
            return Ok(default);
        }
        let number = self.number(what, least, most)?;
        self.expect(")")?;
        Ok(number)
    }

    fn number<N: Bound>(&mut self, what: &str, least: N, most: N) -> Result<N, DataTypeError> {
        let token = self.next(what)?;
        let number = token
            .text
            .parse()
            .ok()
            .filter(|number| (least..=most).contains(number));
        number
            .filter(|_| token.kind == Kind::Number)
            .ok_or_else(|| {
                token.error(format!(
                    "`{}` is not {what}; it goes from {least} to {most}",
                    token.text
                ))
            })
    }

    fn expect(&mut self, word: &str) -> Result<(), DataTypeError> {
        let wanted = format!("`{word}`");
        let token = self.next(&wanted)?;
        if token.is(word) {
            Ok(())
        } else {
            Err(token.unexpected(&wanted))
        }
    }

    /// Moves past `word` if it comes next.
    fn take(&mut self, word: &str) -> Result<bool, DataTypeError> {
        match self.peek()? {
            Some(token) if token.is(word) => {
                self.position = token.offset + token.text.len();
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn next(&mut self, wanted: &str) -> Result<Token<'a>, DataTypeError> {
        let token = self.peek()?.ok_or_else(|| DataTypeError {
            message: format!("the type ends where {wanted} belongs"),
            offset: self.text.len(),
        })?;
        self.position = token.offset + token.text.len();
        Ok(token)
    }

    /// The next token, without moving past it.
    fn peek(&self) -> Result<Option<Token<'a>>, DataTypeError> {
        let rest = self.text.get(self.position..).unwrap_or_default();
        let trimmed = rest.trim_start();
        let offset = self.text.len() - trimmed.len();
        let Some(first) = trimmed.chars().next() else {
            return Ok(None);
        };
        let until = |stop: fn(char) -> bool| trimmed.find(stop).unwrap_or(trimmed.len());
        let (kind, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => (
                Kind::Word,
                until(|c| !(c.is_alphanumeric() || matches!(c, '_' | '$'))),
            ),
            '0'..='9' => (Kind::Number, until(|c| !c.is_ascii_digit())),
            '<' | '>' | '(' | ')' | ',' => (Kind::Symbol, 1),
            '`' => match quoted_name(trimmed) {
                Some((name, length)) => (Kind::Quoted(name), length),
                None => return Err(stray(offset, "a backtick without its partner")),
            },
            other => {
                return Err(stray(
                    offset,
                    &format!("unexpected `{}`", other.escape_debug()),
                ));
            }
        };
        let text = trimmed.get(..length).unwrap_or(trimmed);
        Ok(Some(Token { kind, text, offset }))
    }
}

fn stray(offset: usize, what: &str) -> DataTypeError {
    let remedy = "quote unusual field names in backticks";
    DataTypeError {
        message: format!("{what} in a type; {remedy}"),
        offset,
    }
}

/// The name in backticks at the beginning of `text`, and how many bytes it takes.
fn quoted_name(text: &str) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((position, character)) = characters.next() {
        if character != '`' {
            name.push(character);
        } else if characters.next_if(|(_, next)| *next == '`').is_some() {
            name.push('`');
        } else {
            return Some((name, position + 1));
        }
    }
    None
}

/// What the numbers in types can be.
trait Bound: Copy + PartialOrd + std::str::FromStr + std::fmt::Display {}
impl Bound for u8 {}
impl Bound for u32 {}
