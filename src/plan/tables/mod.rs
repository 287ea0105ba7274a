//! Tables as they are on the service, held against what routes need of them.
//!
//! [`question`] is what the service is asked and how its answer is read, [`compare`] what is wrong with a table. Here the
//! two meet a plan: which of its routes are to be looked at, and which cannot go on.

pub mod compare;
pub mod question;

use std::collections::BTreeMap;

use super::{Action, Decision, Entry, Plan, decide::Step};
use crate::statement::{Desired, DesiredRoute, RouteId};
pub use question::{Catalogue, LiveTable};

/// Which tables are looked at, and which SQL is checked, before anything is changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Examination {
    /// None.
    Nothing,
    /// Those of routes that are new or changed.
    #[default]
    Changes,
    /// Those of every route that is enabled.
    Everything,
}

/// Why a route cannot go on, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl Objection {
    /// The reason and the remedy.
    pub fn words(&self) -> String {
        format!("{}; {}", self.reason, self.remedy)
    }
}

impl Entry {
    /// Whether a statement is to be created for it that says what its route says now.
    pub fn is_to_be_deployed(&self) -> bool {
        let decision = &self.decision;
        let is_new = decision.creation().is_some_and(|new| new.again.is_none());
        is_new || decision.action.begins_anew()
    }

    /// Leaves the route as it is, and says why.
    pub(super) fn block(&mut self, Objection { reason, remedy }: Objection) {
        self.meaning = None;
        self.decision = Decision {
            step: Step::Nothing,
            action: Action::Blocked,
            reason,
            remedy: Some(remedy),
        };
    }
}

impl Plan {
    /// The routes whose tables are to be looked at.
    pub fn subjects<'p>(
        &'p self,
        desired: &'p Desired,
        examination: Examination,
    ) -> impl Iterator<Item = (&'p Entry, &'p DesiredRoute)> {
        let entries = self.entries.iter().filter(move |entry| match examination {
            Examination::Nothing => false,
            Examination::Changes => entry.is_to_be_deployed(),
            Examination::Everything => entry.decision.action != Action::Blocked,
        });
        let of_routes = entries.filter_map(|entry| Some((entry, desired.routes.get(&entry.id)?)));
        of_routes.filter(|(_, route)| route.enabled)
    }

    /// Blocks the routes that cannot go on.
    pub fn block(&mut self, objections: &BTreeMap<RouteId, Objection>) {
        for entry in &mut self.entries {
            if let Some(objection) = objections.get(&entry.id) {
                entry.block(objection.clone());
            }
        }
    }
}
