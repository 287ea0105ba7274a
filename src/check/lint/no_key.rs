//! `no-key`: a sink without a Kafka key.

use super::Fleet;
use crate::check::{TypedRoute, TypedSink};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::Projected;

/// Looks at every sink.
pub(super) fn find(fleet: &Fleet<'_>, findings: &mut Findings) {
    for judged in &fleet.routes {
        for sink in &judged.typed.sinks {
            if sink.key.is_none() {
                findings.push(no_key(judged.typed, sink));
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
    let help = match example(typed, sink) {
        Some(path) => {
            format!("say what the events are about, for example `key: {path}`, below `topic`")
        }
        None => "say what the events are about with `key: <column or path>` below `topic`".into(),
    };
    Diagnostic::new(Code::NoKey, message, topic.span, "no `key` beside it").help(help)
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
