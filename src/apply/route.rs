//! The steps of one route. Each ends with words on how the route stands, or with what went wrong.

use super::Context;
use super::remove::{confirm, remove};
use super::report::{Outcome, Problem, Status};
use super::watch::{self, Look};
use crate::api::{ApiError, Phase, Statement};
use crate::plan::standing::standing;
use crate::plan::{Action, Entry, LiveStatement, Seen, decide};
use crate::statement::{StatementName, label};

/// How often a change may meet another one before that counts as a failure.
const TRIES: usize = 5;

/// Creates the first statement of a route and waits until it runs.
pub(super) async fn create(
    context: &Context<'_>,
    entry: &Entry,
    name: &StatementName,
) -> Result<String, Problem> {
    let client = context.client;
    let Some(route) = context.desired.routes.get(&entry.id) else {
        let reason = "the plan was made for other routes; run the command again";
        return Err(Problem::Failed(reason.to_owned()));
    };
    // The listing that the plan was made from lags behind; the name decides.
    if let Some(found) = look(context, name).await? {
        return Err(taken(context, &found));
    }
    context.step(entry, "creating the statement");
    let run = context.options.run.as_deref();
    let new = context.desired.first_statement(route, name, run);
    match client.create(&new).await {
        Ok(_) => {}
        Err(ApiError::Conflict { .. }) => {
            return Err(match look(context, name).await? {
                Some(found) => taken(context, &found),
                None => Problem::Failed(format!(
                    "the name `{name}` was taken and is free again; run the command again"
                )),
            });
        }
        Err(error) => return Err(watch::failed(&error)),
    }
    running(context, entry, name).await
}

/// Waits until a statement runs.
async fn running(
    context: &Context<'_>,
    entry: &Entry,
    name: &StatementName,
) -> Result<String, Problem> {
    context.step(entry, "waiting until it runs");
    let options = context.options;
    let name = name.as_str();
    watch::until_running(context.client, name, &options.waiting, options.settle).await?;
    Ok(format!("`{name}` is RUNNING"))
}

/// Stops what runs of a disabled route.
pub(super) async fn stop(
    context: &Context<'_>,
    entry: &Entry,
    statements: &[Seen],
) -> Result<String, Problem> {
    let mut words = Vec::new();
    for seen in statements {
        context.step(entry, "stopping the statement");
        words.push(match stop_one(context, seen).await? {
            Some(statement) if statement.status.phase == Phase::Stopped => {
                format!("`{}` is STOPPED; its position is kept", seen.name)
            }
            Some(statement) => standing(&statement),
            None => format!("`{}` is gone: somebody deleted it", seen.name),
        });
    }
    Ok(words.join("; "))
}

/// Stops one statement and waits until it stands still. A change that comes between the look and the request
/// is looked at anew.
async fn stop_one(context: &Context<'_>, seen: &Seen) -> Result<Option<Statement>, Problem> {
    let (client, desired) = (context.client, context.desired);
    for _ in 0..TRIES {
        let found = confirm(client, seen, &desired.project, &desired.target).await?;
        let Some(statement) = found else {
            return Ok(None);
        };
        match &statement.status.phase {
            Phase::Stopped | Phase::Failed | Phase::Completed => return Ok(Some(statement)),
            Phase::Stopping | Phase::Failing | Phase::Deleting => {
                return standstill(context, seen).await;
            }
            Phase::Pending | Phase::Running | Phase::Degraded | Phase::Other(_) => {}
        }
        match client.set_stopped(&statement, true).await {
            Ok(()) => return standstill(context, seen).await,
            Err(ApiError::Conflict { .. }) => {}
            Err(error) => return Err(watch::failed(&error)),
        }
    }
    Err(Problem::Failed(format!(
        "`{}` changed between every look and the request to stop it; run the command again",
        seen.name
    )))
}

/// Waits until a statement does nothing any more.
async fn standstill(context: &Context<'_>, seen: &Seen) -> Result<Option<Statement>, Problem> {
    let waiting = &context.options.waiting;
    watch::until(context.client, &seen.name, waiting, |statement| {
        let phase = statement.map(|statement| &statement.status.phase);
        match phase {
            None | Some(Phase::Stopped | Phase::Failed | Phase::Completed) => {
                Look::Over(statement.cloned())
            }
            Some(_) => Look::GoOn,
        }
    })
    .await
}

