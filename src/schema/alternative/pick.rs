//! One alternative of a place, found without listing the others: there may be too many of them.
//!
//! A [`Draft`] is begun, then its forks are decided one by one, in an order that the caller chooses.

use super::{Alternative, Draft, Explorer, Fork, Node};
use crate::schema::document::Position;
use crate::schema::path::FieldPath;

/// So many choices are tried before a place counts as impossible.
const MOST_CHOICES: usize = 4096;

/// Says in which order the choices of a fork are to be tried.
pub(crate) type Order<'o, 'a> = dyn FnMut(&Fork<'a>) -> Vec<usize> + 'o;

/// One alternative of a place.
#[derive(Debug)]
pub(crate) struct Picked<'a> {
    /// The schemas that hold there.
    pub(crate) alternative: Alternative<'a>,
    /// The `if`s that the pins left open: one outcome of each was picked.
    pub(crate) open: Vec<Node<'a>>,
}

impl<'a> Explorer<'a, '_> {
    /// The schema of the whole document.
    pub(crate) fn document(&self) -> Vec<Node<'a>> {
        let position = Position::default();
        let value = self.documents.value(&position);
        value
            .map(|value| Node { position, value })
            .into_iter()
            .collect()
    }

    /// What holds at `path` whatever is picked, where all of `schemas` do; `None` where nothing is possible.
    pub(crate) fn begin(&self, schemas: &[Node<'a>], path: &FieldPath) -> Option<Draft<'a>> {
        self.extend(&Draft::default(), schemas, path)
    }

    /// The first alternative of a draft that is possible.
    pub(crate) fn finish(
        &self,
        draft: Draft<'a>,
        path: &FieldPath,
        order: &mut Order<'_, 'a>,
    ) -> Option<Picked<'a>> {
        let mut left = MOST_CHOICES;
        self.descend(draft, path, order, &mut left)
    }

    fn descend(
        &self,
        mut draft: Draft<'a>,
        path: &FieldPath,
        order: &mut Order<'_, 'a>,
        left: &mut usize,
    ) -> Option<Picked<'a>> {
        let Some(fork) = draft.forks.pop_front() else {
            return Some(Picked {
                alternative: draft.alternative,
                open: draft.open,
            });
        };
        for choice in order(&fork) {
            *left = left.checked_sub(1)?;
            if let Some(longer) = self.extend(&draft, &fork[choice], path)
                && let Some(found) = self.descend(longer, path, order, left)
            {
                return Some(found);
            }
        }
        None
    }

    /// An explorer that does not look below a place: it takes what contradicts itself further down.
    #[must_use]
    pub(crate) fn shortsighted(self) -> Self {
        let depth = super::DEEPEST_CHECK;
        Self { depth, ..self }
    }
}

impl<'a> Draft<'a> {
    /// The `if`s that the pins leave open.
    pub(crate) fn open(&self) -> &[Node<'a>] {
        &self.open
    }

    /// The schemas that are still to choose from.
    pub(crate) fn choices(&self) -> impl Iterator<Item = &Node<'a>> {
        self.forks.iter().flat_map(|fork| fork.iter().flatten())
    }
}
