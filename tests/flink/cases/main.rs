//! Writes the statements that real Flink has to explain as one JSON document to stdout; see `tests/flink/run`.
//!
//! | module | cases |
//! | --- | --- |
//! | [`project`] | every statement of a project, on each of its targets |
//! | [`catalogue`] | every operator on every type of field in every layout, elements of arrays, columns of sinks |
//! | [`controls`] | broken statements, which Flink must refuse |
//! | [`scripts`] | whole scripts for Flink's SQL client |
//!
//! To add cases, write a function that returns them and name it in `main`. An operator needs nothing here: the
//! catalogue goes through [`routectl::ir::operator::ALL`].

mod catalogue;
mod controls;
mod project;
mod scripts;

use std::io::{self, Write as _};

use camino::Utf8Path;
use routectl::sql::{CreateTable, DataType, Ident, Statement, Templates};
use serde::Serialize;

/// A name that could end its quotes or its line.
const ODD: &str = "it's `\\ a-b] -- \u{1f600}";

/// A text that could end its literal, its line or a comment, or that is not what it looks like.
const HOSTILE: &str = "it's \\ a \"text\" -- */ ${x} \n \u{1f600} \u{202e}\t\u{200b}";

/// A statement with the tables that it needs. The runner runs the CREATE TABLEs as they are, and exchanges the
/// connectors behind Flink's back.
#[derive(Debug, Serialize)]
struct Case {
    /// What the report calls it.
    name: String,
    /// CREATE TABLE of each table that is read.
    sources: Vec<String>,
    /// CREATE TABLE of each table that is written.
    sinks: Vec<String>,
    /// The INSERT, just as it is submitted.
    statement: String,
    /// Where Flink must refuse the statement: words of its reason.
    refusal: Option<&'static str>,
}

/// A script for Flink's SQL client. The runner lets the client take it apart, and exchanges the connectors behind its
/// back.
#[derive(Debug, Serialize)]
struct Script {
    /// What the report calls it.
    name: String,
    /// The script.
    text: String,
    /// Where it must be refused: words of the reason.
    refusal: Option<&'static str>,
}

#[derive(Serialize)]
struct Document {
    cases: Vec<Case>,
    scripts: Vec<Script>,
}

fn main() -> anyhow::Result<()> {
    let sample = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let layouts = sample.join("tests/layouts");
    let projects = [("sample", sample), ("layouts", &*layouts)];
    let mut cases = Vec::new();
    for (label, root) in projects {
        cases.extend(project::cases(label, root)?);
    }
    cases.extend(catalogue::cases()?);
    cases.extend(controls::cases());
    let scripts = scripts::scripts(&projects)?;
    let mut document = serde_json::to_vec_pretty(&Document { cases, scripts })?;
    document.push(b'\n');
    Ok(io::stdout().write_all(&document)?)
}

/// A table that stands for a topic which has its columns already.
fn source_table(
    templates: &Templates,
    name: &str,
    columns: impl IntoIterator<Item = (Ident, DataType)>,
) -> anyhow::Result<String> {
    let table = CreateTable {
        temporary: false,
        name: Ident::from(name),
        if_not_exists: false,
        columns: columns.into_iter().collect(),
        distribution: None,
        options: [].into(),
    };
    Ok(templates.render(&Statement::CreateTable(table), &[])?)
}
