//! The state, kept in step with its journal and the clock.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::Settings;
use super::gate::Gate;
use super::journal::{Journal, JournalError};
use super::refusal::Refusal;
use super::state::State;
use crate::clock::Clock;

/// The state of an emulator, shared by its connections.
#[derive(Debug)]
pub(super) struct Store {
    clock: Arc<dyn Clock>,
    /// Calls that a rule holds up.
    pub(super) gate: Gate,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    state: State,
    journal: Option<Journal>,
}

impl Store {
    pub(super) fn open(settings: &Settings) -> Result<Self, JournalError> {
        let mut state = State::new(settings);
        let journal = settings
            .journal
            .as_ref()
            .map(|path| Journal::open(path, settings.lock_patience, &mut state))
            .transpose()?;
        let store = Self {
            clock: Arc::clone(&settings.clock),
            gate: Gate::default(),
            kept: Mutex::new(Kept { state, journal }),
        };
        let topics = settings.topics.clone();
        store.with(|state, now| {
            for topic in topics {
                state.declare(topic, now);
            }
        })?;
        Ok(store)
    }

    /// Lets a call of the API work on the state as it is now. What changed is in the journal before this returns.
    pub(super) fn transact<T>(
        &self,
        work: impl FnOnce(&mut State, Timestamp) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.with(|state, now| {
            state.begin_call();
            work(state, now)
        })
        // Changes that could not be saved are tried again with those of the next request.
        .map_err(|error| Refusal::internal(error.to_string()))?
    }

    /// Works on the state as it is now, without being a call of the API.
    ///
    /// # Errors
    /// The journal cannot be written; the state has changed nevertheless.
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&mut State, Timestamp) -> T,
    ) -> Result<T, JournalError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { state, journal } = &mut *kept;
        state.advance(self.now(state));
        let outcome = work(state, self.now(state));
        // The work may have moved the time.
        state.advance(self.now(state));
        if let Some(journal) = journal {
            journal.append(state.unsaved())?;
        }
        state.saved();
        Ok(outcome)
    }

    fn now(&self, state: &State) -> Timestamp {
        let now = self.clock.now();
        now.checked_add(state.ahead()).unwrap_or(now)
    }
}
