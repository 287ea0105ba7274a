//! `routectl stop`

use anyhow::bail;
use clap::Args;

use super::operator::{self, Proposal, Row, Work};
use super::service::Service;
use super::ui::Ui;
use super::{ChangeFlags, Exit, Globals, OutputFlag, OwnersFlag, ServiceFlags};
use crate::api::{Phase, Statement};
use crate::apply;
use crate::clock::{Clock as _, SystemClock};
use crate::operate::change::{self, Goal};
use crate::operate::inventory::whose;
use crate::operate::route::{self, End};
use crate::operate::{Inventory, Place, Scope, Subject, Wanted};
use crate::plan::position::position;
use crate::plan::resting::{Resting, without_position};
use crate::plan::standing::standing;
use crate::plan::{Action, Entry, LiveStatement, Plan, human};
use crate::statement::StatementName;

/// Stop a route, or a single statement, and keep its position
///
/// Stops whatever is active of the route, the latest statement first, so that none takes over from another, and
/// waits until all are STOPPED. `resume` goes on from there; `apply` leaves the route alone until then. To stop it
/// for good, say `enabled: false` in its file.
#[derive(Debug, Args)]
pub(super) struct StopArgs {
    /// Name of a route or of a statement
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    service: ServiceFlags,
    #[command(flatten)]
    owners: OwnersFlag,
    #[command(flatten)]
    change: ChangeFlags,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn run(args: &StopArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let Some((service, roster)) = operator::connect(&args.service, globals, ui).await? else {
        return Ok(Exit::Failure);
    };
    let name = Some(args.name.as_str());
    let inventory = Inventory::load(&service.client, roster, Scope::Everyone, name).await?;
    let exit = match inventory.find(&args.name, args.owners.all_owners)? {
        Subject::Route(wanted, listed) => {
            stop_route(args, &service, &inventory, wanted, &listed, ui).await?
        }
        Subject::Statement(statement) => match inventory.place(statement) {
            Place::Route(wanted) if inventory.is_head(statement) => {
                let listed = inventory.generations(statement);
                stop_route(args, &service, &inventory, wanted, &listed, ui).await?
            }
            place => stop_statement(args, &service, &inventory, place, statement, ui).await?,
        },
    };
    service.close().await?;
    Ok(exit)
}

async fn stop_route(
    args: &StopArgs,
    service: &Service,
    inventory: &Inventory,
    wanted: &Wanted,
    listed: &[LiveStatement],
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let (target, output) = (&inventory.roster.target, args.output.format);
    let client = &service.client;
    let generations = route::look(client, listed).await?;
    if let Some(heir) = inventory.heir_of(&generations) {
        bail!(
            "`{heir}`, of another route, goes on from it and would take over; stop that one first"
        );
    }
    let now = SystemClock.now();
    let Some(plan) = route::plan(inventory, wanted, generations, End::Stopped, now) else {
        bail!(
            "the statements of route `{}` were deleted just now",
            wanted.title
        );
    };
    if plan
        .entries
        .iter()
        .all(|entry| entry.decision.action == Action::Keep)
    {
        let rows: Vec<_> = plan
            .entries
            .iter()
            .map(|entry| at_rest(wanted, &entry.statements))
            .collect();
        return operator::finish(&rows, target, output, ui);
    }
    operator::preview(human::render(&plan).trim_end(), output, ui)?;
    let title = wanted.title.as_str();
    let mut current = plan.entries.iter().filter_map(Entry::current);
    let latest = current.next().map_or(title, StatementName::as_str);
    let proposal = Proposal {
        question: format!("Stop route `{title}` on `{target}`?"),
        rows: &[Row::good(
            latest,
            Some(title),
            "to stop",
            "its position is kept",
        )],
        target,
        output,
    };
    if let Some(exit) = proposal.refused(&args.change, ui)? {
        return Ok(exit);
    }
    let row = carry_out(args, service, inventory, wanted, &plan, ui).await?;
    let exit = operator::finish(&[row], target, output, ui)?;
    if exit == Exit::Success {
        let title = quoted(title);
        ui.say(&format!(
            "`routectl resume {title} -t {target}` goes on from there"
        ))?;
    }
    Ok(exit)
}

async fn carry_out(
    args: &StopArgs,
    service: &Service,
    inventory: &Inventory,
    wanted: &Wanted,
    plan: &Plan,
    ui: &Ui,
) -> anyhow::Result<Row> {
    let client = &service.client;
    let work = Work::begin(args.change.wait_timeout, service, ui);
    let options = work.options(service);
    let desired = route::nothing_desired(&inventory.roster, service.placement.clone());
    let report = apply::run(client, &desired, plan, &options, &SystemClock, &work.line).await;
    work.line.finish();
    if let Some(failed) = report.outcomes.iter().find(|one| !one.is_success()) {
        return Ok(Row::of_outcome(&wanted.title, "stopped", failed));
    }
    let statements = plan
        .entries
        .iter()
        .flat_map(|entry| entry.statements.clone());
    let now = route::look(client, &statements.collect::<Vec<_>>()).await?;
    Ok(at_rest(wanted, &now))
}

/// What there is to say of a route of which nothing is active: it is stopped only if its latest statement is.
fn at_rest(wanted: &Wanted, generations: &[LiveStatement]) -> Row {
    let title = Some(wanted.title.as_str());
    let last = generations.last();
    if let Some((last, resting)) = last.zip(Resting::of(generations)) {
        return Row::good(last.name.as_str(), title, "stopped", resting.in_full());
    }
    match last {
        Some(last) => {
            let why = format!("{}; there is nothing to stop", last.standing());
            Row::bad(last.name.as_str(), title, "failed", why)
        }
        None => Row::bad(&wanted.title, title, "failed", "its statements are gone"),
    }
}

async fn stop_statement(
    args: &StopArgs,
    service: &Service,
    inventory: &Inventory,
    place: Place<'_>,
    statement: &Statement,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let (name, target) = (&statement.name, &inventory.roster.target);
    if let Some(heir) = inventory.waiting_for(name) {
        bail!(
            "`{}` waits for `{name}` to stop and would take over; stop that one first",
            heir.name
        );
    }
    let mut words = format!(
        "- stop {}  `{name}` is {}",
        place.title(),
        statement.status.phase
    );
    if matches!(place, Place::Foreign) {
        words = format!("{words}; {}", whose(statement));
    }
    operator::preview(&words, args.output.format, ui)?;
    let route = place.route().map(|wanted| wanted.title.as_str());
    let proposal = Proposal {
        question: format!("Stop `{name}` on `{target}`?"),
        rows: &[Row::good(name, route, "to stop", standing(statement))],
        target,
        output: args.output.format,
    };
    if let Some(exit) = proposal.refused(&args.change, ui)? {
        return Ok(exit);
    }
    let work = Work::begin(args.change.wait_timeout, service, ui);
    let bring = change::bring(&service.client, statement, Goal::Stopped, &work.waiting);
    let result = work.show(name, "stopping the statement", bring).await;
    let was_at_work = matches!(statement.status.phase, Phase::Running | Phase::Degraded);
    let result = result.and_then(|now| match position(&now) {
        Some(at) => Ok(format!("`{name}` is STOPPED at {at}; its position is kept")),
        None if was_at_work => Err(apply::Problem::Failed(without_position(name))),
        None => Ok(without_position(name)),
    });
    let row = Row::of(name, route, "stopped", result);
    operator::finish(&[row], target, args.output.format, ui)
}

/// A title as a shell takes it.
pub(super) fn quoted(title: &str) -> String {
    if title.contains(' ') {
        format!("'{title}'")
    } else {
        title.to_owned()
    }
}
