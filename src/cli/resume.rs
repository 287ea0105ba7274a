//! `routectl resume`

use anyhow::bail;
use clap::Args;

use super::operator::{self, Proposal, Row, Work};
use super::service::Service;
use super::session::Session;
use super::test::SkipTests;
use super::ui::Ui;
use super::{ChangeFlags, Exit, Globals, OutputFlag, OwnersFlag, ServiceFlags};
use crate::api::Statement;
use crate::apply;
use crate::clock::SystemClock;
use crate::operate::change::{self, Goal};
use crate::operate::inventory::whose;
use crate::operate::{Inventory, Place, Scope, Subject, Wanted};
use crate::plan::standing::standing;
use crate::plan::{Action, Choices, Plan, Selection, human};
use crate::statement::{Desired, label};

/// Let a route go on where it was stopped
///
/// Does for one route what `apply --resume` does for all: a new statement goes on at the offsets of the stopped one,
/// with what the route's file says now. The stopped one is never started again itself.
#[derive(Debug, Args)]
pub(super) struct ResumeArgs {
    /// Name of a route or of its statement
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    service: ServiceFlags,
    #[command(flatten)]
    owners: OwnersFlag,
    #[command(flatten)]
    tests: SkipTests,
    #[command(flatten)]
    change: ChangeFlags,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn run(args: &ResumeArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let Some((service, roster)) = operator::connect(&args.service, globals, ui).await? else {
        return Ok(Exit::Failure);
    };
    let name = Some(args.name.as_str());
    let inventory = Inventory::load(&service.client, roster, Scope::Own, name).await?;
    let subject = inventory.find(&args.name, args.owners.all_owners)?;
    let exit = match subject {
        Subject::Route(wanted, _) => resume_route(args, globals, &service, wanted, ui).await?,
        Subject::Statement(statement) => match inventory.place(statement) {
            Place::Route(wanted) => resume_route(args, globals, &service, wanted, ui).await?,
            Place::Orphan => bail!(
                "`{}` belongs to no route of the project; with its route back, `routectl apply --resume` goes on from it",
                statement.name
            ),
            Place::Unknown => bail!(
                "`{}` belongs to no route that can be read, and the route's file says how to go on; correct the files first",
                statement.name
            ),
            Place::Table => bail!(
                "`{}` makes a table; there is nothing to resume",
                statement.name
            ),
            Place::Unrecognized | Place::Foreign => {
                resume_statement(args, &service, &inventory, statement, ui).await?
            }
        },
    };
    service.close().await?;
    Ok(exit)
}

async fn resume_route(
    args: &ResumeArgs,
    globals: &Globals,
    service: &Service,
    wanted: &Wanted,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let title = &wanted.title;
    if !wanted.is_enabled {
        bail!(
            "route `{title}` is disabled; say `enabled: true` in its file, then run `routectl apply --resume`"
        );
    }
    let (session, findings) = Session::load(globals)?;
    if !args.tests.or_pass(&session, &findings, ui)? {
        return Ok(Exit::Failure);
    }
    let target = &args.service.target.name;
    let Some(compiled) = session.compile(target, findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let desired = service.desired(compiled);
    let choices = Choices {
        resume: true,
        selection: Selection {
            routes: [title.clone()].into(),
            ..Selection::default()
        },
        ..Choices::default()
    };
    let mut plan = service.plan(&desired, &choices).await?;
    plan.entries
        .retain(|entry| entry.id == wanted.identity.id());
    let Some(entry) = plan.entries.first() else {
        bail!("route `{title}` was deleted just now");
    };
    let (decision, output) = (&entry.decision, args.output.format);
    let statement = entry.current().map_or(title.as_str(), |name| name.as_str());
    match decision.action {
        Action::Resume | Action::Wait => {}
        Action::Keep => {
            let row = Row::good(statement, Some(title), "running", decision.reason.clone());
            return operator::finish(&[row], target, output, ui);
        }
        Action::Unhealthy | Action::Blocked | Action::Conflict => {
            let row = Row::bad(
                statement,
                Some(title),
                decision.action.word(),
                decision.words(),
            );
            return operator::finish(&[row], target, output, ui);
        }
        action => bail!(
            "route `{title}` was not stopped: `apply` would {} it ({})",
            action.word(),
            decision.reason
        ),
    }
    let planned = Row::good(statement, Some(title), "to resume", decision.reason.clone());
    propose(args, service, &desired, &plan, planned, ui).await
}

/// Resumes the route once the user agrees.
async fn propose(
    args: &ResumeArgs,
    service: &Service,
    desired: &Desired,
    plan: &Plan,
    planned: Row,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let (target, output) = (&desired.target, args.output.format);
    operator::preview(human::render(plan).trim_end(), output, ui)?;
    if has_changed(plan, desired) {
        ui.say("the route has changed since it was stopped; it goes on as its file says now")?;
    }
    let proposal = Proposal {
        question: format!("Resume route `{}` on `{target}`?", args.name),
        rows: &[planned],
        target,
        output,
    };
    if let Some(exit) = proposal.refused(&args.change, ui)? {
        return Ok(exit);
    }
    carry_out(args, service, desired, plan, ui).await
}

/// Whether the route means something else now than the statement that it goes on from.
fn has_changed(plan: &Plan, desired: &Desired) -> bool {
    plan.entries.iter().any(|entry| {
        let recorded = entry.statements.last();
        let recorded = recorded.and_then(|last| label::fingerprint(&last.statement));
        let wanted = desired.routes.get(&entry.id);
        recorded
            .zip(wanted)
            .is_some_and(|(recorded, wanted)| recorded.content != wanted.fingerprint.content)
    })
}

async fn carry_out(
    args: &ResumeArgs,
    service: &Service,
    desired: &Desired,
    plan: &Plan,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let work = Work::begin(args.change.wait_timeout, service, ui);
    let options = work.options(service);
    let client = &service.client;
    let report = apply::run(client, desired, plan, &options, &SystemClock, &work.line).await;
    work.line.finish();
    let rows = report.outcomes.iter();
    let rows: Vec<_> = rows
        .map(|outcome| Row::of_outcome(&outcome.title, "resumed", outcome))
        .collect();
    operator::finish(&rows, &desired.target, args.output.format, ui)
}

/// Resumes a statement that no project of routectl has in its hands.
async fn resume_statement(
    args: &ResumeArgs,
    service: &Service,
    inventory: &Inventory,
    statement: &Statement,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let (name, target) = (&statement.name, &inventory.roster.target);
    let place = inventory.place(statement);
    let is_foreign = matches!(place, Place::Foreign);
    if is_foreign && label::belonging(statement).is_some() {
        bail!(
            "`{name}` is not resumed from here: {}; `resume` it there",
            whose(statement)
        );
    }
    let mut words = format!(
        "+ resume {}  `{name}` is {}",
        place.title(),
        statement.status.phase
    );
    if is_foreign {
        words = format!("{words}; {}", whose(statement));
    }
    operator::preview(&words, args.output.format, ui)?;
    let proposal = Proposal {
        question: format!("Resume `{name}` on `{target}`?"),
        rows: &[Row::good(name, None, "to resume", standing(statement))],
        target,
        output: args.output.format,
    };
    if let Some(exit) = proposal.refused(&args.change, ui)? {
        return Ok(exit);
    }
    let work = Work::begin(args.change.wait_timeout, service, ui);
    let bring = change::bring(&service.client, statement, Goal::Running, &work.waiting);
    let result = work.show(name, "resuming the statement", bring).await;
    let result = result.map(|now| format!("`{name}` is {}", now.status.phase));
    let row = Row::of(name, None, "resumed", result);
    operator::finish(&[row], target, args.output.format, ui)
}
