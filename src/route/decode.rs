//! Reads route files.

use super::select;
use super::syntax::{Literal, Node, Operand, Route, Sink, Test};
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::ir::ValueType;
use crate::ir::operator::{self, Form, Operator};
use crate::project::{names, source, start};
use crate::schema::FieldPath;
use crate::source_text::decode::{self, Fields};
use crate::source_text::{
    Entry, FileId, Node as Tree, NodeKind, Scalar, Sources, Span, Spanned, yaml,
};

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
    let mut optional_text = |key: &'static str, findings: &mut Findings| {
        let read = |node| findings.note(decode::text(&format!("`{key}`"), node));
        if_written(fields.optional(key), read)
    };
    let description = optional_text("description", findings);
    let consumer = optional_text("consumer", findings);
    let from = optional_text("from", findings);
    let condition = fields
        .required("where")
        .and_then(|node| where_(node, findings));
    let sink = fields.required("to").and_then(|node| sink(node, findings));
    let enabled = if_written(fields.optional("enabled"), |node| {
        findings.note(decode::boolean("`enabled`", node))
    });
    let operations = if_written(fields.optional("operations"), |node| {
        let read = source::operations("`operations`", node, findings);
        Some(Spanned::new(read, node.span))
    });
    let start = if_written(fields.optional("start"), |node| {
        start::decode(node, findings)
    });
    let span = fields.span();
    fields.finish(findings);
    Some(Route {
        name: name?,
        description: description.unwrap_or_default(),
        consumer: consumer.unwrap_or_default(),
        from: from.ok()?,
        condition: condition?,
        sink: sink?,
        enabled: enabled
            .unwrap_or_default()
            .is_none_or(|enabled| enabled.value),
        operations: operations.unwrap_or_default(),
        start: start.ok()?,
        span,
    })
}

/// That a value stands there and cannot be read: not the same as that it is left out.
struct Broken;

fn if_written<'n, T>(
    node: Option<&'n Tree>,
    read: impl FnOnce(&'n Tree) -> Option<T>,
) -> Result<Option<T>, Broken> {
    node.map(|node| read(node).ok_or(Broken)).transpose()
}

fn sink(node: &Tree, findings: &mut Findings) -> Option<Sink> {
    let mut fields = Fields::of("`to`", node, findings)?;
    let topic = fields
        .required("topic")
        .and_then(|node| findings.note(names::topic("`topic`", node)));
    let key = if_written(fields.optional("key"), |node| path("`key`", node, findings));
    let shared = fields
        .optional("shared")
        .and_then(|node| findings.note(decode::boolean("`shared`", node)))
        .is_some_and(|shared| shared.value);
    let select = fields
        .optional("select")
        .map(|node| select::decode(node, findings));
    let metadata = fields
        .optional("metadata")
        .and_then(|node| findings.note(decode::boolean("`metadata`", node)))
        .is_some_and(|metadata| metadata.value);
    fields.finish(findings);
    Some(Sink {
        topic: topic?,
        key: key.unwrap_or_default(),
        shared,
        select: match select {
            Some(select) => Some(select?),
            None => None,
        },
        metadata,
    })
}

fn path(what: &str, node: &Tree, findings: &mut Findings) -> Option<Spanned<FieldPath>> {
    let text = findings.note(decode::text(what, node))?;
    findings.note(source::field_path(&text))
}

/// The value of `where`: the word `always`, a list (which means `all`), or one node.
fn where_(node: &Tree, findings: &mut Findings) -> Option<Node> {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.text == "always" => Some(Node::Always),
        NodeKind::Scalar(scalar) if scalar.is_null() => {
            findings.push(empty_condition("`where` is empty", node.span));
            None
        }
        NodeKind::Scalar(_) => {
            let expected =
                "`where` must be a condition, a list of conditions, or the word `always`";
            findings.push(decode::wrong_shape(node, expected).help(EXAMPLE));
            None
        }
        NodeKind::Sequence(_) => list("`where`", node, findings).map(Node::All),
        NodeKind::Mapping(_) => condition(node, findings),
    }
}

