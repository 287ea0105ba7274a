//! What routes must not do to each other.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::project::{Project, names};
use crate::route::Route;
use crate::route::syntax::Sink;
use crate::source_text::Spanned;

/// Reports routes with one name, routes that write one topic, and routes whose topic
/// cannot be written.
pub(super) fn check(project: &Project, routes: &[Route], findings: &mut Findings) {
    duplicate_names(routes, findings);
    former_names(routes, findings);
    shared_topics(routes, findings);
    for route in routes {
        for sink in &route.sinks {
            sink_is_source(project, route, sink, findings);
            topic_too_long(project, sink, findings);
        }
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

/// A former name that a route still has, or that two routes had: only one can go on from its position.
fn former_names(routes: &[Route], findings: &mut Findings) {
    let present = routes.iter().map(|route| &route.name);
    let mut claimed: HashMap<&str, &Spanned<String>> =
        present.map(|name| (name.value.as_str(), name)).collect();
    for name in routes.iter().flat_map(|route| &route.was) {
        let Some(other) = claimed.insert(&name.value, name) else {
            continue;
        };
        let message = format!("the name `{}` is claimed twice", name.value);
        let problem = Diagnostic::new(Code::DuplicateRoute, message, name.span, "a former name")
            .related(other.span, "claimed here too");
        findings.push(problem.help("list a former name under `was` of the one route that had it"));
    }
}

fn shared_topics(routes: &[Route], findings: &mut Findings) {
    let mut first: HashMap<&str, (&Route, &Sink)> = HashMap::new();
    let sinks = routes
        .iter()
        .flat_map(|route| route.sinks.iter().map(move |sink| (route, sink)));
    for (route, sink) in sinks {
        let topic = &sink.topic;
        let Some((other, one)) = first.get(&*topic.value) else {
            first.insert(&topic.value, (route, sink));
            continue;
        };
        let (message, help) = if std::ptr::eq(*other, route) {
            (
                format!(
                    "route `{}` writes to topic `{}` twice",
                    route.name.value, topic.value
                ),
                "join the two sinks into one, their conditions with `any`",
            )
        } else if sink.shared && one.shared || route.name.value == other.name.value {
            // One route that stands there twice has its finding already.
            continue;
        } else {
            (
                format!(
                    "routes `{}` and `{}` both write to topic `{}`",
                    other.name.value, route.name.value, topic.value
                ),
                "use another topic, or say `shared: true` under `to` in both routes",
            )
        };
        let label = "written here too";
        findings.push(
            Diagnostic::new(Code::TopicConflict, message, topic.span, label)
                .related(one.topic.span, "written here")
                .help(help),
        );
    }
}

/// A sink that is any source's topic feeds events back; a target's suffix can make it one.
fn sink_is_source(project: &Project, route: &Route, sink: &Sink, findings: &mut Findings) {
    let topic = &sink.topic;
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
fn topic_too_long(project: &Project, sink: &Sink, findings: &mut Findings) {
    let topic = &sink.topic;
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
