//! Plans: what leads from the live statements to the desired ones.
//!
//! [`Live`] is what the service has, [`mod@decide`] says what comes next for one route, [`Plan`] is the first step of
//! each; [`human`], [`json`] and [`markdown`] print it, [`saved`] keeps it in a file. [`drift`] is what somebody else
//! changed, [`selection`] says which routes are meant, [`position`] reads how far a statement is, [`sinks`] who writes a
//! topic, [`tables`] holds tables against what routes need, `words` ties entries together that belong to one change.
//! Nothing here talks to the service.

pub mod decide;
pub mod drift;
#[cfg(test)]
pub(crate) mod fixture;
pub mod human;
pub mod json;
pub mod live;
pub mod markdown;
pub mod position;
mod recovery;
pub mod resting;
pub mod saved;
pub mod selection;
pub mod sinks;
pub mod spent;
pub mod standing;
mod summary;
pub mod tables;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

pub use decide::{Action, Decision, Permits, Recovery};
pub use drift::Drift;
pub use live::{Live, LiveStatement, Seen};
pub use saved::SavedPlan;
pub use selection::Selection;
pub use summary::Summary;
pub use tables::Examination;

use crate::diff::{self, Meaning};
use crate::statement::{Desired, DesiredRoute, Identity, RouteId, StatementName};
use decide::{Rules, Surroundings, Topic, Tried, View, Wish, decide};
use drift::Foreign;
use live::Followers;
use sinks::{Writer, topics_of};

/// What the user allows beyond what is always allowed.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// To delete the statements of routes that are no more.
    pub prune: bool,
    /// To go on from statements that somebody stopped.
    pub resume: bool,
    /// To replace statements whose text alone differs.
    pub refresh: bool,
    /// Where routes that are blocked are to go on, by name or title.
    pub recover: BTreeMap<String, Recovery>,
    /// The routes that are meant.
    pub selection: Selection,
}

impl Choices {
    /// What stands for the name of every route that is blocked.
    const ALL_BLOCKED: &str = "*";

    fn permits(&self, route: &DesiredRoute) -> Permits {
        let by_title = self.recover.get(&route.title);
        let recover = by_title.or_else(|| self.recover.get(&route.identity.route));
        Permits {
            resume: self.resume,
            refresh: self.refresh,
            recover: recover.copied(),
        }
    }

    /// Where all routes go on that are blocked, as far as they are meant and have no place of their own.
    fn of_all_blocked(&self) -> Option<Recovery> {
        self.recover.get(Self::ALL_BLOCKED).copied()
    }

    /// Names that are to recover and that no route has which is meant.
    pub fn unknown<'c>(&'c self, desired: &'c Desired) -> impl Iterator<Item = &'c str> {
        let is_known = |name: &str| {
            let mut routes = desired.routes.values();
            routes.any(|route| {
                let is_named = route.title == name || route.identity.route == name;
                is_named && self.selection.includes(route)
            })
        };
        let names = self.recover.keys().map(String::as_str);
        names.filter(move |name| *name != Self::ALL_BLOCKED && !is_known(name))
    }
}

/// What is known of topics; one that was not asked for is taken to be free.
pub type Topics = BTreeMap<String, Topic>;

/// What is known beyond the listing.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The time.
    pub now: Timestamp,
    /// Whether topics are there already, of routes that have no statement.
    pub topics: Topics,
}

/// What is to be done on a target.
#[derive(Debug)]
pub struct Plan {
    /// The target.
    pub target: String,
    /// One entry for each route that is desired or live, by route.
    pub entries: Vec<Entry>,
    /// What is not as it was left, whatever the routes say.
    pub drift: Vec<Drift>,
    /// Tasks that are deleted, as they have no use any more: see [`spent()`](spent::spent).
    pub spent: Vec<String>,
    /// Whether routes that are no more are to be deleted.
    pub prune: bool,
    /// How many entries are left out because they are not selected.
    pub not_selected: usize,
    /// What was looked at on the service before anything is changed.
    pub examination: Examination,
}

