//! Runs jobs in real Flink.

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use camino::Utf8Path;
use routectl::files;

use super::found::{self, Failure};
use super::jobs::Job;

/// So long Flink may be silent. A job that takes too long ends Flink with a word on where it was (`Watchdog.java`); this
/// is for a machine on which not even that comes to pass.
const SILENCE: Duration = Duration::from_mins(12);

/// Runs jobs with a command that is given the file of the jobs and that of the failures.
pub(crate) fn run(
    command: &[String],
    jobs: &[&Job],
    directory: &Utf8Path,
) -> anyhow::Result<Vec<Failure>> {
    let (program, arguments) = command.split_first().context("which command runs Flink?")?;
    let (todo, failed) = (directory.join("jobs.json"), directory.join("failures.json"));
    files::write_atomically(&todo, &serde_json::to_string_pretty(jobs)?)?;
    let mut flink = Command::new(program)
        .args(arguments)
        .args([&todo, &failed])
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run `{program}`"))?;
    let said = lines(flink.stdout.take().context("Flink has no output")?);
    if let Err(error) = repeat(&said, SILENCE) {
        flink.kill()?;
        flink.wait()?;
        return Err(error);
    }
    let status = flink.wait()?;
    ensure!(status.success(), "Flink ended with {status}");
    found::failures(&failed)
}

/// The lines of an output as they come.
fn lines(output: impl Read + Send + 'static) -> Receiver<io::Result<String>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines() {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// Prints lines until there are no more, unless one is too long in coming.
fn repeat(lines: &Receiver<io::Result<String>>, silence: Duration) -> anyhow::Result<()> {
    let mut last = String::from("its start");
    loop {
        match lines.recv_timeout(silence) {
            Ok(line) => last = line?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => bail!(
                "nothing was heard of Flink for {} s after `{last}`",
                silence.as_secs()
            ),
        }
        writeln!(io::stdout(), "{last}")?;
    }
}
