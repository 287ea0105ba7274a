//! Waiting for a statement to get somewhere.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Waiting;
use super::report::Problem;
use super::room::room;
use crate::api::{ApiError, Client, Phase, Statement};
use crate::plan::standing::{detail, one_line, standing};

/// What a look at a statement says about the wait.
pub(super) enum Look<T> {
    /// The wait is over.
    Over(T),
    /// Look again.
    GoOn,
}

/// Looks at a statement until `judge` says that the wait is over, the time is up, or the user wants to stop.
pub(super) async fn until<T>(
    client: &Client,
    name: &str,
    waiting: &Waiting,
    mut judge: impl FnMut(Option<&Statement>) -> Look<T>,
) -> Result<T, Problem> {
    let deadline = Instant::now() + waiting.timeout;
    loop {
        let statement = client.get(name).await.map_err(|error| failed(&error))?;
        match judge(statement.as_ref()) {
            Look::Over(result) => return Ok(result),
            Look::GoOn => {}
        }
        let stands = || {
            statement
                .as_ref()
                .map_or_else(|| format!("`{name}` is gone"), standing)
        };
        if waiting.interrupt.is_set() {
            return Err(Problem::Interrupted(format!("left when {}", stands())));
        }
        if Instant::now() >= deadline {
            let stands = match &statement {
                Some(statement) => with_room(client, statement, stands()).await,
                None => stands(),
            };
            return Err(Problem::Failed(format!(
                "gave up after {}: {stands}; run the command again to go on waiting",
                seconds(waiting.timeout),
            )));
        }
        sleep(waiting.poll).await;
    }
}

/// Waits until nothing of a statement is left, its name included.
pub(crate) async fn until_gone(
    client: &Client,
    name: &str,
    waiting: &Waiting,
) -> Result<(), Problem> {
    until(client, name, waiting, |statement| match statement {
        None => Look::Over(()),
        Some(_) => Look::GoOn,
    })
    .await
}

/// How a statement stands and, if it failed, why: its own words, or else the latest exception's.
pub async fn why(client: &Client, statement: &Statement) -> String {
    let standing = standing(statement);
    if statement.status.phase != Phase::Failed || !detail(statement).is_empty() {
        return standing;
    }
    match client.exceptions(&statement.name).await {
        Ok(exceptions) => match exceptions.first() {
            Some(exception) => format!("{standing}: {}", one_line(&exception.message)),
            None => format!("{standing}; the service gives no reason"),
        },
        Err(error) => format!("{standing}; its reason could not be read: {error}"),
    }
}

/// Words on how a statement stands, with how full its pool is where it waits for room.
pub(super) async fn with_room(client: &Client, statement: &Statement, words: String) -> String {
    match room(client, statement).await {
        Some(room) => format!("{words}; {room}"),
        None => words,
    }
}

/// A failed call as a problem.
pub(crate) fn failed(error: &ApiError) -> Problem {
    Problem::Failed(error.to_string())
}

/// A duration in words.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f32())
}
