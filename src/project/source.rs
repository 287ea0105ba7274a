//! Sources: the tables that routes read, and how field paths reach their data.

use camino::Utf8PathBuf;

use super::columns::{self, Columns, Input};
use super::layout::{self, Layout};
use super::mirrors::{self, Mirror};
use super::names;
use super::options::{self, TableOptions};
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::schema::FieldPath;
use crate::source_text::decode::{self, Fields};
use crate::source_text::{Entry, Node, NodeKind, Spanned};
use crate::sql::DataType;

/// A table that routes read.
#[derive(Debug)]
pub struct Source {
    /// Its name in the project.
    pub name: Spanned<String>,
    /// The topic, which is the table's name.
    pub topic: Spanned<String>,
    /// Its columns, in the order of the table.
    pub columns: Columns,
    /// Where the event document is.
    pub event: Event,
    /// Columns that repeat a field of the document; compiled instead of it.
    pub mirrors: Vec<Mirror>,
    /// The column that says which change a row is.
    pub operation: Option<Operation>,
    /// Columns that sinks get and the source does not have, each with the same text in every row.
    pub constants: Vec<(String, Spanned<String>)>,
    /// Where its table comes from.
    pub create: Create,
    /// Options of its table.
    pub options: TableOptions,
}

/// Where the table of a source comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    /// It is there as soon as the topic is.
    Never,
    /// Whoever deploys makes it, with its topic, where there is none.
    IfNotExists,
}

/// Where a source holds the event document.
#[derive(Debug)]
pub struct Event {
    /// How.
    pub layout: Layout,
    /// The document's JSON Schema, relative to the project.
    pub schema: Spanned<Utf8PathBuf>,
    /// A directory of event documents that `validate` checks.
    pub samples: Option<Spanned<Utf8PathBuf>>,
    /// The field that says which type an event is.
    pub event_type: Option<EventType>,
}

/// The field that says which type an event is.
#[derive(Debug)]
pub struct EventType {
    /// The field.
    pub path: Spanned<FieldPath>,
    /// The types that no route is to take, each at its key; the reasons are for those who read the file.
    pub unhandled: Vec<Spanned<String>>,
}

/// The change-data-capture guard: which kinds of change a route lets through.
#[derive(Debug)]
pub struct Operation {
    /// The column with the kind of change.
    pub column: Spanned<String>,
    /// What passes unless a route says otherwise.
    pub default: Vec<Spanned<String>>,
}

/// The kinds of change that Debezium writes: create, update, delete, snapshot read.
/// (Debezium documentation, "New record state extraction", field `__op`.)
const OPERATIONS: &[(&str, &str)] = &[("c", "c"), ("u", "u"), ("d", "d"), ("r", "r")];

impl Source {
    /// The column that mirrors a field of the document.
    pub fn mirror_of(&self, path: &FieldPath) -> Option<&Mirror> {
        self.mirrors
            .iter()
            .find(|mirror| mirror.path.value.segments == path.segments)
    }

    /// The field that a column mirrors.
    pub fn mirrored_by(&self, column: &str) -> Option<&Mirror> {
        self.mirrors
            .iter()
            .find(|mirror| mirror.column.value == column)
    }

    /// The finding that a column does not exist.
    pub fn unknown_column(&self, name: &Spanned<String>) -> Diagnostic {
        let known: Vec<_> = self.columns.keys().map(String::as_str).collect();
        let message = format!(
            "source `{}` has no column `{}`",
            self.name.value, name.value
        );
        Diagnostic::new(
            Code::UnknownColumn,
            message,
            name.span,
            "not among its columns",
        )
        .help_if(did_you_mean(&name.value, &known))
    }
}

