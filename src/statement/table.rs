//! Tables of topics: each sink's, and those of sources that the project makes.

use std::collections::{BTreeMap, BTreeSet};

use super::compile::{CompiledTable, Compiler, Writer};
use super::header;
use crate::check::TypedSink;
use crate::diagnostic::Findings;
use crate::dialect::{Table, Usage};
use crate::parallel;
use crate::project::options::TableOptions;
use crate::project::source::{Create, Source};
use crate::project::start::Start;
use crate::sql::{CreateTable, Ident, Statement};

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
        let sinks = self.sink_tables(writers).into_iter();
        let sinks = sinks.map(|(topic, SinkTable { table, writer })| Wanted {
            header: header::of_sink(self, &topic),
            needed: written.contains(&topic),
            topic,
            table: Statement::CreateTable(table),
            writer,
        });
        let mut wanted: Vec<_> = sinks.collect();
        let sources = self.made_sources(writers).into_iter();
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
    /// the first of their readers. Checked sources agree about them.
    fn made_sources<'s, 'w>(
        &self,
        writers: &'s [Writer<'s, 'w>],
    ) -> BTreeMap<&'s str, (CreateTable, &'s Writer<'s, 'w>)> {
        let mut tables: BTreeMap<&str, (CreateTable, &Writer<'_, '_>)> = BTreeMap::new();
        for writer in writers.iter().filter(|writer| self.is_enabled(writer)) {
            let source = writer.typed.source;
            if source.create == Create::Never {
                continue;
            }
            let topic = source.topic.value.as_str();
            tables
                .entry(topic)
                .or_insert_with(|| (self.source_table(source, topic, None), writer));
        }
        tables
    }

    /// The table of each topic that is written, by topic. Checked routes agree about it.
    pub(super) fn sink_tables<'s, 'w>(
        &self,
        writers: &'s [Writer<'s, 'w>],
    ) -> BTreeMap<String, SinkTable<'s, 'w>> {
        let mut tables: BTreeMap<String, SinkTable<'s, 'w>> = BTreeMap::new();
        for writer in writers {
            let topic = self.topic(writer);
            tables.entry(topic).or_insert_with_key(|topic| SinkTable {
                table: self.sink_table(writer.sink, topic),
                writer,
            });
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
            partitions: defaults.partitions_of(given.partitions.as_ref().map(|given| given.value)),
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
            partitions: self.project.defaults.partitions_of(None),
            options: TableOptions::merged(self.dialect, options),
        })
    }
}
