//! `pattern-matches-nothing`: a test looks for something in a text that no value of the field has.

use super::always_false::fruitless_pattern;
use super::{Fleet, Judged};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::Test;

/// Looks at every condition.
pub(super) fn find(fleet: &Fleet<'_>, findings: &mut Findings) {
    for judged in &fleet.routes {
        let never = judged.verdicts.iter().filter(|verdict| verdict.never);
        for test in never.filter_map(|verdict| fruitless_pattern(&verdict.reason)) {
            findings.push(matches_nothing(judged, test));
        }
    }
}

fn matches_nothing(judged: &Judged<'_>, test: &Test) -> Diagnostic {
    let (key, path) = (test.operator.key, &test.origin.path);
    let message = format!("`{key}` finds this in no value of `{path}`");
    let place = test.origin.operand;
    let mut problem = Diagnostic::new(Code::PatternMatchesNothing, message, place, "found nowhere");
    if let Some(declared) = judged.domain.declared_at(&test.subject) {
        problem = problem.related(declared, "its values are listed here");
    }
    problem.help("upper and lower case are told apart; for whole values use `equals` or `in`")
}
