//! Looking at the statements of a route: each by its name, and at the next name after them.
//!
//! The listing that a plan was made from lags behind; the names that it told are asked for one by one, and the
//! name that would come next too, so that a statement of another run is seen however new it is.

use std::collections::BTreeMap;

use super::Context;
use super::report::Problem;
use super::watch;
use crate::api::{ApiError, NewStatement, Statement};
use crate::plan::standing::standing;
use crate::plan::{Entry, LiveStatement};
use crate::statement::{StatementName, label};

/// The statements of one route as far as they are known, the oldest first.
pub(super) struct Sight {
    names: Vec<StatementName>,
    /// The name that comes next where the route has no statement of its own.
    first: Option<StatementName>,
    /// Tells a statement from another one that was created under its name later.
    uids: BTreeMap<StatementName, String>,
    /// What was sent without an answer that says what came of it.
    unsettled: Option<NewStatement>,
}

impl Sight {
    /// What the plan knows.
    pub(super) fn of(entry: &Entry, context: &Context<'_>) -> Self {
        let statements = entry.statements.iter();
        let uid = |one: &LiveStatement| (one.name.clone(), one.statement.metadata.uid.clone());
        let route = context.desired.routes.get(&entry.id);
        Self {
            names: statements.clone().map(|one| one.name.clone()).collect(),
            first: route.map(|route| route.identity.name(1)),
            uids: statements.map(uid).collect(),
            unsettled: None,
        }
    }

    /// Takes up a statement that this run created.
    pub(super) fn add(&mut self, name: &StatementName, created: &Statement) {
        self.unsettled = None;
        self.uids.insert(name.clone(), created.metadata.uid.clone());
        self.names.push(name.clone());
    }

    /// Takes up that a statement may have been created.
    pub(super) fn may_have_created(&mut self, new: NewStatement) {
        self.unsettled = Some(new);
    }

    /// Whether something may have been created that was not seen yet.
    pub(super) fn is_unsettled(&self) -> bool {
        self.unsettled.is_some()
    }

    /// Looks, at the newest name first: whatever happens in between, a statement that was seen not to have begun
    /// cannot have taken over from one that is seen at work after that. Whoever has the name after the last one was
    /// faster.
    pub(super) async fn look(
        &mut self,
        context: &Context<'_>,
    ) -> Result<Vec<LiveStatement>, Problem> {
        let mut found = Vec::new();
        found.extend(self.look_ahead(context).await?);
        let known = found.len();
        for name in self.names.clone().into_iter().rev().skip(known) {
            match get(context, &name).await? {
                Some(statement) => found.push(self.confirm(context, name, statement)?),
                None => self.names.retain(|known| *known != name),
            }
        }
        found.reverse();
        Ok(found)
    }

    /// The statement under the name that comes next, where this run may have created it.
    async fn look_ahead(
        &mut self,
        context: &Context<'_>,
    ) -> Result<Option<LiveStatement>, Problem> {
        let own = self.names.last().filter(|last| {
            let first = self.first.as_ref();
            first.is_none_or(|first| first.id() == last.id())
        });
        let next = own.map(StatementName::next).or_else(|| self.first.clone());
        let Some(name) = next else { return Ok(None) };
        let found = match context.client.get(name.as_str()).await {
            // Under narrow roles this is how the service says that there is none. Whoever has the name all the same, and
            // may not be looked at, keeps it: it cannot be taken twice.
            Err(ApiError::Forbidden { .. }) => None,
            found => found.map_err(|error| watch::failed(&error))?,
        };
        let Some(statement) = found else {
            return Ok(None);
        };
        let is_ours = |new: &NewStatement| new.name == name.as_str() && new.describes(&statement);
        if !self.unsettled.as_ref().is_some_and(is_ours) {
            return Err(taken(context, &statement));
        }
        self.add(&name, &statement);
        Ok(Some(LiveStatement { name, statement }))
    }

    /// A statement that is about to be acted on must be the project's, and the same one as before.
    fn confirm(
        &self,
        context: &Context<'_>,
        name: StatementName,
        statement: Statement,
    ) -> Result<LiveStatement, Problem> {
        let desired = context.desired;
        if !label::is_owned(&statement, &desired.project, &desired.target) {
            return Err(Problem::Failed(format!(
                "`{name}` is not this project's any more, by its labels; it is left alone"
            )));
        }
        if self.uids.get(&name) != Some(&statement.metadata.uid) {
            return Err(Problem::Failed(format!(
                "`{name}` was deleted and created anew in the meantime; run the command again"
            )));
        }
        Ok(LiveStatement { name, statement })
    }
}

async fn get(context: &Context<'_>, name: &StatementName) -> Result<Option<Statement>, Problem> {
    let found = context.client.get(name.as_str()).await;
    found.map_err(|error| watch::failed(&error))
}

/// The name is the lock: whoever finds it taken lost against another run.
pub(super) fn taken(context: &Context<'_>, found: &Statement) -> Problem {
    let desired = context.desired;
    if !label::is_owned(found, &desired.project, &desired.target) {
        return Problem::Failed(format!(
            "the name `{}` is taken by a statement that is not this project's, by its labels; it is left alone",
            found.name
        ));
    }
    let who = label::run(found).map_or("another run".to_owned(), |run| format!("the run `{run}`"));
    let standing = standing(found);
    Problem::Overtaken(format!(
        "{who} was faster: {standing}; run the command again"
    ))
}
