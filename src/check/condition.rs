//! Conditions: fields resolved, operands typed, with what neighbouring conditions pin.

use std::collections::HashSet;
use std::hash::Hash;

use super::field::Field;
use super::{Context, elements, field, operand};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::operator::{Form, Operator, Predicate};
use crate::ir::{Condition, Origin, Test, ValueType};
use crate::route::syntax::{self, Node, Operand, OtherField};
use crate::schema::FieldPath;
use crate::source_text::{Span, Spanned};

/// Types a condition that counts where another one does (`beside`); nothing comes back where any part of it
/// has a finding.
pub(super) fn check(
    context: &Context<'_>,
    node: &Node,
    beside: &[Node],
    findings: &mut Findings,
) -> Option<Condition> {
    walk(context, node, &pins(beside), findings)
}

/// `pins` are the tests that hold wherever this node counts.
pub(super) fn walk(
    context: &Context<'_>,
    node: &Node,
    pins: &[&syntax::Test],
    findings: &mut Findings,
) -> Option<Condition> {
    let mut each = |nodes: &[Node], pins: &[&syntax::Test]| -> Option<Vec<Condition>> {
        let typed: Vec<_> = nodes
            .iter()
            .map(|node| walk(context, node, pins, findings))
            .collect();
        typed.into_iter().collect()
    };
    match node {
        Node::Always => Some(Condition::Always),
        Node::All(nodes) => {
            let mut pins = pins.to_vec();
            collect_pins(nodes, &mut pins);
            each(nodes, &pins).map(Condition::All)
        }
        Node::Any(nodes) => each(nodes, pins).map(Condition::Any),
        Node::Not(node) => {
            walk(context, node, pins, findings).map(|inner| Condition::Not(Box::new(inner)))
        }
        Node::Test(test) if test.field.value.has_any() => {
            elements::some_text(context, test, findings).map(Condition::SomeText)
        }
        Node::Test(test) => self::test(context, test, pins, findings).map(Condition::Test),
        Node::AnyElement(any) => {
            elements::any_element(context, any, pins, findings).map(Condition::AnyElement)
        }
    }
}

/// What is certain of an event for which each of these conditions holds.
pub(super) fn pins<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> Vec<&'n syntax::Test> {
    let mut pins = Vec::new();
    for node in nodes {
        collect_pins(std::slice::from_ref(node), &mut pins);
    }
    pins
}

/// The `equals` and `in` tests of a conjunction, those of an `all` inside it included.
pub(super) fn collect_pins<'n>(nodes: &'n [Node], pins: &mut Vec<&'n syntax::Test>) {
    for node in nodes {
        match node {
            Node::Test(test) if matches!(test.operator.value.key, "equals" | "in") => {
                // Another field pins nothing that is known before an event comes.
                if !matches!(test.operand.value, Operand::Field(_)) {
                    pins.push(test);
                }
            }
            Node::All(nodes) => collect_pins(nodes, pins),
            Node::Test(_) | Node::Always | Node::Any(_) | Node::Not(_) | Node::AnyElement(_) => {}
        }
    }
}

fn test(
    context: &Context<'_>,
    test: &syntax::Test,
    pins: &[&syntax::Test],
    findings: &mut Findings,
) -> Option<Test> {
    let operator = test.operator.value;
    let resolve = match operator.form {
        Form::Alone(_) => field::resolve_presence,
        _ => field::resolve,
    };
    let field = findings.note(resolve(context, &test.field, test.read_as, pins))?;
    if !(operator.accepts)(field.subject.value_type) {
        findings.push(wrong_operator(test, field.subject.value_type));
        return None;
    }
    let read = |literal| operand::read(context, &field, test, literal);
    let predicate = match (operator.form, &test.operand.value) {
        (Form::Alone(lower), Operand::None) => Predicate::Alone(lower),
        (Form::Compare(operator), Operand::One(literal)) => {
            Predicate::Compare(operator, findings.note(read(literal))?)
        }
        (Form::Compare(operator), Operand::Field(other)) => {
            let path = &other.path;
            let other = findings.note(self::other(context, other, test.read_as, pins))?;
            findings.note(operand::comparable(&field, test, &other, path))?;
            if field.subject.place == other.subject.place {
                findings.push(itself(test, path));
                return None;
            }
            Predicate::CompareFields(operator, other.subject)
        }
        (Form::Own { read, meaning }, Operand::One(literal)) => Predicate::Own(
            meaning,
            findings.note(operand::read_own(test, literal, read))?,
        ),
        (Form::Window(lower), Operand::Window(window)) => Predicate::Window(lower, window.clone()),
        (Form::Many(lower), Operand::Many(literals)) => {
            let values: Vec<_> = literals
                .iter()
                .map(|literal| findings.note(read(literal)))
                .collect();
            let values: Vec<_> = values.into_iter().collect::<Option<_>>()?;
            Predicate::Many(lower, without_repetitions(values))
        }
        (Form::Range(lower), Operand::Range(low, high)) => {
            let (low, high) = (findings.note(read(low)), findings.note(read(high)));
            let (low, high) = findings.note(operand::range(low?, high?, test.operand.span))?;
            Predicate::Range(lower, low, high)
        }
        _ => {
            findings.push(mismatched_form(operator, test.operand.span));
            return None;
        }
    };
    Some(Test {
        origin: origin(test),
        subject: field.subject,
        operator,
        predicate,
    })
}

