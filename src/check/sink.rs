//! What a route writes: the columns of its sink, and which of them is the Kafka key.

use std::collections::HashMap;

use super::{Context, cast, field};
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::ir::{METADATA, Projected, Projection, Value};
use crate::project::source::Source;
use crate::route::Route;
use crate::route::syntax::{Selected, Sink, Test};
use crate::source_text::{Span, Spanned};

/// The columns of one of a route's sinks, in order, given what the conditions `beside` them pin; nothing comes back where one of them has a finding.
pub(super) fn columns(
    context: &Context<'_>,
    route: &Route,
    sink: &Sink,
    beside: &[&Test],
    findings: &mut Findings,
) -> Option<Vec<Projection>> {
    let mut columns = match &sink.select {
        None => every_column(context.source),
        Some(selected) => {
            let columns: Vec<_> = selected
                .iter()
                .map(|one| findings.note(selected_column(context, one, beside)))
                .collect();
            let columns = columns.into_iter().collect::<Option<Vec<_>>>()?;
            refuse_repetition(selected, &columns, findings)?;
            columns
        }
    };
    if sink.metadata {
        if let Some(column) = columns.iter().find(|column| column.name == METADATA) {
            let message = format!(
                "`metadata` adds a column `{}`, which is there already",
                column.name
            );
            let span = sink.topic.span;
            let problem = Diagnostic::new(Code::DuplicateKey, message, span, "this sink");
            findings.push(
                problem.help("select that column under another `name`, or leave `metadata` out"),
            );
            return None;
        }
        let consumer = route.consumer.as_ref().map(|text| text.value.as_str());
        columns.push(Projection::metadata(&route.name.value, consumer));
    }
    Some(columns)
}

/// What a sink gets unless its route says otherwise.
fn every_column(source: &Source) -> Vec<Projection> {
    let columns = source.columns.iter();
    let columns = columns.map(|(name, data_type)| Projection::column(name, &data_type.value));
    let constants = source.constants.iter();
    let constants = constants.map(|(name, text)| constant(name, &text.value));
    columns.chain(constants).collect()
}

fn constant(name: &str, text: &str) -> Projection {
    Projection {
        name: name.to_owned(),
        data_type: crate::sql::DataType::STRING,
        value: Projected::Constant(Value::Text(text.to_owned())),
    }
}

fn selected_column(
    context: &Context<'_>,
    selected: &Selected,
    beside: &[&Test],
) -> Result<Projection, Diagnostic> {
    let source = context.source;
    match selected {
        Selected::Column { column, name } => {
            let constants = &source.constants;
            let known = source.columns.get(&column.value);
            let constants = constants.iter().find(|(name, _)| *name == column.value);
            let mut projection = match (known, constants) {
                (Some(data_type), _) => Projection::column(&column.value, &data_type.value),
                (None, Some((name, text))) => constant(name, &text.value),
                (None, None) => return Err(source.unknown_column(column)),
            };
            if let Some(name) = name {
                projection.name.clone_from(&name.value);
            }
            Ok(projection)
        }
        Selected::Constant { value, name } => Ok(constant(&name.value, &value.value)),
        Selected::Field {
            path,
            name,
            read_as,
            data_type,
        } => {
            let field = field::resolve(context, path, *read_as, beside)?;
            if let Some(wanted) = data_type {
                cast::check(path, &field.subject, wanted)?;
            }
            let fitting = field.subject.value_type.column_type(field.scale);
            let wanted = data_type.as_ref().map(|data_type| data_type.value.clone());
            let data_type = wanted.or(fitting).ok_or_else(|| {
                let message = format!(
                    "`{}` is an object or list, which has no one type",
                    path.value
                );
                Diagnostic::new(Code::UnsupportedType, message, path.span, "not a scalar")
                    .help("select a field inside it, or the whole document's column")
            })?;
            Ok(Projection {
                name: name.value.clone(),
                data_type,
                value: Projected::Field(field.subject),
            })
        }
    }
}

fn refuse_repetition(
    selected: &[Selected],
    columns: &[Projection],
    findings: &mut Findings,
) -> Option<()> {
    let mut first: HashMap<&str, Span> = HashMap::new();
    let before = findings.len();
    for (selected, column) in selected.iter().zip(columns) {
        let span = selected.name().span;
        if let Some(other) = first.insert(&column.name, span) {
            let message = format!("two columns of the sink are named `{}`", column.name);
            let problem = Diagnostic::new(Code::DuplicateKey, message, span, "second column")
                .related(other, "first column");
            findings.push(problem.help("give one of them another `name`"));
        }
    }
    (findings.len() == before).then_some(())
}

/// The column of the sink that becomes the Kafka key.
pub(super) fn key(
    source: &Source,
    sink: &Sink,
    columns: &[Projection],
) -> Result<Option<String>, Diagnostic> {
    let Some(key) = &sink.key else {
        return Ok(None);
    };
    let written = key.value.to_string();
    let named = columns.iter().find(|column| column.name == written);
    let selected = || {
        let selected = sink.select.iter().flatten().find(|selected| {
            matches!(selected, Selected::Field { path, .. } if path.value.segments == key.value.segments)
        });
        let name = selected.map(|selected| &selected.name().value)?;
        columns.iter().find(|column| column.name == *name)
    };
    // The column that repeats the field, or that is the field, under whatever name it is written.
    let mirror = source.mirror_of(&key.value);
    let repeated = mirror.map_or(written.as_str(), |mirror| &mirror.column.value);
    let copied = || {
        columns.iter().find(
            |column| matches!(&column.value, Projected::Column(place) if place.column == repeated),
        )
    };
    let found = named.or_else(selected).or_else(copied);
    let found = found.ok_or_else(|| unknown_key(key.span, &written, columns))?;
    match found.value {
        Projected::Metadata { .. } => Err(metadata_as_key(key.span)),
        _ => Ok(Some(found.name.clone())),
    }
}

/// It says when the event passed, so two events never have it in common.
fn metadata_as_key(span: Span) -> Diagnostic {
    let message = format!("`{METADATA}` differs in every event, so it would keep none in order");
    let label = "cannot become the Kafka key";
    Diagnostic::new(Code::UnknownColumn, message, span, label)
        .help("name the column or path that says what the events are about")
}

fn unknown_key(span: Span, written: &str, columns: &[Projection]) -> Diagnostic {
    let names = columns.iter().map(|column| column.name.as_str());
    let names: Vec<_> = names.filter(|name| *name != METADATA).collect();
    let message = format!("`{written}` is no column of the sink, nor mirrored or selected as one");
    Diagnostic::new(
        Code::UnknownColumn,
        message,
        span,
        "cannot become the Kafka key",
    )
    .help_if(did_you_mean(written, &names))
    .help("name a column that the route writes, or a path that is mirrored or selected as one")
}

/// A name that is its own place, for columns without one.
impl Selected {
    fn name(&self) -> &Spanned<String> {
        match self {
            Self::Column { column, name } => name.as_ref().unwrap_or(column),
            Self::Field { name, .. } | Self::Constant { name, .. } => name,
        }
    }
}
