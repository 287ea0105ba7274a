//! The search for a contradiction between assumptions.

use std::collections::BTreeMap;

use super::formula::{Formula, Leaf};
use super::variable::{Regions, Test, Variable};
use crate::sql::Truth;

/// A set of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcomes {
    pub(super) truth: bool,
    pub(super) falsity: bool,
    pub(super) unknown: bool,
}

pub(super) const TRUE: Outcomes = outcomes(true, false, false);
pub(super) const NOT_TRUE: Outcomes = outcomes(false, true, true);
const UNKNOWN: Outcomes = outcomes(false, false, true);

const fn outcomes(truth: bool, falsity: bool, unknown: bool) -> Outcomes {
    Outcomes {
        truth,
        falsity,
        unknown,
    }
}

impl Outcomes {
    fn only(truth: Truth) -> Self {
        match truth {
            Truth::True => TRUE,
            Truth::False => TRUE.negated(),
            Truth::Unknown => UNKNOWN,
        }
    }

    fn has(self, truth: Truth) -> bool {
        match truth {
            Truth::True => self.truth,
            Truth::False => self.falsity,
            Truth::Unknown => self.unknown,
        }
    }

    /// The outcomes of the negation.
    fn negated(self) -> Self {
        outcomes(self.falsity, self.truth, self.unknown)
    }

    fn others(self) -> Self {
        outcomes(!self.truth, !self.falsity, !self.unknown)
    }
}

/// That a condition has one of these outcomes.
type Assumption<'f> = (&'f Formula, Outcomes);

/// What an assumption comes to.
enum Consequence<'f> {
    /// All of these.
    All(Vec<Assumption<'f>>),
    /// All of one of these; of none: it cannot be.
    Some(Vec<Vec<Assumption<'f>>>),
    /// Something about one variable.
    Narrow(&'f Leaf, Outcomes),
}

/// What the variables can be that something is known of.
type Facts = BTreeMap<usize, Regions>;

/// A search, which ends after a number of steps.
#[derive(Debug)]
pub(super) struct Search<'v> {
    variables: &'v [Variable],
    steps: usize,
}

/// Assumptions and tests of alternatives before a search gives up.
const MOST_STEPS: usize = 20_000;

/// What is known so far, and what is left to choose.
#[derive(Clone)]
struct State<'f> {
    facts: Facts,
    choices: Vec<Vec<Vec<Assumption<'f>>>>,
}

/// What became of taking assumptions in.
#[derive(PartialEq, Eq)]
enum Taken {
    Possible,
    Contradictory,
}

impl<'v> Search<'v> {
    pub(super) fn new(variables: &'v [Variable]) -> Self {
        Self {
            variables,
            steps: MOST_STEPS,
        }
    }

    /// Whether assumptions cannot all be: `false` also where the steps did not suffice to tell.
    pub(super) fn is_contradictory(&mut self, assumed: Vec<Assumption<'_>>) -> bool {
        let state = State {
            facts: Facts::new(),
            choices: Vec::new(),
        };
        self.fails(state, assumed)
    }

