//! What is possible: a small abstract interpreter of conditions.
//!
//! [`Facts`] hold for each field what it can be where some conditions have some outcomes. [`Facts::assume`]
//! adds one, and fails where that leaves nothing: then no event is like that, as certain as the schema is kept.
//! Nothing else is certain: what it does not understand (times, two fields) it takes for possible.
//!
//! A condition is true, false or unknown, so "never true" and "never false" are two questions: a test of a
//! field that is missing is neither. All fields may be missing here, whatever the schema requires.
//!
//! | module | concept |
//! | --- | --- |
//! | `values` | sets of values |
//! | `domain` | what the schema says that fields can hold |
//! | `leaf` | for which values a test holds; what it says nothing of is possible always |
//! | `known`, `facts` | what is known of one field, of all of them |
//! | `verdict` | what is never true, or never false, in a route |

mod domain;
mod facts;
mod known;
mod leaf;
#[cfg(test)]
mod tests;
mod values;
mod verdict;

pub(super) use domain::{Declarations, Domain};
pub(super) use facts::Facts;
pub(super) use leaf::{Leaf, each_leaf, each_leaf_of, looks_into_text};
pub(super) use values::Values;
pub(super) use verdict::{Verdict, judge};

use std::collections::HashSet;

/// What a condition is assumed to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    True,
    False,
    /// False or unknown.
    NotTrue,
    /// True or unknown.
    NotFalse,
}

/// A set of the three outcomes, as bits.
type Outcomes = u8;

/// Why conditions cannot have their outcomes.
#[derive(Debug, Clone, Default)]
pub(super) struct Contradiction<'c> {
    /// The leaves that cannot have the outcome that they need: one, or one in each of several alternatives.
    pub(super) at: Vec<(Leaf<'c>, Outcome)>,
    /// What they contradict, with its outcome where it has it by itself; nothing where they cannot have theirs
    /// alone.
    pub(super) beside: Vec<(Leaf<'c>, Option<Outcome>)>,
}

impl Contradiction<'_> {
    /// Each place once: a condition on some element stands for one on each.
    pub(super) fn without_repetition(&self) -> Self {
        let mut places = HashSet::new();
        let mut is_new = |leaf: &Leaf<'_>| places.insert(leaf.origin().operand);
        let at = self.at.iter().filter(|(leaf, _)| is_new(leaf)).copied();
        let at = at.collect();
        let beside = self.beside.iter().filter(|(leaf, _)| is_new(leaf)).copied();
        let beside = beside.collect();
        Self { at, beside }
    }
}

impl Outcome {
    fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::NotTrue => Self::NotFalse,
            Self::NotFalse => Self::NotTrue,
        }
    }

    fn bits(self) -> Outcomes {
        match self {
            Self::True => 0b001,
            Self::False => 0b010,
            Self::NotTrue => 0b110,
            Self::NotFalse => 0b101,
        }
    }

    /// Whether it is true or false for sure.
    fn is_certain(self) -> bool {
        matches!(self, Self::True | Self::False)
    }

    /// Whether it is on the side of truth.
    pub(super) fn is_positive(self) -> bool {
        matches!(self, Self::True | Self::NotFalse)
    }
}
