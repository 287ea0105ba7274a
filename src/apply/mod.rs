//! Carries out a plan: tables first, then statements, independent routes side by side.
//!
//! [`run`] does it; `route` brings one route to where [`decide`](crate::plan::decide) wants it, `look` sees how it
//! stands, `probe` asks before a plan is made what exists, `check` compares tables and has SQL checked (`dry_run`, and
//! `question` for what is asked as a query), `table` makes one table, [`room()`] says how full a pool is, `remove` deletes a statement, `watch` waits for one, [`report`] says what came of
//! it all, [`human`] prints that. Each step confirms by a fresh look what it is about to change.

mod check;
mod dry_run;
pub mod human;
mod look;
mod probe;
mod question;
mod remove;
pub mod report;
mod room;
mod route;
mod table;
pub(crate) mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;

pub use check::examine;
pub use question::{Asker, sweep};
pub use remove::{confirm, remove};
pub use report::{Outcome, Problem, Report, Status};
pub use room::room;
pub use watch::why;

use crate::api::Client;
use crate::clock::Clock;
use crate::plan::{Action, Entry, Plan};
use crate::statement::Desired;

/// How long what was seen of a route is acted on unless somebody has a reason for less. With the time that a call may be
/// repeated it stays below [`RETENTION`](crate::plan::decide::RETENTION), so that nobody creates under the name of a
/// statement that is gone.
pub const FRESH: Duration = Duration::from_mins(2);

/// How to carry out a plan.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many routes are worked on side by side.
    pub parallelism: usize,
    /// How to wait for one statement to get where it should.
    pub waiting: Waiting,
    /// How far apart the two looks are that must both find a statement running.
    pub settle: Duration,
    /// How long what was seen of a route may be acted on; see [`FRESH`].
    pub fresh: Duration,
    /// Names this run in the labels of what it creates.
    pub run: Option<String>,
}

/// How to wait for a statement.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// How long.
    pub timeout: Duration,
    /// The pause between looks.
    pub poll: Duration,
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
    /// So many tables and routes are to be worked on.
    fn begin(&self, total: usize);
    /// A step of a table or route begins.
    fn step(&self, subject: &str, what: &str);
    /// What came of a route.
    fn outcome(&self, outcome: &Outcome);
    /// One of the tables and routes is through, well or not.
    fn end(&self);
}

/// What the steps need.
struct Context<'c> {
    client: &'c Client,
    desired: &'c Desired,
    options: &'c Options,
    clock: &'c dyn Clock,
    progress: &'c dyn Progress,
}

/// Carries out a plan. Failures do not end the run: independent routes go on, and the report tells all.
pub async fn run(
    client: &Client,
    desired: &Desired,
    plan: &Plan,
    options: &Options,
    clock: &dyn Clock,
    progress: &dyn Progress,
) -> Report {
    let context = Context {
        client,
        desired,
        options,
        clock,
        progress,
    };
    let entries = plan.entries.iter();
    let entries: Vec<_> = entries.filter(|entry| is_to_be_worked_on(entry)).collect();
    let topics = topics(desired, &entries);
    progress.begin(topics.len() + entries.len());
    let mut left = forget_spent(&context, plan).await;
    let tables = make_tables(&context, topics).await;
    let refused = check::after_tables(&context, plan, &tables).await;
    let work = entries.into_iter().map(|entry| async {
        let outcome = match refused.get(&entry.id) {
            // Its table stays known as a new one: nothing was written to it yet.
            Some(why) => Some(Outcome::new(entry, Status::Refused, why)),
            None => carry_out(&context, entry, &tables).await,
        };
        if let Some(outcome) = &outcome {
            progress.outcome(outcome);
        }
        progress.end();
        outcome
    });
    // As they come: one that waits long holds nobody up.
    let done = stream::iter(work).buffer_unordered(options.parallelism.max(1));
    let outcomes: Vec<Option<Outcome>> = done.collect().await;
    let mut outcomes: Vec<Outcome> = outcomes.into_iter().flatten().collect();
    outcomes.append(&mut left);
    outcomes.sort_by(|a, b| a.title.cmp(&b.title));
    Report { outcomes }
}

