//! Diagnostics: what is wrong with the user's files, where, and what to do about it.
//!
//! A diagnostic is a value; it is rendered for people ([`human`]) or machines ([`json`]). To add one, add
//! a row to the table in [`code`] and build it where the mistake is found; lints are built in `check::lint`
//! and get their severity from a [`Level`]. Wording: lower case, no full
//! stop, backticks round what the user wrote; the help says what to type.

pub mod code;
pub mod human;
pub mod json;
mod level;
pub(crate) mod secret;

pub use code::{Code, Severity};
pub use level::{Level, lint_named};

use crate::source_text::{Sources, Span};
use crate::suggest::closest;

/// One finding, located.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of finding.
    pub code: Code,
    /// How bad it is: as the code says, or for a lint as the project does.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The place, and what to say beside it.
    pub primary: Label,
    /// Other places that explain it.
    pub related: Vec<Label>,
    /// What to do about it.
    pub help: Vec<String>,
}

/// A place and what to say beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The words beside it; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// A finding at a place, with the words beside the place.
    pub fn new(
        code: Code,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: Label {
                span,
                text: label.into(),
            },
            related: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Adds a place that explains the finding.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push(Label {
            span,
            text: label.into(),
        });
        self
    }

    /// Adds a remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a remedy where there is one.
    #[must_use]
    pub fn help_if(self, help: Option<impl Into<String>>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }
}

/// Collects the findings of a run.
#[derive(Debug, Default)]
pub struct Findings(Vec<Diagnostic>);

impl Findings {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds several.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(diagnostics);
    }

    /// Drops those of a code, which are none for whoever asks.
    #[must_use]
    pub fn without(mut self, code: Code) -> Self {
        self.0.retain(|diagnostic| diagnostic.code != code);
        self
    }

    /// The value, or nothing with the finding noted.
    pub fn note<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// Whether any of them forbids to go on.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Those that forbid to go on.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        let all = self.0.iter();
        all.filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them in the order in which they were found.
    pub fn into_unsorted(self) -> Vec<Diagnostic> {
        self.0
    }

    /// All of them by file path and place, without repetitions.
    pub fn into_sorted(mut self, sources: &Sources) -> Vec<Diagnostic> {
        self.0.sort_by(|a, b| {
            let key = |diagnostic: &Diagnostic| {
                let span = diagnostic.primary.span;
                (
                    sources.file(span.file).path().to_owned(),
                    span.start,
                    diagnostic.code,
                )
            };
            key(a).cmp(&key(b))
        });
        self.0.dedup();
        self.0
    }
}

/// "did you mean ...?" for a misspelt word, or the list of what is possible where that is short.
pub fn did_you_mean(word: &str, candidates: &[&str]) -> Option<String> {
    const FEW: usize = 12;
    let quoted = |words: &[&str]| {
        words
            .iter()
            .map(|word| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match closest(word, candidates.iter().copied()) {
        Some(candidate) => Some(format!("did you mean `{candidate}`?")),
        None if candidates.is_empty() => None,
        None if candidates.len() <= FEW => Some(format!("possible: {}", quoted(candidates))),
        None => Some(format!("possible: {}, ...", quoted(&candidates[..FEW]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_is_shown_where_nothing_is_near() {
        insta::assert_snapshot!(did_you_mean("q", &["a", "b"]).unwrap(), @"possible: `a`, `b`");
        assert_eq!(did_you_mean("q", &[]), None);
    }
}
