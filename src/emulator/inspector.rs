//! The emulator from behind: what the service shows nobody, and what nobody can do to it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::catalog::NewTable;
use super::fault::Rule;
use super::journal::JournalError;
use super::ledger::Ledger;
use super::store::Store;

/// Looks behind an emulator, also while it answers requests. None of this counts as a call of the API.
#[derive(Debug, Clone)]
pub struct Inspector(pub(super) Arc<Store>);

impl Inspector {
    /// Who has read what by now.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn ledger(&self) -> Result<Ledger, JournalError> {
        self.0.with(|state, now| state.ledger(now))
    }

    /// The emulator's time.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn now(&self) -> Result<Timestamp, JournalError> {
        self.0.with(|_, now| now)
    }

    /// Moves the emulator's time ahead of its clock. What becomes due in between happens in its order.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn move_ahead(&self, by: SignedDuration) -> Result<(), JournalError> {
        self.0.with(|state, _| state.move_ahead(by))
    }

    /// Says that there is a topic; nothing happens where it is there already.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn declare(&self, topic: NewTable) -> Result<(), JournalError> {
        self.0.with(|state, now| state.declare(topic, now))
    }

    /// Puts a fault rule in force, also for statements that run already. Rules are not kept on disk.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn add_fault(&self, rule: Rule) -> Result<(), JournalError> {
        self.0.with(|state, now| state.add_fault(rule, now))
    }

    /// The fault rules in force.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn faults(&self) -> Result<Vec<Rule>, JournalError> {
        self.0.with(|state, _| state.faults.rules())
    }

    /// Ends all fault rules. Calls that are held up go on.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn clear_faults(&self) -> Result<(), JournalError> {
        let cleared = self.0.with(|state, _| state.faults.clear());
        self.0.gate.open();
        cleared
    }

    /// Waits until a rule holds up a call (see [`Fault::Hold`](super::Fault::Hold)).
    pub async fn until_held(&self) {
        self.0.gate.until_held().await;
    }

    /// Waits until every call that was held up is answered, or would be if its client were still there.
    pub async fn until_none_held(&self) {
        self.0.gate.until_answered().await;
    }
}
