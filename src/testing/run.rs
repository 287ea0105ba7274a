//! Running tests, and what came out.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::inline;
use super::prepare::Prepared;
use super::syntax::ExpectedTopic;
use crate::check::{TypedRoute, TypedSink};
use crate::eval::{Json, Row, Scope, project};
use crate::ir::{Decimal, Instant};
use crate::source_text::Sources;
use crate::trace::{self, RouteTrace, words};

/// What came of one event of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What the test shows.
    pub name: String,
    /// The file it stands in.
    pub file: Utf8PathBuf,
    /// The line it begins at.
    pub line: usize,
    /// The event.
    pub event: String,
    /// What was not as expected; empty where it passed.
    pub failures: Vec<Failure>,
}

/// Something that was not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What, in one line.
    pub message: String,
    /// Why: a line for each condition that decided it.
    pub reasons: Vec<String>,
}

impl Outcome {
    /// Whether everything was as expected.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Runs the tests; `now` is the present of those that do not say one.
pub fn run(prepared: &[Prepared<'_, '_>], files: &Sources, now: Instant) -> Vec<Outcome> {
    let outcomes = prepared.iter().flat_map(|test| {
        let now = test.case.now.map_or(now, |now| now.value);
        let place = test.case.name.span;
        let file = files.file(place.file);
        let line = file.position(place.range().start).line;
        test.rows.iter().map(move |(event, row)| Outcome {
            name: test.case.name.value.clone(),
            file: file.path().to_owned(),
            line,
            event: event.clone(),
            failures: failures(test, Scope { row, now }),
        })
    });
    outcomes.collect()
}

fn failures(test: &Prepared<'_, '_>, scope: Scope<'_>) -> Vec<Failure> {
    let mut reached: BTreeMap<&str, Vec<(&TypedRoute<'_>, &TypedSink<'_>)>> = BTreeMap::new();
    let expected = test.case.expected.iter();
    let expected_topics: BTreeSet<&str> = expected
        .map(|expected| expected.topic.value.as_str())
        .collect();
    let all = test.routes.iter().map(|route| (route, true));
    let all = all.chain(test.disabled.iter().map(|route| (route, false)));
    for (route, counts) in all {
        for sink in trace::reached(route, scope) {
            let topic = sink.sink.topic.value.as_str();
            if counts || expected_topics.contains(topic) {
                reached.entry(topic).or_default().push((route, sink));
            }
        }
    }
    let mut failures = Vec::new();
    for expected in &test.case.expected {
        let topic = expected.topic.value.as_str();
        match reached.get(topic) {
            None => failures.push(not_reached(topic, test, scope)),
            Some(writers) => {
                for (_, sink) in writers {
                    failures.extend(columns(expected, sink, scope));
                }
            }
        }
    }
    for (topic, writers) in reached {
        if !expected_topics.contains(topic) {
            failures.push(unexpected(topic, &writers));
        }
    }
    failures
}

fn unexpected(topic: &str, writers: &[(&TypedRoute<'_>, &TypedSink<'_>)]) -> Failure {
    let routes = writers.iter().map(|(route, _)| &route.route.name.value);
    Failure {
        message: format!("reaches `{topic}`, which is not expected"),
        reasons: routes
            .map(|route| format!("route {route} lets it pass"))
            .collect(),
    }
}

fn not_reached(topic: &str, test: &Prepared<'_, '_>, scope: Scope<'_>) -> Failure {
    let mut reasons = Vec::new();
    for route in test.routes.iter().chain(&test.disabled) {
        let sinks = route.sinks.iter();
        if !sinks.into_iter().any(|sink| sink.sink.topic.value == topic) {
            continue;
        }
        let trace = trace::trace(route, scope);
        reasons.extend(blame(&trace, topic));
    }
    Failure {
        message: format!("does not reach `{topic}`"),
        reasons,
    }
}

/// The conditions that keep a row from a topic of a route.
fn blame(trace: &RouteTrace<'_>, topic: &str) -> Vec<String> {
    let sinks = trace.sinks.iter();
    let own = sinks
        .filter(|sink| sink.sink.sink.topic.value == topic)
        .map(|sink| &sink.condition);
    let parts = trace.guard.iter().chain([&trace.condition]).chain(own);
    let undecided = parts.filter(|part| part.outcome != crate::sql::Truth::True);
    let blamed = undecided.flat_map(words::blame);
    let name = &trace.route.route.name.value;
    blamed
        .map(|part| {
            let outcome = words::outcome(part.outcome);
            format!("route {name}: {outcome}: {}", words::line(part))
        })
        .collect()
}

/// What stands in the columns of a sink, against what is expected there.
fn columns(expected: &ExpectedTopic, sink: &TypedSink<'_>, scope: Scope<'_>) -> Vec<Failure> {
    let entries = expected.entries().iter();
    let topic = &expected.topic.value;
    let failure = |message: String| Failure {
        message: format!("in `{topic}` {message}"),
        reasons: Vec::new(),
    };
    entries
        .filter_map(|entry| {
            let name = &entry.key.text;
            let Some(column) = sink.columns.iter().find(|column| column.name == *name) else {
                return Some(failure(format!("there is no column `{name}`")));
            };
            let cell = match project(column, scope) {
                Ok(cell) => cell,
                Err(unknown) => return Some(failure(format!("column `{name}`: {unknown}"))),
            };
            let found = Json::from(&cell);
            let wanted = inline::json(&entry.value).ok();
            let Some(wanted) = wanted.and_then(|text| Json::read(&text)) else {
                let message = format!("column `{name}`: what is expected cannot be read");
                return Some(failure(message));
            };
            (!is_same(&wanted, &found))
                .then(|| failure(format!("column `{name}` is {found}, expected {wanted}")))
        })
        .collect()
}

/// Numbers are the same whatever their zeros, instants whatever their offset, documents whatever their blanks.
fn is_same(wanted: &Json, found: &Json) -> bool {
    match (wanted, found) {
        (Json::Number(one), Json::Number(other)) => {
            one == other || Decimal::parse(one).is_ok_and(|one| Decimal::parse(other) == Ok(one))
        }
        (Json::Text(one), Json::Text(other)) => {
            one == other || Instant::parse(one).is_ok_and(|one| Instant::parse(other) == Ok(one))
        }
        (Json::Object(_) | Json::Array(_), Json::Text(text)) => {
            Json::read(text).is_some_and(|found| is_same(wanted, &found))
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|other| is_same(value, other)))
        }
        (one, other) => one == other,
    }
}

/// A row of a test, for those that look at rows themselves.
pub(super) fn scopes<'p>(
    prepared: &'p Prepared<'_, '_>,
    now: Instant,
) -> impl Iterator<Item = Scope<'p>> {
    let now = prepared.case.now.map_or(now, |now| now.value);
    let rows = prepared.rows.iter();
    rows.map(move |(_, row): &(String, Row)| Scope { row, now })
}
