//! The row that an event document becomes.

use super::convert::{Given, Way};
use super::{Row, RowError};
use crate::eval::cell::Cell;
use crate::eval::json::Json;
use crate::ir::Step;
use crate::project::layout::Layout;
use crate::project::source::Source;
use crate::schema::{FieldPath, Segment};

/// The row of a document; `json` is what `text` reads as.
pub(super) fn row(source: &Source, text: &str, json: Option<&Json>) -> Result<Row, RowError> {
    let mut row = Row::empty(source);
    if let Some(operation) = &source.operation {
        let operation_is = operation
            .default
            .first()
            .map(|first| Cell::text(&*first.value));
        row.cells
            .extend(operation_is.map(|cell| (operation.column.value.clone(), cell)));
    }
    match &source.event.layout {
        Layout::Document(column) => {
            for mirror in &source.mirrors {
                let name = &mirror.column.value;
                let way: Option<Vec<Step>> = mirror.path.value.segments.iter().map(step).collect();
                let value = way.and_then(|way| json?.get(&way)).unwrap_or(&Json::Null);
                let data_type = source.columns.get(name);
                if let Some(data_type) = data_type {
                    let mut way = Way::begin(source, name, Given::Mirrored);
                    let cell = way.convert(value, &data_type.value).map_err(|error| {
                        let path = &mirror.path.value;
                        let help = || format!("it mirrors `{path}` of the event; write the whole row to say what such a column holds");
                        let help = error.help.clone().or_else(|| Some(help()));
                        RowError { help, ..error }
                    })?;
                    row.cells.insert(name.clone(), cell);
                }
            }
            row.cells.insert(column.value.clone(), Cell::text(text));
        }
        Layout::Columns(_) => {
            let Some(Json::Object(fields)) = json else {
                return Err(no_document(json));
            };
            for (name, data_type) in &source.columns {
                if let Some(value) = fields.get(name) {
                    let mut way = Way::begin(source, name, Given::Document);
                    row.cells
                        .insert(name.clone(), way.convert(value, &data_type.value)?);
                }
            }
        }
    }
    Ok(row)
}

fn step(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Key(key) => Some(Step::Key(key.clone())),
        Segment::Index(index) => Some(Step::Index(*index)),
        Segment::Any => None,
    }
}

/// Text that is no JSON cannot be in a topic whose records have columns.
fn no_document(json: Option<&Json>) -> RowError {
    let is = json.map_or("unreadable", Json::describe);
    RowError {
        path: FieldPath::document(),
        message: format!("the event is {is}, which typed columns cannot hold"),
        help: Some("write the event as a JSON object".to_owned()),
    }
}
