//! Words for paths that lead to no usable field.

use super::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Field, FieldPath, FieldType, PathProblem};
use crate::source_text::{Span, Spanned};

/// The finding for a path that the schema cannot resolve.
pub(super) fn diagnostic(
    context: &Context<'_>,
    path: &Spanned<FieldPath>,
    problem: PathProblem,
) -> Diagnostic {
    let written = &path.value;
    let schema = &context.source.event.schema.value;
    let unknown = |message: String, label: String| {
        Diagnostic::new(Code::UnknownField, message, path.span, label)
    };
    match problem {
        PathProblem::Unknown {
            known_prefix,
            suggestions,
        } => {
            let message = format!("the schema has no field `{written}`");
            let label = if known_prefix.segments.is_empty() {
                format!("not in `{schema}`")
            } else {
                format!("known up to `{known_prefix}`")
            };
            unknown(message, label).help_if(suggest(&suggestions))
        }
        PathProblem::NotInPinnedAlternatives {
            known_prefix,
            excluded_by,
            declared_at,
        } => {
            let declared = declared_at.first();
            let declared = declared.and_then(|place| context.schema.span(place));
            excluded(path, &known_prefix, &excluded_by, declared)
        }
        PathProblem::IndexOnNonArray {
            at,
            kind,
            suggestion,
        } => {
            let message = format!("`{at}` is {}, not a list", describe(&kind));
            unknown(message, "no index here".to_owned()).help_if(suggest(suggestion.as_slice()))
        }
        PathProblem::KeyOnArray { at, suggestion } => {
            let message = format!("`{at}` is a list; its elements have no names");
            unknown(message, "an index is missing".to_owned())
                .help_if(suggest(suggestion.as_slice()))
        }
        PathProblem::KeyOnScalar { at, kind } => {
            let message = format!("`{at}` is {}; it has no fields inside", describe(&kind));
            unknown(message, "ends earlier".to_owned()).help(format!("use `{at}` itself"))
        }
        PathProblem::IndexOutOfRange { at, max_items } => {
            let message = format!("`{at}` never has that many elements");
            unknown(message, format!("at most {max_items} elements")).help("indexes count from 0")
        }
        PathProblem::TooManyAlternatives { at } => {
            let message =
                format!("the schema has too many alternatives at `{at}` to tell them apart");
            unknown(message, "too many alternatives".to_owned())
                .help("pin its discriminator with an `equals` in the same `all`")
        }
    }
}

/// The finding for a path that the neighbouring conditions rule out.
fn excluded(
    path: &Spanned<FieldPath>,
    known_prefix: &FieldPath,
    excluded_by: &[FieldPath],
    declared: Option<Span>,
) -> Diagnostic {
    let pins = quoted(excluded_by);
    let message = format!(
        "`{}` never occurs together with the condition on {pins}",
        path.value
    );
    let label = format!("only known up to `{known_prefix}` here");
    let problem = Diagnostic::new(Code::UnknownField, message, path.span, label).help(format!(
        "change the condition on {pins}, or use a path that occurs with it"
    ));
    match declared {
        Some(span) => problem.related(
            span,
            "declared in an alternative that the condition excludes",
        ),
        None => problem,
    }
}

/// The finding for a field whose type is not one.
pub(super) fn ambiguous_type(
    context: &Context<'_>,
    path: &Spanned<FieldPath>,
    field: &Field,
) -> Diagnostic {
    let (message, label) = match &field.kind {
        FieldType::Mixed(kinds) => {
            let kinds: Vec<_> = kinds.iter().map(describe).collect();
            let kinds = kinds.join(" or ");
            (
                format!("`{}` can be {kinds}", path.value),
                "of more than one type",
            )
        }
        _ => (
            format!("the schema does not say what `{}` is", path.value),
            "of no type",
        ),
    };
    let problem = Diagnostic::new(Code::AmbiguousType, message, path.span, label)
        .help("add `as: text`, `as: number`, `as: boolean` or `as: instant` to the condition");
    match field
        .declared_at
        .first()
        .and_then(|place| context.schema.span(place))
    {
        Some(span) => problem.related(span, "declared here"),
        None => problem,
    }
}

fn suggest(paths: &[FieldPath]) -> Option<String> {
    const MOST: usize = 3;
    match paths {
        [] => None,
        [only] => Some(format!("did you mean `{only}`?")),
        several => Some(format!(
            "did you mean one of {}?",
            quoted(&several[..several.len().min(MOST)])
        )),
    }
}

fn quoted(paths: &[FieldPath]) -> String {
    paths
        .iter()
        .map(|path| format!("`{path}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn describe(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Text => "text",
        FieldType::Integer | FieldType::Number => "a number",
        FieldType::Boolean => "a boolean",
        FieldType::Instant => "an instant",
        FieldType::Object => "an object",
        FieldType::Array { .. } => "a list",
        FieldType::Null => "null",
        FieldType::Mixed(_) => "of several types",
        FieldType::Any => "of any type",
    }
}
