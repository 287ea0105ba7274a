//! `routectl apply`

use std::time::Duration;

use anyhow::bail;
use clap::Args;
use tokio::time::{Instant, sleep};

use super::service::{self, Service};
use super::session::{Compiled, Session};
use super::ui::{Ui, plural};
use super::{Exit, Globals, Output, duration, environment};
use crate::apply::{self, Interrupt, Options, Report};
use crate::plan::{Plan, Summary, human, json};
use crate::statement::Desired;

/// Make the target run what the routes say
///
/// Creates tables and statements and waits until every statement runs. Asks before it changes anything. A
/// second run changes nothing.
#[derive(Debug, Args)]
pub(super) struct ApplyArgs {
    /// Target to apply to: a key of `targets` in the project file
    #[arg(short, long, value_name = "TARGET", env = "ROUTECTL_TARGET")]
    target: String,
    /// Go on without asking
    #[arg(long, env = "ROUTECTL_AUTO_APPROVE")]
    auto_approve: bool,
    /// Show the plan and change nothing
    #[arg(long, env = "ROUTECTL_DRY_RUN")]
    dry_run: bool,
    /// Delete the statements of routes that are no more; topics stay
    #[arg(long, env = "ROUTECTL_PRUNE")]
    prune: bool,
    /// Most routes that `--prune` may delete; by default the greater of 5 and 20 % of those on the target
    #[arg(
        long,
        value_name = "N",
        env = "ROUTECTL_MAX_DELETES",
        requires = "prune"
    )]
    max_deletes: Option<usize>,
    /// How many routes are worked on side by side
    #[arg(long, value_name = "N", default_value = "10", env = "ROUTECTL_PARALLELISM",
          value_parser = clap::value_parser!(u16).range(1..=100))]
    parallelism: u16,
    /// How long to wait for one statement
    #[arg(long, value_name = "TIME", default_value = "10m", env = "ROUTECTL_WAIT_TIMEOUT", value_parser = duration)]
    wait_timeout: Duration,
    /// How long a statement must run to count as running; by default what suits the backend
    #[arg(long, value_name = "TIME", env = "ROUTECTL_SETTLE", value_parser = duration)]
    settle: Option<Duration>,
    /// Name of this run in the labels of what it creates; by default the id that CI gives it
    #[arg(long, value_name = "ID", env = "ROUTECTL_RUN_ID")]
    run_id: Option<String>,
    /// How to print plan and report
    #[arg(
        short,
        long,
        value_enum,
        default_value = "human",
        env = "ROUTECTL_OUTPUT"
    )]
    output: Output,
}

pub(super) async fn run(args: &ApplyArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let (session, findings) = Session::load(globals)?;
    let Some(compiled) = session.compile(&args.target, findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let Compiled {
        project,
        target,
        compilation,
    } = compiled;
    service::refuse_writes(target)?;
    let project = &project.name.value;
    let service = Service::connect(target, &session.root, &session.files).await?;
    let desired = Desired::new(
        project,
        &target.name.value,
        service.placement.clone(),
        compilation,
    );
    let plan = settled_plan(&service, &desired, args.wait_timeout).await?;
    let exit = carry_out(args, &service, &desired, &plan, ui).await;
    service.close().await?;
    exit
}

/// The plan once nothing is on its way any more, or the time is up.
async fn settled_plan(
    service: &Service,
    desired: &Desired,
    patience: Duration,
) -> anyhow::Result<Plan> {
    let deadline = Instant::now() + patience;
    loop {
        let live = service.live(&desired.project, &desired.target).await?;
        let plan = Plan::new(desired, &live);
        if !plan.is_in_motion() || Instant::now() >= deadline {
            return Ok(plan);
        }
        sleep(service.poll).await;
    }
}

async fn carry_out(
    args: &ApplyArgs,
    service: &Service,
    desired: &Desired,
    plan: &Plan,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let summary = if args.prune {
        plan.summary().pruned()
    } else {
        plan.summary()
    };
    if args.output == Output::Human {
        ui.print(&human::render(plan, args.prune))?;
    }
    refuse_many_deletes(args, plan, summary)?;
    if args.dry_run || (summary.has_changes() && !approved(args, summary, ui)?) {
        finish(args, plan, summary, None, ui)?;
        return Ok(if args.dry_run && summary.blocked == 0 {
            Exit::Success
        } else {
            Exit::Failure
        });
    }
    let interrupt = Interrupt::default();
    let options = Options {
        parallelism: args.parallelism.into(),
        wait_timeout: args.wait_timeout,
        settle: args.settle.unwrap_or(service.settle),
        poll: service.poll,
        prune: args.prune,
        run: run_id(args),
        interrupt: interrupt.clone(),
    };
    let listening = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            interrupt.set();
        }
    });
    let progress = ui.progress();
    let report = apply::run(&service.client, desired, plan, &options, &progress).await;
    progress.finish();
    listening.abort();
    finish(args, plan, summary, Some(&report), ui)?;
    Ok(match (options.interrupt.is_set(), report.is_success()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Success,
        (false, false) => Exit::Failure,
    })
}

