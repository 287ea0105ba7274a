//! The streams: results on standard output, everything else on standard error.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use anyhow::bail;
use serde::Serialize;

use crate::apply::{Outcome, Progress};
use crate::diagnostic::{Diagnostic, Severity, human};
use crate::source_text::Sources;

/// Talks to the user.
#[derive(Debug)]
pub struct Ui {
    color: ColorChoice,
    quiet_progress: bool,
}

impl Ui {
    /// A user interface on the process's streams.
    pub fn new(color: ColorChoice) -> Self {
        let in_ci = super::environment("CI").is_some_and(|value| !value.is_empty());
        Self {
            color,
            quiet_progress: in_ci || !io::stderr().is_terminal(),
        }
    }

    /// Prints a result. A reader that has had enough, as in `routectl list | head`, is none of the command's business:
    /// it does the rest of its work, and its exit code says what came of that.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        unless_closed(self.stream(text))
    }

    /// Prints a part of a result without end; once nobody reads it that is an error, which [`is_closed_pipe`] tells from
    /// others.
    pub fn stream(&mut self, text: &str) -> io::Result<()> {
        let mut stream = AutoStream::new(io::stdout(), self.color);
        stream.write_all(text.as_bytes())?;
        stream.flush()
    }

    /// Prints a result for machines.
    pub fn print_json(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        Ok(self.print(&format!("{text}\n"))?)
    }

    /// Says something that is no result: a summary, a step, a hint.
    pub fn say(&mut self, text: &str) -> io::Result<()> {
        let mut stream = AutoStream::new(io::stderr(), self.color);
        unless_closed(writeln!(stream, "{text}"))
    }

    /// Says what the user should know of before relying on the result.
    pub fn warning(&mut self, text: &str) -> io::Result<()> {
        let style = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
        self.say(&format!("{style}warning{style:#}: {text}"))
    }

    /// Says what went wrong.
    pub fn error(&mut self, text: &str) -> io::Result<()> {
        let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        self.say(&format!("{style}error{style:#}: {text}"))
    }

    /// Shows findings with excerpts, and how many there are.
    pub fn diagnostics(&mut self, found: &[Diagnostic], files: &Sources) -> io::Result<()> {
        for diagnostic in found {
            self.say(&human::render(diagnostic, files, true))?;
            self.say("")?;
        }
        let count = |severity| found.iter().filter(|one| one.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        match (errors, warnings) {
            (0, 0) => Ok(()),
            (errors, 0) => self.say(&format!("found {}", plural(errors, "error"))),
            (0, warnings) => self.say(&format!("found {}", plural(warnings, "warning"))),
            (errors, warnings) => {
                let (errors, warnings) = (plural(errors, "error"), plural(warnings, "warning"));
                self.say(&format!("found {errors} and {warnings}"))
            }
        }
    }

    /// Asks for a yes; where nobody can answer it is an error that names the flag to give.
    pub fn confirm(&mut self, question: &str) -> anyhow::Result<bool> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            bail!("there is no terminal to ask on; pass `--auto-approve` to go on without asking");
        }
        let mut stream = AutoStream::new(io::stderr(), self.color);
        write!(stream, "{question} [y/N] ")?;
        stream.flush()?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
    }

    /// Shows the progress of long work on a terminal.
    pub fn progress(&self) -> LineProgress {
        LineProgress {
            quiet: self.quiet_progress,
            counts: Mutex::default(),
        }
    }
}

/// Rows in aligned columns; the last one is as wide as it likes.
pub fn columns<const N: usize>(rows: Vec<[String; N]>) -> String {
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths);
        let cells: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// `1 route`, `2 routes`.
pub fn plural(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

fn unless_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Whether an error is nothing but a reader that had enough of a [stream](Ui::stream).
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<io::Error>());
    io.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Progress on one line that is written over and over, on a terminal outside CI.
#[derive(Debug)]
pub struct LineProgress {
    quiet: bool,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    total: usize,
    ended: usize,
    /// Whether something stands on the line.
    dirty: bool,
}

impl LineProgress {
    /// Clears the line.
    pub fn finish(&self) {
        self.show(|counts| {
            counts.dirty = false;
            None
        });
    }

    /// What to say when the user wants to stop.
    pub fn interruption(&self) -> impl FnOnce() + Send + 'static {
        let clear = if self.quiet { "" } else { CLEAR };
        move || {
            // Nothing can be done about a stream that is closed.
            let _ = writeln!(
                io::stderr(),
                "{clear}interrupted: finishing the steps in flight; once more to leave at once"
            );
        }
    }

    fn show(&self, change: impl FnOnce(&mut Counts) -> Option<String>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let was_dirty = counts.dirty;
        let line = change(&mut counts);
        if self.quiet || (line.is_none() && !was_dirty) {
            return;
        }
        // A longer line would wrap on a narrow terminal and could not be cleared.
        let line: String = line.unwrap_or_default().chars().take(WIDTH).collect();
        // Progress is not worth an error.
        let _ = write!(io::stderr(), "{CLEAR}{line}");
    }
}

/// Goes to the beginning of the line and clears it.
const CLEAR: &str = "\r\x1b[K";

/// The width of the narrowest terminal that is worth a thought.
const WIDTH: usize = 79;

impl Progress for LineProgress {
    fn begin(&self, total: usize) {
        self.show(|counts| {
            counts.total = total;
            None
        });
    }

    fn step(&self, subject: &str, what: &str) {
        self.show(|counts| {
            counts.dirty = true;
            Some(format!(
                "[{}/{}] {subject}: {what}",
                counts.ended, counts.total
            ))
        });
    }

    fn outcome(&self, _: &Outcome) {}

    fn end(&self) {
        self.show(|counts| {
            counts.ended += 1;
            None
        });
    }
}
