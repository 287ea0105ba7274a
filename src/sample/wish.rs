//! What an event is to hold at some places, whatever else it holds.

use std::collections::BTreeMap;

use super::json::Json;
use crate::schema::{FieldPath, Pins, Root, Segment};

/// What is to stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// This value.
    Is(Json),
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
