//! Where fields are declared.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::catalogue::NamedPath;
use crate::source_text::{FileId, Sources, Span};
use crate::workspace::EventSchema;

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    /// Relative to the project.
    pub(super) file: String,
    /// Counted from 1.
    pub(super) line: usize,
}

/// Finds lines; of each file it looks for the ends of lines once, for there are many places.
pub(super) struct Places<'p> {
    schema: &'p EventSchema,
    files: &'p Sources,
    ends: BTreeMap<FileId, Vec<usize>>,
}

impl<'p> Places<'p> {
    pub(super) fn new(schema: &'p EventSchema, files: &'p Sources) -> Self {
        Self {
            schema,
            files,
            ends: BTreeMap::new(),
        }
    }

    /// Where the schema declares the field of a path, or the one that its column mirrors.
    pub(super) fn of(&mut self, named: &NamedPath) -> Vec<Place> {
        let declared = named.field().map_or(&[][..], |field| &field.declared_at);
        let mut places: Vec<Place> = Vec::new();
        for declared in declared {
            if let Some(span) = self.schema.span(declared) {
                let place = self.place(span);
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        places
    }

    fn place(&mut self, span: Span) -> Place {
        let file = self.files.file(span.file);
        let ends = self.ends.entry(span.file).or_insert_with(|| {
            let ends = file.text().match_indices('\n');
            ends.map(|(at, _)| at).collect()
        });
        Place {
            file: file.path().to_string(),
            line: ends.partition_point(|end| *end < span.range().start) + 1,
        }
    }
}
