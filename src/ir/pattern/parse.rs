//! The grammar: choices of sequences of repeated parts.

use std::ops::Range;

use super::PatternError;
use super::escape::Escape;
use super::print::is_special;
use super::tree::{Node, One};

/// How deep groups may nest.
const MAX_DEPTH: usize = 32;
/// How often a part may be repeated by number.
const MAX_COUNT: u32 = 1_000;

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    depth: usize,
}

/// Reads a pattern without its leading flag, which ends at `at`.
pub(super) fn parse(text: &str, at: usize) -> Result<Node, PatternError> {
    let mut parser = Parser { text, at, depth: 0 };
    let node = parser.choice()?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(PatternError::new(
            parser.at..parser.at + 1,
            "`)` without a `(` before it",
            "remove it, or write `\\)` for the character",
        )),
    }
}

impl Parser<'_> {
    pub(super) fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes over the prefix, if it is there.
    pub(super) fn take(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.at += prefix.len();
        }
        found
    }

    fn choice(&mut self) -> Result<Node, PatternError> {
        let mut parts = vec![self.sequence()?];
        while self.take("|") {
            parts.push(self.sequence()?);
        }
        Ok(Node::choice(parts))
    }

    fn sequence(&mut self) -> Result<Node, PatternError> {
        let start = self.at;
        let mut parts = Vec::new();
        while let Some(next) = self.peek().filter(|next| !matches!(next, '|' | ')')) {
            parts.push(self.repeated(next)?);
        }
        if parts.is_empty() {
            let message = "nothing between `(`, `|`, `)` or an end of the pattern";
            let help = "remove the extra `|` or `()`; what may be missing is written `(?:...)?`";
            return Err(PatternError::new(start..self.at, message, help));
        }
        Ok(Node::sequence(parts))
    }

    fn repeated(&mut self, next: char) -> Result<Node, PatternError> {
        let start = self.at;
        let node = self.part(next)?;
        let quantifier = self.at;
        let Some((min, max)) = self.quantifier()? else {
            return Ok(node);
        };
        self.refuse_second_quantifier(quantifier)?;
        if matches!(node, Node::Start | Node::End) {
            return Err(nothing_to_repeat(quantifier..self.at));
        }
        node.check_repetition(min, max)
            .map_err(|(message, help)| PatternError::new(start..self.at, message, help))?;
        Ok(node.repeat(min, max))
    }

    /// Reads a part that begins with `next`.
    fn part(&mut self, next: char) -> Result<Node, PatternError> {
        let start = self.at;
        self.at += next.len_utf8();
        match next {
            '^' => Ok(Node::Start),
            '$' => Ok(Node::End),
            '.' => Ok(Node::One(One::Any)),
            '(' => self.group(start),
            '[' => self.class(start).map(Node::One),
            '\\' => self.escape(start).map(|escape| {
                Node::One(match escape {
                    Escape::Literal(character) => One::Literal(character),
                    Escape::Shorthand(shorthand) => One::Shorthand(shorthand),
                })
            }),
            '*' | '+' | '?' => Err(nothing_to_repeat(start..self.at)),
            special if is_special(special) => Err(PatternError::new(
                start..self.at,
                format!("`{special}` alone"),
                format!("write `\\{special}` for the character"),
            )),
            character => Ok(Node::One(One::Literal(character))),
        }
    }

    /// Reads a group behind its `(`.
    fn group(&mut self, start: usize) -> Result<Node, PatternError> {
        if !self.take("?:") && self.rest().starts_with('?') {
            return Err(self.refused_group(start));
        }
        if self.depth == MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} groups in each other");
            let help = "write it with fewer parentheses, or as several conditions";
            return Err(PatternError::new(start..self.at, message, help));
        }
        self.depth += 1;
        let node = self.choice()?;
        self.depth -= 1;
        if self.take(")") {
            return Ok(node);
        }
        let help = "close it with `)`, or write `\\(` for the character";
        Err(PatternError::new(
            start..start + 1,
            "`(` is never closed",
            help,
        ))
    }

    fn refused_group(&self, start: usize) -> PatternError {
        let rest = self.rest();
        let (len, message, help) = if rest.starts_with("?=") || rest.starts_with("?!") {
            let help = "write two conditions, `matches` and perhaps `not`, under `all`";
            (2, "lookahead is not supported", help)
        } else if rest.starts_with("?<=") || rest.starts_with("?<!") {
            let help = "write two conditions, `matches` and perhaps `not`, under `all`";
            (3, "lookbehind is not supported", help)
        } else if rest.starts_with("?<") || rest.starts_with("?P<") {
            let help = "nothing reads the name: write `(...)`";
            (2, "named groups are not supported", help)
        } else if rest.starts_with("?>") {
            let help = "write `(...)`";
            (2, "atomic groups are not supported", help)
        } else {
            let help = "the only flag is `(?i)`, at the very start of the pattern";
            (1, "flags inside a pattern are not supported", help)
        };
        PatternError::new(start..start + 1 + len, message, help)
    }

    /// Reads a quantifier, if one is there.
    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, PatternError> {
        let start = self.at;
        let range = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.counts(start).map(Some),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(range))
    }

    fn counts(&mut self, start: usize) -> Result<(u32, Option<u32>), PatternError> {
        let here = |len: usize| start..start + len;
        let Some(len) = self.rest().find('}') else {
            let help = "write a count like `{3}`, or `\\{` for the character";
            return Err(PatternError::new(here(1), "`{` is never closed", help));
        };
        let inner = &self.text[start + 1..start + len];
        let (min, max) = inner.split_once(',').unwrap_or((inner, inner));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if min.is_empty() || !digits(min) || !digits(max) {
            let message = format!("`{{{inner}}}` is not a count");
            let help = "write `{3}`, `{3,}` or `{3,5}`, or `\\{` for the character";
            return Err(PatternError::new(here(len + 1), message, help));
        }
        let count = |text: &str| {
            let number = text.parse().unwrap_or(u32::MAX);
            let message = format!("more than {MAX_COUNT} repetitions");
            let help = format!("repeat at most {MAX_COUNT} times, or without an end: `{{3,}}`");
            match number {
                0..=MAX_COUNT => Ok(number),
                _ => Err(PatternError::new(here(len + 1), message, help)),
            }
        };
        let min = count(min)?;
        let max = Some(max).filter(|max| !max.is_empty()).map(count);
        let max = max.transpose()?;
        if max == Some(0) {
            let help = "remove what it repeats";
            return Err(PatternError::new(
                here(len + 1),
                "a repetition that is never",
                help,
            ));
        }
        if max.is_some_and(|max| max < min) {
            let help = "write the smaller count first";
            return Err(PatternError::new(
                here(len + 1),
                "the counts are reversed",
                help,
            ));
        }
        self.at += len + 1;
        Ok((min, max))
    }

    fn refuse_second_quantifier(&self, first: usize) -> Result<(), PatternError> {
        let (message, help) = match self.peek() {
            Some('+') => (
                "possessive quantifiers are not supported",
                "remove the `+`; `\\+` is the character",
            ),
            Some('?') => (
                "lazy quantifiers are not supported",
                "remove the `?`: whether a text matches is the same; `\\?` is the character",
            ),
            Some('*' | '{') => (
                "a second quantifier",
                "write one, like `{2,6}`, or escape it for the character",
            ),
            _ => return Ok(()),
        };
        Err(PatternError::new(first..self.at + 1, message, help))
    }
}

fn nothing_to_repeat(at: Range<usize>) -> PatternError {
    let help = "write what is repeated before it, or escape it for the character: `\\*`";
    PatternError::new(at, "a quantifier with nothing to repeat", help)
}
