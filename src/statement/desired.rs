//! What should run on a target: compiled SQL with names, properties and fingerprints.

use std::collections::BTreeMap;

use super::compile::Compilation;
use super::fingerprint::Fingerprint;
use super::label;
use super::name::{Identity, RouteId, StatementName, TaskName};
use crate::api::NewStatement;
use crate::project::start::Start;

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
    /// What people call it: see [`Route::title`](crate::route::Route::title).
    pub title: String,
    /// The topic that it reads.
    pub source: String,
    /// The INSERT.
    pub text: String,
    /// What it means and says.
    pub fingerprint: Fingerprint,
    /// Whether it is to run.
    pub enabled: bool,
    /// Where a first deployment begins to read.
    pub start: Start,
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

impl Desired {
    /// What a compilation means on a service.
    pub fn new(
        project: &str,
        target: &str,
        placement: Placement,
        compilation: Compilation<'_>,
    ) -> Self {
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
                enabled: compiled.route.enabled,
                start: compiled.start,
                title: compiled.title,
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
            routes,
        }
    }

    /// The first statement of a route, which begins to read where the route says.
    pub fn first_statement(
        &self,
        route: &DesiredRoute,
        name: &StatementName,
        run: Option<&str>,
    ) -> NewStatement {
        let mut properties = self.placement.properties();
        properties.extend(start_properties(route.start));
        NewStatement {
            name: name.as_str().to_owned(),
            sql: route.text.clone(),
            properties,
            labels: label::of_route(&self.project, &self.target, &route.fingerprint, run),
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
            compute_pool: self.placement.compute_pool.clone(),
            principal: self.placement.principal.clone(),
        }
    }
}

/// Where reading starts, as statement properties. Never as a hint or a table option: those would overrule
/// the offsets that a later replacement carries over.
fn start_properties(start: Start) -> Vec<(String, String)> {
    const MODE: &str = "sql.tables.scan.startup.mode";
    let mode = |mode: &str| (MODE.to_owned(), mode.to_owned());
    match start {
        Start::Earliest => vec![mode("earliest-offset")],
        Start::Latest => vec![mode("latest-offset")],
        Start::At(instant) => vec![
            mode("timestamp"),
            (
                "sql.tables.scan.startup.timestamp-millis".to_owned(),
                instant.as_millisecond().to_string(),
            ),
        ],
    }
}
