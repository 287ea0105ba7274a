//! Stopping and deleting all statements of a route. The executor of `apply` does both, so that a statement that waits
//! for its turn is stopped before the one that it waits for.

use std::collections::BTreeMap;

use crate::api::Client;
use crate::apply::Problem;
use crate::apply::watch::failed;
use crate::plan::decide::{Permits, Rules, Surroundings, Tried, View, Wish, decide};
use crate::plan::spent::spent;
use crate::plan::{Entry, Examination, LiveStatement, Plan, Unwanted};
use crate::statement::{Desired, Placement, StatementName};

use super::inventory::Inventory;
use super::roster::{Roster, Wanted};

/// What is to become of a route's statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// They stand still, their positions kept.
    Stopped,
    /// They are gone.
    Deleted,
}

impl Inventory {
    /// Who of another route would begin to read once these stop or are gone.
    pub fn heir_of(&self, generations: &[LiveStatement]) -> Option<String> {
        let is_one_of = |name: &str| generations.iter().any(|one| one.name.as_str() == name);
        let of_project = self
            .live
            .followers()
            .heir(generations)
            .map(|heir| heir.name.to_string());
        of_project.or_else(|| {
            let names = generations.iter().map(|one| one.name.as_str());
            let mut heirs = names.filter_map(|name| self.waiting_for(name));
            let heir = heirs.find(|heir| !is_one_of(&heir.name))?;
            Some(heir.name.clone())
        })
    }
}

/// The statements as they are now, each by its name; with the next generation, should it be there by now.
///
/// # Errors
/// One of them cannot be read.
pub async fn look(
    client: &Client,
    listed: &[LiveStatement],
) -> Result<Vec<LiveStatement>, Problem> {
    let next = listed.last().map(|last| last.name.next());
    let names = listed.iter().map(|one| one.name.clone());
    let names: Vec<StatementName> = names.chain(next).collect();
    let mut found = Vec::new();
    for name in names {
        let statement = client.get(name.as_str()).await;
        let statement = statement.map_err(|error| failed(&error))?;
        found.extend(statement.map(|statement| LiveStatement { name, statement }));
    }
    Ok(found)
}

/// What the executor is to do; nothing where no statement is left.
pub fn plan(
    inventory: &Inventory,
    wanted: &Wanted,
    generations: Vec<LiveStatement>,
    end: End,
    now: jiff::Timestamp,
) -> Option<Plan> {
    let around = Surroundings {
        heir: inventory.heir_of(&generations),
        ..Surroundings::default()
    };
    let view = View {
        statements: &generations,
        around: &around,
    };
    let (wish, unwanted) = match end {
        End::Stopped => (Wish::Still, Unwanted::Stop),
        End::Deleted => (Wish::Gone { prune: true }, Unwanted::Delete),
    };
    let permits = Permits::default();
    let rules = Rules {
        now,
        permits,
        tried: Tried::default(),
        settled: false,
    };
    let decision = decide(view, wish, &rules)?;
    let entry = Entry {
        id: wanted.identity.id(),
        route: wanted.identity.route.clone(),
        title: wanted.title.clone(),
        topic: Some(wanted.identity.topic.clone()),
        statements: generations,
        around,
        permits,
        unwanted,
        recovers_in_vain: false,
        decision,
        meaning: None,
    };
    Some(Plan {
        target: inventory.roster.target.clone(),
        entries: vec![entry],
        drift: Vec::new(),
        spent: spent(&inventory.live),
        prune: end == End::Deleted,
        not_selected: 0,
        examination: Examination::Nothing,
    })
}

/// A project that wants nothing to run, for the executor: no route of it is looked up.
pub fn nothing_desired(roster: &Roster, placement: Placement) -> Desired {
    Desired {
        project: roster.project.clone(),
        target: roster.target.clone(),
        placement,
        tables: BTreeMap::new(),
        sources: BTreeMap::new(),
        routes: BTreeMap::new(),
    }
}
