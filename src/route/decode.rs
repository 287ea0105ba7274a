//! Reads route files; what stands under `where` is read by `condition.rs`.

use super::syntax::{Route, Sink};
use super::{allow, condition, select};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::ValueType;
use crate::project::{self, names, options, source, start};
use crate::schema::FieldPath;
use crate::source_text::decode::{self, Fields};
use crate::source_text::{FileId, Node as Tree, NodeKind, Sources, Span, Spanned, yaml};
use crate::testing;

/// The routes of a file: one for each YAML document. Broken ones are left out, with findings.
pub fn file(id: FileId, sources: &Sources, findings: &mut Findings) -> Vec<Route> {
    let (documents, problems) = yaml::parse(id, sources.file(id).text());
    if documents.is_empty() && problems.is_empty() {
        let message = "this route file is empty";
        let problem = Diagnostic::new(
            Code::MissingKey,
            message,
            Span::new(id, 0..0),
            "no route here",
        );
        findings.push(problem.help("remove the file or write a route into it"));
    }
    findings.extend(problems);
    documents
        .iter()
        .filter_map(|document| route(document, findings))
        .collect()
}

fn route(node: &Tree, findings: &mut Findings) -> Option<Route> {
    let mut fields = Fields::of("a route", node, findings)?;
    let name = fields
        .required("route")
        .and_then(|node| findings.note(names::label("`route`", "a route", node, names::MAX_ROUTE)));
    let was = if_written(fields.optional("was"), |node| {
        let name = |node| names::label("`was`", "a route", node, names::MAX_ROUTE);
        let elements = findings.note(decode::non_empty_list("`was`", node))?;
        let names = elements.iter().map(|element| findings.note(name(element)));
        names.collect::<Option<Vec<_>>>()
    });
    let mut optional_text = |key: &'static str, findings: &mut Findings| {
        let read = |node| findings.note(decode::text(&format!("`{key}`"), node));
        if_written(fields.optional(key), read)
    };
    let description = optional_text("description", findings);
    let consumer = optional_text("consumer", findings);
    let from = optional_text("from", findings);
    let condition = fields
        .required("where")
        .and_then(|node| condition::read(node, findings));
    let sinks = fields.required("to").and_then(|node| sinks(node, findings));
    let enabled = if_written(fields.optional("enabled"), |node| enabled(node, findings));
    let operations = if_written(fields.optional("operations"), |node| {
        let read = source::operations("`operations`", node, findings);
        Some(Spanned::new(read, node.span))
    });
    let start = if_written(fields.optional("start"), |node| {
        start::decode(node, findings)
    });
    let allow = fields
        .optional("allow")
        .map(|node| allow::decode(node, findings));
    let tests = fields.optional("tests");
    let tests = tests.map_or_else(Vec::new, |node| testing::decode::cases(node, findings));
    let span = fields.span();
    fields.finish(findings);
    let (enabled, targets) = enabled.unwrap_or_default().unwrap_or((true, None));
    Some(Route {
        name: name?,
        was: was.ok()?.unwrap_or_default(),
        description: description.unwrap_or_default(),
        consumer: consumer.unwrap_or_default(),
        from: from.ok()?,
        condition: condition?,
        sinks: sinks?,
        enabled,
        targets,
        operations: operations.unwrap_or_default(),
        start: start.ok()?,
        allow: allow.unwrap_or_default(),
        tests,
        span,
    })
}

/// `true`, `false`, or the targets that the route is to run on.
fn enabled(node: &Tree, findings: &mut Findings) -> Option<(bool, Option<Vec<Spanned<String>>>)> {
    if !matches!(node.kind, NodeKind::Sequence(_)) {
        let enabled = findings.note(decode::boolean("`enabled`", node))?;
        return Some((enabled.value, None));
    }
    let elements = findings.note(decode::non_empty_list("`enabled`", node))?;
    let target = |element| findings.note(decode::text("a target", element));
    let targets = elements.iter().map(target).collect::<Option<_>>()?;
    Some((true, Some(targets)))
}

/// That a value stands there and cannot be read: not the same as that it is left out.
pub(super) struct Broken;

pub(super) fn if_written<'n, T>(
    node: Option<&'n Tree>,
    read: impl FnOnce(&'n Tree) -> Option<T>,
) -> Result<Option<T>, Broken> {
    node.map(|node| read(node).ok_or(Broken)).transpose()
}

/// The type after `as`, where there is one; `Err` where it cannot be read.
pub(super) fn read_as(
    fields: &mut Fields<'_>,
    findings: &mut Findings,
) -> Result<Option<Spanned<ValueType>>, Broken> {
    if_written(fields.optional("as"), |node| {
        findings.note(decode::word("`as`", node, ValueType::WORDS))
    })
}

/// One sink, or a list of them. One that is broken makes the route unusable, as its meaning changed.
fn sinks(node: &Tree, findings: &mut Findings) -> Option<Vec<Sink>> {
    if node.elements().is_none() {
        return sink("`to`", node, findings).map(|sink| vec![sink]);
    }
    let elements = findings.note(decode::non_empty_list("`to`", node))?;
    let sinks: Vec<_> = elements
        .iter()
        .map(|element| sink("a sink", element, findings))
        .collect();
    sinks.into_iter().collect()
}

fn sink(what: &'static str, node: &Tree, findings: &mut Findings) -> Option<Sink> {
    let mut fields = Fields::of(what, node, findings)?;
    let condition = if_written(fields.optional("where"), |node| {
        condition::read(node, findings)
    });
    let topic = fields
        .required("topic")
        .and_then(|node| findings.note(names::topic("`topic`", node)));
    let key = if_written(fields.optional("key"), |node| path("`key`", node, findings));
    let shared = fields
        .optional("shared")
        .and_then(|node| findings.note(decode::boolean("`shared`", node)))
        .is_some_and(|shared| shared.value);
    let select = if_written(fields.optional("select"), |node| {
        select::decode(node, findings)
    });
    let metadata = fields
        .optional("metadata")
        .and_then(|node| findings.note(decode::boolean("`metadata`", node)))
        .is_some_and(|metadata| metadata.value);
    let partitions = project::partitions(&mut fields, findings);
    let options = options::decode(fields.optional("options"), options::OF_SINK, findings);
    fields.finish(findings);
    Some(Sink {
        condition: condition.ok()?,
        topic: topic?,
        key: key.unwrap_or_default(),
        shared,
        select: select.ok()?,
        metadata,
        partitions,
        options,
    })
}

pub(super) fn path(what: &str, node: &Tree, findings: &mut Findings) -> Option<Spanned<FieldPath>> {
    let text = findings.note(decode::text(what, node))?;
    findings.note(source::field_path(&text))
}
