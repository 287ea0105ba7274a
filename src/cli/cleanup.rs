//! `routectl cleanup`

use clap::Args;

use super::interrupt::Listener;
use super::service::Service;
use super::session::{self, Session};
use super::ui::{Ui, plural};
use super::{ChangeFlags, Exit, Globals, TargetFlag};
use crate::apply::{self, Problem, Waiting};
use crate::plan::live::is_over;
use crate::plan::{Live, Seen};

/// Delete the project's statements that failed or completed
///
/// Shows each with its latest exception first, and asks. Statements of other owners are never touched, nor is
/// any topic, nor a statement whose position a live one goes on from.
#[derive(Debug, Args)]
pub(super) struct CleanupArgs {
    #[command(flatten)]
    target: TargetFlag,
    #[command(flatten)]
    change: ChangeFlags,
}

pub(super) async fn run(
    args: &CleanupArgs,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let (session, findings) = Session::load(globals)?;
    let Some(workspace) = session.project(findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let target = session::target(workspace, &args.target.name)?;
    let service = Service::connect(target, &session.root, &session.files).await?;
    let project = &workspace.project.name.value;
    let live = service.live(project, &args.target.name).await?;
    let exit = clean_up(args, &service, project, &live, ui).await?;
    service.close().await?;
    Ok(exit)
}

async fn clean_up(
    args: &CleanupArgs,
    service: &Service,
    project: &str,
    live: &Live,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let target = &args.target.name;
    let finished = live.finished();
    if finished.is_empty() {
        ui.say(&format!(
            "nothing to clean up: no statement of `{project}` on `{target}` failed or completed"
        ))?;
        return Ok(Exit::Success);
    }
    for one in &finished {
        let why = apply::why(&service.client, one.statement).await;
        ui.print(&format!("- {why}\n"))?;
        if one.is_head {
            ui.print(
                "  its position goes with it: the next `apply` has to be told where the route goes on\n",
            )?;
        }
    }
    let count = plural(finished.len(), "statement");
    if args.change.dry_run {
        ui.say(&format!("would delete {count}; nothing was changed"))?;
        return Ok(Exit::Success);
    }
    if !args.change.auto_approve && !ui.confirm(&format!("Delete {count} on `{target}`?"))? {
        ui.say("nothing was changed")?;
        return Ok(Exit::Failure);
    }
    let listener = Listener::start(|| {});
    let waiting = Waiting {
        timeout: args.change.wait_timeout,
        poll: service.poll,
        interrupt: listener.interrupt().clone(),
    };
    let mut deleted = 0;
    for one in &finished {
        if waiting.interrupt.is_set() {
            break;
        }
        let seen = Seen::of(one.statement);
        match delete(service, &seen, project, target, &waiting).await {
            Ok(()) => deleted += 1,
            Err(problem) => ui.error(&format!("`{}`: {problem}", seen.name))?,
        }
    }
    ui.say(&format!("deleted {deleted} of {count}"))?;
    Ok(if waiting.interrupt.is_set() {
        Exit::Interrupted
    } else if deleted == finished.len() {
        Exit::Success
    } else {
        Exit::Failure
    })
}

/// Deletes a statement that is still the project's and still over.
async fn delete(
    service: &Service,
    seen: &Seen,
    project: &str,
    target: &str,
    waiting: &Waiting,
) -> Result<(), Problem> {
    let client = &service.client;
    match apply::confirm(client, seen, project, target).await? {
        None => Ok(()),
        Some(now) if is_over(&now.status.phase) => apply::remove(client, &seen.name, waiting).await,
        Some(now) => Err(Problem::Failed(format!(
            "it is {} again; it is left alone",
            now.status.phase
        ))),
    }
}
