//! Reads conditions: what stands under `where`.

use super::decode::{if_written, path, read_as};
use super::syntax::{AnyElement, Literal, Node, Operand, OtherField, Test};
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::ir::operator::{self, Form, Operator};
use crate::ir::{TimeOfDay, TimeOfDayPart};
use crate::source_text::decode::{self, Fields};
use crate::source_text::{Entry, Node as Tree, NodeKind, Scalar, Span, Spanned};

/// The value of `where`: the word `always`, a list (which means `all`), or one node.
pub(super) fn read(node: &Tree, findings: &mut Findings) -> Option<Node> {
    if let Some(entry) = too_deep(node, 0) {
        findings.push(nested_too_deep(entry));
        return None;
    }
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
const COMBINATORS: [&str; 4] = ["all", "any", "not", "anyElement"];

/// How deeply combinations may nest: what is made of one more might be more than the reader of the SQL takes.
const MOST_LEVELS: usize = 24;

/// The first combination that stands deeper than that.
fn too_deep(node: &Tree, level: usize) -> Option<&Entry> {
    match &node.kind {
        NodeKind::Scalar(_) => None,
        NodeKind::Sequence(elements) => elements.iter().find_map(|one| too_deep(one, level)),
        NodeKind::Mapping(entries) => entries.iter().find_map(|entry| {
            let level = level + usize::from(COMBINATORS.contains(&&*entry.key.text));
            if level > MOST_LEVELS {
                return Some(entry);
            }
            too_deep(&entry.value, level)
        }),
    }
}

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
        "anyElement" => any_element(&entry.value, findings).map(Node::AnyElement),
        _ => condition(&entry.value, findings).map(|node| Node::Not(Box::new(node))),
    }
}

fn any_element(node: &Tree, findings: &mut Findings) -> Option<AnyElement> {
    let mut fields = Fields::of("`anyElement`", node, findings)?;
    let array = fields.required("in");
    let array = array.and_then(|node| path("`in`", node, findings));
    let at_most = if_written(fields.optional("atMost"), |node| {
        let possible = 1..=AnyElement::MOST;
        findings.note(decode::integer("`atMost`", node, possible))
    });
    let condition = fields.required("where");
    let condition = condition.and_then(|node| match &node.kind {
        NodeKind::Sequence(_) => list("`where`", node, findings).map(Node::All),
        _ => self::condition(node, findings),
    });
    fields.finish(findings);
    Some(AnyElement {
        array: array?,
        at_most: at_most.ok()?,
        condition: Box::new(condition?),
    })
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
    let read_as = read_as(&mut fields, findings);
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
        Form::Compare(_) if node.entries().is_some() => {
            let mut fields = Fields::of("an operand", node, findings)?;
            let field = fields.required("field");
            let field = field.and_then(|node| path("`field`", node, findings));
            let read_as = read_as(&mut fields, findings);
            fields.finish(findings);
            Some(Operand::Field(OtherField {
                path: field?,
                read_as: read_as.ok()?,
            }))
        }
        Form::Compare(_) | Form::Own { .. } => {
            findings.note(literal(&what, node)).map(Operand::One)
        }
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
        Form::Window(_) => window(&what, node, findings).map(Operand::Window),
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

fn window(what: &str, node: &Tree, findings: &mut Findings) -> Option<TimeOfDay> {
    let mut fields = Fields::of("a time of day", node, findings)?;
    let parts = ["from", "to", "zone"].map(|key| {
        let node = fields.required(key)?;
        findings.note(decode::text(&format!("`{key}`"), node))
    });
    fields.finish(findings);
    let [Some(from), Some(to), Some(zone)] = parts else {
        return None;
    };
    let window = TimeOfDay::parse(&from.value, &to.value, &zone.value).map_err(|error| {
        let span = match error.part {
            TimeOfDayPart::From => from.span,
            TimeOfDayPart::To => to.span,
            TimeOfDayPart::Zone => zone.span,
        };
        let message = format!("{what}: {}", error.message);
        Diagnostic::new(Code::OperandValue, message, span, "here").help(error.help)
    });
    findings.note(window)
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

fn nested_too_deep(entry: &Entry) -> Diagnostic {
    let message = format!("conditions nest more than {MOST_LEVELS} levels deep");
    let label = format!("level {}", MOST_LEVELS + 1);
    Diagnostic::new(Code::BadCondition, message, entry.key.span, label)
        .help("an `all` within an `all`, and an `any` within an `any`, can be one list")
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
