//! The state, kept in step with its journal and the clock.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::Settings;
use super::journal::{Journal, JournalError};
use super::refusal::Refusal;
use super::state::State;
use crate::clock::Clock;

/// The state of an emulator, shared by its connections.
#[derive(Debug)]
pub(super) struct Store {
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    state: State,
    journal: Option<Journal>,
}

impl Store {
    pub(super) fn open(settings: &Settings) -> Result<Self, JournalError> {
        let mut state = State::new(settings.timing, Arc::clone(&settings.sql));
        let journal = settings
            .journal
            .as_ref()
            .map(|path| Journal::open(path, settings.lock_patience, &mut state))
            .transpose()?;
        Ok(Self {
            clock: Arc::clone(&settings.clock),
            kept: Mutex::new(Kept { state, journal }),
        })
    }

    /// Lets a request work on the state as it is now. What changed is in the journal before this returns.
    pub(super) fn transact<T>(
        &self,
        work: impl FnOnce(&mut State, Timestamp) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { state, journal } = &mut *kept;
        let now = self.clock.now();
        state.advance(now);
        let outcome = work(state, now);
        if let Some(journal) = journal {
            // Changes that could not be saved are tried again with those of the next request.
            journal
                .append(state.unsaved())
                .map_err(|error| Refusal::internal(error.to_string()))?;
        }
        state.saved();
        outcome
    }
}
