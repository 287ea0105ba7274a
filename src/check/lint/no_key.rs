//! `no-key`: a sink without a Kafka key that tells events apart.

use super::Fleet;
use crate::check::{TypedRoute, TypedSink};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::Projected;

/// Looks at every sink.
pub(super) fn find(fleet: &Fleet<'_>, findings: &mut Findings) {
    for judged in &fleet.routes {
        for sink in &judged.typed.sinks {
            match &sink.key {
                None => findings.push(no_key(judged.typed, sink)),
                Some(key) if is_constant(sink, key) => {
                    findings.push(one_key(judged.typed, sink, key));
                }
                Some(_) => {}
            }
        }
    }
}

fn no_key(typed: &TypedRoute<'_>, sink: &TypedSink<'_>) -> Diagnostic {
    let topic = &sink.sink.topic;
    let message = format!(
        "topic `{}` has no key, so its events keep no order",
        topic.value
    );
    Diagnostic::new(Code::NoKey, message, topic.span, "no `key` beside it").help(help(typed, sink))
}

fn is_constant(sink: &TypedSink<'_>, key: &str) -> bool {
    let mut columns = sink.columns.iter();
    columns.any(|column| column.name == key && matches!(column.value, Projected::Constant(_)))
}

fn one_key(typed: &TypedRoute<'_>, sink: &TypedSink<'_>, key: &str) -> Diagnostic {
    let topic = &sink.sink.topic;
    let message = format!(
        "every event of topic `{}` has the same key, so one partition gets them all",
        topic.value
    );
    let span = sink.sink.key.as_ref().map_or(topic.span, |key| key.span);
    let label = format!("`{key}` is a constant");
    Diagnostic::new(Code::NoKey, message, span, label).help(help(typed, sink))
}

fn help(typed: &TypedRoute<'_>, sink: &TypedSink<'_>) -> String {
    match example(typed, sink) {
        Some(path) => {
            format!("say what the events are about, for example `key: {path}`, below `topic`")
        }
        None => "say what the events are about with `key: <column or path>` below `topic`".into(),
    }
}

/// A field that a column of the sink repeats.
fn example(typed: &TypedRoute<'_>, sink: &TypedSink<'_>) -> Option<String> {
    let mut mirrors = typed.source.mirrors.iter();
    let written = |column: &str| {
        let mut columns = sink.columns.iter();
        columns.any(
            |written| matches!(&written.value, Projected::Column(place) if place.column == column),
        )
    };
    mirrors
        .find(|mirror| written(&mirror.column.value))
        .map(|mirror| mirror.path.value.to_string())
}
