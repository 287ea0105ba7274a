//! Carries out a plan: tables first, then statements, independent routes side by side.
//!
//! [`run`] does it; [`route`] has the steps of one route, [`table`] those of one table, [`watch`] the waiting,
//! [`report`] what came of it. Each step confirms by a fresh look what it is about to change.

pub mod report;
mod route;
mod table;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;

pub use report::{Outcome, Report, Status};

use crate::api::Client;
use crate::plan::{Action, Entry, Plan};
use crate::statement::Desired;

/// How to carry out a plan.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many routes are worked on side by side.
    pub parallelism: usize,
    /// How long to wait for one statement to get where it should.
    pub wait_timeout: Duration,
    /// How far apart the two looks are that must both find a statement running.
    pub settle: Duration,
    /// The pause between looks.
    pub poll: Duration,
    /// Whether statements of routes that are no more are deleted.
    pub prune: bool,
    /// Names this run in the labels of what it creates.
    pub run: Option<String>,
    /// Set once the user wants to stop.
    pub interrupt: Interrupt,
}

/// The user's wish to stop. A step in flight is finished; no further one is begun.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Expresses the wish.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was expressed.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Told what happens, as it happens.
pub trait Progress: Sync {
    /// A step of a route or table begins or ends.
    fn step(&self, subject: &str, what: &str);
}

/// What the steps need.
struct Context<'c> {
    client: &'c Client,
    desired: &'c Desired,
    options: &'c Options,
    progress: &'c dyn Progress,
}

/// Carries out a plan. Failures do not end the run: independent routes go on, and the report tells all.
pub async fn run(
    client: &Client,
    desired: &Desired,
    plan: &Plan,
    options: &Options,
    progress: &dyn Progress,
) -> Report {
    let context = Context {
        client,
        desired,
        options,
        progress,
    };
    let tables = make_tables(&context, plan).await;
    let work = plan
        .entries
        .iter()
        .map(|entry| carry_out(&context, entry, &tables));
    let parallelism = options.parallelism.max(1);
    let outcomes: Vec<Option<Outcome>> = stream::iter(work).buffered(parallelism).collect().await;
    Report {
        outcomes: outcomes.into_iter().flatten().collect(),
    }
}

type Tables = BTreeMap<String, Result<(), table::TableProblem>>;

/// Makes the tables of the routes that are to be created.
async fn make_tables(context: &Context<'_>, plan: &Plan) -> Tables {
    let topics: BTreeSet<&str> = plan
        .entries
        .iter()
        .filter(|entry| matches!(entry.judgement.action, Action::Create { .. }))
        .filter_map(|entry| entry.topic.as_deref())
        .collect();
    let tables = topics
        .into_iter()
        .filter_map(|topic| context.desired.tables.get(topic));
    let work =
        tables.map(|table| async move { (table.topic.clone(), table::make(context, table).await) });
    let parallelism = context.options.parallelism.max(1);
    stream::iter(work).buffered(parallelism).collect().await
}

/// Carries out one entry; nothing comes back where there was nothing to do.
async fn carry_out(context: &Context<'_>, entry: &Entry, tables: &Tables) -> Option<Outcome> {
    let outcome = |status| Some(Outcome::new(entry, status));
    let action = &entry.judgement.action;
    if action.is_refused() || matches!(action, Action::Blocked | Action::Wait) {
        return outcome(Status::Refused);
    }
    match action {
        Action::Keep => return None,
        Action::KeepUnhealthy => return outcome(Status::Unhealthy),
        Action::Delete { .. } if !context.options.prune => return None,
        _ => {}
    }
    if context.options.interrupt.is_set() {
        return outcome(Status::NotAttempted);
    }
    let result = match action {
        Action::Create { name, .. } => {
            let table = entry.topic.as_ref().and_then(|topic| tables.get(topic));
            if let Some(Err(problem)) = table {
                return outcome(problem.status());
            }
            route::create(context, entry, name).await
        }
        Action::Stop { of } => route::stop(context, entry, of).await,
        Action::Delete { statements } => route::delete(context, entry, statements).await,
        _ => return None,
    };
    match result {
        Ok(detail) => outcome(Status::Done(detail)),
        Err(status) => outcome(status),
    }
}
