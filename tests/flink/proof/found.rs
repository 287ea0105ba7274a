//! What Flink wrote.

use anyhow::{Context as _, bail};
use camino::Utf8Path;
use routectl::eval::Json;
use routectl::files;
use routectl::ir::METADATA;
use routectl::sql::Truth;
use serde::Deserialize;

use super::expect::without_time;

/// A statement that failed.
#[derive(Debug, Deserialize)]
pub(crate) struct Failure {
    /// The file of its rows.
    pub(crate) rows: String,
    /// Why.
    pub(crate) reason: String,
}

impl Failure {
    /// Whether the statement was killed, rather than refused.
    pub(crate) fn is_at_run_time(&self) -> bool {
        self.reason.contains("JobExecutionException")
    }
}

/// The statements that failed.
pub(crate) fn failures(file: &Utf8Path) -> anyhow::Result<Vec<Failure>> {
    Ok(serde_json::from_str(&files::read_text(file)?)?)
}

/// The outcomes that a statement wrote, by row and condition.
pub(crate) fn outcomes(file: &Utf8Path, events: usize) -> anyhow::Result<Vec<Vec<Truth>>> {
    let text = files::read_text(file)?;
    let mut rows = Vec::with_capacity(events);
    for line in text.lines() {
        let (number, letters) = line
            .split_once(' ')
            .with_context(|| format!("{file}: {line}"))?;
        if number.parse() != Ok(rows.len()) {
            bail!("{file}: row {} is missing, or comes twice", rows.len());
        }
        let outcomes = letters.chars().map(|letter| match letter {
            't' => Truth::True,
            'f' => Truth::False,
            _ => Truth::Unknown,
        });
        rows.push(outcomes.collect());
    }
    if rows.len() != events {
        bail!("{file}: {} rows instead of {events}", rows.len());
    }
    Ok(rows)
}

/// The rows of a sink.
pub(crate) fn rows(file: &Utf8Path) -> anyhow::Result<Vec<Json>> {
    let text = files::read_text(file)?;
    let rows = text.lines().map(|line| {
        let mut row = Json::read(line).with_context(|| format!("{file}: {line}"))?;
        if let Json::Object(columns) = &mut row {
            columns.get_mut(METADATA).into_iter().for_each(without_time);
        }
        Ok(row)
    });
    rows.collect()
}
