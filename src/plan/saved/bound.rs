//! What a saved plan is bound to: the facts that its changes were decided on.
//!
//! A route is stale where one of them is different, unless that is because the plan was begun: what is as it should be, or
//! on its way there as planned, is gone on with. Not the version of a statement: it moves by itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::Phase;
use crate::plan::decide::Step;
use crate::plan::position::is_active;
use crate::plan::tables::Objection;
use crate::plan::{Action, Decision, Entry, LiveStatement, Plan};
use crate::statement::desired::Origin;
use crate::statement::{Desired, StatementName, label};

/// The routes that are not as they were when a plan was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// Never empty.
    pub routes: Vec<StaleRoute>,
}

/// A route that is not as it was when a plan was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleRoute {
    /// What people call it.
    pub title: String,
    /// What is different.
    pub why: String,
}

/// A change of one route.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    title: String,
    id: String,
    action: String,
    reason: String,
    creates: Option<Creates>,
    bound: Vec<Fact>,
}

/// A statement that is to be created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Creates {
    statement: String,
    begins: Begins,
    /// The statement whose work it repeats.
    again: Option<String>,
}

/// Where it begins to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Begins {
    At(String),
    WhereStops(String),
    AtOffsets(String),
}

/// What is known of a statement that counts: the head of its route, or one that is at work. Others may go at any time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    statement: String,
    uid: String,
    content: Option<String>,
    stopped: bool,
    phase: Phase,
}

/// Phases that are the same to a plan.
#[derive(PartialEq, Eq)]
enum PhaseClass<'p> {
    Pending,
    AtWork,
    AtRest,
    Failed,
    Completed,
    Deleting,
    Unknown(&'p str),
}

impl<'p> PhaseClass<'p> {
    fn of(phase: &'p Phase) -> Self {
        match phase {
            Phase::Pending => Self::Pending,
            Phase::Running | Phase::Degraded => Self::AtWork,
            Phase::Stopping | Phase::Stopped => Self::AtRest,
            Phase::Failing | Phase::Failed => Self::Failed,
            Phase::Completed => Self::Completed,
            Phase::Deleting => Self::Deleting,
            Phase::Other(word) => Self::Unknown(word),
        }
    }
}

impl Fact {
    fn of(live: &LiveStatement) -> Self {
        let statement = &live.statement;
        Self {
            statement: statement.name.clone(),
            uid: statement.metadata.uid.clone(),
            content: label::fingerprint(statement).map(|recorded| recorded.content),
            stopped: statement.spec.stopped,
            phase: statement.status.phase.clone(),
        }
    }

    /// In what the statement of this name is different now.
    fn difference(&self, now: &[LiveStatement]) -> Option<String> {
        let name = &self.statement;
        let mut all = now.iter();
        let Some(live) = all.find(|one| one.name.as_str() == name) else {
            return Some(format!("`{name}` is gone since"));
        };
        let now = Self::of(live);
        if now.uid != self.uid {
            return Some(format!("`{name}` was deleted and created anew since"));
        }
        if now.stopped != self.stopped {
            let what = if now.stopped { "stopped" } else { "resumed" };
            return Some(format!("`{name}` was {what} since"));
        }
        if PhaseClass::of(&now.phase) != PhaseClass::of(&self.phase) {
            return Some(format!("`{name}` was {} and is {}", self.phase, now.phase));
        }
        (now.content != self.content).then(|| format!("the labels of `{name}` were changed since"))
    }
}

/// The statements of a route that count, the oldest first.
fn that_count(statements: &[LiveStatement]) -> impl Iterator<Item = &LiveStatement> {
    let head = statements.last().map(|head| &head.name);
    let all = statements.iter();
    all.filter(move |one| Some(&one.name) == head || is_active(one.phase()))
}

impl Creates {
    fn of(decision: &Decision) -> Option<Self> {
        let creation = decision.creation()?;
        Some(Self {
            statement: creation.name.as_str().to_owned(),
            begins: match &creation.origin {
                Origin::Start(start) => Begins::At(start.to_string()),
                Origin::CarryOver(name) => Begins::WhereStops(name.clone()),
                Origin::Offsets(offsets) => Begins::AtOffsets(offsets.clone()),
            },
            again: creation.again.clone(),
        })
    }

