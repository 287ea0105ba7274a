//! A plan as a comment on a pull request: the last line first, then what is to be done, then the SQL.

use super::{Action, Entry, Plan, human};
use crate::diff::{Comparer, RouteDiff, markdown};
use crate::markdown::{Report, code, list, prose};
use crate::statement::Desired;

/// Renders a plan within the limit of a comment. What is unchanged is counted alone.
pub fn render(plan: &Plan, desired: &Desired, comparer: &Comparer<'_>) -> String {
    let mut report = Report::new(&format!("**{}**", plan.summary()));
    report.say(&format!("Target {}.", code(&plan.target)));
    let shown = || {
        let entries = plan.entries.iter();
        entries.filter(|entry| entry.decision.action != Action::Keep)
    };
    let rows = shown().map(|entry| {
        let what = [Some(human::what(entry)), entry.decision.remedy.clone()];
        [
            entry.decision.action.word().to_owned(),
            code(&entry.title),
            list(what.iter().flatten().map(|line| prose(line))),
        ]
    });
    report.table("route", ["action", "route", "why"], rows);
    let drift = plan.drift.iter().map(|drift| {
        [
            drift.kind.word().to_owned(),
            code(drift.route.as_deref().unwrap_or("(none)")),
            code(&drift.statement),
            prose(&drift.detail),
        ]
    });
    report.table(
        "row of drift",
        ["drift", "route", "statement", "found"],
        drift,
    );
    let diffs = shown().filter_map(|entry| markdown::sql(&diff(entry, desired, comparer)?));
    report.details("SQL diff", diffs);
    report.fit()
}

/// The change of what an entry is about, where something is to change.
fn diff(entry: &Entry, desired: &Desired, comparer: &Comparer<'_>) -> Option<RouteDiff> {
    if !entry.decision.is_change() {
        return None;
    }
    match desired.routes.get(&entry.id) {
        Some(route) => comparer.route(route, &entry.statements),
        None => comparer.gone(&entry.statements),
    }
}
