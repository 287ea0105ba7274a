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
//! | `solve` | values for several conditions at once |

mod border;
mod leaves;
mod place;
mod solve;
mod text;
mod time;

use std::collections::HashMap;

use super::{Json, Sampler, Wishes};
use crate::check::TypedRoute;
use crate::eval::{Row, Scope, evaluate};
use crate::ir::Instant;
use crate::project::source::Source;
use crate::sql::Truth;
use crate::trace;
use border::Candidate;
use leaves::Leaves;
use solve::Solver;

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
    /// The topics of the route that it reaches, without a target's suffix.
    pub topics: Vec<String>,
}

/// A condition that no case makes true, or none makes anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncovered {
    /// The route.
    pub route: String,
    /// The field.
    pub field: String,
    /// What it never is.
    pub never: &'static str,
}

/// The cases of a route, and what they leave out.
#[derive(Debug, Default)]
pub struct Cases {
    /// The cases: those first that reach a topic.
    pub cases: Vec<Case>,
    /// What the schema, or the other conditions, make impossible.
    pub uncovered: Vec<Uncovered>,
}

/// A case to be.
struct Goal {
    about: String,
    wishes: Wishes,
    /// Only what the pivot needs: for where the schema does not allow the rest beside it.
    alone: Option<Wishes>,
}

/// The events of a route: one that reaches each of its topics, then those at the borders of each condition.
pub fn of_route(sampler: &Sampler<'_>, route: &TypedRoute<'_>, aim: Aim<'_>) -> Cases {
    let now = aim.now.unwrap_or_else(|| Instant::from_nanoseconds(NOW));
    let mut found = Cases::default();
    // Each case by what it wishes for; none where that is impossible.
    let mut seen: HashMap<String, Option<usize>> = HashMap::new();
    for sink in &route.sinks {
        let condition = route.rows(sink);
        let leaves = Leaves::of(&condition, sampler.schema, aim);
        let solver = Solver {
            leaves: &leaves,
            source: aim.source,
            now,
        };
        let mut outcomes = vec![(false, false); leaves.all.len()];
        for goal in goals(&solver, aim.wishes) {
            let key = format!("{:?}", goal.wishes);
            if let Some(before) = seen.get(&key) {
                let same = before.and_then(|at| found.cases.get_mut(at));
                if let Some(same) = same.filter(|same| !same.about.contains(&goal.about)) {
                    same.about = format!("{}; {}", same.about, goal.about);
                }
                continue;
            }
            seen.insert(key.clone(), None);
            let stream = (seen.len() as u64) ^ stream_of(&route.route.name.value);
            let grown = sampler.event(&goal.wishes, aim.seed, stream);
            let alone = |_| {
                sampler
                    .event(goal.alone.as_ref().ok_or(())?, aim.seed, stream)
                    .map_err(|_| ())
            };
            let Ok(event) = grown.or_else(alone) else {
                continue;
            };
            let Ok(row) = Row::of_event(aim.source, &event.to_string()) else {
                continue;
            };
            let scope = Scope { row: &row, now };
            for (leaf, outcome) in leaves.all.iter().zip(&mut outcomes) {
                match evaluate(leaf.condition, scope) {
                    Truth::True => outcome.0 = true,
                    Truth::False | Truth::Unknown => outcome.1 = true,
                }
            }
            seen.insert(key, Some(found.cases.len()));
            let topics = trace::reached(route, scope).map(|sink| sink.sink.topic.value.clone());
            found.cases.push(Case {
                route: route.route.name.value.clone(),
                about: goal.about,
                topics: topics.collect(),
                event,
            });
        }
        found.note_uncovered(&route.route.name.value, &leaves, &outcomes);
    }
    found
}

impl Cases {
    fn note_uncovered(&mut self, route: &str, leaves: &Leaves<'_>, outcomes: &[(bool, bool)]) {
        for (leaf, (holds, fails)) in leaves.all.iter().zip(outcomes) {
            for (seen, never) in [(*holds, "true"), (*fails, "false")] {
                let uncovered = Uncovered {
                    route: route.to_owned(),
                    field: leaf.field.clone(),
                    never,
                };
                if !seen && !self.uncovered.contains(&uncovered) {
                    self.uncovered.push(uncovered);
                }
            }
        }
    }
}

/// What to try for a condition.
fn goals(solver: &Solver<'_, '_>, wishes: &Wishes) -> Vec<Goal> {
    let leaves = solver.leaves;
    let base = leaves.framed(wishes.clone());
    let mut goals = Vec::new();
    if let Some(found) = solver.solve(&leaves.wanted(), &base) {
        goals.push(Goal {
            about: "reaches the topic".to_owned(),
            wishes: found,
            alone: None,
        });
    }
    for (index, leaf) in leaves.all.iter().enumerate() {
        let others = leaves.around(index);
        for Candidate { label, wishes } in &leaf.candidates {
            let mut alone = base.clone();
            let mut is_free = true;
            for (path, wish) in wishes {
                is_free &= base.at(path).is_none_or(|other| other == wish);
                alone.set(path.clone(), wish.clone());
            }
            // What the user asks for is not put aside.
            if is_free {
                let together = solver.solve(&others, &alone);
                goals.push(Goal {
                    about: format!("{} {label}", leaf.field),
                    wishes: together.unwrap_or_else(|| alone.clone()),
                    alone: Some(alone),
                });
            }
        }
    }
    goals
}

/// A number for a name: events of a route do not change when another route does.
fn stream_of(name: &str) -> u64 {
    // FNV-1a, which is short; nothing depends on it but that names differ.
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
