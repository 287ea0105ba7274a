//! What came of a plan.

use serde::Serialize;

use crate::plan::Entry;

/// Version of the JSON form; a change that readers must know of raises it.
pub const FORMAT_VERSION: u32 = 1;

/// What came of each route that was not to be left alone.
#[derive(Debug)]
pub struct Report {
    /// By route.
    pub outcomes: Vec<Outcome>,
}

/// What came of one route.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The route.
    pub route: String,
    /// What was to be done.
    pub action: &'static str,
    /// What came of it.
    pub status: Status,
    /// Why it was to be done; for refused ones why not.
    pub reason: String,
}

/// What came of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Done and confirmed; with words on how it stands.
    Done(String),
    /// It went wrong; with the reason.
    Failed(String),
    /// Not begun because something it needs failed; with what.
    Skipped(String),
    /// Not begun because the run was interrupted.
    NotAttempted,
    /// Not begun because it cannot be done without loss or repetition, or a human has to decide.
    Refused,
    /// Left alone as planned, but the statement is not healthy.
    Unhealthy,
}

impl Status {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
            Self::Skipped(_) => "skipped",
            Self::NotAttempted => "not attempted",
            Self::Refused => "refused",
            Self::Unhealthy => "unhealthy",
        }
    }
}

impl Outcome {
    /// The outcome of an entry of a plan.
    pub(super) fn new(entry: &Entry, status: Status) -> Self {
        let judgement = &entry.judgement;
        let reason = match (&status, &judgement.remedy) {
            (Status::Refused, Some(remedy)) => format!("{}; {remedy}", judgement.reason),
            _ => judgement.reason.clone(),
        };
        Self {
            route: entry.route.clone(),
            action: judgement.action.word(),
            status,
            reason,
        }
    }

    /// Whether it was carried out as planned.
    pub fn is_success(&self) -> bool {
        matches!(self.status, Status::Done(_))
    }

    /// The words that explain the outcome.
    pub fn detail(&self) -> &str {
        match &self.status {
            Status::Done(detail) | Status::Failed(detail) | Status::Skipped(detail) => detail,
            Status::NotAttempted => "interrupted before it began",
            Status::Refused | Status::Unhealthy => &self.reason,
        }
    }
}

impl Report {
    /// Whether everything is as the plan wanted it.
    pub fn is_success(&self) -> bool {
        self.outcomes.iter().all(Outcome::is_success)
    }

    /// The report for machines.
    pub fn document(&self) -> Document<'_> {
        let routes = self.outcomes.iter().map(|outcome| Row {
            route: &outcome.route,
            action: outcome.action,
            status: outcome.status.word(),
            detail: outcome.detail(),
        });
        Document {
            success: self.is_success(),
            routes: routes.collect(),
        }
    }
}

/// A report as JSON.
#[derive(Debug, Serialize)]
pub struct Document<'r> {
    success: bool,
    routes: Vec<Row<'r>>,
}

#[derive(Debug, Serialize)]
struct Row<'r> {
    route: &'r str,
    action: &'static str,
    status: &'static str,
    detail: &'r str,
}
