//! Going forward: whether a new generation is due, what it does, and where it begins to read.

use super::run::Run;
use super::{Action, Creation, Decision, MOST_TRIES, Recovery, Step, Topic};
use crate::api::Phase;
use crate::plan::live::LiveStatement;
use crate::plan::sinks::{Writer, source_of};
use crate::plan::standing::detail;
use crate::project::start::Start;
use crate::statement::desired::Origin;
use crate::statement::{StatementName, label};

/// A statement that is at work, with the one that was to take over from it and never did, if any.
pub(super) struct Head<'v> {
    pub(super) statement: &'v LiveStatement,
    failed: Option<&'v LiveStatement>,
}

/// How a live statement differs from what is wanted.
pub(super) struct Difference {
    pub(super) words: String,
    action: Action,
}

impl<'v> Head<'v> {
    pub(super) fn alone(statement: &'v LiveStatement) -> Self {
        Self {
            statement,
            failed: None,
        }
    }

    pub(super) fn after(statement: &'v LiveStatement, failed: &'v LiveStatement) -> Self {
        Self {
            statement,
            failed: Some(failed),
        }
    }

    /// How it stands, and the one that was to take over.
    pub(super) fn standing(&self) -> String {
        let head = self.statement.standing();
        self.failure()
            .map_or_else(|| head.clone(), |failure| format!("{head}; {failure}"))
    }

    fn failure(&self) -> Option<String> {
        let failed = self.failed?;
        Some(match self.doubt() {
            Some(doubt) => format!("{}; {doubt}", failed.standing()),
            None => format!("{}, and has never run", failed.standing()),
        })
    }

    /// What makes it likely that somebody resumed it after the other had run: it changed after that one had ended. It
    /// shows no more, and the service may change what runs by itself.
    pub(super) fn doubt(&self) -> Option<String> {
        let failed = self.failed?;
        let (live, failed) = (self.statement, failed);
        (live.has_changed_since(failed) && !failed.is_about(live.name.as_str())).then(|| {
            let (live, failed) = (&live.name, &failed.name);
            format!("`{live}` has changed since: if `{failed}` ran and somebody resumed `{live}` after it, events are written twice")
        })
    }

    /// The one that was to take over.
    pub(super) fn failed(&self) -> Option<&'v LiveStatement> {
        self.failed
    }
}

impl<'v> Run<'v> {
    /// How a statement differs from what is wanted; what the target does not say is not compared.
    pub(super) fn difference(&self, live: &LiveStatement) -> Option<Difference> {
        let recorded = label::fingerprint(&live.statement);
        let wanted = &self.route.fingerprint;
        if recorded.is_none_or(|recorded| recorded.content != wanted.content) {
            return Some(Difference {
                words: "the route has changed".to_owned(),
                action: Action::Replace,
            });
        }
        let spec = &live.statement.spec;
        let pairs = [
            (
                "compute pool",
                &self.placement.compute_pool,
                &spec.compute_pool_id,
            ),
            ("principal", &self.placement.principal, &spec.principal),
        ];
        pairs.into_iter().find_map(|(what, wanted, live)| {
            let wanted = wanted.as_ref()?;
            let live = live.as_deref().unwrap_or("the default");
            (live != wanted).then(|| Difference {
                words: format!("its {what} is `{live}`, not `{wanted}`"),
                action: Action::Update,
            })
        })
    }

    /// Whether the text differs while the meaning does not.
    pub(super) fn is_rendered_differently(&self, live: &LiveStatement) -> bool {
        let recorded = label::fingerprint(&live.statement);
        recorded.is_some_and(|recorded| recorded.text != self.route.fingerprint.text)
    }

    /// The replacement of a statement that is at work, where one is due.
    pub(super) fn replace(&self, head: &Head<'v>) -> Option<Decision> {
        let live = head.statement;
        if label::fingerprint(&live.statement).is_none() {
            let reason = format!("`{}` does not say what it was made from", live.name);
            let remedy = "its labels were changed; restore them, or delete it by hand";
            return Some(Decision::blocked(reason, remedy));
        }
        let rendering = || Difference {
            words: "its comments or layout differ, its meaning does not".to_owned(),
            action: Action::Replace,
        };
        let is_refreshed = self.rules.permits.refresh && self.is_rendered_differently(live);
        let difference = self
            .difference(live)
            .or_else(|| is_refreshed.then(rendering))?;
        if let Some(reason) = self.other_source(live) {
            let restart = |start| {
                let reason =
                    format!("{reason}; it is stopped, and the route begins to read at `{start}`");
                Decision::stop(live, Action::Restart, reason)
            };
            let restart = self.confirmed_start().map(restart);
            return Some(restart.unwrap_or_else(|| self.without_position(reason)));
        }
        let mut reason = difference.words;
        if let Some(failure) = head.failure() {
            reason = format!("{reason}; {failure}");
        }
        if self.rules.tried.wanted > 0 {
            let reason = format!("{}; {reason}", live.standing());
            return Some(Decision::blocked(reason, AGAIN));
        }
        Some(self.carry_over(live, difference.action, &reason))
    }