/// Reads one entry of `sources`, and the schema file that its columns may be taken from.
pub fn decode(
    name: Spanned<String>,
    node: &Node,
    input: &mut Input<'_>,
    findings: &mut Findings,
) -> Option<Source> {
    let known = findings.len();
    let mut fields = Fields::of("a source", node, findings)?;
    let topic = fields
        .required("topic")
        .and_then(|node| findings.note(names::topic("`topic`", node)));
    let columns = fields
        .required("columns")
        .and_then(|node| columns::decode(node, input, findings));
    let maps = fields.optional("maps");
    let event = fields
        .required("event")
        .and_then(|node| event(node, maps, findings));
    let layout = event.as_ref().map(|event| &event.layout);
    let mirrors = fields
        .optional("mirrors")
        .map_or_else(Vec::new, |node| mirrors::decode(node, layout, findings));
    let operation = fields
        .optional("operation")
        .and_then(|node| operation(node, findings));
    let constants = fields
        .optional("constants")
        .map_or_else(Vec::new, |node| constants(node, findings));
    let create = fields.optional("create").and_then(|node| {
        let words = [
            ("never", Create::Never),
            ("if-not-exists", Create::IfNotExists),
        ];
        findings.note(decode::word("`create`", node, &words))
    });
    let options = options::decode(fields.optional("options"), options::OF_SOURCE, findings);
    fields.finish(findings);
    let source = Source {
        name,
        topic: topic?,
        columns: columns?,
        event: event?,
        mirrors,
        operation,
        constants,
        create: create.map_or(Create::Never, |create| create.value),
        options,
    };
    // Only where every column could be read is one that is not among them unknown.
    if findings.len() == known {
        check_columns(&source, findings);
    }
    Some(source)
}

/// Reads a Flink type.
pub fn data_type(node: &Node) -> Result<Spanned<DataType>, Diagnostic> {
    let text = decode::text("a column's type", node)?;
    let data_type = DataType::parse(&text.value).map_err(|error| {
        Diagnostic::new(
            Code::BadColumnType,
            error.to_string(),
            text.span,
            "not a type",
        )
        .help("for example STRING, BOOLEAN, BIGINT, DECIMAL(10, 2), TIMESTAMP_LTZ(3)")
    })?;
    names::fields(&data_type, text.span)?;
    Ok(Spanned::new(data_type, text.span))
}

/// Reads the name of a new column: what Avro, the service's default format, takes for one
/// (Apache Avro specification, "Names").
pub fn column_name(what: &str, node: &Node) -> Result<Spanned<String>, Diagnostic> {
    let name = decode::text(what, node)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let text = &name.value;
    if !text.is_empty()
        && text.bytes().all(allowed)
        && !text.starts_with(|first: char| first.is_ascii_digit())
    {
        return Ok(name);
    }
    let message = format!("`{text}` cannot be the name of a column");
    Err(
        Diagnostic::new(Code::BadName, message, name.span, "not a column name")
            .help("use letters, digits and `_`, beginning with a letter or `_`"),
    )
}

fn event(node: &Node, maps: Option<&Node>, findings: &mut Findings) -> Option<Event> {
    let mut fields = Fields::of("`event`", node, findings)?;
    let layout = layout::decode(&mut fields, maps, findings);
    let path = |node: &Node, findings: &mut Findings, what: &str| {
        findings
            .note(decode::text(what, node))
            .map(|text| text.map(Utf8PathBuf::from))
            .and_then(|path| findings.note(below_project(path)))
    };
    let schema = fields
        .required("schema")
        .and_then(|node| path(node, findings, "`schema`"));
    let samples = fields
        .optional("samples")
        .and_then(|node| path(node, findings, "`samples`"));
    let event_type = event_type(&mut fields, findings);
    fields.finish(findings);
    Some(Event {
        layout: layout?,
        schema: schema?,
        samples,
        event_type,
    })
}

/// Reads `type` and `unhandled` of `event`.
fn event_type(event: &mut Fields<'_>, findings: &mut Findings) -> Option<EventType> {
    let (path, unhandled) = (event.optional("type"), event.optional("unhandled"));
    let Some(path) = path else {
        if let Some(unhandled) = unhandled {
            let message = "`unhandled` stands without `type`";
            let problem = Diagnostic::new(
                Code::MissingKey,
                message,
                unhandled.span,
                "no `type` beside it",
            );
            findings.push(
                problem.help("name the field that says which type an event is: `type: <path>`"),
            );
        }
        return None;
    };
    let unhandled = unhandled.map_or_else(Vec::new, |node| {
        let Some(entries) = node.entries() else {
            let expected = "`unhandled` must map types of events to reasons";
            findings.push(decode::wrong_shape(node, expected));
            return Vec::new();
        };
        let read = |entry: &Entry| {
            findings.note(decode::reason(&entry.value))?;
            Some(Spanned::new(entry.key.text.clone(), entry.key.span))
        };
        entries.iter().filter_map(read).collect()
    });
    let path = findings.note(decode::text("`type`", path))?;
    let path = findings.note(field_path(&path))?;
    Some(EventType { path, unhandled })
}

