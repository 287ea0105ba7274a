//! Making a table: a statement that completes and is deleted once a route has begun that needs it; the table stays.
//!
//! The name of the task is the same for every run, so runs that need the same table meet on it: whoever comes
//! second waits for the first one's task, or makes the table again, which changes nothing.

use super::Context;
use super::remove::remove;
use super::report::Problem;
use super::watch::{self, Look};
use crate::api::{ApiError, Phase, Statement};
use crate::plan::Seen;
use crate::statement::{DesiredTable, label};

/// How often a task may be taken away by another run before that counts as a failure.
const TRIES: usize = 5;

/// Makes a table. It is no error if it exists already.
pub(super) async fn make(context: &Context<'_>, table: &DesiredTable) -> Result<(), Problem> {
    let waiting = &context.options.waiting;
    if waiting.interrupt.is_set() {
        return Err(Problem::Interrupted("not begun".to_owned()));
    }
    let subject = &table.topic;
    context.progress.step(subject, "making the table");
    for _ in 0..TRIES {
        if submit(context, table).await? && completes(context, table).await? {
            return Ok(());
        }
    }
    Err(Problem::Failed(format!(
        "other runs take its task `{}` away again and again; run the command again when they are through",
        table.task.as_str()
    )))
}

/// Deletes the task of a table whose route has been begun; the table stays. Until then it shows that a run was on its
/// way, so that the table counts as new.
pub(super) async fn forget(context: &Context<'_>, task: &str) -> Result<(), Problem> {
    let deleted = context.client.delete(task).await;
    deleted.map(drop).map_err(|error| {
        Problem::Failed(format!(
            "the task `{task}`, which made its table and has no use any more, could not be deleted: {error}; run the command again"
        ))
    })
}

/// Submits the task; whether there is one now that makes this table.
async fn submit(context: &Context<'_>, table: &DesiredTable) -> Result<bool, Problem> {
    let client = context.client;
    let new = context.desired.task(table, context.options.run.as_deref());
    match client.create(&new).await {
        Ok(_) => return Ok(true),
        Err(ApiError::Conflict { .. }) => {}
        Err(error) => return Err(watch::failed(&error)),
    }
    let found = client.get(&new.name).await;
    match found.map_err(|error| watch::failed(&error))? {
        Some(found) if can_be_taken_up(&found, table) => Ok(true),
        Some(found) => make_room(context, &found).await.map(|()| false),
        None => Ok(false),
    }
}

/// Whether a task that another run left behind, or is at, makes the same table.
fn can_be_taken_up(found: &Statement, table: &DesiredTable) -> bool {
    let phase = &found.status.phase;
    found.spec.statement == table.text
        && matches!(phase, Phase::Pending | Phase::Running | Phase::Completed)
}

/// Removes a task that says something else or has failed, once nothing happens to it any more.
async fn make_room(context: &Context<'_>, found: &Statement) -> Result<(), Problem> {
    let (client, waiting) = (context.client, &context.options.waiting);
    let (name, seen) = (found.name.as_str(), Seen::of(found));
    let desired = context.desired;
    if !label::is_owned(found, &desired.project, &desired.target) || !label::is_task(found) {
        return Err(Problem::Failed(format!(
            "the name `{name}` of its task belongs to a statement that is not this project's; it is left alone"
        )));
    }
    let is_over = watch::until(client, name, waiting, |statement| match statement {
        Some(statement) if Seen::of(statement) == seen => match statement.status.phase {
            Phase::Pending | Phase::Running | Phase::Failing => Look::GoOn,
            _ => Look::Over(true),
        },
        _ => Look::Over(false),
    });
    if is_over.await? {
        remove(client, name, waiting).await?;
    }
    Ok(())
}

/// Waits for the task; `false` where somebody took it away before it was seen to be completed.
async fn completes(context: &Context<'_>, table: &DesiredTable) -> Result<bool, Problem> {
    enum End {
        Completed,
        TakenAway,
        Failed(Box<Statement>),
    }
    let (client, waiting) = (context.client, &context.options.waiting);
    let end = watch::until(client, table.task.as_str(), waiting, |statement| {
        let Some(statement) = statement else {
            return Look::Over(End::TakenAway);
        };
        match &statement.status.phase {
            Phase::Completed => Look::Over(End::Completed),
            Phase::Deleting => Look::Over(End::TakenAway),
            Phase::Failed => Look::Over(End::Failed(Box::new(statement.clone()))),
            _ => Look::GoOn,
        }
    });
    match end.await? {
        End::Completed => Ok(true),
        End::TakenAway => Ok(false),
        End::Failed(statement) => Err(Problem::Failed(watch::why(client, &statement).await)),
    }
}
