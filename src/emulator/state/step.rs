//! What time does to statements.

use std::time::Duration;

use jiff::Timestamp;

use super::{Change, State, after};
use crate::emulator::catalog::{NewTable, Origin};
use crate::emulator::fault::Fault;
use crate::emulator::record::{Fate, Key, Life, Record, Turn};
use crate::emulator::results;
use crate::emulator::sql::SqlEffect;

impl State {
    /// Takes all steps that are due by now.
    pub(in crate::emulator) fn advance(&mut self, now: Timestamp) {
        while let Some((due, key)) = self.next_step().filter(|(due, _)| *due <= now) {
            if let Some(record) = self.records.get(&key).cloned() {
                self.step(record, due);
            }
            self.admit(due);
        }
        self.admit(now);
    }

    fn next_step(&self) -> Option<(Timestamp, Key)> {
        self.records
            .values()
            .filter_map(|record| Some((record.due()?, record)))
            .min_by_key(|(due, record)| (*due, record.revision))
            .map(|(due, record)| (due, record.key()))
    }

    fn step(&mut self, mut record: Record, at: Timestamp) {
        if record.life.due() == Some(at) {
            return self.live_on(record, at);
        }
        if let Some(fate) = record.fate.take_if(|fate| fate.at == at) {
            return self.turn(record, fate.turn, at);
        }
        if let Some((_, left)) = record.touch.take() {
            let next = after(at, self.timing.touch);
            record.touch = (left > 1).then(|| (next, left - 1));
            self.put(record, at);
        }
    }

    fn live_on(&mut self, mut record: Record, at: Timestamp) {
        match record.life.clone() {
            Life::Checking { .. } => self.checked(record, at),
            Life::Waiting { .. } => {
                let name = record.reference().unwrap_or_default();
                let detail = format!("The referenced statement {name} was not stopped in time.");
                self.fail(record, detail, at);
            }
            Life::Launching { .. } => self.launch(record, at),
            Life::Running { .. } => {
                record.stopped = true;
                self.begin_stopping(record, at);
            }
            Life::Failing { detail, .. } => self.fail(record, detail, at),
            Life::Stopping { .. } => self.stopped(record, at),
            Life::Deleting { .. }
            | Life::Failed { .. }
            | Life::Completed { .. }
            | Life::Stopped { .. } => self.remove(&record, at),
            Life::Exhausted | Life::Degraded => {}
        }
    }

    fn checked(&mut self, record: Record, at: Timestamp) {
        if let Err(detail) = self.check(&record) {
            return self.fail(record, detail, at);
        }
        match record.reference().map(str::to_owned) {
            Some(name) if record.is_resumable() => self.seek_reference(record, &name, at),
            _ if record.runs_on() => self.launch(record, at),
            _ => self.complete(record, at),
        }
    }

    fn complete(&mut self, mut record: Record, at: Timestamp) {
        match record.effect().cloned() {
            Some(SqlEffect::CreateTable { table, .. })
                if !self.tables.contains_key(&table.name) =>
            {
                self.add_table(table, Origin::Created, at);
            }
            Some(SqlEffect::CreateTable { table, .. }) => self.complete_table(table),
            Some(SqlEffect::DropTable { table, .. }) => self.drop_table(&table, at),
            Some(SqlEffect::Ask(question)) => {
                record.answer = Some(results::answer(&question, &self.tables, &record.properties));
            }
            _ => {}
        }
        let until = after(at, self.timing.retention);
        self.enter(record, Life::Completed { until }, at);
    }

    /// A topic whose columns nobody said has those now.
    fn complete_table(&mut self, said: NewTable) {
        let known = self.tables.get(&said.name).cloned();
        if let Some(mut known) = known.filter(|known| known.definition.columns.is_none()) {
            known.definition.columns = said.columns;
            self.commit(Change::Table(Box::new(known)));
        }
    }

    fn drop_table(&mut self, table: &str, at: Timestamp) {
        let touches = |record: &&Record| {
            let mut flows = record.effect().map_or(&[][..], SqlEffect::flows).iter();
            record.takes_room()
                && flows.any(|flow| flow.sink == table || flow.source.table == table)
        };
        let users: Vec<_> = self.records.values().filter(touches).cloned().collect();
        for record in users {
            self.begin_failing(record, format!("Table '{table}' was dropped."), at);
        }
        if self.tables.contains_key(table) {
            self.commit(Change::Dropped(table.to_owned()));
        }
    }

