//! Evaluates conditions and projections over rows, as Flink would evaluate their SQL.
//!
//! What is read here is the typed condition, not its SQL: an independent reading of the same, which the Flink proof
//! compares with real Flink. It keeps SQL's three-valued logic, and every habit of Flink that can change an outcome:
//! its JSON reader, its casts, the text of numbers.
//!
//! | module | concept |
//! | --- | --- |
//! | [`row`] | the row of an event document, or as somebody wrote it |
//! | [`cell`], `exact`, `big_decimal` | values of columns |
//! | [`json`] | documents as Flink reads them |
//! | `cast`, `instant` | text read as other types |
//! | `reading` | a field in a row, read as its type |
//! | `condition`, `explain`, `truth` | conditions over rows, and why they hold |
//! | `projection` | what a sink gets of a row |
//!
//! What an operator means stands in its own file, beside its SQL: see [`crate::ir::operator`].

mod big_decimal;
mod cast;
pub mod cell;
mod condition;
mod exact;
mod explain;
mod found;
mod instant;
pub mod json;
mod projection;
mod reading;
pub mod row;
#[cfg(test)]
mod tests;
mod truth;

pub use cast::UnknownCast;
pub use cell::{Cell, Text};
pub use condition::evaluate;
pub use exact::Exact;
pub use explain::{Explanation, explain};
pub use found::Found;
pub use json::Json;
pub use projection::project;
pub use reading::Reading;
pub use row::{Row, RowError, document};

use crate::ir::Instant;

/// A row, and when it is read.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'r> {
    /// The row.
    pub row: &'r Row,
    /// What the clock shows: `withinLast` and `filteredAt` depend on it.
    pub now: Instant,
}
