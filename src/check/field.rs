//! From a path to the place in a row where its value is, and its type.

use serde_json::Value as Json;

use super::{Context, column_place, path_problem, way};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{InstantForm, Place, Subject, ValueType};
use crate::project::layout::{Layout, MapForm};
use crate::project::source::Source;
use crate::route::syntax::{self, Literal, Operand};
use crate::schema::{self, FieldPath, FieldType, PathProblem, Pins, Root, Segment};
use crate::source_text::plain::Plain;
use crate::source_text::{Span, Spanned, Style};
use crate::sql::TypeKind;

/// A field: where it is, how it compares, and what it can hold.
pub(super) struct Field {
    /// Where it is and how it compares.
    pub(super) subject: Subject,
    /// The values that can occur, where the schema lists them.
    pub(super) closed: Option<Vec<Json>>,
    /// Where the schema declares it.
    pub(super) declared: Vec<Span>,
    /// How many decimals its numbers have, where the schema says so.
    pub(super) scale: Option<u32>,
}

/// The declared column that a path means.
pub(super) fn column_of<'s>(source: &'s Source, path: &FieldPath) -> Option<&'s str> {
    match (path.root, path.segments.as_slice()) {
        (Root::Any, [Segment::Key(key)]) => source
            .columns
            .get_key_value(key)
            .map(|(name, _)| name.as_str()),
        _ => None,
    }
}

/// The path into the document that a test is about: as written, or the one that its column mirrors.
fn document_path<'t>(source: &'t Source, path: &'t FieldPath) -> Option<&'t FieldPath> {
    match (column_of(source, path), &source.event.layout) {
        (Some(column), Layout::Document(_)) => {
            source.mirrored_by(column).map(|mirror| &mirror.path.value)
        }
        // A typed column is a field of the document, unless the schema does not know it.
        (Some(_), Layout::Columns(_)) | (None, _) => Some(path),
    }
}

/// Resolves a field, read as another type than the schema's where that is said, given what the tests beside it
/// pin.
pub(super) fn resolve(
    context: &Context<'_>,
    path: &Spanned<FieldPath>,
    read_as: Option<Spanned<ValueType>>,
    pins: &[&syntax::Test],
) -> Result<Field, Diagnostic> {
    resolve_with(context, path, read_as, |document| {
        let pins = pins_beside(context, document, pins);
        context.schema.schema.resolve(document, &pins)
    })
}

/// The same for a test that asks whether there is a value, of whatever type: its column may be of any.
pub(super) fn resolve_presence(
    context: &Context<'_>,
    path: &Spanned<FieldPath>,
    read_as: Option<Spanned<ValueType>>,
    pins: &[&syntax::Test],
) -> Result<Field, Diagnostic> {
    let mut field = resolve_place(context, path, read_as, |document| {
        let pins = pins_beside(context, document, pins);
        let mut known = context.schema.schema.resolve(document, &pins)?;
        if matches!(known.kind, FieldType::Mixed(_) | FieldType::Any) {
            known.kind = FieldType::Text;
        }
        Ok(known)
    })?;
    if !fits(&field.subject) {
        // Nothing will look into it.
        field.subject.value_type = ValueType::Structure;
    }
    Ok(field)
}

/// Resolves a field, where the caller knows what the schema says of it.
pub(super) fn resolve_with(
    context: &Context<'_>,
    path: &Spanned<FieldPath>,
    read_as: Option<Spanned<ValueType>>,
    known: impl FnOnce(&FieldPath) -> Result<schema::Field, PathProblem>,
) -> Result<Field, Diagnostic> {
    let field = resolve_place(context, path, read_as, known)?;
    refuse_unfit(path, &field.subject, read_as.is_some())?;
    Ok(field)
}

/// Where a field is, and what it is by the schema: its column may be of a type that it cannot be read from.
fn resolve_place(
    context: &Context<'_>,
    path: &Spanned<FieldPath>,
    read_as: Option<Spanned<ValueType>>,
    known: impl FnOnce(&FieldPath) -> Result<schema::Field, PathProblem>,
) -> Result<Field, Diagnostic> {
    let source = context.source;
    refuse_unreadable(source, path)?;
    let document = document_path(source, &path.value);
    let known = match document {
        None => None,
        Some(document) => match known(document) {
            Ok(known) => Some(known),
            Err(_) if read_as.is_some() => None,
            Err(_) if column_of(source, document).is_some() => None,
            Err(problem) => return Err(path_problem::diagnostic(context, path, problem)),
        },
    };
    let place = place(context, path, document)?;
    let value_type = match (read_as, &known) {
        // A timestamp says itself what it counts, whatever the field is in other layouts.
        (Some(read_as), _) if read_as.value.is_instant() && place.is_instant() => {
            ValueType::Instant(InstantForm::Timestamp)
        }
        (Some(read_as), _) => read_as.value,
        (None, Some(known)) => from_schema(path, known, &place, context)?,
        (None, None) => from_column(path, &place)?,
    };
    let subject = Subject { place, value_type };
    refuse_structure_in_flat_map(source, path, document, subject.value_type)?;
    let Some(known) = known.filter(|_| read_as.is_none()) else {
        return Ok(Field {
            subject,
            closed: None,
            declared: Vec::new(),
            scale: None,
        });
    };
    let declared = known.declared_at.iter();
    let declared = declared.filter_map(|place| context.schema.span(place));
    let declared = declared.collect();
    Ok(Field {
        subject,
        closed: known.closed,
        declared,
        scale: known.scale,
    })
}

