//! The judgement of one route: what is live, what is wanted, what follows.
//!
//! A pure function. What this version cannot do without losing or repeating events, because it does not carry
//! the position of one statement over to another, is judged all the same and refused by `crate::apply`.

use super::live::{LiveStatement, Seen};
use super::standing::{detail, standing};
use crate::api::Phase;
use crate::project::start::Start;
use crate::statement::{DesiredRoute, Placement, StatementName, label};

/// What is to be done about a route, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What.
    pub action: Action,
    /// Why, for a reader who does not know the rules.
    pub reason: String,
    /// What the reader can do, where something stands in the way.
    pub remedy: Option<String>,
}

/// What is to be done about a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Deploy it for the first time.
    Create {
        /// The new statement.
        name: StatementName,
        /// Where it begins to read.
        start: Start,
    },
    /// Put another statement in the place of the one that runs.
    Replace,
    /// Move the statement to another pool or principal.
    Update,
    /// Stop what runs of it; its position is kept.
    Stop {
        /// The statements that run.
        statements: Vec<Seen>,
    },
    /// Delete the statements of a route that is no more.
    Delete {
        /// The statements, the oldest first.
        statements: Vec<Seen>,
    },
    /// Nothing: the route is no more, but deleting its statements was not asked for.
    Orphaned,
    /// Nothing: it is as it should be.
    Keep,
    /// Nothing: it is as it should be, but not healthy.
    KeepUnhealthy,
    /// Nothing yet: the service is at work on it.
    Wait {
        /// The statement that it is at work on.
        on: StatementName,
    },
    /// Nothing: a human has to decide.
    Blocked,
    /// Nothing: it runs more than once, and a human has to decide which is right.
    Conflict,
}

impl Action {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Replace => "replace",
            Self::Update => "update",
            Self::Stop { .. } => "stop",
            Self::Delete { .. } => "delete",
            Self::Orphaned => "orphaned",
            Self::Keep | Self::KeepUnhealthy => "keep",
            Self::Wait { .. } => "wait",
            Self::Blocked => "blocked",
            Self::Conflict => "conflict",
        }
    }

    /// Whether a human has to look: it cannot be done, or what is there does not do well.
    pub fn needs_attention(&self) -> bool {
        matches!(
            self,
            Self::KeepUnhealthy | Self::Wait { .. } | Self::Blocked | Self::Conflict
        )
    }
}

impl Judgement {
    fn new(action: Action, reason: impl Into<String>) -> Self {
        Self {
            action,
            reason: reason.into(),
            remedy: None,
        }
    }

    pub(super) fn blocked(reason: impl Into<String>) -> Self {
        Self::new(Action::Blocked, reason)
    }

    pub(super) fn with_remedy(self, remedy: impl Into<String>) -> Self {
        Self {
            remedy: Some(remedy.into()),
            ..self
        }
    }

    /// The reason and the remedy.
    pub fn words(&self) -> String {
        match &self.remedy {
            Some(remedy) => format!("{}; {remedy}", self.reason),
            None => self.reason.clone(),
        }
    }
}

const NO_CARRY_OVER: &str = "this version cannot carry the position over to a new statement, and starting anew would repeat or skip events";

/// Judges a route: `None` where there is nothing to say, as for a disabled route that is not deployed.
/// `live` is sorted by generation; `prune` says whether what is no route any more goes.
pub fn judge(
    desired: Option<&DesiredRoute>,
    live: &[LiveStatement],
    placement: &Placement,
    prune: bool,
) -> Option<Judgement> {
    match (desired, live) {
        (None, []) => None,
        (None, live) => Some(orphan(live, prune)),
        (Some(desired), []) => desired.enabled.then(|| create(desired)),
        (Some(desired), [.., head]) if !desired.enabled => Some(disabled(head, live)),
        (Some(desired), [older @ .., head]) => Some(compare(desired, head, older, placement)),
    }
}

/// Whether the service is at work on a statement, so that looking again may say more.
pub fn is_in_motion(phase: &Phase) -> bool {
    matches!(
        phase,
        Phase::Pending | Phase::Stopping | Phase::Deleting | Phase::Failing
    )
}

/// Whether a statement in this phase reads and writes, or is about to.
fn is_active(phase: &Phase) -> bool {
    matches!(phase, Phase::Pending | Phase::Running | Phase::Degraded)
}

fn create(desired: &DesiredRoute) -> Judgement {
    let action = Action::Create {
        name: desired.identity.name(1),
        start: desired.start,
    };
    Judgement::new(
        action,
        format!("not deployed yet; begins to read at `{}`", desired.start),
    )
}

fn orphan(live: &[LiveStatement], prune: bool) -> Judgement {
    let reason = "no route of this project has this id any more";
    if !prune {
        return Judgement::new(Action::Orphaned, reason)
            .with_remedy("`apply --prune` deletes it; the topic stays");
    }
    let statements = live.iter().map(|one| Seen::of(&one.statement)).collect();
    Judgement::new(Action::Delete { statements }, reason)
}

