//! A plan for machines.

use serde::Serialize;

use super::{Plan, Summary};
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
}

#[derive(Debug, Serialize)]
struct Route<'p> {
    name: &'p str,
    topic: Option<&'p str>,
    action: &'static str,
    reason: &'p str,
    remedy: Option<&'p str>,
    healthy: bool,
    current_statement: Option<&'p str>,
    new_statement: Option<&'p str>,
    starts_at: Option<String>,
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
            remedy: decision.remedy.as_deref(),
            healthy: !action.needs_attention(),
            current_statement: entry.current().map(StatementName::as_str),
            new_statement: creation.map(|creation| creation.name.as_str()),
            starts_at: creation.map(|creation| creation.origin.to_string()),
        }
    });
    Document {
        format_version: FORMAT_VERSION,
        target: &plan.target,
        summary: plan.summary(),
        routes: routes.collect(),
    }
}
