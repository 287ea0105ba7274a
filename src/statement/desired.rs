//! What should run on a target: compiled SQL with names, properties and fingerprints.

use std::collections::BTreeMap;
use std::fmt;

use super::compile::Compilation;
use super::fingerprint::Fingerprint;
use super::label;
use super::name::{Identity, RouteId, StatementName, TaskName};
use crate::api::{NewStatement, Statement};
use crate::project::source::Source;
use crate::project::start::Start;
use crate::route::Route;
use crate::source_text::Spanned;
use crate::sql::{DataType, Ident};

/// Where statements run on a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The SQL catalog: the environment.
    pub catalog: String,
    /// The SQL database: the Kafka cluster.
    pub database: String,
    /// The compute pool.
    pub compute_pool: Option<String>,
    /// Who statements run as.
    pub principal: Option<String>,
}

/// Everything that should be on a target.
#[derive(Debug)]
pub struct Desired {
    /// The project.
    pub project: String,
    /// The target.
    pub target: String,
    /// Where statements run.
    pub placement: Placement,
    /// Tables by topic.
    pub tables: BTreeMap<String, DesiredTable>,
    /// The columns that the project declares of topics that routes read, by topic.
    pub sources: BTreeMap<String, Vec<(Ident, DataType)>>,
    /// Routes by id, disabled ones included.
    pub routes: BTreeMap<RouteId, DesiredRoute>,
}

/// A table: a sink's, or that of a source which the project makes.
#[derive(Debug, Clone)]
pub struct DesiredTable {
    /// The topic.
    pub topic: String,
    /// The task that makes it.
    pub task: TaskName,
    /// The CREATE TABLE.
    pub text: String,
}

/// A route as it should run, or one of its sinks where it has several.
#[derive(Debug, Clone)]
pub struct DesiredRoute {
    /// What it is identified by.
    pub identity: Identity,
    /// What it was identified by under the names that it had before.
    pub was: Vec<Identity>,
    /// The topic that it reads.
    pub source: String,
    /// Who reads the topic that it writes, where the route says so.
    pub consumer: Option<String>,
    /// The file that says it, below the project.
    pub file: String,
    /// What people call it: see [`Route::title`](crate::route::Route::title).
    pub title: String,
    /// The INSERT.
    pub text: String,
    /// What it means and says.
    pub fingerprint: Fingerprint,
    /// Whether other routes may write its topic too.
    pub shared: bool,
    /// Whether it is to run.
    pub enabled: bool,
    /// Where a first deployment begins to read.
    pub start: Start,
}

/// Where a new statement begins to read. It belongs to the act of creating, not to the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Where the route says, or the user.
    Start(Start),
    /// Where another statement stops, by name: the service hands its offsets over.
    CarryOver(String),
    /// At these offsets, in the service's form: `partition:0,offset:100;partition:1,offset:200`.
    Offsets(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(start) => start.fmt(f),
            Self::CarryOver(name) => write!(f, "where `{name}` stops"),
            Self::Offsets(offsets) => f.write_str(offsets),
        }
    }
}

/// The property that names the statement whose offsets a new one goes on from.
pub const CARRY_OVER: &str = "sql.tables.initial-offset-from";

/// The property that has a statement checked and not stored.
const DRY_RUN: &str = "sql.dry-run";

/// The property that has a query answer with what is there now.
const SNAPSHOT: (&str, &str) = ("sql.snapshot.mode", "now");

/// What all properties begin with that say where reading starts.
const STARTUP: &str = "sql.tables.scan.startup.";

/// Whether a property says where reading starts.
pub(crate) fn says_start(key: &str) -> bool {
    key == CARRY_OVER || key.starts_with(STARTUP)
}

/// The session time zone of every statement; results must not depend on a default.
const TIME_ZONE: (&str, &str) = ("sql.local-time-zone", "UTC");

impl Placement {
    /// The properties that shape what a statement does.
    fn properties(&self) -> BTreeMap<String, String> {
        let pairs = [
            ("sql.current-catalog", self.catalog.as_str()),
            ("sql.current-database", self.database.as_str()),
            TIME_ZONE,
        ];
        pairs
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }
}

impl DesiredRoute {
    /// The ids that it had and has, the present one last.
    pub fn ids(&self) -> Vec<RouteId> {
        let all = self.was.iter().chain(Some(&self.identity));
        all.map(Identity::id).collect()
    }
}

impl Desired {
    /// What a compilation means on a service.
    pub fn new(
        project: &str,
        target: &str,
        placement: Placement,
        compilation: Compilation<'_>,
    ) -> Self {
        let inserts = compilation.inserts.iter();
        let sources = inserts.map(|compiled| declared(compiled.source)).collect();
        let tables = compilation.tables.into_values().map(|table| {
            let task = TaskName::create_table(project, target, &table.topic);
            (
                table.topic.clone(),
                DesiredTable {
                    topic: table.topic,
                    task,
                    text: table.text,
                },
            )
        });
        let routes = compilation.inserts.into_iter().map(|compiled| {
            let fingerprint =
                Fingerprint::new(&compiled.canonical, &compiled.text, &placement.properties());
            let desired = DesiredRoute {
                text: compiled.text,
                fingerprint,
                was: former(&compiled.identity, compiled.route),
                shared: compiled.sink.shared,
                enabled: compiled.enabled,
                start: compiled.start,
                consumer: compiled
                    .route
                    .consumer
                    .as_ref()
                    .map(|name| name.value.clone()),
                title: compiled.title,
                file: compiled.file,
                source: compiled.source.topic.value.clone(),
                identity: compiled.identity,
            };
            (desired.identity.id(), desired)
        });
        let (tables, routes) = (tables.collect(), routes.collect());
        Self {
            project: project.to_owned(),
            target: target.to_owned(),
            placement,
            tables,
            sources,
            routes,
        }
    }

