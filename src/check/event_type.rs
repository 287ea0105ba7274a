//! The field that says which type an event is.

use serde_json::Value as Json;

use super::{Context, field};
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::ir::{Subject, ValueType};
use crate::project::source::EventType;

/// The field with all types that there are.
pub(super) struct Known {
    /// The field.
    pub(super) subject: Subject,
    /// The types; the schema lists them.
    pub(super) types: Vec<String>,
}

/// Checks what a source says of the types of its events.
pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(declared) = &context.source.event.event_type else {
        return;
    };
    let Some(known) = findings.note(resolve(context, declared)) else {
        return;
    };
    for name in &declared.unhandled {
        if !known.types.contains(&name.value) {
            let types: Vec<_> = known.types.iter().map(String::as_str).collect();
            let message = format!("`{}` is no type of event", name.value);
            let label = "not a value of the field";
            let problem = Diagnostic::new(Code::OperandValue, message, name.span, label)
                .related(declared.path.span, "this field");
            findings.push(problem.help_if(did_you_mean(&name.value, &types)));
        }
    }
}

/// The types of a source's events.
pub(super) fn resolve(context: &Context<'_>, declared: &EventType) -> Result<Known, Diagnostic> {
    let path = &declared.path;
    let field = field::resolve(context, path, None, &[])?;
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let types = field.closed.as_ref();
    let types = types.and_then(|closed| closed.iter().map(text).collect::<Option<Vec<_>>>());
    match types {
        Some(types) if field.subject.value_type == ValueType::Text => Ok(Known {
            subject: field.subject,
            types,
        }),
        _ => {
            let message = format!("the schema does not list the values of `{}`", path.value);
            let problem = Diagnostic::new(Code::OpenEventType, message, path.span, "any text");
            let problem = match field.declared.as_slice() {
                [only] => problem.related(*only, "declared here"),
                _ => problem,
            };
            Err(problem.help("give it an `enum` in the schema, or leave `type` out"))
        }
    }
}