/// Deletes the tasks that runs have left which died, or could not; what cannot be deleted is told.
async fn forget_spent(context: &Context<'_>, plan: &Plan) -> Vec<Outcome> {
    if context.options.waiting.interrupt.is_set() {
        return Vec::new();
    }
    let work = plan.spent.iter().map(|task| async move {
        let problem = table::forget(context, task).await.err()?;
        Some(Outcome::of_task(task, &problem))
    });
    let parallelism = context.options.parallelism.max(1);
    let done: Vec<Option<Outcome>> = stream::iter(work)
        .buffer_unordered(parallelism)
        .collect()
        .await;
    done.into_iter().flatten().collect()
}

/// Once a route has begun, the task that made its table is of no use any more. Before that it shows that the table is new.
async fn forget_table(context: &Context<'_>, entry: &Entry, mut outcome: Outcome) -> Outcome {
    let tables = of_entry(context.desired, entry);
    for table in tables.filter_map(|topic| context.desired.tables.get(topic)) {
        if let Err(problem) = table::forget(context, table.task.as_str()).await {
            outcome.detail = format!("{}; {problem}", outcome.detail);
            outcome.status = Status::Failed;
        }
    }
    outcome
}

/// What is kept needs no look, unless what it replaced is still there.
fn is_to_be_worked_on(entry: &Entry) -> bool {
    match entry.decision.action {
        Action::Orphaned => false,
        Action::Keep => entry.statements.len() > 1,
        _ => true,
    }
}

/// The topics of the routes that are to begin: what they read, and what they write.
fn topics<'d>(desired: &'d Desired, entries: &[&Entry]) -> BTreeSet<&'d str> {
    let begun = entries
        .iter()
        .filter(|entry| entry.decision.action.begins_anew());
    let topics = begun.flat_map(|entry| of_entry(desired, entry));
    topics
        .filter(|topic| desired.tables.contains_key(*topic))
        .collect()
}

fn of_entry<'d>(desired: &'d Desired, entry: &Entry) -> impl Iterator<Item = &'d str> {
    let route = desired.routes.get(&entry.id).into_iter();
    route.flat_map(|route| [route.source.as_str(), route.identity.topic.as_str()])
}

type Tables = BTreeMap<String, Result<(), Problem>>;

async fn make_tables(context: &Context<'_>, topics: BTreeSet<&str>) -> Tables {
    let tables = topics
        .into_iter()
        .filter_map(|topic| context.desired.tables.get(topic));
    let work = tables.map(|table| async {
        let made = table::make(context, table).await;
        context.progress.end();
        (table.topic.clone(), made)
    });
    let parallelism = context.options.parallelism.max(1);
    stream::iter(work)
        .buffer_unordered(parallelism)
        .collect()
        .await
}

async fn carry_out(context: &Context<'_>, entry: &Entry, tables: &Tables) -> Option<Outcome> {
    let decision = &entry.decision;
    if decision.is_change() && context.options.waiting.interrupt.is_set() {
        return Some(Outcome::new(entry, Status::NotAttempted, ""));
    }
    if matches!(decision.action, Action::Blocked | Action::Conflict) && !decision.is_change() {
        return Some(Outcome::new(entry, Status::Refused, &decision.reason));
    }
    let made = of_entry(context.desired, entry).filter_map(|topic| tables.get(topic));
    match made.cloned().collect::<Result<(), Problem>>() {
        Err(Problem::Failed(reason) | Problem::Overtaken(reason)) => {
            let reason = format!("its table could not be made: {reason}");
            Some(Outcome::new(entry, Status::Skipped, reason))
        }
        Err(Problem::Interrupted(_)) => Some(Outcome::new(entry, Status::NotAttempted, "")),
        Ok(()) => {
            let (outcome, has_begun) = route::carry_out(context, entry).await;
            match outcome {
                Some(outcome) if has_begun && decision.action.begins_anew() => {
                    Some(forget_table(context, entry, outcome).await)
                }
                outcome => outcome,
            }
        }
    }
}
