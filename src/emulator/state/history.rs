//! What the list shows while it is behind. It is not kept on disk: after a restart the list is in step.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::emulator::behaviour::Behaviour;
use crate::emulator::record::{Key, Place, Record};

/// How statements were.
#[derive(Debug)]
pub(super) struct History {
    /// For how long a new statement is missing.
    new: SignedDuration,
    /// For how long a statement is shown as it was.
    old: SignedDuration,
    /// For each statement how it was until when; `None` while there was none.
    past: BTreeMap<Key, Vec<(Timestamp, Option<Record>)>>,
}

impl History {
    pub(super) fn new(behaviour: &Behaviour) -> Self {
        Self {
            new: behaviour.list_lag_new,
            old: behaviour.list_lag_old,
            past: BTreeMap::new(),
        }
    }

    /// Notes how a statement was until now.
    pub(super) fn note(&mut self, key: &Key, now: Timestamp, was: Option<&Record>) {
        if self.old.is_zero() {
            return;
        }
        let seen = self.seen_at(now);
        let past = self.past.entry(key.clone()).or_default();
        past.retain(|(until, _)| *until > seen);
        past.push((now, was.cloned()));
    }

    /// The statements of a place as the list shows them, by name.
    pub(super) fn shown<'a>(
        &'a self,
        place: &Place,
        present: impl Iterator<Item = &'a Record>,
        now: Timestamp,
    ) -> Vec<&'a Record> {
        let seen = self.seen_at(now);
        let visible = |record: &&Record| {
            let shown_from = record.created_at.checked_add(self.new);
            shown_from.unwrap_or(Timestamp::MAX) <= now
        };
        let mut shown: BTreeMap<&str, &Record> = present
            .filter(visible)
            .map(|record| (record.name.as_str(), record))
            .collect();
        for ((of, name), past) in &self.past {
            let was = past.iter().find(|(until, _)| *until > seen);
            if let Some((_, Some(record))) = was.filter(|_| of == place) {
                shown.insert(name, record);
            }
        }
        shown.into_values().collect()
    }

    fn seen_at(&self, now: Timestamp) -> Timestamp {
        now.checked_sub(self.old).unwrap_or(Timestamp::MIN)
    }
}
