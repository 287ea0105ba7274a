//! Holds every exchange with an emulator to the contract while a test runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use routectl::emulator::{Exchange, Settings, Witness};

use super::Contract;

/// Watches an emulator; when it goes, the test fails if anything broke the contract.
#[derive(Debug)]
pub(crate) struct HeldToContract(Arc<Recorder>);

impl HeldToContract {
    /// Makes the emulator of these settings show what goes in and out.
    pub(crate) fn new(settings: &mut Settings) -> Self {
        let recorder = Arc::new(Recorder::default());
        settings.witness = Some(recorder.clone());
        Self(recorder)
    }
}

impl Drop for HeldToContract {
    fn drop(&mut self) {
        // A test that fails already is told by its own words.
        if !std::thread::panicking() {
            let problems = self.0.problems();
            assert!(
                problems.is_empty(),
                "the vendor's contract is broken:\n{}",
                problems.join("\n")
            );
        }
    }
}

/// What broke the contract so far.
#[derive(Debug, Default)]
struct Recorder(Mutex<Vec<String>>);

impl Recorder {
    fn problems(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Witness for Recorder {
    fn saw(&self, exchange: &Exchange) {
        if exchange.target.starts_with("/fcpm/") {
            return;
        }
        let contract = Contract::get();
        // What breaks the contract has to be refused, and that is all that is asked of it.
        let refused = matches!(exchange.status, 400..500);
        let mut problems = contract.request_problems(exchange);
        problems.retain(|_| !refused);
        if !exchange.tampered {
            problems.extend(contract.answer_problems(exchange));
        }
        let what = format!(
            "{} {} ({})",
            exchange.method, exchange.target, exchange.status
        );
        let problems = problems.into_iter();
        self.problems()
            .extend(problems.map(|problem| format!("{what}: {problem}")));
    }
}