    /// Why a statement has no offsets to hand over: it reads another topic.
    fn other_source(&self, live: &LiveStatement) -> Option<String> {
        let source = source_of(&live.statement);
        let wanted = &self.route.source;
        if source.as_ref() == Some(wanted) {
            return None;
        }
        let was = source.map_or("an unknown topic".to_owned(), |topic| format!("`{topic}`"));
        Some(format!(
            "`{}` reads {was}, the route now `{wanted}`, of which there is no position to go on from",
            live.name
        ))
    }

    fn without_position(&self, reason: String) -> Decision {
        Decision::blocked(reason, self.recovery(STARTS))
    }

    /// Where the user says that the route is to begin anew.
    fn confirmed_start(&self) -> Option<Start> {
        match self.rules.permits.recover {
            Some(Recovery::Start(start)) => Some(start),
            _ => None,
        }
    }

    /// Goes on from a statement that somebody stopped, if the user wants that.
    pub(super) fn resume(&self, head: &LiveStatement) -> Decision {
        let reason = head.standing();
        if let Some(start) = self.confirmed_start() {
            return self.begin(Action::Restart, start, &reason);
        }
        if let Some(reason) = self.other_source(head) {
            return self.without_position(reason);
        }
        if self.rules.tried.wanted > 0 {
            return Decision::blocked(reason, AGAIN);
        }
        if self.rules.permits.resume {
            return self.carry_over(head, Action::Resume, &reason);
        }
        let reason = format!(
            "{reason}: the route was disabled, or somebody stopped it or deleted what had gone on from it"
        );
        Decision::blocked(reason, "`apply --resume` goes on where it stopped")
    }

    /// Goes on from a statement at rest, which one that never ran was to take over from.
    pub(super) fn go_on(&self, from: &LiveStatement, unborn: &LiveStatement) -> Decision {
        let reason = format!(
            "{}, and `{}`, which was to take over, has never run",
            from.standing(),
            unborn.name
        );
        let is_wanted = |one: &LiveStatement| self.difference(one).is_none();
        let has_failed = *unborn.phase() == Phase::Failed && is_wanted(unborn);
        if has_failed && !is_wanted(from) && label::fingerprint(&from.statement).is_some() {
            let why = detail(&unborn.statement);
            let reason = format!("{reason}: {why}; what ran before it is to run again");
            if self.rules.tried.former {
                return Decision::blocked(reason, AGAIN);
            }
            let origin = Origin::CarryOver(from.name.as_str().to_owned());
            let again = Some(from.name.as_str().to_owned());
            return self.create(Action::Resume, origin, again, &reason);
        }
        let others_stopped_it = *unborn.phase() == Phase::Stopped;
        let most = if others_stopped_it { MOST_TRIES } else { 1 };
        if self.rules.tried.wanted >= most {
            let reason = format!("{reason}: {}", detail(&unborn.statement));
            return Decision::blocked(reason, AGAIN);
        }
        if let Some(reason) = self.other_source(from) {
            return match self.confirmed_start() {
                Some(start) => self.begin(Action::Restart, start, &reason),
                None => self.without_position(reason),
            };
        }
        self.carry_over(from, Action::Resume, &reason)
    }

    /// The first generation.
    pub(super) fn first(&self) -> Decision {
        let around = self.view.around;
        let topic = &self.route.identity.topic;
        if let Some(start) = self.confirmed_start() {
            return self.begin(Action::Create, start, "not deployed");
        }
        if let Some(Writer::Former(name)) = &around.writer {
            let reason =
                format!("`{name}`, of a route that is no more, has written to `{topic}` already");
            return Decision::blocked(
                reason,
                format!(
                    "if the route was renamed, list its old name under `was` and it goes on where that stopped; else choose another topic, or {}",
                    self.recovery(STARTS)
                ),
            );
        }
        match &around.topic {
            Topic::Free => self.begin(Action::Create, self.route.start, "not deployed yet"),
            Topic::There => {
                let reason = format!(
                    "`{topic}` is there already, and nothing says up to which event it was written"
                );
                Decision::blocked(reason, self.recovery(STARTS))
            }
            Topic::Unknown(why) => {
                let reason = format!("nobody knows whether `{topic}` is there already: {why}");
                Decision::blocked(
                    reason,
                    "remove the reason; where a topic is known to be new, `--recover ROUTE=earliest` begins without the answer",
                )
            }
        }
    }

