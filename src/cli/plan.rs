//! `routectl plan`

use clap::Args;

use super::service::Service;
use super::session::{Compiled, Session};
use super::ui::Ui;
use super::{Exit, Globals, Output};
use crate::plan::{Plan, human, json};
use crate::statement::Desired;

/// Show what `apply` would do
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// Target to plan for: a key of `targets` in the project file
    #[arg(short, long, value_name = "TARGET", env = "ROUTECTL_TARGET")]
    target: String,
    /// Exit with 2 if there is anything to do
    #[arg(long, env = "ROUTECTL_DETAILED_EXITCODE")]
    detailed_exitcode: bool,
    /// Count statements of routes that are no more as deletions
    #[arg(long, env = "ROUTECTL_PRUNE")]
    prune: bool,
    /// How to print the plan
    #[arg(
        short,
        long,
        value_enum,
        default_value = "human",
        env = "ROUTECTL_OUTPUT"
    )]
    output: Output,
}

pub(super) async fn run(args: &PlanArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let (session, findings) = Session::load(globals)?;
    let Some(compiled) = session.compile(&args.target, findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let Compiled {
        project,
        target,
        compilation,
    } = compiled;
    let project = &project.name.value;
    let service = Service::connect(target, &session.root, &session.files).await?;
    let live = service.live(project, &target.name.value).await?;
    let desired = Desired::new(
        project,
        &target.name.value,
        service.placement.clone(),
        compilation,
    );
    let plan = Plan::new(&desired, &live);
    service.close().await?;
    let summary = if args.prune {
        plan.summary().pruned()
    } else {
        plan.summary()
    };
    match args.output {
        Output::Human => {
            ui.print(&human::render(&plan, args.prune))?;
            ui.print(&format!("{summary}\n"))?;
        }
        Output::Json => {
            ui.print_json(&json::document(&plan, summary))?;
            ui.say(&summary.to_string())?;
        }
    }
    Ok(if summary.blocked > 0 || plan.is_unhealthy() {
        Exit::Failure
    } else if args.detailed_exitcode && summary.has_changes() {
        Exit::Changes
    } else {
        Exit::Success
    })
}
