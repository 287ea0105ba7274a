//! Plans: what leads from the live statements to the desired ones.
//!
//! [`Live`] is what the service has, [`decide`] judges one route, [`Plan`] is the judgement of all;
//! [`human`] and [`json`] print it. Nothing here talks to the service.

pub mod decide;
pub mod human;
pub mod json;
pub mod live;
mod summary;

use std::collections::BTreeSet;

pub use decide::{Action, Judgement};
pub use live::{Live, LiveStatement};
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
    /// The route's name, or what the statement's name shows of it where no route has that id.
    pub route: String,
    /// The topic that it writes, where a route says so.
    pub topic: Option<String>,
    /// The statement that runs it now, if any.
    pub current: Option<StatementName>,
    /// What is to be done, and why.
    pub judgement: Judgement,
}

impl Plan {
    /// Compares what is desired with what is live.
    pub fn new(desired: &Desired, live: &Live) -> Self {
        let ids: BTreeSet<&RouteId> = desired.routes.keys().chain(live.routes.keys()).collect();
        let mut entries: Vec<Entry> = ids
            .into_iter()
            .filter_map(|id| {
                let route = desired.routes.get(id);
                let statements = live.routes.get(id).map_or(&[][..], Vec::as_slice);
                let judgement = decide::judge(route, statements, &desired.placement)?;
                let current = statements.last().map(|statement| statement.name.clone());
                let name = route.map(|route| route.identity.route.clone());
                let shown = current.as_ref().map(|name| name.as_str().to_owned());
                Some(Entry {
                    id: id.clone(),
                    route: name.or(shown).unwrap_or_default(),
                    topic: route.map(|route| route.identity.topic.clone()),
                    current,
                    judgement,
                })
            })
            .collect();
        entries.sort_by(|a, b| (&a.route, &a.id).cmp(&(&b.route, &b.id)));
        Self {
            target: desired.target.clone(),
            entries,
        }
    }

    /// The counts of the last line.
    pub fn summary(&self) -> Summary {
        Summary::of(self)
    }

    /// Whether a statement that is as it should be does not do well.
    pub fn is_unhealthy(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry.judgement.action, Action::KeepUnhealthy))
    }

    /// Whether something on the service is still on its way, so that looking again may say more.
    pub fn is_in_motion(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry.judgement.action, Action::Wait))
    }
}