/// What is to be done about one route.
#[derive(Debug)]
pub struct Entry {
    /// What the route is identified by.
    pub id: RouteId,
    /// The route's name, or its statement's where no route has that id.
    pub route: String,
    /// What people call it: the route's name, with the topic where it has several.
    pub title: String,
    /// The topic that it writes, where a route says so.
    pub topic: Option<String>,
    /// Its statements as they were listed, the oldest first.
    pub statements: Vec<LiveStatement>,
    /// What is around them.
    pub around: Surroundings,
    /// What the user allows.
    pub permits: Permits,
    /// What becomes of its statements where no route wants them.
    pub unwanted: Unwanted,
    /// Whether the user says where it is to go on, and it is not blocked or cannot go on there.
    pub recovers_in_vain: bool,
    /// The first step, and why.
    pub decision: Decision,
    /// What it means to replace what runs, where that is to be done.
    pub meaning: Option<Meaning>,
}

/// What becomes of statements that no route wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwanted {
    /// They are stopped.
    Stop,
    /// Nothing.
    Leave,
    /// They are deleted.
    Delete,
}

impl Entry {
    /// The latest of its statements, if any.
    pub fn current(&self) -> Option<&StatementName> {
        self.statements.last().map(|statement| &statement.name)
    }
}

impl Plan {
    /// Compares what is desired with what is live.
    pub fn new(desired: &Desired, live: &Live, choices: &Choices, facts: &Facts) -> Self {
        let planner = Planner::new(desired, live, choices, facts);
        let routes = desired.routes.values().map(|route| planner.route(route));
        let gone = live.routes.keys().map(|id| planner.gone(id));
        let mut entries: Vec<Entry> = routes.chain(gone).flatten().collect();
        words::tie(&mut entries, desired);
        let all = entries.len();
        entries.retain(|entry| planner.is_selected(entry));
        entries.sort_by(|a, b| (&a.title, &a.id).cmp(&(&b.title, &b.id)));
        Self {
            target: desired.target.clone(),
            not_selected: all - entries.len(),
            entries,
            drift: planner.drift(),
            spent: spent::spent(live),
            prune: choices.prune,
            examination: Examination::Nothing,
        }
    }

    /// The counts of the last line.
    pub fn summary(&self) -> Summary {
        Summary::of(self)
    }

    /// Whether there is anything to do that changes what runs; orphans that are left alone are nothing to do.
    pub fn has_changes(&self) -> bool {
        self.entries.iter().any(|entry| entry.decision.is_change())
    }

    /// Whether nothing stands in the way: no route is blocked, waits, runs twice or does badly.
    pub fn is_sound(&self) -> bool {
        let mut entries = self.entries.iter();
        entries.all(|entry| !entry.decision.action.needs_attention())
    }

    /// The routes that are to recover and do not, with what they do instead.
    pub fn vain_recoveries(&self) -> impl Iterator<Item = (&str, Action)> {
        let entries = self.entries.iter();
        let entries = entries.filter(|entry| entry.recovers_in_vain);
        entries.map(|entry| (entry.title.as_str(), entry.decision.action))
    }

    /// How many routes are on the target.
    pub fn live_routes(&self) -> usize {
        let live = self.entries.iter();
        live.filter(|entry| !entry.statements.is_empty()).count()
    }
}

struct Planner<'p> {
    desired: &'p Desired,
    live: &'p Live,
    choices: &'p Choices,
    facts: &'p Facts,
    /// The ids that routes have or had.
    claimed: BTreeSet<RouteId>,
    /// Who else writes to a topic.
    writers: BTreeMap<String, Writer>,
    /// What goes on from what.
    followers: Followers<'p>,
    /// What statements of other owners write.
    foreign: Vec<Foreign>,
}

