//! Which parts of a route's conditions can never be true, or never false.

use super::{Contradiction, Facts, Outcome};
use crate::check::TypedRoute;
use crate::ir::{AnyElement, Condition};
use crate::source_text::Span;

/// A part of a condition of which the outcome is known before any event comes.
#[derive(Debug)]
pub(in crate::check::lint) struct Verdict<'c> {
    /// What it never is: `true` or `false`.
    pub(in crate::check::lint) never: bool,
    /// Whether it is all that the route or the sink says.
    pub(in crate::check::lint) is_whole: bool,
    /// Why.
    pub(in crate::check::lint) reason: Contradiction<'c>,
}

/// Judges the conditions of a route and of its sinks; `nothing` are facts without conditions. Of parts inside
/// each other the outer one alone is told.
pub(in crate::check::lint) fn judge<'c>(
    nothing: &Facts<'c>,
    typed: &'c TypedRoute<'_>,
) -> Vec<Verdict<'c>> {
    let mut verdicts = Vec::new();
    let mut facts = nothing.clone();
    if facts.assume_guard(typed).is_ok()
        && let Some(facts) = whole(&facts, &typed.condition, &mut verdicts)
    {
        for sink in &typed.sinks {
            whole(&facts, &sink.condition, &mut verdicts);
        }
    }
    verdicts
}

fn whole<'c>(
    facts: &Facts<'c>,
    condition: &'c Condition,
    verdicts: &mut Vec<Verdict<'c>>,
) -> Option<Facts<'c>> {
    let known = verdicts.len();
    let inner = part(facts, condition, verdicts);
    if let (None, Some(verdict)) = (&inner, verdicts.get_mut(known)) {
        verdict.is_whole = true;
    }
    inner
}

/// Judges a part where `facts` hold whenever it counts; what holds where it is true, if it can be. Never true
/// counts beside the facts, never false alone: that a condition repeats its neighbours is no mistake.
fn part<'c>(
    facts: &Facts<'c>,
    condition: &'c Condition,
    verdicts: &mut Vec<Verdict<'c>>,
) -> Option<Facts<'c>> {
    let mut inner = facts.clone();
    if let Err(reason) = inner.assume(condition, Outcome::True) {
        verdicts.push(Verdict::new(true, reason));
        return None;
    }
    match condition {
        Condition::Always => {}
        // It is never false where none of its parts is.
        Condition::All(parts) => {
            for one in parts {
                if one.is_leaf() {
                    never_false(facts, one, verdicts);
                } else {
                    part(&inner, one, verdicts);
                }
            }
        }
        Condition::Any(parts) => {
            let is_single = |one| false_alone(facts, one).is_err();
            if parts.iter().any(is_single) || !never_false(facts, condition, verdicts) {
                for one in parts {
                    part(facts, one, verdicts);
                }
            }
        }
        Condition::Not(negated) => {
            if !never_false(facts, condition, verdicts) {
                part(&facts.forgotten(), negated, verdicts);
            }
        }
        Condition::Test(_) | Condition::SomeText(_) => {
            never_false(facts, condition, verdicts);
        }
        Condition::AnyElement(any) => elements(facts, any, verdicts),
    }
    Some(inner)
}

/// Judges whether a part can be false, whatever is beside it.
fn never_false<'c>(
    facts: &Facts<'c>,
    condition: &'c Condition,
    verdicts: &mut Vec<Verdict<'c>>,
) -> bool {
    match false_alone(facts, condition) {
        Ok(()) => false,
        Err(reason) => {
            verdicts.push(Verdict::new(false, reason));
            true
        }
    }
}

fn false_alone<'c>(facts: &Facts<'c>, condition: &'c Condition) -> Result<(), Contradiction<'c>> {
    facts.forgotten().assume(condition, Outcome::False)
}

impl<'c> Verdict<'c> {
    fn new(never: bool, reason: Contradiction<'c>) -> Self {
        Self {
            never,
            is_whole: false,
            reason,
        }
    }
}

/// One condition stands for each element that there can be: what is true of all of them is told once.
fn elements<'c>(facts: &Facts<'c>, any: &'c AnyElement, verdicts: &mut Vec<Verdict<'c>>) {
    let mut each = any.elements.iter().map(|element| {
        let mut found = Vec::new();
        part(facts, element, &mut found);
        found
    });
    let mut common = each.next().unwrap_or_default();
    for found in each {
        if common.is_empty() {
            return;
        }
        common.retain(|verdict| found.iter().any(|other| places(other) == places(verdict)));
    }
    verdicts.extend(common);
}

fn places(verdict: &Verdict<'_>) -> (bool, Vec<Span>) {
    let leaves = verdict.reason.at.iter();
    let places = leaves.map(|(leaf, _)| leaf.origin().operand);
    (verdict.never, places.collect())
}
