//! What there is to say of a route once nothing is left to do about it.

use super::{End, Work};
use crate::api::Phase;
use crate::apply::report::Status;
use crate::apply::watch;
use crate::plan::position::position;
use crate::plan::resting::Resting;
use crate::plan::{Action, Decision, LiveStatement};

impl Work<'_> {
    /// How it ends; `None` where a statement has yet to prove itself.
    pub(super) async fn end(
        &self,
        decision: &Decision,
        statements: &[LiveStatement],
    ) -> Option<End> {
        let is_enabled = self.context.desired.routes.get(&self.entry.id);
        let is_enabled = is_enabled.is_some_and(|route| route.enabled);
        let settle = self.context.options.settle;
        let is_kept = matches!(decision.action, Action::Keep | Action::Unhealthy);
        if is_kept && is_enabled {
            let since = self.running.as_ref();
            since.filter(|(_, since)| since.elapsed() >= settle)?;
        }
        let status = match decision.action {
            Action::Keep if self.has_lost_position(statements) => Status::Failed,
            Action::Keep | Action::Orphaned => Status::Done,
            Action::Unhealthy => Status::Unhealthy,
            _ if self.wrote => Status::Failed,
            _ => Status::Refused,
        };
        let words = self.words(decision, statements).await;
        Some(match &self.overlap {
            None => (status, words),
            Some(name) => (Status::Failed, overlap(name, statements, &words)),
        })
    }

    /// Whether this run stopped a statement that was reading, and no position is left of it.
    fn has_lost_position(&self, statements: &[LiveStatement]) -> bool {
        let is_that = |one: &&LiveStatement| {
            self.stopped_reading.as_ref() == Some(&one.statement.metadata.uid)
        };
        let stopped = statements.iter().find(is_that);
        stopped.is_some_and(|one| *one.phase() == Phase::Stopped && !one.has_offsets())
    }

    async fn words(&self, decision: &Decision, statements: &[LiveStatement]) -> String {
        let head = statements.last();
        match (decision.action, self.entry.decision.action, head) {
            (Action::Keep, Action::Stop, _) => Resting::of(statements)
                .map_or_else(|| decision.words(), |resting| resting.to_string()),
            (Action::Blocked, _, Some(head))
                if *head.phase() == Phase::Failed && head.statement.status.detail.is_empty() =>
            {
                watch::why(self.context.client, &head.statement).await
            }
            _ => decision.words(),
        }
    }
}

/// What the consumers of the topic need to know of a statement that was at work beside its successor.
fn overlap(name: &str, statements: &[LiveStatement], words: &str) -> String {
    let mut all = statements.iter();
    let stopped = all.find(|one| one.name.as_str() == name);
    let until = stopped.and_then(|one| position(&one.statement));
    let until = until.map_or(String::new(), |until| format!(", up to {until}"));
    format!(
        "`{name}`, which is retired, was at work and was stopped: what it wrote is there twice{until}; {words}"
    )
}
