//! What routes must not do to each other.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::project::Project;
use crate::route::Route;

/// Reports routes with one name, routes that write one topic, and routes that write a source.
pub(super) fn check(project: &Project, routes: &[Route], findings: &mut Findings) {
    duplicate_names(routes, findings);
    shared_topics(routes, findings);
    for route in routes {
        sink_is_source(project, route, findings);
    }
}

fn duplicate_names(routes: &[Route], findings: &mut Findings) {
    let mut first: HashMap<&str, &Route> = HashMap::new();
    for route in routes {
        let name = &route.name;
        match first.get(&*name.value) {
            None => {
                first.insert(&name.value, route);
            }
            Some(other) => {
                let message = format!("there are two routes named `{}`", name.value);
                let problem =
                    Diagnostic::new(Code::DuplicateRoute, message, name.span, "second route")
                        .related(other.name.span, "first route");
                findings.push(problem.help("give each route a name of its own"));
            }
        }
    }
}

fn shared_topics(routes: &[Route], findings: &mut Findings) {
    let mut first: HashMap<&str, &Route> = HashMap::new();
    for route in routes {
        let topic = &route.sink.topic;
        match first.get(&*topic.value) {
            None => {
                first.insert(&topic.value, route);
            }
            Some(other) if route.sink.shared && other.sink.shared => {}
            Some(other) => {
                let message = format!(
                    "routes `{}` and `{}` both write to topic `{}`",
                    other.name.value, route.name.value, topic.value
                );
                let problem =
                    Diagnostic::new(Code::TopicConflict, message, topic.span, "written here too")
                        .related(other.sink.topic.span, "written here");
                findings
                    .push(problem.help(
                        "use another topic, or say `shared: true` under `to` in both routes",
                    ));
            }
        }
    }
}

/// A sink that is any source's topic feeds events back; a target's suffix can make it one.
fn sink_is_source(project: &Project, route: &Route, findings: &mut Findings) {
    let topic = &route.sink.topic;
    let suffixes = project
        .targets
        .values()
        .map(|target| target.topic_suffix.as_str());
    for suffix in [""].into_iter().chain(suffixes) {
        let written = format!("{}{suffix}", topic.value);
        let source = project
            .sources
            .values()
            .find(|source| source.topic.value == written);
        if let Some(source) = source {
            let message = format!(
                "route `{}` writes to `{written}`, which is a source",
                route.name.value
            );
            let problem = Diagnostic::new(Code::SinkIsSource, message, topic.span, "written here")
                .related(source.topic.span, "read here");
            findings.push(problem.help("write to a topic that no source reads"));
            return;
        }
    }
}
