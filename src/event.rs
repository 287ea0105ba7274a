//! Event documents against their schema, with places.

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::schema::{Validator, Violation, ViolationKind};
use crate::source_text::{FileId, Node, Sources, json};
use crate::workspace::EventSchema;

/// Checks one event file; what is wrong is pointed at in the file, and in the schema that says so.
pub fn validate(
    validator: &Validator,
    schema: &EventSchema,
    id: FileId,
    files: &Sources,
    findings: &mut Findings,
) {
    let document = match json::parse(id, files.file(id)) {
        Ok(document) => document,
        Err(problems) => return findings.extend(problems),
    };
    for violation in validator.check(&document.value) {
        findings.push(diagnostic(&violation, &document.node, schema));
    }
}

fn diagnostic(violation: &Violation, event: &Node, schema: &EventSchema) -> Diagnostic {
    let span = if violation.kind == ViolationKind::UnknownKey {
        event.key_at_pointer(&violation.pointer)
    } else {
        event.at_pointer(&violation.pointer)
    };
    let problem = Diagnostic::new(Code::EventInvalid, &violation.message, span, "")
        .help_if(violation.help.as_ref());
    match schema.span(&violation.keyword_at) {
        Some(rule) => problem.related(rule, "the schema says so here"),
        None => problem,
    }
}
