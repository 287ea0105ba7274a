//! Flink's SQL types.
//!
//! `DataType` prints itself in one canonical form; [`DataType::parse`] reads that form and the
//! synonyms that Flink's documentation lists.

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
