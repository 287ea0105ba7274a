//! The judgement of one route: what is live, what is wanted, what follows.
//!
//! A pure function. Where a live statement would have to be replaced or resumed the answer is `blocked`:
//! without carrying its position over, either would lose events or repeat them.

use super::live::LiveStatement;
use crate::api::Phase;
use crate::project::start::Start;
use crate::statement::{DesiredRoute, Placement, StatementName, label};

/// What is to be done about a route, and why.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What.
    pub action: Action,
    /// Why, for a reader who does not know the rules.
    pub reason: String,
    /// What the reader can do, where something stands in the way.
    pub remedy: Option<String>,
}

/// What is to be done about a route.
#[derive(Debug, Clone)]
pub enum Action {
    /// Deploy it for the first time.
    Create {
        /// The new statement.
        name: StatementName,
        /// Where it begins to read.
        start: Start,
    },
    /// Put another statement in the place of the one that runs.
    Replace {
        /// The statement that runs.
        of: StatementName,
    },
    /// Move the statement to another pool or principal.
    Update {
        /// The statement that runs.
        of: StatementName,
    },
    /// Stop the statement; its position is kept.
    Stop {
        /// The statement that runs.
        of: StatementName,
    },
    /// Delete statements of a route that is no more, the oldest first; only with `--prune`.
    Delete {
        /// The statements.
        statements: Vec<StatementName>,
    },
    /// Nothing: it is as it should be.
    Keep,
    /// Nothing: it is as it should be, but not healthy.
    KeepUnhealthy,
    /// Nothing yet: the service is at work on it.
    Wait,
    /// Nothing: a human has to decide.
    Blocked,
}

impl Action {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Replace { .. } => "replace",
            Self::Update { .. } => "update",
            Self::Stop { .. } => "stop",
            Self::Delete { .. } => "delete",
            Self::Keep | Self::KeepUnhealthy => "keep",
            Self::Wait => "wait",
            Self::Blocked => "blocked",
        }
    }

    /// Whether this version of routectl can carry it out without losing or repeating an event.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Replace { .. } | Self::Update { .. })
    }
}

const NO_CARRY_OVER: &str = "this version cannot carry the position over to a new statement, and starting anew would repeat or skip events";

/// Judges a route: `None` where there is nothing to say, as for a disabled route that is not deployed.
/// `live` is sorted by generation.
pub fn judge(
    desired: Option<&DesiredRoute>,
    live: &[LiveStatement],
    placement: &Placement,
) -> Option<Judgement> {
    match (desired, live.last()) {
        (None, None) => None,
        (None, Some(_)) => Some(orphan(live)),
        (Some(desired), None) => desired.enabled.then(|| create(desired)),
        (Some(desired), Some(head)) if !desired.enabled => Some(disabled(head)),
        (Some(desired), Some(head)) => Some(compare(desired, head, placement)),
    }
}

fn create(desired: &DesiredRoute) -> Judgement {
    let action = Action::Create {
        name: desired.identity.name(1),
        start: desired.start,
    };
    judgement(
        action,
        format!("not deployed yet; begins to read at `{}`", desired.start),
    )
}

fn orphan(live: &[LiveStatement]) -> Judgement {
    let statements = live
        .iter()
        .map(|statement| statement.name.clone())
        .collect();
    let delete = judgement(
        Action::Delete { statements },
        "no route of this project has this id any more",
    );
    with_remedy(delete, "`apply --prune` deletes it; the topic stays")
}

fn disabled(head: &LiveStatement) -> Judgement {
    let name = &head.name;
    match head.phase() {
        Phase::Pending | Phase::Running | Phase::Degraded => judgement(
            Action::Stop { of: name.clone() },
            "the route is disabled; its position is kept",
        ),
        Phase::Stopping | Phase::Deleting | Phase::Failing => in_motion(head),
        Phase::Stopped | Phase::Failed | Phase::Completed => judgement(
            Action::Keep,
            format!("the route is disabled and `{name}` is {}", head.phase()),
        ),
        Phase::Other(phase) => unknown_phase(name, phase),
    }
}

