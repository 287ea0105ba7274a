//! What a PUT or a PATCH may change: stop and resume, with a resumption the pool and the principal, and where the
//! service lets it the labels.

use jiff::Timestamp;

use super::{State, after};
use crate::api::Phase;
use crate::emulator::record::{Life, Record};
use crate::emulator::refusal::Refusal;
use crate::emulator::request::{UpdateRequest, UpdateSpec};

impl State {
    /// Carries out a PUT on a statement as it is now.
    pub(in crate::emulator) fn update(
        &mut self,
        record: Record,
        request: UpdateRequest,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if request.metadata.resource_version != record.resource_version() {
            return Err(Refusal::conflict(format!(
                "Statement resource={} has changed: its version is not {} any more",
                record.name, request.metadata.resource_version
            )));
        }
        self.check_immutable(&record, &request)?;
        let mut changed = record.clone();
        if self.behaviour.labels_change
            && let Some(labels) = request.metadata.labels
        {
            changed.labels = labels;
        }
        self.change(record, changed, request.spec, now)
    }

    /// Carries out a change of `spec` alone, whatever the version.
    pub(in crate::emulator) fn patch(
        &mut self,
        record: Record,
        spec: UpdateSpec,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.change(record.clone(), record, spec, now)
    }

    fn change(
        &mut self,
        record: Record,
        mut changed: Record,
        spec: UpdateSpec,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if matches!(record.life, Life::Deleting { .. }) {
            let detail = format!("Statement resource={} is being deleted", record.name);
            return Err(Refusal::conflict(detail));
        }
        if record.stopped && !spec.stopped {
            check_resumable(&record)?;
            changed.compute_pool = self.pool_of(spec.compute_pool_id.or(record.compute_pool))?;
            changed.principal = spec.principal.or(record.principal);
            changed.stopped = false;
            if self.behaviour.resume_takes_over_again && changed.reference().is_some() {
                (changed.offsets, changed.taken_over) = (None, None);
            }
            self.ask_to_run(changed, now);
            return Ok(());
        }
        check_owner(&record, &spec)?;
        if spec.stopped && self.stop_has_effect(&record)? {
            changed.stopped = true;
            self.begin_stopping(changed, now);
        } else if changed != record {
            self.put(changed, now);
        }
        Ok(())
    }

    /// Whether a statement that is to stop does anything for that. The service takes the request in any phase.
    fn stop_has_effect(&self, record: &Record) -> Result<bool, Refusal> {
        match record.life {
            Life::Failed { .. } if self.behaviour.stop_failed => Ok(true),
            Life::Failed { .. }
            | Life::Completed { .. }
            | Life::Stopping { .. }
            | Life::Stopped { .. } => {
                if self.behaviour.refuse_vain_stop {
                    let detail = "The statement is stopped or has ended already";
                    return Err(Refusal::invalid("/spec/stopped", detail));
                }
                Ok(false)
            }
            _ => Ok(true),
        }
    }

    fn check_immutable(&self, record: &Record, request: &UpdateRequest) -> Result<(), Refusal> {
        if request.name != record.name {
            return Err(Refusal::invalid("/name", "The name cannot be changed"));
        }
        if !self.behaviour.refuse_immutable {
            return Ok(());
        }
        let spec = &request.spec;
        if spec
            .statement
            .as_ref()
            .is_some_and(|sql| *sql != record.sql && *sql != self.shown_sql(record))
        {
            let detail = "The statement cannot be changed";
            return Err(Refusal::invalid("/spec/statement", detail));
        }
        let properties = spec.properties.as_ref();
        let shown = self.shown_properties(record);
        if properties.is_some_and(|properties| *properties != shown) {
            let detail = "The properties cannot be changed";
            return Err(Refusal::invalid("/spec/properties", detail));
        }
        Ok(())
    }
}

fn check_resumable(record: &Record) -> Result<(), Refusal> {
    let refuse = |detail: &str| Err(Refusal::invalid("/spec/stopped", detail));
    if !record.life.is_stopped() {
        return refuse("The statement can be resumed only once it is STOPPED");
    }
    if !record.is_resumable() {
        return refuse(
            "Only INSERT INTO, CREATE TABLE AS and EXECUTE STATEMENT SET can be resumed",
        );
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

impl State {
    /// Somebody reads the rows of a statement: a query runs on for that. Whether there may be more.
    pub(in crate::emulator) fn consume(
        &mut self,
        record: &Record,
        now: Timestamp,
    ) -> Result<bool, Refusal> {
        match record.life {
            Life::Deleting { .. } => Err(Refusal::unknown_statement(&record.name)),
            Life::Running { idle: Some(_) } => {
                let mut record = record.clone();
                let idle = Some(after(now, self.timing.idle));
                record.life = Life::Running { idle };
                self.put(record, now);
                Ok(true)
            }
            _ => Ok(matches!(record.life.phase(), Phase::Pending)),
        }
    }
}
