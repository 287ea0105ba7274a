//! Routes that are to stand still, or to go.

use super::{Action, Decision, Step, View};
use crate::api::Phase;
use crate::plan::live::{LiveStatement, Seen};
use crate::plan::position::is_active;

/// Stops what is active of a route that is to stand still, for the reason given, the newest first and each for itself:
/// one that waits for its turn must not take over when the one before it stops.
pub(super) fn still(view: View<'_>, head: &LiveStatement, why: &str) -> Decision {
    for one in view.statements.iter().rev() {
        match one.phase() {
            Phase::Stopping | Phase::Deleting | Phase::Failing => return Decision::wait(one),
            phase if is_active(phase) => {
                let reason = format!("{why}; its position is kept");
                return Decision::stop(one, Action::Stop, reason);
            }
            Phase::Other(_) => return Decision::unknown_phase(one),
            _ => {}
        }
    }
    let reason = format!("{why} and `{}` is {}", head.name, head.phase());
    Decision::new(Step::Nothing, Action::Keep, reason)
}

/// Deletes the statements of a route that is no more, the oldest first, after stopping those that wait for their
/// turn: they would begin to read once the statement before them is gone.
pub(super) fn gone(view: View<'_>, prune: bool) -> Decision {
    let reason = "no route of this project has this id any more";
    if let Some(heir) = &view.around.heir {
        let reason = format!("{reason}; `{heir}` goes on from it");
        return Decision::new(Step::Nothing, Action::Orphaned, reason);
    }
    if !prune {
        return Decision::new(Step::Nothing, Action::Orphaned, reason)
            .with_remedy("`apply --prune` deletes it with its position; the topic stays");
    }
    let reason = format!("{reason}; its position is lost, the topic stays");
    let reason = reason.as_str();
    let mut all = view.statements.iter();
    if let Some(unknown) = all.find(|one| matches!(one.phase(), Phase::Other(_))) {
        return Decision::unknown_phase(unknown);
    }
    let mut newest_first = view.statements.iter().rev();
    if let Some(pending) = newest_first.find(|one| *one.phase() == Phase::Pending) {
        return Decision::stop(pending, Action::Delete, reason);
    }
    let moving = |phase: &Phase| matches!(phase, Phase::Stopping | Phase::Deleting);
    if let Some(one) = view.statements.iter().find(|one| moving(one.phase())) {
        return Decision::new(Step::Wait, Action::Delete, one.standing());
    }
    match view.statements.first() {
        Some(oldest) => {
            let seen = Seen::of(&oldest.statement);
            Decision::new(Step::Delete(seen), Action::Delete, reason)
        }
        None => Decision::new(Step::Nothing, Action::Keep, reason),
    }
}
