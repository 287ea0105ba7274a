//! What operators' commands share: a project that need not be whole, the words for what was done, and the answer to
//! "shall I?".

use std::time::Duration;

use serde::Serialize;

use super::interrupt::Listener;
use super::service::Service;
use super::session::{self, Session};
use super::ui::{self, LineProgress, Ui};
use super::{ChangeFlags, Exit, Globals, Output, ServiceFlags};
use crate::api::Statement;
use crate::apply::{FRESH, Options, Outcome, Problem, Progress as _, Status, Waiting};
use crate::diagnostic::Findings;
use crate::operate::Roster;
use crate::plan::position::{is_at_work, position};

/// Version of the JSON form; a change that readers must know of raises it.
const FORMAT_VERSION: u32 = 1;

/// Connects to a target of the project, whatever its route files look like; says what is not known without them. `None`
/// where the project file itself cannot be used, which is said too.
pub(super) async fn connect(
    flags: &ServiceFlags,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Option<(Service, Roster)>> {
    let (session, findings) = Session::load(globals)?;
    let name = &flags.target.name;
    let target = session
        .workspace
        .as_ref()
        .map(|one| (one, session::target(one, name)));
    let (workspace, target) = match target {
        Some((workspace, Ok(target))) => (workspace, target),
        // A target that could not be read is not unknown; its own finding says what is wrong.
        Some((_, Err(error))) if !findings.has_errors() => return Err(error),
        _ => {
            session.report(findings, ui)?;
            return Ok(None);
        }
    };
    let roster = Roster::new(workspace, target, session.has_all_routes(&findings));
    warn(&session, &findings, &roster, ui)?;
    let timeout = flags.request.timeout;
    let service = Service::connect(target, &session.root, &session.files, timeout).await?;
    Ok(Some((service, roster)))
}

/// Says which files cannot be read, and what is unknown for that.
fn warn(
    session: &Session,
    findings: &Findings,
    roster: &Roster,
    ui: &mut Ui,
) -> anyhow::Result<()> {
    const FEW: usize = 3;
    if roster.is_complete {
        return Ok(());
    }
    let errors: Vec<_> = findings.errors().collect();
    for error in errors.iter().take(FEW) {
        let span = error.primary.span;
        let file = session.files.file(span.file);
        let at = file.position(span.start as usize);
        let (path, line, column) = (file.path(), at.line, at.column);
        ui.warning(&format!("{path}:{line}:{column}: {}", error.message))?;
    }
    let more = match errors.len().saturating_sub(FEW) {
        0 => String::new(),
        more => format!("{more} more; "),
    };
    ui.warning(&format!(
        "{more}`routectl validate` shows all; until they are mended, a statement of no known route is not taken for orphaned"
    ))?;
    Ok(())
}

/// What came of one statement or route.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) statement: String,
    pub(super) route: Option<String>,
    pub(super) result: &'static str,
    pub(super) detail: String,
    #[serde(skip)]
    is_success: bool,
}

#[derive(Debug, Serialize)]
struct Document<'r> {
    format_version: u32,
    target: &'r str,
    success: bool,
    statements: &'r [Row],
}

impl Row {
    /// What was done, was not to be done, or is to be done.
    pub(super) fn good(
        statement: &str,
        route: Option<&str>,
        result: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            statement: statement.to_owned(),
            route: route.map(str::to_owned),
            result,
            detail: detail.into(),
            is_success: true,
        }
    }

    /// What went wrong.
    pub(super) fn bad(
        statement: &str,
        route: Option<&str>,
        result: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            is_success: false,
            ..Self::good(statement, route, result, detail)
        }
    }

    /// What came of a step; `done` is the word for a good end.
    pub(super) fn of(
        statement: &str,
        route: Option<&str>,
        done: &'static str,
        result: Result<String, Problem>,
    ) -> Self {
        match result {
            Ok(detail) => Self::good(statement, route, done, detail),
            Err(Problem::Failed(why) | Problem::Overtaken(why)) => {
                Self::bad(statement, route, Status::Failed.word(), why)
            }
            Err(Problem::Interrupted(why)) => {
                Self::bad(statement, route, Status::Interrupted.word(), why)
            }
        }
    }

    /// What the executor says of a route.
    pub(super) fn of_outcome(statement: &str, done: &'static str, outcome: &Outcome) -> Self {
        let (route, detail) = (Some(outcome.title.as_str()), outcome.detail.as_str());
        if outcome.is_success() {
            Self::good(statement, route, done, detail)
        } else {
            Self::bad(statement, route, outcome.status.word(), detail)
        }
    }
}

