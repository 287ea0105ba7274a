//! Carry-over: a statement that begins where another one stopped. It is PENDING until then.

use jiff::Timestamp;

use super::{State, after};
use crate::emulator::behaviour::FailedReference;
use crate::emulator::record::{Life, Place, Record};
use crate::emulator::topic::Offsets;

/// How far a reference is.
enum Reference {
    /// It hands these over.
    Ready(Offsets),
    /// It may yet.
    NotYet,
    /// It never will, and why.
    Never(String),
}

/// What a statement says while it waits: the service's own words, which clients wait for.
pub(in crate::emulator) fn waiting_detail(reference: &str, until: Timestamp) -> String {
    let until = until.strftime("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "Statement is currently pending until referenced statement {reference} is stopped. If {reference} is not \
         stopped before {until}, this statement will fail."
    )
}

impl State {
    /// What a statement that carries offsets over does next, now that its SQL is checked.
    pub(super) fn seek_reference(&mut self, mut record: Record, name: &str, at: Timestamp) {
        match self.reference(&record, name) {
            Reference::Ready(offsets) => {
                record.taken_over = Some(offsets);
                let until = after(at, self.pause(&record.name, self.timing.take_over));
                self.enter(record, Life::Launching { until }, at);
            }
            Reference::NotYet => {
                let until = after(record.asked_at, self.timing.patience);
                if matches!(record.life, Life::Waiting { .. }) {
                    return;
                }
                self.enter(record, Life::Waiting { until }, at);
            }
            Reference::Never(detail) => self.fail(record, detail, at),
        }
    }

    /// Why a statement could never take over the offsets of its reference, as things are.
    pub(super) fn check_reference(&self, record: &Record) -> Result<(), String> {
        match record.reference().map(|name| self.reference(record, name)) {
            Some(Reference::Never(detail)) => Err(detail),
            _ => Ok(()),
        }
    }

    fn reference(&self, successor: &Record, name: &str) -> Reference {
        let never = |reason: &str| {
            Reference::Never(format!(
                "Offsets cannot be carried over from statement {name}: {reason}."
            ))
        };
        let Some(found) = self
            .records
            .get(&(successor.place.clone(), name.to_owned()))
        else {
            return never("the statement was not found");
        };
        let offsets = |found: &Record| match &found.offsets {
            Some(offsets) => Reference::Ready(offsets.clone()),
            None => never("it has no offsets"),
        };
        match &found.life {
            Life::Stopped { .. } if !found.graceful => {
                never("its savepoint failed; resume it and stop it again")
            }
            Life::Stopped { .. }
                if !self.behaviour.several_successors && self.has_heir(successor, name) =>
            {
                never("another statement has taken them over")
            }
            Life::Stopped { .. } => offsets(found),
            Life::Completed { .. } => never("it is completed"),
            Life::Failed { .. } => match self.behaviour.failed_reference {
                FailedReference::Fails => never("it has failed"),
                FailedReference::Waits => Reference::NotYet,
                FailedReference::Offsets => offsets(found),
            },
            _ => Reference::NotYet,
        }
    }

    fn has_heir(&self, successor: &Record, name: &str) -> bool {
        self.records.values().any(|other| {
            other.uid != successor.uid
                && other.place == successor.place
                && other.taken_over.is_some()
                && other.reference() == Some(name)
        })
    }

    /// Lets those look again that wait for a statement which is in another phase now, or gone.
    pub(super) fn tell_successors(&mut self, place: &Place, name: &str, at: Timestamp) {
        let successors: Vec<_> = self
            .records
            .values()
            .filter(|record| record.place == *place && record.reference() == Some(name))
            .cloned()
            .collect();
        let gone = !self.records.contains_key(&(place.clone(), name.to_owned()));
        for record in successors {
            if matches!(record.life, Life::Waiting { .. }) {
                self.seek_reference(record, name, at);
            } else if gone && self.behaviour.needs_reference && record.takes_room() {
                let detail = format!("The referenced statement {name} was not found.");
                self.begin_failing(record, detail, at);
            }
        }
    }
}
