//! Plans: what leads from the live statements to the desired ones.
//!
//! [`Live`] is what the service has, [`decide`] judges one route, [`Plan`] is the judgement of all;
//! [`human`] and [`json`] print it. Nothing here talks to the service.

pub mod decide;
pub mod human;
pub mod json;
pub mod live;
mod rename;
pub mod standing;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use decide::{Action, Judgement};
pub use live::{Live, LiveStatement, Seen};
pub use summary::Summary;

use crate::statement::{Desired, RouteId, StatementName};

/// What is to be done on a target.
#[derive(Debug)]
pub struct Plan {
    /// The target.
    pub target: String,
    /// One entry for each route that is desired or live, by route.
    pub entries: Vec<Entry>,
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
    /// The statement that runs it now, if any.
    pub current: Option<StatementName>,
    /// What is to be done, and why.
    pub judgement: Judgement,
}

impl Plan {
    /// Compares what is desired with what is live. With `prune`, routes that are no more are to be deleted.
    pub fn new(desired: &Desired, live: &Live, prune: bool) -> Self {
        let ids: BTreeSet<&RouteId> = desired.routes.keys().chain(live.routes.keys()).collect();
        let mut entries: Vec<Entry> = ids
            .into_iter()
            .filter_map(|id| entry(desired, live, prune, id))
            .collect();
        rename::block(&mut entries, live);
        entries.sort_by(|a, b| (&a.title, &a.id).cmp(&(&b.title, &b.id)));
        Self {
            target: desired.target.clone(),
            entries,
        }
    }

    /// The counts of the last line.
    pub fn summary(&self) -> Summary {
        Summary::of(self)
    }

    /// Whether nothing stands in the way: no route is blocked, waits, runs twice or does badly.
    pub fn is_sound(&self) -> bool {
        self.entries
            .iter()
            .all(|entry| !entry.judgement.action.needs_attention())
    }

    /// How many routes are on the target.
    pub fn live_routes(&self) -> usize {
        let live = self.entries.iter().filter(|entry| entry.current.is_some());
        live.count()
    }
}

fn entry(desired: &Desired, live: &Live, prune: bool, id: &RouteId) -> Option<Entry> {
    let route = desired.routes.get(id);
    let statements = live.routes.get(id).map_or(&[][..], Vec::as_slice);
    let judgement = decide::judge(route, statements, &desired.placement, prune)?;
    let current = statements.last().map(|statement| statement.name.clone());
    let (name, title) = match (route, &current) {
        (Some(route), _) => (route.identity.route.as_str(), route.title.as_str()),
        (None, Some(statement)) => (statement.as_str(), statement.as_str()),
        (None, None) => return None,
    };
    Some(Entry {
        id: id.clone(),
        route: name.to_owned(),
        title: title.to_owned(),
        topic: route.map(|route| route.identity.topic.clone()),
        current,
        judgement,
    })
}
