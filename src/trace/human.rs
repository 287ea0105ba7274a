//! Traces for people: where an event goes, then a tree of conditions for each route. Styled; strip it where that is
//! not wanted.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{RouteTrace, words};
use crate::eval::Explanation;
use crate::ir::Condition;
use crate::schema::Violation;
use crate::sql::Truth;

/// Renders what routes make of an event, and what its schema says of it.
pub fn render(event: &str, violations: &[Violation], traces: &[RouteTrace<'_>]) -> String {
    let bold = Style::new().bold();
    let mut text = String::new();
    let _ = writeln!(text, "{bold}{event}{bold:#}: {}", destinations(traces));
    if let [first, rest @ ..] = violations {
        let bold = Style::new().fg_color(Some(AnsiColor::Yellow.into())).bold();
        let more = match rest.len() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let _ = writeln!(
            text,
            "  {bold}note{bold:#}: it does not match the event schema: {}{more}",
            first.message
        );
    }
    for trace in traces {
        route(trace, &mut text);
    }
    text
}

fn destinations(traces: &[RouteTrace<'_>]) -> String {
    let enabled = traces.iter().filter(|trace| trace.route.route.enabled);
    let sinks = enabled.flat_map(|trace| &trace.sinks);
    let reached = sinks.filter(|sink| sink.is_reached);
    let topics: Vec<_> = reached
        .map(|sink| sink.sink.sink.topic.value.as_str())
        .collect();
    match topics.as_slice() {
        [] => "reaches none of these topics".to_owned(),
        topics => format!("reaches {}", topics.join(", ")),
    }
}

fn route(trace: &RouteTrace<'_>, text: &mut String) {
    let name = &trace.route.route.name.value;
    let is_enabled = trace.route.route.enabled;
    let disabled = if is_enabled { "" } else { " (disabled)" };
    let _ = writeln!(text, "  route {name}{disabled}");
    let guard = trace.guard.iter();
    for part in guard.chain([&trace.condition]) {
        tree(part, 2, text);
    }
    for sink in &trace.sinks {
        let topic = &sink.sink.sink.topic.value;
        let answer = match (sink.is_reached, is_enabled) {
            (true, true) => {
                let green = style(Truth::True);
                format!("{green}reached{green:#}")
            }
            (true, false) => "would be reached".to_owned(),
            (false, _) => "not reached".to_owned(),
        };
        let _ = writeln!(text, "    topic {topic}: {answer}");
        if !matches!(sink.condition.condition, Condition::Always) {
            tree(&sink.condition, 3, text);
        }
    }
}

fn tree(explanation: &Explanation<'_>, depth: usize, text: &mut String) {
    let style = style(explanation.outcome);
    let outcome = words::outcome(explanation.outcome);
    let said = words::condition(explanation.condition);
    let found = words::found(explanation).map(|found| format!(": found {found}"));
    let indent = "  ".repeat(depth);
    let _ = writeln!(
        text,
        "{indent}{style}{outcome:<7}{style:#} {said}{}",
        found.unwrap_or_default()
    );
    for part in &explanation.parts {
        tree(part, depth + 1, text);
    }
}

fn style(outcome: Truth) -> Style {
    let color = match outcome {
        Truth::True => AnsiColor::Green,
        Truth::False => AnsiColor::Red,
        Truth::Unknown => AnsiColor::Yellow,
    };
    Style::new().fg_color(Some(color.into()))
}