/// Deletes the statements of a route that is no more, the oldest first, each confirmed to be ours. One that
/// has not begun yet is stopped before: until then it may be about to take over.
pub(super) async fn delete(
    context: &Context<'_>,
    entry: &Entry,
    statements: &[Seen],
) -> Result<String, Problem> {
    let (client, desired) = (context.client, context.desired);
    let waiting = &context.options.waiting;
    for (deleted, seen) in statements.iter().enumerate() {
        if deleted > 0 && waiting.interrupt.is_set() {
            return Err(Problem::Interrupted(format!(
                "deleted {deleted} of {} statements",
                statements.len()
            )));
        }
        let found = confirm(client, seen, &desired.project, &desired.target).await?;
        let Some(statement) = found else { continue };
        if statement.status.phase == Phase::Pending && stop_one(context, seen).await?.is_none() {
            continue;
        }
        context.step(entry, "deleting the statement");
        remove(client, &seen.name, waiting).await?;
    }
    Ok("deleted; the topic stays".to_owned())
}

/// Waits until the service is through with what it is at, and judges anew. Nothing is changed.
pub(super) async fn wait(context: &Context<'_>, entry: &Entry, name: &StatementName) -> Outcome {
    context.step(entry, "waiting for the service");
    match settle(context, entry, name).await {
        Ok((status, detail)) => Outcome::new(entry, status, detail),
        Err(problem) => Outcome::of(entry, Err(problem)),
    }
}

async fn settle(
    context: &Context<'_>,
    entry: &Entry,
    name: &StatementName,
) -> Result<(Status, String), Problem> {
    let waiting = &context.options.waiting;
    let at_rest = watch::until(
        context.client,
        name.as_str(),
        waiting,
        |statement| match statement {
            Some(statement) if decide::is_in_motion(&statement.status.phase) => Look::GoOn,
            statement => Look::Over(statement.cloned()),
        },
    );
    let Some(statement) = at_rest.await? else {
        return Err(Problem::Failed(format!(
            "`{name}` is gone; run the command again"
        )));
    };
    let route = context.desired.routes.get(&entry.id);
    let live = [LiveStatement {
        name: name.clone(),
        statement,
    }];
    let placement = &context.desired.placement;
    let Some(judgement) = decide::judge(route, &live, placement, false) else {
        return Ok((Status::Done, standing(&live[0].statement)));
    };
    match judgement.action {
        Action::Keep if *live[0].phase() == Phase::Running => {
            let words = running(context, entry, name).await?;
            Ok((Status::Done, words))
        }
        Action::Keep => Ok((Status::Done, judgement.reason)),
        Action::KeepUnhealthy => Ok((Status::Unhealthy, judgement.words())),
        Action::Replace | Action::Update | Action::Blocked | Action::Conflict => {
            Ok((Status::Refused, judgement.words()))
        }
        Action::Create { .. }
        | Action::Stop { .. }
        | Action::Delete { .. }
        | Action::Orphaned
        | Action::Wait { .. } => {
            let reason = judgement.reason;
            let words = format!("{reason}; it is not what was planned: run the command again");
            Ok((Status::Failed, words))
        }
    }
}

async fn look(context: &Context<'_>, name: &StatementName) -> Result<Option<Statement>, Problem> {
    let found = context.client.get(name.as_str()).await;
    found.map_err(|error| watch::failed(&error))
}

/// The name is the lock: whoever finds it taken lost against another run.
fn taken(context: &Context<'_>, found: &Statement) -> Problem {
    let standing = standing(found);
    let desired = context.desired;
    Problem::Failed(
        if !label::is_owned(found, &desired.project, &desired.target) {
            format!(
                "{standing} and, by its labels, not this project's; delete or rename it by hand"
            )
        } else if let Some(run) = label::run(found) {
            format!("the run `{run}` was faster: {standing}; run the command again")
        } else {
            format!("another run was faster: {standing}; run the command again")
        },
    )
}
