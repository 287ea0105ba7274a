//! `allow`: what lints find in a route and what is meant there.

use crate::diagnostic::{Code, Findings, lint_named};
use crate::source_text::{Node, Spanned, decode};

/// Reads `allow`: lints, each with the reason why it does not apply.
pub(super) fn decode(node: &Node, findings: &mut Findings) -> Vec<Spanned<Code>> {
    let Some(entries) = node.entries() else {
        let expected = "`allow` must map lints to reasons";
        findings.push(
            decode::wrong_shape(node, expected).help("write `<lint>: <why it is right here>`"),
        );
        return Vec::new();
    };
    let mut allowed = Vec::new();
    for entry in entries {
        let lint = findings.note(lint_named(&entry.key));
        if findings.note(decode::reason(&entry.value)).is_some()
            && let Some(lint) = lint
        {
            allowed.push(Spanned::new(lint, entry.key.span));
        }
    }
    allowed
}
