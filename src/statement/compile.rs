//! From typed routes to SQL texts: one CREATE TABLE for each topic, one INSERT for each sink of a route.

use std::collections::{BTreeMap, BTreeSet};

use super::name::Identity;
use crate::check::{TypedRoute, TypedSink};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::parallel;
use crate::project::Project;
use crate::project::source::Source;
use crate::project::start::Start;
use crate::project::target::Target;
use crate::route::{Route, Sink};
use crate::source_text::{Sources, Spanned};
use crate::sql::{
    CreateTable, Distribution, Ident, Insert, Projection, Select, Statement, Templates,
    canonical_text,
};

/// Partitions of a topic for which the project names none: the service's own default.
const DEFAULT_PARTITIONS: u32 = 6;

/// The INSERT of one sink of a route on one target.
#[derive(Debug)]
pub struct CompiledInsert<'w> {
    /// The route.
    pub route: &'w Route,
    /// Where its events go.
    pub sink: &'w Sink,
    /// What it reads.
    pub source: &'w Source,
    /// What people call it: see [`Route::title`].
    pub title: String,
    /// What its statement is identified by.
    pub identity: Identity,
    /// Where a first deployment begins to read.
    pub start: Start,
    /// The INSERT as it is submitted.
    pub text: String,
    /// The INSERT's meaning: see [`canonical_text`].
    pub canonical: String,
}

/// The SQL of one sink table.
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

/// Compiles every route for a target. Each text was parsed back and means what its tree says.
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
        files,
        templates,
    };
    let mut sinks: Vec<Writer<'_, 'w>> = routes
        .iter()
        .flat_map(|typed| typed.sinks.iter().map(move |sink| (typed, sink)))
        .map(|(typed, sink)| Writer { typed, sink })
        .collect();
    sinks.sort_by(|a, b| a.key().cmp(&b.key()));
    Compilation {
        tables: compiler.tables(&sinks, findings),
        inserts: parallel::filter_map(&sinks, findings, |writer, findings| {
            compiler.insert(writer, findings)
        }),
    }
}

/// A route and one of its sinks: what becomes one statement.
struct Writer<'c, 'w> {
    typed: &'c TypedRoute<'w>,
    sink: &'c TypedSink<'w>,
}

impl Writer<'_, '_> {
    fn key(&self) -> (&str, &str) {
        (&self.typed.route.name.value, &self.topic().value)
    }

    fn topic(&self) -> &Spanned<String> {
        &self.sink.sink.topic
    }
}

struct Compiler<'c> {
    project: &'c Project,
    target: &'c Target,
    files: &'c Sources,
    templates: &'c Templates,
}

