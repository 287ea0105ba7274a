//! How the weak places of the vendor's document are read.

use serde_json::{Value, json};

/// Schemas that every request and answer may use.
const SCHEMAS: &str = "/components/schemas";

/// Reads the document for requests. What only answers hold is not required there.
pub(super) fn of_requests(document: &mut Value) {
    common(document);
    let meta = schema(document, "StatementObjectMeta");
    meta.as_object_mut().unwrap().remove("required");
    // The official driver sends the lower-case words of RFC 6902.
    for name in ["AddReplace", "Remove", "MoveCopy"] {
        let schema = schema(document, &format!("JsonPatchRequest{name}"));
        let words = schema["properties"]["op"]["enum"].as_array_mut().unwrap();
        let lower: Vec<_> = words
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_ascii_lowercase)
            .collect();
        words.extend(lower.into_iter().map(Value::from));
    }
}

/// Reads the document for answers. Its open lists of words are closed: an emulator makes up no new ones.
pub(super) fn of_answers(document: &mut Value) {
    common(document);
    walk(document, &mut |node| {
        if let Some(words) = node.remove("x-extensible-enum") {
            node.insert("enum".to_owned(), words);
        }
    });
    // Its prose speaks of 409 for a stale version, and clients have met 422.
    for (path, methods) in document["paths"].as_object_mut().unwrap() {
        if let Some(put) = methods.get_mut("put") {
            assert!(path.ends_with("/{statement_name}"), "{path}");
            for status in ["409", "422"] {
                put["responses"][status] = put["responses"]["400"].clone();
            }
        }
    }
}

fn common(document: &mut Value) {
    walk(document, &mut |node| {
        // Neither exists: the one in statements, the other at the top of results.
        if let Some(required) = node.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| name != "statement_name");
        }
    });
    let result = schema(document, "sql.v1.StatementResult");
    let required = result["required"].as_array_mut().unwrap();
    required.retain(|name| name != "data");
    let pattern = &mut schema(document, "sql.v1.Statement")["properties"]["name"]["pattern"];
    *pattern = json!(format!("^({})$", pattern.as_str().unwrap()));
    for (owner, field) in [
        ("sql.v1.StatementStatus", "traits"),
        ("sql.v1.StatementTraits", "schema"),
        ("sql.v1.StatementTraits", "upsert_columns"),
        ("sql.v1.StatementSpec", "properties"),
    ] {
        let field = &mut schema(document, owner)["properties"][field];
        *field = json!({"anyOf": [{"type": "null"}, field.take()]});
    }
    let schemas = document
        .pointer_mut(SCHEMAS)
        .unwrap()
        .as_object_mut()
        .unwrap();
    for schema in schemas.values_mut().filter_map(Value::as_object_mut) {
        if schema.contains_key("properties") && !schema.contains_key("allOf") {
            schema.entry("additionalProperties").or_insert(json!(false));
        }
    }
}

fn schema<'a>(document: &'a mut Value, name: &str) -> &'a mut Value {
    document.pointer_mut(&format!("{SCHEMAS}/{name}")).unwrap()
}

fn walk(node: &mut Value, change: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match node {
        Value::Object(object) => {
            change(object);
            object.values_mut().for_each(|value| walk(value, change));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| walk(value, change)),
        _ => {}
    }
}
