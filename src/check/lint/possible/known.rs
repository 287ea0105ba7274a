//! What is known of one field.

use std::borrow::Cow;

use super::{Leaf, Outcome, Values, leaf};
use crate::ir::Test;

/// What a field can be.
#[derive(Debug, Clone)]
pub(super) struct Known<'c> {
    /// Missing or null, in a readable event.
    pub(super) missing: bool,
    /// There and not of its type, or in an unreadable event.
    pub(super) unusable: bool,
    /// One of these.
    pub(super) values: Cow<'c, Values<'c>>,
    /// What said so; with its outcome where it said so by itself.
    pub(super) by: Vec<(Leaf<'c>, Option<Outcome>)>,
}

impl<'c> Known<'c> {
    /// Nothing but the values that the schema allows.
    pub(super) fn nothing(values: Cow<'c, Values<'c>>) -> Self {
        Self {
            missing: true,
            unusable: true,
            values,
            by: Vec::new(),
        }
    }

    pub(super) fn is_impossible(&self) -> bool {
        !self.missing && !self.unusable && self.values.is_empty()
    }

    /// Leaves what a test of the field allows where it has an outcome. Whether that is all that it says.
    pub(super) fn narrow(&mut self, test: &'c Test, outcome: Outcome) -> bool {
        if let Some(null) = leaf::asks_null(test) {
            let outcome = if null { outcome } else { outcome.negated() };
            self.missing &= outcome.is_positive();
            self.unusable &= outcome != Outcome::True;
            if outcome.is_positive() {
                self.values = Cow::Owned(self.values.none());
            }
            return true;
        }
        self.missing &= !outcome.is_certain();
        self.unusable &= !outcome.is_certain();
        match leaf::deciding(test, &self.values, outcome.is_positive()) {
            Some(values) => {
                self.values = Cow::Owned(values);
                true
            }
            None => false,
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.missing |= other.missing;
        self.unusable |= other.unusable;
        self.values = Cow::Owned(self.values.union(&other.values));
        let shared = self.by.iter().zip(&other.by);
        let shared = shared.take_while(|(one, two)| std::ptr::eq(one.0.origin(), two.0.origin()));
        let shared = shared.count();
        for (_, outcome) in &mut self.by[shared..] {
            *outcome = None;
        }
        let added = other.by[shared..].iter().map(|(leaf, _)| (*leaf, None));
        self.by.extend(added);
    }
}
