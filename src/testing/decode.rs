//! Reads tests: files of them, and the `tests` of a route.

use super::inline;
use super::syntax::{Case, EventInput, ExpectedTopic, Input, Scope, Suite};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::Instant;
use crate::source_text::decode::{self, Fields};
use crate::source_text::{Entry, FileId, Node, NodeKind, Sources, Spanned, yaml};

/// The suites of a file: one for each YAML document. Broken tests are left out, with findings.
pub fn file(id: FileId, sources: &Sources, findings: &mut Findings) -> Vec<Suite> {
    let (documents, problems) = yaml::parse(id, sources.file(id).text());
    findings.extend(problems);
    let suites = documents.iter();
    suites
        .filter_map(|document| suite(document, findings))
        .collect()
}

fn suite(node: &Node, findings: &mut Findings) -> Option<Suite> {
    let mut fields = Fields::of("a file of tests", node, findings)?;
    let source = fields
        .optional("source")
        .and_then(|node| findings.note(decode::text("`source`", node)));
    let routes = fields.optional("routes").map(|node| routes(node, findings));
    let cases = fields.required("tests").map(|node| cases(node, findings));
    fields.finish(findings);
    let scope = match routes {
        Some(routes) => Scope::Routes(routes?),
        None => Scope::Source(source),
    };
    Some(Suite {
        scope,
        cases: cases?,
        span: node.span,
    })
}

fn routes(node: &Node, findings: &mut Findings) -> Option<Vec<Spanned<String>>> {
    let names = findings.note(decode::non_empty_list("`routes`", node))?;
    let names: Vec<_> = names
        .iter()
        .map(|name| findings.note(decode::text("a route", name)))
        .collect();
    names.into_iter().collect()
}

/// Reads a list of tests.
pub fn cases(node: &Node, findings: &mut Findings) -> Vec<Case> {
    let Some(elements) = findings.note(decode::non_empty_list("`tests`", node)) else {
        return Vec::new();
    };
    let cases = elements.iter();
    cases
        .filter_map(|element| case(element, findings))
        .collect()
}

fn case(node: &Node, findings: &mut Findings) -> Option<Case> {
    let mut fields = Fields::of("a test", node, findings)?;
    let name = fields
        .required("name")
        .and_then(|node| findings.note(decode::text("`name`", node)));
    let event = fields
        .optional("event")
        .map(|node| findings.note(event(node)));
    let row = fields.optional("row").map(|node| row(node, findings));
    let now = fields
        .optional("now")
        .map(|node| findings.note(instant(node)));
    let is_valid = fields
        .optional("valid")
        .map(|node| findings.note(decode::boolean("`valid`", node)));
    let span = fields.span();
    let expected = fields
        .required("expect")
        .map(|node| (expected(node, findings), node.span));
    fields.finish(findings);
    if event.is_none() && row.is_none() {
        let message = "a test needs an `event` or a `row`";
        let problem = Diagnostic::new(Code::MissingKey, message, span, "nothing comes in");
        findings.push(
            problem.help(
                "add `event:` with a file such as samples/loan.json, or with the event itself",
            ),
        );
        return None;
    }
    let (expected, expected_span) = expected?;
    // What is written and cannot be read must not pass for what is left out.
    let broken = event.as_ref().is_some_and(Option::is_none)
        || row.as_ref().is_some_and(Option::is_none)
        || is_valid.is_some_and(|valid| valid.is_none())
        || now.as_ref().is_some_and(Option::is_none);
    if broken {
        return None;
    }
    Some(Case {
        name: name?,
        input: Input {
            event: event.flatten(),
            row: row.flatten(),
        },
        is_valid: is_valid.flatten().is_none_or(|valid| valid.value),
        now: now.flatten(),
        expected: expected?,
        expected_span,
    })
}

/// A file's path, or the document itself.
fn event(node: &Node) -> Result<EventInput, Diagnostic> {
    match &node.kind {
        NodeKind::Scalar(_) => decode::text("`event`", node).map(EventInput::Files),
        NodeKind::Mapping(_) => {
            let text = inline::json(node)?;
            Ok(EventInput::Inline(Spanned::new(text, node.span)))
        }
        NodeKind::Sequence(_) => {
            let expected = "`event` must be a file or the event itself";
            Err(decode::wrong_shape(node, expected)
                .help("for several files write a pattern: samples/*.json"))
        }
    }
}

fn row(node: &Node, findings: &mut Findings) -> Option<Node> {
    if node.entries().is_none() {
        let problem = decode::wrong_shape(node, "`row` must map columns to values");
        findings.push(problem.help("write for example {__op: u}"));
        return None;
    }
    Some(node.clone())
}

fn instant(node: &Node) -> Result<Spanned<Instant>, Diagnostic> {
    let problem = || {
        decode::wrong_shape(node, "`now` must be an instant")
            .help("write it with seconds and an offset: 2025-01-20T13:30:00Z")
    };
    let scalar = node.scalar().ok_or_else(problem)?;
    let instant = Instant::parse(&scalar.text).map_err(|_| problem())?;
    Ok(Spanned::new(instant, node.span))
}

/// Topics alone, or topics with what must stand in their columns.
fn expected(node: &Node, findings: &mut Findings) -> Option<Vec<ExpectedTopic>> {
    match &node.kind {
        NodeKind::Sequence(topics) => {
            let topics: Vec<_> = topics
                .iter()
                .map(|node| {
                    let topic = decode::text("a topic", node).map_err(|problem| match node.kind {
                        NodeKind::Mapping(_) => problem
                            .help("write `expect: {topic: {column: value}}`, without the list"),
                        _ => problem,
                    });
                    let topic = findings.note(topic)?;
                    Some(ExpectedTopic {
                        topic,
                        columns: None,
                    })
                })
                .collect();
            topics.into_iter().collect()
        }
        NodeKind::Mapping(entries) => {
            let topics: Vec<_> = entries
                .iter()
                .map(|entry| with_columns(entry, findings))
                .collect();
            topics.into_iter().collect()
        }
        NodeKind::Scalar(_) => {
            let expected = "`expect` must list topics";
            findings.push(
                decode::wrong_shape(node, expected)
                    .help("write `[topic]`, `[]` for nowhere, or `{topic: {column: value}}`"),
            );
            None
        }
    }
}

fn with_columns(entry: &Entry, findings: &mut Findings) -> Option<ExpectedTopic> {
    let columns = match &entry.value.kind {
        NodeKind::Mapping(_) => Some(entry.value.clone()),
        NodeKind::Scalar(scalar) if scalar.is_null() => None,
        NodeKind::Scalar(_) | NodeKind::Sequence(_) => {
            let expected = "what a topic gets must map columns to values";
            findings.push(
                decode::wrong_shape(&entry.value, expected)
                    .help("write `{topic: {column: value}}`, or `{topic: }` for any columns"),
            );
            return None;
        }
    };
    Some(ExpectedTopic {
        topic: Spanned::new(entry.key.text.clone(), entry.key.span),
        columns,
    })
}
