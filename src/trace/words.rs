//! Outcomes of conditions in words that need no knowledge of SQL.

use crate::eval::{Explanation, Found};
use crate::ir::{Condition, Origin};
use crate::sql::Truth;

/// The longest value that is shown whole, in characters.
const LONGEST: usize = 60;

/// The word for an outcome.
pub fn outcome(outcome: Truth) -> &'static str {
    match outcome {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Unknown => "unknown",
    }
}

/// What a condition says, without its parts.
pub fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Always => "always".to_owned(),
        Condition::All(_) => "all".to_owned(),
        Condition::Any(_) => "any".to_owned(),
        Condition::Not(_) => "not".to_owned(),
        Condition::Test(test) => said(&test.origin),
        Condition::SomeText(some) => said(&some.origin),
        Condition::AnyElement(any) => format!("anyElement in {}", any.origin.path),
    }
}

fn said(origin: &Origin) -> String {
    format!("{} {}", origin.path, origin.test)
}

/// What stands at the places that a condition looks at; `None` where it looks at none itself.
pub fn found(explanation: &Explanation<'_>) -> Option<String> {
    match explanation.found.as_slice() {
        [] => None,
        [one] => Some(value(one)),
        [one, other, ..] => Some(format!("{} and {}", value(one), value(other))),
    }
}

fn value(found: &Found) -> String {
    match found {
        Found::Value(text) => format!("`{}`", shortened(text)),
        Found::Unfit(text) => format!("`{}`, which is of another type", shortened(text)),
        Found::Null => "null".to_owned(),
        Found::Missing => "nothing there".to_owned(),
        Found::NoParent(path) => format!("nothing, there is no `{}`", shortened(path)),
        Found::Malformed => "a document that is no JSON".to_owned(),
    }
}

fn shortened(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// The conditions that decided that another one is not true: of an `all` the parts that are not true, of an `any`
/// every part, down to those that look at a field.
pub fn blame<'e, 'c>(explanation: &'e Explanation<'c>) -> Vec<&'e Explanation<'c>> {
    let mut blamed = Vec::new();
    collect(explanation, &mut blamed);
    blamed
}

fn collect<'e, 'c>(explanation: &'e Explanation<'c>, blamed: &mut Vec<&'e Explanation<'c>>) {
    match explanation.condition {
        Condition::All(_) => {
            let parts = explanation.parts.iter();
            let decided = parts.filter(|part| part.outcome == explanation.outcome);
            decided.for_each(|part| collect(part, blamed));
        }
        Condition::Any(_) => {
            let parts = explanation.parts.iter();
            parts.for_each(|part| collect(part, blamed));
        }
        Condition::Always
        | Condition::Not(_)
        | Condition::Test(_)
        | Condition::SomeText(_)
        | Condition::AnyElement(_) => blamed.push(explanation),
    }
}

/// A condition with its outcome and what it found, in one line.
pub fn line(explanation: &Explanation<'_>) -> String {
    let mut explanation = explanation;
    let mut said = condition(explanation.condition);
    // Of a `not` the reader wants to know what it negates.
    while let (Condition::Not(_), [part]) = (explanation.condition, explanation.parts.as_slice()) {
        said = format!("{said} ({})", condition(part.condition));
        explanation = part;
    }
    match found(explanation) {
        Some(found) => format!("{said}: found {found}"),
        None => said,
    }
}
