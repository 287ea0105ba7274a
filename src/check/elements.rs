//! Conditions on some element of an array: `[*]` in a path, and `anyElement`.

use super::field::Field;
use super::unroll::Unrolling;
use super::{Context, condition, field, operand, path_problem, way};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::{AnyElement, Condition, Origin, Place, SomeText, Step, Subject, Value, ValueType};
use crate::project::layout::Layout;
use crate::route::syntax::{self, Node, Operand};
use crate::schema::{FieldPath, FieldType, Pins, Root, Segment};
use crate::source_text::Spanned;

/// A test whose path has a `[*]`: equality over all elements.
pub(super) fn some_text(
    context: &Context<'_>,
    test: &syntax::Test,
    findings: &mut Findings,
) -> Option<SomeText> {
    let (array, steps) = findings.note(split(test))?;
    findings.note(refuse_other_type(test))?;
    findings.note(refuse_maps(context, test))?;
    let known = context
        .schema
        .schema
        .resolve(&test.field.value, &Pins::none());
    let known = known.map_err(|problem| path_problem::diagnostic(context, &test.field, problem));
    let known = findings.note(known)?;
    if known.kind != FieldType::Text {
        findings.push(not_text(test));
        return None;
    }
    let array = findings.note(way::to(context, &test.field, &array))?;
    let declared = known.declared_at.iter();
    let declared = declared.filter_map(|place| context.schema.span(place));
    let field = Field {
        subject: Subject {
            place: Place::column("", crate::sql::DataType::STRING),
            value_type: ValueType::Text,
        },
        closed: known.closed.filter(|_| test.read_as.is_none()),
        declared: declared.collect(),
        scale: None,
    };
    let literals = match (test.operator.value.key, &test.operand.value) {
        ("equals", Operand::One(literal)) => std::slice::from_ref(literal),
        ("in", Operand::Many(literals)) => literals.as_slice(),
        _ => {
            findings.push(not_equality(test));
            return None;
        }
    };
    let mut texts = Vec::new();
    for literal in literals {
        match findings.note(operand::read(context, &field, test, literal))? {
            Value::Text(wanted) => texts.push(wanted),
            _ => return None,
        }
    }
    Some(SomeText {
        origin: condition::origin(test),
        array,
        steps,
        texts: condition::without_repetitions(texts),
    })
}

/// The path of the array, and the way from an element to the text.
fn split(test: &syntax::Test) -> Result<(FieldPath, Vec<Step>), Diagnostic> {
    let path = &test.field.value;
    let mut parts = path.segments.split(|segment| *segment == Segment::Any);
    let (Some(array), Some(element), None) = (parts.next(), parts.next(), parts.next()) else {
        let message = "only one `[*]` can stand in a path";
        return Err(
            Diagnostic::new(Code::BadPath, message, test.field.span, "more than one")
                .help("use `anyElement` for the outer list"),
        );
    };
    let array = FieldPath {
        root: path.root,
        segments: array.to_vec(),
    };
    Ok((array, element.iter().filter_map(way::step).collect()))
}

/// Whatever the elements hold is compared as text.
fn refuse_other_type(test: &syntax::Test) -> Result<(), Diagnostic> {
    match &test.read_as {
        Some(read_as) if read_as.value != ValueType::Text => {
            let message = "`[*]` compares text alone";
            let label = format!("reads them as {}", read_as.value.describe());
            Err(
                Diagnostic::new(Code::OperatorType, message, read_as.span, label)
                    .related(test.field.span, "any element")
                    .help(format!("remove `as`, or {}", other_way(test))),
            )
        }
        _ => Ok(()),
    }
}

/// Inside a map with dotted keys or JSON texts a path has another spelling, which `[*]` does not have.
fn refuse_maps(context: &Context<'_>, test: &syntax::Test) -> Result<(), Diagnostic> {
    let keys: Vec<&str> = test
        .field
        .value
        .segments
        .iter()
        .filter_map(Segment::key)
        .collect();
    let Layout::Columns(maps) = &context.source.event.layout else {
        return Ok(());
    };
    let through = maps.iter().find(|map| {
        let path = map.path.value.keys().unwrap_or_default();
        keys.starts_with(&path)
    });
    match through {
        None => Ok(()),
        Some(map) => {
            let message = format!("`[*]` cannot lead through the map `{}`", map.path.value);
            Err(Diagnostic::new(
                Code::BadPath,
                message,
                test.field.span,
                "leads through a map",
            )
            .related(map.path.span, "declared here")
            .help("use `anyElement` with the condition on one element"))
        }
    }
}

fn not_text(test: &syntax::Test) -> Diagnostic {
    let message = "`[*]` compares text alone";
    let label = format!("`{}` is not text", test.field.value);
    Diagnostic::new(Code::OperatorType, message, test.field.span, label).help(other_way(test))
}

/// How to say what `[*]` cannot: a condition on an element that has no fields has no name inside `anyElement`.
fn other_way(test: &syntax::Test) -> String {
    let path = &test.field.value;
    if path.segments.last() != Some(&Segment::Any) {
        return "use `anyElement: {in: <list>, where: ...}`".to_owned();
    }
    let [first, second] = [0, 1].map(|index| {
        let mut element = path.parent().unwrap_or_else(FieldPath::document);
        element.root = path.root;
        element.push(Segment::Index(index));
        element.to_string().replace('\'', "''")
    });
    format!(
        "name the elements one by one: `any: [{{field: '{first}', ...}}, {{field: '{second}', ...}}]`"
    )
}

