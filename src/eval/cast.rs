//! `TRY_CAST` as Flink does it: NULL where a value cannot be read as the type.
//!
//! `text` reads text as other types, `number` turns numbers into each other, `print` writes values as text.

mod number;
mod print;
mod text;

pub(super) use number::{multiply, to_whole};
pub(super) use print::double as print_double;
pub(super) use text::{boolean, is_floating, numeral};

use super::cell::Cell;
use crate::sql::{DataType, TypeKind};

/// A cast that conditions never need and that is not written down here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what a value of type {from} becomes in a column of type {to} is not known here")]
pub struct UnknownCast {
    /// The type of the value.
    pub from: DataType,
    /// The type of the column.
    pub to: DataType,
}

/// `TRY_CAST(cell AS to)` of a value of the type `from`.
pub(super) fn try_cast(cell: &Cell, from: &DataType, to: &DataType) -> Result<Cell, UnknownCast> {
    if from.kind == to.kind || matches!(cell, Cell::Null) {
        return Ok(cell.clone());
    }
    if let Some(length) = print::length(&to.kind) {
        let printed = print::print(cell, &from.kind);
        return printed
            .map(|text| length.fit(text))
            .ok_or_else(|| unknown(from, to));
    }
    let found = match cell {
        Cell::Text(text) => text::read(text.as_str(), &to.kind),
        Cell::Exact(_) | Cell::Float(_) | Cell::Double(_) => number::convert(cell, &to.kind),
        Cell::Null
        | Cell::Boolean(_)
        | Cell::Instant(_)
        | Cell::Written(_)
        | Cell::Array(_)
        | Cell::Named(_) => None,
    };
    found.ok_or_else(|| unknown(from, to))
}

fn unknown(from: &DataType, to: &DataType) -> UnknownCast {
    UnknownCast {
        from: from.clone(),
        to: to.clone(),
    }
}

/// How many digits the numbers of an exact type have, and how many of them behind the point.
pub(super) fn digits(kind: &TypeKind) -> Option<(u8, u8)> {
    match kind {
        TypeKind::TinyInt => Some((3, 0)),
        TypeKind::SmallInt => Some((5, 0)),
        TypeKind::Int => Some((10, 0)),
        TypeKind::BigInt => Some((19, 0)),
        TypeKind::Decimal { precision, scale } => Some((*precision, *scale)),
        _ => None,
    }
}

/// Whether a type is one of whole numbers.
pub(super) fn is_whole(kind: &TypeKind) -> bool {
    bits(kind).is_some()
}

/// The bits of a whole number's type.
pub(super) fn bits(kind: &TypeKind) -> Option<u32> {
    match kind {
        TypeKind::TinyInt => Some(8),
        TypeKind::SmallInt => Some(16),
        TypeKind::Int => Some(32),
        TypeKind::BigInt => Some(64),
        _ => None,
    }
}
