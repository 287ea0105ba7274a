//! Why a statement must not go: its position is needed.

use std::fmt;

use crate::api::{Phase, Statement};
use crate::plan::live::is_over;
use crate::statement::{StatementName, label};

use super::inventory::{Inventory, Place, head, reference, whose};

/// Why a statement must not go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tie {
    /// This one goes on from it.
    Reference(String),
    /// The route of this title goes on from it.
    Head(String),
    /// A route whose file cannot be read may go on from it.
    Unknown,
    /// A route of another project of routectl may go on from it, as is known there alone; in words.
    Elsewhere(String),
}

impl fmt::Display for Tie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference(name) => write!(f, "`{name}` goes on from its position"),
            Self::Head(title) => write!(f, "it says how far route `{title}` is"),
            Self::Unknown => {
                f.write_str("a route may go on from its position: not every route file can be read")
            }
            Self::Elsewhere(whose) => {
                write!(f, "{whose}, where a route may go on from its position")
            }
        }
    }
}

/// Whether a statement belongs to a route of whatever project of routectl.
fn is_of_route(statement: &Statement) -> bool {
    let is_of_project = label::belonging(statement).is_some() && !label::is_task(statement);
    is_of_project && StatementName::parse(&statement.name).is_some()
}

impl Inventory {
    /// Why a statement must not go, if there is a reason.
    pub fn tie(&self, statement: &Statement) -> Option<Tie> {
        let mut all = self.all();
        let heir = all.find(|one| {
            reference(one) == Some(&statement.name)
                && one.name != statement.name
                && self.counts(one)
        });
        if let Some(heir) = heir {
            return Some(Tie::Reference(heir.name.clone()));
        }
        match self.place(statement) {
            Place::Route(wanted) if self.is_head(statement) => {
                Some(Tie::Head(wanted.title.clone()))
            }
            Place::Unknown if self.is_head(statement) => Some(Tie::Unknown),
            Place::Foreign if is_of_route(statement) => Some(Tie::Elsewhere(whose(statement))),
            _ => None,
        }
    }

    /// Whether it matters where a statement goes on from: it is not over, or a route is to recover from it.
    fn counts(&self, statement: &Statement) -> bool {
        let is_recovered = match self.place(statement) {
            Place::Route(_) | Place::Unknown => self.is_head(statement),
            _ => false,
        };
        let phase = &statement.status.phase;
        *phase != Phase::Deleting && (!is_over(phase) || is_recovered)
    }

    /// Whether a statement is the one of its route whose position counts.
    pub fn is_head(&self, statement: &Statement) -> bool {
        let mut generations = self.generations(statement);
        // What is being deleted leaves the position to the one before it.
        generations.retain(|one| *one.phase() != Phase::Deleting);
        head(&generations).is_some_and(|head| head.name.as_str() == statement.name)
    }
}
