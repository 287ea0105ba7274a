//! Traces for machines.

use serde::Serialize;

use super::{RouteTrace, words};
use crate::eval::Explanation;
use crate::schema::Violation;

/// Version of the format; a change that readers must know of raises it.
pub const FORMAT_VERSION: u32 = 1;

/// What routes make of an event.
#[derive(Debug, Serialize)]
pub struct Event {
    #[serde(rename = "event")]
    name: String,
    violations: Vec<Mistake>,
    topics: Vec<String>,
    routes: Vec<Route>,
}

/// What the event schema says against the event.
#[derive(Debug, Serialize)]
struct Mistake {
    /// JSON pointer into the event.
    pointer: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct Route {
    #[serde(rename = "route")]
    name: String,
    /// What routes that are not write is written nowhere.
    enabled: bool,
    guard: Option<Condition>,
    condition: Condition,
    sinks: Vec<Sink>,
}

#[derive(Debug, Serialize)]
struct Sink {
    topic: String,
    reached: bool,
    condition: Condition,
}

#[derive(Debug, Serialize)]
struct Condition {
    #[serde(rename = "condition")]
    said: String,
    outcome: &'static str,
    found: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Self>,
}

impl From<&Explanation<'_>> for Condition {
    fn from(explanation: &Explanation<'_>) -> Self {
        Self {
            said: words::condition(explanation.condition),
            outcome: words::outcome(explanation.outcome),
            found: words::found(explanation),
            parts: explanation.parts.iter().map(Self::from).collect(),
        }
    }
}

/// The form of an event's traces, with what its schema says of it.
pub fn event(event: &str, violations: &[Violation], traces: &[RouteTrace<'_>]) -> Event {
    let mistakes = violations.iter().map(|violation| Mistake {
        pointer: violation.pointer.clone(),
        message: violation.message.clone(),
    });
    let routes: Vec<Route> = traces.iter().map(route).collect();
    let enabled = routes.iter().filter(|route| route.enabled);
    let sinks = enabled.flat_map(|route| &route.sinks);
    let topics = sinks.filter(|sink| sink.reached);
    Event {
        name: event.to_owned(),
        violations: mistakes.collect(),
        topics: topics.map(|sink| sink.topic.clone()).collect(),
        routes,
    }
}

fn route(trace: &RouteTrace<'_>) -> Route {
    let sinks = trace.sinks.iter().map(|sink| Sink {
        topic: sink.sink.sink.topic.value.clone(),
        reached: sink.is_reached,
        condition: Condition::from(&sink.condition),
    });
    Route {
        name: trace.route.route.name.value.clone(),
        enabled: trace.route.route.enabled,
        guard: trace.guard.as_ref().map(Condition::from),
        condition: Condition::from(&trace.condition),
        sinks: sinks.collect(),
    }
}
