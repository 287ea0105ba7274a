//! Reads `to.select`: the columns of the sink.

use super::syntax::Selected;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::ValueType;
use crate::project::source;
use crate::source_text::Node as Tree;
use crate::source_text::decode::{self, Fields};

/// Reads the list; nothing comes back where one of its elements has a finding.
pub(super) fn decode(node: &Tree, findings: &mut Findings) -> Option<Vec<Selected>> {
    let elements = findings.note(decode::non_empty_list("`select`", node))?;
    let selected: Vec<_> = elements
        .iter()
        .map(|element| one(element, findings))
        .collect();
    selected.into_iter().collect()
}

fn one(node: &Tree, findings: &mut Findings) -> Option<Selected> {
    let mut fields = Fields::of("a selected column", node, findings)?;
    let kinds = ["column", "path", "constant"];
    let kinds = kinds.map(|key| fields.entry(key));
    let name = fields
        .optional("name")
        .and_then(|node| findings.note(source::column_name("`name`", node)));
    let data_type = fields
        .optional("type")
        .and_then(|node| findings.note(source::data_type(node)));
    let read_as = fields
        .optional("as")
        .and_then(|node| findings.note(decode::word("`as`", node, ValueType::WORDS)));
    let span = fields.span();
    fields.finish(findings);
    let mut misplaced = |key: &str, is_there: bool| {
        if is_there {
            let message = format!("`{key}` belongs to a selected `path`");
            findings.push(Diagnostic::new(
                Code::WrongShape,
                message,
                span,
                "has no path",
            ));
        }
    };
    match kinds {
        [Some(column), None, None] => {
            misplaced("type", data_type.is_some());
            misplaced("as", read_as.is_some());
            let column = findings.note(decode::text("`column`", &column.value))?;
            Some(Selected::Column { column, name })
        }
        [None, Some(path), None] => {
            let text = findings.note(decode::text("`path`", &path.value))?;
            let path = findings.note(source::field_path(&text));
            let name = name.or_else(|| {
                findings.push(unnamed(span, "path"));
                None
            });
            Some(Selected::Field {
                path: path?,
                name: name?,
                read_as,
                data_type,
            })
        }
        [None, None, Some(constant)] => {
            misplaced("type", data_type.is_some());
            misplaced("as", read_as.is_some());
            let value = findings.note(decode::text("`constant`", &constant.value));
            let name = name.or_else(|| {
                findings.push(unnamed(span, "constant"));
                None
            });
            Some(Selected::Constant {
                value: value?,
                name: name?,
            })
        }
        _ => {
            let message = "a selected column is one of `column`, `path` and `constant`";
            let problem = Diagnostic::new(Code::WrongShape, message, span, "which one?");
            findings.push(problem.help("write for example `{path: loan.status, name: status}`"));
            None
        }
    }
}

fn unnamed(span: crate::source_text::Span, kind: &str) -> Diagnostic {
    let message = format!("a selected `{kind}` needs a `name`");
    Diagnostic::new(Code::MissingKey, message, span, "`name` is missing here")
        .help("add `name: <column>`, the name of the sink's column")
}