fn not_equality(test: &syntax::Test) -> Diagnostic {
    let message = format!("`{}` does not work on `[*]`", test.operator.value.key);
    Diagnostic::new(
        Code::OperatorType,
        message,
        test.operator.span,
        "this operator",
    )
    .related(test.field.span, "any element")
    .help(format!("use `equals` or `in`, or {}", other_way(test)))
}

/// Several conditions on one element: spelled out for every index that the schema allows.
pub(super) fn any_element(
    context: &Context<'_>,
    node: &syntax::AnyElement,
    pins: &[&syntax::Test],
    findings: &mut Findings,
) -> Option<AnyElement> {
    let path = &node.array;
    let field = findings.note(field::resolve(context, path, None, pins))?;
    let count = findings.note(element_count(context, node))?;
    let mut unrolling = Unrolling::new(context);
    let mut elements = Vec::new();
    for index in 0..count {
        let element = path.value.join(Segment::Index(index));
        let condition = rebase(&node.condition, &element);
        elements.extend(unrolling.at(&element, &condition, pins));
    }
    let mistakes = unrolling.mistakes();
    if !mistakes.is_empty() {
        findings.extend(mistakes);
        return None;
    }
    if elements.is_empty() {
        findings.push(no_element(path));
        return None;
    }
    let elements = elements
        .into_iter()
        .filter(|one| !matches!(one, Condition::Always));
    Some(AnyElement {
        origin: Origin {
            path: path.value.to_string(),
            test: "anyElement".to_owned(),
            span: path.span,
            operand: path.span,
        },
        array: field.subject.place,
        most: count,
        elements: elements.collect(),
    })
}

fn no_element(path: &Spanned<FieldPath>) -> Diagnostic {
    let message = format!("no element of `{}` can satisfy all of this", path.value);
    Diagnostic::new(Code::BadCondition, message, path.span, "in this list")
        .help("the schema allows each part at another index; write the conditions apart")
}

/// How many elements are looked at.
fn element_count(context: &Context<'_>, node: &syntax::AnyElement) -> Result<u32, Diagnostic> {
    const MOST: u32 = syntax::AnyElement::MOST;
    let path = &node.array;
    let known = context.schema.schema.resolve(&path.value, &Pins::none());
    let kind = known.map(|known| known.kind);
    let problem = |message: String, label: &str, help: String| {
        Err(Diagnostic::new(Code::UnboundedList, message, path.span, label).help(help))
    };
    let declared = node.at_most.as_ref().map(|most| most.value);
    let bounds = match &kind {
        Ok(FieldType::Array { max_items }) => {
            let of_schema = max_items.and_then(|most| u32::try_from(most).ok());
            of_schema.into_iter().chain(declared).min()
        }
        _ => None,
    };
    if let Some(most) = bounds.filter(|most| *most <= MOST) {
        return Ok(most);
    }
    match kind {
        Ok(FieldType::Array {
            max_items: Some(most),
        }) => problem(
            format!(
                "`{}` can have {most} elements, too many to look at each",
                path.value
            ),
            "a long list",
            format!(
                "at most {MOST} are possible; lower `maxItems` in the schema, say beside `in` at how many to look (`atMost: 10`), or use `[*]` with `equals` or `in`"
            ),
        ),
        Ok(FieldType::Array { max_items: None }) => problem(
            format!(
                "the schema does not say how many elements `{}` can have",
                path.value
            ),
            "no `maxItems`",
            "add `maxItems` to the schema, say beside `in` at how many to look (`atMost: 10`), or use `[*]` with `equals` or `in`".to_owned(),
        ),
        _ => {
            let message = format!("`{}` is not a list", path.value);
            Err(
                Diagnostic::new(Code::OperatorType, message, path.span, "no elements")
                    .help("name a list after `in`"),
            )
        }
    }
}

/// The condition on one element as a condition on the document: its paths begin at the element; those with `$.`
/// keep meaning the document.
fn rebase(node: &Node, element: &FieldPath) -> Node {
    let each = |nodes: &[Node]| nodes.iter().map(|node| rebase(node, element)).collect();
    match node {
        Node::Always => Node::Always,
        Node::All(nodes) => Node::All(each(nodes)),
        Node::Any(nodes) => Node::Any(each(nodes)),
        Node::Not(inner) => Node::Not(Box::new(rebase(inner, element))),
        Node::Test(test) => {
            let mut test = test.clone();
            test.field = rebase_path(&test.field, element);
            if let Operand::Field(other) = &mut test.operand.value {
                other.path = rebase_path(&other.path, element);
            }
            Node::Test(test)
        }
        Node::AnyElement(inner) => Node::AnyElement(syntax::AnyElement {
            array: rebase_path(&inner.array, element),
            at_most: inner.at_most,
            condition: inner.condition.clone(),
        }),
    }
}

fn rebase_path(path: &Spanned<FieldPath>, element: &FieldPath) -> Spanned<FieldPath> {
    if path.value.root == Root::Document {
        return path.clone();
    }
    let mut absolute = element.clone();
    absolute
        .segments
        .extend(path.value.segments.iter().cloned());
    Spanned::new(absolute, path.span)
}
