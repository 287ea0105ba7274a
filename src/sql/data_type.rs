//! Flink's SQL types.
//!
//! `DataType` prints itself in one canonical form; [`DataType::parse`] reads that form and the
//! synonyms that Flink's documentation lists.

mod parse;
#[cfg(test)]
mod tests;

use std::fmt::{self, Display, Formatter};

use super::ast::Ident;

/// A type with its nullability.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DataType {
    /// What the values are.
    pub kind: TypeKind,
    /// Whether NULL is one of them.
    pub nullable: bool,
}

/// A type without its nullability.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TypeKind {
    /// `BOOLEAN`
    Boolean,
    /// `TINYINT`, 8 bits
    TinyInt,
    /// `SMALLINT`, 16 bits
    SmallInt,
    /// `INT`, 32 bits
    Int,
    /// `BIGINT`, 64 bits
    BigInt,
    /// `FLOAT`, 32 bits
    Float,
    /// `DOUBLE`, 64 bits
    Double,
    /// `DECIMAL(precision, scale)`
    Decimal {
        /// Digits in all, 1 to 38.
        precision: u8,
        /// Digits behind the point, at most `precision`.
        scale: u8,
    },
    /// `STRING`, text of any length
    String,
    /// `CHAR(n)`, text of n characters
    Char(u32),
    /// `VARCHAR(n)`, text of at most n characters
    VarChar(u32),
    /// `BYTES`, bytes of any length
    Bytes,
    /// `BINARY(n)`, n bytes
    Binary(u32),
    /// `VARBINARY(n)`, at most n bytes
    VarBinary(u32),
    /// `DATE`
    Date,
    /// `TIME(p)`, with digits of a second, 0 to 9
    Time(u8),
    /// `TIMESTAMP(p)`, a wall clock without a zone, with digits of a second, 0 to 9
    Timestamp(u8),
    /// `TIMESTAMP_LTZ(p)`, an instant, with digits of a second, 0 to 9
    TimestampLtz(u8),
    /// `ARRAY<element>`
    Array(Box<DataType>),
    /// `MAP<key, value>`
    Map(Box<DataType>, Box<DataType>),
    /// `MULTISET<element>`
    Multiset(Box<DataType>),
    /// `ROW<name type, ...>`
    Row(Vec<(Ident, DataType)>),
}

impl DataType {
    /// `STRING`
    pub const STRING: Self = TypeKind::String.nullable();
    /// `BOOLEAN`
    pub const BOOLEAN: Self = TypeKind::Boolean.nullable();
    /// `BIGINT`
    pub const BIGINT: Self = TypeKind::BigInt.nullable();

    /// `DECIMAL(precision, scale)`
    pub const fn decimal(precision: u8, scale: u8) -> Self {
        TypeKind::Decimal { precision, scale }.nullable()
    }

    /// Reads a type: Flink's names and synonyms in upper or lower case, field names plain or in
    /// backticks, `NOT NULL` behind any type. Where nothing is said, Flink's defaults hold:
    /// `DECIMAL(10, 0)`, `TIMESTAMP(6)`, `TIME(0)`, and lengths of 1 (`VARCHAR` is `VARCHAR(1)`).
    ///
    /// # Errors
    /// Names the word that does not fit, where it is, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, DataTypeError> {
        parse::parse(text)
    }

    /// The names of all fields in it, at any depth.
    pub fn field_names(&self) -> Vec<&Ident> {
        match &self.kind {
            TypeKind::Array(element) | TypeKind::Multiset(element) => element.field_names(),
            TypeKind::Map(key, value) => [key, value]
                .iter()
                .flat_map(|part| part.field_names())
                .collect(),
            TypeKind::Row(fields) => fields
                .iter()
                .flat_map(|(name, of)| [name].into_iter().chain(of.field_names()))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The same type without NULL.
    #[must_use]
    pub fn not_null(self) -> Self {
        Self {
            nullable: false,
            ..self
        }
    }
}

impl TypeKind {
    /// Whether the values are numbers.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Self::TinyInt
                | Self::SmallInt
                | Self::Int
                | Self::BigInt
                | Self::Float
                | Self::Double
                | Self::Decimal { .. }
        )
    }

    /// This type with NULL among its values, as types are where nothing is said.
    pub const fn nullable(self) -> DataType {
        DataType {
            kind: self,
            nullable: true,
        }
    }
}

/// Why a text is no type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DataTypeError {
    /// What is wrong, with the word it is about and a remedy.
    pub message: String,
    /// Where that word begins: bytes from the start of the text.
    pub offset: usize,
}

impl Display for DataType {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.kind.fmt(formatter)?;
        if self.nullable {
            Ok(())
        } else {
            formatter.write_str(" NOT NULL")
        }
    }
}

impl Display for TypeKind {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean => formatter.write_str("BOOLEAN"),
            Self::TinyInt => formatter.write_str("TINYINT"),
            Self::SmallInt => formatter.write_str("SMALLINT"),
            Self::Int => formatter.write_str("INT"),
            Self::BigInt => formatter.write_str("BIGINT"),
            Self::Float => formatter.write_str("FLOAT"),
            Self::Double => formatter.write_str("DOUBLE"),
            Self::Decimal { precision, scale } => {
                write!(formatter, "DECIMAL({precision}, {scale})")
            }
            Self::String => formatter.write_str("STRING"),
            Self::Char(length) => write!(formatter, "CHAR({length})"),
            Self::VarChar(length) => write!(formatter, "VARCHAR({length})"),
            Self::Bytes => formatter.write_str("BYTES"),
            Self::Binary(length) => write!(formatter, "BINARY({length})"),
            Self::VarBinary(length) => write!(formatter, "VARBINARY({length})"),
            Self::Date => formatter.write_str("DATE"),
            Self::Time(precision) => write!(formatter, "TIME({precision})"),
            Self::Timestamp(precision) => write!(formatter, "TIMESTAMP({precision})"),
            Self::TimestampLtz(precision) => write!(formatter, "TIMESTAMP_LTZ({precision})"),
            Self::Array(element) => write!(formatter, "ARRAY<{element}>"),
            Self::Map(key, value) => write!(formatter, "MAP<{key}, {value}>"),
            Self::Multiset(element) => write!(formatter, "MULTISET<{element}>"),
            Self::Row(fields) => write_row(formatter, fields),
        }
    }
}

fn write_row(formatter: &mut Formatter<'_>, fields: &[(Ident, DataType)]) -> fmt::Result {
    formatter.write_str("ROW<")?;
    for (position, (name, data_type)) in fields.iter().enumerate() {
        let separator = if position > 0 { ", " } else { "" };
        write!(formatter, "{separator}{name} {data_type}")?;
    }
    formatter.write_str(">")
}
