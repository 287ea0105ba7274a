//! What stands at a place of a row, for people.

use super::cell::Cell;
use super::json::Json;
use super::row::Row;
use crate::ir::Place;

/// What a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A value, as text; objects and lists as JSON.
    Value(String),
    /// A value that cannot be read as the type of the field.
    Unfit(String),
    /// `null`
    Null,
    /// Nothing.
    Missing,
    /// Text that is no JSON document.
    Malformed,
}

impl Found {
    /// What stands at a place.
    pub(super) fn of(row: &Row, place: &Place) -> Self {
        let cell = match row.cell(place) {
            None => return Self::Missing,
            Some(Cell::Null) => return Self::Null,
            Some(cell) => cell,
        };
        let Some(steps) = &place.document else {
            return Self::Value(match cell {
                Cell::Text(text) => text.as_str().to_owned(),
                other => {
                    let json = Json::from(other);
                    json.scalar()
                        .map_or_else(|| json.to_string(), str::to_owned)
                }
            });
        };
        let Some(document) = row.document(place) else {
            return Self::Malformed;
        };
        match document.get(steps) {
            None => Self::Missing,
            Some(Json::Null) => Self::Null,
            Some(json) => Self::Value(
                json.scalar()
                    .map_or_else(|| json.to_string(), str::to_owned),
            ),
        }
    }
}
