//! Tables of topics: each sink's, and those of sources that the project makes.

use std::collections::{BTreeMap, BTreeSet};

use super::compile::{CompiledTable, Compiler, Writer};
use super::header;
use crate::check::TypedSink;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::dialect::{Table, Usage};
use crate::parallel;
use crate::project::options::TableOptions;
use crate::project::source::{Create, Source};
use crate::project::start::Start;
use crate::sql::{CreateTable, Ident, Statement};

/// Partitions of a topic for which the project names none: the service's own default.
const DEFAULT_PARTITIONS: u32 = 6;

/// The table of a sink, with a route that writes it.
pub(super) struct SinkTable<'s, 'w> {
    /// The declaration.
    pub(super) table: CreateTable,
    /// The first of its writers.
    pub(super) writer: &'s Writer<'s, 'w>,
}

/// A table that is to be printed.
struct Wanted<'s, 'w> {
    topic: String,
    table: Statement,
    header: Vec<String>,
    /// Whose finding it is where it cannot be printed.
    writer: &'s Writer<'s, 'w>,
    /// Whether an enabled route needs it; the others are printed to see that they can be.
    needed: bool,
}

impl Compiler<'_> {
    /// Every table that is to be made, by topic.
    pub(super) fn tables(
        &self,
        writers: &[Writer<'_, '_>],
        findings: &mut Findings,
    ) -> BTreeMap<String, CompiledTable> {
        let enabled = writers.iter().filter(|writer| self.is_enabled(writer));
        let written: BTreeSet<String> = enabled.map(|writer| self.topic(writer)).collect();
        let sinks = self.sink_tables(writers, findings).into_iter();
        let sinks = sinks.map(|(topic, SinkTable { table, writer })| Wanted {
            header: header::of_sink(self, &topic),
            needed: written.contains(&topic),
            topic,
            table: Statement::CreateTable(table),
            writer,
        });
        let mut wanted: Vec<_> = sinks.collect();
        let sources = self.made_sources(writers, findings).into_iter();
        wanted.extend(sources.map(|(topic, (table, writer))| Wanted {
            header: header::of_source(self, writer.typed.source),
            needed: true,
            topic: topic.to_owned(),
            table: Statement::CreateTable(table),
            writer,
        }));
        let compiled = parallel::filter_map(&wanted, findings, |wanted, findings| {
            let text = self.print(&wanted.table, &wanted.header, wanted.writer, findings)?;
            let topic = wanted.topic.clone();
            wanted.needed.then_some(CompiledTable { topic, text })
        });
        let compiled = compiled.into_iter();
        compiled.map(|table| (table.topic.clone(), table)).collect()
    }

    /// The tables of sources that enabled routes read and that are not there by themselves, by topic and with
    /// the first of their readers.
    fn made_sources<'s, 'w>(
        &self,
        writers: &'s [Writer<'s, 'w>],
        findings: &mut Findings,
    ) -> BTreeMap<&'s str, (CreateTable, &'s Writer<'s, 'w>)> {
        let mut tables: BTreeMap<&str, (CreateTable, &Writer<'_, '_>)> = BTreeMap::new();
        for writer in writers.iter().filter(|writer| self.is_enabled(writer)) {
            let source = writer.typed.source;
            if source.create == Create::Never {
                continue;
            }
            let topic = source.topic.value.as_str();
            let table = self.source_table(source, topic, None);
            match tables.get(topic) {
                None => {
                    tables.insert(topic, (table, writer));
                }
                Some((known, _)) if *known == table => {}
                Some((_, other)) => findings.push(different_sources(other.typed.source, source)),
            }
        }
        tables
    }

    /// The table of each topic that is written, by topic. Writers that disagree about it are findings.
    pub(super) fn sink_tables<'s, 'w>(
        &self,
        writers: &'s [Writer<'s, 'w>],
        findings: &mut Findings,
    ) -> BTreeMap<String, SinkTable<'s, 'w>> {
        let mut tables: BTreeMap<String, SinkTable<'s, 'w>> = BTreeMap::new();
        for writer in writers {
            let topic = self.topic(writer);
            let table = self.sink_table(writer.sink, &topic);
            match tables.get(&topic) {
                None => {
                    tables.insert(topic, SinkTable { table, writer });
                }
                Some(known) if known.table == table => {}
                Some(known) if writer.sink.sink.shared && known.writer.sink.sink.shared => {
                    findings.push(different_sinks(known.writer, writer));
                }
                // That they share the topic at all has a finding of its own.
                Some(_) => {}
            }
        }
        tables
    }

    fn sink_table(&self, sink: &TypedSink<'_>, topic: &str) -> CreateTable {
        let columns = sink.columns.iter();
        let columns = columns
            .map(|column| (Ident::from(column.name.as_str()), column.data_type.clone()))
            .collect();
        let (defaults, given) = (&self.project.defaults, sink.sink);
        let options = [&defaults.options, &self.target.options, &given.options];
        (self.dialect.declare)(Table {
            name: Ident::from(topic),
            topic,
            columns,
            usage: Usage::Write(sink.key.as_deref()),
            partitions: self.partitions(given.partitions.as_ref().map(|given| given.value)),
            options: TableOptions::merged(self.dialect, options),
        })
    }

    /// The table of a source under a name, which is read from `start`, or from where each statement says.
    pub(super) fn source_table(
        &self,
        source: &Source,
        name: &str,
        start: Option<Start>,
    ) -> CreateTable {
        let columns = source.columns.iter();
        let columns =
            columns.map(|(name, data_type)| (Ident::from(name.as_str()), data_type.value.clone()));
        let options = [&self.target.options, &source.options];
        (self.dialect.declare)(Table {
            name: Ident::from(name),
            topic: &source.topic.value,
            columns: columns.collect(),
            usage: Usage::Read(start),
            partitions: self.partitions(None),
            options: TableOptions::merged(self.dialect, options),
        })
    }

    fn partitions(&self, given: Option<u32>) -> u32 {
        let default = self.project.defaults.partitions.as_ref();
        let given = given.or(default.map(|default| default.value));
        given.unwrap_or(DEFAULT_PARTITIONS)
    }
}

fn different_sinks(one: &Writer<'_, '_>, other: &Writer<'_, '_>) -> Diagnostic {
    let (topic, first) = (other.topic(), one.topic());
    let message = format!(
        "routes `{}` and `{}` share topic `{}` but differ in its columns, key, partitions or options",
        one.typed.route.name.value, other.typed.route.name.value, topic.value
    );
    Diagnostic::new(Code::TopicConflict, message, topic.span, "one way here")
        .related(first.span, "another way here")
        .help("give both routes the same source and the same `key`, `partitions` and `options`")
}

fn different_sources(one: &Source, other: &Source) -> Diagnostic {
    let (topic, first) = (&other.topic, &one.topic);
    let message = format!(
        "sources `{}` and `{}` both make the table of topic `{}` but differ in its columns or options",
        one.name.value, other.name.value, topic.value
    );
    Diagnostic::new(Code::TopicConflict, message, topic.span, "one way here")
        .related(first.span, "another way here")
        .help("give both the same `columns` and `options`, or let one of them say `create: never`")
}
