//! What is known of an event where some conditions have some outcomes.

use std::borrow::Cow;

use super::known::Known;
use super::{Contradiction, Domain, Leaf, Outcome, Outcomes, Values};
use crate::check::{TypedRoute, TypedSink};
use crate::ir::operator::Predicate;
use crate::ir::{Condition, Subject, Test};

/// What is known of the fields of an event, each by itself.
#[derive(Debug, Clone)]
pub(in crate::check::lint) struct Facts<'c> {
    domain: &'c Domain<'c>,
    fields: Vec<(&'c Subject, Known<'c>)>,
    /// The outcomes that leaves can have which say nothing of a field alone.
    others: Vec<(Leaf<'c>, Outcomes)>,
}

impl<'c> Facts<'c> {
    /// Nothing but what the schema says.
    pub(in crate::check::lint) fn new(domain: &'c Domain<'c>) -> Self {
        Self {
            domain,
            fields: Vec::new(),
            others: Vec::new(),
        }
    }

    /// These facts alone, without those that conditions added.
    pub(super) fn forgotten(&self) -> Self {
        Self::new(self.domain)
    }

    /// The values that a field can have; that it can have none at all is not told.
    pub(in crate::check::lint) fn values(&self, subject: &Subject) -> Cow<'c, Values<'c>> {
        let known = self.fields.iter().find(|(field, _)| *field == subject);
        let known = known.map(|(_, known)| known.values.clone());
        known.unwrap_or_else(|| self.domain.values(subject))
    }

