//! The decision about one route: what is live, what is wanted, what time it is, so what is the next write.
//!
//! A pure function, which `plan` shows and `apply` carries out step by step, so that the two cannot differ. It knows
//! three writes and only goes forward: create the next generation, stop a statement, delete one that is
//! retired. `run` decides about a route that is to run, `advance` when and from where a new generation goes on,
//! `rest` about routes that are disabled or no more. `tests/it/model` searches what follows from it.
//! The words used here: the *head* is the highest generation, its *reference* the statement that it goes on from.

mod advance;
mod rest;
mod run;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

use super::live::{LiveStatement, Seen};
use super::sinks::Writer;
use crate::project::start::Start;
use crate::statement::desired::Origin;
use crate::statement::{DesiredRoute, Placement, StatementName};

/// What is known of a route.
#[derive(Debug, Clone, Copy)]
pub struct View<'v> {
    /// Its statements, the oldest first: those under former names of the route come before its own.
    pub statements: &'v [LiveStatement],
    /// What is around them.
    pub around: &'v Surroundings,
}

/// What has to do with a route without being a statement of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// A statement of another route that goes on from one of this.
    pub heir: Option<String>,
    /// Somebody else who writes to its topic.
    pub writer: Option<Writer>,
    /// Whether its topic is there already.
    pub topic: Topic,
}

/// What is known of the topic of a route that has no statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Topic {
    /// It has no table, or one that is new.
    #[default]
    Free,
    /// It has its table, so it may hold events.
    There,
    /// The service does not say, for this reason.
    Unknown(String),
}

/// What is wanted of a route.
#[derive(Debug, Clone, Copy)]
pub enum Wish<'d> {
    /// It is a route of the project: it runs, or stands still where it is disabled.
    Route(&'d DesiredRoute, &'d Placement),
    /// It stands still, whatever the project says: an operator stops it.
    Still,
    /// It is none; with whether its statements are to go.
    Gone {
        /// Whether they are to go.
        prune: bool,
    },
}

/// What the user allows beyond what is always allowed, and what this run did already.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The time.
    pub now: Timestamp,
    /// What the user allows.
    pub permits: Permits,
    /// What this run did about the route.
    pub tried: Tried,
    /// Whether this run has seen the head run for as long as it takes to count as running.
    pub settled: bool,
}

/// What the user allows beyond what is always allowed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permits {
    /// To go on from a statement that somebody stopped.
    pub resume: bool,
    /// To replace a statement whose text alone differs.
    pub refresh: bool,
    /// How to get a route going that is blocked.
    pub recover: Option<Recovery>,
}

/// Where a route that is blocked is to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// Where the statement stopped that the last one was to replace.
    Previous,
    /// At the offsets that the last one shows.
    Offsets,
    /// There, whatever was written before.
    Start(Start),
}

/// What a run did about a route. Every run ends, as there is a limit to what it creates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Tried {
    /// How often the wanted statement: again only while nothing runs that it was to replace.
    pub wanted: u8,
    /// Whether the former one.
    pub former: bool,
    /// The latest generation that it stopped while that one said that it waits for its turn. The stop was guarded by the
    /// version seen, so this one has never run, whatever the service shows of it.
    pub given_up: Option<u64>,
}

/// What comes next, why, and what the user can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The next step.
    pub step: Step,
    /// What it is part of.
    pub action: Action,
    /// Why, for a reader who does not know the rules.
    pub reason: String,
    /// What the reader can do, where something stands in the way.
    pub remedy: Option<String>,
}

/// The next step about a route: at most one call that changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Create the next generation.
    Create(Creation),
    /// Stop this statement, as it was seen.
    Stop(Seen),
    /// Delete this statement.
    Delete(Seen),
    /// Look again.
    Wait,
    /// Nothing; all is done that can be.
    Nothing,
}

/// A new generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// Its name.
    pub name: StatementName,
    /// Where it begins to read.
    pub origin: Origin,
    /// What it does: what is wanted, or again what this statement did.
    pub again: Option<String>,
}

/// What is done about a route, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Deploy it for the first time.
    Create,
    /// Put another statement in the place of the one that runs.
    Replace,
    /// Move it to another pool or principal.
    Update,
    /// Go on where it stands still.
    Resume,
    /// Begin anew.
    Restart,
    /// Stop it; its position is kept.
    Stop,
    /// Delete the statements of a route that is no more.
    Delete,
    /// Nothing: the route is no more, but deleting its statements was not asked for.
    Orphaned,
    /// Nothing: it is as it should be.
    Keep,
    /// Nothing: it is as it should be, but not healthy.
    Unhealthy,
    /// Nothing yet: the service is at work on it.
    Wait,
    /// Nothing: a human has to decide.
    Blocked,
    /// It is written to twice: what is retired is stopped, and a human has to look.
    Conflict,
}

