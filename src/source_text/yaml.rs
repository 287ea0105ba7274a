//! YAML texts as [`Node`] trees.
//!
//! Anchors, aliases, merge keys and tags are refused: a reviewer must be able to read a route from
//! top to bottom, and readers of YAML disagree on them.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{Entry, FileId, Key, Node, NodeKind, Scalar, Span, Style};
use crate::diagnostic::{Code, Diagnostic};

/// Deeper nesting than this is refused; a route needs a handful.
const MAX_DEPTH: usize = 64;

/// The documents of a YAML text, `---` between them, and what is wrong with it. A document that is empty
/// is left out. Where the syntax is broken, or an alias or merge key leaves open what the text means, the
/// documents before that place are returned.
pub fn parse(file: FileId, text: &str) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut builder = Builder {
        file,
        text,
        offsets: Offsets::new(text),
        stack: Vec::new(),
        documents: Vec::new(),
        problems: Vec::new(),
    };
    for event in Parser::new_from_str(text) {
        let step = match event {
            Ok((event, span)) => builder.event(event, span),
            Err(error) => {
                let at = builder.offsets.byte(error.marker().index());
                Err(builder.syntax_error(at, error.info()))
            }
        };
        if let Err(problem) = step {
            builder.problems.push(problem);
            break;
        }
    }
    (builder.documents, builder.problems)
}

/// Maps the parser's character indexes to bytes; free for ASCII texts.
struct Offsets(Option<Vec<usize>>, usize);

impl Offsets {
    fn new(text: &str) -> Self {
        let table = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Self(table, text.len())
    }

    fn byte(&self, character: usize) -> usize {
        let known = match &self.0 {
            None => character,
            Some(table) => table.get(character).copied().unwrap_or(self.1),
        };
        known.min(self.1)
    }
}

