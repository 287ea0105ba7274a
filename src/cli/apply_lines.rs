//! What happens during `apply`, as one JSON object a line.

use std::io::{self, Write as _};

use serde::Serialize;
use serde_json::{Value, json};

use crate::apply::report::{FORMAT_VERSION, Row};
use crate::apply::{Outcome, Progress, Report};
use crate::plan::saved::{Stale, StaleRoute};
use crate::plan::{Plan, json};

/// Writes lines as things happen. Each has a `type`: `plan` first, then `step` and `route` in any order, `result` last. Of a saved
/// plan that is stale there is a line `stale` alone.
#[derive(Debug)]
pub(super) struct Lines;

impl Lines {
    /// The first line.
    pub(super) fn plan(plan: &Plan) {
        line("plan", &json!({"plan": json::document(plan)}));
    }

    /// The routes that are not as they were when a plan was saved.
    pub(super) fn stale(stale: &Stale) {
        let of_route = |route: &StaleRoute| json!({"name": route.title, "reason": route.why});
        let routes: Vec<_> = stale.routes.iter().map(of_route).collect();
        line("stale", &json!({"routes": routes}));
    }

    /// The last line; without a report nothing was to be done.
    pub(super) fn result(plan: &Plan, report: Option<&Report>) {
        let result = json!({
            "summary": plan.summary(),
            "success": report.map(Report::is_success),
        });
        line("result", &result);
    }
}

impl Progress for Lines {
    fn begin(&self, _: usize) {}

    fn step(&self, subject: &str, what: &str) {
        line("step", &json!({"subject": subject, "step": what}));
    }

    fn outcome(&self, outcome: &Outcome) {
        line("route", &Row::of(outcome));
    }

    fn end(&self) {}
}

fn line(kind: &str, fields: &impl Serialize) {
    let mut object = json!({"format_version": FORMAT_VERSION, "type": kind});
    if let (Value::Object(object), Ok(Value::Object(fields))) =
        (&mut object, serde_json::to_value(fields))
    {
        object.extend(fields);
    }
    // The work goes on though nobody reads any more: a step in flight must be finished.
    let _ = writeln!(io::stdout(), "{object}");
}
