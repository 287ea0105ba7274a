//! `unused-allow`: an `allow` for which there is no finding.

use std::collections::HashSet;

use super::Fleet;
use crate::diagnostic::{Code, Diagnostic};
use crate::source_text::Span;

/// Looks at every `allow`; `used` are the places of those that were needed.
pub(super) fn find(fleet: &Fleet<'_>, used: &HashSet<Span>) -> Vec<Diagnostic> {
    let routes = fleet.routes.iter();
    let allows = routes.flat_map(|judged| &judged.typed.route.allow);
    allows
        .filter(|allow| !used.contains(&allow.span))
        .map(|allow| {
            let message = format!("`{}` finds nothing in this route", allow.value);
            let label = "allows nothing";
            Diagnostic::new(Code::UnusedAllow, message, allow.span, label).help("remove this line")
        })
        .collect()
}
