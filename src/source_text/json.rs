//! JSON texts as [`Node`] trees.

use jsonc_parser::ast::{ObjectProp, Value as Ast};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Entry, FileId, Key, Node, NodeKind, Scalar, SourceFile, Span, Style};
use crate::diagnostic::{Code, Diagnostic};

/// A JSON text: its value as a validator sees it, and the same with places.
#[derive(Debug)]
pub struct JsonDocument {
    /// The value.
    pub value: serde_json::Value,
    /// The same tree with places.
    pub node: Node,
}

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads a JSON text (RFC 8259); a key that stands twice in one object is refused.
pub fn parse(id: FileId, file: &SourceFile) -> Result<JsonDocument, Vec<Diagnostic>> {
    let text = file.text();
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| vec![refused(id, text, &error)])?;
    let ast = parse_to_ast(text, &CollectOptions::default(), &STRICT)
        .map_err(|error| {
            vec![syntax_error(
                id,
                error.range().start,
                text,
                &error.to_string(),
                NOT_JSON,
            )]
        })?
        .value;
    let mut problems = Vec::new();
    let node = match ast {
        Some(ast) => convert(id, ast, &mut problems),
        None => Node {
            kind: NodeKind::Sequence(Vec::new()),
            span: Span::new(id, 0..0),
        },
    };
    if problems.is_empty() {
        Ok(JsonDocument { value, node })
    } else {
        Err(problems)
    }
}

fn convert(id: FileId, ast: Ast<'_>, problems: &mut Vec<Diagnostic>) -> Node {
    let range = ast.range();
    let span = Span::new(id, range.start..range.end);
    let scalar = |text: String, style| NodeKind::Scalar(Scalar { text, style });
    let kind = match ast {
        Ast::StringLit(string) => scalar(string.value.into_owned(), Style::Quoted),
        Ast::NumberLit(number) => scalar(number.value.to_owned(), Style::Plain),
        Ast::BooleanLit(boolean) => scalar(boolean.value.to_string(), Style::Plain),
        Ast::NullKeyword(_) => scalar("null".to_owned(), Style::Plain),
        Ast::Array(array) => NodeKind::Sequence(
            array
                .elements
                .into_iter()
                .map(|element| convert(id, element, problems))
                .collect(),
        ),
        Ast::Object(object) => {
            let mut entries: Vec<Entry> = Vec::with_capacity(object.properties.len());
            for property in object.properties {
                add_property(id, property, &mut entries, problems);
            }
            NodeKind::Mapping(entries)
        }
    };
    Node { kind, span }
}

fn add_property(
    id: FileId,
    property: ObjectProp<'_>,
    entries: &mut Vec<Entry>,
    problems: &mut Vec<Diagnostic>,
) {
    let range = property.name.range();
    let span = Span::new(id, range.start..range.end);
    let key = Key {
        text: property.name.into_string(),
        span,
    };
    let value = convert(id, property.value, problems);
    match entries.iter().find(|entry| entry.key.text == key.text) {
        Some(first) => problems.push(
            Diagnostic::new(
                Code::DuplicateKey,
                format!("key `{}` stands here twice", key.text),
                key.span,
                "second time",
            )
            .related(first.key.span, "first time")
            .help("remove one of the two; readers differ in which one they keep"),
        ),
        None => entries.push(Entry { key, value }),
    }
}

const NOT_JSON: &str = "comments, trailing commas and single quotes are not JSON";

/// What the strict reader says. Its columns count bytes.
fn refused(id: FileId, text: &str, error: &serde_json::Error) -> Diagnostic {
    if text.trim().is_empty() {
        let at = "an empty file is not valid JSON";
        return Diagnostic::new(Code::JsonSyntax, at, Span::new(id, 0..0), "nothing here")
            .help("write a JSON value into it, or remove the file");
    }
    let lines = text.split_inclusive('\n');
    let line_start: usize = lines.take(error.line().max(1) - 1).map(str::len).sum();
    let at = line_start + error.column().max(1) - 1;
    if error.is_eof() {
        let help = "close what is open: a quote, `]` or `}`";
        return syntax_error(id, text.trim_end().len(), text, "it ends too early", help);
    }
    syntax_error(id, at, text, &error.to_string(), NOT_JSON)
}

fn syntax_error(id: FileId, at: usize, text: &str, error: &str, help: &str) -> Diagnostic {
    // The reader repeats the place in its message; the diagnostic shows it already.
    let message = error.split(" at line ").next().unwrap_or(error);
    let message = message.split(" on line ").next().unwrap_or(message);
    let at = text.floor_char_boundary(at.min(text.len()));
    let width = text[at..].chars().next().map_or(0, char::len_utf8);
    Diagnostic::new(
        Code::JsonSyntax,
        format!("this is not valid JSON: {message}"),
        Span::new(id, at..at + width),
        "the reader stopped here",
    )
    .help(help)
}
