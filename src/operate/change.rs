//! Stopping and resuming one statement that belongs to no route, or of a route one that is not its head.
//!
//! A route's own statement is never resumed: the route goes on with a new generation, which takes its offsets.

use tokio::time::{Instant, sleep};

use crate::api::{Client, Phase, Statement};
use crate::apply::watch::{failed, seconds};
use crate::apply::{Problem, Waiting, confirm};
use crate::plan::standing::standing;

/// Where a statement is to be brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// STOPPED, its position kept.
    Stopped,
    /// RUNNING again.
    Running,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Done,
    Ask,
    Wait,
    Impossible,
}

impl Goal {
    fn next(self, statement: &Statement) -> Next {
        let was_asked = statement.spec.stopped == (self == Self::Stopped);
        let ask = if was_asked { Next::Wait } else { Next::Ask };
        match (self, &statement.status.phase) {
            (Self::Stopped, Phase::Stopped) | (Self::Running, Phase::Running) => Next::Done,
            (Self::Stopped, Phase::Pending | Phase::Running | Phase::Degraded)
            | (Self::Running, Phase::Stopped) => ask,
            (_, Phase::Stopping) | (Self::Running, Phase::Pending) => Next::Wait,
            _ => Next::Impossible,
        }
    }

    /// Whether a statement is there already.
    pub fn is_reached(self, statement: &Statement) -> bool {
        self.next(statement) == Next::Done
    }
}

/// Brings a statement somewhere, each step after a fresh look and guarded by the version seen; returns how it stands
/// then.
///
/// # Errors
/// It cannot be brought there, is another one now, or is not there when the time is up or the user wants to stop.
pub async fn bring(
    client: &Client,
    seen: &Statement,
    goal: Goal,
    waiting: &Waiting,
) -> Result<Statement, Problem> {
    let deadline = Instant::now() + waiting.timeout;
    let mut was_asked = false;
    loop {
        let Some(now) = confirm(client, seen).await? else {
            return Err(Problem::Failed(format!("`{}` is gone", seen.name)));
        };
        let next = goal.next(&now);
        match next {
            Next::Done => return Ok(now),
            Next::Impossible => {
                let word = match goal {
                    Goal::Stopped => "stopped",
                    Goal::Running => "resumed",
                };
                let standing = standing(&now);
                return Err(Problem::Failed(format!("{standing}; it cannot be {word}")));
            }
            Next::Ask | Next::Wait => {}
        }
        let standing = standing(&now);
        if waiting.interrupt.is_set() {
            return Err(Problem::Interrupted(format!("left when {standing}")));
        }
        if was_asked && Instant::now() >= deadline {
            let time = seconds(waiting.timeout);
            return Err(Problem::Failed(format!(
                "gave up after {time}: {standing}; run the command again to go on waiting"
            )));
        }
        if next == Next::Ask {
            match client.set_stopped(&now, goal == Goal::Stopped).await {
                Ok(()) => {}
                // Another look says what came of it.
                Err(error) if error.is_ambiguous() || error.is_conflict() => {}
                Err(error) => return Err(failed(&error)),
            }
        }
        was_asked = true;
        sleep(waiting.poll).await;
    }
}
