//! What the service has of a project on a target.

use std::collections::{BTreeMap, BTreeSet};

use super::position::{is_active, is_at_work};
use super::standing::standing;
use crate::api::{Phase, Statement};
use crate::statement::{RouteId, StatementName, label};

/// A statement as it was when it was looked at: what may be changed later is this one and no other of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its name.
    pub name: String,
    /// Tells it from another one that was created under its name later.
    pub uid: String,
}

impl Seen {
    /// The statement as it is now.
    pub fn of(statement: &Statement) -> Self {
        Self {
            name: statement.name.clone(),
            uid: statement.metadata.uid.clone(),
        }
    }
}

/// The live statements of a project on a target.
#[derive(Debug, Default)]
pub struct Live {
    /// Statements of routes, by route, the highest generation last.
    pub routes: BTreeMap<RouteId, Vec<LiveStatement>>,
    /// Statements that make tables.
    pub tasks: Vec<Statement>,
    /// Statements with our labels whose names are not ours: made by another hand.
    pub unrecognized: Vec<Statement>,
    /// Statements of other owners that are at work, where the listing shows them.
    pub others: Vec<Statement>,
}

/// Whether a statement in this phase ended by itself, well or not.
pub fn is_over(phase: &Phase) -> bool {
    matches!(phase, Phase::Failed | Phase::Completed)
}

/// A statement of a route.
#[derive(Debug, Clone)]
pub struct LiveStatement {
    /// Its name, taken apart.
    pub name: StatementName,
    /// What the service says of it.
    pub statement: Statement,
}

impl LiveStatement {
    /// Where it is in its life.
    pub fn phase(&self) -> &Phase {
        &self.statement.status.phase
    }

    /// How it stands: its name, its phase, and why.
    pub fn standing(&self) -> String {
        standing(&self.statement)
    }
}

impl Live {
    /// Sorts a listing. Statements that are not the project's by label are nobody's route, whatever their names
    /// look like.
    pub fn new(listing: Vec<Statement>, project: &str, target: &str) -> Self {
        let mut live = Self::default();
        for statement in listing {
            if !label::is_owned(&statement, project, target) {
                live.others.extend(Some(statement).filter(is_at_work));
            } else if label::is_task(&statement) {
                live.tasks.push(statement);
            } else if let Some(name) = StatementName::parse(&statement.name) {
                let of_route = live.routes.entry(name.id().clone()).or_default();
                of_route.push(LiveStatement { name, statement });
            } else {
                live.unrecognized.push(statement);
            }
        }
        for statements in live.routes.values_mut() {
            statements.sort_by_key(|statement| statement.name.generation());
        }
        live
    }

    /// The statements of the ids that a route has and had, in this order, each by generation; before them those
    /// of other ids that one of them goes on from.
    pub fn of(&self, ids: &[RouteId]) -> Vec<LiveStatement> {
        let own = ids
            .iter()
            .flat_map(|id| self.routes.get(id).into_iter().flatten());
        let own: Vec<&LiveStatement> = own.collect();
        let references: BTreeSet<&str> = own.iter().filter_map(|one| one.reference()).collect();
        let names = references.into_iter().filter_map(StatementName::parse);
        let elsewhere = names.filter(|name| !ids.contains(name.id()));
        let elsewhere = elsewhere.filter_map(|name| {
            let mut of_route = self.routes.get(name.id())?.iter();
            of_route.find(|one| one.name == name)
        });
        elsewhere.chain(own).cloned().collect()
    }

    /// What goes on from what.
    pub fn followers(&self) -> Followers<'_> {
        let mut followers = BTreeMap::new();
        for statement in self.statements() {
            if let Some(name) = statement.reference() {
                let of_name: &mut Vec<_> = followers.entry(name).or_default();
                of_name.push(statement);
            }
        }
        Followers(followers)
    }

    /// All statements of routes.
    pub fn statements(&self) -> impl Iterator<Item = &LiveStatement> {
        self.routes.values().flatten()
    }
}

/// Statements by the name of the one that they go on from.
#[derive(Debug)]
pub struct Followers<'l>(BTreeMap<&'l str, Vec<&'l LiveStatement>>);

impl<'l> Followers<'l> {
    /// A statement of another route that goes on from one of these and was not given up.
    pub fn heir(&self, of: &[LiveStatement]) -> Option<&'l LiveStatement> {
        let names = of.iter().map(|one| one.name.as_str());
        let followers = names.filter_map(|name| self.0.get(name));
        let mut followers = followers.flatten().copied();
        followers.find(|one| is_heir(one, of))
    }
}

fn is_heir(heir: &LiveStatement, of: &[LiveStatement]) -> bool {
    let named = |name: &str| of.iter().find(|one| one.name.as_str() == name);
    let Some(reference) = heir.reference().and_then(named) else {
        return false;
    };
    let is_at_rest = matches!(heir.phase(), Phase::Stopped | Phase::Failed);
    let runs_on = is_active(reference.phase());
    let is_given_up =
        is_at_rest && !heir.has_offsets() && (runs_on || heir.never_took_over_from(reference));
    named(heir.name.as_str()).is_none() && !is_given_up
}
