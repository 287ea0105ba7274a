//! What routes mean: typed conditions over places in a row.
//!
//! [`crate::check`] makes these from the syntax tree and the schemas; they become SQL through
//! [`Condition::lower`] and the operators. To add an operator see [`operator`].

mod decimal;
mod duration;
mod elements;
mod instant;
mod membership;
pub mod operator;
mod pattern;
mod place;
mod projection;
mod subject;
mod time_of_day;
mod value;

pub use decimal::{Decimal, DecimalError};
pub use duration::{Lookback, LookbackError};
pub use elements::{AnyElement, SomeText};
pub use instant::{Instant, InstantError};
pub use pattern::{Pattern, PatternError};
pub use place::{Access, Place, Step};
pub use projection::{METADATA, Projected, Projection};
pub(crate) use projection::{number_type, strict};
pub use subject::Subject;
pub use time_of_day::{TimeOfDay, TimeOfDayError, TimeOfDayPart};
pub use value::{EpochUnit, InstantForm, Value, ValueType};

use crate::source_text::Span;
use crate::sql::{self, Expr};
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
    /// Some element of an array has one of some texts.
    SomeText(SomeText),
    /// Some element of an array satisfies a condition.
    AnyElement(AnyElement),
}

/// Where in a file a condition stands, and what it says there of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The path, or the column of the guard.
    pub path: String,
    /// What follows it there, in one line: operator and operand.
    pub test: String,
    /// The place of the path.
    pub span: Span,
    /// The place of the operand; that of the path where there is none.
    pub operand: Span,
}

/// One test of one field.
#[derive(Debug, Clone)]
pub struct Test {
    /// Where it is written.
    pub origin: Origin,
    /// The field.
    pub subject: Subject,
    /// The operator.
    pub operator: &'static Operator,
    /// The operator with its operand.
    pub predicate: Predicate,
}

/// Whether a condition counts as it is, or under an odd number of `not`s. Both mean the same where the
/// condition is true or false; some spellings tell false from unknown only at a price that pays under `not`
/// alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Polarity {
    Positive,
    Negative,
}

impl Polarity {
    pub(crate) fn flipped(self) -> Self {
        match self {
            Self::Positive => Self::Negative,
            Self::Negative => Self::Positive,
        }
    }
}

impl Condition {
    /// Each of these, without those that say nothing and without an `all` in the `all`.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for condition in conditions {
            match condition {
                Self::Always => {}
                Self::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::Always,
            _ => Self::All(flat),
        }
    }

    /// The condition as SQL; `None` where it holds for every event. Cheap tests come first, which
    /// changes no meaning: AND and OR are commutative in three-valued logic and nothing generated fails.
    /// Flink's planner comes to an end with it.
    pub fn lower(&self) -> Option<Expr> {
        self.lower_within(Polarity::Positive).map(sql::shielded)
    }

    fn lower_within(&self, polarity: Polarity) -> Option<Expr> {
        let each = |conditions| cheapest_first(conditions, polarity);
        match self {
            Self::Always => None,
            Self::All(conditions) => Some(Expr::all(each(conditions))),
            Self::Any(conditions) => Some(Expr::any(each(conditions))),
            Self::Not(condition) => condition
                .lower_within(polarity.flipped())
                .map(|inner| !inner),
            Self::Test(test) => Some(test.predicate.lower(&test.subject)),
            Self::SomeText(some) => Some(some.lower()),
            Self::AnyElement(any) => Some(any.lower(polarity)),
        }
    }

    /// Whether it has no condition inside.
    pub fn is_leaf(&self) -> bool {
        matches!(self, Self::Always | Self::Test(_) | Self::SomeText(_))
    }

    /// How many extractions from documents the condition needs at most: they are what costs.
    fn extractions(&self) -> usize {
        match self {
            Self::Always => 0,
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().map(Self::extractions).sum()
            }
            Self::Not(condition) => condition.extractions(),
            Self::Test(test) => {
                usize::from(test.subject.is_in_document()) + test.predicate.extractions()
            }
            Self::SomeText(some) => some.extractions(),
            Self::AnyElement(any) => any.extractions(),
        }
    }
}

fn cheapest_first(conditions: &[Condition], polarity: Polarity) -> Vec<Expr> {
    let mut ordered: Vec<&Condition> = conditions.iter().collect();
    ordered.sort_by_key(|condition| condition.extractions());
    let ordered = ordered.into_iter();
    ordered
        .filter_map(|condition| condition.lower_within(polarity))
        .collect()
}
