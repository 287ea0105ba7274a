//! What a project makes of a lint.

use super::{Code, Diagnostic, Severity, did_you_mean};
use crate::source_text::Key;

/// What becomes of a lint's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// They are not shown.
    Allow,
    /// They are warnings.
    Warn,
    /// They are errors.
    Deny,
}

impl Level {
    /// The words of `lints` in the project file.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("allow", Self::Allow),
        ("warn", Self::Warn),
        ("deny", Self::Deny),
    ];

    /// The severity of a finding; nothing where it is not shown.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Allow => None,
            Self::Warn => Some(Severity::Warning),
            Self::Deny => Some(Severity::Error),
        }
    }
}

/// The lint that a key names.
pub fn lint_named(key: &Key) -> Result<Code, Diagnostic> {
    match Code::by_name(&key.text) {
        Some(code) if code.is_lint() => Ok(code),
        Some(code) => {
            let message = format!("`{code}` is an error, not a lint");
            let problem = Diagnostic::new(Code::UnknownLint, message, key.span, "not a lint");
            Err(problem.help("remove it; an error has to be corrected"))
        }
        None => {
            let message = format!("there is no lint `{}`", key.text);
            let problem = Diagnostic::new(Code::UnknownLint, message, key.span, "unknown lint");
            Err(problem.help_if(did_you_mean(&key.text, &Code::lints())))
        }
    }
}
