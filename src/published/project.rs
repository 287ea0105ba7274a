//! The format of `routectl.yaml`.

use serde_json::{Value, json};

use super::{DRAFT, column_name, name, operations, options, partitions, start, topic};
use crate::diagnostic::{Code, Level};
use crate::project::names;

/// The JSON Schema of the project file.
pub fn project() -> Value {
    let levels: Vec<_> = Level::WORDS.iter().map(|(word, _)| *word).collect();
    json!({
        "$schema": DRAFT,
        "title": "routectl project",
        "description": "Sources, defaults and targets that routes share",
        "type": "object",
        "properties": {
            "project": name(names::MAX_PROJECT, "Prefix of statement names and ownership label"),
            "sources": {
                "description": "Tables that routes read, by name",
                "type": "object",
                "propertyNames": name(names::MAX_TARGET, "Name of a source"),
                "additionalProperties": source(),
                "minProperties": 1
            },
            "defaults": {
                "description": "What a route need not repeat",
                "type": "object",
                "properties": {
                    "source": {"type": "string", "description": "Source of routes without `from`"},
                    "topic": {
                        "type": "object",
                        "properties": {
                            "partitions": partitions("Partitions of new topics"),
                            "options": options("Options of every sink's table, by dialect")
                        },
                        "additionalProperties": false
                    },
                    "start": start()
                },
                "additionalProperties": false
            },
            "targets": {
                "description": "Environments to deploy to, by name; `${NAME}` reads an environment variable",
                "type": "object",
                "propertyNames": name(names::MAX_TARGET, "Name of a target"),
                "additionalProperties": target(),
                "minProperties": 1
            },
            "lints": {
                "description": "What becomes of the findings of lints: not shown, warnings or errors",
                "type": "object",
                "propertyNames": {"enum": Code::lints()},
                "additionalProperties": {"enum": levels}
            }
        },
        "required": ["project", "sources", "targets"],
        "additionalProperties": false
    })
}

fn source() -> Value {
    json!({
        "type": "object",
        "properties": {
            "topic": topic("Topic, which is the table's name"),
            "columns": columns(),
            "event": {
                "description": "Where the event document is",
                "type": "object",
                "properties": {
                    "column": {"type": "string", "description": "Column with the document as JSON text"},
                    "columns": {"const": true, "description": "The columns are the document: the first key of a path is a column"},
                    "schema": {"type": "string", "description": "JSON Schema of the document, relative to the project"},
                    "samples": {"type": "string", "description": "Directory of event documents that `validate` checks"},
                    "type": {"type": "string", "description": "Path of the field that says which type an event is; `validate` warns of types that no route takes"},
                    "unhandled": {
                        "description": "Types that no route is to take, each with the reason",
                        "type": "object",
                        "additionalProperties": {"type": "string", "pattern": "\\S"}
                    }
                },
                "required": ["schema"],
                "dependentRequired": {"unhandled": ["type"]},
                "oneOf": [{"required": ["column"]}, {"required": ["columns"]}],
                "additionalProperties": false
            },
            "maps": {
                "description": "How MAP columns hold the document, by path without indexes: `flat` (dotted keys, values as text) or `json` (values are JSON texts)",
                "type": "object",
                "additionalProperties": {"enum": ["flat", "json"]}
            },
            "constants": {
                "description": "Columns that sinks get and the source does not have, with the same text in every row",
                "type": "object",
                "propertyNames": column_name(),
                "additionalProperties": {"type": "string"}
            },
            "mirrors": {
                "description": "Columns that repeat a field of the document, by the field's path",
                "type": "object",
                "additionalProperties": {"type": "string"}
            },
            "operation": {
                "description": "Guard on the kind of change",
                "type": "object",
                "properties": {
                    "column": {"type": "string", "description": "Column with the kind of change"},
                    "default": operations()
                },
                "required": ["column", "default"],
                "additionalProperties": false
            },
            "create": {
                "description": "Where the table comes from; `never` (the default): it is there with the topic; `if-not-exists`: `apply` makes it, with the topic",
                "enum": ["never", "if-not-exists"]
            },
            "options": options("Options of the table, by dialect")
        },
        "required": ["topic", "columns", "event"],
        "additionalProperties": false
    })
}

fn columns() -> Value {
    let taken = |key: &str, endings: &str, description: &str| {
        let pattern = format!("\\.({endings})$");
        json!({
            "type": "object",
            "properties": {key: {"type": "string", "description": description, "pattern": pattern}},
            "required": [key],
            "additionalProperties": false
        })
    };
    json!({
        "description": "Flink type of each column, in the order of the table; or the schema of the topic to take them from, as the only key",
        "anyOf": [
            taken("avro", "avsc|json", "Avro schema of the topic's values, relative to the project"),
            taken("json-schema", "json", "JSON Schema of the topic's values, relative to the project"),
            {
                "type": "object",
                "propertyNames": column_name(),
                "additionalProperties": {"type": "string"},
                "minProperties": 1
            }
        ]
    })
}

fn target() -> Value {
    let suffix = topic("Appended to every sink topic of this target");
    let options = options("Options of every table on this target, by dialect");
    let text =
        |description: &str| json!({"type": "string", "description": description, "minLength": 1});
    json!({
        "type": "object",
        "oneOf": [
            {
                "properties": {
                    "backend": {"const": "emulator"},
                    "topic-suffix": suffix,
                    "options": options,
                    "endpoint": text("Address of a running `routectl emulator`; without it, one in process")
                },
                "required": ["backend"],
                "additionalProperties": false
            },
            {
                "properties": {
                    "backend": {"const": "confluent"},
                    "topic-suffix": suffix,
                    "options": options,
                    "endpoint": text("Address of the service, for private networking"),
                    "cloud": {"enum": ["aws", "gcp", "azure"]},
                    "region": text("Region, such as us-east-1"),
                    "organization": text("Organization (a UUID)"),
                    "environment": text("Environment (env-...), the SQL catalog"),
                    "compute-pool": text("Compute pool (lfcp-...)"),
                    "database": text("Kafka cluster, the SQL database"),
                    "service-account": text("Principal that statements run as (sa-...)"),
                    "ca-file": text("File of CA certificates (PEM) that are trusted besides the system's")
                },
                "required": ["backend"],
                "dependentRequired": {"cloud": ["region"], "region": ["cloud"]},
                "not": {"required": ["endpoint", "cloud"]},
                "additionalProperties": false
            }
        ]
    })
}
