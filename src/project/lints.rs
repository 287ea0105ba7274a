//! `lints`: what the project makes of each lint.

use crate::diagnostic::{Code, Findings, Level, lint_named};
use crate::source_text::{Node, decode};

/// The levels that a project sets; a lint that it does not name has its default.
#[derive(Debug, Clone, Default)]
pub struct Levels(Vec<(Code, Level)>);

impl Levels {
    /// What becomes of a lint's findings.
    pub fn of(&self, code: Code) -> Level {
        let set = self.0.iter().find(|(lint, _)| *lint == code);
        set.map_or(Level::Warn, |(_, level)| *level)
    }
}

/// Reads `lints`: codes and their levels.
pub fn decode(node: &Node, findings: &mut Findings) -> Levels {
    let Some(entries) = node.entries() else {
        let expected = "`lints` must map lints to `allow`, `warn` or `deny`";
        findings.push(decode::wrong_shape(node, expected));
        return Levels::default();
    };
    let mut levels = Vec::new();
    for entry in entries {
        let code = findings.note(lint_named(&entry.key));
        let level = findings.note(decode::word("a lint", &entry.value, Level::WORDS));
        if let (Some(code), Some(level)) = (code, level) {
            levels.push((code, level.value));
        }
    }
    Levels(levels)
}
