//! The steps of one route. Each ends with words on how the route stands, or with what went wrong.

use super::Context;
use super::report::Status;
use super::watch::{self, Look};
use crate::api::{ApiError, Deleted, Phase, Statement};
use crate::plan::Entry;
use crate::statement::{StatementName, label};

/// Creates the first statement of a route and waits until it runs.
pub(super) async fn create(
    context: &Context<'_>,
    entry: &Entry,
    name: &StatementName,
) -> Result<String, Status> {
    let client = context.client;
    let Some(route) = context.desired.routes.get(&entry.id) else {
        return Err(Status::Failed(
            "the route is not among the desired ones".to_owned(),
        ));
    };
    // The listing that the plan was made from lags behind; the name decides.
    if let Some(found) = look(context, name).await? {
        return Err(taken(name, &found));
    }
    context
        .progress
        .step(&entry.route, "creating the statement");
    let new = context
        .desired
        .first_statement(route, name, context.options.run.as_deref());
    match client.create(&new).await {
        Ok(_) => {}
        Err(ApiError::Conflict { .. }) => {
            return Err(match look(context, name).await? {
                Some(found) => taken(name, &found),
                None => Status::Failed(format!(
                    "the name `{name}` was taken and is free again; run the command again"
                )),
            });
        }
        Err(error) => return Err(watch::api(&error)),
    }
    context.progress.step(&entry.route, "waiting until it runs");
    watch::until_running(client, name.as_str(), context.options).await?;
    Ok(format!("`{name}` is RUNNING"))
}

/// Stops the statement of a disabled route.
pub(super) async fn stop(
    context: &Context<'_>,
    entry: &Entry,
    name: &StatementName,
) -> Result<String, Status> {
    let client = context.client;
    let Some(statement) = look(context, name).await? else {
        return Ok(format!("`{name}` is gone already"));
    };
    if statement.status.phase != Phase::Stopped {
        context
            .progress
            .step(&entry.route, "stopping the statement");
        client
            .set_stopped(&statement, true)
            .await
            .map_err(|error| watch::api(&error))?;
    }
    watch::until(
        client,
        name.as_str(),
        context.options,
        |statement| match statement {
            None => Look::Over(Err(format!(
                "`{name}` has disappeared; somebody deleted it"
            ))),
            Some(statement) => match &statement.status.phase {
                Phase::Stopped => Look::Over(Ok(())),
                Phase::Failed | Phase::Completed => Look::Over(Err(watch::standing(statement))),
                _ => Look::GoOn(watch::standing(statement)),
            },
        },
    )
    .await?;
    Ok(format!("`{name}` is STOPPED; its position is kept"))
}

/// Deletes the statements of a route that is no more, the oldest first, each confirmed to be ours.
pub(super) async fn delete(
    context: &Context<'_>,
    entry: &Entry,
    names: &[StatementName],
) -> Result<String, Status> {
    let desired = context.desired;
    for name in names {
        let Some(statement) = look(context, name).await? else {
            continue;
        };
        if !label::is_owned(&statement, &desired.project, &desired.target) {
            return Err(Status::Failed(format!(
                "`{name}` is not ours any more; it is left alone"
            )));
        }
        context
            .progress
            .step(&entry.route, "deleting the statement");
        delete_and_wait(context, name.as_str()).await?;
        if context.options.interrupt.is_set() && names.last() != Some(name) {
            return Err(Status::Failed(format!(
                "interrupted after `{name}` was deleted"
            )));
        }
    }
    Ok("deleted; the topic stays".to_owned())
}

async fn delete_and_wait(context: &Context<'_>, name: &str) -> Result<(), Status> {
    let client = context.client;
    let deleted = client
        .delete(name)
        .await
        .map_err(|error| watch::api(&error))?;
    if deleted == Deleted::Absent {
        return Ok(());
    }
    watch::until(client, name, context.options, |statement| match statement {
        None => Look::Over(Ok(())),
        Some(statement) => Look::GoOn(watch::standing(statement)),
    })
    .await
}

async fn look(context: &Context<'_>, name: &StatementName) -> Result<Option<Statement>, Status> {
    context
        .client
        .get(name.as_str())
        .await
        .map_err(|error| watch::api(&error))
}

/// The name is the lock: whoever finds it taken lost against another run.
fn taken(name: &StatementName, found: &Statement) -> Status {
    let who = match label::run(found) {
        Some(run) => format!("by the run `{run}`"),
        None => "by somebody else".to_owned(),
    };
    Status::Failed(format!(
        "`{name}` was created {who} since the plan was made and is {}; run the command again",
        found.status.phase
    ))
}
