//! `unhandled-event-type`: a type of event that no route takes.

use std::collections::HashSet;

use super::Fleet;
use crate::check::{Context, event_type};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::project::source::{EventType, Source};

/// Looks at the sources that say which field is the type of an event.
pub(super) fn find(fleet: &Fleet<'_>, findings: &mut Findings) {
    for source in fleet.workspace.project.sources.values() {
        let schema = fleet.workspace.schemas.get(&source.name.value);
        let (Some(schema), Some(declared)) = (schema, &source.event.event_type) else {
            continue;
        };
        let context = Context { source, schema };
        // What is wrong with the declaration is reported where it is checked.
        if let Ok(known) = event_type::resolve(&context, declared) {
            let types = known.types.iter().map(String::as_str);
            let handled = handled(fleet, source, &known);
            judge(declared, types, &handled, findings);
        }
    }
}

/// The types that some enabled route can take.
fn handled<'k>(
    fleet: &Fleet<'_>,
    source: &Source,
    known: &'k event_type::Known,
) -> HashSet<&'k str> {
    let mut handled = HashSet::new();
    for (judged, sink) in fleet.running() {
        if handled.len() == known.types.len() {
            break;
        }
        if std::ptr::eq(judged.typed.source, source)
            && let Some(facts) = judged.facts(sink)
        {
            let possible = facts.values(&known.subject);
            let types = known.types.iter().map(String::as_str);
            handled.extend(types.filter(|name| possible.has_text(name)));
        }
    }
    handled
}

fn judge<'k>(
    declared: &EventType,
    types: impl Iterator<Item = &'k str>,
    handled: &HashSet<&str>,
    findings: &mut Findings,
) {
    let is_meant = |name: &str| declared.unhandled.iter().any(|one| one.value == name);
    let open = types.filter(|name| !handled.contains(name) && !is_meant(name));
    let open: Vec<String> = open.map(|name| format!("`{name}`")).collect();
    if !open.is_empty() {
        let message = format!("no enabled route takes events of type {}", open.join(", "));
        let span = declared.path.span;
        findings.push(
            Diagnostic::new(
                Code::UnhandledEventType,
                message,
                span,
                "its values are the types",
            )
            .help("add a route, or say why not beside `type`: `unhandled: {<type>: <reason>}`"),
        );
    }
    for name in declared
        .unhandled
        .iter()
        .filter(|name| handled.contains(name.value.as_str()))
    {
        let message = format!("events of type `{}` are routed", name.value);
        let problem = Diagnostic::new(Code::UnusedAllow, message, name.span, "not unhandled");
        findings.push(problem.help("remove this line"));
    }
}
