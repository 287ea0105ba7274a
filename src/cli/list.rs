//! `routectl list`

use clap::Args;
use comfy_table::{Table, TableStyle};
use serde::Serialize;

use super::service::Service;
use super::session::{self, Session};
use super::ui::Ui;
use super::{Exit, Globals, Output};
use crate::api::Statement;
use crate::plan::Live;

/// List the project's statements on a target
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Target to list: a key of `targets` in the project file
    #[arg(short, long, value_name = "TARGET", env = "ROUTECTL_TARGET")]
    target: String,
    /// How to print the statements
    #[arg(
        short,
        long,
        value_enum,
        default_value = "human",
        env = "ROUTECTL_OUTPUT"
    )]
    output: Output,
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
    kind: &'static str,
    phase: &'l str,
    created_at: Option<String>,
    detail: &'l str,
}

pub(super) async fn run(args: &ListArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let (session, findings) = Session::load(globals)?;
    let Some(workspace) = session.project(findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let target = session::target(workspace, &args.target)?;
    let project = &workspace.project.name.value;
    let service = Service::connect(target, &session.root, &session.files).await?;
    let live = service.live(project, &args.target).await?;
    service.close().await?;
    let rows = rows(&live);
    match args.output {
        Output::Json => {
            let document = Document {
                format_version: FORMAT_VERSION,
                target: &args.target,
                statements: rows,
            };
            ui.print_json(&document)?;
        }
        Output::Human if rows.is_empty() => {
            ui.say(&format!(
                "project `{project}` has no statements on target `{}`",
                args.target
            ))?;
        }
        Output::Human => ui.print(&format!("{}\n", table(&rows)))?,
    }
    Ok(Exit::Success)
}

fn rows(live: &Live) -> Vec<Row<'_>> {
    let routes = live.statements().map(|live| row(&live.statement, "route"));
    let tasks = live.tasks.iter().map(|statement| row(statement, "table"));
    let others = live
        .unrecognized
        .iter()
        .map(|statement| row(statement, "unrecognized"));
    let mut rows: Vec<_> = routes.chain(tasks).chain(others).collect();
    rows.sort_by_key(|row| row.name);
    rows
}

fn row<'l>(statement: &'l Statement, kind: &'static str) -> Row<'l> {
    Row {
        name: &statement.name,
        kind,
        phase: statement.status.phase.as_str(),
        created_at: statement
            .metadata
            .created_at
            .map(|time| format!("{time:.0}")),
        detail: statement.status.detail.trim(),
    }
}

fn table(rows: &[Row<'_>]) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new()).set_header([
        "STATEMENT",
        "KIND",
        "PHASE",
        "CREATED",
        "DETAIL",
    ]);
    for row in rows {
        let created = row.created_at.as_deref().unwrap_or_default();
        table.add_row([row.name, row.kind, row.phase, created, row.detail]);
    }
    table
}
