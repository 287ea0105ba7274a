//! The last line of `plan` and `apply`.

use std::fmt;

use serde::Serialize;

use super::{Action, Plan};

/// How many routes each action concerns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// First deployments.
    pub create: usize,
    /// Replacements.
    pub replace: usize,
    /// Changes of pool or principal.
    pub update: usize,
    /// Resumptions.
    pub resume: usize,
    /// Deletions of routes that are no more, where they were asked for.
    pub delete: usize,
    /// Routes that are as they should be.
    pub unchanged: usize,
    /// Statements of disabled routes that run.
    pub stop: usize,
    /// New beginnings.
    pub restart: usize,
    /// Routes that wait for the service or for a human.
    pub blocked: usize,
    /// Routes that run twice.
    pub conflicts: usize,
    /// Routes that are as they should be and not healthy.
    pub unhealthy: usize,
    /// Routes that are no more, whose deletion was not asked for.
    pub orphaned: usize,
    /// Routes that the command is not about.
    pub not_selected: usize,
}

impl Summary {
    /// Counts a plan.
    pub(super) fn of(plan: &Plan) -> Self {
        let mut summary = Self {
            not_selected: plan.not_selected,
            ..Self::default()
        };
        for entry in &plan.entries {
            let count = match entry.decision.action {
                Action::Create => &mut summary.create,
                Action::Replace => &mut summary.replace,
                Action::Update => &mut summary.update,
                Action::Resume => &mut summary.resume,
                Action::Restart => &mut summary.restart,
                Action::Stop => &mut summary.stop,
                Action::Delete => &mut summary.delete,
                Action::Orphaned => &mut summary.orphaned,
                Action::Keep => &mut summary.unchanged,
                Action::Unhealthy => &mut summary.unhealthy,
                Action::Wait | Action::Blocked => &mut summary.blocked,
                Action::Conflict => &mut summary.conflicts,
            };
            *count += 1;
        }
        summary
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Plan: {} to create, {} to replace, {} to update, {} to resume, {} to delete, {} unchanged",
            self.create, self.replace, self.update, self.resume, self.delete, self.unchanged
        )?;
        let rest = [
            (self.stop, "to stop"),
            (self.restart, "to restart"),
            (self.blocked, "blocked"),
            (
                self.conflicts,
                if self.conflicts == 1 {
                    "conflict"
                } else {
                    "conflicts"
                },
            ),
            (self.unhealthy, "unhealthy"),
            (self.orphaned, "orphaned"),
            (self.not_selected, "not selected"),
        ];
        for (count, word) in rest {
            if count > 0 {
                write!(f, ", {count} {word}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_stable_and_names_the_unusual_only_where_there_is_some() {
        let quiet = Summary {
            unchanged: 497,
            ..Summary::default()
        };
        insta::assert_snapshot!(quiet, @"Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 497 unchanged");
        let busy = Summary {
            create: 2,
            stop: 1,
            blocked: 3,
            orphaned: 4,
            ..quiet
        };
        insta::assert_snapshot!(busy, @"Plan: 2 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 497 unchanged, 1 to stop, 3 blocked, 4 orphaned");
        let torn = Summary {
            conflicts: 1,
            ..Summary::default()
        };
        insta::assert_snapshot!(torn, @"Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 1 conflict");
    }
}
