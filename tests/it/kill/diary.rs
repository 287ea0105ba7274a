//! What happened in a world, call by call.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use routectl::clock::{Clock as _, ManualClock};
use routectl::emulator::{Exchange, Witness};
use serde_json::Value;

/// Everything that happened, in its order; with every call some time passes.
#[derive(Debug)]
pub(super) struct Diary {
    clock: ManualClock,
    tick: SignedDuration,
    entries: Mutex<Vec<Entry>>,
}

#[derive(Debug)]
enum Entry {
    Note(String),
    Call(Timestamp, Exchange),
}

impl Diary {
    pub(super) fn new(clock: ManualClock, tick: SignedDuration) -> Self {
        Self {
            clock,
            tick,
            entries: Mutex::default(),
        }
    }

    pub(super) fn note(&self, note: String) {
        self.write(Entry::Note(note));
    }

    fn write(&self, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.push(entry);
    }

    pub(super) fn read(&self) -> String {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<_> = entries.iter().map(|entry| format!("{entry}\n")).collect();
        lines.concat()
    }
}

impl Witness for Diary {
    fn saw(&self, exchange: &Exchange) {
        self.write(Entry::Call(self.clock.now(), exchange.clone()));
        self.clock.advance(self.tick);
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, call) = match self {
            Self::Note(note) => return f.write_str(note),
            Self::Call(at, call) => (at, call),
        };
        let read = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap_or_default();
        let (request, answer) = (read(&call.request), read(&call.answer));
        let place = call.target.rsplit("/statements").next().unwrap_or_default();
        let mut words = vec![at.to_string(), call.method.clone(), place.to_owned()];
        let reference = &request["spec"]["properties"]["sql.tables.initial-offset-from"];
        let status = &answer["status"];
        words.extend(request["name"].as_str().map(str::to_owned));
        words.extend(reference.as_str().map(|name| format!("from {name}")));
        words.push(format!("-> {}", call.status));
        words.extend(status["phase"].as_str().map(str::to_owned));
        words.extend(status["detail"].as_str().map(str::to_owned));
        write!(f, "  {}", words.join(" "))
    }
}
