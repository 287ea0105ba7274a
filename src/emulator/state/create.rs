//! What a POST and a DELETE do.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{State, after};
use crate::emulator::behaviour::MissingReference;
use crate::emulator::record::{Life, Place, Record};
use crate::emulator::refusal::Refusal;
use crate::emulator::request::CreateRequest;
use crate::emulator::results;
use crate::emulator::sql::SqlEffect;

impl State {
    /// Creates a statement, or only checks it (`sql.dry-run`).
    pub(in crate::emulator) fn create(
        &mut self,
        request: CreateRequest,
        place: Place,
        now: Timestamp,
    ) -> Result<Record, Refusal> {
        request.check(self.behaviour.longest_label)?;
        let dry_run = request.is_dry_run();
        let record = self.draft(request, place, now)?;
        if dry_run {
            return Ok(self.rehearse(record));
        }
        if self.records.contains_key(&record.key()) {
            return Err(Refusal::name_is_taken(&record.name));
        }
        if let Some(reference) = record.reference()
            && self.behaviour.missing_reference == MissingReference::Refused
            && !self
                .records
                .contains_key(&(record.place.clone(), reference.to_owned()))
        {
            let detail = format!("Referenced statement {reference} not found");
            return Err(Refusal::invalid("/spec/properties", detail));
        }
        let (place, name) = record.key();
        self.ask_to_run(record, now);
        self.get(&place, &name)
    }

    fn draft(
        &self,
        request: CreateRequest,
        place: Place,
        now: Timestamp,
    ) -> Result<Record, Refusal> {
        let sql = if self.behaviour.keeps_comments {
            request.spec.statement.clone()
        } else {
            without_leading_comments(&request.spec.statement).to_owned()
        };
        let mut record = Record {
            labels: request.labels(),
            uid: uid(&request.name, now, self.revision),
            name: request.name,
            place,
            revision: self.revision,
            created_at: now,
            asked_at: now,
            updated_at: now,
            effect: Ok(SqlEffect::Other),
            sql,
            properties: request.spec.properties.unwrap_or_default(),
            compute_pool: self.pool_of(request.spec.compute_pool_id)?,
            principal: request.spec.principal,
            stopped: false,
            life: Life::Checking { until: now },
            offsets: None,
            taken_over: None,
            graceful: true,
            answer: None,
            fate: None,
            touch: None,
        };
        record.effect = self.sql.read(&record.plain_sql());
        Ok(record)
    }

    /// What would become of a statement: it answers at once and is not kept.
    fn rehearse(&self, mut record: Record) -> Record {
        let until = Timestamp::MAX;
        record.uid = String::new();
        record.life = match self
            .check(&record)
            .and_then(|()| self.check_reference(&record))
        {
            Ok(()) => Life::Completed { until },
            Err(detail) => Life::Failed { detail, until },
        };
        if let (Life::Completed { .. }, Some(SqlEffect::Ask(question))) =
            (&record.life, record.effect())
        {
            record.answer = Some(results::answer(question, &self.tables, &record.properties));
        }
        record
    }

    /// Lets a new or stopped statement begin to run: it is PENDING first.
    pub(super) fn ask_to_run(&mut self, mut record: Record, now: Timestamp) {
        record.asked_at = now;
        let carries_over = record.is_resumable() && record.reference().is_some();
        let usual = if carries_over && record.offsets.is_none() {
            self.timing.check
        } else if record.runs_on() {
            self.timing.start
        } else {
            self.timing.ddl
        };
        let until = after(now, self.pause(&record.name, usual));
        let life = if record.offsets.is_some() {
            Life::Launching { until }
        } else {
            Life::Checking { until }
        };
        self.enter(record, life, now);
    }

    /// Begins to delete a statement; it reads no more.
    pub(in crate::emulator) fn delete(&mut self, mut record: Record, now: Timestamp) {
        if matches!(record.life, Life::Deleting { .. }) {
            return;
        }
        self.end_runs(&mut record, now);
        record.fate = None;
        let until = after(now, self.pause(&record.name, self.timing.delete));
        self.enter(record, Life::Deleting { until }, now);
    }
}

fn without_leading_comments(sql: &str) -> &str {
    let rest = sql.trim_start();
    let behind = match (rest.strip_prefix("--"), rest.strip_prefix("/*")) {
        (Some(line), _) => line.split_once('\n'),
        (_, Some(block)) if !block.starts_with('+') => block.split_once("*/"),
        _ => return rest,
    };
    behind.map_or("", |(_, behind)| without_leading_comments(behind))
}

/// An id in the form of a UUID, unique in time because the revision is.
fn uid(name: &str, now: Timestamp, revision: u64) -> String {
    let hex = HEXLOWER.encode(&Sha256::digest(format!("{name} {now} {revision}")));
    [0..8, 8..12, 12..16, 16..20, 20..32]
        .map(|range| &hex[range])
        .join("-")
}
