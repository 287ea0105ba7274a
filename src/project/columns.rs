//! Columns of a source: written out with their types, or taken from the schema of the topic.
//!
//! `columns` maps names to Flink types, unless its only key is `avro` or `json-schema` and the value names a file. A
//! file is told by its ending: no Flink type ends in `.avsc` or `.json`, so a column may have any name.
//!
//! `avro.rs` and `json_schema.rs` follow the mapping that Confluent Cloud documents for tables of such topics ("Data
//! Type Mappings in Confluent Cloud for Apache Flink"), but for nullability: every column and field is nullable, as types
//! are where nothing is said. Sinks get the columns of their source, and one that forbids NULL would end its statement at
//! the first NULL, for example once a field has become optional.
//!
//! To add a format, add a row to [`FORMATS`] and a file that maps its types.

mod avro;
mod json_schema;
mod mapped;
#[cfg(test)]
mod tests;
mod trail;

use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;

use super::names;
use super::source::data_type;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::source_text::{Entry, Node, NodeKind, Sources, Spanned, decode};
use crate::sql::DataType;
use mapped::Mapped;

/// Columns in the order of the table. The place of one that is taken from a schema is in the schema's file.
pub type Columns = IndexMap<String, Spanned<DataType>>;

/// A format of schemas.
struct Format {
    /// Its key in `columns`.
    key: &'static str,
    /// How the names of its files may end.
    endings: &'static [&'static str],
    map: fn(&Spanned<Utf8PathBuf>, &mut Input<'_>, &mut Findings) -> Option<Mapped>,
}

const FORMATS: &[Format] = &[
    Format {
        key: "avro",
        endings: &[".avsc", ".json"],
        map: avro::map,
    },
    Format {
        key: "json-schema",
        endings: &[".json"],
        map: json_schema::map,
    },
];

/// Where schema files are.
#[derive(Debug)]
pub struct Input<'i> {
    /// The directory of the project.
    pub root: &'i Utf8Path,
    /// What they are read into.
    pub files: &'i mut Sources,
}

/// Reads `columns` of a source, and the schema file that it may name.
pub(super) fn decode(
    node: &Node,
    input: &mut Input<'_>,
    findings: &mut Findings,
) -> Option<Columns> {
    let NodeKind::Mapping(entries) = &node.kind else {
        let expected = "`columns` must map column names to Flink types";
        let help = "or take them from a schema of the topic: `columns: {avro: <file>.avsc}`";
        findings.push(decode::wrong_shape(node, expected).help(help));
        return None;
    };
    if let [entry] = entries.as_slice()
        && let Some((format, path)) = schema_file(entry)
    {
        return take(format, &path, input, findings);
    }
    let read = |entry: &Entry, findings: &mut Findings| {
        let (name, span) = (&entry.key.text, entry.key.span);
        let named = findings.note(names::column(name, span));
        let data_type = findings.note(written_type(entry, entries.len() == 1))?;
        named.map(|()| (name.clone(), data_type))
    };
    let columns: Columns = entries
        .iter()
        .filter_map(|entry| read(entry, findings))
        .collect();
    if columns.is_empty() && entries.is_empty() {
        let expected = "`columns` must name at least one column";
        findings.push(decode::wrong_shape(node, expected));
    }
    Some(columns)
}

impl Format {
    fn has_ending(&self, text: &str) -> bool {
        self.endings.iter().any(|ending| text.ends_with(ending))
    }
}

/// The schema file that the only entry of `columns` names, if it does.
fn schema_file(entry: &Entry) -> Option<(&'static Format, Spanned<Utf8PathBuf>)> {
    let text = &entry.value.scalar()?.text;
    let format = FORMATS.iter().find(|format| format.key == entry.key.text)?;
    let path = Spanned::new(Utf8PathBuf::from(text), entry.value.span);
    format.has_ending(text).then_some((format, path))
}

/// The type of a column that is written out.
fn written_type(entry: &Entry, alone: bool) -> Result<Spanned<DataType>, Diagnostic> {
    data_type(&entry.value).map_err(|problem| match problem.code {
        Code::BadColumnType => meant_as_schema(entry, alone).unwrap_or(problem),
        _ => problem,
    })
}

/// What to say of a text that is no type, where it may be meant to name a schema file.
fn meant_as_schema(entry: &Entry, alone: bool) -> Option<Diagnostic> {
    let text = &entry.value.scalar()?.text;
    let said = |message: String| {
        Diagnostic::new(Code::BadColumnType, message, entry.value.span, "not a type")
    };
    let named = FORMATS.iter().find(|format| format.key == entry.key.text);
    let fitting = FORMATS.iter().find(|format| format.has_ending(text));
    match (named, fitting) {
        (Some(format), None) if alone => {
            let endings = format.endings.join("` or `");
            let message = format!("`{text}` is neither a schema file nor a Flink type");
            Some(
                said(message)
                    .help(format!(
                        "to take the columns from a schema name a file that ends in `{endings}`"
                    ))
                    .help(format!(
                        "for a column named `{}` write its type, for example STRING",
                        format.key
                    )),
            )
        }
        (named, Some(fitting)) => {
            let key = named
                .filter(|format| format.has_ending(text))
                .unwrap_or(fitting)
                .key;
            let message = format!("`{text}` is a file, not a Flink type");
            Some(said(message).help(format!(
                "to take all columns from it write `columns: {{{key}: {text}}}`, without other keys"
            )))
        }
        _ => None,
    }
}

/// Takes the columns from a schema file.
fn take(
    format: &Format,
    path: &Spanned<Utf8PathBuf>,
    input: &mut Input<'_>,
    findings: &mut Findings,
) -> Option<Columns> {
    match (format.map)(path, input, findings)? {
        Mapped::Members(members) => {
            let columns = members.into_iter().map(|member| {
                findings.note(names::column(&member.name, member.span))?;
                findings.note(names::fields(&member.data_type, member.span))?;
                Some((member.name, Spanned::new(member.data_type, member.span)))
            });
            // One run reports each of them.
            columns.collect::<Vec<_>>().into_iter().collect()
        }
        Mapped::Type(_) => {
            let message = format!("the type that `{}` describes has no fields", path.value);
            let label = "columns cannot be taken from it";
            let problem = Diagnostic::new(Code::UnmappedType, message, path.span, label);
            findings.push(problem.help("name an Avro record, or the JSON Schema of an object"));
            None
        }
    }
}
