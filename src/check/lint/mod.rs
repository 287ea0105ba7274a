//! Lints: what the language allows and is most likely not meant.
//!
//! They look at routes that have types. A lint's findings are warnings, unless the project sets another level
//! for it (`lints`) or the route that they point into allows them with a reason (`allow`). To add one: a row
//! in [`crate::diagnostic::code`], a file here, a line in [`ALL`], one in the reference, and its examples in
//! `tests/diagnostics`.

mod allowed;
mod always_false;
mod always_true;
mod identical_routes;
mod no_key;
mod pattern_matches_nothing;
mod possible;
mod shadowed_route;
mod undeclared_mirror;
mod unhandled_event_type;
mod unread_file;
mod unused_allow;

use std::collections::HashMap;

use super::{TypedRoute, TypedSink};
use crate::diagnostic::Findings;
use crate::parallel;
use crate::source_text::FileId;
use crate::workspace::Workspace;
use possible::{Declarations, Domain, Facts, Verdict, judge};

/// What lints look at.
struct Fleet<'c> {
    workspace: &'c Workspace,
    /// The routes without errors.
    routes: Vec<Judged<'c>>,
}

/// A route with what is known of its conditions.
struct Judged<'c> {
    typed: &'c TypedRoute<'c>,
    /// What the fields of its source can hold.
    domain: &'c Domain<'c>,
    verdicts: Vec<Verdict<'c>>,
}

impl<'c> Fleet<'c> {
    /// The sinks that events are written to, with their routes.
    fn running(&self) -> impl Iterator<Item = (&Judged<'c>, &'c TypedSink<'c>)> {
        let routes = self.routes.iter();
        let enabled = routes.filter(|judged| judged.typed.route.enabled);
        enabled.flat_map(|judged| judged.typed.sinks.iter().map(move |sink| (judged, sink)))
    }
}

impl<'c> Judged<'c> {
    fn new(typed: &'c TypedRoute<'c>, domain: &'c Domain<'c>) -> Self {
        Self {
            typed,
            domain,
            verdicts: judge(&Facts::new(domain), typed),
        }
    }

    /// What is known of an event that reaches a sink; nothing where none does.
    fn facts(&self, sink: &'c TypedSink<'c>) -> Option<Facts<'c>> {
        let mut facts = Facts::new(self.domain);
        facts.assume_routed(self.typed, sink).ok().map(|()| facts)
    }
}

/// How much a lint has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Each route by itself.
    Route,
    /// All of them: nothing is certain where one has errors.
    Fleet,
}

struct Lint {
    scope: Scope,
    find: fn(&Fleet<'_>, &mut Findings),
}

/// All lints but [`unused_allow`], which looks at what became of the findings of these.
static ALL: &[Lint] = &[
    Lint::of(Scope::Route, always_false::find),
    Lint::of(Scope::Route, always_true::find),
    Lint::of(Scope::Route, pattern_matches_nothing::find),
    Lint::of(Scope::Fleet, identical_routes::find),
    Lint::of(Scope::Fleet, shadowed_route::find),
    Lint::of(Scope::Fleet, unhandled_event_type::find),
    Lint::of(Scope::Fleet, undeclared_mirror::find),
    Lint::of(Scope::Route, no_key::find),
    Lint::of(Scope::Route, unread_file::find),
];

impl Lint {
    const fn of(scope: Scope, find: fn(&Fleet<'_>, &mut Findings)) -> Self {
        Self { scope, find }
    }
}

/// Looks at the routes that have types; with what is wrong so far.
pub(super) fn check(workspace: &Workspace, routes: &[TypedRoute<'_>], findings: &mut Findings) {
    let complete = !findings.has_errors();
    let routes = sound(routes, findings);
    let declarations = Declarations::of(workspace, &routes);
    let domains = declarations.domains();
    let mut found = Findings::default();
    let judged = parallel::filter_map(&routes, &mut found, |typed, _| {
        let domain = domains.get(typed.source.name.value.as_str())?;
        Some(Judged::new(typed, domain))
    });
    let fleet = Fleet {
        workspace,
        routes: judged,
    };
    for lint in ALL {
        if complete || lint.scope == Scope::Route {
            (lint.find)(&fleet, &mut found);
        }
    }
    let (mut kept, used) = allowed::withhold(&fleet, found.into_unsorted());
    if complete {
        kept.extend(unused_allow::find(&fleet, &used));
    }
    let levels = &workspace.project.lints;
    findings.extend(kept.into_iter().filter_map(|mut diagnostic| {
        diagnostic.severity = levels.of(diagnostic.code).severity()?;
        Some(diagnostic)
    }));
}

/// The routes that no error points into.
fn sound<'c>(routes: &'c [TypedRoute<'c>], findings: &Findings) -> Vec<&'c TypedRoute<'c>> {
    let mut errors: HashMap<FileId, Vec<usize>> = HashMap::new();
    for place in findings.errors().map(|error| error.primary.span) {
        let starts = errors.entry(place.file).or_default();
        starts.push(place.range().start);
    }
    let is_sound = |typed: &&TypedRoute<'_>| {
        let route = typed.route.span;
        let mut starts = errors.get(&route.file).into_iter().flatten();
        !starts.any(|start| route.range().contains(start))
    };
    routes.iter().filter(is_sound).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn every_lint_has_a_row_a_line_and_a_file() {
        let rows = Code::lints();
        assert_eq!(rows.len(), ALL.len() + 1);
        for name in rows {
            let file = format!("src/check/lint/{}.rs", name.replace('-', "_"));
            let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            assert!(file.is_file(), "{}", file.display());
            let reference = include_str!("../../../REFERENCE.md");
            assert!(reference.contains(&format!("| `{name}` |")), "{name}");
        }
    }
}
