//! Tests made ready to run: names resolved, events read, rows built.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::syntax::{Case, EventInput, ExpectedTopic, Scope, Suite};
use super::{events, inline};
use crate::check::TypedRoute;
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::eval::{Json, Row, RowError};
use crate::project;
use crate::project::source::Source;
use crate::schema::Validator;
use crate::source_text::{Span, Spanned};
use crate::workspace::Workspace;

/// A test that can run.
#[derive(Debug)]
pub struct Prepared<'r, 'w> {
    /// The test as written.
    pub case: &'w Case,
    /// The routes that it is about.
    pub routes: Vec<&'r TypedRoute<'w>>,
    /// The rows that come in, each with the name of its event.
    pub rows: Vec<(String, Row)>,
}

/// Prepares every test of a project. Those that cannot run are left out, with findings; without any, those of routes
/// that have findings of their own.
pub fn prepare<'r, 'w>(
    workspace: &'w Workspace,
    routes: &'r [TypedRoute<'w>],
    findings: &mut Findings,
) -> Vec<Prepared<'r, 'w>> {
    let preparation = Preparation {
        workspace,
        root: &workspace.project.root,
        by_name: routes
            .iter()
            .map(|route| (route.route.name.value.as_str(), route))
            .collect(),
        is_whole: !findings.has_errors(),
        validators: validators(workspace),
    };
    let mut prepared = Vec::new();
    for route in routes {
        for case in &route.route.tests {
            prepared.extend(preparation.case(case, route.source, vec![route], findings));
        }
    }
    for suite in &workspace.suites {
        let Some((source, routes)) = preparation.scope(suite, routes, findings) else {
            continue;
        };
        for case in &suite.cases {
            prepared.extend(preparation.case(case, source, routes.clone(), findings));
        }
    }
    prepared
}

struct Preparation<'r, 'w> {
    workspace: &'w Workspace,
    root: &'w Utf8Path,
    by_name: BTreeMap<&'w str, &'r TypedRoute<'w>>,
    /// Whether all routes are known. A topic that none of them writes may otherwise be that of a broken one.
    is_whole: bool,
    /// Those of the sources whose schemas can be used: to make one takes longer than to run a test.
    validators: BTreeMap<&'w str, Validator>,
}

fn validators(workspace: &Workspace) -> BTreeMap<&str, Validator> {
    let schemas = workspace.schemas.iter();
    let validators = schemas.filter_map(|(source, schema)| {
        let validator = schema.schema.validator().ok()?;
        Some((source.as_str(), validator))
    });
    validators.collect()
}

impl<'r, 'w> Preparation<'r, 'w> {
    /// The source of a suite, and those of its routes that it is about: none where all are disabled.
    fn scope(
        &self,
        suite: &'w Suite,
        routes: &'r [TypedRoute<'w>],
        findings: &mut Findings,
    ) -> Option<(&'w Source, Vec<&'r TypedRoute<'w>>)> {
        match &suite.scope {
            Scope::Routes(names) => {
                let found: Vec<_> = names
                    .iter()
                    .map(|name| findings.note(self.route(name)).flatten())
                    .collect();
                let found: Vec<_> = found.into_iter().collect::<Option<_>>()?;
                findings.note(one_source(&found, names))?;
                let source = found.first()?.source;
                Some((source, found))
            }
            Scope::Source(named) => {
                let source = findings.note(self.source(named.as_ref(), suite.span))?;
                let of_source = routes.iter().filter(|route| {
                    route.route.enabled && route.source.name.value == source.name.value
                });
                Some((source, of_source.collect()))
            }
        }
    }

    /// A route by its name; nothing where it has findings of its own.
    fn route(&self, name: &Spanned<String>) -> Result<Option<&'r TypedRoute<'w>>, Diagnostic> {
        if let Some(route) = self.by_name.get(name.value.as_str()) {
            return Ok(Some(route));
        }
        let all = self.workspace.routes.iter();
        let known: Vec<_> = all.map(|route| route.name.value.as_str()).collect();
        if known.contains(&name.value.as_str()) {
            return Ok(None);
        }
        let message = format!("there is no route `{}`", name.value);
        Err(
            Diagnostic::new(Code::UnknownRoute, message, name.span, "no such route")
                .help_if(did_you_mean(&name.value, &known)),
        )
    }

    fn source(
        &self,
        named: Option<&Spanned<String>>,
        suite: Span,
    ) -> Result<&'w Source, Diagnostic> {
        let project = &self.workspace.project;
        let default = project.defaults.source.as_ref();
        match (named.or(default), project.sources.len()) {
            (Some(name), _) => project
                .sources
                .get(&name.value)
                .ok_or_else(|| project::unknown_source(project, name)),
            (None, 1) => Ok(&project.sources[0]),
            (None, _) => {
                let message = "these tests do not say whose events they are about";
                Err(
                    Diagnostic::new(Code::MissingKey, message, suite, "no `source`")
                        .help("add `source: <source>`, or `routes: [...]`"),
                )
            }
        }
    }

    fn case(
        &self,
        case: &'w Case,
        source: &'w Source,
        routes: Vec<&'r TypedRoute<'w>>,
        findings: &mut Findings,
    ) -> Option<Prepared<'r, 'w>> {
        let known = findings.len();
        let unknown = unknown_topics(case, &routes);
        if !unknown.is_empty() && !self.is_whole {
            return None;
        }
        findings.extend(unknown);
        for entry in case.expected.iter().flat_map(ExpectedTopic::entries) {
            findings.note(inline::json(&entry.value));
        }
        let texts = findings.note(events::texts(&case.input, self.root))?;
        let rows = findings.note(rows(case, source, texts.as_deref()))?;
        let name = source.name.value.as_str();
        if let (Some(schema), Some(validator)) =
            (self.workspace.schemas.get(name), self.validators.get(name))
        {
            let texts = texts.iter().flatten();
            let mistakes = texts.filter_map(|(name, text)| {
                events::mistake(
                    (schema, validator),
                    case,
                    name,
                    events::document(source, text)?.as_ref(),
                )
            });
            findings.extend(mistakes.collect::<Vec<_>>());
        }
        (findings.len() == known).then_some(Prepared { case, routes, rows })
    }
}

