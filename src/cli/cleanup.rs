//! `routectl cleanup`

use clap::Args;
use tokio::time::{Instant, sleep};

use super::service::{self, Service};
use super::session::{self, Session};
use super::ui::{Ui, plural};
use super::{Exit, Globals, duration};
use crate::api::{Client, Deleted, Phase, Statement};
use crate::plan::Live;
use crate::statement::label;

/// Delete the project's statements that failed or completed
///
/// Shows each with its latest exception first, and asks. Statements of other owners are never touched, nor is
/// any topic.
#[derive(Debug, Args)]
pub(super) struct CleanupArgs {
    /// Target to clean up: a key of `targets` in the project file
    #[arg(short, long, value_name = "TARGET", env = "ROUTECTL_TARGET")]
    target: String,
    /// Go on without asking
    #[arg(long, env = "ROUTECTL_AUTO_APPROVE")]
    auto_approve: bool,
    /// Show what would be deleted and delete nothing
    #[arg(long, env = "ROUTECTL_DRY_RUN")]
    dry_run: bool,
    /// How long to wait for one deletion
    #[arg(long, value_name = "TIME", default_value = "10m", env = "ROUTECTL_WAIT_TIMEOUT", value_parser = duration)]
    wait_timeout: std::time::Duration,
}

/// A statement to delete, and what its deletion means.
struct Candidate {
    statement: Statement,
    /// Whether it is the statement whose position its route would go on from.
    is_head: bool,
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
    let target = session::target(workspace, &args.target)?;
    service::refuse_writes(target)?;
    let service = Service::connect(target, &session.root, &session.files).await?;
    let live = service
        .live(&workspace.project.name.value, &args.target)
        .await?;
    let candidates = candidates(&live);
    let exit = clean_up(
        args,
        &service,
        &workspace.project.name.value,
        candidates,
        ui,
    )
    .await;
    service.close().await?;
    exit
}

async fn clean_up(
    args: &CleanupArgs,
    service: &Service,
    project: &str,
    candidates: Vec<Candidate>,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    if candidates.is_empty() {
        ui.say(&format!(
            "nothing to clean up: no statement of `{project}` on `{}` failed or completed",
            args.target
        ))?;
        return Ok(Exit::Success);
    }
    for candidate in &candidates {
        let reason = reason(&service.client, candidate).await?;
        ui.print(&format!(
            "- {} {} {reason}\n",
            candidate.statement.status.phase, candidate.statement.name
        ))?;
    }
    let count = plural(candidates.len(), "statement");
    if args.dry_run {
        ui.say(&format!("would delete {count}; nothing was changed"))?;
        return Ok(Exit::Success);
    }
    if !args.auto_approve && !ui.confirm(&format!("Delete {count} on `{}`?", args.target))? {
        ui.say("nothing was changed")?;
        return Ok(Exit::Failure);
    }
    let total = candidates.len();
    let mut deleted = 0;
    for candidate in candidates {
        match delete(args, service, project, &candidate.statement).await {
            Ok(()) => deleted += 1,
            Err(error) => ui.error(&format!("{}: {error:#}", candidate.statement.name))?,
        }
    }
    ui.say(&format!("deleted {deleted} of {count}"))?;
    Ok(if deleted == total {
        Exit::Success
    } else {
        Exit::Failure
    })
}

/// What can go: finished tasks, and finished statements of routes that no live statement goes on from.
fn candidates(live: &Live) -> Vec<Candidate> {
    let is_over =
        |statement: &Statement| matches!(statement.status.phase, Phase::Failed | Phase::Completed);
    let needed = |name: &str| {
        let others = live.statements().map(|other| &other.statement);
        others
            .filter(|other| other.name != name && !is_over(other))
            .any(|other| {
                other
                    .spec
                    .properties
                    .get("sql.tables.initial-offset-from")
                    .is_some_and(|from| from == name)
            })
    };
    let routes = live.routes.values().flat_map(|statements| {
        let head = statements.last().map(|head| head.name.clone());
        statements
            .iter()
            .map(move |live| (live, head.as_ref() == Some(&live.name)))
    });
    let routes = routes
        .map(|(live, is_head)| Candidate {
            statement: live.statement.clone(),
            is_head,
        })
        .filter(|candidate| is_over(&candidate.statement) && !needed(&candidate.statement.name));
    let tasks = live.tasks.iter().filter(|task| is_over(task));
    let tasks = tasks.map(|task| Candidate {
        statement: task.clone(),
        is_head: false,
    });
    routes.chain(tasks).collect()
}

async fn reason(client: &Client, candidate: &Candidate) -> anyhow::Result<String> {
    let statement = &candidate.statement;
    let mut words = statement.status.detail.trim().to_owned();
    if words.is_empty() && statement.status.phase == Phase::Failed {
        let exceptions = client.exceptions(&statement.name).await?;
        words = exceptions.first().map_or_else(
            || "the service gives no reason".to_owned(),
            |exception| exception.message.clone(),
        );
    }
    if candidate.is_head {
        words.push_str("\n    its position is deleted with it: the next `apply` begins where the route's `start` says");
    }
    Ok(words)
}

/// Deletes a statement that is still ours and still over, and waits until it is gone.
async fn delete(
    args: &CleanupArgs,
    service: &Service,
    project: &str,
    statement: &Statement,
) -> anyhow::Result<()> {
    let client = &service.client;
    let Some(now) = client.get(&statement.name).await? else {
        return Ok(());
    };
    let is_same = now.metadata.uid == statement.metadata.uid
        && now.status.phase == statement.status.phase
        && label::is_owned(&now, project, &args.target);
    if !is_same {
        anyhow::bail!("it has changed since it was listed; look again");
    }
    if client.delete(&statement.name).await? == Deleted::Absent {
        return Ok(());
    }
    let deadline = Instant::now() + args.wait_timeout;
    while client.get(&statement.name).await?.is_some() {
        if Instant::now() >= deadline {
            anyhow::bail!("it is still being deleted; look again later");
        }
        sleep(service.poll).await;
    }
    Ok(())
}