impl Action {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Update => "update",
            Self::Resume => "resume",
            Self::Restart => "restart",
            Self::Stop => "stop",
            Self::Delete => "delete",
            Self::Orphaned => "orphaned",
            Self::Keep => "keep",
            Self::Unhealthy => "unhealthy",
            Self::Wait => "wait",
            Self::Blocked => "blocked",
            Self::Conflict => "conflict",
        }
    }

    /// Whether a human has to look: it cannot be done, or what is there does not do well.
    pub fn needs_attention(self) -> bool {
        matches!(
            self,
            Self::Unhealthy | Self::Wait | Self::Blocked | Self::Conflict
        )
    }

    /// Whether it makes the route read from a place that no statement of it handed over.
    pub fn begins_anew(self) -> bool {
        matches!(self, Self::Create | Self::Restart)
    }
}

impl Decision {
    fn new(step: Step, action: Action, reason: impl Into<String>) -> Self {
        Self {
            step,
            action,
            reason: reason.into(),
            remedy: None,
        }
    }

    fn stop(statement: &LiveStatement, action: Action, reason: impl Into<String>) -> Self {
        Self::new(Step::Stop(Seen::of(&statement.statement)), action, reason)
    }

    pub(super) fn blocked(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Step::Nothing, Action::Blocked, reason).with_remedy(remedy)
    }

    fn with_remedy(self, remedy: impl Into<String>) -> Self {
        Self {
            remedy: Some(remedy.into()),
            ..self
        }
    }

    /// Waits for a statement at which the service is at work.
    fn wait(on: &LiveStatement) -> Self {
        Self::new(Step::Wait, Action::Wait, on.standing())
            .with_remedy("look again in a moment; `apply` waits for it")
    }

    fn unknown_phase(of: &LiveStatement) -> Self {
        let reason = format!("`{}` is in the unknown phase `{}`", of.name, of.phase());
        Self::blocked(reason, "a newer version of routectl may know it")
    }

    /// The reason and the remedy.
    pub fn words(&self) -> String {
        match &self.remedy {
            Some(remedy) => format!("{}; {remedy}", self.reason),
            None => self.reason.clone(),
        }
    }

    /// Where the statement begins to read that is to be created, if one is.
    pub fn creation(&self) -> Option<&Creation> {
        match &self.step {
            Step::Create(creation) => Some(creation),
            _ => None,
        }
    }

    /// Whether carrying it out changes what runs, now or once a wait is over.
    pub fn leads_to_change(&self) -> bool {
        self.is_change() || (self.step == Step::Wait && self.action != Action::Wait)
    }

    /// Whether the step changes what runs. Deleting what is retired does not.
    pub fn is_change(&self) -> bool {
        match self.step {
            Step::Create(_) | Step::Stop(_) => true,
            Step::Delete(_) => self.action == Action::Delete,
            Step::Wait | Step::Nothing => false,
        }
    }
}

/// How often a run creates the wanted statement at most, where others stop it before it begins and nothing runs.
const MOST_TRIES: u8 = 3;

/// How much of its six hours a statement must have left for the one that it replaces to be stopped.
pub const LEAST_LEFT: SignedDuration = SignedDuration::from_mins(15);

/// How long a retired statement stays. Until it is deleted nobody who looked before it stopped can create
/// under its name, so this is longer than anybody acts on what they saw.
pub const RETENTION: SignedDuration = SignedDuration::from_mins(10);

/// Decides about a route; `None` where there is nothing to say, as for a disabled route that is not deployed.
pub fn decide(view: View<'_>, wish: Wish<'_>, rules: &Rules) -> Option<Decision> {
    match (wish, view.statements) {
        (Wish::Gone { .. } | Wish::Still, []) => None,
        (Wish::Gone { prune }, _) => Some(rest::gone(view, prune)),
        (Wish::Still, [.., head]) => Some(rest::still(view, head, "it is to stand still")),
        (Wish::Route(route, _), []) if !route.enabled => None,
        (Wish::Route(route, _), [.., head]) if !route.enabled => {
            Some(rest::still(view, head, "the route is disabled"))
        }
        (Wish::Route(route, placement), _) => Some(run::decide(view, route, placement, rules)),
    }
}
