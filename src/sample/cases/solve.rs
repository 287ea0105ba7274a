//! Values that make several conditions true or false at once.

use super::leaves::{Leaves, Wanted};
use crate::eval::{Row, Scope, evaluate};
use crate::ir::Instant;
use crate::project::source::Source;
use crate::sample::wish::Wishes;
use crate::sql::Truth;

/// So many combinations are tried.
const MOST_TRIES: usize = 2_000;

/// Finds values for leaves.
pub(super) struct Solver<'l, 'c> {
    pub(super) leaves: &'l Leaves<'c>,
    pub(super) source: &'l Source,
    pub(super) now: Instant,
}

impl Solver<'_, '_> {
    /// What to wish for beside `base` so that each leaf is as wanted.
    pub(super) fn solve(&self, wanted: &Wanted, base: &Wishes) -> Option<Wishes> {
        let mut left = MOST_TRIES;
        self.extend(wanted, 0, base, base, &mut left)
    }

    fn extend(
        &self,
        wanted: &Wanted,
        next: usize,
        base: &Wishes,
        wishes: &Wishes,
        left: &mut usize,
    ) -> Option<Wishes> {
        let Some(&(leaf, _)) = wanted.get(next) else {
            return Some(wishes.clone());
        };
        let so_far = &wanted[..=next];
        if self.are(so_far, wishes) {
            return self.extend(wanted, next + 1, base, wishes, left);
        }
        let paths = self.leaves.all[leaf].candidates.first()?;
        let paths: Vec<_> = paths.wishes.iter().map(|(path, _)| path).collect();
        let same_field = self
            .leaves
            .all
            .iter()
            .enumerate()
            .filter(|(other, candidate)| {
                let fields = candidate.candidates.iter().flat_map(|one| &one.wishes);
                *other == leaf || fields.into_iter().any(|(path, _)| paths.contains(&path))
            });
        // The border of a neighbour on the same field may be what satisfies both.
        let candidates = same_field.flat_map(|(_, other)| &other.candidates);
        for candidate in candidates {
            *left = left.checked_sub(1)?;
            let mut more = wishes.clone();
            let mut is_free = true;
            for (path, wish) in &candidate.wishes {
                is_free &= base.at(path).is_none_or(|fixed| fixed == wish);
                more.set(path.clone(), wish.clone());
            }
            if is_free
                && self.are(so_far, &more)
                && let Some(found) = self.extend(wanted, next + 1, base, &more, left)
            {
                return Some(found);
            }
        }
        None
    }

    /// Whether leaves are as wanted where just this stands in the event.
    fn are(&self, wanted: &[(usize, bool)], wishes: &Wishes) -> bool {
        let text = wishes.skeleton().to_string();
        let Ok(row) = Row::of_event(self.source, &text) else {
            return false;
        };
        let scope = Scope {
            row: &row,
            now: self.now,
        };
        wanted.iter().all(|(leaf, value)| {
            let outcome = evaluate(self.leaves.all[*leaf].condition, scope);
            outcome == Truth::from(*value)
        })
    }
}
