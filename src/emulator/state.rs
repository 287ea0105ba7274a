//! The state machine: what requests and the passing of time do to statements, tables and topics.
//!
//! It is pure: the time comes in with each request, and steps that became due in between are taken first, in the
//! order of their times. Every change is a [`Change`], applied and kept for the journal.
//!
//! | module | concept |
//! | --- | --- |
//! | `create`, `update` | what a POST and a PUT ask for |
//! | `check` | whether SQL can run |
//! | `step` | what time does |
//! | `carry_over` | waiting for the statement whose offsets are taken over |
//! | `reading` | where statements begin to read, and how far they got |
//! | `pool` | room in compute pools |
//! | `history` | what the list shows while it is behind |
//!
//! A new kind of step is a variant of [`Life`](super::record::Life) with a time, and an arm in `step`.

mod carry_over;
mod check;
mod create;
mod history;
mod pool;
mod reading;
mod step;
mod update;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub(super) use self::carry_over::waiting_detail;
use self::history::History;
use super::Settings;
use super::behaviour::Behaviour;
use super::catalog::{NewTable, Origin, Table};
use super::fault::{Faults, Rule};
use super::ledger::{Ledger, Run};
use super::listing::{ListQuery, Page};
use super::record::{Key, Life, Place, Record};
use super::refusal::Refusal;
use super::settings::{Pool, Timing};
use super::sql::SqlReader;
use super::topic::{Growth, Moment};

/// One change of the state; the state is the sum of its changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Change {
    /// The statement is now like this.
    Put(Box<Record>),
    /// This statement is gone.
    Removed(Key),
    /// There is this table.
    Table(Box<Table>),
    /// There is no such table any more.
    Dropped(String),
    /// A run is now like this.
    Run(Box<Run>),
    /// The state has seen so many changes of statements.
    Revision(u64),
    /// The state has seen so many calls.
    Calls(u64),
    /// The emulator's time is this many milliseconds ahead of its clock.
    Ahead(i64),
}

/// All statements, tables and runs.
#[derive(Debug)]
pub(super) struct State {
    records: BTreeMap<Key, Record>,
    tables: BTreeMap<String, Table>,
    ledger: Ledger,
    revision: u64,
    calls: u64,
    ahead: SignedDuration,
    history: History,
    pub(super) faults: Faults,
    pub(super) behaviour: Behaviour,
    timing: Timing,
    growth: Growth,
    pub(super) pools: Vec<Pool>,
    sql: Arc<dyn SqlReader>,
    unsaved: Vec<Change>,
    /// How many calls are among the changes.
    noted_calls: u64,
}