fn disabled(head: &LiveStatement, live: &[LiveStatement]) -> Judgement {
    let active = live.iter().filter(|one| is_active(one.phase()));
    let statements: Vec<_> = active.map(|one| Seen::of(&one.statement)).collect();
    if !statements.is_empty() {
        let reason = "the route is disabled; its position is kept";
        return Judgement::new(Action::Stop { statements }, reason);
    }
    match head.phase() {
        Phase::Other(_) => unknown_phase(head),
        phase if is_in_motion(phase) => wait(head),
        phase => Judgement::new(
            Action::Keep,
            format!("the route is disabled and `{}` is {phase}", head.name),
        ),
    }
}

fn compare(
    desired: &DesiredRoute,
    head: &LiveStatement,
    older: &[LiveStatement],
    placement: &Placement,
) -> Judgement {
    let name = &head.name;
    match head.phase() {
        Phase::Deleting | Phase::Stopping | Phase::Failing | Phase::Pending => wait(head),
        Phase::Running | Phase::Degraded => {
            match older.iter().find(|one| is_active(one.phase())) {
                Some(other) => conflict(head, other),
                None => running(desired, head, placement),
            }
        }
        Phase::Failed => {
            let why = match detail(&head.statement) {
                detail if detail.is_empty() => "the service gives no reason".to_owned(),
                detail => detail,
            };
            Judgement::blocked(format!("`{name}` failed: {why}")).with_remedy(
                "`routectl status` shows more; `routectl cleanup` deletes it, and its position with it: the next `apply` begins at the route's `start`",
            )
        }
        Phase::Stopped => Judgement::blocked(format!(
            "`{name}` is STOPPED: the route was disabled, or somebody stopped it"
        ))
        .with_remedy(
            "this version cannot resume it without risk; resume it on the service, or disable the route",
        ),
        Phase::Completed => Judgement::blocked(format!(
            "`{name}` is COMPLETED, though its source never ends"
        ))
        .with_remedy("`routectl status` shows more"),
        Phase::Other(_) => unknown_phase(head),
    }
}

fn running(desired: &DesiredRoute, head: &LiveStatement, placement: &Placement) -> Judgement {
    let name = &head.name;
    let Some(recorded) = label::fingerprint(&head.statement) else {
        let reason = format!("`{name}` does not say what it was made from");
        return Judgement::blocked(reason)
            .with_remedy("its labels were changed; restore them, or delete it by hand");
    };
    if recorded.content != desired.fingerprint.content {
        return Judgement::new(Action::Replace, "the route has changed").with_remedy(NO_CARRY_OVER);
    }
    if let Some(difference) = moved(head, placement) {
        return Judgement::new(Action::Update, difference).with_remedy(NO_CARRY_OVER);
    }
    let action = match head.phase() {
        Phase::Running => Action::Keep,
        _ => Action::KeepUnhealthy,
    };
    let mut reason = standing(&head.statement);
    if recorded.text != desired.fingerprint.text {
        reason.push_str("; its comments or layout differ, its meaning does not");
    }
    let keep = Judgement::new(action, reason);
    match keep.action {
        Action::KeepUnhealthy => keep.with_remedy("`routectl status` shows more"),
        _ => keep,
    }
}

/// How the pool or principal differ from what is wanted; what the target does not say is not compared.
fn moved(head: &LiveStatement, placement: &Placement) -> Option<String> {
    let spec = &head.statement.spec;
    let pairs = [
        (
            "compute pool",
            &placement.compute_pool,
            &spec.compute_pool_id,
        ),
        ("principal", &placement.principal, &spec.principal),
    ];
    pairs.into_iter().find_map(|(what, wanted, live)| {
        let wanted = wanted.as_ref()?;
        let live = live.as_deref().unwrap_or("the default");
        (live != wanted).then(|| format!("its {what} is `{live}`, not `{wanted}`"))
    })
}

fn conflict(head: &LiveStatement, other: &LiveStatement) -> Judgement {
    let reason = format!(
        "{} beside `{}`: events are written twice",
        standing(&other.statement),
        head.name
    );
    Judgement::new(Action::Conflict, reason).with_remedy(format!("stop `{}`", other.name))
}

fn wait(head: &LiveStatement) -> Judgement {
    let on = head.name.clone();
    Judgement::new(Action::Wait { on }, standing(&head.statement))
        .with_remedy("look again in a moment; `apply` waits for it")
}

fn unknown_phase(head: &LiveStatement) -> Judgement {
    let reason = format!("`{}` is in the unknown phase `{}`", head.name, head.phase());
    Judgement::blocked(reason).with_remedy("a newer version of routectl may know it")
}