impl Compiler<'_> {
    fn tables(
        &self,
        sinks: &[Writer<'_, '_>],
        findings: &mut Findings,
    ) -> BTreeMap<String, CompiledTable> {
        let mut tables: BTreeMap<String, (Statement, &Writer<'_, '_>)> = BTreeMap::new();
        for writer in sinks {
            let topic = self.topic(writer);
            let table = Self::table(self.project, writer, &topic);
            match tables.get(&topic) {
                None => {
                    tables.insert(topic, (table, writer));
                }
                Some((known, _)) if *known == table => {}
                Some((_, other)) if writer.sink.sink.shared && other.sink.sink.shared => {
                    findings.push(different_tables(other, writer));
                }
                // That they share the topic at all has a finding of its own.
                Some(_) => {}
            }
        }
        let enabled = sinks.iter().filter(|writer| writer.typed.route.enabled);
        let written: BTreeSet<String> = enabled.map(|writer| self.topic(writer)).collect();
        let tables: Vec<_> = tables.into_iter().collect();
        let compiled =
            parallel::filter_map(&tables, findings, |(topic, (table, writer)), findings| {
                let text = self.print(table, &self.table_header(topic), writer, findings)?;
                let topic = topic.clone();
                written
                    .contains(&topic)
                    .then_some(CompiledTable { topic, text })
            });
        let compiled = compiled.into_iter();
        compiled.map(|table| (table.topic.clone(), table)).collect()
    }

    fn insert<'w>(
        &self,
        writer: &Writer<'_, 'w>,
        findings: &mut Findings,
    ) -> Option<CompiledInsert<'w>> {
        let Writer { typed, sink } = writer;
        let identity = self.identity(writer);
        let insert = insert(writer, &identity.topic);
        let header = self.route_header(typed, &identity.topic);
        let text = self.print(&insert, &header, writer, findings)?;
        Some(CompiledInsert {
            route: typed.route,
            sink: sink.sink,
            source: typed.source,
            title: typed.route.title(sink.sink),
            identity,
            start: typed.start,
            text,
            canonical: canonical_text(&insert),
        })
    }

    fn identity(&self, writer: &Writer<'_, '_>) -> Identity {
        let (project, route) = (&self.project.name.value, writer.typed.route);
        Identity::of(project, self.target, route, writer.sink.sink)
    }

    fn topic(&self, writer: &Writer<'_, '_>) -> String {
        self.identity(writer).topic
    }

    fn table(project: &Project, writer: &Writer<'_, '_>, topic: &str) -> Statement {
        let sink = writer.sink;
        let columns = sink.columns.iter();
        let columns = columns
            .map(|column| (Ident::from(column.name.as_str()), column.data_type.clone()))
            .collect();
        let buckets = project
            .defaults
            .partitions
            .map_or(DEFAULT_PARTITIONS, |n| n.value);
        let key: Vec<Ident> = sink
            .key
            .iter()
            .map(|key| Ident::from(key.as_str()))
            .collect();
        let mut options = BTreeMap::from([("changelog.mode".to_owned(), "append".to_owned())]);
        if !key.is_empty() {
            // Otherwise the key's column would be missing from the value.
            options.insert("value.fields-include".to_owned(), "all".to_owned());
        }
        Statement::CreateTable(CreateTable {
            name: Ident::from(topic),
            if_not_exists: true,
            columns,
            distribution: Some(Distribution {
                columns: key,
                buckets,
            }),
            options,
        })
    }

    fn route_header(&self, typed: &TypedRoute<'_>, topic: &str) -> Vec<String> {
        let route = typed.route;
        let file = self.files.file(route.span.file).path();
        let mut lines = vec![
            format!("@generated by routectl from {file}; edit the route, not this file"),
            format!(
                "project {}, target {}, route {}, topic {topic}",
                self.project.name.value, self.target.name.value, route.name.value
            ),
        ];
        lines.extend(
            route
                .description
                .iter()
                .map(|text| format!("description: {}", text.value)),
        );
        lines.extend(
            route
                .consumer
                .iter()
                .map(|text| format!("consumer: {}", text.value)),
        );
        lines
    }

    fn table_header(&self, topic: &str) -> Vec<String> {
        vec![
            "@generated by routectl; edit the routes that write this topic, not this file"
                .to_owned(),
            format!(
                "project {}, target {}, topic {topic}",
                self.project.name.value, self.target.name.value
            ),
        ]
    }

    fn print(
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
        findings.note(rendered)
    }
}

fn insert(writer: &Writer<'_, '_>, topic: &str) -> Statement {
    let Writer { typed, sink } = writer;
    let columns = sink.columns.iter();
    let columns = columns.map(|column| Ident::from(column.name.as_str()));
    let projections = sink.columns.iter();
    let projections =
        projections.map(|column| Projection::named(column.lower(), column.name.as_str()));
    let select = Select {
        projections: projections.collect(),
        from: Ident::from(typed.source.topic.value.as_str()),
        condition: typed.rows(sink).lower(),
    };
    Statement::Insert(Insert {
        sink: Ident::from(topic),
        columns: columns.collect(),
        select,
    })
}

fn different_tables(one: &Writer<'_, '_>, other: &Writer<'_, '_>) -> Diagnostic {
    let (topic, first) = (other.topic(), one.topic());
    let message = format!(
        "routes `{}` and `{}` share topic `{}` but differ in its columns or key",
        one.typed.route.name.value, other.typed.route.name.value, topic.value
    );
    Diagnostic::new(Code::TopicConflict, message, topic.span, "one way here")
        .related(first.span, "another way here")
        .help("give both routes the same source and the same `key`")
}
