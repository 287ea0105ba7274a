//! The way from a field of the event document to the place in a row that holds it, by the source's layout.

use super::Context;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::ir::{Access, Place, Step};
use crate::project::layout::{Layout, MapForm};
use crate::project::source::Source;
use crate::schema::{FieldPath, Segment};
use crate::source_text::Spanned;
use crate::sql::{DataType, TypeKind};

/// The place of a field; `written` is the path as the user wrote it, for findings.
pub(super) fn to(
    context: &Context<'_>,
    written: &Spanned<FieldPath>,
    field: &FieldPath,
) -> Result<Place, Diagnostic> {
    let source = context.source;
    match &source.event.layout {
        Layout::Document(column) => {
            let data_type = source.columns.get(&column.value);
            let data_type = data_type.ok_or_else(|| source.unknown_column(column))?;
            Ok(Place {
                document: Some(field.segments.iter().filter_map(step).collect()),
                ..Place::column(&column.value, data_type.value.clone())
            })
        }
        Layout::Columns(_) => Walk::begin(source, written, field)?.finish(),
    }
}

pub(super) fn step(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Key(key) => Some(Step::Key(key.clone())),
        Segment::Index(index) => Some(Step::Index(*index)),
        Segment::Any => None,
    }
}

/// A walk through typed columns.
struct Walk<'w> {
    source: &'w Source,
    written: &'w Spanned<FieldPath>,
    /// The keys that lead to where the walk is.
    keys: Vec<&'w str>,
    rest: &'w [Segment],
    place: Place,
}

impl<'w> Walk<'w> {
    fn begin(
        source: &'w Source,
        written: &'w Spanned<FieldPath>,
        field: &'w FieldPath,
    ) -> Result<Self, Diagnostic> {
        let Some((Segment::Key(column), rest)) = field.segments.split_first() else {
            let message = format!("`{}` does not begin with a column", written.value);
            return Err(Diagnostic::new(Code::BadPath, message, written.span, ""));
        };
        let data_type = source.columns.get(column).ok_or_else(|| {
            let name = Spanned::new(column.clone(), written.span);
            source.unknown_column(&name)
        })?;
        Ok(Self {
            source,
            written,
            keys: vec![column],
            rest,
            place: Place::column(column, data_type.value.clone()),
        })
    }

    fn finish(mut self) -> Result<Place, Diagnostic> {
        while let Some((segment, rest)) = self.rest.split_first() {
            let kind = self.place.data_type.kind.clone();
            match (kind, segment) {
                (TypeKind::Row(fields), Segment::Key(key)) => self.enter_row(&fields, key)?,
                (TypeKind::Array(element), Segment::Index(index)) => {
                    self.enter(Access::Index(*index), *element);
                }
                (TypeKind::Map(key, value), _) if key.kind == TypeKind::String => {
                    if self.enter_map(*value, segment)? {
                        return Ok(self.place);
                    }
                }
                (kind, segment) => return Err(self.dead_end(&kind.nullable(), segment)),
            }
            if let Segment::Key(key) = segment {
                self.keys.push(key);
            }
            self.rest = rest;
        }
        Ok(self.place)
    }

    fn enter(&mut self, access: Access, data_type: DataType) {
        self.place.accesses.push(access);
        self.place.data_type = data_type;
    }

    fn enter_row(
        &mut self,
        fields: &[(crate::sql::Ident, DataType)],
        key: &str,
    ) -> Result<(), Diagnostic> {
        match fields.iter().find(|(name, _)| name.as_str() == key) {
            Some((_, data_type)) => {
                self.enter(Access::Field(key.to_owned()), data_type.clone());
                Ok(())
            }
            None => {
                let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
                let message = format!(
                    "`{}` of the source has no field `{key}`",
                    self.keys.join(".")
                );
                let label = "in the schema, but not in the column's type";
                Err(
                    Diagnostic::new(Code::UnknownColumn, message, self.written.span, label)
                        .help_if(did_you_mean(key, &names)),
                )
            }
        }
    }

    /// Enters a map; whether the walk is over because everything behind it is a key or a document.
    fn enter_map(&mut self, value: DataType, segment: &Segment) -> Result<bool, Diagnostic> {
        let form = self.source.event.layout.map_form(&self.keys);
        match (form, segment) {
            (Some(MapForm::Flat), _) => {
                let keys: Option<Vec<&str>> = self.rest.iter().map(Segment::key).collect();
                let keys = keys.ok_or_else(|| self.index_in_flat_map())?;
                if keys.iter().any(|key| key.contains('.')) {
                    return Err(self.dot_in_flat_map());
                }
                self.enter(Access::Key(keys.join(".")), value);
                Ok(true)
            }
            (Some(MapForm::Json), Segment::Key(key)) => {
                self.enter(Access::Key(key.clone()), value);
                self.place.document = Some(self.rest[1..].iter().filter_map(step).collect());
                Ok(true)
            }
            (None, Segment::Key(key)) => {
                self.enter(Access::Key(key.clone()), value);
                Ok(false)
            }
            (_, segment) => Err(self.dead_end(&self.place.data_type, segment)),
        }
    }

    fn index_in_flat_map(&self) -> Diagnostic {
        let message = format!(
            "`{}` is a flat map: its keys have no indexes",
            self.keys.join(".")
        );
        Diagnostic::new(Code::BadPath, message, self.written.span, "has an index")
            .help("flat maps hold scalars alone; elements of lists cannot be read from this source")
    }

    fn dot_in_flat_map(&self) -> Diagnostic {
        let message = format!(
            "`{}` is a flat map: a dot in a key cannot be told from the end of one",
            self.keys.join(".")
        );
        Diagnostic::new(
            Code::BadPath,
            message,
            self.written.span,
            "has a dot in a key",
        )
        .help("rename the field, or read it from a source with another layout")
    }

    fn dead_end(&self, data_type: &DataType, segment: &Segment) -> Diagnostic {
        let here = self.keys.join(".");
        let message = match segment {
            Segment::Key(key) => {
                format!("`{here}` is of type {data_type}, which has no field `{key}`")
            }
            Segment::Index(_) | Segment::Any => {
                format!("`{here}` is of type {data_type}, which has no elements")
            }
        };
        let label = "in the schema, but not in the column's type";
        Diagnostic::new(Code::UnknownColumn, message, self.written.span, label)
            .help("correct the column's type in routectl.yaml; for a map with dotted keys or JSON values add it to `maps`")
    }
}
