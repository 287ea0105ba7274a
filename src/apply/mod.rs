//! Carries out a plan: tables first, then statements, independent routes side by side.
//!
//! [`run`] does it; `route` has the steps of one route, `table` those of one table, `remove` the deletion of a
//! statement, `watch` the waiting, [`report`] what came of it, [`human`] prints that. Each step confirms by a fresh look what it is
//! about to change.

pub mod human;
mod remove;
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

pub use remove::{confirm, remove};
pub use report::{Outcome, Problem, Report, Status};
pub use watch::why;

use crate::api::Client;
use crate::plan::{Action, Entry, Plan};
use crate::statement::Desired;

/// How to carry out a plan.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many routes are worked on side by side.
    pub parallelism: usize,
    /// How to wait for one statement to get where it should.
    pub waiting: Waiting,
    /// How far apart the two looks are that must both find a statement running.
    pub settle: Duration,
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
    /// One of the tables and routes is through, well or not.
    fn end(&self);
}

/// What the steps need.
struct Context<'c> {
    client: &'c Client,
    desired: &'c Desired,
    options: &'c Options,
    progress: &'c dyn Progress,
}

impl Context<'_> {
    fn step(&self, entry: &Entry, what: &str) {
        self.progress.step(&entry.title, what);
    }
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
    let entries = plan.entries.iter();
    let entries: Vec<_> = entries.filter(|entry| is_to_be_reported(entry)).collect();
    let topics = topics(desired, &entries);
    progress.begin(topics.len() + entries.len());
    let tables = make_tables(&context, topics).await;
    let work = entries.into_iter().map(|entry| async {
        let outcome = carry_out(&context, entry, &tables).await;
        progress.end();
        outcome
    });
    // As they come: one that waits long holds nobody up.
    let done = stream::iter(work).buffer_unordered(options.parallelism.max(1));
    let mut outcomes: Vec<Outcome> = done.collect().await;
    outcomes.sort_by(|a, b| a.title.cmp(&b.title));
    Report { outcomes }
}

fn is_to_be_reported(entry: &Entry) -> bool {
    !matches!(entry.judgement.action, Action::Keep | Action::Orphaned)
}

/// The topics of the routes that are to be created: what they read, and what they write.
fn topics<'d>(desired: &'d Desired, entries: &[&Entry]) -> BTreeSet<&'d str> {
    let created = entries
        .iter()
        .filter(|entry| matches!(entry.judgement.action, Action::Create { .. }));
    let topics = created.flat_map(|entry| of_entry(desired, entry));
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

async fn carry_out(context: &Context<'_>, entry: &Entry, tables: &Tables) -> Outcome {
    let action = &entry.judgement.action;
    let is_change = matches!(
        action,
        Action::Create { .. } | Action::Stop { .. } | Action::Delete { .. }
    );
    if is_change && context.options.waiting.interrupt.is_set() {
        return Outcome::new(entry, Status::NotAttempted, "");
    }
    let result = match action {
        Action::Create { name, .. } => {
            let made = of_entry(context.desired, entry).filter_map(|topic| tables.get(topic));
            match made.cloned().collect::<Result<(), Problem>>() {
                Err(Problem::Failed(reason)) => {
                    let reason = format!("its table could not be made: {reason}");
                    return Outcome::new(entry, Status::Skipped, reason);
                }
                Err(Problem::Interrupted(_)) => {
                    return Outcome::new(entry, Status::NotAttempted, "");
                }
                Ok(()) => route::create(context, entry, name).await,
            }
        }
        Action::Stop { statements } => route::stop(context, entry, statements).await,
        Action::Delete { statements } => route::delete(context, entry, statements).await,
        Action::Wait { on } => return route::wait(context, entry, on).await,
        Action::KeepUnhealthy => {
            return Outcome::new(entry, Status::Unhealthy, &entry.judgement.reason);
        }
        Action::Replace | Action::Update | Action::Blocked | Action::Conflict => {
            return Outcome::new(entry, Status::Refused, &entry.judgement.reason);
        }
        Action::Keep | Action::Orphaned => Ok(entry.judgement.reason.clone()),
    };
    Outcome::of(entry, result)
}
