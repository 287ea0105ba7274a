//! Answers that were given before. The routes of a fleet ask for the same few fields under the same few
//! pins thousands of times, and an answer is a walk over all alternatives.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::PathProblem;
use crate::schema::pins::{Pins, PinsKey};
use crate::schema::{Documents, Field, FieldPath};

type Answer = Result<Field, PathProblem>;

/// Remembers answers.
#[derive(Debug, Default)]
pub(super) struct Memo {
    answers: Mutex<HashMap<(FieldPath, PinsKey), Answer>>,
}

impl Memo {
    /// The answer that was given before, or the one that `ask` gives now.
    pub(super) fn answer(
        &self,
        path: &FieldPath,
        pins: &Pins,
        ask: impl FnOnce() -> Answer,
    ) -> Answer {
        let key = (path.clone(), pins.key());
        let lock = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return known.clone();
        }
        let answer = ask();
        lock().insert(key, answer.clone());
        answer
    }
}

/// The texts that the schemas tell apart: all that stand in a `const` or `enum` (and, harmlessly, other
/// texts). Pins to any two others narrow alike.
pub(super) fn telling_texts(documents: &Documents) -> HashSet<String> {
    let mut texts = HashSet::new();
    for value in documents.values() {
        collect(value, false, &mut texts);
    }
    texts
}

fn collect(value: &Value, telling: bool, texts: &mut HashSet<String>) {
    match value {
        Value::String(text) if telling => {
            texts.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, telling, texts)),
        Value::Object(keywords) => {
            for (keyword, value) in keywords {
                let telling = telling || matches!(keyword.as_str(), "const" | "enum");
                collect(value, telling, texts);
            }
        }
        _ => {}
    }
}