impl State {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            records: BTreeMap::new(),
            tables: BTreeMap::new(),
            ledger: Ledger::default(),
            revision: 0,
            calls: 0,
            ahead: SignedDuration::ZERO,
            history: History::new(&settings.behaviour),
            faults: Faults::new(&settings.faults),
            behaviour: settings.behaviour.clone(),
            timing: settings.timing,
            growth: settings.growth,
            pools: settings.pools.clone(),
            sql: Arc::clone(&settings.sql),
            unsaved: Vec::new(),
            noted_calls: 0,
        }
    }

    /// Applies a change that was saved earlier.
    pub(super) fn replay(&mut self, change: Change) {
        match change {
            Change::Put(record) => {
                self.revision = self.revision.max(record.revision);
                self.records.insert(record.key(), *record);
            }
            Change::Removed(key) => {
                self.records.remove(&key);
            }
            Change::Table(table) => {
                self.tables.insert(table.name().to_owned(), *table);
            }
            Change::Dropped(table) => {
                self.tables.remove(&table);
            }
            Change::Run(run) => self.ledger.note(*run),
            Change::Revision(revision) => self.revision = self.revision.max(revision),
            Change::Calls(calls) => {
                self.calls = self.calls.max(calls);
                self.noted_calls = self.calls;
            }
            Change::Ahead(millis) => self.ahead = SignedDuration::from_millis(millis),
        }
    }

    /// The shortest series of changes that leads to this state.
    pub(super) fn changes(&self) -> Vec<Change> {
        let ahead = i64::try_from(self.ahead.as_millis()).unwrap_or(i64::MAX);
        let counters = [
            Change::Ahead(ahead),
            Change::Revision(self.revision),
            Change::Calls(self.calls),
        ];
        let tables = self
            .tables
            .values()
            .cloned()
            .map(Box::new)
            .map(Change::Table);
        let records = self
            .records
            .values()
            .cloned()
            .map(Box::new)
            .map(Change::Put);
        let runs = self
            .ledger
            .runs
            .iter()
            .cloned()
            .map(Box::new)
            .map(Change::Run);
        counters
            .into_iter()
            .chain(tables)
            .chain(records)
            .chain(runs)
            .collect()
    }

    /// The changes since [`State::saved`] was called.
    pub(super) fn unsaved(&self) -> &[Change] {
        &self.unsaved
    }

    /// Forgets the changes that are saved now.
    pub(super) fn saved(&mut self) {
        self.unsaved.clear();
    }

    fn commit(&mut self, change: Change) {
        if self.noted_calls < self.calls {
            self.noted_calls = self.calls;
            self.unsaved.push(Change::Calls(self.calls));
        }
        self.replay(change.clone());
        self.unsaved.push(change);
    }

    /// Stores a changed statement under a new revision.
    fn put(&mut self, mut record: Record, at: Timestamp) {
        record.revision = self.revision + 1;
        record.updated_at = at;
        self.history
            .note(&record.key(), at, self.records.get(&record.key()));
        self.commit(Change::Put(Box::new(record)));
    }

    /// Lets a statement enter a phase of its life.
    fn enter(&mut self, mut record: Record, life: Life, at: Timestamp) {
        record.touch = match life {
            Life::Running { .. } | Life::Waiting { .. } | Life::Degraded
                if self.behaviour.touches > 0 =>
            {
                Some((after(at, self.timing.touch), self.behaviour.touches))
            }
            _ => None,
        };
        record.life = life;
        self.put(record, at);
    }

    /// A call of the API begins: between any two of them topics have grown.
    pub(super) fn begin_call(&mut self) {
        self.calls += 1;
    }

    fn moment(&self, at: Timestamp) -> Moment {
        Moment {
            at,
            calls: self.calls,
        }
    }

    /// How far the emulator's time is ahead of its clock.
    pub(super) fn ahead(&self) -> SignedDuration {
        self.ahead
    }

    /// Moves the emulator's time forward.
    pub(super) fn move_ahead(&mut self, by: SignedDuration) {
        let ahead = self.ahead.saturating_add(by);
        self.commit(Change::Ahead(
            i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX),
        ));
    }

    /// The statement of this name.
    pub(super) fn get(&self, place: &Place, name: &str) -> Result<Record, Refusal> {
        let found = self.records.get(&(place.clone(), name.to_owned())).cloned();
        found.ok_or_else(|| {
            if self.behaviour.missing_is_forbidden {
                Refusal::forbidden(format!("Access to statement resource={name} is denied"))
            } else {
                Refusal::unknown_statement(name)
            }
        })
    }

    /// One page of the statements of an environment.
    pub(super) fn list(&self, place: &Place, query: &ListQuery, now: Timestamp) -> Page {
        let here = self
            .records
            .values()
            .filter(|record| record.place == *place);
        let shown = self.history.shown(place, here, now);
        query.page(shown, self.behaviour.list_ends_at)
    }

    /// Says that there is a topic.
    pub(super) fn declare(&mut self, table: NewTable, at: Timestamp) {
        if !self.tables.contains_key(&table.name) {
            self.add_table(table, Origin::Declared, at);
        }
    }

    fn add_table(&mut self, definition: NewTable, origin: Origin, at: Timestamp) {
        let partitions = definition
            .partitions
            .unwrap_or(self.growth.partitions)
            .max(1);
        self.commit(Change::Table(Box::new(Table {
            definition,
            partitions,
            since: at,
            origin,
        })));
    }

    /// How many partitions a topic has, or would have.
    pub(super) fn partitions(&self, topic: &str) -> u32 {
        let table = self.tables.get(topic);
        table.map_or(self.growth.partitions.max(1), |table| table.partitions)
    }

    /// Puts a rule in force, also for statements that run already.
    pub(super) fn add_fault(&mut self, rule: Rule, now: Timestamp) {
        let before = std::mem::replace(&mut self.faults, Faults::new(&[rule]));
        let running: Vec<_> = self
            .records
            .values()
            .filter(|record| record.takes_room())
            .cloned()
            .collect();
        for mut record in running {
            if self.seal_fate(&mut record, now) {
                self.put(record, now);
            }
        }
        let added = std::mem::replace(&mut self.faults, before);
        self.faults.join(added);
    }
}

fn after(now: Timestamp, pause: std::time::Duration) -> Timestamp {
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}