fn approved(args: &ApplyArgs, summary: Summary, ui: &mut Ui) -> anyhow::Result<bool> {
    if args.auto_approve {
        return Ok(true);
    }
    ui.say(&summary.to_string())?;
    let approved = ui.confirm(&format!("Apply this to `{}`?", args.target))?;
    if !approved {
        ui.say("nothing was changed")?;
    }
    Ok(approved)
}

/// The last words: what came of each route, and the line that is always last.
fn finish(
    args: &ApplyArgs,
    plan: &Plan,
    summary: Summary,
    report: Option<&Report>,
    ui: &mut Ui,
) -> anyhow::Result<()> {
    match args.output {
        Output::Human => {
            let outcomes = report.map_or(&[][..], |report| &report.outcomes);
            if !outcomes.is_empty() {
                let width = outcomes
                    .iter()
                    .map(|outcome| outcome.route.len())
                    .max()
                    .unwrap_or(0);
                ui.print("\n")?;
                for outcome in outcomes {
                    let (status, route) = (outcome.status.word(), &outcome.route);
                    ui.print(&format!(
                        "{status:<9} {route:<width$}  {}\n",
                        outcome.detail()
                    ))?;
                }
                let failed = outcomes
                    .iter()
                    .filter(|outcome| !outcome.is_success())
                    .count();
                if failed > 0 {
                    ui.error(&format!("{} not as planned", plural(failed, "route")))?;
                }
            }
            ui.print(&format!("{summary}\n"))?;
        }
        Output::Json => {
            let document = serde_json::json!({
                "format_version": apply::report::FORMAT_VERSION,
                "plan": json::document(plan, summary),
                "report": report.map(Report::document),
            });
            ui.print_json(&document)?;
            ui.say(&summary.to_string())?;
        }
    }
    Ok(())
}

/// Deleting much is most often a mistake.
fn refuse_many_deletes(args: &ApplyArgs, plan: &Plan, summary: Summary) -> anyhow::Result<()> {
    const FEW: usize = 5;
    let live = plan
        .entries
        .iter()
        .filter(|entry| entry.current.is_some())
        .count();
    let most = args.max_deletes.unwrap_or_else(|| FEW.max(live / 5));
    if summary.delete > most {
        bail!(
            "this would delete {}, more than the {most} that are allowed; nothing was changed; if it is meant, pass `--max-deletes {}`",
            plural(summary.delete, "route"),
            summary.delete
        );
    }
    Ok(())
}

fn run_id(args: &ApplyArgs) -> Option<String> {
    let from_ci = || {
        ["GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILD_ID"]
            .into_iter()
            .find_map(environment)
    };
    args.run_id
        .clone()
        .or_else(from_ci)
        .filter(|id| !id.is_empty())
}
