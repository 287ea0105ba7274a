//! The routes that a project names on a target. Names, topics and `enabled` are all that operators need of a route, so a
//! condition that does not compile is in nobody's way.

use crate::project::target::Target;
use crate::route::{Route, Sink};
use crate::statement::{Identity, RouteId};
use crate::workspace::Workspace;

/// The routes of a project on a target, as far as their files could be read.
#[derive(Debug)]
pub struct Roster {
    /// The project.
    pub project: String,
    /// The target.
    pub target: String,
    /// The routes, one for each topic that they write.
    pub routes: Vec<Wanted>,
    /// Whether every route file could be read. Where not, a statement of no known route may belong to one all the same.
    pub is_complete: bool,
}

/// A route that the project names, or one of its sinks where it has several.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it is identified by.
    pub identity: Identity,
    /// What it was identified by under the names that it had before.
    pub was: Vec<Identity>,
    /// What people call it: see [`Route::title`].
    pub title: String,
    /// The topic as the route says it, without the target's suffix.
    pub topic: String,
    /// Whether it is to run.
    pub is_enabled: bool,
}

impl Roster {
    /// The routes of a workspace on a target.
    pub fn new(workspace: &Workspace, target: &Target, is_complete: bool) -> Self {
        let project = &workspace.project.name.value;
        let routes = workspace.routes.iter();
        let sinks = routes.flat_map(|route| route.sinks.iter().map(move |sink| (route, sink)));
        Self {
            project: project.clone(),
            target: target.name.value.clone(),
            routes: sinks
                .map(|(route, sink)| Wanted::new(project, target, route, sink))
                .collect(),
            is_complete,
        }
    }

    /// The route that has an id, or had it under a former name.
    pub fn by_id(&self, id: &RouteId) -> Option<&Wanted> {
        let present = self.routes.iter().find(|one| one.identity.id() == *id);
        present.or_else(|| self.routes.iter().find(|one| one.ids().contains(id)))
    }

    /// The route that people call by this title.
    pub fn by_title(&self, title: &str) -> Option<&Wanted> {
        self.routes.iter().find(|one| one.title == title)
    }
}

impl Wanted {
    fn new(project: &str, target: &Target, route: &Route, sink: &Sink) -> Self {
        let identity = Identity::of(project, target, route, sink);
        let former = route.was.iter().map(|name| Identity {
            route: name.value.clone(),
            ..identity.clone()
        });
        Self {
            was: former.collect(),
            title: route.title(sink),
            topic: sink.topic.value.clone(),
            is_enabled: route.enabled,
            identity,
        }
    }

    /// The ids that it had and has, the present one last.
    pub fn ids(&self) -> Vec<RouteId> {
        let all = self.was.iter().chain(Some(&self.identity));
        all.map(Identity::id).collect()
    }
}