    /// Adds that the guard of a route lets the event pass.
    pub(super) fn assume_guard(
        &mut self,
        typed: &'c TypedRoute<'_>,
    ) -> Result<(), Contradiction<'c>> {
        match &typed.guard {
            Some(guard) => self.assume(guard, Outcome::True),
            None => Ok(()),
        }
    }

    /// Adds that an event reaches a sink.
    pub(in crate::check::lint) fn assume_routed(
        &mut self,
        typed: &'c TypedRoute<'_>,
        sink: &'c TypedSink<'_>,
    ) -> Result<(), Contradiction<'c>> {
        self.assume_guard(typed)?;
        self.assume(&typed.condition, Outcome::True)?;
        self.assume(&sink.condition, Outcome::True)
    }

    /// Whether every event like this reaches a sink.
    pub(in crate::check::lint) fn imply_routed(
        &self,
        typed: &'c TypedRoute<'_>,
        sink: &'c TypedSink<'_>,
    ) -> bool {
        let never_fails = |condition: &'c Condition| {
            let mut facts = self.clone();
            facts.assume(condition, Outcome::NotTrue).is_err()
        };
        let mut conditions = typed
            .guard
            .iter()
            .chain([&typed.condition, &sink.condition]);
        conditions.all(never_fails)
    }

    /// The fields that have one certain value, with it.
    pub(in crate::check::lint) fn settled(
        &self,
    ) -> impl Iterator<Item = (&'c Subject, &Values<'c>)> {
        let fields = self.fields.iter();
        let settled = fields.filter(|(_, known)| !known.missing && !known.unusable);
        let settled = settled.map(|(subject, known)| (*subject, &*known.values));
        settled.filter(|(_, values)| values.is_single())
    }

    /// Adds that a condition has an outcome. After a contradiction the facts mean nothing.
    pub(super) fn assume(
        &mut self,
        condition: &'c Condition,
        outcome: Outcome,
    ) -> Result<(), Contradiction<'c>> {
        match condition {
            Condition::Always if outcome.is_positive() => Ok(()),
            Condition::Always => Err(Contradiction::default()),
            Condition::Not(inner) => self.assume(inner, outcome.negated()),
            Condition::All(inner) if outcome.is_positive() => self.each(inner, outcome),
            Condition::Any(inner) if !outcome.is_positive() => self.each(inner, outcome),
            Condition::All(inner) | Condition::Any(inner) => self.some(inner, outcome),
            Condition::Test(test) => self.assume_test(test, outcome),
            Condition::SomeText(some) => self.other(Leaf::SomeText(some), outcome),
            Condition::AnyElement(any) => match outcome {
                _ if any.elements.is_empty() => Ok(()),
                Outcome::True => self.some(&any.elements, Outcome::True),
                Outcome::False | Outcome::NotTrue => self.each(&any.elements, Outcome::NotTrue),
                // There may be no list at all.
                Outcome::NotFalse => Ok(()),
            },
        }
    }

    /// Adds that each has the outcome; those of which most follows come first.
    fn each(
        &mut self,
        conditions: &'c [Condition],
        outcome: Outcome,
    ) -> Result<(), Contradiction<'c>> {
        let leaves = conditions.iter().filter(|one| one.is_leaf());
        let others = conditions.iter().filter(|one| !one.is_leaf());
        for condition in leaves.chain(others) {
            self.assume(condition, outcome)?;
        }
        Ok(())
    }

    /// Adds that at least one has the outcome: what all of those say that can have it.
    fn some(
        &mut self,
        conditions: &'c [Condition],
        outcome: Outcome,
    ) -> Result<(), Contradiction<'c>> {
        let mut possible: Option<Self> = None;
        let mut contradiction = Contradiction::default();
        for condition in conditions {
            let mut branch = self.clone();
            match branch.assume(condition, outcome) {
                Ok(()) => match &mut possible {
                    None => possible = Some(branch),
                    Some(others) => others.join(&branch, self),
                },
                Err(reason) => {
                    contradiction.at.extend(reason.at);
                    contradiction.beside.extend(reason.beside);
                }
            }
        }
        match possible {
            Some(possible) => {
                *self = possible;
                Ok(())
            }
            None => Err(contradiction),
        }
    }

    /// Keeps what both say; `before` is what held before either.
    fn join(&mut self, other: &Self, before: &Self) {
        self.fields.retain_mut(|(subject, known)| {
            let same = other.fields.iter().find(|(field, _)| field == subject);
            same.is_some_and(|(_, same)| {
                known.join(same);
                true
            })
        });
        self.others.clone_from(&before.others);
    }

    /// Adds that a test has an outcome.
    fn assume_test(&mut self, test: &'c Test, outcome: Outcome) -> Result<(), Contradiction<'c>> {
        let leaf = Leaf::Test(test);
        let known = self.known(&test.subject);
        let is_decided = known.narrow(test, outcome);
        if known.is_impossible() {
            let by = std::mem::take(&mut known.by);
            return Err(self.explain(test, outcome, &by));
        }
        known.by.push((leaf, Some(outcome)));
        if let (Predicate::CompareFields(_, other), true) = (&test.predicate, outcome.is_certain())
        {
            self.assume_present(other, leaf)?;
        }
        if is_decided {
            Ok(())
        } else {
            self.other(leaf, outcome)
        }
    }

    fn assume_present(
        &mut self,
        subject: &'c Subject,
        leaf: Leaf<'c>,
    ) -> Result<(), Contradiction<'c>> {
        let known = self.known(subject);
        known.missing = false;
        known.unusable = false;
        if known.is_impossible() {
            return Err(Contradiction {
                at: vec![(leaf, Outcome::True)],
                beside: std::mem::take(&mut known.by),
            });
        }
        known.by.push((leaf, None));
        Ok(())
    }

    fn other(&mut self, leaf: Leaf<'c>, outcome: Outcome) -> Result<(), Contradiction<'c>> {
        let known = self.others.iter_mut().find(|(known, _)| known.is(leaf));
        match known {
            None => self.others.push((leaf, outcome.bits())),
            Some((known, outcomes)) => {
                *outcomes &= outcome.bits();
                if *outcomes == 0 {
                    return Err(Contradiction {
                        at: vec![(leaf, outcome)],
                        beside: vec![(*known, None)],
                    });
                }
            }
        }
        Ok(())
    }

    fn known(&mut self, subject: &'c Subject) -> &mut Known<'c> {
        let found = self.fields.iter().position(|(field, _)| *field == subject);
        let at = found.unwrap_or_else(|| {
            self.fields
                .push((subject, Known::nothing(self.domain.values(subject))));
            self.fields.len() - 1
        });
        &mut self.fields[at].1
    }

    /// What a test contradicts, as few others as will do.
    fn explain(
        &self,
        test: &'c Test,
        outcome: Outcome,
        by: &[(Leaf<'c>, Option<Outcome>)],
    ) -> Contradiction<'c> {
        let contradicts = |other: Option<(&'c Test, Outcome)>| {
            let mut known = Known::nothing(self.domain.values(&test.subject));
            if let Some((other, outcome)) = other {
                known.narrow(other, outcome);
            }
            known.narrow(test, outcome);
            known.is_impossible()
        };
        let single = by.iter().find(|(leaf, outcome)| match (leaf, outcome) {
            (Leaf::Test(other), Some(outcome)) if other.subject == test.subject => {
                contradicts(Some((other, *outcome)))
            }
            _ => false,
        });
        let beside = if by.is_empty() || contradicts(None) {
            Vec::new()
        } else if let Some(single) = single {
            vec![*single]
        } else {
            by.to_vec()
        };
        Contradiction {
            at: vec![(Leaf::Test(test), outcome)],
            beside,
        }
    }
}