/// The keys that make a mapping a condition of one kind.
const COMBINATORS: [&str; 3] = ["all", "any", "not"];

/// What to write where a condition was expected.
const EXAMPLE: &str = "for example `{field: eventHeader.eventType, equals: LoanCreated}`";

fn condition(node: &Tree, findings: &mut Findings) -> Option<Node> {
    let Some(entries) = node.entries() else {
        findings.push(if node.scalar().is_some_and(Scalar::is_null) {
            empty_condition("this condition is empty", node.span)
        } else {
            let expected = "a condition must be a mapping with `field`, `all`, `any` or `not`";
            decode::wrong_shape(node, expected).help(EXAMPLE)
        });
        return None;
    };
    let combinators: Vec<&Entry> = entries
        .iter()
        .filter(|entry| COMBINATORS.contains(&&*entry.key.text))
        .collect();
    match (combinators.as_slice(), entries) {
        (_, []) => {
            findings.push(empty_condition("this condition is empty", node.span));
            None
        }
        ([], _) => test(node, findings).map(Node::Test),
        ([only], [_]) => combinator(only, findings),
        ([first, ..], _) => {
            let other = entries
                .iter()
                .find(|entry| entry.key.text != first.key.text);
            findings.push(mixed_kinds(first, other.unwrap_or(first)));
            None
        }
    }
}

fn combinator(entry: &Entry, findings: &mut Findings) -> Option<Node> {
    match &*entry.key.text {
        "all" => list("`all`", &entry.value, findings).map(Node::All),
        "any" => list("`any`", &entry.value, findings).map(Node::Any),
        _ => condition(&entry.value, findings).map(|node| Node::Not(Box::new(node))),
    }
}

/// The conditions of a list. One that is broken makes the whole list unusable, as its meaning changed.
fn list(what: &str, node: &Tree, findings: &mut Findings) -> Option<Vec<Node>> {
    let Some(elements) = node.elements() else {
        findings.push(if node.scalar().is_some_and(Scalar::is_null) {
            empty_condition(&format!("{what} has no conditions"), node.span)
        } else {
            decode::wrong_shape(node, &format!("{what} must be a list of conditions"))
                .help("begin each condition with `- `")
        });
        return None;
    };
    if elements.is_empty() {
        findings.push(empty_condition(
            &format!("{what} has no conditions"),
            node.span,
        ));
        return None;
    }
    let conditions: Vec<_> = elements
        .iter()
        .map(|element| condition(element, findings))
        .collect();
    conditions.into_iter().collect()
}

