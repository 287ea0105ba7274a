//! What Flink is to run: for each suite one job, with the routes' own statements and a table of every condition's outcome.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use camino::Utf8Path;
use indexmap::IndexMap;
use routectl::diagnostic::Findings;
use routectl::files;
use routectl::ir::Condition;
use routectl::project::source::Source;
use routectl::sql::{Ident, Templates};
use routectl::statement::compile;
use serde::Serialize;

use super::fixture::Loaded;
use super::suite::Suite;

/// So many outcomes in one statement. Flink's planner takes more than its share of time for more.
pub(crate) const OUTCOMES: usize = 40;

/// So many statements in one job, lest one job takes long and much memory.
const TOGETHER: usize = 20;

/// The target that the statements are compiled for.
const TARGET: &str = "local";

/// Statements to run over the rows of one source.
#[derive(Debug, Serialize)]
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) source: Rows,
    pub(crate) writes: Vec<Write>,
}

/// A table with its rows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Rows {
    pub(crate) table: String,
    pub(crate) create: String,
    #[serde(rename = "rows")]
    pub(crate) file: String,
}

/// A statement with the table that it writes, and the file where its rows are found.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Write {
    /// The table.
    #[serde(skip)]
    pub(crate) table: String,
    pub(crate) create: String,
    pub(crate) insert: String,
    pub(crate) rows: String,
    /// Whether the rows are outcomes of conditions.
    pub(crate) outcomes: bool,
}

/// Jobs that run statements.
pub(crate) fn jobs(name: &str, source: &Rows, writes: &[Write]) -> Vec<Job> {
    let parts = writes.chunks(TOGETHER);
    let count = parts.len();
    parts
        .enumerate()
        .map(|(number, part)| Job {
            name: if count == 1 {
                name.to_owned()
            } else {
                format!("{name} {}/{count}", number + 1)
            },
            source: source.clone(),
            writes: part.to_vec(),
        })
        .collect()
}

/// Which column of the table of rows counts them.
const NUMBER: &str = "proof row";

/// Writes the rows of a suite into a file, each with its number.
pub(crate) fn rows(suite: &Suite<'_>, directory: &Utf8Path) -> anyhow::Result<Rows> {
    let mut text = String::new();
    for (number, event) in suite.events.iter().enumerate() {
        let columns = event.text.strip_prefix('{').context("a row is an object")?;
        let comma = if columns.starts_with('}') { "" } else { "," };
        writeln!(text, "{{\"{NUMBER}\":{number}{comma}{columns}")?;
    }
    let table = suite.source.topic.value.clone();
    let file = directory.join(format!("{table}.ndjson"));
    files::write_atomically(&file, &text)?;
    Ok(Rows {
        create: create(suite.source),
        table,
        file: file.into_string(),
    })
}

fn create(source: &Source) -> String {
    let columns = source.columns.iter();
    let columns = columns
        .map(|(name, data_type)| format!("{} {}", Ident::from(name.as_str()), data_type.value));
    let columns: Vec<_> = columns.collect();
    format!(
        "CREATE TABLE `rows` (`{NUMBER}` INT, {})",
        columns.join(", ")
    )
}

/// The statements of a suite's routes, just as they are submitted.
pub(crate) fn inserts(
    loaded: &Loaded,
    suite: &Suite<'_>,
    directory: &Utf8Path,
) -> anyhow::Result<Vec<Write>> {
    let project = &loaded.workspace.project;
    let target = project.targets.get(TARGET).context("no target `local`")?;
    let templates = Templates::load(&[].into())?;
    let mut findings = Findings::default();
    let compiled = compile::compile(
        project,
        target,
        &suite.routes,
        &loaded.files,
        &templates,
        &mut findings,
    );
    if findings.has_errors() {
        bail!(
            "a route does not compile: {:?}",
            findings.into_sorted(&loaded.files)
        );
    }
    let writes = compiled.inserts.into_iter().map(|insert| {
        let topic = &insert.identity.topic;
        let table = compiled
            .tables
            .get(topic)
            .with_context(|| format!("no table `{topic}`"))?;
        Ok(Write {
            table: topic.clone(),
            create: table.text.clone(),
            insert: insert.text,
            rows: directory.join(format!("{topic}.ndjson")).into_string(),
            outcomes: false,
        })
    });
    writes.collect()
}

/// Statements that write what comes of conditions for every row, in their order.
pub(crate) fn outcomes(
    conditions: &IndexMap<String, Condition>,
    source: &Source,
    directory: &Utf8Path,
) -> Vec<Write> {
    let conditions: Vec<&str> = conditions.keys().map(String::as_str).collect();
    let parts = conditions.chunks(OUTCOMES).enumerate();
    parts
        .map(|(number, part)| {
            outcome(
                &directory.join(format!("outcomes-{number}.ndjson")),
                part,
                source,
            )
        })
        .collect()
}

/// A statement that writes what comes of some conditions into a file, whose name is that of its table.
pub(crate) fn outcome(file: &Utf8Path, conditions: &[&str], source: &Source) -> Write {
    let columns: Vec<_> = (0..conditions.len())
        .map(|number| format!(", `o{number}` BOOLEAN"))
        .collect();
    let columns = columns.concat();
    let values = conditions.join(",\n  ");
    let (name, from) = (
        file.file_stem().unwrap_or_default(),
        Ident::from(source.topic.value.as_str()),
    );
    Write {
        table: name.to_owned(),
        create: format!("CREATE TABLE `{name}` (`row` INT{columns})"),
        insert: format!("INSERT INTO `{name}`\nSELECT `{NUMBER}`,\n  {values}\nFROM {from}"),
        rows: file.to_string(),
        outcomes: true,
    }
}
