//! Ties entries together that belong to one change: a renamed route, or one with another topic, looks like one
//! that is new and one that is no more.

use super::sinks::{Writer, topics_of};
use super::{Action, Decision, Entry};
use crate::statement::{Desired, Identity, RouteId};

/// Says at each orphan which route it belonged to, and keeps the position of one that may have been renamed.
pub(super) fn tie(entries: &mut [Entry], desired: &Desired) {
    let links: Vec<(usize, Link)> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.topic.is_none())
        .filter_map(|(index, entry)| Some((index, link(entry, entries, desired)?)))
        .collect();
    for (index, link) in links {
        let entry = &mut entries[index];
        match link {
            Link::Renamed(route) => {
                let reason =
                    format!("no route has this id any more; `{route}` looks like it renamed");
                entry.decision = match entry.decision.action {
                    Action::Delete => Decision::blocked(
                        reason,
                        format!("settle `{route}` first, which may need its position"),
                    ),
                    _ => Decision {
                        reason,
                        remedy: None,
                        ..entry.decision.clone()
                    },
                };
            }
            Link::Moved { route, topic } => {
                let former = entry.title.clone();
                entry.decision.reason = format!("route `{route}` wrote to `{topic}` before");
                let moved = entries.iter_mut().filter(|one| one.title == route);
                for one in moved.filter(|one| one.decision.action == Action::Create) {
                    one.decision.remedy = Some(format!(
                        "its topic was `{topic}`, to which `{former}` writes until `apply --prune` deletes it"
                    ));
                }
            }
        }
    }
}

/// What an orphan has to do with a route of the project.
enum Link {
    /// It writes the topic of a route that is new: perhaps the same route under another name.
    Renamed(String),
    /// It is the same route with another topic.
    Moved { route: String, topic: String },
}

fn link(orphan: &Entry, entries: &[Entry], desired: &Desired) -> Option<Link> {
    let names = orphan.statements.iter().map(|one| one.name.as_str());
    let names: Vec<&str> = names.collect();
    let blocked_by_it = |entry: &&Entry| match &entry.around.writer {
        Some(Writer::Former(writer)) => {
            entry.decision.action == Action::Blocked && names.contains(&writer.as_str())
        }
        _ => false,
    };
    if let Some(entry) = entries.iter().find(blocked_by_it) {
        return Some(Link::Renamed(entry.title.clone()));
    }
    let head = orphan.statements.last()?;
    let topic = topics_of(&head.statement).into_iter().next()?;
    let wrote = |identity: &Identity| -> RouteId {
        let topic = topic.clone();
        Identity {
            topic,
            ..identity.clone()
        }
        .id()
    };
    let mut routes = desired.routes.values();
    let route = routes.find(|route| wrote(&route.identity) == orphan.id)?;
    Some(Link::Moved {
        route: route.title.clone(),
        topic,
    })
}
