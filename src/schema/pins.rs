//! What a route's conditions say for certain: fields with their possible values.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::path::{FieldPath, Root, Segment};

/// Fields that are known to hold one of some values: `equals` and `in` of one conjunction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pins {
    values: BTreeMap<FieldPath, Vec<Value>>,
}

/// [`Pins`] in a form that can be looked up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct PinsKey(Vec<(FieldPath, Vec<String>)>);

/// Stands for all texts that no schema tells apart. NUL keeps it from being one that some schema names.
const SOME_OTHER_TEXT: &str = "\0any other text";

/// No pins, for looks that outlive their caller.
pub(super) static NONE: Pins = Pins {
    values: BTreeMap::new(),
};

impl Pins {
    /// No pins: every alternative of the schema stays possible.
    pub fn none() -> Self {
        Self::default()
    }

    /// Pins the field at `path` of the document to `values`; pinned twice, both hold. A path with
    /// `[*]` pins nothing, for it says nothing of any one element.
    pub fn pin(&mut self, mut path: FieldPath, values: Vec<Value>) {
        if path.has_any() {
            return;
        }
        path.root = Root::Any;
        match self.values.get_mut(&path) {
            Some(earlier) => earlier.retain(|value| contains(&values, value)),
            None => {
                self.values.insert(path, values);
            }
        }
    }

    /// The pinned paths.
    pub fn paths(&self) -> impl Iterator<Item = &FieldPath> {
        self.values.keys()
    }

    /// Whether nothing is pinned.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The same pins with every text that is not in `telling` replaced by one that stands for them all.
    pub(super) fn generalized(&self, telling: &HashSet<String>) -> Self {
        let generalize = |value: &Value| match value {
            Value::String(text) if !telling.contains(text) => Value::from(SOME_OTHER_TEXT),
            value => value.clone(),
        };
        let values = self.values.iter().map(|(path, values)| {
            let mut general: Vec<Value> = Vec::new();
            for value in values.iter().map(generalize) {
                if !general.contains(&value) {
                    general.push(value);
                }
            }
            (path.clone(), general)
        });
        Self {
            values: values.collect(),
        }
    }

    /// The pins in a form that can be looked up.
    pub(super) fn key(&self) -> PinsKey {
        let keys = self.values.iter().map(|(path, values)| {
            let values = values.iter().map(Value::to_string);
            (path.clone(), values.collect())
        });
        PinsKey(keys.collect())
    }

    /// The pins for which `keep` holds.
    pub(super) fn filter(&self, keep: impl Fn(&FieldPath) -> bool) -> Self {
        let kept = self.values.iter().filter(|(path, _)| keep(path));
        Self {
            values: kept
                .map(|(path, values)| (path.clone(), values.clone()))
                .collect(),
        }
    }

    /// The values that the field at `path` is pinned to.
    pub(super) fn at(&self, path: &FieldPath) -> Option<&[Value]> {
        self.values
            .iter()
            .find(|(pinned, _)| pinned.segments == path.segments)
            .map(|(_, values)| values.as_slice())
    }

    /// The pins at `path` and below: the segments that lead from there, and the values.
    pub(super) fn below<'a>(
        &'a self,
        path: &'a FieldPath,
    ) -> impl Iterator<Item = (&'a [Segment], &'a [Value])> {
        self.values
            .iter()
            .filter(|(pinned, _)| pinned.starts_with(path))
            .map(|(pinned, values)| (&pinned.segments[path.segments.len()..], values.as_slice()))
    }
}

/// Whether `values` has a value that JSON Schema takes for equal to `value`.
pub(super) fn contains(values: &[Value], value: &Value) -> bool {
    values.iter().any(|other| same(other, value))
}

/// Equality of JSON Schema: numbers are equal by value, whatever their spelling.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() != b.is_f64() => {
            a.as_f64() == b.as_f64()
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn path(text: &str) -> FieldPath {
        FieldPath::parse(text).unwrap()
    }

    #[test]
    fn two_pins_of_one_field_both_hold() {
        let mut pins = Pins::none();
        pins.pin(path("a.b"), vec![json!(1), json!(2)]);
        pins.pin(path("$.a.b"), vec![json!(2.0), json!(3)]);
        pins.pin(path("a[*]"), vec![json!(1)]);
        assert_eq!(pins.at(&path("a.b")), Some(&[json!(2)][..]));
        assert_eq!(pins.paths().count(), 1);
        assert_eq!(
            pins.below(&path("a"))
                .map(|(rest, _)| rest.len())
                .collect::<Vec<_>>(),
            [1]
        );
    }

    #[test]
    fn numbers_are_equal_by_value() {
        assert!(contains(&[json!([1.0, {"a": 2}])], &json!([1, {"a": 2.0}])));
        assert!(!contains(&[json!([1, 2]), json!("1")], &json!(1)));
    }
}
