//! Tests of routes as written: events, and where they are to go.

use crate::ir::Instant;
use crate::source_text::{Entry, Node, Span, Spanned};

/// A file of tests (`*.test.yaml`), or the `tests` of a route.
#[derive(Debug, Clone)]
pub struct Suite {
    /// Which routes are looked at.
    pub scope: Scope,
    /// The tests.
    pub cases: Vec<Case>,
    /// The place of the whole suite.
    pub span: Span,
}

/// Which routes a suite looks at: an event must reach just the expected ones of their topics.
#[derive(Debug, Clone)]
pub enum Scope {
    /// The routes of these names.
    Routes(Vec<Spanned<String>>),
    /// Every enabled route of a source; the project's default source where absent.
    Source(Option<Spanned<String>>),
}

/// One test.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows.
    pub name: Spanned<String>,
    /// What comes in.
    pub input: Input,
    /// Whether the event must match its schema, but for what is left out.
    pub is_valid: bool,
    /// What `withinLast` and `filteredAt` take for the present; the time of the run where absent.
    pub now: Option<Spanned<Instant>>,
    /// The topics that it must reach, and no others.
    pub expected: Vec<ExpectedTopic>,
    /// The place of `expect`.
    pub expected_span: Span,
}

/// What comes in. At least one of both is there.
#[derive(Debug, Clone)]
pub struct Input {
    /// The event document.
    pub event: Option<EventInput>,
    /// Columns of the row, by name: beside the event, or all there is.
    pub row: Option<Node>,
}

/// Where an event document comes from.
#[derive(Debug, Clone)]
pub enum EventInput {
    /// Files below the project: a path, or a pattern with `*`; each is to go where the test says.
    Files(Spanned<String>),
    /// Written in the test, as JSON text.
    Inline(Spanned<String>),
}

/// A topic that an event must reach.
#[derive(Debug, Clone)]
pub struct ExpectedTopic {
    /// The topic, without the target's suffix.
    pub topic: Spanned<String>,
    /// What must stand in some of its columns.
    pub columns: Option<Node>,
}

impl ExpectedTopic {
    /// The columns, and what must stand in them.
    pub fn entries(&self) -> &[Entry] {
        let entries = self.columns.as_ref().and_then(Node::entries);
        entries.unwrap_or_default()
    }
}
