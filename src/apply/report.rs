//! What came of a plan.

use serde::Serialize;

use crate::plan::{Action, Entry};

/// Version of the JSON lines; a change that readers must know of raises it.
pub const FORMAT_VERSION: u32 = 1;

/// What came of each route that was not to be left alone.
#[derive(Debug)]
pub struct Report {
    /// By route.
    pub outcomes: Vec<Outcome>,
}

/// What came of one route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The route.
    pub route: String,
    /// The topic that it writes, where a route says so.
    pub topic: Option<String>,
    /// What people call it: see [`Entry::title`].
    pub title: String,
    /// What was to be done.
    pub action: &'static str,
    /// What came of it.
    pub status: Status,
    /// How the route stands now, or what went wrong.
    pub detail: String,
}

/// What came of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done and confirmed.
    Done,
    /// It went wrong.
    Failed,
    /// Not begun because something it needs failed.
    Skipped,
    /// Begun, and left when the user wanted to stop.
    Interrupted,
    /// Not begun because the user wanted to stop.
    NotAttempted,
    /// Not begun because it cannot be done without loss or repetition, or a human has to decide.
    Refused,
    /// As planned, but the statement is not healthy.
    Unhealthy,
}

impl Status {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Interrupted => "interrupted",
            Self::NotAttempted => "not attempted",
            Self::Refused => "refused",
            Self::Unhealthy => "unhealthy",
        }
    }
}

/// Why a step came to no good end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It went wrong; in words.
    #[error("{0}")]
    Failed(String),
    /// Another run has begun the same; in words.
    #[error("{0}")]
    Overtaken(String),
    /// The user wanted to stop; with words on how it stands.
    #[error("{0}")]
    Interrupted(String),
}

impl Outcome {
    /// A task that should be gone and is not.
    pub(super) fn of_task(task: &str, problem: &Problem) -> Self {
        Self {
            route: task.to_owned(),
            topic: None,
            title: task.to_owned(),
            action: Action::Delete.word(),
            status: Status::Failed,
            detail: problem.to_string(),
        }
    }

    /// The outcome of an entry of a plan.
    pub(super) fn new(entry: &Entry, status: Status, detail: impl Into<String>) -> Self {
        Self {
            route: entry.route.clone(),
            topic: entry.topic.clone(),
            title: entry.title.clone(),
            action: entry.decision.action.word(),
            status,
            detail: detail.into(),
        }
    }

    /// The outcome of the step that an entry asks for.
    pub(super) fn of(entry: &Entry, result: Result<String, Problem>) -> Self {
        match result {
            Ok(detail) => Self::new(entry, Status::Done, detail),
            Err(Problem::Failed(detail) | Problem::Overtaken(detail)) => {
                Self::new(entry, Status::Failed, detail)
            }
            Err(Problem::Interrupted(detail)) => Self::new(entry, Status::Interrupted, detail),
        }
    }

    /// Whether it was carried out as planned.
    pub fn is_success(&self) -> bool {
        self.status == Status::Done
    }
}

impl Report {
    /// Whether everything is as the plan wanted it.
    pub fn is_success(&self) -> bool {
        self.outcomes.iter().all(Outcome::is_success)
    }

    /// How many routes ended like this.
    pub fn count(&self, status: Status) -> usize {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|outcome| outcome.status == status).count()
    }
}

/// An outcome as JSON.
#[derive(Debug, Serialize)]
pub struct Row<'r> {
    route: &'r str,
    topic: Option<&'r str>,
    action: &'static str,
    status: &'static str,
    detail: &'r str,
}

impl<'r> Row<'r> {
    /// The row of an outcome.
    pub fn of(outcome: &'r Outcome) -> Self {
        Self {
            route: &outcome.route,
            topic: outcome.topic.as_deref(),
            action: outcome.action,
            status: outcome.status.word(),
            detail: &outcome.detail,
        }
    }
}
