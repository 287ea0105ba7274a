//! Which keywords of a schema hold schemas (JSON Schema 2020-12, core and applicator vocabularies).
//!
//! Everything that looks for something in all schemas of a file walks with [`subschemas`], so that
//! data under `const`, `enum`, `default` or `examples` is never taken for a schema.

use serde_json::Value;

use super::pointer;

/// Keywords that hold one schema.
const ONE: [&str; 11] = [
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords that hold a list of schemas.
const LIST: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords that hold schemas by name.
const NAMED: [&str; 5] = [
    "$defs",
    "definitions",
    "dependentSchemas",
    "patternProperties",
    "properties",
];

/// Calls `visit` with `schema` and every schema inside it, and the pointer to each.
pub(super) fn subschemas<'a>(schema: &'a Value, at: &str, visit: &mut dyn FnMut(&'a Value, &str)) {
    visit(schema, at);
    let Some(object) = schema.as_object() else {
        return;
    };
    for (keyword, value) in object {
        let below = pointer::child(at, keyword);
        if ONE.contains(&keyword.as_str()) {
            subschemas(value, &below, visit);
        } else if LIST.contains(&keyword.as_str()) {
            for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                subschemas(item, &pointer::child(&below, &index.to_string()), visit);
            }
        } else if NAMED.contains(&keyword.as_str()) {
            for (name, item) in value.as_object().into_iter().flatten() {
                subschemas(item, &pointer::child(&below, name), visit);
            }
        }
    }
}
