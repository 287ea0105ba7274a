//! The format of route files.

use serde_json::{Map, Value, json};

use super::{DRAFT, name, operations, options, partitions, start, suite, topic};
use crate::diagnostic::Code;
use crate::ir::ValueType;
use crate::ir::operator::{self, Form, Operator};
use crate::project::names;
use crate::route::syntax::AnyElement;

/// The JSON Schema of one document of a route file.
pub fn route() -> Value {
    json!({
        "$schema": DRAFT,
        "title": "routectl route",
        "description": "Which events of a source go to which topic",
        "type": "object",
        "properties": {
            "route": name(names::MAX_ROUTE, "Name of the route, unique in the project"),
            "was": {
                "description": "Names that the route had before; it goes on from the position that it had under them",
                "type": "array",
                "items": name(names::MAX_ROUTE, "A former name"),
                "minItems": 1
            },
            "description": {"type": "string", "description": "What the route is for"},
            "consumer": {"type": "string", "description": "Who reads the topic"},
            "from": {"type": "string", "description": "Source that it reads; by default the project's"},
            "where": filter("Which events: a condition, a list of conditions that must all hold, or `always`"),
            "to": {
                "description": "Where the events go: a sink, or a list of them",
                "oneOf": [
                    {"$ref": "#/$defs/sink"},
                    {"type": "array", "items": {"$ref": "#/$defs/sink"}, "minItems": 1}
                ]
            },
            "enabled": {
                "description": "Whether the route is to run, or the targets that it is to run on; true unless it says otherwise",
                "oneOf": [
                    {"type": "boolean"},
                    {"type": "array", "items": {"type": "string"}, "minItems": 1}
                ]
            },
            "operations": operations(),
            "start": start(),
            "allow": {
                "description": "Lints whose findings are meant so here, each with the reason",
                "type": "object",
                "propertyNames": {"enum": Code::lints()},
                "additionalProperties": {"type": "string", "pattern": "\\S"}
            },
            "tests": {
                "description": "Events, and which of the route's topics they are to reach",
                "type": "array",
                "items": {"$ref": "#/$defs/test"},
                "minItems": 1
            }
        },
        "required": ["route", "where", "to"],
        "additionalProperties": false,
        "$defs": {
            "sink": sink(),
            "test": suite::test(),
            "conditions": {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1},
            "condition": condition(),
            "value": {"type": ["string", "number", "boolean"]}
        }
    })
}

fn filter(description: &str) -> Value {
    json!({
        "description": description,
        "oneOf": [{"const": "always"}, {"$ref": "#/$defs/conditions"}, {"$ref": "#/$defs/condition"}]
    })
}

fn sink() -> Value {
    json!({
        "type": "object",
        "properties": {
            "topic": topic("Topic, without the target's suffix"),
            "where": filter("Which of the route's events; by default all of them"),
            "key": {"type": "string", "description": "Column, or path that a column mirrors, that becomes the Kafka key"},
            "select": {
                "description": "Columns to write; by default every column of the source",
                "type": "array",
                "items": selected(),
                "minItems": 1
            },
            "metadata": {"type": "boolean", "description": "Whether a column `filterMetadata` says which route let the row pass, for whom, and when"},
            "shared": {"type": "boolean", "description": "Whether other routes may write the topic too"},
            "partitions": partitions("Partitions of the topic; by default the project's"),
            "options": options("Options of the topic's table, by dialect")
        },
        "required": ["topic"],
        "additionalProperties": false
    })
}

/// What `anyElement` holds.
fn any_element() -> Value {
    json!({
        "description": "Some element of a list satisfies a condition",
        "type": "object",
        "properties": {
            "in": {"type": "string", "description": "Path of the list, which the schema bounds with maxItems, or atMost here"},
            "atMost": {
                "description": "How many elements are looked at, from the first one on",
                "type": "integer",
                "minimum": 1,
                "maximum": AnyElement::MOST
            },
            "where": {
                "description": "Condition on one element; its paths begin at the element, those with `$.` at the document",
                "oneOf": [{"$ref": "#/$defs/conditions"}, {"$ref": "#/$defs/condition"}]
            }
        },
        "required": ["in", "where"],
        "additionalProperties": false
    })
}

/// A mapping of one kind: a combination, or a field with one operator.
fn condition() -> Value {
    let mut properties = Map::new();
    let mut put = |key: &str, schema: Value| properties.insert(key.to_owned(), schema);
    put(
        "all",
        json!({"description": "Each of these holds", "$ref": "#/$defs/conditions"}),
    );
    put(
        "any",
        json!({"description": "At least one of these holds", "$ref": "#/$defs/conditions"}),
    );
    put(
        "not",
        json!({"description": "This does not hold", "$ref": "#/$defs/condition"}),
    );
    put("anyElement", any_element());
    put(
        "field",
        json!({"description": "Path of a field, such as eventBody.entities[0].entityType", "type": "string"}),
    );
    put("as", read_as());
    for operator in operator::ALL {
        put(operator.key, operand(operator));
    }
    let alone = |key: &str| json!({"required": [key], "maxProperties": 1});
    let mut kinds = vec![
        alone("all"),
        alone("any"),
        alone("not"),
        alone("anyElement"),
    ];
    kinds.extend(operator::ALL.iter().map(|operator| {
        let keys = ["field", "as", operator.key];
        json!({"required": ["field", operator.key], "propertyNames": {"enum": keys}})
    }));
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "oneOf": kinds
    })
}

/// A column of a sink.
fn selected() -> Value {
    json!({
        "type": "object",
        "properties": {
            "column": {"type": "string", "description": "A column of the source"},
            "path": {"type": "string", "description": "A field of the document"},
            "constant": {"type": "string", "description": "The same text in every row"},
            "name": {"type": "string", "description": "Name of the column in the sink", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
            "type": {"type": "string", "description": "Flink type of the column; by default what fits the field"},
            "as": read_as()
        },
        "oneOf": [
            {"required": ["column"]},
            {"required": ["path", "name"]},
            {"required": ["constant", "name"]}
        ],
        "additionalProperties": false
    })
}

/// What a field is read as.
fn read_as() -> Value {
    let types: Vec<_> = ValueType::WORDS.iter().map(|(word, _)| *word).collect();
    json!({"description": "Type to read the field as, instead of the schema's", "enum": types})
}

fn operand(operator: &Operator) -> Value {
    let value = json!({"$ref": "#/$defs/value"});
    let description = operator.summary;
    match operator.form {
        Form::Compare(_) => json!({
            "description": description,
            "oneOf": [
                value,
                {
                    "type": "object",
                    "properties": {
                        "field": {"type": "string", "description": "Path of another field of the same type"},
                        "as": read_as()
                    },
                    "required": ["field"],
                    "additionalProperties": false
                }
            ]
        }),
        Form::Window(_) => json!({
            "description": description,
            "type": "object",
            "properties": {
                "from": {"type": "string", "description": "HH:MM or HH:MM:SS"},
                "to": {"type": "string", "description": "HH:MM or HH:MM:SS, not part of the window"},
                "zone": {"type": "string", "description": "IANA time zone, such as America/New_York"}
            },
            "required": ["from", "to", "zone"],
            "additionalProperties": false
        }),
        Form::Own { .. } => json!({"description": description, "type": "string"}),
        Form::Many(_) => {
            json!({"description": description, "type": "array", "items": value, "minItems": 1})
        }
        Form::Range(_) => json!({
            "description": description, "type": "array", "items": value, "minItems": 2, "maxItems": 2
        }),
        Form::Alone(_) => json!({"description": description, "const": true}),
    }
}
