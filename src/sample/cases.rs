//! Cases of routes: events at the borders of every condition.
//!
//! A case puts a value at the border of one condition, the *pivot*, while the other conditions are as they must be
//! for the pivot to decide: under an `all` the others are true, under an `any` false. (Testers know this as modified
//! condition/decision coverage.) What the values make of a condition is not worked out here but asked of
//! [`eval`](crate::eval), so that the two cannot disagree.
//!
//! | module | concept |
//! | --- | --- |
//! | `leaves` | a condition as a tree, with what its parts need |
//! | `border` | values at the borders of a test |
//! | `text`, `time` | those of texts, and of instants |
//! | `place` | the field of the document behind a place in a row |
//! | `make` | the events, and what they cover |
//! | `solve` | values for several conditions at once |

mod border;
mod leaves;
mod make;
mod place;
mod solve;
mod text;
mod time;

use std::fmt;

use super::{Json, Sampler, Wishes};
use crate::check::TypedRoute;
use crate::ir::{Condition, Instant};
use crate::project::source::Source;
use leaves::Leaves;
use make::Maker;

/// When events are taken to be read where nobody says.
const NOW: i128 = 1_750_000_000_000_000_000;

/// What cases are made for.
#[derive(Debug, Clone, Copy)]
pub struct Aim<'a> {
    /// The source.
    pub source: &'a Source,
    /// What every event is to hold.
    pub wishes: &'a Wishes,
    /// Events are the same for the same seed.
    pub seed: u64,
    /// What `withinLast` takes for the present; without it there are no cases near its border.
    pub now: Option<Instant>,
}

/// An event for a case.
#[derive(Debug, Clone)]
pub struct Case {
    /// The route.
    pub route: String,
    /// What is special about the event.
    pub about: String,
    /// The event.
    pub event: Json,
    /// The topics of the route that it reaches, without a target's suffix; none where the route is disabled.
    pub topics: Vec<String>,
}

/// What the cases of a route leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The route.
    pub route: String,
    /// The field of the condition.
    pub field: String,
    /// Why.
    pub kind: GapKind,
}

/// Why a condition is not covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapKind {
    /// No event makes it true.
    NeverTrue,
    /// No event makes it anything but true.
    AlwaysTrue,
    /// It is about a column that holds nothing of the event document.
    NotInEvents,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (route, field) = (&self.route, &self.field);
        match self.kind {
            GapKind::NeverTrue => {
                write!(f, "{route}: no event makes the condition on `{field}` true")
            }
            GapKind::AlwaysTrue => write!(
                f,
                "{route}: no event makes the condition on `{field}` false"
            ),
            GapKind::NotInEvents => {
                write!(f, "{route}: events hold nothing of the column `{field}`")
            }
        }
    }
}

/// The cases of a route, and what they leave out.
#[derive(Debug, Default)]
pub struct Cases {
    /// The cases: those first that reach a topic.
    pub cases: Vec<Case>,
    /// What the schema, or the other conditions, make impossible.
    pub gaps: Vec<Gap>,
}

/// The events of a route: one that reaches each of its topics, then those at the borders of each condition.
pub fn of_route(sampler: &Sampler<'_>, route: &TypedRoute<'_>, aim: Aim<'_>) -> Cases {
    let now = aim.now.unwrap_or_else(|| Instant::from_nanoseconds(NOW));
    let mut maker = Maker::new(sampler, route, aim, now);
    for sink in &route.sinks {
        let condition = Condition::all([route.condition.clone(), sink.condition.clone()]);
        let leaves = Leaves::of(&condition, sampler.schema, aim);
        maker.cover(&leaves);
    }
    maker.finish()
}
