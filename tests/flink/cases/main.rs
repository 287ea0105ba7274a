//! Writes the statements that real Flink has to explain as one JSON document to stdout; see `tests/flink/run`.
//!
//! | module | cases |
//! | --- | --- |
//! | [`project`] | every statement of a project, on each of its targets |
//! | [`catalogue`] | every operator on every type of field in every layout, elements of arrays, columns of sinks |
//! | [`controls`] | broken statements, which Flink must refuse |
//!
//! To add cases, write a function that returns them and name it in `main`. An operator needs nothing here: the
//! catalogue goes through [`routectl::ir::operator::ALL`].

mod catalogue;
mod controls;
mod project;

use std::io::{self, Write as _};

use camino::Utf8Path;
use routectl::sql::{CreateTable, DataType, Ident, Statement, Templates};
use serde::Serialize;

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

#[derive(Serialize)]
struct Document {
    cases: Vec<Case>,
}

fn main() -> anyhow::Result<()> {
    let sample = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cases = project::cases("sample", sample)?;
    cases.extend(project::cases("layouts", &sample.join("tests/layouts"))?);
    cases.extend(catalogue::cases()?);
    cases.extend(controls::cases());
    let mut document = serde_json::to_vec_pretty(&Document { cases })?;
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
