//! The way from the root of a schema to the type that is being mapped.
//!
//! Findings name it, and it ends schemas that grow without bound: named types that use each other repeatedly are small
//! in their file and huge as columns.

use std::fmt::{self, Display, Formatter};

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::schema::{FieldPath, Segment};
use crate::source_text::Span;

/// How deeply types may nest: far below what the parser of types takes.
const DEEPEST: usize = 32;
/// How many types the columns of a table may consist of.
const MOST_TYPES: usize = 10_000;

/// What to do where Confluent Cloud documents no type.
pub(super) const WRITE_OUT: &str =
    "write the columns out with their Flink types instead of naming the schema";

/// The way to a type.
pub(super) struct Trail {
    path: FieldPath,
    types: usize,
}

impl Trail {
    pub(super) fn new() -> Self {
        Self {
            path: FieldPath::document(),
            types: 0,
        }
    }

    /// Goes one step down, to a type at `span`; nothing comes back where the schema goes on for too long.
    pub(super) fn enter(
        &mut self,
        segment: Segment,
        span: Span,
        findings: &mut Findings,
    ) -> Option<()> {
        self.path.push(segment);
        self.types += 1;
        let message = if self.path.segments.len() > DEEPEST {
            format!("{self} nests more than {DEEPEST} levels deep")
        } else if self.types > MOST_TYPES {
            format!("the columns consist of more than {MOST_TYPES} types")
        } else {
            return Some(());
        };
        self.leave();
        // Once there are too many types, every further one is one too many.
        if self.types <= MOST_TYPES + 1 {
            let label = "too much from here on";
            let problem = Diagnostic::new(Code::UnmappedType, message, span, label);
            findings.push(problem.help(WRITE_OUT));
        }
        None
    }

    /// Goes back.
    pub(super) fn leave(&mut self) {
        self.path.segments.pop();
    }

    /// The finding that what stands here has no Flink type; `what` completes a sentence that begins with the path.
    pub(super) fn unmapped(&self, what: &str, span: Span, label: &str) -> Diagnostic {
        Diagnostic::new(Code::UnmappedType, format!("{self} {what}"), span, label)
    }
}

impl Display for Trail {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        if self.path.segments.is_empty() {
            formatter.write_str("the schema")
        } else {
            write!(formatter, "`{}`", self.path)
        }
    }
}