    /// A statement of a route.
    pub fn statement(
        &self,
        route: &DesiredRoute,
        name: &StatementName,
        origin: &Origin,
        run: Option<&str>,
    ) -> NewStatement {
        let mut properties = self.placement.properties();
        properties.extend(origin.properties());
        NewStatement {
            name: name.as_str().to_owned(),
            sql: route.text.clone(),
            properties,
            labels: label::of_route(
                &self.project,
                &self.target,
                name.id(),
                &route.fingerprint,
                run,
            ),
            labels_tell_sql: true,
            compute_pool: self.placement.compute_pool.clone(),
            principal: self.placement.principal.clone(),
        }
    }

    /// A statement that does what an earlier one did. What it was made from is taken from that one's labels.
    pub fn repetition(
        &self,
        earlier: &Statement,
        recorded: &Fingerprint,
        name: &StatementName,
        origin: &Origin,
        run: Option<&str>,
    ) -> NewStatement {
        let kept = earlier.spec.properties.iter();
        let kept = kept.filter(|(key, _)| !says_start(key));
        let kept = kept.map(|(key, value)| (key.clone(), value.clone()));
        NewStatement {
            name: name.as_str().to_owned(),
            sql: earlier.spec.statement.clone(),
            properties: kept.chain(origin.properties()).collect(),
            labels: label::of_route(&self.project, &self.target, name.id(), recorded, run),
            labels_tell_sql: true,
            compute_pool: self.placement.compute_pool.clone(),
            principal: self.placement.principal.clone(),
        }
    }

    /// A statement that begins to read at `start`, to be checked and not stored.
    pub fn rehearsal(&self, name: String, start: Start, sql: &str) -> NewStatement {
        let mut properties = self.placement.properties();
        properties.extend(Origin::Start(start).properties());
        properties.insert(DRY_RUN.to_owned(), "true".to_owned());
        NewStatement {
            name,
            sql: sql.to_owned(),
            properties,
            labels: label::of_question(&self.project, &self.target),
            labels_tell_sql: false,
            compute_pool: self.placement.compute_pool.clone(),
            principal: self.placement.principal.clone(),
        }
    }

    /// A query whose rows are read once: bounded, and hidden where people look at what runs.
    pub fn question(&self, name: String, sql: String) -> NewStatement {
        let mut properties = self.placement.properties();
        properties.insert(SNAPSHOT.0.to_owned(), SNAPSHOT.1.to_owned());
        NewStatement {
            name,
            sql,
            properties,
            labels: label::of_question(&self.project, &self.target),
            labels_tell_sql: false,
            compute_pool: self.placement.compute_pool.clone(),
            principal: self.placement.principal.clone(),
        }
    }

    /// The task that makes a table.
    pub fn task(&self, table: &DesiredTable, run: Option<&str>) -> NewStatement {
        NewStatement {
            name: table.task.as_str().to_owned(),
            sql: table.text.clone(),
            properties: self.placement.properties(),
            labels: label::of_task(&self.project, &self.target, run),
            labels_tell_sql: false,
            compute_pool: self.placement.compute_pool.clone(),
            principal: self.placement.principal.clone(),
        }
    }
}

/// The columns of a source, by its topic.
fn declared(source: &Source) -> (String, Vec<(Ident, DataType)>) {
    let columns = source.columns.iter();
    let columns = columns.map(|(name, of)| (Ident::from(name.as_str()), of.value.clone()));
    (source.topic.value.clone(), columns.collect())
}

/// What a route was identified by under the names that it had before.
fn former(identity: &Identity, route: &Route) -> Vec<Identity> {
    let renamed = |name: &Spanned<String>| Identity {
        route: name.value.clone(),
        ..identity.clone()
    };
    route.was.iter().map(renamed).collect()
}

impl Origin {
    /// Where reading starts, as statement properties. Never as a hint or a table option: those would overrule
    /// the offsets that a later replacement carries over.
    fn properties(&self) -> Vec<(String, String)> {
        let startup = |key: &str, value: &str| (format!("{STARTUP}{key}"), value.to_owned());
        match self {
            Self::Start(Start::Earliest) => vec![startup("mode", "earliest-offset")],
            Self::Start(Start::Latest) => vec![startup("mode", "latest-offset")],
            Self::Start(Start::At(instant)) => vec![
                startup("mode", "timestamp"),
                startup("timestamp-millis", &instant.as_millisecond().to_string()),
            ],
            Self::CarryOver(name) => vec![(CARRY_OVER.to_owned(), name.clone())],
            Self::Offsets(offsets) => vec![
                startup("mode", "specific-offsets"),
                startup("specific-offsets", offsets),
            ],
        }
    }
}
