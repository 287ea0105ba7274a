//! What routes mean: typed conditions over places in a row.
//!
//! [`crate::check`] makes these from the syntax tree and the schemas; they become SQL through
//! [`Condition::lower`] and the operators. To add an operator see [`operator`].

mod decimal;
mod duration;
mod instant;
pub mod operator;
mod pattern;
mod place;
mod subject;
mod time_of_day;
mod value;

pub use decimal::{Decimal, DecimalError};
pub use duration::{Lookback, LookbackError};
pub use instant::{Instant, InstantError};
pub use pattern::{Pattern, PatternError};
pub use place::{Access, Place, Step};
pub use subject::Subject;
pub use time_of_day::{TimeOfDay, TimeOfDayError, TimeOfDayPart};
pub use value::{EpochUnit, InstantForm, Value, ValueType};

use crate::sql::Expr;
use operator::{Operator, Predicate};

/// A condition whose every part has a type.
#[derive(Debug, Clone)]
pub enum Condition {
    /// Every event.
    Always,
    /// Each of these; never empty.
    All(Vec<Self>),
    /// At least one of these; never empty.
    Any(Vec<Self>),
    /// Not this; unknown stays unknown.
    Not(Box<Self>),
    /// One test of one field.
    Test(Test),
}

/// One test of one field.
#[derive(Debug, Clone)]
pub struct Test {
    /// The field.
    pub subject: Subject,
    /// The operator.
    pub operator: &'static Operator,
    /// The operator with its operand.
    pub predicate: Predicate,
}

impl Condition {
    /// The condition as SQL; `None` where it holds for every event. Cheap tests come first, which
    /// changes no meaning: AND and OR are commutative in three-valued logic and nothing generated fails.
    pub fn lower(&self) -> Option<Expr> {
        match self {
            Self::Always => None,
            Self::All(conditions) => Some(Expr::all(cheapest_first(conditions))),
            Self::Any(conditions) => Some(Expr::any(cheapest_first(conditions))),
            Self::Not(condition) => condition.lower().map(|inner| !inner),
            Self::Test(test) => Some(test.predicate.lower(&test.subject)),
        }
    }

    /// How many extractions from the document the condition needs at most: they are what costs.
    fn extractions(&self) -> usize {
        match self {
            Self::Always => 0,
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().map(Self::extractions).sum()
            }
            Self::Not(condition) => condition.extractions(),
            Self::Test(test) => usize::from(test.subject.is_in_document()),
        }
    }
}

fn cheapest_first(conditions: &[Condition]) -> Vec<Expr> {
    let mut ordered: Vec<&Condition> = conditions.iter().collect();
    ordered.sort_by_key(|condition| condition.extractions());
    ordered.into_iter().filter_map(Condition::lower).collect()
}
