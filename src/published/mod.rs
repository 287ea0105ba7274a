//! The published JSON Schemas of the file formats, for editors and other tools.
//!
//! They say what shape a file has; routectl's own readers say more, and in better words. `validate` holds
//! every file against them all the same, read by an independent YAML reader: what an editor shows as valid
//! and what routectl accepts must not drift apart.

mod project;
mod route;
mod suite;

pub use project::project;
pub use route::route;
pub use suite::suite;

use std::collections::BTreeSet;

use serde::Deserialize as _;
use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::dialect;
use crate::parallel;
use crate::project::names;
use crate::schema::Validator;
use crate::source_text::{FileId, Sources, Span, yaml};
use crate::workspace::Workspace;

/// The draft that the schemas are written in.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Where a first deployment begins to read.
fn start() -> Value {
    json!({
        "description": "Where the first deployment begins to read; a replacement goes on where its predecessor stopped",
        "oneOf": [
            {"enum": ["earliest", "latest"]},
            {
                "type": "object",
                "properties": {"timestamp": {"type": "string", "description": "An instant, such as 2025-01-20T13:30:00Z"}},
                "required": ["timestamp"],
                "additionalProperties": false
            }
        ]
    })
}

/// Kinds of change that pass the guard.
fn operations() -> Value {
    json!({
        "description": "Kinds of change that pass: create, update, delete, snapshot read",
        "type": "array",
        "items": {"enum": ["c", "u", "d", "r"]},
        "minItems": 1
    })
}

/// A name of lower-case letters, digits and hyphens.
fn name(max: usize, description: &str) -> Value {
    json!({
        "description": description,
        "type": "string",
        "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
        "maxLength": max
    })
}

/// Control characters, in a class of a pattern.
const CONTROL: &str = r"\x00-\x1f\x7f-\x9f";

/// Options of tables, by dialect.
fn options(description: &str) -> Value {
    let values = json!({
        "type": "object",
        "propertyNames": {"pattern": "^[!-~]+$"},
        "additionalProperties": {"type": ["string", "number", "boolean"], "pattern": format!("^[^{CONTROL}]*$")}
    });
    let dialects = dialect::ALL.iter();
    let dialects: Map<_, _> = dialects
        .map(|dialect| (dialect.name.to_owned(), values.clone()))
        .collect();
    json!({
        "description": description,
        "type": "object",
        "properties": dialects,
        "additionalProperties": false
    })
}

/// Partitions of a topic.
fn partitions(description: &str) -> Value {
    json!({
        "description": description,
        "type": "integer",
        "minimum": names::PARTITIONS.start(),
        "maximum": names::PARTITIONS.end()
    })
}

/// The name of a column: what SQL takes between backticks.
fn column_name() -> Value {
    json!({
        "pattern": format!(r"^[^{CONTROL}]*[^{CONTROL}\s][^{CONTROL}]*$"),
        "maxLength": names::MAX_IDENTIFIER
    })
}

/// A Kafka topic.
fn topic(description: &str) -> Value {
    json!({
        "description": description,
        "type": "string",
        "pattern": "^[A-Za-z0-9._-]+$",
        "maxLength": 249
    })
}

/// Holds project file and routes against the published formats.
pub fn check_workspace(workspace: &Workspace, files: &Sources, findings: &mut Findings) {
    let project = workspace.project.span.file;
    let routes = workspace.routes.iter().map(|route| route.span.file);
    let routes: BTreeSet<FileId> = routes.collect();
    let suites = workspace.suites.iter().map(|suite| suite.span.file);
    let suites: BTreeSet<FileId> = suites.collect();
    for (schema, ids) in [
        (self::project(), BTreeSet::from([project])),
        (route(), routes),
        (suite(), suites),
    ] {
        match Validator::from_value(&schema) {
            Ok(validator) => {
                let ids: Vec<FileId> = ids.into_iter().collect();
                parallel::filter_map(&ids, findings, |id, findings| {
                    check(&validator, *id, files, findings);
                    Some(())
                });
            }
            Err(error) => findings.push(contradiction(project, error.to_string())),
        }
    }
}

/// The finding that a published format and its reader differ.
fn contradiction(id: FileId, message: String) -> Diagnostic {
    let label = "the published format and its reader differ";
    Diagnostic::new(Code::Internal, message, Span::new(id, 0..0), label)
}

/// Holds the documents of a file against a published schema.
fn check(validator: &Validator, id: FileId, files: &Sources, findings: &mut Findings) {
    let file = files.file(id);
    let (nodes, _) = yaml::parse(id, file.text());
    let mut nodes = nodes.iter();
    for document in serde_yaml::Deserializer::from_str(file.text()) {
        let value = match Value::deserialize(document) {
            Ok(Value::Null) => continue,
            Ok(value) => value,
            Err(error) => {
                let message = format!("another YAML reader refuses this file: {error}");
                return findings.push(contradiction(id, message));
            }
        };
        let Some(node) = nodes.next() else {
            let message = "another YAML reader finds more documents".to_owned();
            return findings.push(contradiction(id, message));
        };
        for violation in validator.check(&value) {
            let span = node.at_pointer(&violation.pointer);
            let message = format!(
                "the published format does not allow this: {}",
                violation.message
            );
            findings
                .push(Diagnostic::new(Code::WrongShape, message, span, "").help_if(violation.help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemas_are_valid_and_change_only_under_review() {
        for (name, schema) in [
            ("route", route()),
            ("project", project()),
            ("suite", suite()),
        ] {
            Validator::from_value(&schema).unwrap();
            insta::assert_json_snapshot!(name, schema);
        }
    }
}
