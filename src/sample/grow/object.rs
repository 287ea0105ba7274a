//! Grows objects: keys that must be there, some that may, and of open ones sometimes others.

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use super::{Barren, Grower, barren};
use crate::sample::json::Json;
use crate::sample::text;
use crate::sample::wish::Wish;
use crate::schema::{Alternative, FieldPath, Segment, Step};

/// Of many keys that may be there about so many are.
const KEYS: u64 = 12;

impl<'a> Grower<'a, '_> {
    pub(super) fn object(
        &mut self,
        alternative: &Alternative<'a>,
        path: &FieldPath,
    ) -> Result<Json, Barren> {
        let required = self.required(alternative, path);
        let unwished = |key: &&String| {
            let below = path.join(Segment::Key((*key).clone()));
            self.wishes.at(&below) == Some(&Wish::Missing)
        };
        if let Some(key) = required.iter().find(unwished) {
            let message = format!("the key `{key}` is required, and asked to be missing");
            return Err(barren(&alternative.nodes, path, &message));
        }
        let mut keys = self.chosen(alternative, &required, path);
        let (least, most) = sizes(alternative);
        while keys.len() > most {
            let optional = keys.iter().rposition(|key| !required.contains(key));
            let Some(optional) = optional else {
                let message = "more keys are required than `maxProperties` allows";
                return Err(barren(&alternative.nodes, path, message));
            };
            keys.shift_remove_index(optional);
        }
        let mut fields = IndexMap::with_capacity(keys.len());
        for key in keys {
            match self.field(alternative, &key, path) {
                Ok(Some(json)) => drop(fields.insert(key, json)),
                Ok(None) if required.contains(&key) => {
                    let message = format!("the key `{key}` is both required and forbidden");
                    return Err(barren(&alternative.nodes, path, &message));
                }
                Err(error) if required.contains(&key) => return Err(error),
                Ok(None) | Err(_) => {}
            }
        }
        // Names are tried rather than worked out; most of those that are made up are allowed.
        for _ in 0..least.saturating_mul(4) {
            if fields.len() >= least {
                break;
            }
            self.extra(alternative, &mut fields, path);
        }
        if fields.len() < least {
            let message = "fewer keys are possible than `minProperties` demands";
            return Err(barren(&alternative.nodes, path, message));
        }
        Ok(Json::Object(fields))
    }

    /// The keys that the schemas or the wishes demand.
    fn required(&self, alternative: &Alternative<'a>, path: &FieldPath) -> IndexSet<String> {
        let required = alternative.required().map(str::to_owned);
        let wished = self.wishes.towards(path).into_iter();
        let wished = wished.filter_map(|segment| segment.key().map(str::to_owned));
        let mut keys: IndexSet<String> = required.chain(wished).collect();
        let mut at = 0;
        while let Some(key) = keys.get_index(at).cloned() {
            keys.extend(dependents(alternative, &key).map(str::to_owned));
            at += 1;
        }
        keys
    }

    /// The keys of an object, in the order in which the schemas declare them.
    fn chosen(
        &mut self,
        alternative: &Alternative<'a>,
        required: &IndexSet<String>,
        path: &FieldPath,
    ) -> IndexSet<String> {
        let mut declared: IndexSet<&str> = IndexSet::new();
        for node in &alternative.nodes {
            let properties = node.value.get("properties").and_then(Value::as_object);
            declared.extend(
                properties
                    .into_iter()
                    .flat_map(|all| all.keys().map(String::as_str)),
            );
        }
        let frugal = self.is_frugal(path);
        let optional = (declared.len() as u64).max(1);
        let mut keys = IndexSet::new();
        for key in &declared {
            let unwished =
                self.wishes.at(&path.join(Segment::Key((*key).to_owned()))) == Some(&Wish::Missing);
            let wanted =
                !frugal && self.rng.below(optional.max(2 * KEYS)) < KEYS.max(optional.min(KEYS));
            if required.contains(*key) || (wanted && !unwished) {
                keys.insert((*key).to_owned());
                keys.extend(dependents(alternative, key).map(str::to_owned));
            }
        }
        keys.extend(required.iter().cloned());
        if declared.is_empty() && !frugal && is_map(alternative) {
            for _ in 0..self.rng.below(4) {
                keys.extend(self.name(alternative));
            }
        }
        keys
    }

    /// The value of a key; `None` where the key is forbidden.
    fn field(
        &mut self,
        alternative: &Alternative<'a>,
        key: &str,
        path: &FieldPath,
    ) -> Result<Option<Json>, Barren> {
        let segment = Segment::Key(key.to_owned());
        let below = path.join(segment.clone());
        match alternative.step(&segment, self.schema.documents()) {
            Step::Forbidden => Ok(None),
            Step::Undeclared => Ok(Some(self.undeclared(&below))),
            Step::Declared(places) => match places.first() {
                Some(schemas) => self.value(schemas, &below).map(Some),
                None => Ok(Some(self.undeclared(&below))),
            },
        }
    }

    /// One more key that nothing demands.
    fn extra(
        &mut self,
        alternative: &Alternative<'a>,
        fields: &mut IndexMap<String, Json>,
        path: &FieldPath,
    ) {
        let declared = alternative.segments();
        let declared: Vec<_> = declared.iter().filter_map(Segment::key).collect();
        let left: Vec<_> = declared
            .into_iter()
            .filter(|key| !fields.contains_key(*key))
            .collect();
        let name = match self.rng.pick(&left) {
            Some(key) if self.rng.one_in(2) => Some((*key).to_owned()),
            _ => self.name(alternative),
        };
        let Some(name) = name.filter(|name| !fields.contains_key(name)) else {
            return;
        };
        if let Ok(Some(json)) = self.field(alternative, &name, path) {
            fields.insert(name, json);
        }
    }

    /// A name for a key of an object whose keys are not listed.
    fn name(&mut self, alternative: &Alternative<'a>) -> Option<String> {
        let mut patterns: Vec<&str> = Vec::new();
        for node in &alternative.nodes {
            let named = node
                .value
                .get("patternProperties")
                .and_then(Value::as_object);
            patterns.extend(
                named
                    .into_iter()
                    .flat_map(|all| all.keys().map(String::as_str)),
            );
            let every = node.value.get("propertyNames");
            patterns.extend(every.and_then(|every| every.get("pattern")?.as_str()));
        }
        match self.rng.pick(&patterns) {
            Some(pattern) => text::matching(pattern, &mut self.rng),
            None => Some(format!("key{}", self.rng.below(1_000))),
        }
    }
}

/// The keys that must be there where `key` is.
fn dependents<'v>(alternative: &Alternative<'v>, key: &str) -> impl Iterator<Item = &'v str> {
    let lists = alternative
        .nodes
        .iter()
        .filter_map(|node| node.value.get("dependentRequired")?.get(key)?.as_array());
    let lists: Vec<&Vec<Value>> = lists.collect();
    lists.into_iter().flatten().filter_map(Value::as_str)
}

/// Whether the schemas describe keys without listing them.
fn is_map(alternative: &Alternative<'_>) -> bool {
    alternative.nodes.iter().any(|node| {
        let rest = node.value.get("additionalProperties");
        rest.is_some_and(Value::is_object) || node.value.get("patternProperties").is_some()
    })
}

fn sizes(alternative: &Alternative<'_>) -> (usize, usize) {
    let sizes = |keyword: &'static str| {
        let nodes = alternative.nodes.iter();
        let sizes = nodes.filter_map(move |node| node.value.get(keyword)?.as_u64());
        sizes.filter_map(|size| usize::try_from(size).ok())
    };
    let least = sizes("minProperties").max().unwrap_or(0);
    let most = sizes("maxProperties").min().unwrap_or(usize::MAX);
    (least, most)
}
