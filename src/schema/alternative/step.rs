//! From an alternative to a key or an element below it.

use indexmap::IndexSet;
use serde_json::Value;

use super::{Alternative, Node};
use crate::schema::document::Documents;
use crate::schema::path::Segment;
use crate::schema::typeset::TypeSet;

/// What an alternative says of a key or an element.
#[derive(Debug)]
pub(in crate::schema) enum Step<'a> {
    /// It cannot be there.
    Forbidden,
    /// It may be there, and nothing is said of it.
    Undeclared,
    /// It may be there: these schemas hold for it, never none. Several lists for `[*]` of a tuple.
    Declared(Vec<Vec<Node<'a>>>),
}

/// What one schema says of a key or an index.
enum Rule<'a> {
    Forbids,
    Silent,
    Declares(Vec<Node<'a>>),
}

impl<'a> Alternative<'a> {
    /// What stands behind `segment`.
    pub(in crate::schema) fn step(&self, segment: &Segment, documents: &Documents) -> Step<'a> {
        if !self.can_hold(segment) {
            return Step::Forbidden;
        }
        match segment {
            Segment::Key(key) => {
                self.conjunction(|node| node.key(key, documents), "unevaluatedProperties")
            }
            Segment::Index(index) => self.element(u64::from(*index)),
            Segment::Any => {
                let places =
                    (0..=self.tuple_length()).filter_map(|index| match self.element(index) {
                        Step::Declared(places) => Some(places),
                        Step::Forbidden | Step::Undeclared => None,
                    });
                let places: Vec<_> = places.flatten().collect();
                if places.is_empty() {
                    Step::Undeclared
                } else {
                    Step::Declared(places)
                }
            }
        }
    }

    fn element(&self, index: u64) -> Step<'a> {
        if self.max_items().is_some_and(|most| index >= most) {
            return Step::Forbidden;
        }
        self.conjunction(|node| node.element(index), "unevaluatedItems")
    }

    /// Joins what each schema says; `rest` is the keyword for what none of them speaks of.
    fn conjunction(&self, rule: impl Fn(&Node<'a>) -> Rule<'a>, rest: &str) -> Step<'a> {
        let mut schemas = Vec::new();
        for node in &self.nodes {
            match rule(node) {
                Rule::Forbids => return Step::Forbidden,
                Rule::Silent => {}
                Rule::Declares(more) => schemas.extend(more),
            }
        }
        if schemas.is_empty() {
            for node in &self.nodes {
                match node.rest(rest) {
                    Rule::Forbids => return Step::Forbidden,
                    Rule::Silent => {}
                    Rule::Declares(more) => schemas.extend(more),
                }
            }
        }
        if schemas.is_empty() {
            Step::Undeclared
        } else {
            Step::Declared(vec![schemas])
        }
    }

    /// The most elements that an array can have.
    pub(in crate::schema) fn max_items(&self) -> Option<u64> {
        self.nodes
            .iter()
            .filter_map(|node| {
                let tuple_end = || match node.value.get("items") {
                    Some(Value::Bool(false)) => {
                        u64::try_from(node.children("prefixItems").len()).ok()
                    }
                    _ => None,
                };
                let declared = node.value.get("maxItems").and_then(Value::as_u64);
                declared.into_iter().chain(tuple_end()).min()
            })
            .min()
    }

    /// How many elements have a schema of their own.
    pub(in crate::schema) fn tuple_length(&self) -> u64 {
        let lengths = self
            .nodes
            .iter()
            .map(|node| node.children("prefixItems").len());
        lengths
            .max()
            .and_then(|length| u64::try_from(length).ok())
            .unwrap_or(0)
    }

    /// Whether what `segment` leads to is there in each document that the alternative accepts.
    pub(in crate::schema) fn guarantees(&self, segment: &Segment) -> bool {
        let Some(types) = self.types() else {
            return false;
        };
        let least = || {
            self.nodes
                .iter()
                .filter_map(|node| node.value.get("minItems")?.as_u64())
                .max()
        };
        match segment {
            Segment::Key(key) => {
                types.is_within(TypeSet::OBJECT) && self.required().any(|name| name == key)
            }
            Segment::Index(index) => {
                types.is_within(TypeSet::ARRAY)
                    && least().is_some_and(|least| least > u64::from(*index))
            }
            Segment::Any => {
                types.is_within(TypeSet::ARRAY) && least().is_some_and(|least| least > 0)
            }
        }
    }

    /// The keys that the schemas declare, and `[0]` where they describe elements.
    pub(in crate::schema) fn segments(&self) -> Vec<Segment> {
        let keys: IndexSet<&String> = self
            .nodes
            .iter()
            .filter_map(|node| node.value.get("properties")?.as_object())
            .flat_map(serde_json::Map::keys)
            .collect();
        let mut found: Vec<_> = keys.into_iter().cloned().map(Segment::Key).collect();
        if ["items", "prefixItems"].iter().any(|keyword| {
            self.nodes
                .iter()
                .any(|node| node.value.get(keyword).is_some())
        }) {
            found.push(Segment::Index(0));
        }
        found
    }

    /// The regular expressions of keys that the schemas speak of.
    pub(in crate::schema) fn key_patterns(&self) -> impl Iterator<Item = &'a str> {
        self.nodes
            .iter()
            .filter_map(|node| node.value.get("patternProperties")?.as_object())
            .flat_map(serde_json::Map::keys)
            .map(String::as_str)
    }

    /// Whether a value can have what `segment` leads to: keys are those of objects, elements those of arrays.
    pub(in crate::schema) fn can_hold(&self, segment: &Segment) -> bool {
        self.types()
            .is_none_or(|types| types.intersects(container(segment)))
    }
}

fn container(segment: &Segment) -> TypeSet {
    match segment {
        Segment::Key(_) => TypeSet::OBJECT,
        Segment::Index(_) | Segment::Any => TypeSet::ARRAY,
    }
}

impl<'a> Node<'a> {
    fn key(&self, key: &str, documents: &Documents) -> Rule<'a> {
        let mut schemas: Vec<Self> = self.child(&["properties", key]).into_iter().collect();
        let patterns = self
            .value
            .get("patternProperties")
            .and_then(Value::as_object);
        for pattern in patterns.into_iter().flat_map(serde_json::Map::keys) {
            if documents.key_matches(pattern, key) {
                schemas.extend(self.child(&["patternProperties", pattern]));
            }
        }
        if schemas.is_empty() {
            self.rest("additionalProperties")
        } else {
            Rule::Declares(schemas)
        }
    }

    fn element(&self, index: u64) -> Rule<'a> {
        match self.child(&["prefixItems", &index.to_string()]) {
            Some(schema) => Rule::Declares(vec![schema]),
            None => self.rest("items"),
        }
    }

    /// What a keyword says of everything that has no schema of its own.
    fn rest(&self, keyword: &str) -> Rule<'a> {
        match self.child(&[keyword]) {
            Some(schema) if schema.value == &Value::Bool(false) => Rule::Forbids,
            Some(schema) if is_open(schema.value) => Rule::Silent,
            Some(schema) => Rule::Declares(vec![schema]),
            None => Rule::Silent,
        }
    }
}

/// Whether a schema accepts everything by saying nothing.
fn is_open(schema: &Value) -> bool {
    schema == &Value::Bool(true) || schema.as_object().is_some_and(serde_json::Map::is_empty)
}
