//! A plan for machines.

use serde::Serialize;

use super::{Action, Plan, Summary};
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
        let action = &entry.judgement.action;
        let (new_statement, starts_at) = match action {
            Action::Create { name, start } => (Some(name.as_str()), Some(start.to_string())),
            _ => (None, None),
        };
        Route {
            name: &entry.route,
            topic: entry.topic.as_deref(),
            action: action.word(),
            reason: &entry.judgement.reason,
            remedy: entry.judgement.remedy.as_deref(),
            healthy: !action.needs_attention(),
            current_statement: entry.current.as_ref().map(StatementName::as_str),
            new_statement,
            starts_at,
        }
    });
    Document {
        format_version: FORMAT_VERSION,
        target: &plan.target,
        summary: plan.summary(),
        routes: routes.collect(),
    }
}
