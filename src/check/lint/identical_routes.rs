//! `identical-routes`: two routes whose topics hold the same.

use std::collections::HashMap;

use super::possible::{Leaf, each_leaf};
use super::{Fleet, Judged};
use crate::check::{TypedRoute, TypedSink};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::{METADATA, Projection};
use crate::sql::canonical_expr;

type Written<'c> = (&'c TypedRoute<'c>, &'c TypedSink<'c>);

/// Compares what sinks of enabled routes get. That one route writes to several topics is said on purpose.
pub(super) fn find(fleet: &Fleet<'_>, findings: &mut Findings) {
    let mut alike: HashMap<(&str, u64), Vec<Written<'_>>> = HashMap::new();
    for (Judged { typed, .. }, sink) in fleet.running() {
        let key = (typed.source.name.value.as_str(), likeness(typed, sink));
        alike.entry(key).or_default().push((typed, sink));
    }
    for group in alike.values().filter(|group| group.len() > 1) {
        compare(group, findings);
    }
}

/// A number that is the same where the meaning is, and cheap: most routes differ in it. Order and repetition
/// change no meaning; what stands under which `any` or `not` is left to the SQL.
fn likeness(typed: &TypedRoute<'_>, sink: &TypedSink<'_>) -> u64 {
    let mut leaves = Vec::new();
    let mut add = |leaf: Leaf<'_>| leaves.push(leaf.likeness());
    let guard = typed.guard.iter();
    for condition in guard.chain([&typed.condition, &sink.condition]) {
        each_leaf(condition, &mut add);
    }
    leaves.sort_unstable();
    leaves.dedup();
    leaves.into_iter().fold(0, u64::wrapping_add)
}

/// Compares the canonical SQL of routes that are alike.
fn compare(group: &[Written<'_>], findings: &mut Findings) {
    let mut known: HashMap<Option<String>, Vec<Written<'_>>> = HashMap::new();
    for (typed, sink) in group.iter().copied() {
        let condition = typed.rows(sink).lower();
        let condition = condition.map(|condition| canonical_expr(&condition).to_string());
        let equal = known.entry(condition).or_default();
        let same = equal.iter().copied().find(|(other, theirs)| {
            !std::ptr::eq(*other, typed)
                && columns(theirs).eq(columns(sink))
                && theirs.key == sink.key
        });
        match same {
            // Two that write one topic are the business of `shadowed-route`.
            Some((_, theirs)) if theirs.sink.topic.value == sink.sink.topic.value => {}
            Some(other) => findings.push(identical(other, (typed, sink))),
            None => equal.push((typed, sink)),
        }
    }
}

/// The columns, but for the one that names the route.
fn columns<'c>(sink: &'c TypedSink<'_>) -> impl Iterator<Item = &'c Projection> {
    sink.columns.iter().filter(|column| column.name != METADATA)
}

fn identical((one, written): Written<'_>, (two, sink): Written<'_>) -> Diagnostic {
    let (first, second) = (one.route.title(written.sink), two.route.title(sink.sink));
    let message = format!("routes `{first}` and `{second}` select the same events and columns");
    let label = format!("holds the same as `{}`", written.sink.topic.value);
    Diagnostic::new(Code::IdenticalRoutes, message, sink.sink.topic.span, label)
        .related(written.sink.topic.span, "this topic")
        .help("let both consumers read one topic, or correct the condition of one route")
}