    fn fails<'f>(&mut self, mut state: State<'f>, assumed: Vec<Assumption<'f>>) -> bool {
        if self.take(&mut state, assumed) == Taken::Contradictory
            || self.settle(&mut state) == Taken::Contradictory
        {
            return true;
        }
        let shortest = (0..state.choices.len()).min_by_key(|choice| state.choices[*choice].len());
        let Some(shortest) = shortest.filter(|_| self.steps > 0) else {
            return false;
        };
        let alternatives = state.choices.swap_remove(shortest);
        let mut alternatives = alternatives.into_iter();
        alternatives.all(|alternative| self.fails(state.clone(), alternative))
    }

    /// Takes in assumptions and all that follows from them without a choice.
    fn take<'f>(&mut self, state: &mut State<'f>, mut assumed: Vec<Assumption<'f>>) -> Taken {
        while let Some((formula, outcomes)) = assumed.pop() {
            if self.steps == 0 {
                return Taken::Possible;
            }
            self.steps -= 1;
            match consequence(formula, outcomes) {
                Consequence::All(more) => assumed.extend(more),
                Consequence::Some(mut alternatives) => match alternatives.len() {
                    0 => return Taken::Contradictory,
                    1 => assumed.extend(alternatives.remove(0)),
                    _ => state.choices.push(alternatives),
                },
                Consequence::Narrow(leaf, outcomes) => {
                    if self.narrow(&mut state.facts, leaf, outcomes) == Taken::Contradictory {
                        return Taken::Contradictory;
                    }
                }
            }
        }
        Taken::Possible
    }

    fn narrow(&self, facts: &mut Facts, leaf: &Leaf, outcomes: Outcomes) -> Taken {
        let is_sound = |index: usize| self.variables.get(index).is_some_and(|it| it.is_sound);
        let (index, test) = if is_sound(leaf.variable) {
            (leaf.variable, &leaf.test)
        } else {
            (leaf.itself, &Test::Holds)
        };
        let Some(variable) = self.variables.get(index) else {
            return Taken::Possible;
        };
        let allowed = variable.regions(test, outcomes);
        let known = facts.entry(index).or_insert_with(|| variable.every());
        let both = known.iter().zip(allowed.iter());
        let both: Regions = both.map(|(known, allowed)| *known && *allowed).collect();
        let is_possible = both.contains(&true);
        *known = both;
        if is_possible {
            Taken::Possible
        } else {
            Taken::Contradictory
        }
    }

    /// Strikes alternatives that cannot be, and makes the choices that are none any more.
    fn settle(&mut self, state: &mut State<'_>) -> Taken {
        let mut next = 0;
        while let Some(mut alternatives) = state.choices.get(next).cloned() {
            let known = alternatives.len();
            alternatives.retain(|alternative| {
                let mut apart = State {
                    facts: state.facts.clone(),
                    choices: Vec::new(),
                };
                self.take(&mut apart, alternative.clone()) == Taken::Possible
            });
            if alternatives.len() > 1 {
                if alternatives.len() < known {
                    state.choices[next] = alternatives;
                }
                next += 1;
                continue;
            }
            state.choices.remove(next);
            let Some(only) = alternatives.pop() else {
                return Taken::Contradictory;
            };
            if self.take(state, only) == Taken::Contradictory {
                return Taken::Contradictory;
            }
            next = 0;
        }
        Taken::Possible
    }
}

fn consequence(formula: &Formula, outcomes: Outcomes) -> Consequence<'_> {
    match formula {
        Formula::Constant(truth) if outcomes.has(*truth) => Consequence::All(Vec::new()),
        Formula::Constant(_) => Consequence::Some(Vec::new()),
        Formula::Leaf(leaf) => Consequence::Narrow(leaf, outcomes),
        Formula::Not(part) => Consequence::All(vec![(part, outcomes.negated())]),
        Formula::All(parts) => all(parts, outcomes, |outcomes| outcomes),
        Formula::Any(parts) => all(parts, outcomes.negated(), Outcomes::negated),
        Formula::Is(part, truth) => {
            let holds = Outcomes::only(*truth);
            let alternatives = [(outcomes.truth, holds), (outcomes.falsity, holds.others())];
            let alternatives = alternatives.into_iter().filter(|(allowed, _)| *allowed);
            let alternatives = alternatives.map(|(_, of)| vec![(&**part, of)]);
            Consequence::Some(alternatives.collect())
        }
        Formula::Case(branches, otherwise) => {
            let mut passed = Vec::new();
            let mut alternatives = Vec::new();
            for (when, then) in branches {
                let mut alternative = passed.clone();
                alternative.extend([(when, TRUE), (then, outcomes)]);
                alternatives.push(alternative);
                passed.push((when, NOT_TRUE));
            }
            passed.push((otherwise, outcomes));
            alternatives.push(passed);
            Consequence::Some(alternatives)
        }
    }
}

/// What follows from outcomes of an `AND`; of an `OR` it is the same with its parts negated, which `part` does to
/// their outcomes. `AND` is the least of its parts, false being less than unknown and that less than true.
fn all(parts: &[Formula], of: Outcomes, part: fn(Outcomes) -> Outcomes) -> Consequence<'_> {
    let each = |outcomes: Outcomes| parts.iter().map(move |formula| (formula, part(outcomes)));
    let some = |outcomes: Outcomes| each(outcomes).map(|assumption| vec![assumption]);
    let is_false = Outcomes::only(Truth::False);
    match (of.truth, of.falsity, of.unknown) {
        (true, true, true) => Consequence::All(Vec::new()),
        (false, false, false) => Consequence::Some(Vec::new()),
        (true, false, _) => Consequence::All(each(of).collect()),
        (false, true, false) => Consequence::Some(some(is_false).collect()),
        (false, true, true) => Consequence::Some(some(NOT_TRUE).collect()),
        (true, true, false) => {
            let every = std::iter::once(each(TRUE).collect());
            Consequence::Some(every.chain(some(is_false)).collect())
        }
        (false, false, true) => {
            let not_false = is_false.others();
            let unknown = (0..parts.len()).map(|at| {
                let outcomes = |index| if index == at { UNKNOWN } else { not_false };
                let parts = parts.iter().enumerate();
                let parts = parts.map(|(index, formula)| (formula, part(outcomes(index))));
                parts.collect()
            });
            Consequence::Some(unknown.collect())
        }
    }
}
