//! What came of tests, for machines.

use serde::Serialize;

use super::coverage::Coverage;
use super::run::Outcome;

/// Version of the format; a change that readers must know of raises it.
pub const FORMAT_VERSION: u32 = 1;

/// A run as JSON.
#[derive(Debug, Serialize)]
pub struct Document<'o> {
    format_version: u32,
    success: bool,
    tests: Vec<Test<'o>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<&'o Coverage>,
}

#[derive(Debug, Serialize)]
struct Test<'o> {
    name: &'o str,
    file: &'o str,
    line: usize,
    event: &'o str,
    passed: bool,
    failures: Vec<Failure<'o>>,
}

#[derive(Debug, Serialize)]
struct Failure<'o> {
    message: &'o str,
    reasons: &'o [String],
}

/// The document of a run.
pub fn document<'o>(outcomes: &'o [Outcome], coverage: Option<&'o Coverage>) -> Document<'o> {
    let tests = outcomes.iter().map(|outcome| Test {
        name: &outcome.name,
        file: outcome.file.as_str(),
        line: outcome.line,
        event: &outcome.event,
        passed: outcome.passed(),
        failures: outcome
            .failures
            .iter()
            .map(|failure| Failure {
                message: &failure.message,
                reasons: &failure.reasons,
            })
            .collect(),
    });
    Document {
        format_version: FORMAT_VERSION,
        success: outcomes.iter().all(Outcome::passed),
        tests: tests.collect(),
        coverage,
    }
}