impl<'p> Planner<'p> {
    fn new(desired: &'p Desired, live: &'p Live, choices: &'p Choices, facts: &'p Facts) -> Self {
        let former = desired.routes.values().flat_map(|route| &route.was);
        let claimed: BTreeSet<_> = desired
            .routes
            .keys()
            .cloned()
            .chain(former.map(Identity::id))
            .collect();
        let orphans = live
            .statements()
            .filter(|one| !claimed.contains(one.name.id()));
        let former = orphans.flat_map(|one| {
            let topics = topics_of(&one.statement).into_iter();
            topics.map(|topic| (topic, Writer::Former(one.name.as_str().to_owned())))
        });
        let foreign = live.others.iter().flat_map(|one| {
            let topics = topics_of(one).into_iter();
            topics.map(|topic| Foreign {
                topic,
                statement: one.name.clone(),
            })
        });
        let foreign: Vec<_> = foreign.collect();
        let others = foreign.iter().map(|Foreign { topic, statement }| {
            (topic.clone(), Writer::Foreign(statement.clone()))
        });
        Self {
            writers: former.chain(others).collect(),
            foreign,
            followers: live.followers(),
            desired,
            live,
            choices,
            facts,
            claimed,
        }
    }

    fn rules(&self, permits: Permits) -> Rules {
        Rules {
            now: self.facts.now,
            permits,
            tried: Tried::default(),
            settled: false,
        }
    }

    fn route(&self, route: &DesiredRoute) -> Option<Entry> {
        let topic = &route.identity.topic;
        let statements = self.live.of(&route.ids());
        let around = Surroundings {
            heir: self.heir(&statements),
            writer: self.writers.get(topic).cloned(),
            topic: self.facts.topics.get(topic).cloned().unwrap_or_default(),
        };
        let named = self.choices.permits(route);
        let view = View {
            statements: &statements,
            around: &around,
        };
        let wish = Wish::Route(route, &self.desired.placement);
        let recovering = |recover| Permits { recover, ..named };
        let without = decide(view, wish, &self.rules(recovering(None)))?;
        let of_all = self.choices.of_all_blocked();
        let of_all = of_all.filter(|_| without.action == Action::Blocked);
        let permits = recovering(named.recover.or(of_all));
        let decision = match permits.recover {
            None => without.clone(),
            Some(_) => decide(view, wish, &self.rules(permits))?,
        };
        let recovers_in_vain = permits.recover.is_some() && decision == without;
        let is_replaced = decision.action == Action::Replace;
        let meaning = is_replaced.then(|| diff::live::meaning(&statements, route));
        Some(Entry {
            meaning: meaning.flatten(),
            id: route.identity.id(),
            route: route.identity.route.clone(),
            title: route.title.clone(),
            topic: Some(topic.clone()),
            statements,
            around,
            permits,
            unwanted: Unwanted::Leave,
            recovers_in_vain,
            decision,
        })
    }

    fn gone(&self, id: &RouteId) -> Option<Entry> {
        if self.claimed.contains(id) {
            return None;
        }
        let statements = self.live.routes.get(id)?.clone();
        let around = Surroundings {
            heir: self.heir(&statements),
            ..Surroundings::default()
        };
        let view = View {
            statements: &statements,
            around: &around,
        };
        let wish = Wish::Gone {
            prune: self.choices.prune,
        };
        let permits = Permits::default();
        let decision = decide(view, wish, &self.rules(permits))?;
        let name = statements.last()?.name.as_str().to_owned();
        Some(Entry {
            meaning: None,
            id: id.clone(),
            route: name.clone(),
            title: name,
            topic: None,
            statements,
            around,
            permits,
            unwanted: if self.choices.prune {
                Unwanted::Delete
            } else {
                Unwanted::Leave
            },
            recovers_in_vain: false,
            decision,
        })
    }

    fn drift(&self) -> Vec<Drift> {
        let selection = &self.choices.selection;
        let is_meant = |title: &String| {
            let mut routes = self.desired.routes.values();
            routes.any(|route| route.title == *title && selection.includes(route))
        };
        let mut all = drift::find(self.desired, self.live, &self.foreign);
        all.retain(|one| selection.is_all() || one.route.as_ref().is_some_and(is_meant));
        all
    }

    fn is_selected(&self, entry: &Entry) -> bool {
        let selection = &self.choices.selection;
        let route = self.desired.routes.get(&entry.id);
        route.map_or_else(|| selection.is_all(), |route| selection.includes(route))
    }

    fn heir(&self, statements: &[LiveStatement]) -> Option<String> {
        let heir = self.followers.heir(statements)?;
        Some(heir.name.as_str().to_owned())
    }
}
