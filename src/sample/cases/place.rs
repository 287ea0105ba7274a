//! The field of the event document that a place in a row holds.

use crate::ir::{Access, Place, Step};
use crate::project::source::Source;
use crate::schema::{FieldPath, Segment};

/// The path behind a place; `None` for columns that hold nothing of the document.
pub(super) fn path_of(place: &Place, source: &Source) -> Option<FieldPath> {
    let mut path = if let Some(column) = source.event.layout.document_column() {
        if place.column == column.value {
            FieldPath::document()
        } else {
            source.mirrored_by(&place.column)?.path.value.clone()
        }
    } else if let Some(mirror) = source.mirrored_by(&place.column) {
        mirror.path.value.clone()
    } else if source
        .operation
        .as_ref()
        .is_some_and(|it| it.column.value == place.column)
    {
        return None;
    } else {
        FieldPath::of_keys([place.column.as_str()])
    };
    for access in &place.accesses {
        match access {
            Access::Field(key) => path.push(Segment::Key(key.clone())),
            Access::Index(index) => path.push(Segment::Index(*index)),
            // A map's keys are dotted paths, or single keys without a dot to split at.
            Access::Key(keys) => {
                for key in keys.split('.') {
                    path.push(Segment::Key(key.to_owned()));
                }
            }
        }
    }
    for step in place.document.iter().flatten() {
        path.push(segment(step));
    }
    Some(path)
}

pub(super) fn segment(step: &Step) -> Segment {
    match step {
        Step::Key(key) => Segment::Key(key.clone()),
        Step::Index(index) => Segment::Index(*index),
    }
}