    /// Lets a statement run, if there is room for it.
    pub(super) fn launch(&mut self, mut record: Record, at: Timestamp) {
        if !self.has_room(&record) {
            if record.life != Life::Exhausted {
                self.enter(record, Life::Exhausted, at);
            }
            return;
        }
        self.assume_sources(&record, at);
        match self.begin(&record, at) {
            Err(detail) => self.fail(record, detail, at),
            Ok(offsets) => {
                let reads = record.is_resumable();
                record.offsets = Some(offsets).filter(|_| reads);
                self.begin_runs(&record, at);
                self.seal_fate(&mut record, at);
                let idle = (!reads).then(|| after(at, self.timing.idle));
                self.enter(record, Life::Running { idle }, at);
            }
        }
    }

    /// Decides what is going to happen to a statement that begins to run; whether something is.
    pub(super) fn seal_fate(&mut self, record: &mut Record, at: Timestamp) -> bool {
        let rules = self.faults.hit_statement(&record.name, |fault| {
            matches!(fault, Fault::Fails { .. } | Fault::Degrades { .. })
        });
        let fates = rules.into_iter().filter_map(|fault| match fault {
            Fault::Fails { after, detail } => Some((after, Turn::Fails { detail })),
            Fault::Degrades { after, seconds } => Some((after, Turn::Degrades { seconds })),
            _ => None,
        });
        let first = fates.min_by_key(|(seconds, _)| *seconds);
        let sealed = first.is_some();
        record.fate = first.map(|(seconds, turn)| Fate {
            at: after(at, Duration::from_secs(seconds)),
            turn,
        });
        sealed
    }

    fn turn(&mut self, mut record: Record, turn: Turn, at: Timestamp) {
        if !matches!(record.life, Life::Running { .. } | Life::Degraded) {
            return self.put(record, at);
        }
        match turn {
            Turn::Fails { detail } => self.begin_failing(record, detail, at),
            Turn::Degrades { seconds } => {
                record.fate = seconds.map(|seconds| Fate {
                    at: after(at, Duration::from_secs(seconds)),
                    turn: Turn::Recovers,
                });
                self.enter(record, Life::Degraded, at);
            }
            Turn::Recovers => self.enter(record, Life::Running { idle: None }, at),
        }
    }

    /// A running statement reads no more and is about to fail.
    pub(super) fn begin_failing(&mut self, mut record: Record, detail: String, at: Timestamp) {
        self.end_runs(&mut record, at);
        record.fate = None;
        let until = after(at, self.pause(&record.name, self.timing.fail));
        self.enter(record, Life::Failing { until, detail }, at);
    }

    /// A statement fails, whatever it was doing.
    pub(super) fn fail(&mut self, record: Record, detail: String, at: Timestamp) {
        let (place, name) = record.key();
        let until = after(at, self.timing.retention);
        self.enter(record, Life::Failed { detail, until }, at);
        self.tell_successors(&place, &name, at);
    }

    /// A statement is about to stop; it reads on until it has.
    pub(super) fn begin_stopping(&mut self, record: Record, at: Timestamp) {
        let until = after(at, self.pause(&record.name, self.timing.stop));
        self.enter(record, Life::Stopping { until }, at);
    }

    fn stopped(&mut self, mut record: Record, at: Timestamp) {
        let failures = self
            .faults
            .hit_statement(&record.name, |fault| *fault == Fault::SavepointFails);
        self.end_runs(&mut record, at);
        record.graceful = failures.is_empty();
        record.fate = None;
        let (place, name) = record.key();
        let until = after(at, self.timing.retention);
        self.enter(record, Life::Stopped { until }, at);
        self.tell_successors(&place, &name, at);
    }

    fn remove(&mut self, record: &Record, at: Timestamp) {
        let key = record.key();
        self.history.note(&key, at, Some(record));
        self.commit(Change::Removed(key));
        self.tell_successors(&record.place, &record.name, at);
    }

    /// How long a phase of a statement takes that takes so long by itself.
    pub(super) fn pause(&mut self, name: &str, usual: Duration) -> Duration {
        let rules = self
            .faults
            .hit_statement(name, |fault| matches!(fault, Fault::Slow { .. }));
        rules.iter().fold(usual, |pause, fault| match fault {
            Fault::Slow { factor } => pause.saturating_mul(*factor),
            _ => pause,
        })
    }
}
