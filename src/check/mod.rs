//! From routes as written to routes whose every part has a type.
//!
//! [`check`] resolves fields against columns and schemas ([`field`]), reads operands as the fields' types
//! ([`operand`]), and compares routes with each other ([`conflicts`]). It goes on after a finding, so that
//! one run reports all of them. What has a type and is most likely not meant so is left to the lints
//! ([`lint`]).

mod cast;
pub mod catalogue;
mod condition;
mod conflicts;
mod elements;
mod event_type;
mod field;
mod lint;
mod operand;
mod path_problem;
mod shared_tables;
mod sink;
mod unroll;
mod way;

use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::ir::operator::{Form, Operator, Predicate};
use crate::ir::{Condition, Origin, Place, Projection, Subject, Test, Value, ValueType};
use crate::parallel;
use crate::project::source::{Operation, Source};
use crate::project::start::Start;
use crate::project::{self, Project};
use crate::route::Route;
use crate::route::syntax::Sink;
use crate::schema::Pins;
use crate::source_text::Spanned;
use crate::sql::DataType;
use crate::workspace::{EventSchema, Workspace};

/// A route whose every part has a type.
#[derive(Debug, Clone)]
pub struct TypedRoute<'w> {
    /// The route as written.
    pub route: &'w Route,
    /// What it reads.
    pub source: &'w Source,
    /// Which kinds of change pass. It stands outside every condition, where no `any` can bypass it.
    pub guard: Option<Condition>,
    /// Which rows the route takes.
    pub condition: Condition,
    /// Where they go; never empty.
    pub sinks: Vec<TypedSink<'w>>,
    /// Where a first deployment begins to read.
    pub start: Start,
}

/// A sink whose every part has a type.
#[derive(Debug, Clone)]
pub struct TypedSink<'w> {
    /// The sink as written.
    pub sink: &'w Sink,
    /// Which of the route's rows it takes.
    pub condition: Condition,
    /// Its columns.
    pub columns: Vec<Projection>,
    /// The column that becomes the Kafka key.
    pub key: Option<String>,
}

impl TypedRoute<'_> {
    /// Which rows of the source reach a sink: those that pass the guard, the route's condition and the sink's.
    pub fn rows(&self, sink: &TypedSink<'_>) -> Condition {
        let guard = self.guard.clone();
        let conditions = [self.condition.clone(), sink.condition.clone()];
        Condition::all(guard.into_iter().chain(conditions))
    }
}

/// Checks every route. Those with findings are left out.
pub fn check<'w>(workspace: &'w Workspace, findings: &mut Findings) -> Vec<TypedRoute<'w>> {
    conflicts::check(&workspace.project, &workspace.routes, findings);
    for source in workspace.project.sources.values() {
        check_operation(source, findings);
        if let Some(schema) = workspace.schemas.get(&source.name.value) {
            let context = Context { source, schema };
            check_mirrors(&context, findings);
            event_type::check(&context, findings);
        }
    }
    let typed = parallel::filter_map(&workspace.routes, findings, |route, findings| {
        check_route(workspace, route, findings)
    });
    shared_tables::check(&workspace.project, &typed, findings);
    lint::check(workspace, &typed, findings);
    typed
}

fn check_route<'w>(
    workspace: &'w Workspace,
    route: &'w Route,
    findings: &mut Findings,
) -> Option<TypedRoute<'w>> {
    let project = &workspace.project;
    let source = findings.note(source_of(project, route))?;
    let start = findings.note(start_of(project, route));
    check_targets(project, route, findings);
    let guard = findings.note(guard(source, route));
    // Without a schema its own findings say why; paths cannot be checked then.
    let schema = workspace.schemas.get(&source.name.value)?;
    let context = Context { source, schema };
    let condition = condition::check(&context, &route.condition, &[], findings);
    let sinks: Vec<_> = route
        .sinks
        .iter()
        .map(|sink| check_sink(&context, route, sink, findings))
        .collect();
    Some(TypedRoute {
        route,
        source,
        guard: guard?,
        condition: condition?,
        sinks: sinks.into_iter().collect::<Option<_>>()?,
        start: start?,
    })
}

fn check_sink<'w>(
    context: &Context<'_>,
    route: &'w Route,
    sink: &'w Sink,
    findings: &mut Findings,
) -> Option<TypedSink<'w>> {
    let condition = match &sink.condition {
        None => Some(Condition::Always),
        Some(node) => {
            let beside = std::slice::from_ref(&route.condition);
            condition::check(context, node, beside, findings)
        }
    };
    let beside = condition::pins([&route.condition].into_iter().chain(&sink.condition));
    let columns = sink::columns(context, route, sink, &beside, findings)?;
    let key = findings.note(sink::key(context.source, sink, &columns))?;
    Some(TypedSink {
        sink,
        condition: condition?,
        columns,
        key,
    })
}

/// The guard compares text. Its finding stands once, at the source, and not at every route.
fn check_operation(source: &Source, findings: &mut Findings) {
    let Some(operation) = &source.operation else {
        return;
    };
    // A column that is none has its finding.
    let Ok(subject) = operation_subject(source, operation) else {
        return;
    };
    if !field::fits(&subject) {
        let (column, data_type) = (&operation.column, &subject.place.data_type);
        let message = format!(
            "column `{}` is of type {data_type}, but kinds of change are text",
            column.value
        );
        let problem = Diagnostic::new(Code::AmbiguousType, message, column.span, "not text");
        let help = "correct the column's type, name another column, or leave `operation` out";
        let declared = source.columns.get(&column.value);
        findings.push(match declared {
            Some(data_type) => problem.related(data_type.span, "its type").help(help),
            None => problem.help(help),
        });
    }
}

