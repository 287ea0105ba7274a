//! Tests made ready to run: names resolved, events read, rows built.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use camino::Utf8Path;

use super::syntax::{Case, EventInput, ExpectedTopic, Scope, Suite};
use super::{events, inline};
use crate::check::TypedRoute;
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::eval::{Json, Row, RowError, document};
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
    /// Disabled routes: it is about the topics of these that it names, so that nobody rewrites tests to disable a route.
    pub disabled: Vec<&'r TypedRoute<'w>>,
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
        validators: RefCell::default(),
    };
    let mut prepared = Vec::new();
    for route in routes {
        for case in &route.route.tests {
            let about = About::these(vec![route], route.source);
            prepared.extend(preparation.case(case, &about, findings));
        }
    }
    for suite in &workspace.suites {
        let Some(about) = preparation.about(suite, routes, findings) else {
            continue;
        };
        for case in &suite.cases {
            prepared.extend(preparation.case(case, &about, findings));
        }
    }
    prepared
}

/// What tests are about.
struct About<'r, 'w> {
    source: &'w Source,
    routes: Vec<&'r TypedRoute<'w>>,
    disabled: Vec<&'r TypedRoute<'w>>,
}

impl<'r, 'w> About<'r, 'w> {
    /// About routes that somebody named.
    fn these(routes: Vec<&'r TypedRoute<'w>>, source: &'w Source) -> Self {
        Self {
            source,
            routes,
            disabled: Vec::new(),
        }
    }
}

struct Preparation<'r, 'w> {
    workspace: &'w Workspace,
    root: &'w Utf8Path,
    by_name: BTreeMap<&'w str, &'r TypedRoute<'w>>,
    /// Whether all routes are known. A topic that none of them writes may otherwise be that of a broken one.
    is_whole: bool,
    /// What holds events against the schema of each source that had some.
    validators: RefCell<BTreeMap<&'w str, Option<Rc<Validator>>>>,
}

impl<'r, 'w> Preparation<'r, 'w> {
    /// What a suite is about; its source may have no enabled route.
    fn about(
        &self,
        suite: &'w Suite,
        routes: &'r [TypedRoute<'w>],
        findings: &mut Findings,
    ) -> Option<About<'r, 'w>> {
        match &suite.scope {
            Scope::Routes(names) => {
                let found: Vec<_> = names
                    .iter()
                    .map(|name| findings.note(self.route(name)).flatten())
                    .collect();
                let found: Vec<_> = found.into_iter().collect::<Option<_>>()?;
                findings.note(one_source(&found, names))?;
                let source = found.first()?.source;
                Some(About::these(found, source))
            }
            Scope::Source(named) => {
                let source = findings.note(self.source(named.as_ref(), suite.span))?;
                let mut of_source = routes.iter().collect::<Vec<_>>();
                of_source.retain(|route| route.source.name.value == source.name.value);
                let (routes, disabled) =
                    of_source.into_iter().partition(|route| route.route.enabled);
                Some(About {
                    source,
                    routes,
                    disabled,
                })
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
        about: &About<'r, 'w>,
        findings: &mut Findings,
    ) -> Option<Prepared<'r, 'w>> {
        let source = about.source;
        let known = findings.len();
        let unknown = unknown_topics(case, about);
        if !unknown.is_empty() && !self.is_whole {
            return None;
        }
        findings.extend(unknown);
        for entry in case.expected.iter().flat_map(ExpectedTopic::entries) {
            findings.note(inline::json(&entry.value));
        }
        let texts = findings.note(events::texts(&case.input, self.root))?;
        let mistakes = texts.iter().flatten();
        let mistakes = mistakes.filter_map(|(name, text)| self.mistake(case, source, name, text));
        let mistakes: Vec<Diagnostic> = mistakes.collect();
        let rows = findings.note(rows(case, source, texts))?;
        findings.extend(mistakes);
        (findings.len() == known).then(|| Prepared {
            case,
            routes: about.routes.clone(),
            disabled: about.disabled.clone(),
            rows,
        })
    }

    /// What is wrong with an event by its schema; of a whole row with the document in it. A document that is no JSON is
    /// data, too.
    fn mistake(
        &self,
        case: &Case,
        source: &'w Source,
        name: &str,
        text: &str,
    ) -> Option<Diagnostic> {
        let schema = self.workspace.schemas.get(&source.name.value)?;
        let document = serde_json::from_str(&document(source, text)?).ok()?;
        let mut validators = self.validators.borrow_mut();
        let validator = validators
            .entry(&source.name.value)
            .or_insert_with(|| schema.schema.validator().ok().map(Rc::new))
            .clone()?;
        events::mistake(schema, &validator, case, name, &document)
    }
}

fn rows(
    case: &Case,
    source: &Source,
    texts: Option<Vec<(String, String)>>,
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
    let rows = texts.into_iter().map(|(name, text)| {
        let row = Row::read(source, &text).map_err(|error| no_row(&error, span))?;
        Ok((name, lay_over(row)?))
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

fn unknown_topics(case: &Case, about: &About<'_, '_>) -> Vec<Diagnostic> {
    let routes = about.routes.iter().chain(&about.disabled);
    let sinks = routes.flat_map(|route| &route.route.sinks);
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
