//! `routectl list`

use clap::Args;
use serde::Serialize;

use super::operator;
use super::ui::{self, Ui};
use super::{Exit, Globals, Output, OutputFlag, OwnersFlag, ServiceFlags};
use crate::api::Statement;
use crate::operate::inventory::whose;
use crate::operate::{Inventory, Place, Scope};
use crate::plan::standing::detail;

/// List the project's statements on a target
///
/// Those of routes, those that make tables, and those with the project's labels that it did not name. Other
/// owners' statements are shown with `--all-owners`.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    service: ServiceFlags,
    #[command(flatten)]
    owners: OwnersFlag,
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
    kind: &'static str,
    /// Nothing for what belongs to no route that is known.
    route: Option<&'l str>,
    /// The topic of that route, without the target's suffix.
    topic: Option<&'l str>,
    #[serde(skip)]
    title: &'l str,
    phase: &'l str,
    created_at: Option<String>,
    /// Whose it is, where it is not the project's.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    detail: String,
}

pub(super) async fn run(args: &ListArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let Some((service, roster)) = operator::connect(&args.service, globals, ui).await? else {
        return Ok(Exit::Failure);
    };
    let scope = if args.owners.all_owners {
        Scope::Everyone
    } else {
        Scope::Own
    };
    let inventory = Inventory::load(&service.client, roster, scope, None).await?;
    service.close().await?;
    let mut rows: Vec<_> = inventory.all().map(|one| row(&inventory, one)).collect();
    rows.sort_by_key(|row| row.name);
    let (project, target) = (&inventory.roster.project, &inventory.roster.target);
    match args.output.format {
        Output::Json => ui.print_json(&Document {
            format_version: FORMAT_VERSION,
            target,
            statements: rows,
        })?,
        Output::Human if rows.is_empty() => ui.say(&match scope {
            Scope::Own => format!("project `{project}` has no statements on target `{target}`"),
            Scope::Everyone => format!("there are no statements on target `{target}`"),
        })?,
        Output::Human => ui.print(&table(&rows))?,
    }
    Ok(Exit::Success)
}

fn row<'l>(inventory: &'l Inventory, statement: &'l Statement) -> Row<'l> {
    let place = inventory.place(statement);
    let (title, route, topic) = match place {
        Place::Route(wanted) => (
            wanted.title.as_str(),
            Some(wanted.identity.route.as_str()),
            Some(wanted.topic.as_str()),
        ),
        place => (place.title(), None, None),
    };
    let created = statement.metadata.created_at;
    Row {
        name: &statement.name,
        kind: place.kind(),
        route,
        topic,
        title,
        phase: statement.status.phase.as_str(),
        created_at: created.map(|time| format!("{time:.0}")),
        owner: matches!(place, Place::Foreign).then(|| whose(statement)),
        detail: detail(statement),
    }
}

fn table(rows: &[Row<'_>]) -> String {
    let head = ["ROUTE", "PHASE", "CREATED", "STATEMENT", "DETAIL"].map(str::to_owned);
    let lines = rows.iter().map(|row| {
        let words = row.owner.iter().chain(Some(&row.detail));
        let words: Vec<_> = words
            .map(String::as_str)
            .filter(|one| !one.is_empty())
            .collect();
        [
            row.title.to_owned(),
            row.phase.to_owned(),
            row.created_at.clone().unwrap_or_default(),
            row.name.to_owned(),
            shortened(&words.join("; ")),
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
