//! `always-true`: a condition, or a part of one, that is never false.

use super::possible::{Leaf, Verdict};
use super::{Fleet, Judged};
use crate::diagnostic::{Code, Diagnostic, Findings};

/// Looks at every condition.
pub(super) fn find(fleet: &Fleet<'_>, findings: &mut Findings) {
    for judged in &fleet.routes {
        for verdict in judged.verdicts.iter().filter(|verdict| !verdict.never) {
            findings.extend(never_false(judged, verdict));
        }
    }
}

fn never_false(judged: &Judged<'_>, verdict: &Verdict<'_>) -> Option<Diagnostic> {
    let reason = verdict.reason.without_repetition();
    let outcome = reason.at.first()?.1;
    let beside = reason.beside.iter().map(|(leaf, _)| leaf);
    let leaves = reason.at.iter().map(|(leaf, _)| leaf);
    let mut leaves: Vec<_> = leaves.chain(beside).collect();
    leaves.sort_by_key(|leaf| leaf.origin().operand);
    let (first, others) = leaves.split_first()?;
    let path = &first.origin().path;
    // The reason says why it cannot be false: a leaf that would have to be true for that stands under `not`.
    let (message, label) = match (others, outcome.is_positive()) {
        ([], false) => (
            format!("this condition is true for every event that has `{path}`"),
            "never false",
        ),
        ([], true) => (
            format!("the `not` of this condition is true for every event that has `{path}`"),
            "never true",
        ),
        (_, false) => (
            format!("every event that has `{path}` satisfies one of these conditions"),
            "this one",
        ),
        (_, true) => (
            format!(
                "no event satisfies these conditions on `{path}` together, and `not` asks for that"
            ),
            "this one",
        ),
    };
    let place = first.origin().operand;
    let mut problem = Diagnostic::new(Code::AlwaysTrue, message, place, label);
    for leaf in others {
        let label = if outcome.is_positive() {
            "and this one"
        } else {
            "or this one"
        };
        problem = problem.related(leaf.origin().operand, label);
    }
    if let (Leaf::Test(test), []) = (first, others)
        && let Some(declared) = judged.domain.declared_at(&test.subject)
    {
        problem = problem.related(declared, "what it can be is declared here");
    }
    Some(problem.help("correct or remove it; to ask for the field alone write `isNotNull: true`"))
}
