//! Where a place exists: in every document, or only where others hold certain values.

use serde_json::Value;

use super::tree::{Branch, DEEPEST_DISCRIMINATOR, Place, Tree};
use crate::schema::alternative::Step;
use crate::schema::path::{FieldPath, Segment};
use crate::schema::types::FieldType;
use crate::schema::typeset::TypeSet;
use crate::schema::{Documents, pins};

/// Longer lists of values tell nothing apart that a person would want to know.
const MOST_VALUES: usize = 200;

/// Whether all alternatives of a schema declare a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Presence {
    /// All of them do; that is not to say that every document has the field.
    Everywhere,
    /// Some do: those that all of these lead to. None where no other field tells the alternatives apart.
    Somewhere(Vec<Discriminator>),
}

/// What leads to some of the alternatives of a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Discriminator {
    /// The field that tells them apart.
    pub path: FieldPath,
    /// What has to be there.
    pub selects: Selects,
}

/// What a field has to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Selects {
    /// One of these values.
    Values(Vec<Value>),
    /// Of this type, where it can be of another one.
    Kind(FieldType),
}

/// A field that tells the branches of a place apart.
struct Telling {
    /// Number of its place.
    place: usize,
    /// The values that it has in each branch.
    values: Vec<Vec<Value>>,
}

/// Knows for each place of a tree what tells its branches apart.
pub(super) struct Presences<'t, 'a> {
    tree: &'t Tree<'a>,
    documents: &'a Documents,
    telling: Vec<Vec<Telling>>,
}

impl<'t, 'a> Presences<'t, 'a> {
    pub(super) fn of(tree: &'t Tree<'a>, documents: &'a Documents) -> Self {
        let mut telling: Vec<Vec<Telling>> = Vec::new();
        telling.resize_with(tree.places.len(), Vec::new);
        for place in 0..tree.places.len() {
            collect_telling(tree, place, &mut telling);
        }
        Self {
            tree,
            documents,
            telling,
        }
    }

    /// Where a place exists.
    pub(super) fn presence(&self, at: usize) -> Presence {
        let mut everywhere = true;
        let mut discriminators = Vec::new();
        let mut place = &self.tree.places[at];
        let mut selected = vec![true; place.branches.len()];
        while let (Some(around), Some(segment)) = (place.around, place.path.last()) {
            let outer = &self.tree.places[around];
            let mut leading = self.repeated(outer, segment);
            let branches = place.branches.iter().zip(&selected);
            for (branch, _) in branches.filter(|(_, selected)| **selected) {
                for from in &branch.from {
                    leading[*from] = true;
                }
            }
            if let Presence::Somewhere(found) = self.split(around, segment, &leading) {
                everywhere = false;
                discriminators.extend(found);
            }
            (place, selected) = (outer, leading);
        }
        // Outer ones first, as they are read in the path.
        discriminators.reverse();
        if everywhere {
            Presence::Everywhere
        } else {
            Presence::Somewhere(discriminators)
        }
    }

    /// The branches that were not followed, for they begin again, and that declare a segment, too.
    fn repeated(&self, outer: &Place<'_>, segment: &Segment) -> Vec<bool> {
        let declares = |branch: &Branch<'_>| {
            let step = || branch.alternative.step(segment, self.documents);
            branch.again.is_some() && matches!(step(), Step::Declared(_))
        };
        outer.branches.iter().map(declares).collect()
    }

    /// Where a place has a segment, given which of its branches lead to it.
    fn split(&self, at: usize, segment: &Segment, leading: &[bool]) -> Presence {
        let place = &self.tree.places[at];
        let others = place.branches.iter().zip(leading);
        let others = others.filter(|(_, leads)| !**leads).map(|(one, _)| one);
        let others: Vec<&Branch<'_>> = others.collect();
        if others.is_empty() || others.len() == leading.len() {
            return Presence::Everywhere;
        }
        if others
            .iter()
            .any(|branch| branch.alternative.can_hold(segment))
        {
            return Presence::Somewhere(self.by_values(at, leading).into_iter().collect());
        }
        let of_null = |branch: &&Branch<'_>| {
            let types = branch.alternative.types();
            types.is_some_and(|types| types.is_within(TypeSet::NULL))
        };
        if others.iter().all(of_null) {
            return Presence::Everywhere;
        }
        let kind = match segment {
            Segment::Key(_) => FieldType::Object,
            Segment::Index(_) | Segment::Any => FieldType::Array { max_items: None },
        };
        Presence::Somewhere(vec![Discriminator {
            path: place.path.clone(),
            selects: Selects::Kind(kind),
        }])
    }

    /// The field with the fewest values that lead to these branches and not to all.
    fn by_values(&self, at: usize, leading: &[bool]) -> Option<Discriminator> {
        let telling = self.telling[at].iter().filter_map(|telling| {
            let union = |keep: &dyn Fn(bool) -> bool| {
                let mut all = Vec::new();
                for (values, leads) in telling.values.iter().zip(leading) {
                    if keep(*leads) {
                        unite(&mut all, values);
                    }
                }
                all
            };
            let (selecting, all) = (union(&|leads| leads), union(&|_| true));
            (selecting.len() < all.len()).then_some((telling.place, selecting))
        });
        let best = telling.min_by_key(|(place, values)| (values.len(), *place));
        best.map(|(place, values)| Discriminator {
            path: self.tree.places[place].path.clone(),
            selects: Selects::Values(values),
        })
    }
}

/// Notes which of the places around a field it tells apart.
fn collect_telling(tree: &Tree<'_>, field: usize, telling: &mut [Vec<Telling>]) {
    let closed = |branch: &Branch<'_>| branch.alternative.closed();
    let values: Option<Vec<_>> = tree.places[field].branches.iter().map(closed).collect();
    let Some(mut values) = values.filter(|all| all.iter().all(|one| one.len() <= MOST_VALUES))
    else {
        return;
    };
    let mut at = field;
    for _ in 0..DEEPEST_DISCRIMINATOR {
        let place = &tree.places[at];
        let (Some(around), Some(segment @ Segment::Key(_))) = (place.around, place.path.last())
        else {
            return;
        };
        let outer = &tree.places[around];
        let mut by_outer = vec![Vec::new(); outer.branches.len()];
        for (branch, values) in place.branches.iter().zip(&values) {
            for from in &branch.from {
                unite(&mut by_outer[*from], values);
            }
        }
        // A branch that says nothing of the field goes with any of its values.
        let silent = |(branch, values): (&Branch<'_>, &Vec<Value>)| {
            values.is_empty() && branch.alternative.can_hold(segment)
        };
        if outer.branches.iter().zip(&by_outer).any(silent) {
            return;
        }
        if by_outer.windows(2).any(|pair| pair[0] != pair[1]) {
            telling[around].push(Telling {
                place: field,
                values: by_outer.clone(),
            });
        }
        (at, values) = (around, by_outer);
    }
}

fn unite(all: &mut Vec<Value>, more: &[Value]) {
    for value in more {
        if !pins::contains(all, value) {
            all.push(value.clone());
        }
    }
}
