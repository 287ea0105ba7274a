//! Runs jobs in real Flink.

use std::process::Command;

use anyhow::{Context as _, ensure};
use camino::Utf8Path;
use routectl::files;

use super::found::{self, Failure};
use super::jobs::Job;

/// Runs jobs with a command that is given the file of the jobs and that of the failures.
pub(crate) fn run(
    command: &[String],
    jobs: &[&Job],
    directory: &Utf8Path,
) -> anyhow::Result<Vec<Failure>> {
    let (program, arguments) = command.split_first().context("which command runs Flink?")?;
    let (todo, failed) = (directory.join("jobs.json"), directory.join("failures.json"));
    files::write_atomically(&todo, &serde_json::to_string_pretty(jobs)?)?;
    let status = Command::new(program)
        .args(arguments)
        .args([&todo, &failed])
        .status();
    let status = status.with_context(|| format!("cannot run `{program}`"))?;
    ensure!(status.success(), "Flink ended with {status}");
    found::failures(&failed)
}
