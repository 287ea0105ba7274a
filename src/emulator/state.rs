//! The state machine: what requests and the passing of time do to statements and tables.
//!
//! It is pure: the time comes in with each request, and steps that became due in between are taken first, in the
//! order of their times. Every change is a [`Change`], applied and kept for the journal. A new kind of step is
//! a variant of [`Life`] with a time, and an arm in [`State::step`].

mod update;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::listing::{ListQuery, Page};
use super::record::{Life, Place, Record, Timing};
use super::refusal::Refusal;
use super::request::CreateRequest;
use super::sql::{SqlEffect, SqlReader};

/// One change of the state; the state is the sum of its changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Change {
    /// The statement is now like this.
    Put(Box<Record>),
    /// The statement of this name is gone.
    Removed(String),
    /// There is this table.
    Table(String),
    /// The state has seen so many changes of statements.
    Revision(u64),
}

/// All statements and tables.
#[derive(Debug)]
pub(super) struct State {
    records: BTreeMap<String, Record>,
    tables: BTreeSet<String>,
    revision: u64,
    timing: Timing,
    sql: Arc<dyn SqlReader>,
    unsaved: Vec<Change>,
}

impl State {
    pub(super) fn new(timing: Timing, sql: Arc<dyn SqlReader>) -> Self {
        Self {
            records: BTreeMap::new(),
            tables: BTreeSet::new(),
            revision: 0,
            timing,
            sql,
            unsaved: Vec::new(),
        }
    }

    /// Applies a change that was saved earlier.
    pub(super) fn replay(&mut self, change: Change) {
        match change {
            Change::Put(record) => {
                self.revision = self.revision.max(record.revision);
                self.records.insert(record.name.clone(), *record);
            }
            Change::Removed(name) => {
                self.records.remove(&name);
            }
            Change::Table(table) => {
                self.tables.insert(table);
            }
            Change::Revision(revision) => self.revision = self.revision.max(revision),
        }
    }

    /// The shortest series of changes that leads to this state.
    pub(super) fn changes(&self) -> Vec<Change> {
        let tables = self.tables.iter().cloned().map(Change::Table);
        let records = self
            .records
            .values()
            .cloned()
            .map(|record| Change::Put(Box::new(record)));
        std::iter::once(Change::Revision(self.revision))
            .chain(tables)
            .chain(records)
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
        self.replay(change.clone());
        self.unsaved.push(change);
    }

    /// Stores a changed statement under a new revision.
    fn put(&mut self, mut record: Record, at: Timestamp) {
        record.revision = self.revision + 1;
        record.updated_at = at;
        self.commit(Change::Put(Box::new(record)));
    }

    /// Takes all steps that are due by now.
    pub(super) fn advance(&mut self, now: Timestamp) {
        while let Some((due, name)) = self.next_step().filter(|(due, _)| *due <= now) {
            if let Some(record) = self.records.get(&name).cloned() {
                self.step(record, due);
            }
        }
    }

    fn next_step(&self) -> Option<(Timestamp, String)> {
        self.records
            .values()
            .filter_map(|record| Some((record.life.due()?, &record.name)))
            .min()
            .map(|(due, name)| (due, name.clone()))
    }

    fn step(&mut self, mut record: Record, at: Timestamp) {
        record.life = match record.life {
            Life::Starting { .. } => {
                let outcome = self.outcome(&record);
                if let (Life::Completed, Ok(SqlEffect::CreateTable { table, .. })) =
                    (&outcome, &record.effect)
                {
                    self.commit(Change::Table(table.clone()));
                }
                outcome
            }
            Life::Stopping { .. } => Life::Stopped,
            Life::Deleting { .. } => return self.commit(Change::Removed(record.name)),
            Life::Running | Life::Completed | Life::Failed { .. } | Life::Stopped => return,
        };
        self.put(record, at);
    }

    /// What comes of starting a statement now.
    fn outcome(&self, record: &Record) -> Life {
        let failed = |detail: String| Life::Failed { detail };
        match &record.effect {
            Err(reason) => failed(format!("SQL parse failed. {reason}")),
            Ok(SqlEffect::CreateTable {
                table,
                if_not_exists,
            }) => {
                if self.tables.contains(table) && !if_not_exists {
                    failed(format!("Table '{table}' already exists."))
                } else {
                    Life::Completed
                }
            }
            Ok(SqlEffect::Insert { sinks, .. }) => {
                match sinks.iter().find(|sink| !self.tables.contains(*sink)) {
                    Some(sink) => failed(format!("Table '{sink}' does not exist.")),
                    None if record.runs_on() => Life::Running,
                    None => Life::Completed,
                }
            }
            Ok(SqlEffect::Other) => Life::Completed,
        }
    }

    fn starting(&self, record: &Record, now: Timestamp) -> Life {
        let pause = if record.runs_on() {
            self.timing.start
        } else {
            self.timing.ddl
        };
        Life::Starting {
            until: after(now, pause),
        }
    }

    /// Creates a statement, or only checks it (`sql.dry-run`).
    pub(super) fn create(
        &mut self,
        request: CreateRequest,
        place: Place,
        now: Timestamp,
    ) -> Result<Record, Refusal> {
        request.check()?;
        let dry_run = request.is_dry_run();
        let mut record = Record {
            labels: request.labels(),
            name: request.name,
            place,
            uid: String::new(),
            revision: self.revision,
            created_at: now,
            updated_at: now,
            effect: self.sql.read(&request.spec.statement),
            sql: request.spec.statement,
            properties: request.spec.properties.unwrap_or_default(),
            compute_pool: request.spec.compute_pool_id,
            principal: request.spec.principal,
            stopped: false,
            life: Life::Completed,
        };
        if dry_run {
            record.life = match self.outcome(&record) {
                Life::Running => Life::Completed,
                outcome => outcome,
            };
            return Ok(record);
        }
        if self.records.contains_key(&record.name) {
            return Err(Refusal::name_is_taken(&record.name));
        }
        record.uid = uid(&record.name, now, self.revision);
        record.life = self.starting(&record, now);
        let name = record.name.clone();
        self.put(record, now);
        self.get(&name)
    }

    /// The statement of this name.
    pub(super) fn get(&self, name: &str) -> Result<Record, Refusal> {
        self.records
            .get(name)
            .cloned()
            .ok_or_else(|| Refusal::unknown_statement(name))
    }

    /// One page of the statements, by name.
    pub(super) fn list(&self, query: &ListQuery) -> Page {
        query.page(self.records.values())
    }

    /// Begins to delete a statement.
    pub(super) fn delete(&mut self, name: &str, now: Timestamp) -> Result<(), Refusal> {
        let mut record = self.get(name)?;
        if !matches!(record.life, Life::Deleting { .. }) {
            record.life = Life::Deleting {
                until: after(now, self.timing.delete),
            };
            self.put(record, now);
        }
        Ok(())
    }
}

fn after(now: Timestamp, pause: Duration) -> Timestamp {
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}

/// An id in the form of a UUID, unique in time because the revision is.
fn uid(name: &str, now: Timestamp, revision: u64) -> String {
    let hex = HEXLOWER.encode(&Sha256::digest(format!("{name} {now} {revision}")));
    [0..8, 8..12, 12..16, 16..20, 20..32]
        .map(|range| &hex[range])
        .join("-")
}
