//! Mirrors: columns that repeat a field of the document.

use std::collections::HashMap;

use super::layout::Layout;
use super::source::{Source, field_path};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::schema::FieldPath;
use crate::source_text::decode;
use crate::source_text::{Node, NodeKind, Spanned};

/// A column that repeats a field of the document.
#[derive(Debug)]
pub struct Mirror {
    /// The field.
    pub path: Spanned<FieldPath>,
    /// The column.
    pub column: Spanned<String>,
}

/// Reads `mirrors` of a source with an event of such a layout.
pub(super) fn decode(node: &Node, layout: Option<&Layout>, findings: &mut Findings) -> Vec<Mirror> {
    if let Some(Layout::Columns(_)) = layout {
        findings.push(no_document(node));
        return Vec::new();
    }
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

/// A typed column is a field of the document itself: another one that repeats it would only be a second answer.
fn no_document(node: &Node) -> Diagnostic {
    let message = "`mirrors` belongs to a document in one column, not to typed columns";
    Diagnostic::new(Code::WrongShape, message, node.span, "no document here").help(
        "remove it; a path whose first key is a column reads that column, and routes can name any other column by itself",
    )
}

/// Reports columns that mirror more than one field: a column holds one value.
pub(super) fn check(source: &Source, findings: &mut Findings) {
    let document = source.event.layout.document_column();
    let mut first: HashMap<&str, &Mirror> = HashMap::new();
    for mirror in &source.mirrors {
        let column = &mirror.column;
        if let Some(document) = document.filter(|document| document.value == column.value) {
            let message = format!(
                "column `{}` holds the whole document, so it repeats no field of it",
                column.value
            );
            let problem = Diagnostic::new(Code::WrongShape, message, column.span, "not one field")
                .related(document.span, "the document's column");
            findings.push(problem.help("name a column that holds the field alone, or remove this"));
        } else if let Some(other) = first.insert(&column.value, mirror) {
            let message = format!(
                "column `{}` cannot repeat both `{}` and `{}`",
                column.value, other.path.value, mirror.path.value
            );
            let problem = Diagnostic::new(
                Code::DuplicateKey,
                message,
                column.span,
                "this field as well",
            )
            .related(other.column.span, "one field");
            findings.push(problem.help("keep the field that the column repeats"));
        }
    }
}
