//! Carrying out a plan: what commands share that bring a target to a desired state.

use std::time::Duration;

use anyhow::bail;
use clap::Args;

use super::apply_lines::Lines;
use super::interrupt::Listener;
use super::service::Service;
use super::ui::{Ui, plural};
use super::{ChangeFlags, Exit, Output, OutputFlag, duration, environment};
use crate::apply::{self, FRESH, Options, Progress, Report, Status, Waiting};
use crate::clock::SystemClock;
use crate::plan::saved::Stale;
use crate::plan::{Action, Examination, Plan, human};
use crate::statement::Desired;

/// How a plan is carried out.
#[derive(Debug, Args)]
pub(super) struct ExecuteFlags {
    /// Most routes that `--prune` may delete; by default the greater of 5 and 20 % of those on the target
    #[arg(long, value_name = "N", env = "ROUTECTL_MAX_DELETES")]
    max_deletes: Option<usize>,
    #[command(flatten)]
    change: ChangeFlags,
    /// How many routes are worked on side by side
    #[arg(long, value_name = "N", default_value = "10", env = "ROUTECTL_PARALLELISM",
          value_parser = clap::value_parser!(u16).range(1..=100))]
    parallelism: u16,
    /// How long a statement must run to count as running; by default what suits the backend
    #[arg(long, value_name = "TIME", env = "ROUTECTL_SETTLE", value_parser = duration)]
    settle: Option<Duration>,
    /// Name of this run in the labels of what it creates; by default the id that CI gives it
    #[arg(long, value_name = "ID", env = "ROUTECTL_RUN_ID")]
    run_id: Option<String>,
    #[command(flatten)]
    output: OutputFlag,
}

/// Says why a saved plan cannot be carried out.
pub(super) fn refuse_stale(flags: &ExecuteFlags, stale: &Stale, ui: &mut Ui) -> anyhow::Result<()> {
    if flags.output.format == Output::Json {
        Lines::stale(stale);
    }
    for route in &stale.routes {
        ui.error(&format!("stale: route `{}`: {}", route.title, route.why))?;
    }
    let routes = plural(stale.routes.len(), "route");
    ui.say(&format!(
        "{routes} changed since the plan was made; nothing was changed; make another plan"
    ))?;
    Ok(())
}

/// A plan with what the service says of its tables and SQL. What will be refused needs no look at them.
pub(super) async fn examined(
    flags: &ExecuteFlags,
    service: &Service,
    desired: &Desired,
    mut plan: Plan,
    examination: Examination,
) -> anyhow::Result<Plan> {
    if refuse_many_deletes(flags, &plan).is_ok() {
        service.examine(desired, &mut plan, examination).await?;
    }
    Ok(plan)
}

/// Shows a plan, asks, carries it out, and tells what came of it.
pub(super) async fn execute(
    flags: &ExecuteFlags,
    service: &Service,
    desired: &Desired,
    plan: &Plan,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    match flags.output.format {
        Output::Human => {
            let (changes, drift) = (human::render(plan), human::drift(plan));
            ui.print(&format!("{changes}{drift}"))?;
        }
        Output::Json => Lines::plan(plan),
    }
    warn_of_vain_recoveries(plan, ui)?;
    refuse_many_deletes(flags, plan)?;
    if flags.change.dry_run {
        finish(flags, plan, None, ui)?;
        return Ok(if plan.is_sound() {
            Exit::Success
        } else {
            Exit::Failure
        });
    }
    if plan.has_changes() && !approved(flags, plan, ui)? {
        return Ok(Exit::Failure);
    }
    carry_out(flags, service, desired, plan, ui).await
}

/// Says which `--recover` does nothing.
pub(super) fn warn_of_vain_recoveries(plan: &Plan, ui: &mut Ui) -> anyhow::Result<()> {
    for (title, action) in plan.vain_recoveries() {
        ui.warning(&match action {
            Action::Blocked => format!(
                "`{title}` cannot go on where `--recover` says; the help for it names what is possible"
            ),
            action => format!(
                "`--recover` changes nothing for `{title}`, whose action is `{}` in any case",
                action.word()
            ),
        })?;
    }
    Ok(())
}