/// The field that another one is compared with. It is read as that one is, but for an instant that says itself what it is.
fn other(
    context: &Context<'_>,
    other: &OtherField,
    first_read_as: Option<Spanned<ValueType>>,
    pins: &[&syntax::Test],
) -> Result<Field, Diagnostic> {
    let resolve = |read_as| field::resolve(context, &other.path, read_as, pins);
    match (other.read_as, first_read_as) {
        (None, Some(first)) if first.value.is_instant() => match resolve(None) {
            Ok(own) if own.subject.value_type.is_instant() => Ok(own),
            _ => resolve(Some(first)),
        },
        (own, first) => resolve(own.or(first)),
    }
}

/// Nobody means that, and Flink's planner takes such a comparison for true where the field is null (2.2.1).
fn itself(test: &syntax::Test, path: &Spanned<FieldPath>) -> Diagnostic {
    let message = format!("`{}` is compared with itself", test.field.value);
    Diagnostic::new(Code::OperandValue, message, path.span, "the same field")
        .related(test.field.span, "as here")
        .help("compare it with another field; to ask whether it is there write `isNotNull: true`")
}

/// The values in their order, each once: `5` and `5.0` are one number.
pub(super) fn without_repetitions<T: Eq + Hash + Clone>(values: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::new();
    let once = values.into_iter();
    once.filter(|value| seen.insert(value.clone())).collect()
}

/// Where a test is written, and what it says there.
pub(super) fn origin(test: &syntax::Test) -> Origin {
    let operand = match &test.operand.value {
        Operand::None => "true".to_owned(),
        Operand::One(literal) => literal.text.clone(),
        Operand::Field(other) => format!("the field {}", other.path.value),
        Operand::Many(literals) => {
            let texts: Vec<_> = literals.iter().map(|one| one.text.as_str()).collect();
            format!("[{}]", texts.join(", "))
        }
        Operand::Range(low, high) => format!("[{}, {}]", low.text, high.text),
        Operand::Window(window) => window.to_string(),
    };
    Origin {
        path: test.field.value.to_string(),
        test: format!("{} {operand}", test.operator.value.key),
        span: test.field.span,
        operand: test.operand.span,
    }
}

fn wrong_operator(test: &syntax::Test, value_type: ValueType) -> Diagnostic {
    let key = test.operator.value.key;
    let message = format!("`{key}` does not work on {}", value_type.describe());
    let label = format!("`{}` is {}", test.field.value, value_type.describe());
    let help = match value_type {
        ValueType::Text => {
            "text has no order that is the same everywhere; use `equals` or `in`, or read it with `as: number` or `as: instant`"
        }
        ValueType::Structure => "name a field inside it, or use `isNull` or `isNotNull`",
        ValueType::Number | ValueType::Boolean | ValueType::Instant(_) => {
            "use `equals`, `in` or `notIn`"
        }
    };
    Diagnostic::new(
        Code::OperatorType,
        message,
        test.operator.span,
        "this operator",
    )
    .related(test.field.span, label)
    .help(help)
}

fn mismatched_form(operator: &Operator, span: Span) -> Diagnostic {
    let message = format!("the operand of `{}` was read in another form", operator.key);
    Diagnostic::new(Code::Internal, message, span, "this operand")
}