fn operation_subject(source: &Source, operation: &Operation) -> Result<Subject, Diagnostic> {
    Ok(Subject {
        place: column_place(source, &operation.column)?,
        value_type: ValueType::Text,
    })
}

/// A mirror of a field that the schema does not know would never be read instead of it.
fn check_mirrors(context: &Context<'_>, findings: &mut Findings) {
    for mirror in &context.source.mirrors {
        let path = &mirror.path;
        if let Err(problem) = context.schema.schema.resolve(&path.value, &Pins::none()) {
            findings.push(path_problem::diagnostic(context, path, problem));
        }
    }
}

/// What fields of a route are resolved against.
struct Context<'w> {
    source: &'w Source,
    schema: &'w EventSchema,
}

fn source_of<'w>(project: &'w Project, route: &Route) -> Result<&'w Source, Diagnostic> {
    let name = route
        .from
        .as_ref()
        .or(project.defaults.source.as_ref())
        .ok_or_else(|| {
            let message = format!("route `{}` does not say what it reads", route.name.value);
            Diagnostic::new(Code::MissingKey, message, route.name.span, "no `from`")
                .help("add `from: <source>`, or `source` under `defaults` in routectl.yaml")
        })?;
    project
        .sources
        .get(&name.value)
        .ok_or_else(|| project::unknown_source(project, name))
}

/// A route that is enabled on a target which is none would run nowhere, and nobody would see it.
fn check_targets(project: &Project, route: &Route, findings: &mut Findings) {
    let targets = route.targets.iter().flatten();
    for target in targets.filter(|target| !project.targets.contains_key(&target.value)) {
        let known: Vec<_> = project.targets.keys().map(String::as_str).collect();
        let message = format!("there is no target `{}`", target.value);
        let label = "not under `targets`";
        let problem = Diagnostic::new(Code::UnknownTarget, message, target.span, label);
        findings.push(problem.help_if(did_you_mean(&target.value, &known)));
    }
}

fn start_of(project: &Project, route: &Route) -> Result<Start, Diagnostic> {
    let start = route.start.or(project.defaults.start).ok_or_else(|| {
        let message = format!(
            "route `{}` does not say where its first deployment begins to read",
            route.name.value
        );
        Diagnostic::new(Code::MissingKey, message, route.name.span, "no `start`").help(
            "add `start: earliest` or `start: latest`, here or under `defaults` in routectl.yaml",
        )
    })?;
    Ok(start.value)
}

/// The guard on the kind of change.
fn guard(source: &Source, route: &Route) -> Result<Option<Condition>, Diagnostic> {
    let Some(operation) = &source.operation else {
        return match &route.operations {
            None => Ok(None),
            Some(operations) => {
                let message = format!("source `{}` has no `operation` column", source.name.value);
                Err(Diagnostic::new(
                    Code::UnknownColumn,
                    message,
                    operations.span,
                    "nothing to compare with",
                )
                .help("remove `operations`, or declare `operation` in the source"))
            }
        };
    };
    let chosen = route
        .operations
        .as_ref()
        .map_or(&operation.default, |chosen| &chosen.value);
    let mut values: Vec<Value> = chosen
        .iter()
        .map(|operation| Value::Text(operation.value.clone()))
        .collect();
    let subject = operation_subject(source, operation)?;
    let (key, only) = match values.len() {
        1 => ("equals", values.pop()),
        _ => ("in", None),
    };
    let operator = Operator::by_key(key);
    let test = operator.and_then(|operator| {
        let predicate = match (operator.form, only) {
            (Form::Compare(operator), Some(value)) => Predicate::Compare(operator, value),
            (Form::Many(lower), None) if !values.is_empty() => Predicate::Many(lower, values),
            _ => return None,
        };
        let written = route.operations.as_ref().map(|chosen| chosen.span);
        let default = operation.default.first().map(|first| first.span);
        Some(Test {
            origin: Origin {
                path: operation.column.value.clone(),
                test: format!("in {}", in_brackets(chosen)),
                span: written.unwrap_or(operation.column.span),
                operand: written.or(default).unwrap_or(operation.column.span),
            },
            subject,
            operator,
            predicate,
        })
    });
    // An empty list was reported where it was read.
    Ok(test.map(Condition::Test))
}

fn in_brackets(words: &[Spanned<String>]) -> String {
    let words: Vec<_> = words.iter().map(|word| word.value.as_str()).collect();
    format!("[{}]", words.join(", "))
}

fn column_place(source: &Source, column: &Spanned<String>) -> Result<Place, Diagnostic> {
    let data_type =
        column_type(source, &column.value).ok_or_else(|| source.unknown_column(column))?;
    Ok(Place::column(&column.value, data_type))
}

fn column_type(source: &Source, column: &str) -> Option<DataType> {
    source
        .columns
        .get(column)
        .map(|data_type| data_type.value.clone())
}
