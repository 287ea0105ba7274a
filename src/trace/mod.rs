//! What routes make of a row, and why.
//!
//! [`trace`] explains one route; [`reached`] says where a row goes, without the reasons. [`words`] puts the outcome of
//! a condition into words, [`human`] and [`json`] print whole events.

pub mod human;
pub mod json;
pub mod words;

use crate::check::{TypedRoute, TypedSink};
use crate::eval::{Explanation, Scope, evaluate, explain};
use crate::sql::Truth;

/// What came of a row in a route.
#[derive(Debug)]
pub struct RouteTrace<'c> {
    /// The route.
    pub route: &'c TypedRoute<'c>,
    /// The guard on the kind of change, where the source has one.
    pub guard: Option<Explanation<'c>>,
    /// The route's condition.
    pub condition: Explanation<'c>,
    /// Its sinks.
    pub sinks: Vec<SinkTrace<'c>>,
}

/// What came of a row in a sink.
#[derive(Debug)]
pub struct SinkTrace<'c> {
    /// The sink.
    pub sink: &'c TypedSink<'c>,
    /// The sink's own condition.
    pub condition: Explanation<'c>,
    /// Whether the row reaches it: guard, route and sink let it pass.
    pub is_reached: bool,
}

impl RouteTrace<'_> {
    /// Whether guard and condition let the row pass.
    pub fn passes(&self) -> bool {
        let guard = self.guard.iter();
        guard
            .chain([&self.condition])
            .all(|part| part.outcome == Truth::True)
    }
}

/// Evaluates every part of a route.
pub fn trace<'c>(route: &'c TypedRoute<'c>, scope: Scope<'_>) -> RouteTrace<'c> {
    let guard = route.guard.as_ref().map(|guard| explain(guard, scope));
    let mut trace = RouteTrace {
        route,
        guard,
        condition: explain(&route.condition, scope),
        sinks: Vec::new(),
    };
    let passes = trace.passes();
    let sinks = route.sinks.iter().map(|sink| {
        let condition = explain(&sink.condition, scope);
        SinkTrace {
            sink,
            is_reached: passes && condition.outcome == Truth::True,
            condition,
        }
    });
    trace.sinks = sinks.collect();
    trace
}

/// The sinks of a route that a row reaches.
pub fn reached<'c>(
    route: &'c TypedRoute<'c>,
    scope: Scope<'_>,
) -> impl Iterator<Item = &'c TypedSink<'c>> {
    let holds = move |condition| evaluate(condition, scope) == Truth::True;
    let passes = route.guard.iter().all(holds) && holds(&route.condition);
    let sinks = route.sinks.iter().filter(move |_| passes);
    sinks.filter(move |sink| holds(&sink.condition))
}
