//! Values of fields: by chance, or the same in every field.

use super::hostile::{self, HOSTILE};
use super::near;
use super::rng::Rng;
use super::role::Role;

/// Fields hold values that are meant for others, now and then.
const ROLES: &[Role] = &[
    Role::Text,
    Role::Number,
    Role::Boolean,
    Role::Instant,
    Role::Epoch(1_000),
];

/// From this length on values stand in texts alone.
const LONG: usize = 1_000;

/// Where values come from.
#[derive(Debug)]
pub(crate) struct Values<'r> {
    pub(crate) rng: &'r mut Rng,
    /// What stands in every field; nothing is left out then.
    fixed: Option<&'r str>,
}

impl<'r> Values<'r> {
    /// Values by chance, unless one is fixed.
    pub(crate) fn new(rng: &'r mut Rng, fixed: Option<&'r str>) -> Self {
        Self { rng, fixed }
    }

    /// The same values for somebody else.
    pub(crate) fn reborrow(&mut self) -> Values<'_> {
        Values {
            rng: self.rng,
            fixed: self.fixed,
        }
    }

    /// What a field of a role holds, readable or not.
    pub(crate) fn value(&mut self, role: Role) -> String {
        match self.fixed {
            // A document of nothing but long texts would take Flink minutes.
            Some(text) if role == Role::Text || text.len() < LONG => text.to_owned(),
            _ => value(self.rng, role),
        }
    }

    /// What a field of a role holds whose column takes nothing else.
    pub(crate) fn natural(&mut self, role: Role) -> String {
        near::natural(self.rng, role)
    }

    /// Whether something is left out, or is another thing than it should be, so many times out of a hundred.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.fixed.is_none() && self.rng.chance(percent)
    }
}

/// What an event holds in a field of a role, as text.
fn value(rng: &mut Rng, role: Role) -> String {
    match rng.below(100) {
        0..72 => near::natural(rng, role),
        72..75 => {
            let other = rng.pick(ROLES);
            near::natural(rng, other)
        }
        75 if rng.chance(6) => hostile::long(rng),
        _ => rng.pick(HOSTILE).to_owned(),
    }
}
