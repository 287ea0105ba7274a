//! Waiting for a statement to get somewhere.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Options;
use super::report::Status;
use crate::api::{ApiError, Client, Phase, Statement};

/// What a look at a statement says about the wait.
pub(super) enum Look<T> {
    /// The wait is over.
    Over(Result<T, String>),
    /// Look again; with words on how it stands.
    GoOn(String),
}

/// Looks at a statement until `judge` says that the wait is over, the time is up, or the user wants to stop.
pub(super) async fn until<T>(
    client: &Client,
    name: &str,
    options: &Options,
    mut judge: impl FnMut(Option<&Statement>) -> Look<T>,
) -> Result<T, Status> {
    let deadline = Instant::now() + options.wait_timeout;
    loop {
        let statement = client.get(name).await.map_err(|error| api(&error))?;
        let standing = match judge(statement.as_ref()) {
            Look::Over(result) => return result.map_err(Status::Failed),
            Look::GoOn(standing) => standing,
        };
        if options.interrupt.is_set() {
            return Err(Status::Failed(format!(
                "interrupted while waiting for it; {standing}"
            )));
        }
        if Instant::now() >= deadline {
            let waited = seconds(options.wait_timeout);
            return Err(Status::Failed(format!(
                "gave up waiting after {waited}; {standing}; run the command again to go on waiting"
            )));
        }
        sleep(options.poll).await;
    }
}

/// Waits until two looks, `settle` apart, find the statement running.
pub(super) async fn until_running(
    client: &Client,
    name: &str,
    options: &Options,
) -> Result<(), Status> {
    let mut since: Option<Instant> = None;
    let settle = options.settle;
    let failed = until(client, name, options, |statement| {
        let Some(statement) = statement else {
            return Look::Over(Err(format!(
                "`{name}` has disappeared; somebody deleted it"
            )));
        };
        let standing = standing(statement);
        match &statement.status.phase {
            Phase::Running => {
                let first = *since.get_or_insert_with(Instant::now);
                if first.elapsed() >= settle {
                    Look::Over(Ok(None))
                } else {
                    Look::GoOn(standing)
                }
            }
            Phase::Failed => Look::Over(Ok(Some(statement.clone()))),
            Phase::Completed | Phase::Stopped | Phase::Stopping | Phase::Deleting => {
                Look::Over(Err(format!("it should be RUNNING, but {standing}")))
            }
            Phase::Pending | Phase::Failing | Phase::Degraded | Phase::Other(_) => {
                since = None;
                Look::GoOn(standing)
            }
        }
    })
    .await?;
    match failed {
        None => Ok(()),
        Some(statement) => Err(Status::Failed(why_failed(client, &statement).await)),
    }
}

/// How a statement stands, in words.
pub(super) fn standing(statement: &Statement) -> String {
    let status = &statement.status;
    let mut words = format!("`{}` is {}", statement.name, status.phase);
    if !status.detail.trim().is_empty() {
        words = format!("{words}: {}", status.detail.trim());
    }
    let scaling = status
        .scaling_status
        .as_ref()
        .and_then(|status| status.scaling_state.as_deref());
    if scaling == Some("POOL_EXHAUSTED") {
        words.push_str(" (the compute pool has no capacity left)");
    }
    words
}

/// Why a statement failed: its own words, or else the latest exception's.
pub(super) async fn why_failed(client: &Client, statement: &Statement) -> String {
    let standing = standing(statement);
    if !statement.status.detail.trim().is_empty() {
        return standing;
    }
    match client
        .exceptions(&statement.name)
        .await
        .map(|exceptions| exceptions.into_iter().next())
    {
        Ok(Some(exception)) => format!("{standing}: {}", exception.message),
        Ok(None) => format!("{standing}; the service gives no reason"),
        Err(error) => format!("{standing}; its reason could not be read: {error}"),
    }
}

/// A failed call as a status.
pub(super) fn api(error: &ApiError) -> Status {
    Status::Failed(error.to_string())
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs())
}
