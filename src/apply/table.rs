//! Making a sink's table: a statement that completes and is then deleted; the table stays.

use super::Context;
use super::report::Status;
use super::watch::{self, Look};
use crate::api::{ApiError, Phase, Statement};
use crate::statement::DesiredTable;

/// Why a table is not there.
#[derive(Debug, Clone)]
pub(super) struct TableProblem(Status);

impl TableProblem {
    /// What becomes of a route that needs the table.
    pub(super) fn status(&self) -> Status {
        match &self.0 {
            Status::Failed(detail) => {
                Status::Skipped(format!("its table could not be made: {detail}"))
            }
            other => other.clone(),
        }
    }
}

/// Makes a table. It is no error if it exists already.
pub(super) async fn make(context: &Context<'_>, table: &DesiredTable) -> Result<(), TableProblem> {
    if context.options.interrupt.is_set() {
        return Err(TableProblem(Status::NotAttempted));
    }
    context.progress.step(&table.topic, "making the table");
    carry_out(context, table).await.map_err(TableProblem)
}

async fn carry_out(context: &Context<'_>, table: &DesiredTable) -> Result<(), Status> {
    let name = table.task.as_str();
    let client = context.client;
    submit(context, table).await?;
    let made = watch::until(client, name, context.options, |statement| match statement {
        None => Look::Over(Err(format!("the task `{name}` has disappeared"))),
        Some(statement) => match &statement.status.phase {
            Phase::Completed => Look::Over(Ok(None)),
            Phase::Failed => Look::Over(Ok(Some(statement.clone()))),
            _ => Look::GoOn(watch::standing(statement)),
        },
    })
    .await?;
    if let Some(failed) = made {
        return Err(Status::Failed(watch::why_failed(client, &failed).await));
    }
    // A task that stays behind does no harm: it is found and taken up by the next run.
    client
        .delete(name)
        .await
        .map(drop)
        .map_err(|error| watch::api(&error))
}

/// Submits the task. One that an earlier run left behind is taken up if it says the same and has not
/// failed, and makes room otherwise.
async fn submit(context: &Context<'_>, table: &DesiredTable) -> Result<(), Status> {
    let client = context.client;
    let new = context.desired.task(table, context.options.run.as_deref());
    let conflict = match client.create(&new).await {
        Ok(_) => return Ok(()),
        Err(ApiError::Conflict { .. }) => client
            .get(&new.name)
            .await
            .map_err(|error| watch::api(&error))?,
        Err(error) => return Err(watch::api(&error)),
    };
    if conflict.is_some_and(|found| can_be_taken_up(&found, &table.text)) {
        return Ok(());
    }
    client
        .delete(&new.name)
        .await
        .map_err(|error| watch::api(&error))?;
    watch::until(
        client,
        &new.name,
        context.options,
        |statement| match statement {
            None => Look::Over(Ok(())),
            Some(statement) => Look::GoOn(watch::standing(statement)),
        },
    )
    .await?;
    client
        .create(&new)
        .await
        .map(drop)
        .map_err(|error| watch::api(&error))
}

fn can_be_taken_up(found: &Statement, text: &str) -> bool {
    found.spec.statement == text
        && matches!(
            found.status.phase,
            Phase::Pending | Phase::Running | Phase::Completed
        )
}
