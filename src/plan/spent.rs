//! Tasks that have no use any more: they made the table of a route that has begun since.
//!
//! As long as a task is there its table counts as new, so that a run which died before it came to the route is made good.
//! One that outlives that would let a route begin anew in a topic that holds its events.

use std::collections::BTreeSet;

use super::live::Live;
use super::sinks::{source_of, table_of, topics_of};
use crate::api::{Phase, Statement};
use crate::statement::label;

/// The tasks that have no use any more, by name.
pub fn spent(live: &Live) -> Vec<String> {
    let is_over = |task: &&Statement| {
        let phase = &task.status.phase;
        !label::is_question(task) && matches!(phase, Phase::Completed | Phase::Failed)
    };
    let made = live.tasks.iter().filter(is_over);
    let made = made.filter_map(|task| Some((task, table_of(task)?)));
    let mut made = made.peekable();
    if made.peek().is_none() {
        return Vec::new();
    }
    let begun = live.statements().flat_map(|one| {
        let read = source_of(&one.statement);
        topics_of(&one.statement).into_iter().chain(read)
    });
    let begun: BTreeSet<String> = begun.collect();
    made.filter(|(_, topic)| begun.contains(topic))
        .map(|(task, _)| task.name.clone())
        .collect()
}