/// The rows of a test, from the texts of its events.
fn rows(
    case: &Case,
    source: &Source,
    texts: Option<&[(String, String)]>,
) -> Result<Vec<(String, Row)>, Diagnostic> {
    let columns = case.input.row.as_ref();
    let columns = columns
        .map(|node| Ok((Json::read(&inline::json(node)?), node)))
        .transpose()?;
    let lay_over = |row: Row| match &columns {
        Some((Some(json), node)) => row
            .with_columns(source, json)
            .map_err(|error| no_row(&error, node.at_pointer(&error.pointer()))),
        Some((None, _)) | None => Ok(row),
    };
    let Some(texts) = texts else {
        let row = Row::of_columns(source, &Json::Object([].into_iter().collect()))
            .map_err(|error| no_row(&error, case.name.span))?;
        return Ok(vec![("the row".to_owned(), lay_over(row)?)]);
    };
    let span = match &case.input.event {
        Some(EventInput::Files(text) | EventInput::Inline(text)) => text.span,
        None => case.name.span,
    };
    let rows = texts.iter().map(|(name, text)| {
        let row = Row::read(source, text).map_err(|error| no_row(&error, span))?;
        Ok((name.clone(), lay_over(row)?))
    });
    rows.collect()
}

fn one_source(routes: &[&TypedRoute<'_>], names: &[Spanned<String>]) -> Result<(), Diagnostic> {
    let first = routes.first().map(|route| &route.source.name.value);
    let other = routes
        .iter()
        .position(|route| Some(&route.source.name.value) != first);
    match other {
        None => Ok(()),
        Some(at) => {
            let message = "these routes read different sources";
            let span = names.get(at).map_or(names[0].span, |name| name.span);
            Err(
                Diagnostic::new(Code::TestInvalid, message, span, "reads another source")
                    .help("give each source a file of tests of its own"),
            )
        }
    }
}

fn unknown_topics(case: &Case, routes: &[&TypedRoute<'_>]) -> Vec<Diagnostic> {
    let sinks = routes.iter().flat_map(|route| &route.route.sinks);
    let known: Vec<_> = sinks.map(|sink| sink.topic.value.as_str()).collect();
    let expected = case.expected.iter().map(|expected| &expected.topic);
    let unknown = expected.filter(|topic| !known.contains(&topic.value.as_str()));
    unknown
        .map(|topic| {
            let message = format!("none of the routes tested here writes to `{}`", topic.value);
            Diagnostic::new(Code::UnknownTopic, message, topic.span, "no such topic")
                .help_if(did_you_mean(&topic.value, &known))
                .help("name topics as the routes do, without a target's suffix")
        })
        .collect()
}

fn no_row(error: &RowError, span: Span) -> Diagnostic {
    let message = format!("this is no row of the source: {error}");
    Diagnostic::new(Code::TestInvalid, message, span, "").help_if(error.help.as_ref())
}