async fn carry_out(
    flags: &ExecuteFlags,
    service: &Service,
    desired: &Desired,
    plan: &Plan,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let line = ui.progress();
    let listener = Listener::start(line.interruption());
    let options = Options {
        parallelism: flags.parallelism.into(),
        waiting: Waiting {
            timeout: flags.change.wait_timeout,
            poll: service.poll,
            interrupt: listener.interrupt().clone(),
        },
        settle: flags.settle.unwrap_or(service.settle),
        fresh: FRESH,
        run: run_id(flags),
    };
    let progress: &dyn Progress = match flags.output.format {
        Output::Human => &line,
        Output::Json => &Lines,
    };
    let client = &service.client;
    let report = apply::run(client, desired, plan, &options, &SystemClock, progress).await;
    line.finish();
    finish(flags, plan, Some(&report), ui)?;
    Ok(if is_interrupted(&report) {
        Exit::Interrupted
    } else if report.is_success() {
        Exit::Success
    } else {
        Exit::Failure
    })
}

fn approved(flags: &ExecuteFlags, plan: &Plan, ui: &mut Ui) -> anyhow::Result<bool> {
    if flags.change.auto_approve {
        return Ok(true);
    }
    ui.say(&plan.summary().to_string())?;
    let approved = ui.confirm(&format!("Apply this to `{}`?", plan.target))?;
    if !approved {
        ui.say("nothing was changed")?;
    }
    Ok(approved)
}

/// The last words: what came of each route, and the line that is always last.
fn finish(
    flags: &ExecuteFlags,
    plan: &Plan,
    report: Option<&Report>,
    ui: &mut Ui,
) -> anyhow::Result<()> {
    let summary = plan.summary();
    match flags.output.format {
        Output::Human => {
            if let Some(report) = report.filter(|report| !report.outcomes.is_empty()) {
                ui.print(&format!("{}\n", apply::human::render(report)))?;
            }
        }
        Output::Json => Lines::result(plan, report),
    }
    if let Some(report) = report {
        say_what_is_left(report, ui)?;
    }
    match flags.output.format {
        Output::Human => ui.print(&format!("{summary}\n"))?,
        Output::Json => ui.say(&summary.to_string())?,
    }
    Ok(())
}

fn is_interrupted(report: &Report) -> bool {
    let mut statuses = [Status::Interrupted, Status::NotAttempted].into_iter();
    statuses.any(|status| report.count(status) > 0)
}

fn say_what_is_left(report: &Report, ui: &mut Ui) -> anyhow::Result<()> {
    let counts = [
        Status::Failed,
        Status::Skipped,
        Status::Refused,
        Status::Unhealthy,
        Status::Interrupted,
        Status::NotAttempted,
    ]
    .map(|status| (report.count(status), status.word()));
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if !counts.is_empty() {
        let total = plural(report.outcomes.len(), "route");
        let why = if is_interrupted(report) {
            "interrupted; "
        } else {
            ""
        };
        ui.error(&format!(
            "{why}{} of {total} done, {}",
            report.count(Status::Done),
            counts.join(", ")
        ))?;
    }
    Ok(())
}

/// Deleting much is most often a mistake.
fn refuse_many_deletes(flags: &ExecuteFlags, plan: &Plan) -> anyhow::Result<()> {
    const FEW: usize = 5;
    let most = flags
        .max_deletes
        .unwrap_or_else(|| FEW.max(plan.live_routes() / 5));
    let deletes = plan.summary().delete;
    if deletes > most {
        bail!(
            "this would delete {}, more than the {most} that are allowed; nothing was changed; if it is meant, pass `--max-deletes {deletes}`",
            plural(deletes, "route"),
        );
    }
    Ok(())
}

fn run_id(flags: &ExecuteFlags) -> Option<String> {
    let from_ci = ["GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILD_ID"]
        .into_iter()
        .filter_map(environment);
    let mut ids = flags.run_id.clone().into_iter().chain(from_ci);
    ids.find(|id| !id.is_empty())
}
