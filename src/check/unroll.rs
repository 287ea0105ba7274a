//! A condition on some element of an array, spelled out for one index after another.
//!
//! What the schema rules out at one index is false there: it drops out of an `any`, and an `all` goes with it. What it rules
//! out at every index is a mistake.

use indexmap::IndexMap;

use super::{Context, condition};
use crate::diagnostic::{Diagnostic, Findings};
use crate::ir::Condition;
use crate::route::syntax::{self, Node};
use crate::schema::FieldPath;
use crate::source_text::Span;

pub(super) struct Unrolling<'c, 's> {
    context: &'c Context<'s>,
    /// The path of the present element.
    element: String,
    tests: IndexMap<Span, Test>,
}

/// What came of a test so far.
enum Test {
    /// At some index it may hold.
    Possible,
    /// It never holds, for these reasons.
    Never(Vec<Diagnostic>),
}

impl<'c, 's> Unrolling<'c, 's> {
    pub(super) fn new(context: &'c Context<'s>) -> Self {
        Self {
            context,
            element: String::new(),
            tests: IndexMap::new(),
        }
    }

    /// The condition on one element, to which its paths lead; `None` where it can never hold.
    pub(super) fn at(
        &mut self,
        element: &FieldPath,
        node: &Node,
        pins: &[&syntax::Test],
    ) -> Option<Condition> {
        self.element = element.to_string();
        self.node(node, pins)
    }

    fn node(&mut self, node: &Node, pins: &[&syntax::Test]) -> Option<Condition> {
        match node {
            Node::Always => Some(Condition::Always),
            Node::All(nodes) => {
                let mut pins = pins.to_vec();
                condition::collect_pins(nodes, &mut pins);
                // Whatever comes of the first, the others are tried as well.
                let each: Vec<_> = nodes.iter().map(|node| self.node(node, &pins)).collect();
                each.into_iter().collect::<Option<_>>().map(Condition::All)
            }
            Node::Any(nodes) => {
                let mut possible: Vec<_> = nodes
                    .iter()
                    .filter_map(|node| self.node(node, pins))
                    .collect();
                match possible.len() {
                    0 | 1 => possible.pop(),
                    _ => Some(Condition::Any(possible)),
                }
            }
            Node::Not(inner) => self.negated(node, first_span(inner), pins),
            Node::Test(test) => self.test(node, test.field.span, pins),
            Node::AnyElement(any) => self.test(node, any.array.span, pins),
        }
    }

    fn test(&mut self, node: &Node, span: Span, pins: &[&syntax::Test]) -> Option<Condition> {
        let mut findings = Findings::default();
        let found = condition::walk(self.context, node, pins, &mut findings);
        if found.is_some() {
            self.tests.insert(span, Test::Possible);
        } else {
            self.never(span, findings);
        }
        found
    }

    /// What can never hold makes a `not` true. So nothing drops out below it: what other conditions rule out is spelled
    /// out all the same, and what cannot be is a mistake at any index.
    fn negated(
        &mut self,
        node: &Node,
        span: Option<Span>,
        pins: &[&syntax::Test],
    ) -> Option<Condition> {
        let mut findings = Findings::default();
        let walk =
            |pins, findings: &mut Findings| condition::walk(self.context, node, pins, findings);
        let found = walk(pins, &mut findings).or_else(|| walk(&[], &mut Findings::default()));
        if let (None, Some(span)) = (&found, span) {
            self.never(span, findings);
        }
        found
    }

    fn never(&mut self, span: Span, findings: Findings) {
        let reasons = || Test::Never(as_written(findings, &self.element));
        self.tests.entry(span).or_insert_with(reasons);
    }

    /// What is wrong with the tests that hold at no index.
    pub(super) fn mistakes(self) -> Vec<Diagnostic> {
        let tests = self.tests.into_values();
        let never = tests.filter_map(|test| match test {
            Test::Possible => None,
            Test::Never(reasons) => Some(reasons),
        });
        never.flatten().collect()
    }
}

/// Where the first test of a condition is written.
fn first_span(node: &Node) -> Option<Span> {
    match node {
        Node::Always => None,
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().find_map(first_span),
        Node::Not(inner) => first_span(inner),
        Node::Test(test) => Some(test.field.span),
        Node::AnyElement(any) => Some(any.array.span),
    }
}

/// Findings on one element in the words of the condition, whose paths begin at the element.
fn as_written(findings: Findings, element: &str) -> Vec<Diagnostic> {
    let (keys, brackets) = (format!("`{element}."), format!("`{element}["));
    let rewrite = |text: &mut String| *text = text.replace(&keys, "`").replace(&brackets, "`[");
    let mut diagnostics = findings.into_unsorted();
    for diagnostic in &mut diagnostics {
        rewrite(&mut diagnostic.message);
        let labels = std::iter::once(&mut diagnostic.primary).chain(&mut diagnostic.related);
        labels.for_each(|label| rewrite(&mut label.text));
        diagnostic.help.iter_mut().for_each(rewrite);
    }
    diagnostics
}
