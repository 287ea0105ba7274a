//! A whole project as one script, for dialects that take statements so: its tables, then its INSERTs.
//!
//! Routes that read one source run as one statement set, which reads the topic once: they cost about a quarter
//! of what they would cost one by one.

use std::collections::{BTreeMap, BTreeSet};

use super::compile::{Compiler, Writer, insert};
use super::header;
use super::table::SinkTable;
use crate::check::TypedRoute;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::dialect::Dialect;
use crate::project::Project;
use crate::project::source::Source;
use crate::project::start::Start;
use crate::project::target::Target;
use crate::source_text::Sources;
use crate::sql::{CreateTable, Insert, RenderError, Setting, Statement, Templates};

/// What becomes of a project on a dialect.
#[derive(Debug, Clone, Copy)]
pub struct Job<'j> {
    /// The project.
    pub project: &'j Project,
    /// The target.
    pub target: &'j Target,
    /// The dialect.
    pub dialect: &'static Dialect,
}

/// The script of every enabled route; nothing comes back where there are findings. It was parsed back and means
/// what its trees say.
pub fn script(
    job: Job<'_>,
    routes: &[TypedRoute<'_>],
    files: &Sources,
    templates: &Templates,
    findings: &mut Findings,
) -> Option<String> {
    let Job {
        project,
        target,
        dialect,
    } = job;
    let compiler = Compiler {
        project,
        target,
        dialect,
        files,
        templates,
    };
    let known = findings.len();
    let writers = Writer::all(routes);
    let sinks = compiler.sink_tables(&writers);
    let enabled = writers.iter().filter(|writer| compiler.is_enabled(writer));
    let enabled: Vec<_> = enabled.collect();
    let sources = SourceTables::of(&enabled);
    let tables = compiler.script_tables(&sources, &sinks, &enabled);
    let declared = tables.iter().map(|(table, _)| table);
    findings.extend(compiler.missing_option(declared));
    if findings.len() > known {
        return None;
    }
    let sets = compiler.sets(&sources, &enabled);
    findings.note(compiler.render(tables, sets).map_err(|error| {
        let message = format!("the script cannot be written: {error}");
        Diagnostic::new(Code::Internal, message, target.name.span, "for this target")
            .help("if the project overrides a template, compare it with the built-in one")
    }))
}

/// The tables that are read: one for each place from which the routes of a source begin to read it.
struct SourceTables<'w>(BTreeMap<(&'w str, String), SourceTable<'w>>);

struct SourceTable<'w> {
    name: String,
    source: &'w Source,
    start: Start,
}

impl<'w> SourceTables<'w> {
    fn of(writers: &[&Writer<'_, 'w>]) -> Self {
        let mut tables = BTreeMap::new();
        for writer in writers {
            let (source, start) = (writer.typed.source, writer.typed.start);
            tables.entry(key(writer)).or_insert(SourceTable {
                name: String::new(),
                source,
                start,
            });
        }
        let topics = tables
            .values()
            .map(|table| table.source.topic.value.as_str());
        let topics: Vec<&str> = topics.collect();
        for SourceTable {
            name,
            source,
            start,
        } in tables.values_mut()
        {
            let topic = source.topic.value.as_str();
            let alone = topics.iter().filter(|other| **other == topic).count() == 1;
            // No topic has an `@` in its name.
            *name = if alone {
                topic.to_owned()
            } else {
                format!("{}@{start}", source.name.value)
            };
        }
        Self(tables)
    }

    fn name(&self, writer: &Writer<'_, 'w>) -> &str {
        self.0.get(&key(writer)).map_or("", |table| &table.name)
    }
}

fn key<'w>(writer: &Writer<'_, 'w>) -> (&'w str, String) {
    let (source, start) = (writer.typed.source, writer.typed.start);
    (&source.name.value, start.to_string())
}

/// The INSERTs of a statement set, each with its header.
type Set = Vec<(Insert, Vec<String>)>;

impl Compiler<'_> {
    /// Each table that enabled routes read or write, with its header.
    fn script_tables(
        &self,
        sources: &SourceTables<'_>,
        sinks: &BTreeMap<String, SinkTable<'_, '_>>,
        enabled: &[&Writer<'_, '_>],
    ) -> Vec<(CreateTable, Vec<String>)> {
        let read = sources.0.values().map(|table| {
            let SourceTable {
                name,
                source,
                start,
            } = table;
            let header = format!("source {}, read from {start}", source.name.value);
            (self.source_table(source, name, Some(*start)), vec![header])
        });
        let written: BTreeSet<String> = enabled.iter().map(|writer| self.topic(writer)).collect();
        let written = written.iter().filter_map(|topic| {
            let sink = sinks.get(topic)?;
            Some((sink.table.clone(), vec![format!("sink {topic}")]))
        });
        read.chain(written).collect()
    }

    /// The finding that a table lacks an option without which the dialect has no tables.
    fn missing_option<'t>(
        &self,
        mut tables: impl Iterator<Item = &'t CreateTable>,
    ) -> Option<Diagnostic> {
        let (dialect, target) = (self.dialect, &self.target.name);
        let missing = |table: &CreateTable| {
            let mut required = dialect.required.iter();
            required.find(|(key, _)| !table.options.contains_key(*key))
        };
        let (table, (key, what)) = tables.find_map(|table| Some((table, missing(table)?)))?;
        let message = format!(
            "table `{}` of target `{}` has no option `{key}`: {what}",
            table.name.as_str(),
            target.value
        );
        let label = format!("needed for the dialect `{}`", dialect.name);
        let remedy = format!(
            "add `options: {{{}: {{{key}: ...}}}}` to the target, or to each source and sink",
            dialect.name
        );
        Some(Diagnostic::new(Code::MissingKey, message, target.span, label).help(remedy))
    }

    /// The statement set of each source by the source's name.
    fn sets<'w>(
        &self,
        sources: &SourceTables<'w>,
        enabled: &[&Writer<'_, 'w>],
    ) -> BTreeMap<&'w str, Set> {
        let mut sets: BTreeMap<&str, Set> = BTreeMap::new();
        for writer in enabled {
            let topic = self.topic(writer);
            let insert = insert(writer, &topic, sources.name(writer));
            let header = header::of_route(self, writer.typed, &topic);
            let source = writer.typed.source.name.value.as_str();
            sets.entry(source).or_default().push((insert, header));
        }
        sets
    }

    fn render(
        &self,
        tables: Vec<(CreateTable, Vec<String>)>,
        sets: BTreeMap<&str, Set>,
    ) -> Result<String, RenderError> {
        let mut statements = vec![self.setting("table.local-time-zone", "UTC")?];
        for (table, header) in tables {
            let table = Statement::CreateTable(table);
            let text = self.templates.render(&table, &header)?;
            statements.push((table, text));
        }
        for (source, set) in sets {
            let job = format!("{}-{source}", self.project.name.value);
            statements.push(self.setting("pipeline.name", &job)?);
            let text = self.templates.render_set(&set)?;
            let inserts = set.into_iter().map(|(insert, _)| insert);
            statements.push((Statement::StatementSet(inserts.collect()), text));
        }
        let header = header::of_script(self);
        self.templates.render_script(&statements, &header)
    }

    fn setting(&self, key: &str, value: &str) -> Result<(Statement, String), RenderError> {
        let (key, value) = (key.to_owned(), value.to_owned());
        let setting = Statement::Set(Setting { key, value });
        let text = self.templates.render(&setting, &[])?;
        Ok((setting, text))
    }
}
