//! Escapes, and classes, which hold little else.

use super::PatternError;
use super::parse::Parser;
use super::tree::{Item, One, Shorthand};

/// What a backslash and the character behind it stand for.
pub(super) enum Escape {
    Literal(char),
    Shorthand(Shorthand),
}

impl Parser<'_> {
    /// Reads an escape behind its backslash, which is at `start`.
    pub(super) fn escape(&mut self, start: usize) -> Result<Escape, PatternError> {
        let Some(letter) = self.peek() else {
            let help = "write `\\\\` for the character";
            return Err(PatternError::new(
                start..self.at,
                "`\\` at the end of the pattern",
                help,
            ));
        };
        self.at += letter.len_utf8();
        let literal = match letter {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            punctuation if punctuation.is_ascii_punctuation() => punctuation,
            other => {
                let shorthand = Shorthand::of(other).map(Escape::Shorthand);
                return shorthand.ok_or_else(|| {
                    let (message, help) = refused_escape(other);
                    PatternError::new(start..self.at, message, help)
                });
            }
        };
        Ok(Escape::Literal(literal))
    }

    /// Reads a class behind its `[`, which is at `start`.
    pub(super) fn class(&mut self, start: usize) -> Result<One, PatternError> {
        let negated = self.take("^");
        let mut items = Vec::new();
        loop {
            let at = self.at;
            match self.peek() {
                None => {
                    let help = "close it with `]`, or write `\\[` for the character";
                    return Err(PatternError::new(
                        start..start + 1,
                        "`[` is never closed",
                        help,
                    ));
                }
                Some(']') if items.is_empty() => {
                    let help = "list characters in it; `\\]` is the character";
                    return Err(PatternError::new(start..at + 1, "an empty class", help));
                }
                Some(']') => {
                    self.at += 1;
                    return Ok(One::Class { negated, items });
                }
                Some(next) => items.push(self.item(next, items.is_empty())?),
            }
        }
    }

    /// Reads a character, range or shorthand that begins with `next`.
    fn item(&mut self, next: char, first: bool) -> Result<Item, PatternError> {
        let start = self.at;
        let low = self.member(next, first)?;
        let rest = self.rest();
        if !rest.starts_with('-') || rest.starts_with("-]") {
            return Ok(match low {
                Escape::Literal(character) => Item::Literal(character),
                Escape::Shorthand(shorthand) => Item::Shorthand(shorthand),
            });
        }
        self.at += 1;
        let Some(next) = self.peek() else {
            // The caller finds that the class is never closed.
            return Ok(Item::Literal('-'));
        };
        let high = self.member(next, false)?;
        let (Escape::Literal(low), Escape::Literal(high)) = (low, high) else {
            let help = "write `\\-` for the character";
            return Err(PatternError::new(
                start..self.at,
                "a range from or to a shorthand",
                help,
            ));
        };
        if low > high {
            let help = format!("write `{high}-{low}`, or `\\-` for the character");
            return Err(PatternError::new(
                start..self.at,
                "the range is reversed",
                help,
            ));
        }
        Ok(Item::Range(low, high))
    }

    /// Reads one character or shorthand, which begins with `next`.
    fn member(&mut self, next: char, first: bool) -> Result<Escape, PatternError> {
        let start = self.at;
        if self.rest().starts_with("&&") {
            let help = "list the characters themselves, or escape: `\\&`";
            return Err(PatternError::new(
                start..start + 2,
                "`&&` in a class is not supported",
                help,
            ));
        }
        self.at += next.len_utf8();
        match next {
            '\\' => self.escape(start),
            '[' => Err(PatternError::new(
                start..self.at,
                "a class in a class is not supported",
                "list the characters in one class, or write `\\[` for the character",
            )),
            '-' if !first && !self.rest().starts_with(']') => Err(PatternError::new(
                start..self.at,
                "`-` in the middle of a class",
                "write `\\-` for the character, or put it first or last",
            )),
            character => Ok(Escape::Literal(character)),
        }
    }
}

fn refused_escape(letter: char) -> (String, String) {
    let (message, help) = match letter {
        'b' | 'B' => (
            "word boundaries are not supported",
            "write the neighbours: `(?:^|\\W)loan(?:\\W|$)`",
        ),
        'A' => ("`\\A` is not supported", "write `^`, the start of the text"),
        'z' | 'Z' => (
            "`\\z` and `\\Z` are not supported",
            "write `$`, which is the very end of the text",
        ),
        'G' => ("`\\G` is not supported", "write `^`, the start of the text"),
        'Q' | 'E' => (
            "quoting with `\\Q` and `\\E` is not supported",
            "escape each special character, or use the operator `contains`",
        ),
        'p' | 'P' => (
            "character properties are not supported",
            "list the characters: `[A-Za-z]`",
        ),
        '1'..='9' | 'k' => (
            "references to groups are not supported",
            "write what the group matches again",
        ),
        'u' | 'x' | '0' | 'c' | 'N' => (
            "characters by number or name are not supported",
            "write the character itself",
        ),
        other => {
            return (
                format!("unknown escape `\\{other}`"),
                format!("write `{other}` for the character, or `\\\\{other}` behind a backslash"),
            );
        }
    };
    (message.to_owned(), help.to_owned())
}
