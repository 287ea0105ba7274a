//! From typed routes to SQL texts.

use std::collections::{BTreeMap, BTreeSet};

use super::name::Identity;
use crate::check::TypedRoute;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::project::Project;
use crate::project::target::Target;
use crate::source_text::Sources;
use crate::sql::{
    CreateTable, Distribution, Ident, Insert, Projection, Select, Statement, Templates,
    canonical_text,
};

/// Partitions of a topic for which the project names none: the service's own default.
const DEFAULT_PARTITIONS: u32 = 6;

/// The SQL of one route on one target.
#[derive(Debug)]
pub struct CompiledRoute<'w> {
    /// The route.
    pub typed: TypedRoute<'w>,
    /// What its statement is identified by.
    pub identity: Identity,
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
    /// Routes by name, disabled ones included.
    pub routes: BTreeMap<String, CompiledRoute<'w>>,
}

/// Compiles every route for a target. Each text was parsed back and means what its tree says.
pub fn compile<'w>(
    project: &Project,
    target: &Target,
    routes: Vec<TypedRoute<'w>>,
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
    let mut compilation = Compilation::default();
    let mut tables: BTreeMap<String, (Statement, &TypedRoute<'w>)> = BTreeMap::new();
    for typed in &routes {
        let topic = compiler.topic(typed);
        let table = compiler.table(typed, &topic);
        match tables.get(&topic) {
            None => {
                tables.insert(topic, (table, typed));
            }
            Some((known, _)) if *known == table => {}
            Some((_, other)) if typed.route.sink.shared && other.route.sink.shared => {
                findings.push(different_tables(other, typed));
            }
            // That they share the topic at all has a finding of its own.
            Some(_) => {}
        }
    }
    let enabled = routes.iter().filter(|typed| typed.route.enabled);
    let written: BTreeSet<String> = enabled.map(|typed| compiler.topic(typed)).collect();
    for (topic, (table, typed)) in tables {
        let header = compiler.table_header(&topic);
        let text = compiler.print(&table, &header, typed, findings);
        if let Some(text) = text.filter(|_| written.contains(&topic)) {
            compilation
                .tables
                .insert(topic.clone(), CompiledTable { topic, text });
        }
    }
    for typed in routes {
        let identity = compiler.identity(&typed);
        let insert = insert(&typed, &identity.topic);
        let header = compiler.route_header(&typed, &identity.topic);
        let Some(text) = compiler.print(&insert, &header, &typed, findings) else {
            continue;
        };
        let canonical = canonical_text(&insert);
        let name = typed.route.name.value.clone();
        compilation.routes.insert(
            name,
            CompiledRoute {
                typed,
                identity,
                text,
                canonical,
            },
        );
    }
    compilation
}

struct Compiler<'c> {
    project: &'c Project,
    target: &'c Target,
    files: &'c Sources,
    templates: &'c Templates,
}

impl Compiler<'_> {
    fn identity(&self, typed: &TypedRoute<'_>) -> Identity {
        Identity::of(&self.project.name.value, self.target, typed.route)
    }

    fn topic(&self, typed: &TypedRoute<'_>) -> String {
        self.identity(typed).topic
    }

    fn table(&self, typed: &TypedRoute<'_>, topic: &str) -> Statement {
        let columns = typed.columns.iter();
        let columns = columns
            .map(|column| (Ident::from(column.name.as_str()), column.data_type.clone()))
            .collect();
        let buckets = self
            .project
            .defaults
            .partitions
            .map_or(DEFAULT_PARTITIONS, |n| n.value);
        let key: Vec<Ident> = typed
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
        typed: &TypedRoute<'_>,
        findings: &mut Findings,
    ) -> Option<String> {
        let span = typed.route.name.span;
        let rendered = self.templates.render(statement, header).map_err(|error| {
            let message = format!(
                "the SQL of route `{}` cannot be written: {error}",
                typed.route.name.value
            );
            Diagnostic::new(Code::Internal, message, span, "this route")
                .help("if the project overrides a template, compare it with the built-in one")
        });
        findings.note(rendered)
    }
}

fn insert(typed: &TypedRoute<'_>, topic: &str) -> Statement {
    let columns = typed.columns.iter();
    let columns = columns.map(|column| Ident::from(column.name.as_str()));
    let projections = typed.columns.iter();
    let projections =
        projections.map(|column| Projection::named(column.lower(), column.name.as_str()));
    let from = Ident::from(typed.source.topic.value.as_str());
    let condition = typed.condition.lower();
    let select = Select {
        projections: projections.collect(),
        from,
        condition,
    };
    Statement::Insert(Insert {
        sink: Ident::from(topic),
        columns: columns.collect(),
        select,
    })
}

fn different_tables(one: &TypedRoute<'_>, other: &TypedRoute<'_>) -> Diagnostic {
    let (topic, first) = (&other.route.sink.topic, &one.route.sink.topic);
    let message = format!(
        "routes `{}` and `{}` share topic `{}` but differ in its columns or key",
        one.route.name.value, other.route.name.value, topic.value
    );
    Diagnostic::new(Code::TopicConflict, message, topic.span, "one way here")
        .related(first.span, "another way here")
        .help("give both routes the same source and the same `key`")
}
