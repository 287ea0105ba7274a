//! Where a route stands whose latest statement was stopped.

use std::fmt;

use super::live::LiveStatement;
use super::position::position;
use crate::api::Phase;

/// A route that stands still.
#[derive(Debug)]
pub struct Resting<'l> {
    head: &'l LiveStatement,
    /// The statement that has the route's position, with that position in words.
    keeper: Option<(&'l LiveStatement, String)>,
}

impl<'l> Resting<'l> {
    /// How a route stands, by its statements, the oldest first; `None` where the latest one was not stopped.
    pub fn of(statements: &'l [LiveStatement]) -> Option<Self> {
        let head = statements
            .last()
            .filter(|head| *head.phase() == Phase::Stopped)?;
        // One that never ran leaves the position with the one that it was to take over from.
        let mut all = statements.iter();
        let reference = all.find(|one| head.reference() == Some(one.name.as_str()));
        let reference = reference.filter(|reference| head.never_took_over_from(reference));
        let mut keepers = [Some(head), reference].into_iter().flatten();
        let keeper = keepers.find_map(|one| Some((one, position(&one.statement)?)));
        Some(Self { head, keeper })
    }

    /// Whether it is known where the route is to go on.
    pub fn has_position(&self) -> bool {
        self.keeper.is_some()
    }

    /// The same as when it is displayed, with the offsets of every partition.
    pub fn in_full(&self) -> String {
        match &self.keeper {
            Some((keeper, at)) => {
                format!("`{}` is STOPPED at {at}; its position is kept", keeper.name)
            }
            None => self.to_string(),
        }
    }
}

impl fmt::Display for Resting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.keeper {
            Some((keeper, _)) => write!(f, "`{}` is STOPPED; its position is kept", keeper.name),
            None => f.write_str(&without_position(self.head.name.as_str())),
        }
    }
}

/// What there is to say of a stopped statement that shows no position.
pub fn without_position(name: &str) -> String {
    format!(
        "`{name}` is STOPPED and shows no position: it had read nothing, or its savepoint failed; if it had, resume it in the console and stop it again"
    )
}
