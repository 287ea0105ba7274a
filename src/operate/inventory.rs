//! What is on a target, and what each statement is to the project.

use crate::api::{ApiError, Client, Phase, Statement};
use crate::plan::{Live, LiveStatement};
use crate::statement::desired::CARRY_OVER;
use crate::statement::{StatementName, label};

use super::roster::{Roster, Wanted};

/// Whose statements to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The project's on the target, by label.
    Own,
    /// Everybody's in the environment.
    Everyone,
}

/// What is on a target.
#[derive(Debug)]
pub struct Inventory {
    /// The routes of the project.
    pub roster: Roster,
    /// The project's statements.
    pub live: Live,
    /// Those of other owners, as far as they were asked for.
    pub foreign: Vec<Statement>,
}

/// What a statement is to the project.
#[derive(Debug, Clone, Copy)]
pub enum Place<'i> {
    /// It belongs to this route.
    Route(&'i Wanted),
    /// It belongs to a route that is no more.
    Orphan,
    /// It belongs to no route that could be read, and not every route file could.
    Unknown,
    /// It makes a table.
    Table,
    /// It has the project's labels and a name that the project does not give.
    Unrecognized,
    /// It is not the project's.
    Foreign,
}

impl<'i> Place<'i> {
    /// What people read in the place of the route's title.
    pub fn title(self) -> &'i str {
        match self {
            Self::Route(wanted) => &wanted.title,
            Self::Orphan => "(orphaned)",
            Self::Unknown => "(unknown)",
            Self::Table => "(table)",
            Self::Unrecognized => "(unrecognized)",
            Self::Foreign => "(foreign)",
        }
    }

    /// The word that machines read.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Route(_) | Self::Orphan | Self::Unknown => "route",
            Self::Table => "table",
            Self::Unrecognized => "unrecognized",
            Self::Foreign => "foreign",
        }
    }

    /// The route, where it is known.
    pub fn route(self) -> Option<&'i Wanted> {
        match self {
            Self::Route(wanted) => Some(wanted),
            _ => None,
        }
    }
}

impl Inventory {
    /// Sorts a listing.
    pub fn new(roster: Roster, listing: Vec<Statement>) -> Self {
        let is_own = |one: &Statement| label::is_owned(one, &roster.project, &roster.target);
        let (own, foreign) = listing.into_iter().partition(is_own);
        Self {
            live: Live::new(own, &roster.project, &roster.target),
            foreign,
            roster,
        }
    }

    /// Asks the service. The statement that the user names is asked for by name where it is not listed: the list lags.
    ///
    /// # Errors
    /// Any [`ApiError`]; a part of what there is is never taken for the whole.
    pub async fn load(
        client: &Client,
        roster: Roster,
        scope: Scope,
        named: Option<&str>,
    ) -> Result<Self, ApiError> {
        let (project, target) = (&roster.project, &roster.target);
        let own = label::own(project, target);
        let mut listing = match scope {
            Scope::Everyone => client.list_all(&own).await?,
            Scope::Own => client.list_own(&own).await?,
        };
        let named = named.filter(|name| may_be_statement(name) && roster.by_title(name).is_none());
        if let Some(name) = named.filter(|name| listing.iter().all(|one| one.name != **name)) {
            match client.get(name).await {
                Ok(found) => listing.extend(found),
                // Under narrow roles this is how the service says that there is none.
                Err(ApiError::Forbidden { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self::new(roster, listing))
    }

    /// The project's statements: those of routes, then those that make tables, then those that it did not name.
    pub fn own(&self) -> impl Iterator<Item = &Statement> {
        let of_routes = self.live.statements().map(|one| &one.statement);
        let tasks = self.live.tasks.iter();
        of_routes.chain(tasks).chain(&self.live.unrecognized)
    }

    /// The project's statements, then those of others.
    pub fn all(&self) -> impl Iterator<Item = &Statement> {
        self.own().chain(&self.foreign)
    }

    /// What a statement is to the project.
    pub fn place(&self, statement: &Statement) -> Place<'_> {
        let (project, target) = (&self.roster.project, &self.roster.target);
        if !label::is_owned(statement, project, target) {
            return Place::Foreign;
        }
        if label::is_task(statement) {
            return Place::Table;
        }
        let Some(name) = StatementName::parse(&statement.name) else {
            return Place::Unrecognized;
        };
        match self.roster.by_id(name.id()) {
            Some(wanted) => Place::Route(wanted),
            None if self.roster.is_complete => Place::Orphan,
            None => Place::Unknown,
        }
    }

    /// All statements of the route that a statement belongs to, the oldest first; empty where it belongs to none.
    pub fn generations(&self, statement: &Statement) -> Vec<LiveStatement> {
        let name = StatementName::parse(&statement.name);
        match (self.place(statement), name) {
            (Place::Route(wanted), _) => self.live.of(&wanted.ids()),
            (Place::Orphan | Place::Unknown, Some(name)) => {
                let of_id = self.live.routes.get(name.id());
                of_id.cloned().unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// Whoever would begin to read once this statement stops or is gone.
    pub fn waiting_for(&self, name: &str) -> Option<&Statement> {
        let mut all = self.all();
        all.find(|one| one.status.phase == Phase::Pending && reference(one) == Some(name))
    }
}

/// The statement that another one goes on from, by name.
pub fn reference(statement: &Statement) -> Option<&str> {
    let properties = &statement.spec.properties;
    properties.get(CARRY_OVER).map(String::as_str)
}

/// The statement of a route whose position counts: the latest, unless it never ran and the one runs on that it was to
/// replace.
pub fn head(generations: &[LiveStatement]) -> Option<&LiveStatement> {
    let last = generations.last()?;
    let is_unborn = matches!(last.phase(), Phase::Failed | Phase::Stopped) && !last.has_offsets();
    let mut all = generations.iter();
    let replaced = all.find(|one| last.reference() == Some(one.name.as_str()));
    let runs_on = |one: &&LiveStatement| matches!(one.phase(), Phase::Running | Phase::Degraded);
    Some(
        replaced
            .filter(|_| is_unborn)
            .filter(runs_on)
            .unwrap_or(last),
    )
}

/// Whose a statement is, in words.
pub fn whose(statement: &Statement) -> String {
    if let Some((project, target)) = label::belonging(statement) {
        return format!("it belongs to the routectl project `{project}` on target `{target}`");
    }
    let labels = statement.metadata.labels.keys();
    let labels: Vec<_> = labels.map(|label| format!("`{label}`")).collect();
    let labels = match labels.as_slice() {
        [] => "it has no labels".to_owned(),
        labels => format!("its labels are {}", labels.join(", ")),
    };
    match &statement.spec.principal {
        Some(principal) => format!("{labels} and it runs as `{principal}`"),
        None => labels,
    }
}

/// Whether the service could have a statement of this name; nothing else is asked for.
fn may_be_statement(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(allowed)
}
