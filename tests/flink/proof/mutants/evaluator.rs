//! Mutants of the evaluator, compared with what Flink said. Production code has no place for them: they change what goes
//! into the evaluator (the condition, the document) or what comes out of it (the outcome of a test, the way outcomes are
//! put together).

use routectl::eval::{Cell, Explanation, Found, Json, evaluate, explain};
use routectl::ir::Condition;
use routectl::sql::Truth;

use super::rules::{MUTANTS, Wrong};
use super::{FoundOut, Side};
use crate::events::Event;
use crate::expect::Outcomes;
use crate::suite::{Suite, now};

/// Notes which of the mutants are found out with a suite's conditions, given what Flink said of them.
pub(crate) fn judge(suite: &Suite<'_>, flink: &Outcomes, found_out: &mut FoundOut) {
    let conditions = suite.conditions();
    let conditions: Vec<_> = conditions
        .iter()
        .filter_map(|(sql, condition)| Some((condition, flink.get(sql)?)))
        .collect();
    for (name, wrong) in MUTANTS
        .iter()
        .filter(|(name, _)| !found_out.has(Side::Evaluator, name))
        .collect::<Vec<_>>()
    {
        let place = match wrong {
            Wrong::Document(rewrite) => documents(suite, *rewrite, &conditions),
            wrong => conditions
                .iter()
                .find_map(|(condition, flink)| difference(wrong, condition, flink, &suite.events)),
        };
        if let Some(place) = place {
            found_out.note(Side::Evaluator, name, place);
        }
    }
}

/// The names of all mutants.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    MUTANTS.iter().map(|(name, _)| *name)
}

fn difference(
    wrong: &Wrong,
    condition: &Condition,
    flink: &[Truth],
    events: &[Event],
) -> Option<String> {
    let mutated = match (wrong, condition) {
        (Wrong::Test(change), Condition::Test(test)) => Some(Condition::Test(change(test)?)),
        (Wrong::Condition(change), condition) => Some(change(condition)?),
        (Wrong::Outcome(_), Condition::Test(_)) | (Wrong::Logic(_), _) => None,
        _ => return None,
    };
    let says = |event: &Event| match (wrong, condition, &mutated) {
        (_, _, Some(mutated)) => evaluate(mutated, event.scope()),
        (Wrong::Outcome(change), Condition::Test(test), _) => {
            let explained = explain(condition, event.scope());
            let found = explained.found.into_iter().next().unwrap_or(Found::Missing);
            change(test, &found, explained.outcome)
        }
        (Wrong::Logic(change), ..) => together(*change, &explain(condition, event.scope())),
        _ => evaluate(condition, event.scope()),
    };
    let event = events
        .iter()
        .zip(flink)
        .position(|(event, flink)| says(event) != *flink)?;
    Some(format!(
        "event {event} of {}",
        condition
            .lower()
            .map_or_else(String::new, |sql| sql.to_string())
    ))
}

fn together(
    change: fn(&Condition, &[Truth]) -> Option<Truth>,
    explained: &Explanation<'_>,
) -> Truth {
    let parts: Vec<_> = explained
        .parts
        .iter()
        .map(|part| together(change, part))
        .collect();
    change(explained.condition, &parts).unwrap_or(explained.outcome)
}

/// Evaluates every condition on the events whose document a mutant reads in another way.
fn documents(
    suite: &Suite<'_>,
    rewrite: fn(&str) -> String,
    conditions: &[(&Condition, &Vec<Truth>)],
) -> Option<String> {
    let column = &suite.source.event.layout.document_column()?.value;
    suite.events.iter().enumerate().find_map(|(number, event)| {
        let Some(Cell::Text(text)) = event.row.column(column) else {
            return None;
        };
        let rewritten = rewrite(text.as_str());
        if rewritten == text.as_str() {
            return None;
        }
        let columns = Json::Object(
            [(column.clone(), Json::Text(rewritten))]
                .into_iter()
                .collect(),
        );
        let row = event
            .row
            .clone()
            .with_columns(suite.source, &columns)
            .ok()?;
        let scope = routectl::eval::Scope {
            row: &row,
            now: now(),
        };
        let mut conditions = conditions.iter();
        let found = conditions
            .find(|(condition, flink)| flink.get(number) != Some(&evaluate(condition, scope)))?;
        Some(format!(
            "event {number} of {}",
            found
                .0
                .lower()
                .map_or_else(String::new, |sql| sql.to_string())
        ))
    })
}
