use std::collections::BTreeMap;

use super::*;
use crate::files;

/// Loads `start` from files given as (path, text).
fn load(start: &str, texts: &[(&str, &str)]) -> Result<Documents, Vec<SchemaError>> {
    let texts: BTreeMap<String, &str> = texts
        .iter()
        .map(|(path, text)| (format!("/project/{path}"), *text))
        .collect();
    let read = |path: &Utf8Path| match texts.get(path.as_str()) {
        Some(text) => Ok((*text).to_owned()),
        None => Err(files::read_text(Utf8Path::new("/does/not/exist")).unwrap_err()),
    };
    Documents::load(Utf8Path::new("/project"), Utf8Path::new(start), &read)
}

/// Each `$ref` with the place that it leads to.
fn targets(documents: &Documents) -> Vec<String> {
    let text = |position| {
        let SchemaPlace { document, pointer } = documents.place(position);
        format!("{document}#{pointer}")
    };
    let mut lines: Vec<String> = documents
        .targets()
        .map(|(from, to)| format!("{} -> {}", text(from), text(to)))
        .collect();
    lines.sort();
    lines
}

fn errors(start: &str, texts: &[(&str, &str)]) -> String {
    let errors = load(start, texts).unwrap_err();
    let line = |error: &SchemaError| {
        let SchemaError {
            place,
            kind,
            message,
            help,
        } = error;
        format!(
            "{}#{} {kind:?}: {message}; {help}",
            place.document, place.pointer
        )
    };
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn references_are_followed_over_files_anchors_and_ids() {
    let order = r##"{
        "$id": "https://shop.example/schemas/order/order.json",
        "properties": {
            "customer": {"$ref": "../party/customer.json"},
            "seller": {"$ref": "https://shop.example/schemas/party/customer.json#/$defs/name"},
            "lines": {"items": {"$ref": "#line"}},
            "money": {"$ref": "urn:example:money"},
            "self": {"$ref": "#"},
            "data": {"const": {"$ref": "nothing.json"}}
        },
        "$defs": {
            "line": {"$anchor": "line", "type": "object"},
            "money": {"$id": "urn:example:money", "$ref": "#/$defs/amount", "$defs": {"amount": {}}}
        }
    }"##;
    let customer = r##"{"$defs": {"name": {"type": "string"}}, "properties": {"name": {"$ref": "#/$defs/name"}}}"##;
    let documents = load(
        "schemas/order/order.json",
        &[
            ("schemas/order/order.json", order),
            ("schemas/party/customer.json", customer),
        ],
    )
    .unwrap();
    insta::assert_snapshot!(targets(&documents).join("\n"), @r"
        schemas/order/order.json#/$defs/money -> schemas/order/order.json#/$defs/money/$defs/amount
        schemas/order/order.json#/properties/customer -> schemas/party/customer.json#
        schemas/order/order.json#/properties/lines/items -> schemas/order/order.json#/$defs/line
        schemas/order/order.json#/properties/money -> schemas/order/order.json#/$defs/money
        schemas/order/order.json#/properties/self -> schemas/order/order.json#
        schemas/order/order.json#/properties/seller -> schemas/party/customer.json#/$defs/name
        schemas/party/customer.json#/properties/name -> schemas/party/customer.json#/$defs/name
    ");
}

#[test]
fn a_schema_may_refer_to_itself_through_other_files() {
    let documents = load(
        "./a.json",
        &[
            ("a.json", r#"{"properties": {"b": {"$ref": "b.json"}}}"#),
            (
                "b.json",
                r#"{"properties": {"a": {"$ref": "a.json"}, "b": {"$ref": "./b.json#"}}}"#,
            ),
        ],
    )
    .unwrap();
    assert_eq!(documents.paths().collect::<Vec<_>>(), ["a.json", "b.json"]);
}

#[test]
fn a_schema_outside_any_schema_keyword_can_be_referred_to() {
    let text =
        r##"{"$ref": "#/components/x", "components": {"x": {"patternProperties": {"^x-": {}}}}}"##;
    let documents = load("api.json", &[("api.json", text)]).unwrap();
    assert!(documents.key_matches("^x-", "x-1"));
    assert!(!documents.key_matches("^x-", "1"));
}

#[test]
fn every_error_of_every_file_is_reported_at_its_place() {
    let main = r##"{
        "type": "strin",
        "properties": {
            "a": {"$ref": "missing.json"},
            "b": {"$ref": "../outside.json"},
            "c": {"$ref": "https://example.org/remote.json"},
            "d": {"$ref": "#/$defs/nothing"},
            "e": {"$ref": "broken.json"},
            "f": {"$ref": "old.json"},
            "g": {"$ref": "missing.json#/x"},
            "h": {"pattern": "(", "required": "x"},
            "i": {"$dynamicRef": "#x"},
            "j": {"$ref": "%zz"},
            "k": {"$ref": "#anchor"}
        }
    }"##;
    let texts = [
        ("main.json", main),
        ("broken.json", "{\n  \"a\": ,\n}"),
        (
            "old.json",
            r#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#,
        ),
    ];
    insta::assert_snapshot!(errors("main.json", &texts), @r#"
        broken.json# Syntax { line: 2, column: 8 }: `broken.json` is not JSON: expected value; correct the text at that place
        main.json#/properties/a/$ref File: there is no schema file `missing.json`; schema files are found relative to the project, `$ref`s relative to their file
        main.json#/properties/b/$ref OutsideProject: `../outside.json` leads out of the project; keep every schema file inside the project directory
        main.json#/properties/c/$ref Remote: `$ref` to `https://example.org/remote.json` needs the network, which is never used; copy that schema into the project and refer to it by its relative path
        main.json#/properties/d/$ref UnknownReference: `$ref` to `#/$defs/nothing` leads nowhere; `main.json` has no schema at `#/$defs/nothing`
        main.json#/properties/h/pattern Invalid: `(` is not a regular expression; put a backslash before what is meant literally
        main.json#/properties/h/required Invalid: expected an array, found the string `x`; see https://json-schema.org/draft/2020-12/schema
        main.json#/properties/i/$dynamicRef Unsupported: `$dynamicRef` has no meaning as a type; write `$ref`
        main.json#/properties/j/$ref UnknownReference: `$ref` to `%zz` leads nowhere; a `$ref` is a URI reference with valid escapes
        main.json#/properties/k/$ref UnknownReference: `$ref` to `#anchor` leads nowhere; `main.json` has no schema at `#anchor`
        main.json#/type Invalid: the string `strin` is not possible here; did you mean `string`?
        old.json#/$schema Unsupported: `$schema` is `http://json-schema.org/draft-07/schema#`, and routectl reads draft 2020-12 alone; adapt the schema and write `"$schema": "https://json-schema.org/draft/2020-12/schema"`
    "#);
    insta::assert_snapshot!(errors("none.json", &texts), @r"none.json# File: there is no schema file `none.json`; schema files are found relative to the project, `$ref`s relative to their file");
    insta::assert_snapshot!(errors("../main.json", &texts), @r"../main.json# OutsideProject: `../main.json` leads out of the project; keep every schema file inside the project directory");
}
