//! Drift: what runs is not as it was left, whatever the routes say now.
//!
//! There is no record but the service, so drift is what the service itself gives away. A change of the project is none.
//!
//! | drift | known by |
//! | --- | --- |
//! | stopped | the newest statement of an enabled route stands still, with nothing that goes on from it. A route that was disabled until now looks the same |
//! | failed | the newest statement of an enabled route failed, and nothing of the route is at work |
//! | pool, principal | it is not where the target says, while its content is as wanted and others of the project are. Where all are elsewhere, the target has changed |
//! | labels | labels of users that routectl does not set, or that it sets and that are gone |
//! | writer | a statement of another owner writes to the topic of a route that is deployed |
//! | twice | two statements of a route run at once |
//! | unrecognized | a statement with the project's labels and no name of ours |
//!
//! A new kind is a variant of [`Kind`], its word, and a function that finds it.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::live::{Live, LiveStatement};
use super::position::{is_active, is_at_work};
use crate::api::{Phase, Statement};
use crate::statement::{Desired, DesiredRoute, RouteId, StatementName, label};

/// Something that is not as it was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// What people call the route, if it is one's.
    pub route: Option<String>,
    /// The statement.
    pub statement: String,
    /// What sort of drift it is.
    pub kind: Kind,
    /// What was found.
    pub detail: String,
}

/// What sort of drift there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A statement stands still.
    Stopped,
    /// A statement failed.
    Failed,
    /// A statement is in another compute pool.
    Pool,
    /// A statement runs as somebody else.
    Principal,
    /// Labels were added or removed.
    Labels,
    /// Somebody else writes to a route's topic.
    Writer,
    /// Two statements of a route run.
    Twice,
    /// A statement has our labels and no name of ours.
    Unrecognized,
}

impl Kind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Pool => "pool",
            Self::Principal => "principal",
            Self::Labels => "labels",
            Self::Writer => "writer",
            Self::Twice => "twice",
            Self::Unrecognized => "unrecognized",
        }
    }
}

/// A statement of another owner and a topic that it writes.
#[derive(Debug)]
pub(super) struct Foreign {
    pub(super) topic: String,
    pub(super) statement: String,
}

/// All drift, by route.
pub(super) fn find(desired: &Desired, live: &Live, foreign: &[Foreign]) -> Vec<Drift> {
    let finder = Finder::new(desired, live, foreign);
    let of_routes = desired
        .routes
        .values()
        .flat_map(|route| finder.route(route));
    let unrecognized = live.unrecognized.iter().map(|one| Drift {
        route: None,
        statement: one.name.clone(),
        kind: Kind::Unrecognized,
        detail: "it has this project's labels and a name that routectl does not give".to_owned(),
    });
    let mut all: Vec<_> = of_routes.chain(unrecognized).collect();
    all.sort_by(|a, b| (&a.route, a.kind, &a.statement).cmp(&(&b.route, b.kind, &b.statement)));
    all
}

struct Finder<'f> {
    desired: &'f Desired,
    live: &'f Live,
    foreign: &'f [Foreign],
    /// The newest statement of each route of the project that is at work.
    at_work: Vec<&'f LiveStatement>,
    /// Those of other owners whose names are of this project's routes.
    disowned: Vec<(StatementName, &'f Statement)>,
}

impl<'f> Finder<'f> {
    fn new(desired: &'f Desired, live: &'f Live, foreign: &'f [Foreign]) -> Self {
        let ids: BTreeSet<RouteId> = desired
            .routes
            .values()
            .flat_map(DesiredRoute::ids)
            .collect();
        let disowned = live.others.iter().filter_map(|one| {
            let name = StatementName::parse(&one.name)?;
            ids.contains(name.id()).then_some((name, one))
        });
        let newest = live.routes.values().filter_map(|of_route| of_route.last());
        Self {
            desired,
            live,
            foreign,
            at_work: newest.filter(|one| is_at_work(&one.statement)).collect(),
            disowned: disowned.collect(),
        }
    }