/// Shows what came of each; the exit code that follows.
pub(super) fn finish(
    rows: &[Row],
    target: &str,
    output: Output,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let success = rows.iter().all(|row| row.is_success);
    match output {
        Output::Json => ui.print_json(&Document {
            format_version: FORMAT_VERSION,
            target,
            success,
            statements: rows,
        })?,
        Output::Human => {
            let cells = |row: &Row| {
                let subject = row.route.as_ref().unwrap_or(&row.statement);
                [row.result.to_owned(), subject.clone(), row.detail.clone()]
            };
            ui.print(&ui::columns(rows.iter().map(cells).collect()))?;
        }
    }
    let was_interrupted = rows.iter().any(|row| {
        row.result == Status::Interrupted.word() || row.result == Status::NotAttempted.word()
    });
    Ok(if was_interrupted {
        Exit::Interrupted
    } else if success {
        Exit::Success
    } else {
        Exit::Failure
    })
}

/// Says what is about to happen: a result for people, no part of what machines read.
pub(super) fn preview(text: &str, output: Output, ui: &mut Ui) -> anyhow::Result<()> {
    match output {
        Output::Human => ui.print(&format!("{text}\n"))?,
        Output::Json => ui.say(text)?,
    }
    Ok(())
}

/// What the user has to agree to.
pub(super) struct Proposal<'p> {
    /// What to ask.
    pub(super) question: String,
    /// What is to be done, for `--dry-run`.
    pub(super) rows: &'p [Row],
    /// The target.
    pub(super) target: &'p str,
    /// How to print results.
    pub(super) output: Output,
}

impl Proposal<'_> {
    /// Whether to go on; where not, how the command ends is said and returned.
    pub(super) fn refused(
        &self,
        change: &ChangeFlags,
        ui: &mut Ui,
    ) -> anyhow::Result<Option<Exit>> {
        if change.dry_run {
            let exit = finish(self.rows, self.target, self.output, ui)?;
            ui.say("nothing was changed")?;
            return Ok(Some(exit));
        }
        if !change.auto_approve && !ui.confirm(&self.question)? {
            ui.say("nothing was changed")?;
            return Ok(Some(Exit::Failure));
        }
        Ok(None)
    }
}

/// What goes with work that takes its time: Ctrl-C is heard, and progress is shown.
pub(super) struct Work {
    pub(super) waiting: Waiting,
    pub(super) line: LineProgress,
    _listener: Listener,
}

impl Work {
    pub(super) fn begin(timeout: Duration, service: &Service, ui: &Ui) -> Self {
        let line = ui.progress();
        let listener = Listener::start(line.interruption());
        Self {
            waiting: Waiting {
                timeout,
                poll: service.poll,
                interrupt: listener.interrupt().clone(),
            },
            line,
            _listener: listener,
        }
    }

    /// How the executor of `apply` is to work on one route.
    pub(super) fn options(&self, service: &Service) -> Options {
        Options {
            parallelism: 1,
            waiting: self.waiting.clone(),
            settle: service.settle,
            fresh: FRESH,
            run: None,
        }
    }

    /// Shows a step about a single thing, until it has a result.
    pub(super) async fn show<T>(
        &self,
        subject: &str,
        what: &str,
        step: impl Future<Output = T>,
    ) -> T {
        self.line.begin(1);
        self.line.step(subject, what);
        let result = step.await;
        self.line.finish();
        result
    }
}

/// How far a statement has read, for whoever is about to lose that.
pub(super) fn lost_position(statement: &Statement) -> String {
    match position(statement) {
        Some(position) => format!("  its position is lost: {position}"),
        None if is_at_work(statement) => {
            "  its position is lost; the service shows it only once it is stopped".to_owned()
        }
        None => "  the service shows no position of it".to_owned(),
    }
}
