//! Grows a value for a place of a schema, top down: first what is decided there, then what stands below.
//!
//! At each place one [`Alternative`] is picked. Where its `if`s ask for fields, those are chosen first (see `decide`),
//! so that `then` and `else` are known before anything is grown by them. What the schema says in other ways (`not`,
//! `oneOf` whose alternatives overlap, `contains`) is not worked out but left to the validator, and to another try.

mod array;
mod burden;
mod decide;
mod object;

pub(super) use decide::{Asked, ask};

use super::json::Json;
use super::number::Numbers;
use super::rng::Rng;
use super::text::Texts;
use super::wish::{Wish, Wishes};
use crate::schema::{
    Alternative, Draft, Explorer, FieldPath, Fork, Node, Picked, Pins, Position, Schema, Segment,
    TypeSet,
};

/// Below this level only what must be there is grown.
const DEEP: usize = 10;
/// Nothing is grown below this level: a schema that demands it never ends.
const DEEPEST: usize = 32;
/// From so many values on only what must be there is grown.
const MANY_VALUES: usize = 300;
/// Rounds of choosing what conditions ask for: what is chosen may bring others.
const ROUNDS: usize = 16;
/// Tries at a place whose schema leaves a choice.
const TRIES: usize = 4;

const CONTRADICTION: &str = "the schemas here contradict each other, or what is asked for";

/// A place for which no value was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Barren {
    /// The schema of the place.
    pub(super) position: Position,
    /// The place.
    pub(super) path: FieldPath,
    /// Why.
    pub(super) message: String,
}

/// How much may be tried for one event before it counts as impossible.
#[derive(Debug)]
pub(super) struct Budget {
    values: usize,
    failures: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            values: 40_000,
            failures: 400,
        }
    }
}

impl Budget {
    pub(super) fn is_spent(&self) -> bool {
        self.values == 0 || self.failures == 0
    }
}

/// Grows one event.
pub(super) struct Grower<'a, 'b> {
    schema: &'a Schema,
    rng: Rng,
    wishes: Wishes,
    pins: Pins,
    /// Whether to leave out whatever need not be there.
    frugal: bool,
    grown: usize,
    budget: &'b mut Budget,
}

impl<'a, 'b> Grower<'a, 'b> {
    pub(super) fn new(
        schema: &'a Schema,
        wishes: &Wishes,
        rng: Rng,
        frugal: bool,
        budget: &'b mut Budget,
    ) -> Self {
        Self {
            budget,
            schema,
            rng,
            pins: wishes.pins(),
            wishes: wishes.clone(),
            frugal,
            grown: 0,
        }
    }

    /// Grows the whole document.
    pub(super) fn document(mut self) -> Result<Json, Barren> {
        let root = Explorer::new(self.schema.documents(), &self.pins).document();
        self.value(&root, &FieldPath::document())
    }

