//! Chooses the fields that `if`s ask for, before anything else is grown.
//!
//! An event type decides which entities an event has: grown in any other order the two would rarely fit together.

use serde_json::Value;

use super::Grower;
use crate::sample::json::Json;
use crate::sample::wish::Wish;
use crate::schema::{Explorer, FieldPath, Node, Segment};

/// Conditions are read so many levels deep.
const DEEPEST: usize = 12;

/// A field that a condition asks for, below the place of the condition, with the values that it names.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sample) struct Asked {
    pub(in crate::sample) path: FieldPath,
    pub(in crate::sample) values: Vec<Value>,
}

impl<'a> Grower<'a, '_> {
    /// Chooses what some `if`s ask for; whether anything was chosen.
    pub(super) fn decide(&mut self, open: &[Node<'a>], path: &FieldPath) -> bool {
        let documents = self.schema.documents();
        let mut asked: Vec<Asked> = Vec::new();
        for condition in open {
            let explorer = Explorer::new(documents, &self.pins);
            ask(&explorer, condition, path, DEEPEST, &mut asked);
        }
        let mut chosen = false;
        for one in asked {
            if self.wishes.at(&one.path).is_none() {
                chosen |= self.choose(one);
            }
        }
        chosen
    }

    /// Chooses a value for a field, among those that the schema allows and the conditions name.
    fn choose(&mut self, asked: Asked) -> bool {
        let known = self.schema.resolve(&asked.path, &self.pins);
        let closed = known.ok().and_then(|known| known.closed);
        // Where any value is possible, sometimes one that no condition names.
        let values = match closed {
            Some(closed) => closed,
            None if self.rng.one_in(4) => {
                vec![Value::from(format!("other {}", self.rng.below(100)))]
            }
            None => asked.values,
        };
        let Some(value) = self.rng.pick(&values) else {
            return false;
        };
        self.pins.pin(asked.path.clone(), vec![value.clone()]);
        self.wishes.set(asked.path, Wish::Is(Json::from(value)));
        true
    }
}

/// Collects the fields that a condition compares with values.
pub(in crate::sample) fn ask(
    explorer: &Explorer<'_, '_>,
    condition: &Node<'_>,
    path: &FieldPath,
    depth: usize,
    asked: &mut Vec<Asked>,
) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    let values = match (condition.value.get("const"), condition.value.get("enum")) {
        (Some(value), _) => vec![value.clone()],
        (None, Some(Value::Array(values))) => values.clone(),
        _ => Vec::new(),
    };
    if !values.is_empty() {
        match asked.iter_mut().find(|other| other.path == *path) {
            Some(other) => other.values.extend(values),
            None => asked.push(Asked {
                path: path.clone(),
                values,
            }),
        }
    }
    if let Some(target) = explorer.documents.target(&condition.position)
        && let Some(value) = explorer.documents.value(target)
    {
        let position = target.clone();
        ask(explorer, &Node { position, value }, path, depth, asked);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for part in condition.children(keyword) {
            ask(explorer, &part, path, depth, asked);
        }
    }
    if let Some(part) = condition.child(&["not"]) {
        ask(explorer, &part, path, depth, asked);
    }
    let properties = condition.value.get("properties").and_then(Value::as_object);
    for key in properties.into_iter().flat_map(serde_json::Map::keys) {
        if let Some(part) = condition.child(&["properties", key]) {
            let below = path.join(Segment::Key(key.clone()));
            ask(explorer, &part, &below, depth, asked);
        }
    }
    for index in 0..u32::try_from(condition.children("prefixItems").len()).unwrap_or(0) {
        if let Some(part) = condition.child(&["prefixItems", &index.to_string()]) {
            let below = path.join(Segment::Index(index));
            ask(explorer, &part, &below, depth, asked);
        }
    }
}