    fn origin(&self) -> Option<Origin> {
        Some(match &self.begins {
            Begins::At(start) => Origin::Start(start.parse().ok()?),
            Begins::WhereStops(name) => Origin::CarryOver(name.clone()),
            Begins::AtOffsets(offsets) => Origin::Offsets(offsets.clone()),
        })
    }
}

impl Change {
    pub(super) fn of(entry: &Entry) -> Self {
        Self {
            title: entry.title.clone(),
            id: entry.id.as_str().to_owned(),
            action: entry.decision.action.word().to_owned(),
            reason: entry.decision.reason.clone(),
            creates: Creates::of(&entry.decision),
            bound: that_count(&entry.statements).map(Fact::of).collect(),
        }
    }

    /// Why it cannot be carried out as it was reviewed.
    fn stale(&self, desired: &Desired, now: &Entry) -> Option<String> {
        let is_as_wanted = matches!(now.decision.action, Action::Keep | Action::Unhealthy);
        if is_as_wanted || self.is_under_way(desired, now) {
            return None;
        }
        let new = that_count(&now.statements).filter(|one| !self.knows(one));
        let difference = new.last().map(|one| appeared(one, now)).or_else(|| {
            let mut bound = self.bound.iter().rev();
            bound.find_map(|fact| fact.difference(&now.statements))
        });
        difference.or_else(|| {
            let same = now.decision.action.word() == self.action
                && Creates::of(&now.decision) == self.creates;
            let now = &now.decision;
            (!same).then(|| {
                format!(
                    "what comes next is `{}` now: {}",
                    now.action.word(),
                    now.reason
                )
            })
        })
    }

    fn knows(&self, statement: &LiveStatement) -> bool {
        let mut bound = self.bound.iter();
        bound.any(|fact| fact.statement == statement.name.as_str())
    }

    /// Whether the plan was begun and then left: the next step is one on the planned way.
    fn is_under_way(&self, desired: &Desired, now: &Entry) -> bool {
        let (next, head) = (&now.decision, now.statements.last());
        let Some(planned) = &self.creates else {
            let is_known = head.is_some_and(|head| self.is_same(head));
            let is_step = match next.action {
                // What begins anew after the wait would do so unseen.
                Action::Wait => self.action != Action::Restart.word(),
                action => action.word() == self.action && next.step == Step::Wait,
            };
            return is_known && is_step;
        };
        let is_step = next.action == Action::Wait
            || (next.action.word() == self.action && next.creation().is_none());
        let is_planned = |head: &LiveStatement| {
            let route = desired.routes.get(&now.id)?;
            let name = StatementName::parse(&planned.statement)?;
            let new = desired.statement(route, &name, &planned.origin()?, None);
            Some(head.name == name && new.describes(&head.statement))
        };
        planned.again.is_none() && is_step && head.and_then(is_planned) == Some(true)
    }

    fn is_same(&self, statement: &LiveStatement) -> bool {
        let mut bound = self.bound.iter();
        bound.any(|fact| fact.uid == statement.statement.metadata.uid)
    }
}

/// How a statement came to count that did not.
fn appeared(statement: &LiveStatement, entry: &Entry) -> String {
    let name = &statement.name;
    if entry.current() != Some(name) {
        return format!("`{name}` is at work since");
    }
    match label::run(&statement.statement) {
        Some(run) => format!("`{name}` was created since, by the run `{run}`"),
        None => format!("`{name}` was created since"),
    }
}

/// Restricts what was found now to what a saved plan changes.
pub(super) fn bind(changes: &[Change], desired: &Desired, mut now: Plan) -> Result<Plan, Stale> {
    let changes = changes.iter().map(|change| (change.id.as_str(), change));
    let changes: BTreeMap<_, _> = changes.collect();
    let of = |entry: &Entry| changes.get(entry.id.as_str());
    let stale = now.entries.iter().filter_map(|entry| {
        let why = of(entry)?.stale(desired, entry)?;
        let title = entry.title.clone();
        Some(StaleRoute { title, why })
    });
    let routes: Vec<_> = stale.collect();
    if !routes.is_empty() {
        return Err(Stale { routes });
    }
    for entry in &mut now.entries {
        if of(entry).is_none() && entry.decision.leads_to_change() {
            entry.block(Objection {
                reason: format!(
                    "the plan does not change it, though it is not as it should be: {}",
                    entry.decision.reason
                ),
                remedy: "make another plan".to_owned(),
            });
        }
    }
    Ok(now)
}
