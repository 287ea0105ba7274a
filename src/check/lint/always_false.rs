//! `always-false`: a condition, or a part of one, that can never be true.

use super::possible::{Contradiction, Leaf, Outcome, Verdict, looks_into_text};
use super::{Fleet, Judged};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::Test;

/// Looks at every condition.
pub(super) fn find(fleet: &Fleet<'_>, findings: &mut Findings) {
    for judged in &fleet.routes {
        for verdict in judged.verdicts.iter().filter(|verdict| verdict.never) {
            if fruitless_pattern(&verdict.reason).is_none() {
                findings.extend(never_true(judged, verdict));
            }
        }
    }
}

/// The test that looks for something which no value of the field has: `pattern-matches-nothing`.
pub(super) fn fruitless_pattern<'c>(reason: &Contradiction<'c>) -> Option<&'c Test> {
    match (reason.at.as_slice(), reason.beside.as_slice()) {
        ([(Leaf::Test(test), outcome)], []) if outcome.is_positive() && looks_into_text(test) => {
            Some(test)
        }
        _ => None,
    }
}

fn never_true(judged: &Judged<'_>, verdict: &Verdict<'_>) -> Option<Diagnostic> {
    let reason = verdict.reason.without_repetition();
    let ((first, outcome), others) = reason.at.split_first()?;
    let path = &first.origin().path;
    let is_alone = others.is_empty() && reason.beside.is_empty();
    let message = match (others, is_alone, outcome.is_positive()) {
        ([], true, true) => format!("no value of `{path}` satisfies this condition"),
        ([], true, false) => format!("no value of `{path}` satisfies the `not` of this condition"),
        ([], false, _) => format!("no event satisfies these conditions on `{path}` together"),
        (_, _, _) => "no event satisfies any of these conditions".to_owned(),
    };
    let label = match (is_alone, outcome.is_positive()) {
        (true, true) => "never true",
        (true, false) => "never false",
        (false, true) => "so this cannot",
        (false, false) => "so its `not` cannot",
    };
    let place = first.origin().operand;
    let mut problem = Diagnostic::new(Code::AlwaysFalse, message, place, label);
    for (leaf, outcome) in others {
        let label = if outcome.is_positive() {
            "nor can this"
        } else {
            "nor can its `not`"
        };
        problem = problem.related(leaf.origin().operand, label);
    }
    for (leaf, outcome) in &reason.beside {
        let label = match outcome.map(Outcome::is_positive) {
            Some(true) => "this must hold",
            Some(false) => "its `not` must hold",
            None => "because of this",
        };
        problem = problem.related(leaf.origin().operand, label);
    }
    if let (Leaf::Test(test), true) = (first, is_alone)
        && let Some(place) = judged.domain.declared_at(&test.subject)
    {
        problem = problem.related(place, "what it can be is declared here");
    }
    let so = if verdict.is_whole {
        "as it is, nothing is ever routed"
    } else {
        "as it is, this part never makes a difference"
    };
    Some(problem.help(if is_alone {
        format!("correct or remove it; {so}")
    } else {
        format!("correct one of them, or put alternatives under `any`; {so}")
    }))
}
