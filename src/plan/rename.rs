//! Guards a topic against a second reader of its history.
//!
//! A renamed route has another id: it looks like one that is new and one that is no more. Created from its
//! `start` it would write events into the topic that are there already, so neither half is carried out.

use std::collections::BTreeSet;

use super::{Action, Entry, Judgement, Live};
use crate::sql::{self, Statement};
use crate::statement::RouteId;

/// Blocks the creation of routes whose topic a statement of no route writes, and that statement's deletion.
pub(super) fn block(entries: &mut [Entry], live: &Live) {
    let is_orphan = |entry: &&Entry| {
        matches!(
            entry.judgement.action,
            Action::Orphaned | Action::Delete { .. }
        )
    };
    let orphans: Vec<Orphan> = entries
        .iter()
        .filter(is_orphan)
        .filter_map(|entry| Orphan::of(entry, live))
        .collect();
    let mut kept = BTreeSet::new();
    for entry in entries.iter_mut() {
        let (Action::Create { .. }, Some(topic)) = (&entry.judgement.action, &entry.topic) else {
            continue;
        };
        let writers: Vec<_> = orphans.iter().filter(|one| one.topic == *topic).collect();
        let Some(writer) = writers.first() else {
            continue;
        };
        let reason = format!(
            "`{}`, of a route that is no more, has written to `{topic}` already",
            writer.statement
        );
        entry.judgement = Judgement::blocked(reason).with_remedy(REMEDY);
        kept.extend(writers.into_iter().map(|writer| writer.id.clone()));
    }
    for entry in entries.iter_mut().filter(|entry| kept.contains(&entry.id)) {
        if let Action::Delete { .. } = entry.judgement.action {
            let reason = "a route that looks like this one renamed writes the same topic";
            entry.judgement = Judgement::blocked(reason);
        }
    }
}

const REMEDY: &str = "if the route was renamed, give it its old name: this version cannot move the position to a new one; else choose another topic";

/// A statement of a route that is no more.
struct Orphan {
    id: RouteId,
    statement: String,
    topic: String,
}

impl Orphan {
    fn of(entry: &Entry, live: &Live) -> Option<Self> {
        let head = live.routes.get(&entry.id)?.last()?;
        Some(Self {
            id: entry.id.clone(),
            statement: head.statement.name.clone(),
            topic: topic_of(&head.statement.spec.statement)?,
        })
    }
}

/// The topic that a statement writes; `None` where its SQL is none of this version's.
fn topic_of(text: &str) -> Option<String> {
    match sql::parse(text) {
        Ok(Statement::Insert(insert)) => Some(insert.sink.0),
        Ok(_) | Err(_) => None,
    }
}
