//! Whether the pins decide an `if`: the schema under it, evaluated over what is known of the document.

use serde_json::Value;

use super::{Explorer, Node};
use crate::schema::path::{FieldPath, Segment};
use crate::schema::{pins, typeset::TypeSet};

/// Three-valued: what follows from the pins alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Holds,
    Fails,
    /// Documents with these pins differ.
    Open,
}

impl Truth {
    fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }

    fn not(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
            Self::Open => Self::Open,
        }
    }

    fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Holds;
        for part in parts {
            match part {
                Self::Fails => return Self::Fails,
                Self::Open => all = Self::Open,
                Self::Holds => {}
            }
        }
        all
    }

    fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::all(parts.into_iter().map(Self::not)).not()
    }

    /// Whether exactly one holds.
    fn one(parts: &[Self]) -> Self {
        let count = |truth| parts.iter().filter(|part| **part == truth).count();
        match (count(Self::Holds), count(Self::Open)) {
            (1, 0) => Self::Holds,
            (0, 0) | (2.., _) => Self::Fails,
            _ => Self::Open,
        }
    }
}

/// Conditions are read so many levels deep: a schema may contain itself.
const DEEPEST: usize = 12;
/// Keywords that never make a value invalid.
const ANNOTATIONS: [&str; 16] = [
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "$vocabulary",
    "default",
    "definitions",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "then",
    "title",
    "writeOnly",
];

impl<'a> Explorer<'a, '_> {
    /// Whether the value at `path` satisfies a schema.
    pub(super) fn truth(&self, schema: &Node<'a>, path: &FieldPath) -> Truth {
        self.truth_within(schema, path, DEEPEST)
    }

    /// The same, giving up `depth` levels below.
    fn truth_within(&self, schema: &Node<'a>, path: &FieldPath, depth: usize) -> Truth {
        let Some(depth) = depth.checked_sub(1) else {
            return Truth::Open;
        };
        match schema.value {
            Value::Bool(valid) => Truth::of(*valid),
            Value::Object(keywords) => Truth::all(
                keywords
                    .keys()
                    .map(|keyword| self.keyword(schema, keyword, path, depth)),
            ),
            _ => Truth::Open,
        }
    }

    fn keyword(&self, schema: &Node<'a>, keyword: &str, path: &FieldPath, depth: usize) -> Truth {
        let within = |part: &Node<'a>| self.truth_within(part, path, depth);
        let parts = || {
            schema
                .children(keyword)
                .iter()
                .map(within)
                .collect::<Vec<_>>()
        };
        match keyword {
            "$ref" => match self.documents.target(&schema.position) {
                Some(target) => self.documents.value(target).map_or(Truth::Open, |value| {
                    within(&Node {
                        position: target.clone(),
                        value,
                    })
                }),
                None => Truth::Open,
            },
            "allOf" => Truth::all(parts()),
            "anyOf" => Truth::any(parts()),
            "oneOf" => Truth::one(&parts()),
            "not" => schema
                .child(&["not"])
                .map_or(Truth::Open, |part| within(&part).not()),
            "const" | "enum" => schema
                .closed()
                .map_or(Truth::Open, |set| self.within_set(set, path)),
            "type" => self.has_type(schema, path),
            "required" => {
                let keys = schema.value.get("required").and_then(Value::as_array);
                let keys = keys.into_iter().flatten().filter_map(Value::as_str);
                Truth::all(keys.map(|key| self.presence(key, path)))
            }
            "properties" => self.properties(schema, path, depth),
            "items" | "contains" => self.elements(schema, keyword, path, depth),
            annotation if ANNOTATIONS.contains(&annotation) => Truth::Holds,
            _ => Truth::Open,
        }
    }

    fn properties(&self, schema: &Node<'a>, path: &FieldPath, depth: usize) -> Truth {
        let keys = schema.value.get("properties").and_then(Value::as_object);
        Truth::all(keys.into_iter().flat_map(serde_json::Map::keys).map(|key| {
            let below = path.join(Segment::Key(key.clone()));
            let part = schema.child(&["properties", key]);
            match part.map_or(Truth::Open, |part| self.truth_within(&part, &below, depth)) {
                // Without the key the schema under it has nothing to fail on.
                Truth::Fails if self.presence(key, path) != Truth::Holds => Truth::Open,
                truth => truth,
            }
        }))
    }

    /// Whether the document has a key below `path`: a pinned field is there.
    pub(super) fn presence(&self, key: &str, path: &FieldPath) -> Truth {
        let below = path.join(Segment::Key(key.to_owned()));
        if self.pins.below(&below).next().is_some() {
            Truth::Holds
        } else {
            Truth::Open
        }
    }

    fn within_set(&self, set: &[Value], path: &FieldPath) -> Truth {
        let Some(pinned) = self.pins.at(path) else {
            return Truth::Open;
        };
        let inside = pinned
            .iter()
            .filter(|value| pins::contains(set, value))
            .count();
        match inside {
            0 => Truth::Fails,
            all if all == pinned.len() => Truth::Holds,
            _ => Truth::Open,
        }
    }

    fn has_type(&self, schema: &Node<'a>, path: &FieldPath) -> Truth {
        let Some(types) = TypeSet::declared(schema.value) else {
            return Truth::Open;
        };
        if let Some(pinned) = self.pins.at(path) {
            let known = TypeSet::of_values(pinned);
            return match known.is_within(types) {
                true => Truth::Holds,
                false if known.intersects(types) => Truth::Open,
                false => Truth::Fails,
            };
        }
        match self.pins.below(path).next() {
            Some(([Segment::Key(_), ..], _)) => Truth::of(types.intersects(TypeSet::OBJECT)),
            Some(([Segment::Index(_), ..], _)) => Truth::of(types.intersects(TypeSet::ARRAY)),
            _ => Truth::Open,
        }
    }

    /// `items` fails with one pinned element, `contains` holds with one.
    fn elements(&self, schema: &Node<'a>, keyword: &str, path: &FieldPath, depth: usize) -> Truth {
        let Some(part) = schema.child(&[keyword]) else {
            return Truth::Open;
        };
        let decisive = if keyword == "items" {
            Truth::Fails
        } else {
            Truth::Holds
        };
        let counted = ["minContains", "maxContains", "prefixItems"];
        if counted
            .iter()
            .any(|other| schema.value.get(other).is_some())
        {
            return Truth::Open;
        }
        let mut pinned = self.pins.below(path).filter_map(|(rest, _)| rest.first());
        let decided = pinned.any(|element| {
            self.truth_within(&part, &path.join(element.clone()), depth) == decisive
        });
        if decided { decisive } else { Truth::Open }
    }
}
