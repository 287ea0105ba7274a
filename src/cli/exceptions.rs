//! `routectl exceptions`

use anyhow::bail;
use clap::Args;
use serde::Serialize;

use super::operator;
use super::ui::Ui;
use super::{Exit, Globals, Output, OutputFlag, OwnersFlag, ServiceFlags};
use crate::api::{Statement, StatementException};
use crate::operate::exceptions::latest;
use crate::operate::{Inventory, Scope, Subject};
use crate::plan::standing::{detail, one_line, standing};

/// Show what went wrong inside a statement, the latest first
///
/// Of a route it is the latest statement. The service keeps the ten latest exceptions; where it has
/// none, what it says of the statement itself is shown.
#[derive(Debug, Args)]
pub(super) struct ExceptionsArgs {
    /// Name of a route or of a statement
    #[arg(value_name = "NAME")]
    name: String,
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
struct Document<'s> {
    format_version: u32,
    target: &'s str,
    statement: &'s str,
    phase: &'s str,
    detail: String,
    exceptions: &'s [StatementException],
}

pub(super) async fn run(
    args: &ExceptionsArgs,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let Some((service, roster)) = operator::connect(&args.service, globals, ui).await? else {
        return Ok(Exit::Failure);
    };
    let client = &service.client;
    let inventory = Inventory::load(client, roster, Scope::Own, Some(&args.name)).await?;
    let name = match inventory.find(&args.name, args.owners.all_owners)? {
        Subject::Statement(statement) => &statement.name,
        Subject::Route(_, generations) => match generations.last() {
            Some(last) => &last.statement.name.clone(),
            None => bail!("route `{}` has no statement", args.name),
        },
    };
    let statement = client.get(name).await?;
    let exceptions = latest(client, name).await?;
    service.close().await?;
    let (Some(statement), Some(exceptions)) = (statement, exceptions) else {
        bail!("`{name}` was deleted just now");
    };
    match args.output.format {
        Output::Json => ui.print_json(&Document {
            format_version: FORMAT_VERSION,
            target: &inventory.roster.target,
            statement: &statement.name,
            phase: statement.status.phase.as_str(),
            detail: detail(&statement),
            exceptions: &exceptions,
        })?,
        Output::Human => show(&statement, &exceptions, ui)?,
    }
    Ok(Exit::Success)
}

fn show(
    statement: &Statement,
    exceptions: &[StatementException],
    ui: &mut Ui,
) -> anyhow::Result<()> {
    if exceptions.is_empty() {
        ui.say(&format!(
            "the service has no exceptions of `{}`",
            statement.name
        ))?;
        if !detail(statement).is_empty() {
            ui.print(&format!("{}\n", standing(statement)))?;
        }
        return Ok(());
    }
    let lines: Vec<_> = exceptions.iter().map(line).collect();
    ui.print(&format!("{}\n", lines.join("\n")))?;
    Ok(())
}

/// An exception: when, what, and what it says.
pub(super) fn line(exception: &StatementException) -> String {
    let time = exception.timestamp.map(|time| format!("{time:.0} "));
    format!(
        "{}{}: {}",
        time.unwrap_or_default(),
        one_line(&exception.name),
        one_line(&exception.message)
    )
}
