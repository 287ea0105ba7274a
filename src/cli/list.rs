//! `routectl list`

use std::collections::BTreeMap;

use clap::Args;
use serde::Serialize;

use super::service::Service;
use super::session::{self, Session};
use super::ui::{self, Ui};
use super::{Exit, Globals, Output, OutputFlag, TargetFlag};
use crate::api::Statement;
use crate::plan::Live;
use crate::plan::standing::detail;
use crate::route::{Route, Sink};
use crate::statement::RouteId;

/// List the project's statements on a target
///
/// Those of routes, those that make tables, and those with the project's labels that it did not name. Other
/// owners' statements are not shown.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    target: TargetFlag,
    #[command(flatten)]
    output: OutputFlag,
}

/// Version of the JSON form; a change that readers must know of raises it.
const FORMAT_VERSION: u32 = 1;

#[derive(Debug, Serialize)]
struct Document<'l> {
    format_version: u32,
    target: &'l str,
    statements: Vec<Row<'l>>,
}

#[derive(Debug, Serialize)]
struct Row<'l> {
    name: &'l str,
    kind: Kind,
    /// Nothing for what belongs to no route of the project.
    route: Option<&'l str>,
    /// The topic of that route, without the target's suffix.
    topic: Option<&'l str>,
    #[serde(skip)]
    title: Option<String>,
    phase: &'l str,
    created_at: Option<String>,
    detail: String,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Route,
    Table,
    Unrecognized,
}

pub(super) async fn run(args: &ListArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let (session, findings) = Session::load(globals)?;
    let Some(workspace) = session.project(findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let target = session::target(workspace, &args.target.name)?;
    let project = &workspace.project.name.value;
    let service = Service::connect(target, &session.root, &session.files).await?;
    let live = service.live(project, &args.target.name).await?;
    service.close().await?;
    let rows = rows(&live, &session::routes_by_id(workspace, target));
    match args.output.format {
        Output::Json => ui.print_json(&Document {
            format_version: FORMAT_VERSION,
            target: &args.target.name,
            statements: rows,
        })?,
        Output::Human if rows.is_empty() => ui.say(&format!(
            "project `{project}` has no statements on target `{}`",
            args.target.name
        ))?,
        Output::Human => ui.print(&table(&rows))?,
    }
    Ok(Exit::Success)
}

fn rows<'l>(live: &'l Live, routes: &BTreeMap<RouteId, (&'l Route, &'l Sink)>) -> Vec<Row<'l>> {
    let of_routes = live.statements().map(|live| {
        let route = routes.get(live.name.id()).copied();
        row(&live.statement, Kind::Route, route)
    });
    let tasks = live.tasks.iter();
    let others = live.unrecognized.iter();
    let mut rows: Vec<_> = of_routes
        .chain(tasks.map(|statement| row(statement, Kind::Table, None)))
        .chain(others.map(|statement| row(statement, Kind::Unrecognized, None)))
        .collect();
    rows.sort_by_key(|row| row.name);
    rows
}

fn row<'l>(statement: &'l Statement, kind: Kind, route: Option<(&'l Route, &'l Sink)>) -> Row<'l> {
    Row {
        name: &statement.name,
        kind,
        route: route.map(|(route, _)| route.name.value.as_str()),
        topic: route.map(|(_, sink)| sink.topic.value.as_str()),
        title: route.map(|(route, sink)| route.title(sink)),
        phase: statement.status.phase.as_str(),
        created_at: statement
            .metadata
            .created_at
            .map(|time| format!("{time:.0}")),
        detail: detail(statement),
    }
}

fn table(rows: &[Row<'_>]) -> String {
    let head = ["ROUTE", "PHASE", "CREATED", "STATEMENT", "DETAIL"].map(str::to_owned);
    let lines = rows.iter().map(|row| {
        let route = match (row.kind, row.title.as_deref()) {
            (Kind::Route, Some(route)) => route,
            (Kind::Route, None) => "(orphaned)",
            (Kind::Table, _) => "(table)",
            (Kind::Unrecognized, _) => "(unrecognized)",
        };
        let created = row.created_at.clone().unwrap_or_default();
        [
            route.to_owned(),
            row.phase.to_owned(),
            created,
            row.name.to_owned(),
            shortened(&row.detail),
        ]
    });
    ui::columns(std::iter::once(head).chain(lines).collect())
}

/// A detail that fits beside the rest; `status` shows it whole.
fn shortened(detail: &str) -> String {
    const LONGEST: usize = 60;
    match detail.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &detail[..end]),
        None => detail.to_owned(),
    }
}
