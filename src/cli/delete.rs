//! `routectl delete`

use anyhow::bail;
use clap::Args;
use clap::builder::BoolishValueParser;

use super::exceptions::line;
use super::operator::{self, Proposal, Row, Work};
use super::service::Service;
use super::stop::quoted;
use super::ui::Ui;
use super::{ChangeFlags, Exit, Globals, OutputFlag, OwnersFlag, ServiceFlags};
use crate::api::{Phase, Statement};
use crate::apply;
use crate::clock::{Clock as _, SystemClock};
use crate::operate::exceptions::{beyond_detail, latest};
use crate::operate::inventory::whose;
use crate::operate::removal;
use crate::operate::route::{self, End};
use crate::operate::tie::Tie;
use crate::operate::{Inventory, Place, Scope, Subject, Wanted};
use crate::plan::standing::standing;
use crate::plan::{Action, LiveStatement};

/// Delete a statement, or with `--force` all statements of a route
///
/// Its position goes with it. So one that a live statement or a route of the project goes on from is refused without
/// `--force`. Shows first what went wrong in it and how far it has read, and waits until it is gone. Topics stay.
#[derive(Debug, Args)]
pub(super) struct DeleteArgs {
    /// Name of a statement or of a route
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    service: ServiceFlags,
    #[command(flatten)]
    owners: OwnersFlag,
    /// Delete it though something goes on from its position
    #[arg(long, env = "ROUTECTL_FORCE", value_parser = BoolishValueParser::new())]
    force: bool,
    #[command(flatten)]
    change: ChangeFlags,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn run(args: &DeleteArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let Some((service, roster)) = operator::connect(&args.service, globals, ui).await? else {
        return Ok(Exit::Failure);
    };
    let name = Some(args.name.as_str());
    let inventory = Inventory::load(&service.client, roster, Scope::Everyone, name).await?;
    let exit = match inventory.find(&args.name, args.owners.all_owners)? {
        Subject::Route(wanted, listed) => {
            delete_route(args, &service, &inventory, wanted, &listed, ui).await?
        }
        Subject::Statement(statement) => {
            delete_statement(args, &service, &inventory, statement, ui).await?
        }
    };
    service.close().await?;
    Ok(exit)
}

async fn delete_statement(
    args: &DeleteArgs,
    service: &Service,
    inventory: &Inventory,
    listed: &Statement,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let (name, target, client) = (&listed.name, &inventory.roster.target, &service.client);
    refuse_statement(args, inventory, listed)?;
    let Some(statement) = apply::confirm(client, listed).await? else {
        bail!("`{name}` was deleted just now");
    };
    refuse_pending(&statement)?;
    show(service, &statement, args, ui).await?;
    if matches!(inventory.place(&statement), Place::Foreign) {
        operator::preview(&format!("  {}", whose(&statement)), args.output.format, ui)?;
    }
    let place = inventory.place(&statement);
    let route = place.route().map(|wanted| wanted.title.as_str());
    let proposal = Proposal {
        question: format!("Delete `{name}` on `{target}`?"),
        rows: &[Row::good(name, route, "to delete", standing(&statement))],
        target,
        output: args.output.format,
    };
    if let Some(exit) = proposal.refused(&args.change, ui)? {
        return Ok(exit);
    }
    let work = Work::begin(args.change.wait_timeout, service, ui);
    let delete = removal::delete(client, inventory, &statement, &work.waiting);
    let result = work.show(name, "deleting the statement", delete).await;
    let result = result.map(|()| format!("`{name}` is gone; topics stay"));
    let row = Row::of(name, route, "deleted", result);
    operator::finish(&[row], target, args.output.format, ui)
}

/// Refuses to take a position away that something goes on from.
fn refuse_statement(
    args: &DeleteArgs,
    inventory: &Inventory,
    statement: &Statement,
) -> anyhow::Result<()> {
    let name = &statement.name;
    if let Some(heir) = inventory.waiting_for(name) {
        bail!(
            "`{}` waits for `{name}` and could begin to read once that is gone; stop it first",
            heir.name
        );
    }
    let Some(tie) = inventory.tie(statement).filter(|_| !args.force) else {
        return Ok(());
    };
    let forced = "pass `--force` to delete it and its position all the same";
    let Tie::Head(title) = &tie else {
        bail!("`{name}` is not deleted: {tie}; {forced}");
    };
    bail!(
        "`{name}` is not deleted: {tie}; `routectl stop {}` keeps it, `routectl apply --recover` goes on after a failure; {forced}",
        quoted(title)
    );
}

/// What is PENDING may begin to read at any moment: whether it has is known only once it is stopped.
fn refuse_pending(statement: &Statement) -> anyhow::Result<()> {
    let name = &statement.name;
    if statement.status.phase == Phase::Pending {
        bail!(
            "`{name}` is PENDING and may begin to read at any moment; stop it first: `routectl stop {name}`"
        );
    }
    Ok(())
}

/// Shows what goes with a statement.
async fn show(
    service: &Service,
    statement: &Statement,
    args: &DeleteArgs,
    ui: &mut Ui,
) -> anyhow::Result<()> {
    let mut lines = vec![format!("- {}", standing(statement))];
    let exceptions = latest(&service.client, &statement.name).await?;
    let exceptions = exceptions.unwrap_or_default();
    let further = beyond_detail(statement, &exceptions);
    lines.extend(
        further
            .iter()
            .map(|one| format!("  exception: {}", line(one))),
    );
    lines.push(operator::lost_position(statement));
    operator::preview(&lines.join("\n"), args.output.format, ui)
}

async fn delete_route(
    args: &DeleteArgs,
    service: &Service,
    inventory: &Inventory,
    wanted: &Wanted,
    listed: &[LiveStatement],
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let (title, target, client) = (&wanted.title, &inventory.roster.target, &service.client);
    if !args.force {
        bail!(
            "`{title}` is a route of the project: `routectl stop {}` stops it and keeps its position; to delete it, remove its file and run `routectl apply --prune`, or pass `--force` to delete its statements and its position now",
            quoted(title)
        );
    }
    let generations = route::look(client, listed).await?;
    if let Some(heir) = inventory.heir_of(&generations) {
        bail!("`{heir}`, of another route, goes on from its position; delete that one first");
    }
    for one in &generations {
        show(service, &one.statement, args, ui).await?;
    }
    let now = SystemClock.now();
    let Some(plan) = route::plan(inventory, wanted, generations, End::Deleted, now) else {
        bail!("the statements of route `{title}` were deleted just now");
    };
    let mut entries = plan.entries.iter();
    if let Some(other) = entries.find(|entry| entry.decision.action != Action::Delete) {
        bail!(
            "route `{title}` cannot be deleted now: {}",
            other.decision.reason
        );
    }
    let proposal = Proposal {
        question: format!("Delete all statements of route `{title}` on `{target}`?"),
        rows: &[Row::good(
            title,
            Some(title),
            "to delete",
            "all of its statements",
        )],
        target,
        output: args.output.format,
    };
    if let Some(exit) = proposal.refused(&args.change, ui)? {
        return Ok(exit);
    }
    let work = Work::begin(args.change.wait_timeout, service, ui);
    let options = work.options(service);
    let desired = route::nothing_desired(&inventory.roster, service.placement.clone());
    let report = apply::run(client, &desired, &plan, &options, &SystemClock, &work.line).await;
    work.line.finish();
    let rows = report.outcomes.iter();
    let rows: Vec<_> = rows
        .map(|one| Row::of_outcome(title, "deleted", one))
        .collect();
    operator::finish(&rows, target, args.output.format, ui)
}
