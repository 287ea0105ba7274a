//! A statement as a row of words, enough to tell what kind it is and to cut clauses out of it.
//!
//! What is cut out becomes blanks, so that the places in the parser's messages stay right.

use std::collections::BTreeMap;

use sqlparser::dialect::GenericDialect;
use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer, Whitespace};

use crate::emulator::sql::Source;

/// A text and the tokens that mean something; hints are among them, other comments are not.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) text: String,
    tokens: Vec<TokenWithSpan>,
}

impl Outline {
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let tokens = Tokenizer::new(&GenericDialect {}, text)
            .tokenize_with_location()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            text: text.to_owned(),
            tokens: tokens
                .into_iter()
                .filter(|token| {
                    hint(token).is_some() || !matches!(token.token, Token::Whitespace(_))
                })
                .collect(),
        })
    }

    /// The first words, in capital letters; a name in backticks is none.
    pub(super) fn words(&self, count: usize) -> Vec<String> {
        let words = self.tokens.iter().map_while(|token| keyword(&token.token));
        words.take(count).collect()
    }

    pub(super) fn has_word(&self, wanted: &str) -> bool {
        self.tokens
            .iter()
            .any(|token| keyword(&token.token).is_some_and(|word| word == wanted))
    }

    /// The name of a table at a place, without its catalog and database.
    pub(super) fn name_at(&self, index: usize) -> Result<String, String> {
        name(self.tokens.get(index..).unwrap_or_default())
            .map(|(name, _)| name)
            .ok_or_else(|| "expected: the name of a table".to_owned())
    }

    /// The statement behind the first tokens.
    pub(super) fn behind(&self, count: usize) -> Result<Self, String> {
        let start = self.tokens.get(count).map(|token| token.span.start);
        let start = start.ok_or_else(|| "expected: a statement".to_owned())?;
        Self::new(&blank(&self.text, |place| place < start))
    }

    /// The tables that a query names behind FROM and JOIN.
    pub(super) fn sources(&self) -> Vec<Source> {
        let mut sources = Vec::new();
        let (mut at, mut expected) = (0, false);
        while at < self.tokens.len() {
            match name(&self.tokens[at..]).filter(|_| expected) {
                Some((table, length)) => {
                    sources.push(Source {
                        table,
                        columns: Vec::new(),
                        hint: BTreeMap::new(),
                    });
                    at += length;
                    expected = self
                        .tokens
                        .get(at)
                        .is_some_and(|token| token.token == Token::Comma);
                }
                None => {
                    let word = keyword(&self.tokens[at].token);
                    expected = matches!(word.as_deref(), Some("FROM" | "JOIN"))
                        || expected && self.tokens[at].token == Token::Comma;
                    at += 1;
                }
            }
        }
        sources
    }

    /// Cuts out all hints: their options by table.
    pub(super) fn cut_hints(
        &mut self,
    ) -> Result<BTreeMap<String, BTreeMap<String, String>>, String> {
        let mut found = BTreeMap::new();
        let mut spans = Vec::new();
        for pair in self.tokens.windows(2) {
            let Some(text) = hint(&pair[1]) else { continue };
            let table = match &pair[0].token {
                Token::Word(word) => word.value.clone(),
                other => return Err(format!("a hint cannot follow {other}")),
            };
            let options =
                options(text).ok_or_else(|| format!("the hint {text} is not supported"))?;
            found.insert(table, options);
            spans.push(pair[1].span);
        }
        self.cut(&spans);
        Ok(found)
    }

    /// Cuts out `PRIMARY KEY (...) NOT ENFORCED` with what introduces it: the columns of the key.
    pub(super) fn cut_primary_key(&mut self) -> Vec<String> {
        let is = |index: usize, wanted: &str| {
            let token = self.tokens.get(index).map(|token| &token.token);
            token.and_then(keyword).is_some_and(|word| word == wanted)
        };
        let Some(start) = (0..self.tokens.len()).find(|&at| is(at, "PRIMARY") && is(at + 1, "KEY"))
        else {
            return Vec::new();
        };
        let behind = |index: usize| {
            self.tokens[index..]
                .iter()
                .position(|token| token.token == Token::RParen)
        };
        let Some(end) = behind(start).map(|offset| start + offset) else {
            return Vec::new();
        };
        let names = self.tokens[start..end]
            .iter()
            .skip(2)
            .filter_map(|token| match &token.token {
                Token::Word(word) => Some(word.value.clone()),
                _ => None,
            });
        let names = names.collect();
        let last = if is(end + 1, "NOT") && is(end + 2, "ENFORCED") {
            end + 2
        } else {
            end
        };
        let first = match start.checked_sub(2) {
            Some(before) if is(before, "CONSTRAINT") => before,
            _ => start,
        };
        let comma = first
            .checked_sub(1)
            .filter(|&at| self.tokens[at].token == Token::Comma);
        let span = Span::new(
            self.tokens[comma.unwrap_or(first)].span.start,
            self.tokens[last].span.end,
        );
        self.cut(&[span]);
        names
    }

    fn cut(&mut self, spans: &[Span]) {
        let inside = |place: Location| {
            spans
                .iter()
                .any(|span| span.start <= place && place < span.end)
        };
        self.text = blank(&self.text, inside);
    }
}

/// The text with blanks in some places.
fn blank(text: &str, cut: impl Fn(Location) -> bool) -> String {
    let mut place = Location { line: 1, column: 1 };
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        result.push(if character != '\n' && cut(place) {
            ' '
        } else {
            character
        });
        if character == '\n' {
            place = Location {
                line: place.line + 1,
                column: 1,
            };
        } else {
            place.column += 1;
        }
    }
    result
}

fn keyword(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_ascii_uppercase()),
        _ => None,
    }
}

/// The last part of a dotted name at the front, and how many tokens the name takes.
fn name(tokens: &[TokenWithSpan]) -> Option<(String, usize)> {
    let word = |index: usize| match tokens.get(index).map(|token| &token.token) {
        Some(Token::Word(word)) => Some(word.value.clone()),
        _ => None,
    };
    let mut found = (word(0)?, 1);
    while tokens
        .get(found.1)
        .is_some_and(|token| token.token == Token::Period)
    {
        found = (word(found.1 + 1)?, found.1 + 2);
    }
    Some(found)
}

fn hint(token: &TokenWithSpan) -> Option<&str> {
    match &token.token {
        Token::Whitespace(Whitespace::MultiLineComment(comment)) => comment.strip_prefix('+'),
        _ => None,
    }
}

/// The pairs in `OPTIONS('key' = 'value', ...)`.
fn options(hint: &str) -> Option<BTreeMap<String, String>> {
    let outline = Outline::new(hint).ok()?;
    let tokens: Vec<_> = outline.tokens.iter().map(|token| &token.token).collect();
    let [first, Token::LParen, pairs @ .., Token::RParen] = &tokens[..] else {
        return None;
    };
    if keyword(first)? != "OPTIONS" {
        return None;
    }
    let pairs = pairs
        .split(|token| **token == Token::Comma)
        .map(|pair| match pair {
            [
                Token::SingleQuotedString(key),
                Token::Eq,
                Token::SingleQuotedString(value),
            ] => Some((key.clone(), value.clone())),
            _ => None,
        });
    pairs.collect()
}
