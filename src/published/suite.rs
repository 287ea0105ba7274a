//! The format of test files, and of the `tests` of a route.

use serde_json::{Value, json};

use super::DRAFT;

/// The JSON Schema of one document of a test file.
pub fn suite() -> Value {
    json!({
        "$schema": DRAFT,
        "title": "routectl test",
        "description": "Events, and where the routes are to send them",
        "type": "object",
        "properties": {
            "source": {"type": "string", "description": "Source whose enabled routes are looked at; by default the project's"},
            "routes": {
                "description": "Routes that are looked at, instead of all of a source",
                "type": "array",
                "items": {"type": "string"},
                "minItems": 1
            },
            "tests": {"type": "array", "items": {"$ref": "#/$defs/test"}, "minItems": 1}
        },
        "required": ["tests"],
        "additionalProperties": false,
        "$defs": {"test": test()}
    })
}

/// One test.
pub(super) fn test() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "What it shows"},
            "event": {
                "description": "Event document: a file of the project, a pattern with `*`, or the document itself",
                "type": ["string", "object"]
            },
            "row": {"type": "object", "description": "Columns of the row, beside the event or alone"},
            "valid": {"type": "boolean", "description": "Whether the event must match its schema, but for what is left out; true unless it says otherwise"},
            "now": {"type": "string", "description": "What `withinLast` takes for the present"},
            "expect": {
                "description": "Topics that the event must reach, and no others; or topics with what must stand in some of their columns",
                "oneOf": [
                    {"type": "array", "items": {"type": "string"}},
                    {"type": "object", "additionalProperties": {"type": ["object", "null"]}}
                ]
            }
        },
        "required": ["name", "expect"],
        "anyOf": [{"required": ["event"]}, {"required": ["row"]}],
        "additionalProperties": false
    })
}