    /// Begins anew, going on from nothing.
    pub(super) fn begin(&self, action: Action, start: Start, reason: &str) -> Decision {
        if self.rules.tried.wanted > 0 {
            return Decision::blocked(format!("{reason}, though this run created it"), AGAIN);
        }
        self.create(action, Origin::Start(start), None, reason)
    }

    /// What cannot go on by itself, as nobody knows what was written; the user may say where to go on.
    pub(super) fn stuck(&self, head: &LiveStatement, why: impl AsRef<str>) -> Decision {
        let reason = format!("`{}` is {}: {}", head.name, head.phase(), why.as_ref());
        if self.rules.tried.wanted > 0 {
            return Decision::blocked(reason, "`routectl status` shows more");
        }
        let stopped = head.reference().and_then(|name| {
            let mut all = self.view.statements.iter();
            all.find(|one| one.name.as_str() == name && *one.phase() == Phase::Stopped)
        });
        // A position in another topic is none.
        let previous = stopped.filter(|one| one.has_offsets() && self.other_source(one).is_none());
        let offsets = head.offsets().filter(|_| self.other_source(head).is_none());
        let (origin, action) = match self.rules.permits.recover {
            Some(Recovery::Start(start)) => (Some(Origin::Start(start)), Action::Restart),
            Some(Recovery::Offsets) => {
                let offsets = offsets.map(str::to_owned);
                (offsets.map(Origin::Offsets), Action::Resume)
            }
            Some(Recovery::Previous) => {
                let name = previous.map(|one| one.name.as_str().to_owned());
                (name.map(Origin::CarryOver), Action::Resume)
            }
            None => (None, Action::Blocked),
        };
        if let Some(origin) = origin {
            return self.create(action, origin, None, &reason);
        }
        let mut ways = Vec::new();
        ways.extend(previous.map(|_| "previous"));
        ways.extend(offsets.map(|_| "offsets"));
        ways.push(STARTS);
        let recovery = self.recovery(&ways.join("|"));
        let without_savepoint =
            stopped.filter(|one| !one.has_offsets() && head.is_about(one.name.as_str()));
        let remedy = match (head.phase(), without_savepoint) {
            (Phase::Stopped, _) => format!(
                "if it has run, resume it in the console and it goes on; else look at the topic, then {recovery}"
            ),
            (_, Some(one)) => format!(
                "resume `{}` in the console, as the service's documentation advises, and run the command again; or look at the topic, then {recovery}",
                one.name
            ),
            _ => format!(
                "nobody knows for certain what it wrote; look at the topic, then {recovery}"
            ),
        };
        Decision::blocked(reason, remedy)
    }

    fn carry_over(&self, from: &LiveStatement, action: Action, reason: &str) -> Decision {
        let origin = Origin::CarryOver(from.name.as_str().to_owned());
        self.create(action, origin, None, reason)
    }

    fn create(
        &self,
        action: Action,
        origin: Origin,
        again: Option<String>,
        reason: &str,
    ) -> Decision {
        let identity = &self.route.identity;
        let id = identity.id();
        let own = self.view.statements.iter().map(|one| &one.name);
        let highest = own
            .filter(|name| *name.id() == id)
            .map(StatementName::generation);
        let name = identity.name(highest.max().unwrap_or_default() + 1);
        let reason = match &origin {
            Origin::Start(start) => format!("{reason}; begins to read at `{start}`"),
            Origin::CarryOver(_) | Origin::Offsets(_) => format!("{reason}; goes on {origin}"),
        };
        let creation = Creation {
            name,
            origin,
            again,
        };
        Decision::new(Step::Create(creation), action, reason)
    }

    /// The flag that says where to go on.
    fn recovery(&self, ways: &str) -> String {
        let title = &self.route.title;
        if title.contains(' ') {
            return format!("pass `--recover '{title}={ways}'`");
        }
        format!("pass `--recover {title}={ways}`")
    }
}

/// The places that a route may begin at.
const STARTS: &str = "earliest|latest|TIME";

const AGAIN: &str = "this run has tried already; remove the reason, then run the command again";
