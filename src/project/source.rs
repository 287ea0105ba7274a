//! Sources: the tables that routes read, and how field paths reach their data.

use camino::Utf8PathBuf;
use indexmap::IndexMap;

use super::names;
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::schema::FieldPath;
use crate::source_text::decode::{self, Fields};
use crate::source_text::{Entry, Node, NodeKind, Spanned};
use crate::sql::DataType;

/// A table that routes read: flat columns, one of which holds the event document as JSON text.
#[derive(Debug)]
pub struct Source {
    /// Its name in the project.
    pub name: Spanned<String>,
    /// The topic, which is the table's name.
    pub topic: Spanned<String>,
    /// Its columns, in the order of the table.
    pub columns: IndexMap<String, Spanned<DataType>>,
    /// Where the event document is.
    pub event: Event,
    /// Columns that repeat a field of the document; compiled instead of it.
    pub mirrors: Vec<Mirror>,
    /// The column that says which change a row is.
    pub operation: Option<Operation>,
}

/// Where a source holds the event document.
#[derive(Debug)]
pub struct Event {
    /// The column with the JSON text.
    pub column: Spanned<String>,
    /// The document's JSON Schema, relative to the project.
    pub schema: Spanned<Utf8PathBuf>,
    /// A directory of event documents that `validate` checks.
    pub samples: Option<Spanned<Utf8PathBuf>>,
}

/// A column that repeats a field of the document.
#[derive(Debug)]
pub struct Mirror {
    /// The field.
    pub path: Spanned<FieldPath>,
    /// The column.
    pub column: Spanned<String>,
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

/// Reads one entry of `sources`.
pub fn decode(name: Spanned<String>, node: &Node, findings: &mut Findings) -> Option<Source> {
    let known = findings.len();
    let mut fields = Fields::of("a source", node, findings)?;
    let topic = fields
        .required("topic")
        .and_then(|node| findings.note(names::topic("`topic`", node)));
    let columns = fields
        .required("columns")
        .and_then(|node| columns(node, findings));
    let event = fields
        .required("event")
        .and_then(|node| event(node, findings));
    let mirrors = fields
        .optional("mirrors")
        .map_or_else(Vec::new, |node| mirrors(node, findings));
    let operation = fields
        .optional("operation")
        .and_then(|node| operation(node, findings));
    if let Some(node) = fields.optional("create") {
        findings.note(decode::word("`create`", node, &[("never", ())]));
    }
    fields.finish(findings);
    let source = Source {
        name,
        topic: topic?,
        columns: columns?,
        event: event?,
        mirrors,
        operation,
    };
    // Only where every column could be read is one that is not among them unknown.
    if findings.len() == known {
        check_columns(&source, findings);
    }
    Some(source)
}

fn columns(node: &Node, findings: &mut Findings) -> Option<IndexMap<String, Spanned<DataType>>> {
    let NodeKind::Mapping(entries) = &node.kind else {
        findings.push(decode::wrong_shape(
            node,
            "`columns` must map column names to Flink types",
        ));
        return None;
    };
    let read = |entry: &Entry, findings: &mut Findings| {
        let text = findings.note(decode::text("a column's type", &entry.value))?;
        let data_type = findings.note(DataType::parse(&text.value).map_err(|error| {
            Diagnostic::new(
                Code::BadColumnType,
                error.to_string(),
                text.span,
                "not a type",
            )
            .help("for example STRING, BOOLEAN, BIGINT, DECIMAL(10, 2), TIMESTAMP_LTZ(3)")
        }))?;
        Some((entry.key.text.clone(), Spanned::new(data_type, text.span)))
    };
    let columns: IndexMap<_, _> = entries
        .iter()
        .filter_map(|entry| read(entry, findings))
        .collect();
    if columns.is_empty() && entries.is_empty() {
        findings.push(decode::wrong_shape(
            node,
            "`columns` must name at least one column",
        ));
    }
    Some(columns)
}

fn event(node: &Node, findings: &mut Findings) -> Option<Event> {
    let mut fields = Fields::of("`event`", node, findings)?;
    let column = fields
        .required("column")
        .and_then(|node| findings.note(decode::text("`column`", node)));
    let path = |node: &Node, findings: &mut Findings, what: &str| {
        findings
            .note(decode::text(what, node))
            .map(|text| text.map(Utf8PathBuf::from))
    };
    let schema = fields
        .required("schema")
        .and_then(|node| path(node, findings, "`schema`"));
    let samples = fields
        .optional("samples")
        .and_then(|node| path(node, findings, "`samples`"));
    fields.finish(findings);
    Some(Event {
        column: column?,
        schema: schema?,
        samples,
    })
}

fn mirrors(node: &Node, findings: &mut Findings) -> Vec<Mirror> {
    let NodeKind::Mapping(entries) = &node.kind else {
        findings.push(decode::wrong_shape(
            node,
            "`mirrors` must map field paths to columns",
        ));
        return Vec::new();
    };
    let mut mirrors = Vec::new();
    for entry in entries {
        let key = Spanned::new(entry.key.text.clone(), entry.key.span);
        let path = findings.note(field_path(&key));
        let column = findings.note(decode::text("a mirror's column", &entry.value));
        if let (Some(path), Some(column)) = (path, column) {
            mirrors.push(Mirror { path, column });
        }
    }
    mirrors
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
    let mirrors = source.mirrors.iter().map(|mirror| &mirror.column);
    let operation = source.operation.iter().map(|operation| &operation.column);
    for column in mirrors.chain(operation).chain([&source.event.column]) {
        if !source.columns.contains_key(&column.value) {
            findings.push(source.unknown_column(column));
        }
    }
}
