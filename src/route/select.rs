//! Reads `to.select`: the columns of the sink.

use super::decode::read_as;
use super::syntax::Selected;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::project::source;
use crate::source_text::decode::{self, Fields};
use crate::source_text::{Node as Tree, Spanned};

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
    let kinds = ["column", "path", "constant"].map(|key| fields.optional(key));
    let name = fields.optional("name");
    match kinds {
        [Some(column), None, None] => {
            fields.finish(findings);
            let column = findings.note(decode::text("`column`", column));
            Some(Selected::Column {
                column: column?,
                name: match name {
                    Some(name) => Some(sink_name(name, findings)?),
                    None => None,
                },
            })
        }
        [None, Some(path), None] => field(fields, path, name, findings),
        [None, None, Some(constant)] => {
            let name = required_name(&fields, name, "constant", findings);
            fields.finish(findings);
            let value = findings.note(decode::text("`constant`", constant));
            Some(Selected::Constant {
                value: value?,
                name: name?,
            })
        }
        _ => {
            let message = "a selected column is one of `column`, `path` and `constant`";
            let problem = Diagnostic::new(Code::WrongShape, message, fields.span(), "which one?");
            findings.push(problem.help("write for example `{path: loan.status, name: status}`"));
            None
        }
    }
}

fn field(
    mut fields: Fields<'_>,
    path: &Tree,
    name: Option<&Tree>,
    findings: &mut Findings,
) -> Option<Selected> {
    let name = required_name(&fields, name, "path", findings);
    let data_type = fields
        .optional("type")
        .map(|node| findings.note(source::data_type(node)));
    let read_as = read_as(&mut fields, findings);
    fields.finish(findings);
    let text = findings.note(decode::text("`path`", path))?;
    let path = findings.note(source::field_path(&text));
    Some(Selected::Field {
        path: path?,
        name: name?,
        read_as: read_as.ok()?,
        data_type: match data_type {
            Some(data_type) => Some(data_type?),
            None => None,
        },
    })
}

fn required_name(
    fields: &Fields<'_>,
    name: Option<&Tree>,
    kind: &str,
    findings: &mut Findings,
) -> Option<Spanned<String>> {
    if let Some(name) = name {
        return sink_name(name, findings);
    }
    let message = format!("a selected `{kind}` needs a `name`");
    let label = "`name` is missing here";
    findings.push(
        Diagnostic::new(Code::MissingKey, message, fields.span(), label)
            .help("add `name: <column>`, the name of the sink's column"),
    );
    None
}

fn sink_name(node: &Tree, findings: &mut Findings) -> Option<Spanned<String>> {
    findings.note(source::column_name("`name`", node))
}
