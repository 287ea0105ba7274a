//! One schema file: its JSON, its dialect, its ids, anchors and regular expressions.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::reference::Location;
use super::{SchemaError, SchemaErrorKind as Kind};
use crate::schema::{SchemaPlace, keywords, pointer, validate};

/// The one dialect that routectl reads.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A schema with an id of its own: a file's root, or one embedded in the file.
pub(super) struct Resource {
    pub(super) pointer: String,
    pub(super) location: Location,
}

pub(super) struct Parsed {
    pub(super) path: Utf8PathBuf,
    pub(super) value: Value,
    /// Outer ones before inner ones; never empty.
    resources: Vec<Resource>,
    /// From the pointer of a resource and the name of an anchor in it to the anchor's pointer.
    anchors: HashMap<(String, String), String>,
    /// What is wrong with the file itself.
    pub(super) problems: Vec<SchemaError>,
}

pub(super) fn parse(path: &Utf8Path, text: &str) -> Result<Parsed, SchemaError> {
    let value: Value = serde_json::from_str(text).map_err(|error| SchemaError {
        place: SchemaPlace {
            document: path.to_owned(),
            pointer: String::new(),
        },
        kind: Kind::Syntax {
            line: error.line(),
            column: error.column(),
        },
        message: format!("`{path}` is not JSON: {}", without_position(&error)),
        help: "correct the text at that place".to_owned(),
    })?;
    let mut parsed = Parsed {
        path: path.to_owned(),
        value: Value::Null,
        resources: Vec::new(),
        anchors: HashMap::new(),
        problems: Vec::new(),
    };
    parsed.check_dialect(&value);
    keywords::subschemas(&value, "", &mut |schema, at| parsed.enter(schema, at));
    parsed.value = value;
    Ok(parsed)
}

/// What `serde_json` says, without the line and column that it appends.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.clone(), |(message, _)| message.to_owned())
}

impl Parsed {
    pub(super) fn root(&self) -> &Resource {
        &self.resources[0]
    }

    /// The innermost resource around a pointer.
    pub(super) fn resource_of(&self, pointer: &str) -> &Resource {
        let around = |resource: &&Resource| {
            pointer
                .strip_prefix(&resource.pointer)
                .is_some_and(|below| below.is_empty() || below.starts_with('/'))
        };
        self.resources
            .iter()
            .rfind(around)
            .unwrap_or_else(|| self.root())
    }

    /// The resource that has a location.
    pub(super) fn resource_at(&self, location: &Location) -> Option<&Resource> {
        self.resources
            .iter()
            .find(|resource| resource.location == *location)
    }

    /// The pointer that a fragment means in a resource, if anything is there.
    pub(super) fn fragment(&self, resource: &str, fragment: &str) -> Option<String> {
        if fragment.is_empty() || fragment.starts_with('/') {
            let pointer = format!("{resource}{fragment}");
            return self.value.pointer(&pointer).map(|_| pointer);
        }
        self.anchors
            .get(&(resource.to_owned(), fragment.to_owned()))
            .cloned()
    }

    fn check_dialect(&mut self, value: &Value) {
        if let Some(dialect) = value.get("$schema").and_then(Value::as_str)
            && dialect.trim_end_matches('#') != DIALECT
        {
            return self.problem(
                "/$schema",
                Kind::Unsupported,
                format!("`$schema` is `{dialect}`, and routectl reads draft 2020-12 alone"),
                format!("adapt the schema and write `\"$schema\": \"{DIALECT}\"`"),
            );
        }
        for violation in validate::dialect_violations(value) {
            let help = violation.help.unwrap_or_else(|| format!("see {DIALECT}"));
            self.problem(&violation.pointer, Kind::Invalid, violation.message, help);
        }
    }

    /// Notes what one schema of the file adds; outer schemas come before inner ones.
    fn enter(&mut self, schema: &Value, at: &str) {
        let text = |keyword| schema.get(keyword).and_then(Value::as_str);
        let base = if self.resources.is_empty() {
            Location::of_file(&self.path)
        } else {
            self.resource_of(at).location.clone()
        };
        let id = text("$id").and_then(|id| base.resolve(id));
        if let Some(id) = &id {
            self.resources.push(Resource {
                pointer: at.to_owned(),
                location: id.location.clone(),
            });
        } else if self.resources.is_empty() {
            self.resources.push(Resource {
                pointer: at.to_owned(),
                location: base,
            });
        }
        for anchor in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(text) {
            let resource = self.resource_of(at).pointer.clone();
            self.anchors
                .insert((resource, anchor.to_owned()), at.to_owned());
        }
        if schema.get("$dynamicRef").is_some() {
            self.problem(
                &pointer::child(at, "$dynamicRef"),
                Kind::Unsupported,
                "`$dynamicRef` has no meaning as a type".to_owned(),
                "write `$ref`".to_owned(),
            );
        }
    }

    fn problem(&mut self, at: &str, kind: Kind, message: String, help: String) {
        let place = SchemaPlace {
            document: self.path.clone(),
            pointer: at.to_owned(),
        };
        self.problems.push(SchemaError {
            place,
            kind,
            message,
            help,
        });
    }
}
