//! What a schema becomes.

use crate::source_text::Span;
use crate::sql::{DataType, Ident, TypeKind};

/// The longest text or byte string that Flink has, which needs no length.
const UNLIMITED: u64 = i32::MAX as u64;

/// What a schema became.
pub(super) enum Mapped {
    /// Columns, where the schema is the whole one; below that the fields of a `ROW`.
    Members(Vec<Member>),
    /// Anything else.
    Type(TypeKind),
}

/// A column, or a field of a `ROW`.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) data_type: DataType,
    /// Where the schema declares it.
    pub(super) span: Span,
}

impl Mapped {
    /// As a type of a column or inside one.
    pub(super) fn into_type(self) -> DataType {
        let kind = match self {
            Self::Members(members) => TypeKind::Row(
                members
                    .into_iter()
                    .map(|member| (Ident::from(member.name), member.data_type))
                    .collect(),
            ),
            Self::Type(kind) => kind,
        };
        kind.nullable()
    }
}

/// The type of text with these lengths in characters.
pub(super) fn text(shortest: Option<u64>, longest: Option<u64>) -> TypeKind {
    match length(longest) {
        None => TypeKind::String,
        Some(length) if shortest == longest => TypeKind::Char(length),
        Some(length) => TypeKind::VarChar(length),
    }
}

/// The type of byte strings with these lengths.
pub(super) fn bytes(shortest: Option<u64>, longest: Option<u64>) -> TypeKind {
    match length(longest) {
        None => TypeKind::Bytes,
        Some(length) if shortest == longest => TypeKind::Binary(length),
        Some(length) => TypeKind::VarBinary(length),
    }
}

/// A length that Flink has: 0 is none.
fn length(longest: Option<u64>) -> Option<u32> {
    let longest = longest.filter(|longest| (1..UNLIMITED).contains(longest))?;
    u32::try_from(longest).ok()
}

/// `DECIMAL(precision, scale)`, where Flink has it.
pub(super) fn decimal(precision: u64, scale: u64) -> Option<TypeKind> {
    const MOST_DIGITS: u8 = 38;
    let (precision, scale) = (u8::try_from(precision).ok()?, u8::try_from(scale).ok()?);
    let exists = (1..=MOST_DIGITS).contains(&precision) && scale <= precision;
    exists.then_some(TypeKind::Decimal { precision, scale })
}

/// A multiset for a map to counts, which is what both formats write it as.
pub(super) fn map(key: DataType, value: DataType, is_multiset: bool) -> TypeKind {
    if is_multiset {
        TypeKind::Multiset(Box::new(key))
    } else {
        TypeKind::Map(Box::new(key), Box::new(value))
    }
}

/// The types of the two fields of a map's entry.
pub(super) fn key_and_value(entry: &DataType) -> Option<(DataType, DataType)> {
    let TypeKind::Row(fields) = &entry.kind else {
        return None;
    };
    let field = |name| fields.iter().find(|(known, _)| known.as_str() == name);
    let types = field("key").zip(field("value"))?;
    let ((_, key), (_, value)) = types;
    (fields.len() == 2).then(|| (key.clone(), value.clone()))
}