/// Whether a value can be read as its type from where it stands.
pub(super) fn fits(subject: &Subject) -> bool {
    let place = &subject.place;
    match subject.value_type {
        ValueType::Text | ValueType::Instant(InstantForm::Text) => place.is_text(),
        ValueType::Number | ValueType::Instant(InstantForm::Epoch(_)) => {
            place.is_text() || place.is_number()
        }
        ValueType::Boolean => place.is_text() || place.is_boolean(),
        ValueType::Instant(InstantForm::Timestamp) => place.is_instant(),
        ValueType::Structure => place.is_text() || is_structured(place),
    }
}

/// Whether objects or lists stand at a place of a typed column.
fn is_structured(place: &Place) -> bool {
    matches!(
        place.data_type.kind,
        TypeKind::Array(_) | TypeKind::Map(..) | TypeKind::Multiset(_) | TypeKind::Row(_)
    )
}

/// A column's type must be one that the field can be read from: comparing across types is no plan on Flink. `is_said` is
/// whether somebody wrote what the field is to be read as.
fn refuse_unfit(
    path: &Spanned<FieldPath>,
    subject: &Subject,
    is_said: bool,
) -> Result<(), Diagnostic> {
    if fits(subject) {
        return Ok(());
    }
    let place = &subject.place;
    let data_type = &place.data_type;
    if subject.value_type == ValueType::Structure {
        let message =
            format!("a column of type {data_type} can neither be compared nor be read as a value");
        let label = format!("column `{}`", place.column);
        return Err(Diagnostic::new(Code::UnsupportedType, message, path.span, label)
            .help("`isNull` and `isNotNull` work on every column, and `select` takes one as it is with `{column: NAME}`; for the rest name a field of the document or a column of text, numbers, booleans or TIMESTAMP_LTZ"));
    }
    let wanted = subject.value_type.describe();
    let message = format!(
        "`{}` is {wanted}, which a column of type {data_type} cannot be read as",
        path.value
    );
    let help = match subject.value_type {
        _ if is_said => "leave out `as`, or name a type that the column can be read as",
        ValueType::Instant(_) if place.is_number() => {
            "say what the number counts: `as: epoch-seconds`, `as: epoch-millis` or `as: epoch-micros`"
        }
        ValueType::Instant(_) => {
            "instants are read from columns of text, numbers or TIMESTAMP_LTZ; `isNull` and `isNotNull` work on every column"
        }
        _ => "read it with `as: ...`, or correct the column's type or the schema",
    };
    Err(Diagnostic::new(Code::AmbiguousType, message, path.span, "of another type").help(help))
}

/// The keys of a flat map are those of scalars: an object is no key of it, but the beginning of some.
fn refuse_structure_in_flat_map(
    source: &Source,
    path: &Spanned<FieldPath>,
    document: Option<&FieldPath>,
    value_type: ValueType,
) -> Result<(), Diagnostic> {
    let (ValueType::Structure, Layout::Columns(maps)) = (value_type, &source.event.layout) else {
        return Ok(());
    };
    let keys: Vec<&str> = document
        .iter()
        .flat_map(|document| &document.segments)
        .filter_map(Segment::key)
        .collect();
    let flat = maps.iter().find(|map| {
        let map_keys = map.path.value.keys().unwrap_or_default();
        map.form == MapForm::Flat && keys.len() > map_keys.len() && keys.starts_with(&map_keys)
    });
    match flat {
        None => Ok(()),
        Some(map) => {
            let message = format!(
                "`{}` is an object or list, which a flat map does not hold",
                path.value
            );
            Err(
                Diagnostic::new(Code::BadPath, message, path.span, "an object or list")
                    .related(map.path.span, "this map is flat")
                    .help("name a field inside it"),
            )
        }
    }
}

/// The values that can occur in the field of a test, whatever its neighbours say.
pub(super) fn closed_alone(context: &Context<'_>, test: &syntax::Test) -> Option<Vec<Json>> {
    let path = document_path(context.source, &test.field.value)?;
    let known = context.schema.schema.resolve(path, &Pins::none()).ok()?;
    known.closed
}

