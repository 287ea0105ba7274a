//! Where statements begin to read, and how far they got.
//!
//! A running statement has read everything up to the end of its topics. What it goes on from is, in this order: its
//! own offsets once it has run; per table a startup option in its SQL or of its table; the offsets that it took
//! over; the startup property of the statement; the earliest record.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Change, State};
use crate::emulator::catalog::{NewTable, Origin, Table};
use crate::emulator::ledger::{Ledger, Run};
use crate::emulator::record::Record;
use crate::emulator::sql::{Source, SqlEffect};
use crate::emulator::topic::{self, Moment, Offsets};

const MODE: &str = "scan.startup.mode";
const MILLIS: &str = "scan.startup.timestamp-millis";
const SPECIFIC: &str = "scan.startup.specific-offsets";

/// Where to begin to read, as options say it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Startup {
    Earliest,
    Latest,
    Timestamp(Timestamp),
    Specific(Vec<u64>),
}

impl Startup {
    /// What options say, whose keys begin with a prefix; `None` where they say nothing.
    fn read(
        options: &BTreeMap<String, String>,
        prefix: &str,
        partitions: u32,
    ) -> Result<Option<Self>, String> {
        let option = |key: &str| options.get(&format!("{prefix}{key}"));
        let needed = |key: &str| {
            option(key).ok_or_else(|| format!("The option '{prefix}{key}' is missing."))
        };
        let Some(mode) = option(MODE) else {
            return Ok(None);
        };
        Ok(Some(match mode.as_str() {
            "earliest-offset" | "group-offsets" => Self::Earliest,
            "latest-offset" => Self::Latest,
            "timestamp" => {
                let text = needed(MILLIS)?;
                let millis = text.parse().ok();
                let time = millis.and_then(|millis| Timestamp::from_millisecond(millis).ok());
                Self::Timestamp(
                    time.ok_or_else(|| format!("'{text}' is no time in milliseconds."))?,
                )
            }
            "specific-offsets" => Self::Specific(topic::read(needed(SPECIFIC)?, partitions)?),
            other => {
                return Err(format!(
                    "Invalid value '{other}' for option '{prefix}{MODE}'."
                ));
            }
        }))
    }
}

impl State {
    fn offsets_of(&self, startup: Startup, table: &Table, moment: Moment) -> Vec<u64> {
        match startup {
            Startup::Earliest => self.growth.firsts(table),
            Startup::Latest => self.growth.ends(table, moment),
            Startup::Timestamp(since) => self.growth.at_time(table, since, moment),
            Startup::Specific(offsets) => offsets,
        }
    }

    /// Where a statement would begin to read a table now.
    fn beginning(
        &self,
        record: &Record,
        source: &Source,
        moment: Moment,
    ) -> Result<Vec<u64>, String> {
        let Some(table) = self.tables.get(&source.table) else {
            return Err(format!("Table '{}' does not exist.", source.table));
        };
        let partitions = table.partitions;
        if let Some(own) = record
            .offsets
            .as_ref()
            .and_then(|offsets| offsets.get(&source.table))
        {
            return Ok(own.clone());
        }
        for options in [&source.hint, &table.definition.options] {
            if let Some(startup) = Startup::read(options, "", partitions)? {
                return Ok(self.offsets_of(startup, table, moment));
            }
        }
        let carried = record.taken_over.as_ref();
        if let Some(offsets) = carried.and_then(|offsets| offsets.get(&source.table)) {
            return Ok(offsets.clone());
        }
        let startup = Startup::read(&record.properties, "sql.tables.", partitions)?;
        Ok(self.offsets_of(startup.unwrap_or(Startup::Earliest), table, moment))
    }

    /// Makes the topics that a statement reads and nobody has made.
    pub(super) fn assume_sources(&mut self, record: &Record, at: Timestamp) {
        let sources = sources(record.effect());
        for name in sources.into_iter().map(|source| &source.table) {
            if !self.tables.contains_key(name) {
                let table = NewTable {
                    name: name.clone(),
                    ..NewTable::default()
                };
                self.add_table(table, Origin::Assumed, at);
            }
        }
    }

    /// Where a statement would begin to read now, for each topic.
    pub(super) fn begin(&self, record: &Record, at: Timestamp) -> Result<Offsets, String> {
        let mut offsets = Offsets::new();
        for flow in record.effect().map_or(&[][..], SqlEffect::flows) {
            let begin = self.beginning(record, &flow.source, self.moment(at))?;
            offsets.insert(flow.source.table.clone(), begin);
        }
        Ok(offsets)
    }

    /// Writes into the ledger that a statement has begun to read.
    pub(super) fn begin_runs(&mut self, record: &Record, at: Timestamp) {
        let streams: BTreeSet<_> = record
            .effect()
            .map_or(&[][..], SqlEffect::flows)
            .iter()
            .map(|flow| (flow.sink.clone(), flow.source.table.clone()))
            .collect();
        for (sink, source) in streams {
            let offsets = record
                .offsets
                .as_ref()
                .and_then(|offsets| offsets.get(&source));
            let from = offsets.cloned().unwrap_or_default();
            self.commit(Change::Run(Box::new(Run {
                number: self.ledger.runs.len() as u64,
                statement: record.name.clone(),
                uid: record.uid.clone(),
                sink,
                source,
                began: at,
                ended: None,
                to: from.clone(),
                from,
            })));
        }
    }

    /// Writes into the ledger how far a statement got that reads no longer. Nothing happens to one that does not.
    pub(super) fn end_runs(&mut self, record: &mut Record, at: Timestamp) {
        let open: Vec<_> = self
            .ledger
            .open()
            .filter(|run| run.uid == record.uid)
            .map(|run| self.as_of(run, at))
            .collect();
        for mut run in open {
            run.ended = Some(at);
            let offsets = record.offsets.get_or_insert_default();
            offsets.insert(run.source.clone(), run.to.clone());
            self.commit(Change::Run(Box::new(run)));
        }
    }

    /// A run with what it has read by now.
    fn as_of(&self, run: &Run, at: Timestamp) -> Run {
        let mut run = run.clone();
        if let (None, Some(table)) = (run.ended, self.tables.get(&run.source)) {
            let ends = self.growth.ends(table, self.moment(at));
            for (to, end) in run.to.iter_mut().zip(ends) {
                *to = end.max(*to);
            }
        }
        run
    }

    /// The ledger as it is now.
    pub(in crate::emulator) fn ledger(&self, now: Timestamp) -> Ledger {
        Ledger {
            runs: self
                .ledger
                .runs
                .iter()
                .map(|run| self.as_of(run, now))
                .collect(),
        }
    }

    /// What the startup options of a statement would be refused for.
    pub(super) fn check_startup(&self, record: &Record, source: &Source) -> Result<(), String> {
        let partitions = self.partitions(&source.table);
        Startup::read(&source.hint, "", partitions)?;
        Startup::read(&record.properties, "sql.tables.", partitions)?;
        Ok(())
    }
}

/// The tables that a statement reads.
pub(super) fn sources(effect: Option<&SqlEffect>) -> Vec<&Source> {
    match effect {
        Some(SqlEffect::Insert(flows)) => flows.iter().map(|flow| &flow.source).collect(),
        Some(SqlEffect::Select(sources)) => sources.iter().collect(),
        _ => Vec::new(),
    }
}