    fn route(&self, route: &DesiredRoute) -> Vec<Drift> {
        let found = |statement: &str, kind, detail| Drift {
            route: Some(route.title.clone()),
            statement: statement.to_owned(),
            kind,
            detail,
        };
        let ids = route.ids();
        let disowned = self
            .disowned
            .iter()
            .filter(|(name, _)| ids.contains(name.id()));
        let mut all: Vec<Drift> = disowned
            .map(|(name, _)| {
                let detail = "the labels that say whose it is are gone, and it is at work";
                found(name.as_str(), Kind::Labels, detail.to_owned())
            })
            .collect();
        let statements = self.live.of(&ids);
        let Some(head) = statements.last() else {
            return all;
        };
        let name = head.name.as_str();
        if route.enabled {
            all.extend(
                standstill(&statements, head).map(|(kind, detail)| found(name, kind, detail)),
            );
        }
        let moved = self.moved(route, head).into_iter();
        all.extend(moved.map(|(kind, detail)| found(name, kind, detail)));
        all.extend(labels(head).map(|detail| found(name, Kind::Labels, detail)));
        all.extend(twice(&statements).map(|detail| found(name, Kind::Twice, detail)));
        let topic = &route.identity.topic;
        let is_disowned = |name: &str| self.disowned.iter().any(|(one, _)| one.as_str() == name);
        let writers = self.foreign.iter().filter(|one| one.topic == *topic);
        let writers = writers.filter(|one| !is_disowned(&one.statement));
        all.extend(writers.map(|one| {
            let detail = format!(
                "`{}`, which is not this project's by its labels, writes to `{topic}` too",
                one.statement
            );
            found(&one.statement, Kind::Writer, detail)
        }));
        all
    }

    /// What differs from the target where others of the project do not.
    fn moved(&self, route: &DesiredRoute, head: &LiveStatement) -> Vec<(Kind, String)> {
        let recorded = label::fingerprint(&head.statement);
        if recorded.is_none_or(|recorded| recorded.content != route.fingerprint.content) {
            return Vec::new();
        }
        let placement = &self.desired.placement;
        let pool = self.elsewhere(head, placement.compute_pool.as_deref(), |one| {
            one.spec.compute_pool_id.as_deref()
        });
        let principal = self.elsewhere(head, placement.principal.as_deref(), |one| {
            one.spec.principal.as_deref()
        });
        let pool = pool.map(|detail| (Kind::Pool, detail));
        let principal = principal.map(|detail| (Kind::Principal, detail));
        pool.into_iter().chain(principal).collect()
    }

    fn elsewhere(
        &self,
        head: &LiveStatement,
        wanted: Option<&str>,
        of: fn(&Statement) -> Option<&str>,
    ) -> Option<String> {
        let wanted = wanted?;
        let found = of(&head.statement);
        if found == Some(wanted) {
            return None;
        }
        let run = label::run(&head.statement);
        let as_wanted = self.at_work.iter().map(|one| &one.statement);
        let mut as_wanted = as_wanted.filter(|one| of(one) == Some(wanted)).peekable();
        as_wanted.peek()?;
        let run = run.filter(|run| as_wanted.any(|one| label::run(one) == Some(run)));
        let why = match run {
            Some(run) => format!("the run `{run}` created it there"),
            None => "as the target says and others of the project are: moved by another hand, or left by a run that did not end".to_owned(),
        };
        let found = found.unwrap_or("the default");
        Some(format!("`{found}` and not `{wanted}`, {why}"))
    }
}

/// A newest statement that does nothing, while nothing else of the route is at work either.
fn standstill(statements: &[LiveStatement], head: &LiveStatement) -> Option<(Kind, String)> {
    if statements.iter().any(|one| is_active(one.phase())) {
        return None;
    }
    match head.phase() {
        Phase::Stopped if head.has_offsets() || head.reference().is_none() => {
            let detail = "somebody stopped it, or its route was disabled until now";
            Some((Kind::Stopped, detail.to_owned()))
        }
        Phase::Failed => Some((Kind::Failed, head.standing())),
        _ => None,
    }
}

fn labels(head: &LiveStatement) -> Option<String> {
    let several = |labels: Vec<String>| labels.join(", ");
    let quoted = |label: &str| format!("`{label}`");
    let lost = label::lost(&head.statement);
    let lost = lost.iter().map(|label| quoted(label)).collect::<Vec<_>>();
    let added = label::added(&head.statement).into_iter().map(quoted);
    let added = added.collect::<Vec<_>>();
    match (lost.is_empty(), added.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("removed: {}", several(lost))),
        (true, false) => Some(format!("added: {}", several(added))),
        (false, false) => Some(format!(
            "removed: {}; added: {}",
            several(lost),
            several(added)
        )),
    }
}

fn twice(statements: &[LiveStatement]) -> Option<String> {
    let runs = |one: &&LiveStatement| matches!(one.phase(), Phase::Running | Phase::Degraded);
    let running = statements.iter().filter(runs);
    let running: Vec<_> = running.map(LiveStatement::standing).collect();
    (running.len() > 1).then(|| running.join(", "))
}
