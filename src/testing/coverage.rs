//! What tests have tried: for each condition of each route whether some event made it true and some other false.

use std::collections::BTreeMap;

use serde::Serialize;

use super::prepare::Prepared;
use super::run::scopes;
use crate::check::TypedRoute;
use crate::eval::Explanation;
use crate::ir::{Condition, Instant};
use crate::source_text::{Sources, Span};
use crate::sql::Truth;
use crate::trace::{self, words};

/// What tests have tried of each enabled route.
#[derive(Debug, Serialize)]
pub struct Coverage {
    /// By name.
    pub routes: Vec<RouteCoverage>,
}

/// What tests have tried of a route.
#[derive(Debug, Serialize)]
pub struct RouteCoverage {
    /// The route.
    pub route: String,
    /// How many events went through it.
    pub events: usize,
    /// Its conditions in the order written.
    pub conditions: Vec<ConditionCoverage>,
}

/// What tests have tried of a condition.
#[derive(Debug, Serialize)]
pub struct ConditionCoverage {
    /// What it says.
    pub condition: String,
    /// The file it stands in.
    pub file: String,
    /// The line it stands on.
    pub line: usize,
    /// Whether some event made it true.
    pub was_true: bool,
    /// Whether some event made it false or unknown.
    pub was_not_true: bool,
}

impl Coverage {
    /// Whether every condition was tried both ways.
    pub fn is_complete(&self) -> bool {
        self.routes.iter().all(RouteCoverage::is_complete)
    }
}

impl RouteCoverage {
    /// Whether there is a test, and every condition was tried both ways.
    pub fn is_complete(&self) -> bool {
        let mut conditions = self.conditions.iter();
        self.events > 0 && conditions.all(|one| one.was_true && one.was_not_true)
    }
}

/// By place, since one condition is spelled out for each element that a list can have.
type Seen = BTreeMap<Span, (String, bool, bool)>;

/// What the tests have tried of the enabled routes.
pub fn measure(
    prepared: &[Prepared<'_, '_>],
    routes: &[TypedRoute<'_>],
    files: &Sources,
    now: Instant,
) -> Coverage {
    let mut seen: BTreeMap<&str, (usize, Seen)> = BTreeMap::new();
    for route in routes.iter().filter(|route| route.route.enabled) {
        let mut conditions = Seen::new();
        let own = route.sinks.iter().map(|sink| &sink.condition);
        for condition in [&route.condition].into_iter().chain(own) {
            declare(condition, &mut conditions);
        }
        seen.insert(&route.route.name.value, (0, conditions));
    }
    for test in prepared {
        for scope in scopes(test, now) {
            for route in &test.routes {
                let Some((events, conditions)) = seen.get_mut(route.route.name.value.as_str())
                else {
                    continue;
                };
                *events += 1;
                let trace = trace::trace(route, scope);
                let own = trace.sinks.iter().map(|sink| &sink.condition);
                for explanation in [&trace.condition].into_iter().chain(own) {
                    look(explanation, conditions);
                }
            }
        }
    }
    let routes = seen.into_iter();
    Coverage {
        routes: routes
            .map(|(route, (events, conditions))| RouteCoverage {
                route: route.to_owned(),
                events,
                conditions: conditions
                    .into_iter()
                    .map(|(span, seen)| of_condition(span, seen, files))
                    .collect(),
            })
            .collect(),
    }
}

fn of_condition(
    span: Span,
    (condition, was_true, was_not_true): (String, bool, bool),
    files: &Sources,
) -> ConditionCoverage {
    let file = files.file(span.file);
    ConditionCoverage {
        condition,
        file: file.path().to_string(),
        line: file.position(span.range().start).line,
        was_true,
        was_not_true,
    }
}

fn span(condition: &Condition) -> Option<Span> {
    match condition {
        Condition::Test(test) => Some(test.origin.span),
        Condition::SomeText(some) => Some(some.origin.span),
        Condition::AnyElement(any) => Some(any.origin.span),
        Condition::Always | Condition::All(_) | Condition::Any(_) | Condition::Not(_) => None,
    }
}

fn declare(condition: &Condition, seen: &mut Seen) {
    if let Some(span) = span(condition) {
        let said = || (words::condition(condition), false, false);
        seen.entry(span).or_insert_with(said);
    }
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                declare(part, seen);
            }
        }
        Condition::Not(part) => declare(part, seen),
        Condition::AnyElement(any) => {
            for part in &any.elements {
                declare(part, seen);
            }
        }
        Condition::Always | Condition::Test(_) | Condition::SomeText(_) => {}
    }
}

fn look(explanation: &Explanation<'_>, seen: &mut Seen) {
    let known = span(explanation.condition).and_then(|span| seen.get_mut(&span));
    if let Some((_, was_true, was_not_true)) = known {
        if explanation.outcome == Truth::True {
            *was_true = true;
        } else {
            *was_not_true = true;
        }
    }
    for part in &explanation.parts {
        look(part, seen);
    }
}
