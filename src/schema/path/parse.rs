//! The grammar of a field path: `$`? then keys, `.`-separated or in brackets, and indexes.

use super::{FieldPath, Root, Segment};

/// Why a text is no field path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PathError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Where it is wrong: the first byte in the text.
    pub offset: usize,
    /// How many bytes are wrong; 0 where something is missing.
    pub len: usize,
}

impl PathError {
    fn new(
        at: std::ops::Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
            offset: at.start,
            len: at.len(),
        }
    }
}

/// Whether a key may stand in a path without quotes.
pub(super) fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.chars().all(is_bare_char)
}

fn is_bare_char(c: char) -> bool {
    !matches!(c, '.' | '[' | ']' | '"' | '\'') && !c.is_whitespace() && !c.is_control()
}

pub(super) fn parse(text: &str) -> Result<FieldPath, PathError> {
    let mut parser = Parser { text, at: 0 };
    let root = parser.root();
    let mut segments = Vec::new();
    if root == Root::Any && !parser.rest().starts_with('[') {
        segments.push(parser.bare_key()?);
    }
    while let Some(next) = parser.rest().chars().next() {
        segments.push(match next {
            '.' => {
                parser.at += 1;
                parser.bare_key()?
            }
            '[' => parser.bracket()?,
            other => return Err(parser.unexpected(other)),
        });
    }
    if segments.is_empty() {
        let help = "name a field of the document: `$.eventHeader`";
        return Err(PathError::new(
            0..text.len(),
            "the path names no field",
            help,
        ));
    }
    Ok(FieldPath { root, segments })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Passes over a `$` that stands for the document: alone, or before `.` or `[`.
    fn root(&mut self) -> Root {
        match self.rest().strip_prefix('$') {
            Some(after) if after.is_empty() || after.starts_with(['.', '[']) => {
                self.at += 1;
                Root::Document
            }
            _ => Root::Any,
        }
    }

    fn bare_key(&mut self) -> Result<Segment, PathError> {
        let rest = self.rest();
        let end = rest.find(|c| !is_bare_char(c)).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.missing_key());
        }
        self.at += end;
        Ok(Segment::Key(rest[..end].to_owned()))
    }

    fn missing_key(&self) -> PathError {
        match self.rest().chars().next() {
            None if self.at == 0 => PathError::new(
                0..0,
                "the path is empty",
                "write one like `eventHeader.eventType`",
            ),
            None => {
                let dot = self.at.saturating_sub(1)..self.at;
                PathError::new(
                    dot,
                    "the path ends in a dot",
                    "remove the dot, or name a key behind it",
                )
            }
            Some(separator @ ('.' | '[')) => PathError::new(
                self.at..self.at + 1,
                format!("a key is missing before `{separator}`"),
                "remove the extra separator; an empty key is written `[\"\"]`",
            ),
            Some(other) => self.unexpected(other),
        }
    }

    fn unexpected(&self, found: char) -> PathError {
        let here = self.at..self.at + found.len_utf8();
        match found {
            ']' => PathError::new(
                here,
                "`]` without a `[` before it",
                "remove it, or write `[0]`",
            ),
            '"' | '\'' => PathError::new(
                here,
                "a quote inside a key",
                "quote the whole key in brackets: `tags[\"a.b\"]`",
            ),
            c if c.is_whitespace() || c.is_control() => PathError::new(
                here,
                "white space or a control character in a key",
                "quote such a key in brackets: `[\"first name\"]`",
            ),
            c => PathError::new(
                here,
                format!("`{c}` directly after `]`"),
                "separate the key with a dot: `entities[0].id`",
            ),
        }
    }

    /// Reads `[0]`, `[*]` or `["key"]`; the position is at the `[`.
    fn bracket(&mut self) -> Result<Segment, PathError> {
        let start = self.at;
        let inner = &self.text[start + 1..];
        if inner.starts_with('"') {
            return self.quoted_key(start);
        }
        let unclosed = || {
            let rest = start..self.text.len();
            PathError::new(
                rest,
                "`[` is never closed",
                "close it: `[0]`, `[*]` or `[\"key\"]`",
            )
        };
        let content = &inner[..inner.find(']').ok_or_else(unclosed)?];
        let at = start + 1..start + 1 + content.len();
        self.at = at.end + 1;
        if content == "*" {
            return Ok(Segment::Any);
        }
        index(content)
            .map(Segment::Index)
            .map_err(|(message, help)| {
                let at = if content.is_empty() {
                    start..self.at
                } else {
                    at
                };
                PathError::new(at, message, help)
            })
    }

    fn quoted_key(&mut self, start: usize) -> Result<Segment, PathError> {
        let literal = start + 1;
        let unclosed = |help| {
            PathError::new(
                start..self.text.len(),
                "the quoted key is never closed",
                help,
            )
        };
        let end = closing_quote(&self.text[literal..])
            .map(|length| literal + length)
            .ok_or_else(|| unclosed("close it with `\"]`"))?;
        let key = serde_json::from_str(&self.text[literal..end]).map_err(|_| {
            PathError::new(
                literal..end,
                "the quoted key is not a JSON string",
                "escape like JSON does: `\\\"`, `\\\\`, `\\n`, `\\u00e9`",
            )
        })?;
        if !self.text[end..].starts_with(']') {
            return Err(unclosed("write `]` directly after the closing quote"));
        }
        self.at = end + 1;
        Ok(Segment::Key(key))
    }
}

/// The length of the JSON string literal that `text` begins with, quotes included.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (position, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(position + 1),
            _ => {}
        }
    }
    None
}

/// Reads an index, or says what is wrong with it and what to write.
fn index(content: &str) -> Result<u32, (String, String)> {
    if content.is_empty() {
        let help = "write `[0]` for the first element or `[*]` for any";
        return Err(("the brackets are empty".to_owned(), help.to_owned()));
    }
    let digits = content.strip_prefix('-').unwrap_or(content);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let key = content.trim_matches('\'');
        let help = format!(
            "a key in brackets takes double quotes: `[{}]`",
            serde_json::Value::from(key)
        );
        return Err((format!("`{content}` is not an index"), help));
    }
    if content.starts_with('-') {
        let help = "indexes count from 0 at the front; use `[*]` for any element";
        return Err((format!("negative index `{content}`"), help.to_owned()));
    }
    if digits.len() > 1 && digits.starts_with('0') {
        let plain = digits.trim_start_matches('0');
        let plain = if plain.is_empty() { "0" } else { plain };
        return Err((
            format!("index `{content}` has leading zeros"),
            format!("write `[{plain}]`"),
        ));
    }
    content.parse().map_err(|_| {
        (
            format!("index `{content}` is too large"),
            format!("the largest index is {}", u32::MAX),
        )
    })
}
