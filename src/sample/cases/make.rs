//! Makes the cases of a condition, and looks what they cover.

use std::collections::HashMap;

use super::border::Candidate;
use super::leaves::Leaves;
use super::solve::Solver;
use super::{Aim, Case, Cases, Gap, GapKind};
use crate::check::TypedRoute;
use crate::eval::{Row, Scope, evaluate};
use crate::ir::Instant;
use crate::sample::{Json, Sampler, Wish, Wishes};
use crate::sql::Truth;
use crate::trace;

/// So many ordinary events are searched for what no border shows.
const SEARCHED: usize = 64;

/// A case to be.
struct Goal {
    about: String,
    wishes: Wishes,
    /// Only what the pivot needs: for where the schema does not allow the rest beside it.
    alone: Option<Wishes>,
}

/// Makes the cases of a route.
pub(super) struct Maker<'m> {
    sampler: &'m Sampler<'m>,
    route: &'m TypedRoute<'m>,
    aim: Aim<'m>,
    now: Instant,
    /// Each case by what it wishes for; none where that is impossible.
    seen: HashMap<String, Option<usize>>,
    streams: u64,
    made: Cases,
}

/// Whether a condition was true, and whether it was anything else.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    holds: bool,
    fails: bool,
}

impl<'m> Maker<'m> {
    pub(super) fn new(
        sampler: &'m Sampler<'m>,
        route: &'m TypedRoute<'m>,
        aim: Aim<'m>,
        now: Instant,
    ) -> Self {
        Self {
            sampler,
            route,
            aim,
            now,
            seen: HashMap::new(),
            streams: 0,
            made: Cases::default(),
        }
    }

    /// What was made.
    pub(super) fn finish(self) -> Cases {
        self.made
    }

    /// Makes the cases of a condition.
    pub(super) fn cover(&mut self, leaves: &Leaves<'_>) {
        let solver = Solver {
            leaves,
            source: self.aim.source,
            now: self.now,
        };
        let mut outcomes = vec![Seen::default(); leaves.all.len()];
        for goal in goals(&solver, self.aim.wishes) {
            self.make(goal, leaves, &mut outcomes);
        }
        for index in 0..leaves.all.len() {
            self.search(index, &solver, &mut outcomes);
        }
        let gap = |field: &str, kind| Gap {
            route: self.route.route.name.value.clone(),
            field: field.to_owned(),
            kind,
        };
        let mut gaps = Vec::new();
        for (leaf, seen) in leaves.all.iter().zip(&outcomes) {
            if !seen.holds {
                gaps.push(gap(&leaf.field, GapKind::NeverTrue));
            }
            if !seen.fails {
                gaps.push(gap(&leaf.field, GapKind::AlwaysTrue));
            }
        }
        let outside = leaves.outside.iter();
        gaps.extend(outside.map(|field| gap(field, GapKind::NotInEvents)));
        gaps.retain(|gap| !self.made.gaps.contains(gap));
        self.made.gaps.extend(gaps);
    }

    /// Makes a case, unless it is impossible or there already.
    fn make(&mut self, goal: Goal, leaves: &Leaves<'_>, outcomes: &mut [Seen]) {
        let key = format!("{:?}", goal.wishes);
        if let Some(before) = self.seen.get(&key) {
            let same = before.and_then(|at| self.made.cases.get_mut(at));
            if let Some(same) = same.filter(|same| !same.about.contains(&goal.about)) {
                same.about = format!("{}; {}", same.about, goal.about);
            }
            return;
        }
        let stream = self.stream();
        self.seen.insert(key.clone(), None);
        let grown = self.sampler.event(&goal.wishes, self.aim.seed, stream).ok();
        let alone = || {
            let alone = goal.alone.as_ref()?;
            self.sampler.event(alone, self.aim.seed, stream).ok()
        };
        if let Some(event) = grown.or_else(alone)
            && self.keep(event, goal.about, leaves, outcomes)
        {
            self.seen.insert(key, Some(self.made.cases.len() - 1));
        }
    }

    /// Another stream for each case, which does not change when another route does.
    fn stream(&mut self) -> u64 {
        self.streams += 1;
        // FNV-1a, which is short; nothing depends on it but that names differ.
        let name = self.route.route.name.value.bytes();
        let name = name.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        name ^ self.streams
    }

    /// Adds a case, if its event is a row of the source at all.
    fn keep(
        &mut self,
        event: Json,
        about: String,
        leaves: &Leaves<'_>,
        outcomes: &mut [Seen],
    ) -> bool {
        let Ok(row) = Row::of_event(self.aim.source, &event.to_string()) else {
            return false;
        };
        let now = self.now;
        let scope = Scope { row: &row, now };
        for (leaf, seen) in leaves.all.iter().zip(outcomes) {
            match evaluate(leaf.condition, scope) {
                Truth::True => seen.holds = true,
                Truth::False | Truth::Unknown => seen.fails = true,
            }
        }
        let topics = trace::reached(self.route, scope).filter(|_| self.route.route.enabled);
        let topics = topics.map(|sink| sink.sink.topic.value.clone());
        self.made.cases.push(Case {
            route: self.route.route.name.value.clone(),
            topics: topics.collect(),
            about,
            event,
        });
        true
    }

    /// Looks among ordinary events for one that makes a condition what no border could: where the schema has a pattern
    /// of its own, most texts at the borders of a condition are none of its texts.
    fn search(&mut self, index: usize, solver: &Solver<'_, '_>, outcomes: &mut [Seen]) {
        let leaves = solver.leaves;
        let leaf = &leaves.all[index];
        if leaf.is_listed {
            return;
        }
        let base = leaves.framed(self.aim.wishes.clone());
        let mut wishes = solver.solve(&leaves.around(index), &base).unwrap_or(base);
        for (path, _) in leaf
            .candidates
            .iter()
            .flat_map(|candidate| &candidate.wishes)
        {
            if wishes.at(path).is_none() {
                wishes.set(path.clone(), Wish::Present);
            }
        }
        for _ in 0..SEARCHED {
            let seen = outcomes[index];
            if seen.holds && seen.fails {
                return;
            }
            let stream = self.stream();
            let Ok(event) = self.sampler.event(&wishes, self.aim.seed, stream) else {
                return;
            };
            let row = Row::of_event(self.aim.source, &event.to_string());
            let now = self.now;
            let holds = row
                .is_ok_and(|row| evaluate(leaf.condition, Scope { row: &row, now }) == Truth::True);
            if (holds && !seen.holds) || (!holds && !seen.fails) {
                let is = if holds {
                    "satisfies"
                } else {
                    "does not satisfy"
                };
                let about = format!("{} {is} `{}`", leaf.field, leaf.operator);
                self.keep(event, about, leaves, outcomes);
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
            about: "every condition holds".to_owned(),
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
