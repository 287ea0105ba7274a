//! Saved plans: what `plan --out` writes and `apply PLAN` carries out, so that what was reviewed is what runs.
//!
//! A file holds the whole desired state, what the user chose, and for each route that is to be changed what was known of
//! its statements ([`bound`]). [`destination`] is where it may go, [`config`] is the desired state in the file, and how two of them differ; `read` and
//! `write` know the rest of the format. A field more goes into one of their structures; one that a reader must know of
//! raises [`FORMAT_VERSION`], as do new meanings. Nothing in a file is secret: credentials are no part of a plan.

mod bound;
mod config;
mod destination;
mod read;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use bound::{Stale, StaleRoute};
pub use destination::{Destination, WriteError};
pub use read::{ReadError, ReadProblem};

use super::{Choices, Plan};
use crate::statement::Desired;
use crate::statement::fingerprint::hash;
use bound::Change;
use config::Config;
use read::SavedChoices;

/// Version of the format.
pub const FORMAT_VERSION: u32 = 1;

/// Tells the file from other JSON that has to do with plans.
const KIND: &str = "saved-plan";

/// This version of routectl.
const ROUTECTL: &str = env!("CARGO_PKG_VERSION");

/// A plan to be carried out later, if the world is still as it was.
#[derive(Debug)]
pub struct SavedPlan {
    /// The version of routectl that made it.
    pub routectl: String,
    /// What the user chose when it was made.
    pub choices: Choices,
    /// Everything that should be on its target.
    pub desired: Desired,
    changes: Vec<Change>,
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    kind: String,
    format_version: u32,
    routectl: String,
    /// Tells that somebody changed the file. It is no signature: whoever wants to can make it fit.
    checksum: String,
    plan: Body,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    project: String,
    target: String,
    config_digest: String,
    choices: SavedChoices,
    changes: Vec<Change>,
    desired: Config,
}

impl Body {
    fn checksum(&self) -> Result<String, serde_json::Error> {
        Ok(hash(["plan-1", &serde_json::to_string(self)?]))
    }
}

impl SavedPlan {
    /// Writes a plan, made with these choices for this desired state, to a file.
    ///
    /// # Errors
    /// The file cannot be written; there is none then, or the one from before.
    pub fn write(
        to: &Destination,
        plan: &Plan,
        desired: &Desired,
        choices: &Choices,
    ) -> Result<(), WriteError> {
        to.write(&text(plan, desired, choices))
    }

    /// In what the project differs from the one that the plan was made from, in words; nothing where it does not.
    pub fn differences(&self, project: &Desired) -> Vec<String> {
        Config::of(&self.desired).differences(&Config::of(project))
    }

    /// The plan as it is to be carried out: `now` is what was found now for the same desired state and choices. Nothing
    /// is changed that the saved plan does not change.
    ///
    /// # Errors
    /// A route that is to be changed is neither as it was nor on its way to what is wanted.
    pub fn bind(&self, now: Plan) -> Result<Plan, Stale> {
        bound::bind(&self.changes, &self.desired, now)
    }
}

fn text(plan: &Plan, desired: &Desired, choices: &Choices) -> String {
    let changes = plan
        .entries
        .iter()
        .filter(|entry| entry.decision.leads_to_change());
    let config = Config::of(desired);
    let body = Body {
        project: desired.project.clone(),
        target: desired.target.clone(),
        config_digest: config.digest(),
        choices: SavedChoices::of(choices),
        changes: changes.map(Change::of).collect(),
        desired: config,
    };
    // Maps with keys of text, and nothing that refuses: this cannot fail.
    let document = Document {
        kind: KIND.to_owned(),
        format_version: FORMAT_VERSION,
        routectl: ROUTECTL.to_owned(),
        checksum: body.checksum().unwrap_or_default(),
        plan: body,
    };
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text + "\n"
}
