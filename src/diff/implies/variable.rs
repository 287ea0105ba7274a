//! Variables: what is compared with constants, and what is true, false or unknown as a whole.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::constant::{Constant, is_exact};
use super::search::Outcomes;
use crate::sql::{BinaryOperator, Expr};

/// What a variable stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Operand {
    /// A value.
    Value(Expr),
    /// How much the first value is greater than the second.
    Difference(Expr, Expr),
    /// The outcome of a condition that is not understood any further.
    Outcome(Expr),
}

impl Operand {
    fn may_be_nan(&self) -> bool {
        match self {
            Self::Value(value) => !is_exact(value),
            Self::Difference(one, two) => !is_exact(one) || !is_exact(two),
            Self::Outcome(_) => false,
        }
    }
}

/// A test of one variable.
#[derive(Debug, Clone)]
pub(super) enum Test {
    /// A comparison with a constant.
    Compare(BinaryOperator, Constant),
    /// It is one of these.
    OneOf(Vec<Constant>),
    /// It is NULL.
    Null,
    /// The condition that it stands for is true.
    Holds,
}

/// A set of regions of a variable.
pub(super) type Regions = Rc<[bool]>;

/// A variable with the constants that it is compared with, in order. Constant `i` is region `2i + 1`, the gap before it
/// region `2i`; behind the last gap come NaN and NULL. For outcomes: true, false, unknown.
#[derive(Debug)]
pub(super) struct Variable {
    constants: Option<Vec<Constant>>,
    may_be_nan: bool,
    /// Whether the order of its constants is what every type makes of it.
    pub(super) is_sound: bool,
}

impl Variable {
    pub(super) fn new(operand: &Operand, constants: BTreeSet<Constant>) -> Self {
        let constants: Vec<_> = constants.into_iter().collect();
        let is_number = matches!(constants.first(), None | Some(Constant::Number(_)));
        let may_be_nan = is_number && operand.may_be_nan();
        let mut pairs = constants.iter().zip(constants.iter().skip(1));
        let is_sound = pairs
            .all(|(one, next)| one.is_same_kind(next) && (!may_be_nan || one.is_apart_from(next)));
        let is_outcome = matches!(operand, Operand::Outcome(_));
        Self {
            constants: (!is_outcome).then_some(constants),
            may_be_nan,
            is_sound,
        }
    }

    /// Everything that it can be.
    pub(super) fn every(&self) -> Regions {
        match &self.constants {
            None => Rc::new([true; 3]),
            Some(constants) => {
                let (nan, null) = special(constants);
                let is_possible = |region| region != nan || self.may_be_nan;
                (0..=null).map(is_possible).collect()
            }
        }
    }

    /// Where a test of it has one of these outcomes.
    pub(super) fn regions(&self, test: &Test, outcomes: Outcomes) -> Regions {
        let Some(constants) = &self.constants else {
            return Rc::new([outcomes.truth, outcomes.falsity, outcomes.unknown]);
        };
        let (nan, null) = special(constants);
        let place = |constant: &Constant| {
            let place = constants.binary_search(constant);
            2 * place.unwrap_or_default() + 1
        };
        let pick = |holds: bool| {
            if holds {
                outcomes.truth
            } else {
                outcomes.falsity
            }
        };
        let two_valued = |holds: &dyn Fn(usize) -> bool| -> Regions {
            let region = |region| match region {
                _ if region == null => outcomes.unknown,
                _ if region == nan => {
                    pick(matches!(test, Test::Compare(BinaryOperator::NotEqual, _)))
                }
                _ => pick(holds(region)),
            };
            (0..=null).map(region).collect()
        };
        match test {
            Test::Compare(operator, constant) => {
                let at = place(constant);
                two_valued(&|region| holds(*operator, region, at))
            }
            Test::OneOf(values) => {
                let places: BTreeSet<usize> = values.iter().map(place).collect();
                two_valued(&|region| places.contains(&region))
            }
            Test::Null | Test::Holds => (0..=null).map(|region| pick(region == null)).collect(),
        }
    }
}

/// The regions of NaN and NULL.
fn special(constants: &[Constant]) -> (usize, usize) {
    let nan = 2 * constants.len() + 1;
    (nan, nan + 1)
}

fn holds(operator: BinaryOperator, region: usize, at: usize) -> bool {
    match operator {
        BinaryOperator::Equal => region == at,
        BinaryOperator::NotEqual => region != at,
        BinaryOperator::Less => region < at,
        BinaryOperator::LessOrEqual => region <= at,
        BinaryOperator::Greater => region > at,
        BinaryOperator::GreaterOrEqual => region >= at,
        // No comparison; `formula` makes no tests of these.
        BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply => false,
    }
}
