//! What an event is to hold at some places, whatever else it holds.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::json::Json;
use crate::schema::{FieldPath, Pins, Root, Segment};

/// What is to stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// This value.
    Is(Json),
    /// Some value that the schema allows, and not null.
    Present,
    /// Nothing: the key is left out.
    Missing,
    /// A list of so many elements.
    Length(usize),
}

/// Places of an event and what is to stand there. The schema comes first: where it forbids a wish, there is no event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes(BTreeMap<FieldPath, Wish>);

impl Wishes {
    /// Wishes that a value stands at a path, or another one than was wished before.
    pub fn set(&mut self, mut path: FieldPath, wish: Wish) {
        path.root = Root::Any;
        self.0.insert(path, wish);
    }

    /// The same wishes and one more.
    #[must_use]
    pub fn with(mut self, path: FieldPath, wish: Wish) -> Self {
        self.set(path, wish);
        self
    }

    /// What is wished for at a path.
    pub fn at(&self, path: &FieldPath) -> Option<&Wish> {
        self.0
            .iter()
            .find(|(wished, _)| wished.segments == path.segments)
            .map(|(_, wish)| wish)
    }

    /// Every wish and its path.
    pub fn iter(&self) -> impl Iterator<Item = (&FieldPath, &Wish)> {
        self.0.iter()
    }

    /// Whether something is wished for just at the place of a JSON pointer.
    pub(super) fn concern(&self, place: &str) -> bool {
        self.0.keys().any(|path| pointer(path) == place)
    }

    /// Whether something is wished for at a path or below it.
    pub(super) fn lead_through(&self, path: &FieldPath) -> bool {
        self.0.keys().any(|wished| wished.starts_with(path))
    }

    /// A document with nothing but what is wished for. Elements before those are empty objects.
    pub(super) fn skeleton(&self) -> Json {
        let mut document = Json::Object(IndexMap::new());
        for (path, wish) in &self.0 {
            match wish {
                Wish::Is(json) => put(&mut document, &path.segments, json),
                Wish::Present => put(
                    &mut document,
                    &path.segments,
                    &Json::Object(IndexMap::new()),
                ),
                Wish::Length(length) => {
                    let elements = vec![Json::Object(IndexMap::new()); (*length).min(LONGEST)];
                    put(&mut document, &path.segments, &Json::Array(elements));
                }
                Wish::Missing => {}
            }
        }
        document
    }

    /// The segments that lead from `path` towards what is to be there, each once.
    pub(super) fn towards(&self, path: &FieldPath) -> Vec<&Segment> {
        let mut found: Vec<&Segment> = Vec::new();
        for (wished, wish) in &self.0 {
            let next = wished.segments.get(path.segments.len());
            if let Some(next) = next.filter(|_| wished.starts_with(path))
                && *wish != Wish::Missing
                && !found.contains(&next)
            {
                found.push(next);
            }
        }
        found
    }

    /// What the wishes say of the document for certain.
    pub(super) fn pins(&self) -> Pins {
        let mut pins = Pins::none();
        for (path, wish) in &self.0 {
            if let Wish::Is(json) = wish {
                pins.pin(path.clone(), vec![json.to_value()]);
            }
        }
        pins
    }
}

/// A path as a JSON pointer.
pub(super) fn pointer(path: &FieldPath) -> String {
    let mut pointer = String::new();
    for segment in &path.segments {
        pointer.push('/');
        match segment {
            Segment::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Index(index) => pointer.push_str(&index.to_string()),
            Segment::Any => pointer.push('*'),
        }
    }
    pointer
}

/// Puts a value where `way` leads, making what is missing there.
fn put(within: &mut Json, way: &[Segment], json: &Json) {
    let Some((segment, rest)) = way.split_first() else {
        *within = json.clone();
        return;
    };
    let empty = || Json::Object(IndexMap::new());
    match segment {
        Segment::Key(key) => {
            if !matches!(within, Json::Object(_)) {
                *within = empty();
            }
            if let Json::Object(fields) = within {
                put(fields.entry(key.clone()).or_insert_with(empty), rest, json);
            }
        }
        Segment::Index(index) => {
            if !matches!(within, Json::Array(_)) {
                *within = Json::Array(Vec::new());
            }
            let index = usize::try_from(*index).unwrap_or(usize::MAX);
            if let Json::Array(elements) = within
                && index < LONGEST
            {
                elements.resize_with(elements.len().max(index + 1), empty);
                put(&mut elements[index], rest, json);
            }
        }
        Segment::Any => {}
    }
}

/// Lists of a skeleton are not longer.
const LONGEST: usize = 10_000;
