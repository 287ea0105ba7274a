//! An alternative in the making: what a schema brings along, and what it leaves open.

use std::collections::VecDeque;
use std::rc::Rc;

use serde_json::Value;

use super::condition::Truth;
use super::{Alternative, Explorer, Node};
use crate::schema::document::Position;
use crate::schema::path::FieldPath;

/// An alternative that is being made.
#[derive(Clone, Default)]
pub(crate) struct Draft<'a> {
    pub(super) alternative: Alternative<'a>,
    /// Every schema that was entered, to end circles of `$ref`s.
    entered: Vec<Position>,
    /// The `if`s that the pins leave open.
    pub(super) open: Vec<Node<'a>>,
    /// Choices that are still to make.
    pub(super) forks: VecDeque<Rc<Fork<'a>>>,
}

/// A choice between lists of schemas.
pub(crate) type Fork<'a> = Vec<Vec<Node<'a>>>;

impl<'a> Draft<'a> {
    /// Adds a schema and what it brings along; `None` where nothing is valid.
    pub(super) fn enter(
        &mut self,
        node: &Node<'a>,
        explorer: &Explorer<'a, '_>,
        path: &FieldPath,
    ) -> Option<()> {
        if node.value == &Value::Bool(false) {
            return None;
        }
        if self.entered.contains(&node.position) {
            return Some(());
        }
        self.entered.push(node.position.clone());
        if node.speaks() {
            self.alternative.nodes.push(node.clone());
        }
        if let Some(target) = explorer.documents.target(&node.position) {
            let value = explorer.documents.value(target)?;
            self.enter(
                &Node {
                    position: target.clone(),
                    value,
                },
                explorer,
                path,
            )?;
        }
        for part in node.children("allOf") {
            self.enter(&part, explorer, path)?;
        }
        for keyword in ["oneOf", "anyOf"] {
            let choices = node.children(keyword);
            if !choices.is_empty() {
                let fork = choices.into_iter().map(|choice| vec![choice]).collect();
                self.forks.push_back(Rc::new(fork));
            }
        }
        self.enter_conditional(node, explorer, path)?;
        self.enter_dependent(node, explorer, path)
    }

    fn enter_conditional(
        &mut self,
        node: &Node<'a>,
        explorer: &Explorer<'a, '_>,
        path: &FieldPath,
    ) -> Option<()> {
        let Some(condition) = node.child(&["if"]) else {
            return Some(());
        };
        let truth = explorer.truth(&condition, path);
        if truth == Truth::Open {
            self.open.push(condition.clone());
        }
        let holds = [Some(condition), node.child(&["then"])]
            .into_iter()
            .flatten()
            .collect();
        let fails = node.child(&["else"]).into_iter().collect();
        self.choose(truth, holds, fails, explorer, path)
    }

    fn enter_dependent(
        &mut self,
        node: &Node<'a>,
        explorer: &Explorer<'a, '_>,
        path: &FieldPath,
    ) -> Option<()> {
        let dependent = node
            .value
            .get("dependentSchemas")
            .and_then(Value::as_object);
        for key in dependent.into_iter().flat_map(serde_json::Map::keys) {
            let truth = explorer.presence(key, path);
            let holds = node.child(&["dependentSchemas", key]).into_iter().collect();
            self.choose(truth, holds, Vec::new(), explorer, path)?;
        }
        Some(())
    }

    /// Adds what follows from a condition, or a fork where it is open.
    fn choose(
        &mut self,
        truth: Truth,
        holds: Vec<Node<'a>>,
        fails: Vec<Node<'a>>,
        explorer: &Explorer<'a, '_>,
        path: &FieldPath,
    ) -> Option<()> {
        let decided = match truth {
            Truth::Holds => holds,
            Truth::Fails => fails,
            Truth::Open => {
                self.forks.push_back(Rc::new(vec![holds, fails]));
                return Some(());
            }
        };
        for node in &decided {
            self.enter(node, explorer, path)?;
        }
        Some(())
    }
}
