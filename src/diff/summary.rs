//! The last line of `diff`.

use std::fmt;

use serde::Serialize;

use super::{Comparison, Verdict};

/// How many routes differ in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Routes that the other side does not have.
    pub new: usize,
    /// Routes that mean something else, or have other settings.
    pub changed: usize,
    /// Routes that this side does not have, or has disabled.
    pub gone: usize,
    /// Routes without a difference.
    pub unchanged: usize,
    /// Routes that differ in comments alone.
    pub cosmetic: usize,
    /// Routes that differ in layout or spelling alone.
    pub rendering: usize,
    /// Routes whose live SQL cannot be read.
    pub unreadable: usize,
}

impl Summary {
    /// Counts a comparison.
    pub(super) fn of(comparison: &Comparison) -> Self {
        let mut summary = Self::default();
        for route in &comparison.routes {
            let count = match route.verdict {
                Verdict::New => &mut summary.new,
                Verdict::Gone | Verdict::Disabled => &mut summary.gone,
                Verdict::Changed(_) => &mut summary.changed,
                Verdict::Unreadable(_) => &mut summary.unreadable,
                _ if !route.settings.is_empty() => &mut summary.changed,
                Verdict::Cosmetic => &mut summary.cosmetic,
                Verdict::Rendering => &mut summary.rendering,
                Verdict::Unchanged => &mut summary.unchanged,
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
            "Diff: {} new, {} changed, {} gone, {} unchanged",
            self.new, self.changed, self.gone, self.unchanged
        )?;
        let rest = [
            (self.cosmetic, "cosmetic"),
            (self.rendering, "rendering"),
            (self.unreadable, "unreadable"),
        ];
        for (count, word) in rest {
            if count > 0 {
                write!(f, ", {count} {word}")?;
            }
        }
        Ok(())
    }
}
