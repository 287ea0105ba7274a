//! Event documents against their schema, with places.

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::files;
use crate::schema::{SchemaError, Validator, Violation, ViolationKind};
use crate::source_text::{FileId, Node, Sources, json};
use crate::workspace::{self, EventSchema, Workspace};

/// Checks the samples of every source whose schema can be used; how many there are.
pub fn validate_samples(
    workspace: &Workspace,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Result<usize, SchemaError> {
    let project = &workspace.project;
    let mut count = 0;
    for (name, schema) in &workspace.schemas {
        let source = project.sources.get(name);
        let Some(samples) = source.and_then(|source| source.event.samples.as_ref()) else {
            continue;
        };
        match files::find(&project.root.join(&samples.value), &["json"]) {
            Ok(paths) => count += validate_files(schema, &paths, &project.root, sources, findings)?,
            Err(error) => {
                findings.push(workspace::unreadable(samples.span, &project.root, error));
            }
        }
    }
    Ok(count)
}

/// Checks event files against a schema; how many there are.
pub fn validate_files(
    schema: &EventSchema,
    paths: &[Utf8PathBuf],
    root: &Utf8Path,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Result<usize, SchemaError> {
    let validator = schema.schema.validator()?;
    for path in paths {
        if let Some(id) = workspace::read(root, path, sources, findings) {
            validate(&validator, schema, id, sources, findings);
        }
    }
    Ok(paths.len())
}

/// Checks one event file; what is wrong is pointed at in the file, and in the schema that says so.
fn validate(
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
