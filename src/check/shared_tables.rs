//! What routes and sources of one topic must agree about: the table that is made of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{TypedRoute, TypedSink};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::dialect;
use crate::project::Project;
use crate::project::options::TableOptions;
use crate::project::source::{Create, Source};
use crate::route::Sink;

/// Reports sinks and sources that would each make another table of their topic.
pub(super) fn check(project: &Project, routes: &[TypedRoute<'_>], findings: &mut Findings) {
    let mut routes: Vec<_> = routes.iter().collect();
    routes.sort_by_key(|typed| &typed.route.name.value);
    sinks(project, &routes, findings);
    sources(project, &routes, findings);
}

fn sinks(project: &Project, routes: &[&TypedRoute<'_>], findings: &mut Findings) {
    let mut first: BTreeMap<&str, Writer<'_>> = BTreeMap::new();
    let writers = routes
        .iter()
        .flat_map(|typed| typed.sinks.iter().map(move |sink| Writer { typed, sink }));
    // That others share a topic at all has a finding of its own.
    for writer in writers.filter(|writer| writer.sink.sink.shared) {
        match first.get(writer.topic()) {
            None => {
                first.insert(writer.topic(), writer);
            }
            Some(known) if known.makes_the_table_of(&writer, project) => {}
            Some(known) => findings.push(different_sinks(known, &writer)),
        }
    }
}

/// A route and one of its sinks.
struct Writer<'c> {
    typed: &'c TypedRoute<'c>,
    sink: &'c TypedSink<'c>,
}

impl<'c> Writer<'c> {
    fn topic(&self) -> &'c str {
        &self.sink.sink.topic.value
    }

    fn makes_the_table_of(&self, other: &Self, project: &Project) -> bool {
        let defaults = &project.defaults;
        let (one, other) = (self.sink, other.sink);
        let partitions = |sink: &Sink| {
            let given = sink.partitions.as_ref();
            defaults.partitions_of(given.map(|given| given.value))
        };
        let columns = |sink: &'c TypedSink<'c>| {
            let columns = sink.columns.iter();
            columns.map(|column| (&column.name, &column.data_type))
        };
        columns(one).eq(columns(other))
            && one.key == other.key
            && partitions(one.sink) == partitions(other.sink)
            && project.targets.values().all(|target| {
                let parts = |sink| [&defaults.options, &target.options, sink];
                come_to_the_same(parts(&one.sink.options), parts(&other.sink.options))
            })
    }
}

/// Whether options are the same on every dialect, with what the project says besides.
fn come_to_the_same<const N: usize>(one: [&TableOptions; N], other: [&TableOptions; N]) -> bool {
    let merged = TableOptions::merged;
    let mut dialects = dialect::ALL.iter();
    dialects.all(|dialect| merged(dialect, one) == merged(dialect, other))
}

/// Sources are compared where enabled routes read them on one target, as only those are made.
fn sources(project: &Project, routes: &[&TypedRoute<'_>], findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for target in project.targets.values() {
        let mut first: BTreeMap<&str, &Source> = BTreeMap::new();
        let name = &target.name.value;
        let read = routes.iter().filter(|typed| typed.route.runs_on(name));
        let read = read.map(|typed| typed.source);
        for source in read.filter(|source| source.create == Create::IfNotExists) {
            let known = *first.entry(&source.topic.value).or_insert(source);
            let options = |source| [&target.options, source];
            let columns = |source: &'_ Source| {
                let columns = source.columns.iter();
                let columns =
                    columns.map(|(name, data_type)| (name.clone(), data_type.value.clone()));
                columns.collect::<Vec<_>>()
            };
            let same = std::ptr::eq(known, source)
                || columns(known) == columns(source)
                    && come_to_the_same(options(&known.options), options(&source.options));
            if !same && told.insert((&known.name.value, &source.name.value)) {
                findings.push(different_sources(known, source));
            }
        }
    }
}

fn different_sinks(one: &Writer<'_>, other: &Writer<'_>) -> Diagnostic {
    let (topic, first) = (&other.sink.sink.topic, &one.sink.sink.topic);
    let message = format!(
        "routes `{}` and `{}` share topic `{}` but differ in its columns, key, partitions or options",
        one.typed.route.name.value, other.typed.route.name.value, topic.value
    );
    Diagnostic::new(Code::TopicConflict, message, topic.span, "one way here")
        .related(first.span, "another way here")
        .help("give both routes the same source and the same `select`, `metadata`, `key`, `partitions` and `options`")
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
