//! Rows: what a source's table holds of one event.
//!
//! A row comes from an event document, as the CDC tool or the producer would have written it ([`Row::of_event`]), or
//! is given as it stands in the table, column by column ([`Row::of_columns`]): a record that Debezium unwrapped is such
//! a row, `__op` and its neighbours are columns. [`document`] and [`Row::read`] tell the two apart where nobody says which it is.
//!
//! `event` fills the columns from a document, `convert` makes a column's value of a JSON value.

mod convert;
mod event;

use std::borrow::Cow;

use indexmap::IndexMap;

use super::cell::Cell;
use super::json::Json;
use crate::diagnostic::did_you_mean;
use crate::ir::{Access, Place};
use crate::project::source::Source;
use crate::schema::{FieldPath, Segment};
use convert::{Given, Way};

/// A row of a source's table.
#[derive(Debug, Clone)]
pub struct Row {
    cells: IndexMap<String, Cell>,
}

/// Why something is no row of a source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RowError {
    /// Where: a column, or a place in the document. The whole of it where it has no segments.
    pub path: FieldPath,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Whether a JSON value is a whole row of the source rather than an event document: whether it is an object with the
/// column that holds the document, or with the one that says which change it is. (An event document has neither:
/// both are columns that the event's schema does not know.)
fn is_row(source: &Source, json: &Json) -> bool {
    let document = source.event.layout.document_column();
    let operation = source.operation.as_ref().map(|operation| &operation.column);
    let mut marks = document.into_iter().chain(operation);
    matches!(json, Json::Object(fields) if marks.any(|column| fields.contains_key(&column.value)))
}

/// The event document in the text of an event file: the text itself, or of a whole row what its document column holds;
/// `None` where there is none, or nothing that can be read.
pub fn document<'t>(source: &Source, text: &'t str) -> Option<Cow<'t, str>> {
    match Json::read(text)? {
        json if !is_row(source, &json) => Some(Cow::Borrowed(text)),
        Json::Object(mut fields) => {
            let column = source.event.layout.document_column()?;
            match fields.swap_remove(&column.value)? {
                Json::Text(document) => Some(Cow::Owned(document)),
                _ => None,
            }
        }
        _ => None,
    }
}

impl RowError {
    /// The place as a JSON pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        let segments = self.path.segments.iter().map(|segment| match segment {
            Segment::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Index(index) => format!("/{index}"),
            Segment::Any => "/*".to_owned(),
        });
        segments.collect()
    }
}

impl Row {
    /// Reads the text of an event file: a whole row where it looks like one, else an event document.
    pub fn read(source: &Source, text: &str) -> Result<Self, RowError> {
        match Json::read(text) {
            Some(json) if is_row(source, &json) => Self::of_columns(source, &json),
            json => event::row(source, text, json.as_ref()),
        }
    }

    /// The row of an event document, given as its text.
    ///
    /// A column that holds documents gets the text as it is, readable or not. Columns that mirror a field of the
    /// document hold its value, typed columns their part of the document, the column of the operation the first
    /// that the source lets through. Every other column is NULL.
    ///
    /// # Errors
    /// A value of the document that its column cannot hold, or a document that typed columns cannot hold at all.
    pub fn of_event(source: &Source, text: &str) -> Result<Self, RowError> {
        event::row(source, text, Json::read(text).as_ref())
    }

    /// The row of an object whose keys are columns. Columns that are left out are NULL.
    ///
    /// Text stays as it is, however malformed what it is meant to be: that is data. In the column that holds
    /// documents an object stands for its own text.
    ///
    /// # Errors
    /// A key that is no column, or a value that its column cannot hold.
    pub fn of_columns(source: &Source, json: &Json) -> Result<Self, RowError> {
        Self::empty(source).with_columns(source, json)
    }

    /// The row with other values in the columns that are keys of an object, which is read as
    /// [`Row::of_columns`] reads it.
    ///
    /// # Errors
    /// A key that is no column, or a value that its column cannot hold.
    pub fn with_columns(mut self, source: &Source, json: &Json) -> Result<Self, RowError> {
        let Json::Object(values) = json else {
            return Err(RowError {
                path: FieldPath::document(),
                message: format!(
                    "a row is an object with a value for each column, not {}",
                    json.describe()
                ),
                help: None,
            });
        };
        let document = source.event.layout.document_column();
        for (name, value) in values {
            let Some(data_type) = source.columns.get(name) else {
                return Err(unknown_column(source, name));
            };
            let structure = matches!(value, Json::Object(_) | Json::Array(_));
            let cell = if structure && document.is_some_and(|column| column.value == *name) {
                Cell::text(value.to_string())
            } else {
                let mut way = Way::begin(source, name, Given::Columns);
                way.convert(value, &data_type.value)?
            };
            self.cells.insert(name.clone(), cell);
        }
        Ok(self)
    }

    /// A row of columns that hold text.
    pub(crate) fn of_texts(columns: impl IntoIterator<Item = (String, String)>) -> Self {
        let columns = columns.into_iter();
        let cells = columns.map(|(name, text)| (name, Cell::text(text)));
        Self {
            cells: cells.collect(),
        }
    }

    /// A row of nothing but NULL.
    fn empty(source: &Source) -> Self {
        let columns = source.columns.keys();
        Self {
            cells: columns.map(|name| (name.clone(), Cell::Null)).collect(),
        }
    }

    /// The value of a column.
    pub fn column(&self, name: &str) -> Option<&Cell> {
        self.cells.get(name)
    }

    /// What stands at the end of a place's typed way; `None` where nothing does.
    pub(super) fn cell(&self, place: &Place) -> Option<&Cell> {
        let column = self.cells.get(&place.column)?;
        let mut accesses = place.accesses.iter();
        accesses.try_fold(column, |cell, access| match access {
            Access::Field(name) | Access::Key(name) => cell.named(name),
            Access::Index(index) => cell.element(*index),
        })
    }

    /// The SQL value at the end of a place's typed way; `None` for NULL, which a missing one is.
    pub(super) fn typed(&self, place: &Place) -> Option<&Cell> {
        self.cell(place).filter(|cell| !matches!(cell, Cell::Null))
    }

    /// The JSON document at the end of a place's typed way; `None` where it is unreadable or NULL.
    pub(super) fn document(&self, place: &Place) -> Option<&Json> {
        match self.typed(place)? {
            Cell::Text(text) => text.document(),
            _ => None,
        }
    }
}

fn unknown_column(source: &Source, name: &str) -> RowError {
    let known: Vec<_> = source.columns.keys().map(String::as_str).collect();
    let constant = source
        .constants
        .iter()
        .any(|(constant, _)| constant == name);
    RowError {
        path: FieldPath::of_keys([name]),
        message: format!("source `{}` has no column `{name}`", source.name.value),
        help: if constant {
            Some("leave it out: it is a constant that sinks get and rows do not have".to_owned())
        } else {
            did_you_mean(name, &known)
        },
    }
}
