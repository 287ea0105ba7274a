//! What routes must not do to each other.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::project::{Project, names};
use crate::route::Route;

/// Reports routes with one name, routes that write one topic, and routes whose topic
/// cannot be written.
pub(super) fn check(project: &Project, routes: &[Route], findings: &mut Findings) {
    duplicate_names(routes, findings);
    shared_topics(routes, findings);
    for route in routes {
        sink_is_source(project, route, findings);
        topic_too_long(project, route, findings);
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
            // One route that stands there twice has its finding already.
            Some(other) if route.name.value == other.name.value => {}
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
    let reads = |written: &str| {
        let mut sources = project.sources.values();
        sources.find(|source| source.topic.value == written)
    };
    let found = reads(&topic.value).map(|source| (source, String::new()));
    let found = found.or_else(|| {
        project.targets.values().find_map(|target| {
            let source = reads(&format!("{}{}", topic.value, target.topic_suffix))?;
            Some((source, format!(" on target `{}`", target.name.value)))
        })
    });
    let Some((source, target)) = found else {
        return;
    };
    let (name, written) = (&route.name.value, &source.topic.value);
    let message = format!("route `{name}` writes to `{written}`{target}, which is a source");
    let problem = Diagnostic::new(Code::SinkIsSource, message, topic.span, "written here")
        .related(source.topic.span, "read here");
    findings.push(problem.help("write to a topic that no source reads"));
}

/// A target's suffix can make a topic's name longer than Kafka allows.
fn topic_too_long(project: &Project, route: &Route, findings: &mut Findings) {
    let topic = &route.sink.topic;
    let too_long = project
        .targets
        .values()
        .find(|target| topic.value.len() + target.topic_suffix.len() > names::MAX_TOPIC);
    if let Some(target) = too_long {
        let message = format!(
            "with the suffix of target `{}` the topic has more than {} characters",
            target.name.value,
            names::MAX_TOPIC
        );
        let problem = Diagnostic::new(Code::BadName, message, topic.span, "too long");
        findings.push(problem.help("use a shorter name"));
    }
}