fn compare(desired: &DesiredRoute, head: &LiveStatement, placement: &Placement) -> Judgement {
    let name = &head.name;
    match head.phase() {
        Phase::Deleting | Phase::Stopping | Phase::Failing | Phase::Pending => in_motion(head),
        Phase::Running => running(desired, head, placement, Action::Keep),
        Phase::Degraded => running(desired, head, placement, Action::KeepUnhealthy),
        Phase::Failed => {
            let why = match head.statement.status.detail.trim() {
                "" => "the service gives no reason".to_owned(),
                detail => detail.to_owned(),
            };
            let blocked = judgement(Action::Blocked, format!("`{name}` failed: {why}"));
            with_remedy(
                blocked,
                format!(
                    "look at `routectl status {name}`; `routectl cleanup` deletes it, and its position with it, after which `apply` begins at `{}`",
                    desired.start
                ),
            )
        }
        Phase::Stopped => {
            let blocked = judgement(Action::Blocked, format!("`{name}` was stopped by somebody"));
            with_remedy(
                blocked,
                "this version cannot resume it without risk; resume it where it was stopped, or disable the route",
            )
        }
        Phase::Completed => {
            let blocked = judgement(
                Action::Blocked,
                format!("`{name}` completed, though its source never ends"),
            );
            with_remedy(blocked, format!("look at `routectl status {name}`"))
        }
        Phase::Other(phase) => unknown_phase(name, phase),
    }
}

fn running(
    desired: &DesiredRoute,
    head: &LiveStatement,
    placement: &Placement,
    keep: Action,
) -> Judgement {
    let name = &head.name;
    let Some(recorded) = label::fingerprint(&head.statement) else {
        let blocked = judgement(
            Action::Blocked,
            format!("`{name}` does not say what it was made from"),
        );
        return with_remedy(
            blocked,
            "its labels were changed; delete it by hand or restore them",
        );
    };
    if recorded.content != desired.fingerprint.content {
        let replace = Action::Replace { of: name.clone() };
        return with_remedy(judgement(replace, "the route has changed"), NO_CARRY_OVER);
    }
    if let Some(difference) = moved(head, placement) {
        return with_remedy(
            judgement(Action::Update { of: name.clone() }, difference),
            NO_CARRY_OVER,
        );
    }
    let unhealthy = matches!(keep, Action::KeepUnhealthy);
    let mut reason = format!("`{name}` is {}", head.phase());
    if unhealthy && !head.statement.status.detail.is_empty() {
        reason = format!("{reason}: {}", head.statement.status.detail);
    }
    if recorded.text != desired.fingerprint.text {
        reason.push_str("; its comments or layout differ, its meaning does not");
    }
    judgement(keep, reason)
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

fn in_motion(head: &LiveStatement) -> Judgement {
    let detail = head.statement.status.detail.trim();
    let reason = format!("`{}` is {}", head.name, head.phase());
    let reason = if detail.is_empty() {
        reason
    } else {
        format!("{reason}: {detail}")
    };
    with_remedy(judgement(Action::Wait, reason), "look again in a moment")
}

fn unknown_phase(name: &StatementName, phase: &str) -> Judgement {
    let blocked = judgement(
        Action::Blocked,
        format!("`{name}` is in the unknown phase `{phase}`"),
    );
    with_remedy(blocked, "a newer version of routectl may know it")
}

fn judgement(action: Action, reason: impl Into<String>) -> Judgement {
    Judgement {
        action,
        reason: reason.into(),
        remedy: None,
    }
}

fn with_remedy(judgement: Judgement, remedy: impl Into<String>) -> Judgement {
    Judgement {
        remedy: Some(remedy.into()),
        ..judgement
    }
}
