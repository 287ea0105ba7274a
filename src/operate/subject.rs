//! What a name on the command line means: a statement, or a route with all of its statements.

use crate::api::Statement;
use crate::diagnostic::did_you_mean;
use crate::plan::LiveStatement;

use super::inventory::{Inventory, whose};
use super::roster::Wanted;

/// What a name means.
#[derive(Debug)]
pub enum Subject<'i> {
    /// A route with its statements, the oldest first and at least one.
    Route(&'i Wanted, Vec<LiveStatement>),
    /// A statement.
    Statement(&'i Statement),
}

/// Why a name means nothing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfound {
    /// The route writes several topics, and each of them has statements of its own.
    #[error("route `{route}` has several topics; name one: {titles}")]
    Several {
        /// The route.
        route: String,
        /// What to name instead.
        titles: String,
    },
    /// There is such a route, and nothing of it is on the target.
    #[error("route `{title}` is not deployed on target `{target}`; `routectl plan` says what is")]
    NotDeployed {
        /// The route.
        title: String,
        /// The target.
        target: String,
    },
    /// There is such a statement, and it is somebody else's.
    #[error(
        "`{name}` is not this project's on target `{target}`: {whose}; pass `--all-owners` if you mean it all the same"
    )]
    Foreign {
        /// The statement.
        name: String,
        /// The target.
        target: String,
        /// Whose it is, in words.
        whose: String,
    },
    /// There is no such thing.
    #[error("the project has no route or statement `{name}` on target `{target}`; {hint}")]
    Unknown {
        /// The name.
        name: String,
        /// The target.
        target: String,
        /// What was meant, perhaps.
        hint: String,
    },
}

impl Inventory {
    /// What a name means. Statements of other owners are meant only where the user says so.
    ///
    /// # Errors
    /// It means nothing here.
    pub fn find(&self, name: &str, all_owners: bool) -> Result<Subject<'_>, Unfound> {
        let target = self.roster.target.clone();
        if let Some(statement) = self.own().find(|one| one.name == name) {
            return Ok(Subject::Statement(statement));
        }
        if let Some(wanted) = self.roster.by_title(name) {
            let generations = self.live.of(&wanted.ids());
            if generations.is_empty() {
                let title = wanted.title.clone();
                return Err(Unfound::NotDeployed { title, target });
            }
            return Ok(Subject::Route(wanted, generations));
        }
        if let Some(statement) = self.foreign.iter().find(|one| one.name == name) {
            if all_owners {
                return Ok(Subject::Statement(statement));
            }
            return Err(Unfound::Foreign {
                name: name.to_owned(),
                target,
                whose: whose(statement),
            });
        }
        let titles = self.titles_of(name);
        if !titles.is_empty() {
            return Err(Unfound::Several {
                route: name.to_owned(),
                titles: titles.join(", "),
            });
        }
        Err(Unfound::Unknown {
            name: name.to_owned(),
            target,
            hint: self.hint(name),
        })
    }

    /// The titles of a route that writes several topics.
    fn titles_of(&self, route: &str) -> Vec<String> {
        let routes = self.roster.routes.iter();
        routes
            .filter(|one| one.identity.route == route)
            .map(|one| format!("`{}`", one.title))
            .collect()
    }

    fn hint(&self, name: &str) -> String {
        if !self.roster.is_complete {
            return "not every route file can be read: name its statement, which `routectl list` shows"
                .to_owned();
        }
        let titles = self.roster.routes.iter().map(|one| one.title.as_str());
        let statements = self.own().map(|one| one.name.as_str());
        let known: Vec<_> = titles.chain(statements).collect();
        let hint = did_you_mean(name, &known);
        hint.unwrap_or_else(|| "`routectl list` shows what there is".to_owned())
    }
}
