//! What `columns` may be, and what schemas become; each format has its own file.

mod avro;
mod json_schema;

use super::*;
use crate::diagnostic::human;
use crate::source_text::yaml;

/// Reads `columns` of a project file; the schema files are in `files` already.
fn read(text: &str, files: &mut Sources) -> (Option<Columns>, Vec<Diagnostic>) {
    let id = files.add("routectl.yaml", text);
    let (documents, _) = yaml::parse(id, text);
    let mut findings = Findings::default();
    let root = Utf8Path::new("/nowhere");
    let columns = decode(&documents[0], &mut Input { root, files }, &mut findings);
    (columns, findings.into_sorted(files))
}

fn lines(columns: &Columns) -> String {
    let lines = columns
        .iter()
        .map(|(name, data_type)| format!("{name} {}", data_type.value));
    lines.collect::<Vec<_>>().join("\n")
}

/// The columns that a schema gives, a line each, or what is wrong with it.
fn columns(key: &str, file: &str, text: &str) -> String {
    let mut files = Sources::default();
    files.add(file, text);
    let (columns, found) = read(&format!("{{{key}: {file}}}"), &mut files);
    assert_eq!(columns.is_none(), !found.is_empty(), "{found:?}");
    let Some(columns) = columns else {
        let shown = found.iter().map(|one| human::render(one, &files, false));
        return shown.collect::<Vec<_>>().join("\n");
    };
    for data_type in columns.values() {
        let written = DataType::parse(&data_type.value.to_string());
        assert_eq!(written.as_ref(), Ok(&data_type.value));
    }
    lines(&columns)
}

/// The first line of what is wrong: its code and message.
fn message(shown: &str) -> &str {
    shown.lines().next().unwrap()
}

#[test]
fn a_column_may_have_the_name_of_a_format() {
    for (text, expected) in [
        ("{avro: STRING}", "avro STRING"),
        (
            "{json-schema: 'ROW<`a.json` INT>'}",
            "json-schema ROW<`a.json` INT>",
        ),
        (
            "{avro: STRING, json-schema: INT}",
            "avro STRING\njson-schema INT",
        ),
    ] {
        let (columns, _) = read(text, &mut Sources::default());
        assert_eq!(lines(&columns.unwrap()), expected);
    }
}

#[test]
fn columns_have_their_place_in_the_schema() {
    let mut files = Sources::default();
    let avro = r#"{"type": "record", "name": "E", "fields": [{"name": "id", "type": "string"}]}"#;
    files.add("schemas/event.avsc", avro);
    files.add(
        "schemas/event.json",
        r#"{"properties": {"id": {"type": "string"}}}"#,
    );
    for (text, schema) in [
        (
            "{avro: ./schemas/../schemas/event.avsc}",
            "schemas/event.avsc",
        ),
        (
            "{json-schema: ./schemas/../schemas/event.json}",
            "schemas/event.json",
        ),
    ] {
        let (columns, _) = read(text, &mut files);
        let span = columns.unwrap()["id"].span;
        assert_eq!(files.file(span.file).path(), schema);
        assert_eq!(files.slice(span), "\"id\"");
    }
}
