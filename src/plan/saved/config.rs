//! The desired state in a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sql::{DataType, Ident};
use crate::statement::fingerprint::hash;
use crate::statement::{
    Desired, DesiredRoute, DesiredTable, Fingerprint, Identity, Placement, TaskName,
};

/// Everything that should be on a target. What follows from the rest is left out.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    #[serde(skip)]
    owner: Owner,
    placement: SavedPlacement,
    /// The SQL of tables, by topic.
    tables: BTreeMap<String, String>,
    /// The declared columns of topics that routes read, by topic.
    sources: BTreeMap<String, Vec<Column>>,
    /// Routes by title.
    routes: BTreeMap<String, SavedRoute>,
}

/// Whose it is; a file says that once, outside.
#[derive(Debug, Default, PartialEq, Eq)]
struct Owner {
    project: String,
    target: String,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedPlacement {
    environment: String,
    database: String,
    compute_pool: Option<String>,
    service_account: Option<String>,
}

/// A name and a type.
type Column = (String, String);

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedRoute {
    route: String,
    was: Vec<String>,
    consumer: Option<String>,
    file: String,
    source: String,
    topic: String,
    shared: bool,
    enabled: bool,
    start: String,
    content: String,
    text: String,
    sql: String,
}

impl Config {
    pub(super) fn of(desired: &Desired) -> Self {
        let Desired {
            project,
            target,
            placement,
            tables,
            sources,
            routes,
        } = desired;
        let tables = tables.values();
        let sources = sources.iter();
        let routes = routes.values();
        Self {
            owner: Owner {
                project: project.clone(),
                target: target.clone(),
            },
            placement: SavedPlacement::of(placement),
            sources: sources
                .map(|(topic, columns)| (topic.clone(), saved(columns)))
                .collect(),
            tables: tables
                .map(|table| (table.topic.clone(), table.text.clone()))
                .collect(),
            routes: routes
                .map(|route| (route.title.clone(), SavedRoute::of(route)))
                .collect(),
        }
    }

    /// The desired state of a project on a target.
    pub(super) fn desired(self, project: &str, target: &str) -> Result<Desired, String> {
        let tables = self.tables.into_iter().map(|(topic, text)| {
            let table = DesiredTable {
                task: TaskName::create_table(project, target, &topic),
                topic: topic.clone(),
                text,
            };
            (topic, table)
        });
        let sources = self.sources.into_iter().map(|(topic, columns)| {
            let columns = columns.into_iter().map(column);
            Ok((topic, columns.collect::<Result<_, String>>()?))
        });
        let routes = self.routes.into_iter().map(|(title, route)| {
            let route = route.desired(title, project, target)?;
            Ok((route.identity.id(), route))
        });
        Ok(Desired {
            project: project.to_owned(),
            target: target.to_owned(),
            placement: self.placement.placement(),
            tables: tables.collect(),
            sources: sources.collect::<Result<_, String>>()?,
            routes: routes.collect::<Result<_, String>>()?,
        })
    }

    /// The same for the same configuration, whatever the target runs.
    pub(super) fn digest(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        hash(["config-1", &text])
    }

    /// In what another one differs from this, in words.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        if self == other {
            return Vec::new();
        }
        let mut words = Vec::new();
        let mut name = |what: &str, was: &str, is: &str| {
            if was != is {
                words.push(format!("the {what} was `{was}` and is `{is}`"));
            }
        };
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (was, is) = (&self.placement, &other.placement);
        name("project", &self.owner.project, &other.owner.project);
        name("target", &self.owner.target, &other.owner.target);
        name("environment", &was.environment, &is.environment);
        name("database", &was.database, &is.database);
        name(
            "compute pool",
            &text(&was.compute_pool),
            &text(&is.compute_pool),
        );
        name(
            "service account",
            &text(&was.service_account),
            &text(&is.service_account),
        );
        words.extend(of_maps("route", &self.routes, &other.routes));
        words.extend(of_maps(
            "the source of topic",
            &self.sources,
            &other.sources,
        ));
        words.extend(of_maps("the table of topic", &self.tables, &other.tables));
        words
    }
}

fn saved(columns: &[(Ident, DataType)]) -> Vec<Column> {
    let columns = columns.iter();
    let columns = columns.map(|(name, of)| (name.as_str().to_owned(), of.to_string()));
    columns.collect()
}

fn column((name, of): Column) -> Result<(Ident, DataType), String> {
    let of = DataType::parse(&of).map_err(|_| format!("column `{name}` is of type `{of}`"))?;
    Ok((Ident::from(name), of))
}

/// In what one map differs from another.
fn of_maps<T: PartialEq>(
    what: &str,
    was: &BTreeMap<String, T>,
    is: &BTreeMap<String, T>,
) -> Vec<String> {
    let gone = was.keys().filter(|name| !is.contains_key(*name));
    let gone = gone.map(|name| format!("{what} `{name}` is gone"));
    let others = is.iter().filter_map(|(name, is)| match was.get(name) {
        None => Some(format!("{what} `{name}` is new")),
        Some(was) => (was != is).then(|| format!("{what} `{name}` has changed")),
    });
    gone.chain(others).collect()
}

impl SavedPlacement {
    fn of(placement: &Placement) -> Self {
        let Placement {
            catalog,
            database,
            compute_pool,
            principal,
        } = placement.clone();
        Self {
            environment: catalog,
            database,
            compute_pool,
            service_account: principal,
        }
    }

    fn placement(self) -> Placement {
        Placement {
            catalog: self.environment,
            database: self.database,
            compute_pool: self.compute_pool,
            principal: self.service_account,
        }
    }
}

impl SavedRoute {
    fn of(route: &DesiredRoute) -> Self {
        let DesiredRoute {
            identity,
            was,
            source,
            consumer,
            file,
            title: _,
            text,
            fingerprint,
            shared,
            enabled,
            start,
        } = route.clone();
        Self {
            route: identity.route,
            was: was.into_iter().map(|identity| identity.route).collect(),
            consumer,
            file,
            source,
            topic: identity.topic,
            shared,
            enabled,
            start: start.to_string(),
            content: fingerprint.content,
            text: fingerprint.text,
            sql: text,
        }
    }

    fn desired(self, title: String, project: &str, target: &str) -> Result<DesiredRoute, String> {
        let start = self.start.parse();
        let start = start.map_err(|_| format!("route `{title}` starts at `{}`", self.start))?;
        let topic = self.topic;
        let identity = |route: String| Identity {
            project: project.to_owned(),
            target: target.to_owned(),
            route,
            topic: topic.clone(),
        };
        Ok(DesiredRoute {
            was: self.was.into_iter().map(identity).collect(),
            identity: identity(self.route),
            source: self.source,
            consumer: self.consumer,
            file: self.file,
            title,
            text: self.sql,
            fingerprint: Fingerprint {
                content: self.content,
                text: self.text,
            },
            shared: self.shared,
            enabled: self.enabled,
            start,
        })
    }
}
