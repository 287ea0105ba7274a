//! Grows arrays.

use serde_json::Value;

use super::{Barren, Grower, barren};
use crate::sample::json::Json;
use crate::sample::wish::Wish;
use crate::schema::{Alternative, FieldPath, Node, Segment, Step};

/// Arrays without an end have at most so many elements more than they must.
const MORE: usize = 3;
/// Tries to grow an element that is not there yet.
const TRIES: usize = 16;

impl<'a> Grower<'a, '_> {
    pub(super) fn array(
        &mut self,
        alternative: &Alternative<'a>,
        path: &FieldPath,
    ) -> Result<Json, Barren> {
        let length = self.length(alternative, path)?;
        let unique = says(alternative, "uniqueItems");
        let containing = self.containing(alternative, length);
        let mut elements: Vec<Json> = Vec::with_capacity(length);
        for index in 0..length {
            let at = path.join(Segment::Index(u32::try_from(index).unwrap_or(u32::MAX)));
            let more = containing.get(&index).map_or(&[][..], Vec::as_slice);
            let mut element = self.element(alternative, more, &at)?;
            for _ in 0..TRIES {
                if !unique || !elements.contains(&element) {
                    break;
                }
                element = self.element(alternative, more, &at)?;
            }
            elements.push(element);
        }
        Ok(Json::Array(elements))
    }

    fn element(
        &mut self,
        alternative: &Alternative<'a>,
        more: &[Node<'a>],
        at: &FieldPath,
    ) -> Result<Json, Barren> {
        let schemas = match at.last() {
            Some(segment) => alternative.step(segment, self.schema.documents()),
            None => Step::Undeclared,
        };
        let mut schemas = match schemas {
            Step::Forbidden => {
                return Err(barren(
                    &alternative.nodes,
                    at,
                    "an element is not allowed here",
                ));
            }
            Step::Undeclared => Vec::new(),
            Step::Declared(places) => places.into_iter().next().unwrap_or_default(),
        };
        schemas.extend(more.iter().cloned());
        if schemas.is_empty() {
            Ok(self.undeclared(at))
        } else {
            self.value(&schemas, at)
        }
    }

    fn length(&mut self, alternative: &Alternative<'a>, path: &FieldPath) -> Result<usize, Barren> {
        let nodes = alternative.nodes.iter();
        let least = nodes.filter_map(|node| {
            let items = node.value.get("minItems").and_then(Value::as_u64);
            let contained = node.value.get("contains").map(|_| {
                let least = node.value.get("minContains").and_then(Value::as_u64);
                least.unwrap_or(1)
            });
            items.into_iter().chain(contained).max()
        });
        let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        let least = least.max().map_or(0, size);
        let most = alternative.max_items().map_or(usize::MAX, size);
        let indexes = self.wishes.towards(path).into_iter();
        let wished = indexes.filter_map(|segment| match segment {
            Segment::Index(index) => Some(size(u64::from(*index)) + 1),
            Segment::Key(_) | Segment::Any => None,
        });
        let least = least.max(wished.max().unwrap_or(0));
        if least > most {
            let message = "more elements are demanded than allowed";
            return Err(barren(&alternative.nodes, path, message));
        }
        if let Some(Wish::Length(length)) = self.wishes.at(path) {
            return Ok((*length).max(least));
        }
        if self.is_frugal(path) {
            return Ok(least);
        }
        let more = MORE.min(most - least);
        Ok(least + self.rng.index(more + 1))
    }

    /// What `contains` asks of some elements, by their indexes.
    fn containing(
        &mut self,
        alternative: &Alternative<'a>,
        length: usize,
    ) -> std::collections::BTreeMap<usize, Vec<Node<'a>>> {
        let mut containing: std::collections::BTreeMap<usize, Vec<Node<'a>>> =
            std::collections::BTreeMap::new();
        for node in &alternative.nodes {
            let Some(contained) = node.child(&["contains"]) else {
                continue;
            };
            let least = node.value.get("minContains").and_then(Value::as_u64);
            let least = usize::try_from(least.unwrap_or(1)).unwrap_or(usize::MAX);
            for index in self.rng.order(length).into_iter().take(least) {
                containing.entry(index).or_default().push(contained.clone());
            }
        }
        containing
    }
}

fn says(alternative: &Alternative<'_>, keyword: &str) -> bool {
    let mut nodes = alternative.nodes.iter();
    nodes.any(|node| node.value.get(keyword) == Some(&Value::Bool(true)))
}
