//! Room in compute pools.

use jiff::Timestamp;

use super::State;
use crate::emulator::fault::Fault;
use crate::emulator::record::{Life, Record};
use crate::emulator::refusal::Refusal;

impl State {
    /// The pool that a statement runs in: the one it names, or the default one.
    pub(super) fn pool_of(&self, wanted: Option<String>) -> Result<Option<String>, Refusal> {
        match wanted {
            None => Ok(self.pools.first().map(|pool| pool.id.clone())),
            Some(id) if self.pools.is_empty() || self.pools.iter().any(|pool| pool.id == id) => {
                Ok(Some(id))
            }
            Some(id) => {
                let detail = format!("logical compute pool={id} not found");
                Err(Refusal::invalid("/spec/compute_pool_id", detail))
            }
        }
    }

    /// How many CFUs of a pool are taken.
    pub(in crate::emulator) fn current_cfu(&self, pool: &str) -> u32 {
        let taken = self
            .records
            .values()
            .filter(|record| record.compute_pool.as_deref() == Some(pool) && record.takes_room());
        u32::try_from(taken.count()).unwrap_or(u32::MAX)
    }

    pub(super) fn has_room(&self, record: &Record) -> bool {
        let pool = record.compute_pool.as_deref();
        let limit = self.pools.iter().find(|known| pool == Some(&known.id));
        limit.is_none_or(|pool| self.current_cfu(&pool.id) < pool.max_cfu)
            && !self
                .faults
                .stands(&record.name, |fault| *fault == Fault::PoolExhausted)
    }

    /// Starts what waits for room, the oldest first, as far as there is room now.
    pub(super) fn admit(&mut self, at: Timestamp) {
        let mut waiting: Vec<_> = self
            .records
            .values()
            .filter(|record| record.life == Life::Exhausted)
            .cloned()
            .collect();
        waiting.sort_by_key(|record| (record.asked_at, record.revision));
        for record in waiting {
            if self.has_room(&record) {
                self.launch(record, at);
            }
        }
    }
}
