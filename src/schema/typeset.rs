//! The JSON types that a value can have, as a set.

use serde_json::Value;

/// A set of JSON types. Integers and numbers with a fraction are apart, so that sets intersect as
/// values do: `number` is both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TypeSet(u8);

/// Each type with its name in schemas; `number` also has the integers.
const NAMES: [(&str, TypeSet); 7] = [
    ("null", TypeSet::NULL),
    ("boolean", TypeSet::BOOLEAN),
    ("object", TypeSet::OBJECT),
    ("array", TypeSet::ARRAY),
    ("string", TypeSet::STRING),
    ("integer", TypeSet::INTEGER),
    ("number", TypeSet(TypeSet::INTEGER.0 | TypeSet::FRACTION.0)),
];

/// Keywords that make sense for one type alone.
const HINTS: [(&str, TypeSet); 19] = [
    ("properties", TypeSet::OBJECT),
    ("patternProperties", TypeSet::OBJECT),
    ("additionalProperties", TypeSet::OBJECT),
    ("required", TypeSet::OBJECT),
    ("items", TypeSet::ARRAY),
    ("prefixItems", TypeSet::ARRAY),
    ("contains", TypeSet::ARRAY),
    ("minItems", TypeSet::ARRAY),
    ("maxItems", TypeSet::ARRAY),
    ("uniqueItems", TypeSet::ARRAY),
    ("format", TypeSet::STRING),
    ("pattern", TypeSet::STRING),
    ("minLength", TypeSet::STRING),
    ("maxLength", TypeSet::STRING),
    ("minimum", NAMES[6].1),
    ("maximum", NAMES[6].1),
    ("exclusiveMinimum", NAMES[6].1),
    ("exclusiveMaximum", NAMES[6].1),
    ("multipleOf", NAMES[6].1),
];

impl TypeSet {
    pub(crate) const NULL: Self = Self(1);
    pub(crate) const BOOLEAN: Self = Self(1 << 1);
    pub(crate) const OBJECT: Self = Self(1 << 2);
    pub(crate) const ARRAY: Self = Self(1 << 3);
    pub(crate) const STRING: Self = Self(1 << 4);
    pub(crate) const INTEGER: Self = Self(1 << 5);
    pub(crate) const FRACTION: Self = Self(1 << 6);
    const EMPTY: Self = Self(0);

    /// What `type` says.
    pub(super) fn declared(schema: &Value) -> Option<Self> {
        let named = |name: &str| {
            NAMES
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, set)| *set)
        };
        match schema.get("type")? {
            Value::String(name) => named(name),
            Value::Array(list) => {
                let sets = list.iter().filter_map(Value::as_str).filter_map(named);
                Some(sets.fold(Self::EMPTY, Self::union))
            }
            _ => None,
        }
    }

    /// The types of some values.
    pub(super) fn of_values(values: &[Value]) -> Self {
        values
            .iter()
            .map(Self::of_value)
            .fold(Self::EMPTY, Self::union)
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Object(_) => Self::OBJECT,
            Value::Array(_) => Self::ARRAY,
            Value::String(_) => Self::STRING,
            Value::Number(number) if number.as_f64().is_some_and(|n| n.fract() == 0.0) => {
                Self::INTEGER
            }
            Value::Number(_) => Self::FRACTION,
        }
    }

    /// The types that several schemas leave together. Where none names a type or closes the values,
    /// keywords that make sense for one type alone tell what is meant.
    pub(super) fn of_conjunction<'a>(schemas: impl Iterator<Item = &'a Value>) -> Option<Self> {
        let mut strict: Option<Self> = None;
        let mut hinted: Option<Self> = None;
        for schema in schemas {
            let constant = schema.get("const").map(Self::of_value);
            let values = schema
                .get("enum")
                .and_then(Value::as_array)
                .map(|list| Self::of_values(list));
            for set in [Self::declared(schema), constant, values]
                .into_iter()
                .flatten()
            {
                strict = Some(strict.map_or(set, |other| other.intersection(set)));
            }
            for (_, set) in HINTS
                .iter()
                .filter(|(keyword, _)| schema.get(keyword).is_some())
            {
                hinted = Some(hinted.map_or(*set, |other| other.union(*set)));
            }
        }
        strict.or(hinted)
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the set has nothing that `other` has not.
    pub(super) fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}
