//! What the service has of a project on a target.

use std::collections::BTreeMap;

use crate::api::{Phase, Statement};
use crate::statement::{RouteId, StatementName, label};

/// The live statements of a project on a target.
#[derive(Debug, Default)]
pub struct Live {
    /// Statements of routes, by route, the highest generation last.
    pub routes: BTreeMap<RouteId, Vec<LiveStatement>>,
    /// Statements that make tables.
    pub tasks: Vec<Statement>,
    /// Statements with our labels whose names are not ours: made by another hand.
    pub unrecognized: Vec<Statement>,
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
}

impl Live {
    /// Sorts a listing. Statements that are not the project's by label are passed over, whatever their
    /// names look like.
    pub fn new(listing: Vec<Statement>, project: &str, target: &str) -> Self {
        let mut live = Self::default();
        for statement in listing {
            if !label::is_owned(&statement, project, target) {
                continue;
            }
            if label::is_task(&statement) {
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

    /// All statements of routes.
    pub fn statements(&self) -> impl Iterator<Item = &LiveStatement> {
        self.routes.values().flatten()
    }
}