fn test(node: &Tree, findings: &mut Findings) -> Option<Test> {
    let mut fields = Fields::of("a condition", node, findings)?;
    let field = fields
        .optional("field")
        .map(|node| path("`field`", node, findings));
    let read_as = if_written(fields.optional("as"), |node| {
        findings.note(decode::word("`as`", node, ValueType::WORDS))
    });
    let mut found: Vec<(&'static Operator, &Entry)> = Vec::new();
    for operator in operator::ALL.iter().copied() {
        if let Some(entry) = fields.entry(operator.key) {
            found.push((operator, entry));
        }
    }
    for key in COMBINATORS {
        fields.optional(key);
    }
    // A key that nobody knows may stand for what is missing; it is one mistake.
    let all_known = fields.finish(findings);
    if field.is_none() && all_known {
        findings.push(decode::missing_key("a condition", "field", node));
    }
    let (operator, entry) = match found.as_slice() {
        [one] => *one,
        [] => {
            findings.extend(all_known.then(|| no_operator(node)));
            return None;
        }
        [(_, first), (_, second), ..] => {
            findings.push(two_operators(first, second));
            return None;
        }
    };
    let operand = operand(operator, &entry.value, findings)?;
    Some(Test {
        field: field??,
        read_as: read_as.ok()?,
        operator: Spanned::new(operator, entry.key.span),
        operand: Spanned::new(operand, entry.value.span),
    })
}

fn operand(operator: &'static Operator, node: &Tree, findings: &mut Findings) -> Option<Operand> {
    let what = format!("`{}`", operator.key);
    match operator.form {
        Form::One(_) | Form::Own { .. } => findings.note(literal(&what, node)).map(Operand::One),
        Form::Many(_) => {
            let elements = findings.note(decode::non_empty_list(&what, node))?;
            let values: Vec<_> = elements
                .iter()
                .map(|element| findings.note(literal(&format!("a value of {what}"), element)))
                .collect();
            values
                .into_iter()
                .collect::<Option<Vec<_>>>()
                .map(Operand::Many)
        }
        Form::Range(_) => match node.elements() {
            Some([low, high]) => {
                let low = findings.note(literal(&format!("the lower end of {what}"), low));
                let high = findings.note(literal(&format!("the upper end of {what}"), high));
                Some(Operand::Range(low?, high?))
            }
            _ => {
                let message = format!("{what} must be a list of two values");
                let problem =
                    Diagnostic::new(Code::WrongShape, message, node.span, "not two values");
                findings.push(problem.help("write it as `[low, high]`; both ends are included"));
                None
            }
        },
        Form::Alone(_) => {
            let flag = findings.note(decode::boolean(&what, node))?;
            if !flag.value {
                let message = format!("{what} can only be true");
                findings.push(
                    Diagnostic::new(Code::WrongShape, message, node.span, "false says nothing")
                        .help("use `isNull: true` or `isNotNull: true`"),
                );
                return None;
            }
            Some(Operand::None)
        }
    }
}

fn literal(what: &str, node: &Tree) -> Result<Literal, Diagnostic> {
    let Some(scalar) = node.scalar() else {
        return Err(
            decode::wrong_shape(node, &format!("{what} must be one value"))
                .help("to compare with several values use `in` or `notIn`"),
        );
    };
    if scalar.is_null() {
        let message = format!("{what} cannot be null: nothing is ever equal to null");
        return Err(
            Diagnostic::new(Code::OperandType, message, node.span, "null")
                .help("to ask whether the value is missing, use `isNull: true`"),
        );
    }
    Ok(Literal {
        text: scalar.text.clone(),
        style: scalar.style,
        span: node.span,
    })
}

fn empty_condition(message: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::EmptyCondition,
        message,
        span,
        "would route every event",
    )
    .help("write a condition into it; to route every event write `where: always`")
}

fn mixed_kinds(first: &Entry, other: &Entry) -> Diagnostic {
    let message = format!(
        "`{}` stands beside `{}`; a condition is of one kind",
        other.key.text, first.key.text
    );
    Diagnostic::new(
        Code::BadCondition,
        message,
        other.key.span,
        "cannot stand here",
    )
    .related(first.key.span, "this makes it a combination")
    .help(match &*first.key.text {
        "not" => "write both under `all`, each as a list item of its own".to_owned(),
        _ => {
            let (list, other) = (&first.key.text, &other.key.text);
            format!("move `{other}` into the list of `{list}`, as a condition of its own")
        }
    })
}

fn no_operator(node: &Tree) -> Diagnostic {
    let keys: Vec<_> = operator::ALL.iter().map(|operator| operator.key).collect();
    let place = node
        .entry("field")
        .map_or(node.span, |entry| entry.key.span);
    Diagnostic::new(
        Code::BadCondition,
        "this condition has no operator",
        place,
        "compared with what?",
    )
    .help_if(did_you_mean("", &keys))
}

fn two_operators(first: &Entry, second: &Entry) -> Diagnostic {
    let message = format!(
        "this condition has two operators, `{}` and `{}`",
        first.key.text, second.key.text
    );
    Diagnostic::new(
        Code::BadCondition,
        message,
        second.key.span,
        "second operator",
    )
    .related(first.key.span, "first operator")
    .help("write two conditions under `all`, or `between` for a range")
}