    /// A value for the place at `path`, where all of `schemas` hold.
    fn value(&mut self, schemas: &[Node<'a>], path: &FieldPath) -> Result<Json, Barren> {
        if let Some(Wish::Is(json)) = self.wishes.at(path) {
            return Ok(json.clone());
        }
        self.grown += 1;
        self.budget.values = self.budget.values.saturating_sub(1);
        if self.budget.is_spent() || path.segments.len() > DEEPEST {
            self.budget.failures = self.budget.failures.saturating_sub(1);
            return Err(barren(
                schemas,
                path,
                "the schema demands more and more values",
            ));
        }
        let mut last = None;
        for _ in 0..TRIES {
            let (alternative, chosen) = self.pick(schemas, path)?;
            match self.fill(&alternative, path) {
                Ok(json) => return Ok(json),
                Err(error) => last = Some(error),
            }
            self.budget.failures = self.budget.failures.saturating_sub(1);
            if !chosen || self.budget.is_spent() {
                break;
            }
        }
        Err(last.unwrap_or_else(|| barren(schemas, path, "nothing was found")))
    }

    fn is_frugal(&self, path: &FieldPath) -> bool {
        self.frugal || self.grown > MANY_VALUES || path.segments.len() > DEEP
    }

    /// One alternative, and whether there was a choice. What `if`s ask for is chosen on the way.
    fn pick(
        &mut self,
        schemas: &[Node<'a>],
        path: &FieldPath,
    ) -> Result<(Alternative<'a>, bool), Barren> {
        let contradiction = || barren(schemas, path, CONTRADICTION);
        for _ in 0..ROUNDS {
            let explorer = Explorer::new(self.schema.documents(), &self.pins);
            // Without foresight a contradiction below is found, and named, where it is.
            let draft = explorer.begin(schemas, path);
            let draft = draft.or_else(|| explorer.shortsighted().begin(schemas, path));
            let draft = draft.ok_or_else(contradiction)?;
            if self.decide(draft.open(), path) {
                continue;
            }
            let (picked, chosen) = self.finish(draft, path).ok_or_else(contradiction)?;
            if !self.decide(&picked.open, path) {
                return Ok((picked.alternative, chosen));
            }
        }
        Err(barren(schemas, path, "it has too many conditions"))
    }

    fn finish(&mut self, draft: Draft<'a>, path: &FieldPath) -> Option<(Picked<'a>, bool)> {
        let deep = path.segments.len() > DEEP || self.grown > MANY_VALUES;
        let explorer = Explorer::new(self.schema.documents(), &self.pins);
        let (rng, mut chosen) = (&mut self.rng, false);
        let mut order = |fork: &Fork<'a>| {
            chosen = true;
            let mut order = rng.order(fork.len());
            if deep {
                order.sort_by_key(|choice| burden::of(&explorer, &fork[*choice], 3));
            }
            order
        };
        let again = draft.clone();
        let picked = explorer.finish(draft, path, &mut order);
        let blind = || explorer.shortsighted().finish(again, path, &mut order);
        let picked = picked.or_else(blind)?;
        Some((picked, chosen))
    }

    /// A value for an alternative.
    fn fill(&mut self, alternative: &Alternative<'a>, path: &FieldPath) -> Result<Json, Barren> {
        let nodes = &alternative.nodes;
        if let Some(values) = alternative.closed() {
            let value = self.rng.pick(&values);
            return value
                .map(Json::from)
                .ok_or_else(|| barren(nodes, path, "none of the values is possible"));
        }
        let none = |what: &str| barren(nodes, path, what);
        match self.kind(alternative, path) {
            Some(TypeSet::NULL) => Ok(Json::Null),
            Some(TypeSet::BOOLEAN) => Ok(Json::Boolean(self.rng.one_in(2))),
            Some(TypeSet::OBJECT) => self.object(alternative, path),
            Some(TypeSet::ARRAY) => self.array(alternative, path),
            Some(TypeSet::STRING) => {
                let text = Texts::of(nodes).draw(&mut self.rng, key_of(path));
                text.map(Json::Text).ok_or_else(|| {
                    none("no text satisfies the schema, or none that routectl can find")
                })
            }
            Some(number @ (TypeSet::INTEGER | TypeSet::FRACTION)) => {
                let drawn = Numbers::of(nodes, number == TypeSet::INTEGER).draw(&mut self.rng);
                drawn
                    .map(|number| Json::Number(number.to_string()))
                    .ok_or_else(|| none("no number satisfies the schema"))
            }
            _ => Err(none("no type is possible")),
        }
    }

    /// One of the types that an alternative allows.
    fn kind(&mut self, alternative: &Alternative<'a>, path: &FieldPath) -> Option<TypeSet> {
        const TYPES: [TypeSet; 7] = [
            TypeSet::STRING,
            TypeSet::FRACTION,
            TypeSet::INTEGER,
            TypeSet::BOOLEAN,
            TypeSet::OBJECT,
            TypeSet::ARRAY,
            TypeSet::NULL,
        ];
        let wanted = match (self.wishes.at(path), self.wishes.towards(path).first()) {
            (_, Some(Segment::Key(_))) => Some(TypeSet::OBJECT),
            (Some(Wish::Length(_)), _) | (_, Some(Segment::Index(_))) => Some(TypeSet::ARRAY),
            _ => None,
        };
        let Some(types) = alternative.types() else {
            return wanted.or(Some(TypeSet::STRING));
        };
        let possible = TYPES.into_iter().filter(|one| types.intersects(*one));
        let possible: Vec<_> = possible.collect();
        if let Some(wanted) = wanted {
            return possible.contains(&wanted).then_some(wanted);
        }
        let present = self.wishes.at(path) == Some(&Wish::Present);
        let rare = possible.len() > 1 && (present || !self.rng.one_in(8));
        let common: Vec<_> = possible
            .iter()
            .filter(|one| !rare || **one != TypeSet::NULL)
            .copied()
            .collect();
        if self.is_frugal(path) && self.rng.one_in(2) {
            // Scalars come first in the list: they end what never ends.
            return common.first().copied();
        }
        self.rng.pick(&common).copied()
    }

    /// A value of which the schema says nothing.
    fn undeclared(&mut self, path: &FieldPath) -> Json {
        if let Some(Wish::Is(json)) = self.wishes.at(path) {
            return json.clone();
        }
        let text = Texts::default().draw(&mut self.rng, key_of(path));
        Json::Text(text.unwrap_or_default())
    }
}

/// The finding that no value was found.
fn barren(schemas: &[Node<'_>], path: &FieldPath, message: &str) -> Barren {
    let position = schemas.first().map(|node| node.position.clone());
    Barren {
        position: position.unwrap_or_default(),
        path: path.clone(),
        message: message.to_owned(),
    }
}

/// The last key of a path.
fn key_of(path: &FieldPath) -> &str {
    let mut keys = path.segments.iter().rev().filter_map(Segment::key);
    keys.next().unwrap_or("value")
}
