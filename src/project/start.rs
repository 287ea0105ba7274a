//! Where a first deployment begins to read.

use std::str::FromStr;

use jiff::Timestamp;

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::source_text::decode::{self, Fields};
use crate::source_text::{Node, NodeKind, Scalar, Spanned};

/// Where a first deployment begins to read its source. It belongs to the act of creating, not to the
/// content: a replacement goes on where its predecessor stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// From the oldest event that the topic still has.
    Earliest,
    /// From the events that arrive from now on.
    Latest,
    /// From the first event at or after an instant.
    At(Timestamp),
}

impl std::fmt::Display for Start {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Earliest => f.write_str("earliest"),
            Self::Latest => f.write_str("latest"),
            Self::At(instant) => write!(f, "{instant}"),
        }
    }
}

impl FromStr for Start {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        Ok(match text {
            "earliest" => Self::Earliest,
            "latest" => Self::Latest,
            instant => Self::At(instant.parse()?),
        })
    }
}

/// Reads `earliest`, `latest` or `{timestamp: <RFC 3339>}`.
pub fn decode(node: &Node, findings: &mut Findings) -> Option<Spanned<Start>> {
    match &node.kind {
        NodeKind::Mapping(_) => {
            let mut fields = Fields::of("`start`", node, findings)?;
            let instant = fields
                .required("timestamp")
                .and_then(|node| findings.note(instant(node)));
            fields.finish(findings);
            instant.map(|instant| Spanned::new(Start::At(instant), node.span))
        }
        NodeKind::Scalar(_) | NodeKind::Sequence(_) => {
            let words = [("earliest", Start::Earliest), ("latest", Start::Latest)];
            findings.note(decode::word("`start`", node, &words))
        }
    }
}

fn instant(node: &Node) -> Result<Timestamp, Diagnostic> {
    let text = node
        .scalar()
        .map(|scalar: &Scalar| scalar.text.as_str())
        .unwrap_or_default();
    text.parse().map_err(|_| {
        let message = "`timestamp` must be an instant with its offset";
        Diagnostic::new(Code::WrongShape, message, node.span, "not RFC 3339")
            .help("write it like 2025-01-20T13:30:00Z")
    })
}
