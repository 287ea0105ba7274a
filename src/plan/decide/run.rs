//! A route that is to run: the state of its head and of the statement that the head goes on from.

use super::advance::Head;
use super::{Action, Decision, LEAST_LEFT, RETENTION, Rules, Step, View};
use crate::api::Phase;
use crate::plan::live::{LiveStatement, Seen};
use crate::plan::position::{LONGEST_WAIT, is_active};
use crate::plan::sinks::Writer;
use crate::plan::standing::detail;
use crate::statement::{DesiredRoute, Placement};

/// What is known and wanted of a route that is to run.
#[derive(Clone, Copy)]
pub(super) struct Run<'v> {
    pub(super) view: View<'v>,
    pub(super) route: &'v DesiredRoute,
    pub(super) placement: &'v Placement,
    pub(super) rules: &'v Rules,
}

/// The statement that another one goes on from.
#[derive(Clone, Copy)]
pub(super) enum Reference<'v> {
    /// It goes on from none.
    None,
    /// It is gone.
    Gone(&'v str),
    /// It is there.
    There(&'v LiveStatement),
}

/// Decides about a route that is to run.
pub(super) fn decide(
    view: View<'_>,
    route: &DesiredRoute,
    placement: &Placement,
    rules: &Rules,
) -> Decision {
    let run = Run {
        view,
        route,
        placement,
        rules,
    };
    if let Some(decision) = run.others() {
        return decision;
    }
    let Some(head) = view.statements.last() else {
        return run.first();
    };
    let reference = run.reference(head);
    run.stray(head, reference)
        .or_else(|| ending(head, reference))
        .unwrap_or_else(|| match head.phase() {
            Phase::Pending => run.pending(head, reference),
            Phase::Running | Phase::Degraded => run.running(head, reference),
            Phase::Stopped => run.stopped(head, reference),
            Phase::Failed => run.failed(head, reference),
            Phase::Completed => Decision::blocked(
                format!("`{}` is COMPLETED, though its source never ends", head.name),
                "`routectl status` shows more",
            ),
            Phase::Other(_) => Decision::unknown_phase(head),
            Phase::Stopping | Phase::Deleting | Phase::Failing => Decision::wait(head),
        })
}

impl<'v> Run<'v> {
    /// Whoever else goes on from the route's position makes every step wrong; whoever else writes its topic, the
    /// first one. For a route that is deployed that is drift: its own events are neither lost nor doubled.
    fn others(&self) -> Option<Decision> {
        let around = self.view.around;
        let is_new = self.view.statements.is_empty();
        if let Some(heir) = &around.heir {
            let reason = format!("`{heir}`, of another route, goes on from its position");
            return Some(Decision::blocked(
                reason,
                "it looks as if the route was renamed elsewhere; apply the configuration that renamed it",
            ));
        }
        let Some(Writer::Foreign(name)) = around.writer.as_ref().filter(|_| is_new) else {
            return None;
        };
        let topic = &self.route.identity.topic;
        let reason =
            format!("`{name}`, which is not this project's by its labels, writes to `{topic}` too");
        let conflict = Decision::new(Step::Nothing, Action::Conflict, reason);
        Some(conflict.with_remedy("find out whose it is; one of the two has to go"))
    }

    fn reference(&self, of: &'v LiveStatement) -> Reference<'v> {
        let Some(name) = of.reference() else {
            return Reference::None;
        };
        let mut statements = self.view.statements.iter();
        let found = statements.find(|one| one.name.as_str() == name);
        found.map_or(Reference::Gone(name), Reference::There)
    }

    /// A statement that is neither the head nor its reference has nothing to do any more: somebody resumed it.
    fn stray(&self, head: &LiveStatement, reference: Reference<'_>) -> Option<Decision> {
        let is_reference = |one: &LiveStatement| matches!(reference, Reference::There(reference) if reference.name == one.name);
        let older = self.view.statements.iter().rev();
        let mut strays = older.filter(|one| one.name != head.name && !is_reference(one));
        strays.find_map(|stray| match stray.phase() {
            Phase::Stopping => Some(Decision::wait(stray)),
            phase if is_active(phase) => Some(conflict(stray, head)),
            _ => None,
        })
    }

    fn pending(&self, head: &LiveStatement, reference: Reference<'_>) -> Decision {
        let why_not = match reference {
            Reference::None => return Decision::wait(head),
            Reference::Gone(_) if !self.is_first_start(head) => return Decision::wait(head),
            Reference::Gone(name) => format!("`{name}`, which it is to go on from, is gone"),
            Reference::There(reference) => match reference.phase() {
                Phase::Pending | Phase::Stopped => {
                    let reason = format!("it goes on from `{}`", reference.name);
                    let mut wait = Decision::wait(head);
                    wait.reason = format!("{}; {reason}", wait.reason);
                    return wait;
                }
                Phase::Running | Phase::Degraded => match self.take_over(head, reference) {
                    Ok(step) => return step,
                    Err(why_not) => why_not,
                },
                phase => format!(
                    "`{}`, which it is to go on from, is {phase}",
                    reference.name
                ),
            },
        };
        let reason = format!("`{}` has not begun and is given up: {why_not}", head.name);
        Decision::stop(head, Action::Replace, reason)
    }

    /// Whether a statement may be at its first start still, and not at one after a stop.
    fn is_first_start(&self, statement: &LiveStatement) -> bool {
        let created = statement.statement.metadata.created_at;
        created.is_none_or(|created| self.rules.now.duration_since(created) < LONGEST_WAIT)
    }

    /// The step towards a pending head in the place of a running statement, or why it is no good any more.
    fn take_over(&self, head: &LiveStatement, running: &LiveStatement) -> Result<Decision, String> {
        if let Some(difference) = self.difference(head) {
            return Err(difference.words);
        }
        let left = head
            .deadline()
            .map(|deadline| deadline.duration_since(self.rules.now));
        if left.is_none_or(|left| left <= LEAST_LEFT) {
            return Err("too little is left of the time that it may wait".to_owned());
        }
        if !head.waits_for(running.name.as_str()) {
            let reason = format!("{}; `{}` runs on", head.standing(), running.name);
            return Ok(Decision::new(Step::Wait, Action::Replace, reason));
        }
        let reason = format!("`{}` goes on where `{}` stops", head.name, running.name);
        Ok(Decision::stop(running, Action::Replace, reason))
    }

    fn running(&self, head: &'v LiveStatement, reference: Reference<'v>) -> Decision {
        match reference {
            Reference::There(reference) if is_active(reference.phase()) => {
                conflict(reference, head)
            }
            _ => self.at_work(&Head::alone(head)),
        }
    }

    /// What becomes of a route whose head is at work.
    pub(super) fn at_work(&self, head: &Head<'v>) -> Decision {
        if let Some(replacement) = self.replace(head) {
            return replacement;
        }
        if let Some(retired) = self.retired(head) {
            let reason = format!("`{}` has gone on from it", head.statement.name);
            let seen = Seen::of(&retired.statement);
            return Decision::new(Step::Delete(seen), Action::Keep, reason);
        }
        let mut reason = head.standing();
        if self.is_rendered_differently(head.statement) {
            reason.push_str(
                "; its comments or layout differ, its meaning does not: `--refresh` deploys them",
            );
        }
        if let Some((failed, _)) = head.failed().zip(head.doubt()) {
            let unhealthy = Decision::new(Step::Nothing, Action::Unhealthy, reason);
            return unhealthy.with_remedy(format!(
                "look at the topic; delete `{}` once that is settled",
                failed.name
            ));
        }
        if *head.statement.phase() == Phase::Degraded {
            let unhealthy = Decision::new(Step::Nothing, Action::Unhealthy, reason);
            return unhealthy.with_remedy("`routectl status` shows more");
        }
        Decision::new(Step::Nothing, Action::Keep, reason)
    }

    /// The oldest statement that is not needed any more, once the head has proved itself.
    fn retired(&self, head: &Head<'_>) -> Option<&'v LiveStatement> {
        let is_at_rest = |one: &&LiveStatement| {
            matches!(
                one.phase(),
                Phase::Stopped | Phase::Failed | Phase::Completed
            ) && one.is_untouched_for(RETENTION, self.rules.now)
        };
        let settled = self.rules.settled && *head.statement.phase() == Phase::Running;
        let (_, older) = self.view.statements.split_last()?;
        let mut retired = older
            .iter()
            .filter(|one| one.name != head.statement.name)
            .filter(is_at_rest);
        retired.next().filter(|_| settled)
    }

    fn stopped(&self, head: &'v LiveStatement, reference: Reference<'v>) -> Decision {
        if head.has_offsets() {
            return match reference {
                Reference::There(reference) if is_active(reference.phase()) => {
                    overtaken(reference, head)
                }
                _ => self.resume(head),
            };
        }
        match reference {
            Reference::There(reference) => match reference.phase() {
                Phase::Running | Phase::Degraded => self.at_work(&Head::after(reference, head)),
                Phase::Pending => Decision::wait(reference),
                Phase::Stopped if self.has_never_run(head, reference) => {
                    self.go_on(reference, head)
                }
                _ => self.stuck(head, WITHOUT_POSITION),
            },
            Reference::Gone(name) => self.stuck(
                head,
                format!("{WITHOUT_POSITION}; `{name}`, which it was to go on from, is gone"),
            ),
            Reference::None => self.stuck(head, WITHOUT_POSITION),
        }
    }

    /// Whether a head at rest is known not to have taken over from its reference, which has a position to go on from.
    fn has_never_run(&self, head: &LiveStatement, reference: &LiveStatement) -> bool {
        let is_given_up = self.rules.tried.given_up == Some(head.name.generation())
            && *head.phase() == Phase::Stopped
            && !head.has_offsets();
        reference.has_offsets() && (is_given_up || head.never_took_over_from(reference))
    }

    fn failed(&self, head: &'v LiveStatement, reference: Reference<'v>) -> Decision {
        let why = detail(&head.statement);
        let why = if why.is_empty() {
            "the service gives no reason"
        } else {
            &why
        };
        let Reference::There(reference) = reference else {
            return self.stuck(head, why);
        };
        match reference.phase() {
            phase if is_active(phase) && head.has_offsets() => overtaken(reference, head),
            Phase::Running | Phase::Degraded => self.at_work(&Head::after(reference, head)),
            Phase::Pending => Decision::wait(reference),
            Phase::Stopped if self.has_never_run(head, reference) => self.go_on(reference, head),
            _ => self.stuck(head, why),
        }
    }
}

/// A stop that says nothing: it came before the statement read anything, or its savepoint failed.
const WITHOUT_POSITION: &str =
    "it shows no position, so it was stopped before it began or its savepoint failed";

/// Waits while the head or its reference is about to stand still or to be gone.
fn ending(head: &LiveStatement, reference: Reference<'_>) -> Option<Decision> {
    let ending =
        |phase: &Phase| matches!(phase, Phase::Stopping | Phase::Deleting | Phase::Failing);
    match reference {
        _ if ending(head.phase()) => Some(Decision::wait(head)),
        Reference::There(reference) => match (reference.phase(), head.phase()) {
            (Phase::Other(_), _) => Some(Decision::unknown_phase(reference)),
            (Phase::Failing | Phase::Deleting, Phase::Running | Phase::Degraded) => None,
            (phase, _) => ending(phase).then(|| Decision::wait(reference)),
        },
        Reference::None | Reference::Gone(_) => None,
    }
}

/// A statement that is retired and at work all the same: somebody resumed it.
fn conflict(retired: &LiveStatement, head: &LiveStatement) -> Decision {
    let reason = format!(
        "{}, though `{}` has gone on from it: events are written twice",
        retired.standing(),
        head.name
    );
    if *retired.phase() == Phase::Failing {
        return Decision::new(Step::Wait, Action::Conflict, reason);
    }
    Decision::stop(retired, Action::Conflict, reason).with_remedy(format!(
        "`apply` stops `{}`; find out who resumed it",
        retired.name
    ))
}

/// A retired statement that somebody resumed after the head had ended: it writes again what the head wrote.
fn overtaken(retired: &LiveStatement, head: &LiveStatement) -> Decision {
    let reason = format!(
        "{}, though `{}`, which is {}, had gone on from it: events are written twice",
        retired.standing(),
        head.name,
        head.phase()
    );
    Decision::new(Step::Nothing, Action::Conflict, reason).with_remedy(format!(
        "delete `{}` to let `{}` run on, or stop `{}` to go on from the other",
        head.name, retired.name, retired.name
    ))
}
