//! What a route allows, with a reason, is not shown.

use std::collections::{HashMap, HashSet};

use super::Fleet;
use crate::diagnostic::{Code, Diagnostic};
use crate::route::Route;
use crate::source_text::{FileId, Span};

/// The findings without those that point into a route which allows them, and the `allow`s that were needed, by
/// their place.
pub(super) fn withhold(
    fleet: &Fleet<'_>,
    found: Vec<Diagnostic>,
) -> (Vec<Diagnostic>, HashSet<Span>) {
    let mut allowing: HashMap<FileId, Vec<&Route>> = HashMap::new();
    for route in fleet.routes.iter().map(|judged| judged.typed.route) {
        if !route.allow.is_empty() {
            allowing.entry(route.span.file).or_default().push(route);
        }
    }
    let mut used = HashSet::new();
    let kept = found.into_iter().filter(|diagnostic| {
        let related = diagnostic.related.iter();
        let places = related.chain([&diagnostic.primary]).map(|label| label.span);
        let allows: Vec<Span> = places
            .flat_map(|place| allows(&allowing, place, diagnostic.code))
            .collect();
        used.extend(&allows);
        allows.is_empty()
    });
    let kept = kept.collect();
    (kept, used)
}

/// Where the routes at a place allow a lint.
fn allows(allowing: &HashMap<FileId, Vec<&Route>>, place: Span, lint: Code) -> Vec<Span> {
    let routes = allowing.get(&place.file).into_iter().flatten();
    routes
        .filter(|route| route.span.range().contains(&place.range().start))
        .flat_map(|route| &route.allow)
        .filter(|allow| allow.value == lint)
        .map(|allow| allow.span)
        .collect()
}
