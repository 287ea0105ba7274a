//! A plan for machines.

use serde::Serialize;

use super::{Plan, Summary};
use crate::diff::Meaning;
use crate::statement::StatementName;

/// Version of the format; a change that readers must know of raises it.
pub const FORMAT_VERSION: u32 = 1;

/// A plan as JSON.
#[derive(Debug, Serialize)]
pub struct Document<'p> {
    format_version: u32,
    target: &'p str,
    summary: Summary,
    routes: Vec<Route<'p>>,
    drift: Vec<Drift<'p>>,
}

#[derive(Debug, Serialize)]
struct Route<'p> {
    name: &'p str,
    topic: Option<&'p str>,
    action: &'static str,
    reason: &'p str,
    /// What a replacement means, in the words of `diff`.
    meaning: Vec<&'static str>,
    remedy: Option<&'p str>,
    healthy: bool,
    current_statement: Option<&'p str>,
    new_statement: Option<&'p str>,
    starts_at: Option<String>,
}

#[derive(Debug, Serialize)]
struct Drift<'p> {
    kind: &'static str,
    route: Option<&'p str>,
    statement: &'p str,
    detail: &'p str,
}

/// The document of a plan.
pub fn document(plan: &Plan) -> Document<'_> {
    let routes = plan.entries.iter().map(|entry| {
        let (decision, action) = (&entry.decision, entry.decision.action);
        let creation = decision.creation();
        Route {
            name: &entry.route,
            topic: entry.topic.as_deref(),
            action: action.word(),
            reason: &decision.reason,
            meaning: entry
                .meaning
                .as_ref()
                .map(Meaning::words)
                .unwrap_or_default(),
            remedy: decision.remedy.as_deref(),
            healthy: !action.needs_attention(),
            current_statement: entry.current().map(StatementName::as_str),
            new_statement: creation.map(|creation| creation.name.as_str()),
            starts_at: creation.map(|creation| creation.origin.to_string()),
        }
    });
    let drift = plan.drift.iter().map(|one| Drift {
        kind: one.kind.word(),
        route: one.route.as_deref(),
        statement: &one.statement,
        detail: &one.detail,
    });
    Document {
        format_version: FORMAT_VERSION,
        target: &plan.target,
        summary: plan.summary(),
        routes: routes.collect(),
        drift: drift.collect(),
    }
}