enum Open {
    Mapping {
        start: usize,
        entries: Vec<Entry>,
        seen: HashMap<String, Span>,
        key: Option<Key>,
    },
    Sequence {
        start: usize,
        elements: Vec<Node>,
    },
}

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    offsets: Offsets,
    stack: Vec<Open>,
    documents: Vec<Node>,
    problems: Vec<Diagnostic>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: saphyr_parser::Span) -> Result<(), Diagnostic> {
        let start = self.offsets.byte(span.start.index());
        let end = self.offsets.byte(span.end.index());
        let here = Span::new(self.file, start..end);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(here, anchor, tag.is_some());
                let style = if style == ScalarStyle::Plain {
                    Style::Plain
                } else {
                    Style::Quoted
                };
                let scalar = Scalar {
                    text: text.into_owned(),
                    style,
                };
                let end = start + self.text[start..end].trim_end().len();
                let span = Span::new(self.file, start..end);
                self.value(Node {
                    kind: NodeKind::Scalar(scalar),
                    span,
                })?;
            }
            Event::Alias(_) => return Err(refused_anchor(here, "alias")),
            Event::MappingStart(anchor, tag) => {
                self.refuse_extras(here, anchor, tag.is_some());
                let (entries, seen) = (Vec::new(), HashMap::new());
                self.open(
                    here,
                    Open::Mapping {
                        start,
                        entries,
                        seen,
                        key: None,
                    },
                )?;
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_extras(here, anchor, tag.is_some());
                self.open(
                    here,
                    Open::Sequence {
                        start,
                        elements: Vec::new(),
                    },
                )?;
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(end)?,
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn open(&mut self, here: Span, open: Open) -> Result<(), Diagnostic> {
        if self.stack.len() >= MAX_DEPTH {
            let message = format!("nested deeper than {MAX_DEPTH} levels");
            let problem = Diagnostic::new(Code::YamlSyntax, message, here, "too deep");
            return Err(problem.help("a route needs a handful of levels"));
        }
        self.stack.push(open);
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Diagnostic> {
        let Some(open) = self.stack.pop() else {
            return Ok(());
        };
        let (start, kind) = match open {
            Open::Mapping { start, entries, .. } => (start, NodeKind::Mapping(entries)),
            Open::Sequence { start, elements } => (start, NodeKind::Sequence(elements)),
        };
        // The end of a block collection is where the next token begins.
        let end = start + self.text[start..end.max(start)].trim_end().len();
        self.value(Node {
            kind,
            span: Span::new(self.file, start..end),
        })
    }

    fn value(&mut self, node: Node) -> Result<(), Diagnostic> {
        match self.stack.last_mut() {
            None => {
                if !is_empty_document(&node) {
                    self.documents.push(node);
                }
            }
            Some(Open::Sequence { elements, .. }) => elements.push(node),
            Some(Open::Mapping {
                entries, seen, key, ..
            }) => match key.take() {
                Some(key) => match seen.get(&key.text) {
                    Some(first) => self.problems.push(duplicate_key(&key, *first)),
                    None => {
                        seen.insert(key.text.clone(), key.span);
                        entries.push(Entry { key, value: node });
                    }
                },
                None => *key = Some(as_key(node)?),
            },
        }
        Ok(())
    }

    fn refuse_extras(&mut self, here: Span, anchor: usize, tagged: bool) {
        if anchor != 0 {
            self.problems.push(refused_anchor(here, "anchor"));
        }
        if tagged {
            let problem =
                Diagnostic::new(Code::YamlFeature, "tags are not read", here, "tagged value");
            self.problems
                .push(problem.help("leave the tag out; put text in quotes"));
        }
    }

    fn syntax_error(&self, at: usize, info: &str) -> Diagnostic {
        let mut at = self.text.floor_char_boundary(at);
        if info.contains("found a tab") {
            // The reader reports where the text before the tab begins.
            at += self.text[at..].find('\t').unwrap_or(0);
        }
        let width = self.text[at..].chars().next().map_or(0, char::len_utf8);
        let span = Span::new(self.file, at..at + width);
        let message = format!("this is not valid YAML: {info}");
        Diagnostic::new(Code::YamlSyntax, message, span, "the reader stopped here")
            .help(self.syntax_hint(at, info))
    }

    /// What most likely went wrong, as the reader's words are those of the YAML specification.
    fn syntax_hint(&self, at: usize, info: &str) -> &'static str {
        let line_start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text[line_start..].lines().next().unwrap_or_default();
        let before = &self.text[line_start..at];
        if line.contains('{') && line.contains('[') && line.contains("field:") {
            "in flow style `{...}` a path with brackets needs quotes: `field: \"a[0].b\"`"
        } else if info.contains("found a tab") {
            "indent with spaces; YAML allows no tabs there"
        } else if info.contains("mapping values are not allowed") && before.contains(": ") {
            "text that holds `: ` needs quotes"
        } else if info.contains("mapping values are not allowed") {
            "begin the key in the same column as the other keys of its mapping"
        } else if info.contains("simple key") {
            "a key needs a `:` behind it; look at the lines above too"
        } else if info.contains("quoted scalar") {
            "close the quotes"
        } else {
            "check indentation and quotes at and above this line"
        }
    }
}

fn is_empty_document(node: &Node) -> bool {
    node.scalar().is_some_and(Scalar::is_null)
}

/// A node as a key. Behind one that is refused nobody knows what the mapping holds, so reading ends there.
fn as_key(node: Node) -> Result<Key, Diagnostic> {
    let span = node.span;
    let refused = |message: &str, label: &str, help: &str| {
        Err(Diagnostic::new(Code::YamlFeature, message, span, label).help(help))
    };
    match node.kind {
        NodeKind::Scalar(scalar) if scalar.text == "<<" && scalar.style == Style::Plain => refused(
            "merge keys (`<<`) are not read",
            "merge key",
            "write the keys out",
        ),
        NodeKind::Scalar(scalar) => Ok(Key {
            text: scalar.text,
            span,
        }),
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => refused(
            "a key must be plain text",
            "not a text key",
            "write the key as text; one with brackets needs quotes",
        ),
    }
}

fn refused_anchor(here: Span, what: &str) -> Diagnostic {
    let message = "anchors and aliases are not read";
    Diagnostic::new(Code::YamlFeature, message, here, format!("this {what}"))
        .help("write the value out where it is used")
}

fn duplicate_key(key: &Key, first: Span) -> Diagnostic {
    let message = format!("key `{}` stands here twice", key.text);
    Diagnostic::new(Code::DuplicateKey, message, key.span, "second time")
        .related(first, "first time")
        .help("remove one of the two; otherwise one of them would be ignored")
}
