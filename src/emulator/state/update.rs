//! What a PUT may change: stop and resume, and with a resumption the pool and the principal.

use jiff::Timestamp;

use super::{State, after};
use crate::emulator::record::{Life, Record};
use crate::emulator::refusal::Refusal;
use crate::emulator::request::{UpdateRequest, UpdateSpec};

impl State {
    /// Carries out a PUT.
    pub(in crate::emulator) fn update(
        &mut self,
        name: &str,
        request: UpdateRequest,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut record = self.get(name)?;
        if matches!(record.life, Life::Deleting { .. }) {
            return Err(Refusal::conflict(format!(
                "Statement resource={name} is being deleted"
            )));
        }
        if request.metadata.resource_version != record.resource_version() {
            return Err(Refusal::conflict(format!(
                "Statement resource={name} has changed: its version is not {} any more",
                request.metadata.resource_version
            )));
        }
        check_immutable(&record, &request)?;
        let starts = record.stopped && !request.spec.stopped;
        let stops = !record.stopped && request.spec.stopped;
        if starts {
            self.resume(&mut record, request.spec, now)?;
        } else {
            check_owner(&record, &request.spec)?;
        }
        if stops {
            record.life = self.stop(&record, now)?;
            record.stopped = true;
        }
        if starts || stops {
            self.put(record, now);
        }
        Ok(())
    }

    fn stop(&self, record: &Record, now: Timestamp) -> Result<Life, Refusal> {
        match record.life {
            Life::Starting { .. } | Life::Running => Ok(Life::Stopping {
                until: after(now, self.timing.stop),
            }),
            _ => Err(Refusal::invalid(
                "/spec/stopped",
                "The statement has ended by itself already",
            )),
        }
    }

    fn resume(&self, record: &mut Record, spec: UpdateSpec, now: Timestamp) -> Result<(), Refusal> {
        let refuse = |detail: &str| Err(Refusal::invalid("/spec/stopped", detail));
        if record.life != Life::Stopped {
            return refuse("The statement can be resumed only once it is STOPPED");
        }
        if !record.runs_on() {
            return refuse("Only INSERT INTO and EXECUTE STATEMENT SET can be resumed");
        }
        record.stopped = false;
        record.compute_pool = spec.compute_pool_id.or_else(|| record.compute_pool.take());
        record.principal = spec.principal.or_else(|| record.principal.take());
        record.life = self.starting(record, now);
        Ok(())
    }
}

fn check_immutable(record: &Record, request: &UpdateRequest) -> Result<(), Refusal> {
    if request.name != record.name {
        return Err(Refusal::invalid("/name", "The name cannot be changed"));
    }
    if request
        .spec
        .statement
        .as_ref()
        .is_some_and(|sql| *sql != record.sql)
    {
        return Err(Refusal::invalid(
            "/spec/statement",
            "The statement cannot be changed",
        ));
    }
    if request
        .spec
        .properties
        .as_ref()
        .is_some_and(|properties| *properties != record.properties)
    {
        return Err(Refusal::invalid(
            "/spec/properties",
            "The properties cannot be changed",
        ));
    }
    Ok(())
}

/// Pool and principal may change only while a stopped statement is resumed.
fn check_owner(record: &Record, spec: &UpdateSpec) -> Result<(), Refusal> {
    let changes = |new: &Option<String>, old: &Option<String>| new.is_some() && new != old;
    if changes(&spec.compute_pool_id, &record.compute_pool) {
        let detail = "The compute pool can be changed only when a stopped statement is resumed";
        return Err(Refusal::invalid("/spec/compute_pool_id", detail));
    }
    if changes(&spec.principal, &record.principal) {
        let detail = "The principal can be changed only when a stopped statement is resumed";
        return Err(Refusal::invalid("/spec/principal", detail));
    }
    Ok(())
}
