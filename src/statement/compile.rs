//! From typed routes to what is deployed: one CREATE TABLE for each topic, one INSERT for each sink of a route.

use std::collections::BTreeMap;

use super::header;
use super::length;
use super::name::Identity;
use crate::check::{TypedRoute, TypedSink};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::dialect::{CONFLUENT, Dialect};
use crate::parallel;
use crate::project::Project;
use crate::project::source::Source;
use crate::project::start::Start;
use crate::project::target::Target;
use crate::route::{Route, Sink};
use crate::source_text::{Sources, Spanned};
use crate::sql::{Ident, Insert, Projection, Select, Statement, Templates, canonical_text};

/// The INSERT of one sink of a route on one target.
#[derive(Debug)]
pub struct CompiledInsert<'w> {
    /// The route.
    pub route: &'w Route,
    /// Where its events go.
    pub sink: &'w Sink,
    /// What it reads.
    pub source: &'w Source,
    /// The route's file, below the project.
    pub file: String,
    /// What people call it: see [`Route::title`].
    pub title: String,
    /// What its statement is identified by.
    pub identity: Identity,
    /// Where a first deployment begins to read.
    pub start: Start,
    /// Whether it is to run.
    pub enabled: bool,
    /// The INSERT as it is submitted.
    pub text: String,
    /// The INSERT's meaning: see [`canonical_text`].
    pub canonical: String,
}

/// The SQL of one table.
#[derive(Debug)]
pub struct CompiledTable {
    /// The topic.
    pub topic: String,
    /// The CREATE TABLE as it is submitted.
    pub text: String,
}

/// Everything that a project says about a target, as SQL.
#[derive(Debug, Default)]
pub struct Compilation<'w> {
    /// Tables by topic.
    pub tables: BTreeMap<String, CompiledTable>,
    /// One for each sink of each route, disabled ones included, in the order of the routes' names.
    pub inserts: Vec<CompiledInsert<'w>>,
}

/// Compiles every route for the service of a target, statement by statement. Each text was parsed back and
/// means what its tree says.
pub fn compile<'w>(
    project: &Project,
    target: &Target,
    routes: &[TypedRoute<'w>],
    files: &Sources,
    templates: &Templates,
    findings: &mut Findings,
) -> Compilation<'w> {
    let compiler = Compiler {
        project,
        target,
        dialect: &CONFLUENT,
        files,
        templates,
    };
    let writers = Writer::all(routes);
    Compilation {
        tables: compiler.tables(&writers, findings),
        inserts: parallel::filter_map(&writers, findings, |writer, findings| {
            compiler.insert(writer, findings)
        }),
    }
}

/// A route and one of its sinks: what becomes one statement.
pub(super) struct Writer<'c, 'w> {
    pub(super) typed: &'c TypedRoute<'w>,
    pub(super) sink: &'c TypedSink<'w>,
}

impl<'c, 'w> Writer<'c, 'w> {
    /// Every sink of every route, in the order of the routes' names.
    pub(super) fn all(routes: &'c [TypedRoute<'w>]) -> Vec<Self> {
        let mut writers: Vec<Self> = routes
            .iter()
            .flat_map(|typed| typed.sinks.iter().map(move |sink| Self { typed, sink }))
            .collect();
        writers.sort_by(|a, b| a.key().cmp(&b.key()));
        writers
    }

    fn key(&self) -> (&str, &str) {
        (&self.typed.route.name.value, &self.topic().value)
    }

    /// The topic as written, without the target's suffix.
    pub(super) fn topic(&self) -> &Spanned<String> {
        &self.sink.sink.topic
    }
}

/// What a project is compiled with.
pub(super) struct Compiler<'c> {
    pub(super) project: &'c Project,
    pub(super) target: &'c Target,
    pub(super) dialect: &'static Dialect,
    pub(super) files: &'c Sources,
    pub(super) templates: &'c Templates,
}

impl Compiler<'_> {
    fn insert<'w>(
        &self,
        writer: &Writer<'_, 'w>,
        findings: &mut Findings,
    ) -> Option<CompiledInsert<'w>> {
        let Writer { typed, sink } = writer;
        let identity = self.identity(writer);
        let insert = insert(writer, &identity.topic, &typed.source.topic.value);
        let insert = Statement::Insert(insert);
        let header = header::of_route(self, typed, &identity.topic);
        let text = self.print(&insert, &header, writer, findings)?;
        Some(CompiledInsert {
            route: typed.route,
            sink: sink.sink,
            source: typed.source,
            file: self.files.file(typed.route.span.file).path().to_string(),
            title: typed.route.title(sink.sink),
            identity,
            start: typed.start,
            enabled: self.is_enabled(writer),
            text,
            canonical: canonical_text(&insert),
        })
    }

    fn identity(&self, writer: &Writer<'_, '_>) -> Identity {
        let (project, route) = (&self.project.name.value, writer.typed.route);
        Identity::of(project, self.target, route, writer.sink.sink)
    }

    /// Whether a writer is to run on the target.
    pub(super) fn is_enabled(&self, writer: &Writer<'_, '_>) -> bool {
        writer.typed.route.runs_on(&self.target.name.value)
    }

    /// The topic of a writer on the target.
    pub(super) fn topic(&self, writer: &Writer<'_, '_>) -> String {
        self.identity(writer).topic
    }

    /// The text of a statement; where it cannot be written, that is a finding at the writer.
    pub(super) fn print(
        &self,
        statement: &Statement,
        header: &[String],
        writer: &Writer<'_, '_>,
        findings: &mut Findings,
    ) -> Option<String> {
        let name = &writer.typed.route.name;
        let rendered = self.templates.render(statement, header).map_err(|error| {
            let message = format!(
                "the SQL of route `{}` cannot be written: {error}",
                name.value
            );
            Diagnostic::new(Code::Internal, message, name.span, "this route")
                .help("if the project overrides a template, compare it with the built-in one")
        });
        let text = findings.note(rendered)?;
        findings.note(length::check(self.dialect, writer, &text))?;
        Some(text)
    }
}

/// The INSERT of a writer, between tables of these names.
pub(super) fn insert(writer: &Writer<'_, '_>, sink_table: &str, source_table: &str) -> Insert {
    let Writer { typed, sink } = writer;
    let columns = sink.columns.iter();
    let columns = columns.map(|column| Ident::from(column.name.as_str()));
    let projections = sink.columns.iter();
    let projections =
        projections.map(|column| Projection::named(column.lower(), column.name.as_str()));
    let select = Select {
        projections: projections.collect(),
        from: Ident::from(source_table),
        condition: typed.rows(sink).lower(),
    };
    Insert {
        sink: Ident::from(sink_table),
        columns: columns.collect(),
        select,
    }
}
