//! One source with its rows, the routes that read it, and every condition in them.

use indexmap::IndexMap;
use routectl::check::TypedRoute;
use routectl::eval::{Scope, evaluate};
use routectl::ir::{Condition, Instant};
use routectl::project::source::Source;
use routectl::sql::Truth;

use super::events::Event;
use super::fixture::ALWAYS_THERE;

/// What the evaluator takes for the present; every instant of the events is far from it.
pub(crate) fn now() -> Instant {
    const NOVEMBER_2026: i128 = 1_795_000_000_000_000_000;
    Instant::from_nanoseconds(NOVEMBER_2026)
}

/// The routes of a source, and what they are to read.
#[derive(Debug)]
pub(crate) struct Suite<'w> {
    pub(crate) source: &'w Source,
    pub(crate) routes: Vec<TypedRoute<'w>>,
    pub(crate) events: Vec<Event>,
}

impl Event {
    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope {
            row: &self.row,
            now: now(),
        }
    }
}

impl<'w> Suite<'w> {
    /// So many of the routes, as far as possible such as let some of the rows pass and others not.
    pub(crate) fn choose(
        source: &'w Source,
        routes: &[TypedRoute<'w>],
        events: Vec<Event>,
        count: usize,
    ) -> Self {
        let of_source = routes
            .iter()
            .filter(|route| std::ptr::eq(route.source, source));
        let is_always_there =
            |route: &&TypedRoute<'_>| route.route.name.value.starts_with(ALWAYS_THERE);
        let (always, of_source): (Vec<_>, Vec<_>) = of_source.partition(is_always_there);
        let (telling, silent): (Vec<_>, Vec<_>) = of_source
            .into_iter()
            .partition(|route| is_telling(route, &events));
        // Some that say nothing stay: an outcome that never comes is one too.
        let few = silent.len().min(count / 20);
        let telling = telling.into_iter().take(count - few);
        let routes = always
            .into_iter()
            .chain(telling)
            .chain(silent.into_iter().take(few));
        Self {
            source,
            routes: routes.cloned().collect(),
            events,
        }
    }

    /// Every condition, by its SQL.
    pub(crate) fn conditions(&self) -> IndexMap<String, Condition> {
        let mut found = IndexMap::new();
        for route in &self.routes {
            route
                .guard
                .iter()
                .for_each(|guard| collect(guard, &mut found));
            collect(&route.condition, &mut found);
            for sink in &route.sinks {
                collect(&sink.condition, &mut found);
                note(&route.rows(sink), &mut found);
            }
        }
        found
    }
}

/// Whether a route lets some of the rows pass, and others not.
pub(crate) fn is_telling(route: &TypedRoute<'_>, events: &[Event]) -> bool {
    route.sinks.iter().any(|sink| {
        let condition = route.rows(sink);
        let (mut passed, mut rejected) = (false, false);
        events.iter().any(|event| {
            match evaluate(&condition, event.scope()) {
                Truth::True => passed = true,
                Truth::False | Truth::Unknown => rejected = true,
            }
            passed && rejected
        })
    })
}

/// A condition, and every test in it.
fn collect(condition: &Condition, found: &mut IndexMap<String, Condition>) {
    note(condition, found);
    tests(condition, found);
}

fn tests(condition: &Condition, found: &mut IndexMap<String, Condition>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                tests(part, found);
            }
        }
        Condition::Not(part) => {
            note(condition, found);
            tests(part, found);
        }
        Condition::AnyElement(any) => {
            note(condition, found);
            for element in &any.elements {
                tests(element, found);
            }
        }
        Condition::Always | Condition::Test(_) | Condition::SomeText(_) => note(condition, found),
    }
}

fn note(condition: &Condition, found: &mut IndexMap<String, Condition>) {
    if let Some(sql) = condition.lower() {
        found
            .entry(sql.to_string())
            .or_insert_with(|| condition.clone());
    }
}
