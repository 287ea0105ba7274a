//! `routectl status`: every route, or with a name one of them, which is `status_one`.

use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;
use serde::Serialize;

use super::operator;
use super::service::Service;
use super::status_one;
use super::ui::{self, Ui, plural};
use super::{Exit, Globals, Output, OutputFlag, OwnersFlag, ServiceFlags, duration};
use crate::api::Phase;
use crate::apply;
use crate::clock::{Clock as _, SystemClock};
use crate::operate::health::{Health, Rules};
use crate::operate::{Inventory, Roster, Scope};

/// Show how every route does, or one route or statement in full
///
/// Without a name: each route, with what is not deployed, what no route stands for any more, and failed tasks. With
/// one: phase, reason, position, exceptions and SQL of its statement.
///
/// Exits with 0 only if everything shown is healthy: RUNNING, or disabled and at rest; a statement that makes a table
/// COMPLETED. Two statements of a route side by side, a missing one, and a route file that cannot be read count as
/// unhealthy too.
#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// Name of a route or of a statement; all routes where left out
    #[arg(value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    service: ServiceFlags,
    #[command(flatten)]
    owners: OwnersFlag,
    /// How long a statement may be PENDING and count as healthy
    #[arg(long, value_name = "TIME", default_value = "1m", env = "ROUTECTL_PENDING_FOR", value_parser = duration)]
    pending_for: Duration,
    #[command(flatten)]
    output: OutputFlag,
}

/// Version of the JSON form; a change that readers must know of raises it.
const FORMAT_VERSION: u32 = 1;

#[derive(Debug, Serialize)]
struct Document<'h> {
    format_version: u32,
    target: &'h str,
    healthy: bool,
    /// Whether every route file could be read, so that no route is missing here.
    complete: bool,
    routes: Vec<Row<'h>>,
}

#[derive(Debug, Serialize)]
struct Row<'h> {
    kind: &'static str,
    route: Option<&'h str>,
    topic: Option<&'h str>,
    enabled: Option<bool>,
    statement: Option<&'h str>,
    phase: Option<&'h str>,
    healthy: bool,
    why: &'h str,
}

pub(super) async fn run(args: &StatusArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let Some((service, roster)) = operator::connect(&args.service, globals, ui).await? else {
        return Ok(Exit::Failure);
    };
    let settle = SignedDuration::try_from(args.pending_for).unwrap_or(SignedDuration::MAX);
    let rules = Rules {
        now: SystemClock.now(),
        settle,
    };
    let exit = match &args.name {
        None => all(args, &service, roster, rules, ui).await?,
        Some(name) => {
            let (all_owners, output) = (args.owners.all_owners, args.output.format);
            let question = status_one::Question {
                name,
                all_owners,
                output,
                rules,
            };
            status_one::show(&question, &service, roster, ui).await?
        }
    };
    service.close().await?;
    Ok(exit)
}

async fn all(
    args: &StatusArgs,
    service: &Service,
    roster: Roster,
    rules: Rules,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let scope = if args.owners.all_owners {
        Scope::Everyone
    } else {
        Scope::Own
    };
    let inventory = Inventory::load(&service.client, roster, scope, None).await?;
    let mut found = inventory.health(rules);
    for one in &mut found {
        explain(service, one).await;
    }
    let is_complete = inventory.roster.is_complete;
    let healthy = is_complete && found.iter().all(|one| one.is_healthy);
    match args.output.format {
        Output::Json => ui.print_json(&Document {
            format_version: FORMAT_VERSION,
            target: &inventory.roster.target,
            healthy,
            complete: is_complete,
            routes: found.iter().map(Row::of).collect(),
        })?,
        Output::Human => ui.print(&table(&found))?,
    }
    summarize(&found, ui)?;
    Ok(if healthy {
        Exit::Success
    } else {
        Exit::Failure
    })
}

/// Asks for the exceptions of what failed without a word.
async fn explain(service: &Service, health: &mut Health<'_>) {
    let failed = health
        .statement
        .as_ref()
        .filter(|one| one.status.phase == Phase::Failed && one.status.detail.trim().is_empty());
    if let Some(statement) = failed {
        health.why = apply::why(&service.client, statement).await;
    }
}

fn summarize(found: &[Health<'_>], ui: &mut Ui) -> anyhow::Result<()> {
    let sick = found.iter().filter(|one| !one.is_healthy).count();
    if sick > 0 {
        ui.error(&format!("{sick} of {} unhealthy", found.len()))?;
    } else if found.is_empty() {
        ui.say("there is nothing to judge")?;
    } else {
        let routes = found.iter().filter(|one| one.place.route().is_some());
        let routes = routes.count();
        let others = match found.len() - routes {
            0 => String::new(),
            others => format!(" and {}", plural(others, "other statement")),
        };
        ui.say(&format!("{}{others} healthy", plural(routes, "route")))?;
    }
    Ok(())
}

impl<'h> Row<'h> {
    fn of(health: &'h Health<'_>) -> Self {
        let route = health.place.route();
        let statement = health.statement.as_ref();
        Self {
            kind: health.place.kind(),
            route: route.map(|one| one.identity.route.as_str()),
            topic: route.map(|one| one.topic.as_str()),
            enabled: route.map(|one| one.is_enabled),
            statement: statement.map(|one| one.name.as_str()),
            phase: statement.map(|one| one.status.phase.as_str()),
            healthy: health.is_healthy,
            why: &health.why,
        }
    }
}

fn table(found: &[Health<'_>]) -> String {
    let head = ["ROUTE", "HEALTH", "PHASE", "STATEMENT", "WHY"].map(str::to_owned);
    let lines = found.iter().map(|one| {
        let health = if one.is_healthy { "ok" } else { "unhealthy" };
        let statement = one.statement.as_ref();
        let phase = statement.map_or("-", |one| one.status.phase.as_str());
        let name = statement.map_or("-", |one| one.name.as_str());
        [one.place.title(), health, phase, name, &one.why].map(str::to_owned)
    });
    ui::columns(std::iter::once(head).chain(lines).collect())
}
