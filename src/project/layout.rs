//! Layouts: how a source holds the event document.

use indexmap::IndexMap;

use super::source::field_path;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::schema::FieldPath;
use crate::source_text::decode::{self, Fields};
use crate::source_text::{Node, NodeKind, Spanned};
use crate::sql::{DataType, TypeKind};

/// How a source holds the event document.
#[derive(Debug)]
pub enum Layout {
    /// As JSON text in one column.
    Document(Spanned<String>),
    /// As typed columns: the first key of a path is a column.
    Columns(Vec<MapLayout>),
}

/// How a `MAP` holds what the document has below its path.
#[derive(Debug)]
pub struct MapLayout {
    /// The path of the map, without indexes.
    pub path: Spanned<FieldPath>,
    /// How its keys and values are to be read.
    pub form: MapForm,
}

/// How the keys and values of a `MAP` are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapForm {
    /// Keys are dotted paths, values are scalars as text.
    Flat,
    /// Keys are single keys, values are JSON texts.
    Json,
}

impl Layout {
    /// The column that holds the document as text.
    pub fn document_column(&self) -> Option<&Spanned<String>> {
        match self {
            Self::Document(column) => Some(column),
            Self::Columns(_) => None,
        }
    }

    /// How the map at a path is to be read; `keys` are the keys that lead to it.
    pub fn map_form(&self, keys: &[&str]) -> Option<MapForm> {
        match self {
            Self::Document(_) => None,
            Self::Columns(maps) => maps
                .iter()
                .find(|map| map.path.value.keys().is_some_and(|path| path == keys))
                .map(|map| map.form),
        }
    }
}

/// Reads `column: name` or `columns: true` of `event`, with the `maps` of the source.
pub(super) fn decode(
    event: &mut Fields<'_>,
    maps: Option<&Node>,
    findings: &mut Findings,
) -> Option<Layout> {
    let (column, columns) = (event.optional("column"), event.optional("columns"));
    match (column, columns) {
        (Some(column), None) => {
            if let Some(maps) = maps {
                let message = "`maps` belongs to typed columns, not to a document in one column";
                let problem = Diagnostic::new(Code::WrongShape, message, maps.span, "no map here");
                findings.push(problem.help("remove it, or write `event: {columns: true, ...}`"));
            }
            findings
                .note(decode::text("`column`", column))
                .map(Layout::Document)
        }
        (None, Some(columns)) => {
            let flag = findings.note(decode::boolean("`columns`", columns))?;
            if !flag.value {
                let message = "`columns` can only be true";
                let problem =
                    Diagnostic::new(Code::WrongShape, message, flag.span, "false says nothing");
                findings.push(problem.help("name the column with the document: `column: ...`"));
                return None;
            }
            Some(Layout::Columns(
                maps.map_or_else(Vec::new, |node| decode_maps(node, findings)),
            ))
        }
        (Some(_), Some(columns)) => {
            let message = "an event is either in one `column` or in typed `columns`";
            findings.push(Diagnostic::new(
                Code::WrongShape,
                message,
                columns.span,
                "one too many",
            ));
            None
        }
        (None, None) => {
            let message = "`event` does not say where the document is";
            let problem = Diagnostic::new(Code::MissingKey, message, event.span(), "no `column`");
            findings.push(problem.help(
                "add `column: <name>` for JSON text in a column, or `columns: true` for typed columns",
            ));
            None
        }
    }
}

fn decode_maps(node: &Node, findings: &mut Findings) -> Vec<MapLayout> {
    let NodeKind::Mapping(entries) = &node.kind else {
        let expected = "`maps` must say `flat` or `json` for the path of each map";
        findings.push(decode::wrong_shape(node, expected));
        return Vec::new();
    };
    let words = [("flat", MapForm::Flat), ("json", MapForm::Json)];
    let mut maps = Vec::new();
    for entry in entries {
        let key = Spanned::new(entry.key.text.clone(), entry.key.span);
        let path = findings.note(field_path(&key)).filter(|path| {
            let keys_alone = path.value.keys().is_some();
            if !keys_alone {
                let message = "the path of a map is written without indexes";
                let problem = Diagnostic::new(Code::BadPath, message, path.span, "has an index");
                findings
                    .push(problem.help("it holds for every element: leave `[0]` and `[*]` out"));
            }
            keys_alone
        });
        let form = findings.note(decode::word("a map", &entry.value, &words));
        if let (Some(path), Some(form)) = (path, form) {
            let form = form.value;
            maps.push(MapLayout { path, form });
        }
    }
    maps
}

/// Reports maps that the columns do not have.
pub(super) fn check_maps(
    layout: &Layout,
    columns: &IndexMap<String, Spanned<DataType>>,
    findings: &mut Findings,
) {
    let Layout::Columns(maps) = layout else {
        return;
    };
    for map in maps {
        let keys = map.path.value.keys().unwrap_or_default();
        let found = keys.split_first().and_then(|(column, rest)| {
            let column = &columns.get(*column)?.value;
            rest.iter()
                .try_fold(column, |within, key| field_of(within, key))
        });
        let found = found.map(innermost);
        if found.is_some_and(|found| matches!(found.kind, TypeKind::Map(..))) {
            continue;
        }
        let path = &map.path;
        let (message, label) = match found {
            None => (
                format!("the columns have no `{}`", path.value),
                "not among their fields".to_owned(),
            ),
            Some(found) => (
                format!("`{}` is of type {found}, not a map", path.value),
                "not a MAP".to_owned(),
            ),
        };
        findings.push(
            Diagnostic::new(Code::UnknownColumn, message, path.span, label)
                .help("name a MAP in the source's `columns`, by column and fields"),
        );
    }
}

fn field_of<'t>(within: &'t DataType, key: &str) -> Option<&'t DataType> {
    match &innermost(within).kind {
        TypeKind::Row(fields) => fields
            .iter()
            .find(|(name, _)| name.as_str() == key)
            .map(|(_, data_type)| data_type),
        TypeKind::Map(_, value) => Some(value),
        _ => None,
    }
}

/// What the elements of arrays in arrays are.
fn innermost(data_type: &DataType) -> &DataType {
    match &data_type.kind {
        TypeKind::Array(element) => innermost(element),
        _ => data_type,
    }
}