/// A project that names files outside of itself would mean something else on another machine.
fn below_project(path: Spanned<Utf8PathBuf>) -> Result<Spanned<Utf8PathBuf>, Diagnostic> {
    if path.value.is_relative() {
        return Ok(path);
    }
    let message = format!("`{}` is not relative to the project", path.value);
    Err(
        Diagnostic::new(Code::UnreadableFile, message, path.span, "an absolute path")
            .help("keep the file in the project, and name it from the directory of routectl.yaml"),
    )
}

fn constants(node: &Node, findings: &mut Findings) -> Vec<(String, Spanned<String>)> {
    let NodeKind::Mapping(entries) = &node.kind else {
        let expected = "`constants` must map new columns to texts";
        findings.push(decode::wrong_shape(node, expected));
        return Vec::new();
    };
    let read = |entry: &Entry| {
        let (name, span) = (&entry.key.text, entry.key.span);
        let named = findings.note(names::column(name, span));
        let text = findings.note(decode::text("a constant", &entry.value))?;
        named.map(|()| (name.clone(), text))
    };
    entries.iter().filter_map(read).collect()
}

fn operation(node: &Node, findings: &mut Findings) -> Option<Operation> {
    let mut fields = Fields::of("`operation`", node, findings)?;
    let column = fields
        .required("column")
        .and_then(|node| findings.note(decode::text("`column`", node)));
    let default = fields
        .required("default")
        .map(|node| operations("`default`", node, findings));
    fields.finish(findings);
    Some(Operation {
        column: column?,
        default: default?,
    })
}

/// Reads a list of kinds of change.
pub fn operations(what: &str, node: &Node, findings: &mut Findings) -> Vec<Spanned<String>> {
    let Some(elements) = findings.note(decode::non_empty_list(what, node)) else {
        return Vec::new();
    };
    let mut operations: Vec<Spanned<String>> = Vec::new();
    for element in elements {
        let Some(word) = findings.note(decode::word(what, element, OPERATIONS)) else {
            continue;
        };
        if operations.iter().all(|known| known.value != word.value) {
            operations.push(word.map(str::to_owned));
        }
    }
    operations
}

/// Reads a field path, with the finding at the character that is wrong.
pub fn field_path(text: &Spanned<String>) -> Result<Spanned<FieldPath>, Diagnostic> {
    FieldPath::parse(&text.value)
        .map(|path| Spanned::new(path, text.span))
        .map_err(|error| {
            let exact = text.span.range().len() == text.value.len();
            let span = if exact {
                text.span.part(error.offset, error.len.max(1))
            } else {
                text.span
            };
            let message = format!("`{}` is not a path: {}", text.value, error.message);
            Diagnostic::new(Code::BadPath, message, span, "here").help(error.help)
        })
}

fn check_columns(source: &Source, findings: &mut Findings) {
    layout::check_maps(&source.event.layout, &source.columns, findings);
    mirrors::check(source, findings);
    let mirrors = source.mirrors.iter().map(|mirror| &mirror.column);
    let operation = source.operation.iter().map(|operation| &operation.column);
    let document = source.event.layout.document_column();
    for column in mirrors.chain(operation).chain(document) {
        if !source.columns.contains_key(&column.value) {
            findings.push(source.unknown_column(column));
        }
    }
    for (name, text) in &source.constants {
        if let Some(column) = source.columns.get(name) {
            let message = format!("`{name}` is a column of the source already");
            let problem = Diagnostic::new(Code::DuplicateKey, message, text.span, "a constant")
                .related(column.span, "a column");
            findings.push(problem.help("remove the constant, or give it another name"));
        }
    }
}
