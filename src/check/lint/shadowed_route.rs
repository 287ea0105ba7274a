//! `shadowed-route`: on a shared topic all events of one route are written by another one, too.

use std::collections::HashMap;

use super::Fleet;
use super::possible::{Facts, Values};
use crate::check::{TypedRoute, TypedSink};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::Subject;

/// So many routes at most are compared with each one.
const MOST_COMPARED: usize = 200;

/// A sink of a shared topic.
struct Shared<'c> {
    typed: &'c TypedRoute<'c>,
    sink: &'c TypedSink<'c>,
    /// What is known of its events.
    facts: Facts<'c>,
}

/// Compares routes that write one topic from one source.
pub(super) fn find(fleet: &Fleet<'_>, findings: &mut Findings) {
    let mut topics: HashMap<(&str, &str), Vec<Shared<'_>>> = HashMap::new();
    for (judged, sink) in fleet.running().filter(|(_, sink)| sink.sink.shared) {
        if let Some(facts) = judged.facts(sink) {
            let typed = judged.typed;
            let topic = (
                typed.source.name.value.as_str(),
                sink.sink.topic.value.as_str(),
            );
            topics
                .entry(topic)
                .or_default()
                .push(Shared { typed, sink, facts });
        }
    }
    for shared in topics.values().filter(|shared| shared.len() > 1) {
        compare(shared, findings);
    }
}

fn compare(shared: &[Shared<'_>], findings: &mut Findings) {
    let mut settled: HashMap<(&Subject, &Values<'_>), Vec<usize>> = HashMap::new();
    for (at, one) in shared.iter().enumerate() {
        for pair in one.facts.settled() {
            settled.entry(pair).or_default().push(at);
        }
    }
    let everyone: Vec<usize> = (0..shared.len()).collect();
    let mut shadowed: Vec<Option<usize>> = vec![None; shared.len()];
    for (at, wide) in shared.iter().enumerate() {
        // All that is certain of its events is certain of those of a route in its shadow.
        let alike = wide.facts.settled().filter_map(|pair| settled.get(&pair));
        let alike = alike.min_by_key(|alike| alike.len()).unwrap_or(&everyone);
        for narrow in alike.iter().take(MOST_COMPARED).copied() {
            let is_open =
                narrow != at && shadowed[narrow].is_none() && shadowed[at] != Some(narrow);
            let candidate = &shared[narrow];
            if is_open && candidate.facts.imply_routed(wide.typed, wide.sink) {
                shadowed[narrow] = Some(at);
            }
        }
    }
    for (narrow, wide) in shared.iter().zip(shadowed) {
        if let Some(wide) = wide {
            findings.push(twice(narrow, &shared[wide]));
        }
    }
}

fn twice(narrow: &Shared<'_>, wide: &Shared<'_>) -> Diagnostic {
    let (topic, other) = (&narrow.sink.sink.topic, &wide.sink.sink.topic);
    let (name, by) = (&narrow.typed.route.name.value, &wide.typed.route.name.value);
    let message = format!(
        "every event of route `{name}` reaches topic `{}` twice",
        topic.value
    );
    let label = format!("route `{by}` writes them, too");
    Diagnostic::new(Code::ShadowedRoute, message, topic.span, label)
        .related(other.span, "here")
        .help(format!(
            "remove one of the two, or leave these events out of `{by}` with `not`"
        ))
}