/// What cannot be compiled, whatever the schema says.
fn refuse_unreadable(source: &Source, path: &Spanned<FieldPath>) -> Result<(), Diagnostic> {
    if path.value.has_any() {
        let message = "`[*]` is not supported here";
        return Err(
            Diagnostic::new(Code::BadPath, message, path.span, "any element")
                .help("name an element by its index, for example `[0]`"),
        );
    }
    let Some(document) = source.event.layout.document_column() else {
        return Ok(());
    };
    let first = path.value.segments.first().and_then(Segment::key);
    let column = first.filter(|key| source.columns.contains_key(*key));
    match column {
        Some(column) if path.value.root == Root::Any && path.value.segments.len() > 1 => {
            let message = format!("column `{column}` has no fields inside");
            let help = if document.value == column {
                let inside = FieldPath {
                    root: Root::Any,
                    segments: path.value.segments[1..].to_vec(),
                };
                format!("fields of the document are named without its column: `{inside}`")
            } else {
                format!("for the field of the document write `$.{}`", path.value)
            };
            let label = "begins with a column";
            Err(Diagnostic::new(Code::BadPath, message, path.span, label).help(help))
        }
        _ => Ok(()),
    }
}

/// What the neighbouring tests say for certain. A field is not narrowed by itself. A test that contradicts
/// those before it has a finding of its own; as a pin it would only spread that to the others.
fn pins_beside(context: &Context<'_>, path: &FieldPath, tests: &[&syntax::Test]) -> Pins {
    let (mut all, mut beside) = (Pins::none(), Pins::none());
    for test in tests {
        let Some(pinned) = document_path(context.source, &test.field.value) else {
            continue;
        };
        if pinned.has_any() {
            continue;
        }
        let literals: &[Literal] = match &test.operand.value {
            Operand::One(literal) => std::slice::from_ref(literal),
            Operand::Many(literals) => literals,
            Operand::None | Operand::Field(_) | Operand::Range(..) | Operand::Window(_) => &[],
        };
        let values: Vec<Json> = literals.iter().filter_map(as_json).collect();
        let possible = match context.schema.schema.resolve(pinned, &all) {
            Ok(schema::Field {
                closed: Some(closed),
                ..
            }) => values.iter().any(|value| closed.contains(value)),
            Ok(_) => true,
            Err(_) => false,
        };
        if possible && values.len() == literals.len() {
            if pinned.segments != path.segments {
                beside.pin(pinned.clone(), values.clone());
            }
            all.pin(pinned.clone(), values);
        }
    }
    beside
}

fn as_json(literal: &Literal) -> Option<Json> {
    match (literal.style, Plain::of(&literal.text)) {
        (Style::Plain, Plain::Boolean(value)) => Some(Json::Bool(value)),
        (Style::Plain, Plain::Integer | Plain::Decimal) => serde_json::from_str(&literal.text).ok(),
        (Style::Plain, Plain::Null | Plain::Ambiguous(_)) => None,
        _ => Some(Json::String(literal.text.clone())),
    }
}

fn place(
    context: &Context<'_>,
    path: &Spanned<FieldPath>,
    document: Option<&FieldPath>,
) -> Result<Place, Diagnostic> {
    let source = context.source;
    let column = match column_of(source, &path.value) {
        Some(column) => Some(column.to_owned()),
        None => source
            .mirror_of(&path.value)
            .map(|mirror| mirror.column.value.clone()),
    };
    match (column, document) {
        (Some(column), _) => column_place(source, &Spanned::new(column, path.span)),
        (None, Some(document)) => way::to(context, path, document),
        (None, None) => way::to(context, path, &path.value),
    }
}

fn from_schema(
    path: &Spanned<FieldPath>,
    field: &schema::Field,
    place: &Place,
    context: &Context<'_>,
) -> Result<ValueType, Diagnostic> {
    match &field.kind {
        FieldType::Text => Ok(ValueType::Text),
        FieldType::Integer | FieldType::Number => Ok(ValueType::Number),
        FieldType::Boolean => Ok(ValueType::Boolean),
        FieldType::Instant if place.is_instant() => Ok(ValueType::Instant(InstantForm::Timestamp)),
        FieldType::Instant => Ok(ValueType::Instant(InstantForm::Text)),
        FieldType::Object | FieldType::Array { .. } => Ok(ValueType::Structure),
        FieldType::Null => {
            let message = format!("`{}` is never anything but null", path.value);
            Err(
                Diagnostic::new(Code::UnsupportedType, message, path.span, "always null")
                    .help("correct the schema, or remove the condition"),
            )
        }
        FieldType::Mixed(_) | FieldType::Any => {
            Err(path_problem::ambiguous_type(context, path, field))
        }
    }
}

/// The type of a column that mirrors nothing.
fn from_column(path: &Spanned<FieldPath>, place: &Place) -> Result<ValueType, Diagnostic> {
    let data_type = &place.data_type;
    match &data_type.kind {
        _ if place.is_in_document() => {
            let message = format!("nothing is known about `{}`", path.value);
            Err(Diagnostic::new(
                Code::UnknownField,
                message,
                path.span,
                "no type",
            ))
        }
        TypeKind::String | TypeKind::Char(_) | TypeKind::VarChar(_) => Ok(ValueType::Text),
        _ if place.is_boolean() => Ok(ValueType::Boolean),
        _ if place.is_number() => Ok(ValueType::Number),
        _ if place.is_instant() => Ok(ValueType::Instant(InstantForm::Timestamp)),
        // What nothing looks into is there or not.
        _ => Ok(ValueType::Structure),
    }
}
