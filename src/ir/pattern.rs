//! Patterns: the subset of regular expressions that `matches` takes.
//!
//! Java's dialect runs in Flink. A pattern is what means the same to everybody who knows regular expressions,
//! and what cannot harm the job (see `safety`): characters, escaped metacharacters, `\d \D \w \W \s \S` (ASCII),
//! `\t \n \r`, `.` (any but `\n`, `\r`, U+0085, U+2028, U+2029), classes, groups, alternation, `* + ? {n} {n,}
//! {n,m}`, the anchors `^` and `$` (the very start and end of the text) and a leading `(?i)` (ASCII letters).
//!
//! | module | concept |
//! | --- | --- |
//! | `tree` | what a pattern consists of |
//! | `parse`, `escape` | text as a tree, or what is wrong with it |
//! | `print` | a tree as text: for people, for Java, for our own engine |
//! | `safety` | what keeps a pattern from harming the job |
//! | `chars` | sets of characters |
//!
//! To add a syntax, add a variant to the tree and follow the compiler; `tests` holds what it must mean in Java.

mod chars;
mod escape;
mod parse;
mod print;
mod safety;
#[cfg(test)]
mod tests;
mod tree;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use regex::Regex;

use crate::sql::{Expr, Function};
use print::{Printed, Reader};
use tree::Node;

/// How many characters a pattern may have.
const MAX_LENGTH: usize = 1_000;
/// How many parts a pattern may have, repetitions written out.
const MAX_SIZE: u64 = 2_000;
const IGNORE_CASE: &str = "(?i)";

/// A regular expression that is safe to run, and that is found in a text or not.
#[derive(Debug, Clone)]
pub struct Pattern {
    ignore_case: bool,
    root: Node,
    /// What `root` means, ready to be run.
    engine: Regex,
}

/// Why a text is no [`Pattern`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Where it is wrong: the first byte in the text.
    pub offset: usize,
    /// How many bytes are wrong; 0 where something is missing.
    pub len: usize,
}

impl PatternError {
    fn new(at: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
            offset: at.start,
            len: at.len(),
        }
    }
}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let whole = 0..text.len();
        let ignore_case = text.starts_with(IGNORE_CASE);
        let start = if ignore_case { IGNORE_CASE.len() } else { 0 };
        if text.len() == start {
            let help = "write what must occur, or use `isNotNull: true`";
            return Err(PatternError::new(whole, "the pattern is empty", help));
        }
        if text.chars().count() > MAX_LENGTH {
            let message = format!("the pattern has more than {MAX_LENGTH} characters");
            let help = "split it into several conditions, or list values under `in`";
            return Err(PatternError::new(whole, message, help));
        }
        let root = parse::parse(text, start)?;
        if root.size() > MAX_SIZE {
            let message =
                format!("the pattern has more than {MAX_SIZE} parts, repetitions written out");
            let help = "repeat less often, or without an end: `{3,}`";
            return Err(PatternError::new(whole, message, help));
        }
        if root.steps(ignore_case) > safety::MAX_STEPS {
            let message = "the pattern may hang the job on a long value: repetitions that can also match \
                           what follows them are tried in every combination";
            let help = "begin with `^`, leave out `.*` at the start and the end (the pattern is found \
                        anywhere), repeat a narrower class like `[^,]*`, or split it into several \
                        conditions under `all`";
            return Err(PatternError::new(whole, message, help));
        }
        let engine = Printed(&root, Reader::Engine { ignore_case }).to_string();
        let engine = Regex::new(&engine).map_err(|_| {
            PatternError::new(
                whole,
                "the pattern is too large",
                "split it into several conditions",
            )
        })?;
        Ok(Self {
            ignore_case,
            root,
            engine,
        })
    }

    /// Whether the pattern is found anywhere in the text: what Java says of [`Pattern::to_java`].
    pub fn matches(&self, text: &str) -> bool {
        self.engine.is_match(text)
    }

    /// The pattern for `java.util.regex`.
    pub fn to_java(&self) -> String {
        self.text(Reader::Java)
    }

    /// Whether the pattern is found in a text, as SQL: NULL for NULL.
    pub fn lower(&self, text: Expr) -> Expr {
        Expr::call(Function::Regexp, [text, Expr::string(self.to_java())])
    }

    fn text(&self, reader: Reader) -> String {
        let flag = if self.ignore_case { IGNORE_CASE } else { "" };
        format!("{flag}{}", Printed(&self.root, reader))
    }
}

/// In the one spelling that all patterns of the same tree share.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Reader::Person))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (self.ignore_case, &self.root) == (other.ignore_case, &other.root)
    }
}

impl Eq for Pattern {}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.ignore_case, &self.root).hash(state);
    }
}
