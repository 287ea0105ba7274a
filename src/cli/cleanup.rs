//! `routectl cleanup`

use clap::Args;

use super::exceptions::line;
use super::operator::{self, Proposal, Row, Work};
use super::service::Service;
use super::ui::{Ui, plural};
use super::{ChangeFlags, Exit, Globals, Output, OutputFlag, OwnersFlag, ServiceFlags};
use crate::api::Statement;
use crate::apply::Status;
use crate::operate::exceptions::beyond_detail;
use crate::operate::inventory::whose;
use crate::operate::removal::{self, Candidate, Kept, Removed, Which};
use crate::operate::{Inventory, Place, Scope};
use crate::plan::position::position;
use crate::plan::standing::standing;

/// Delete the project's statements that failed or completed
///
/// Shows the exceptions of each first, as they go with it, and asks. One stays whose position is needed: a live
/// statement or a route of the project goes on from it. Statements of other owners are touched only with
/// `--all-owners`, topics never.
#[derive(Debug, Args)]
pub(super) struct CleanupArgs {
    #[command(flatten)]
    service: ServiceFlags,
    #[command(flatten)]
    owners: OwnersFlag,
    #[command(flatten)]
    change: ChangeFlags,
    #[command(flatten)]
    output: OutputFlag,
}

/// What is to be deleted, and how.
pub(super) struct Cleaning<'c> {
    pub(super) service: &'c ServiceFlags,
    pub(super) change: &'c ChangeFlags,
    pub(super) output: Output,
    pub(super) which: Which,
    pub(super) scope: Scope,
}

pub(super) async fn run(
    args: &CleanupArgs,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let cleaning = Cleaning {
        service: &args.service,
        change: &args.change,
        output: args.output.format,
        which: Which::Over,
        scope: if args.owners.all_owners {
            Scope::Everyone
        } else {
            Scope::Own
        },
    };
    clean(&cleaning, globals, ui).await
}

/// Deletes the statements of a kind.
pub(super) async fn clean(
    cleaning: &Cleaning<'_>,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let Some((service, roster)) = operator::connect(cleaning.service, globals, ui).await? else {
        return Ok(Exit::Failure);
    };
    // Whoever goes on from a statement need not be the project's.
    let inventory = Inventory::load(&service.client, roster, Scope::Everyone, None).await?;
    let exit = clean_up(cleaning, &service, &inventory, ui).await?;
    service.close().await?;
    Ok(exit)
}

async fn clean_up(
    cleaning: &Cleaning<'_>,
    service: &Service,
    inventory: &Inventory,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let (target, output) = (&inventory.roster.target, cleaning.output);
    let over = inventory.over(cleaning.which, cleaning.scope);
    let (candidates, kept) = removal::examine(&service.client, &over, cleaning.which).await?;
    let mut rows: Vec<_> = kept.iter().map(|one| row_of_kept(inventory, one)).collect();
    if over.iter().any(|(_, tie)| tie.is_some()) {
        ui.say("to get a failed route going, pass `--recover` to `routectl apply`, which says how; `routectl delete NAME --force` deletes what is kept")?;
    }
    if candidates.is_empty() {
        if rows.is_empty() || output == Output::Human {
            ui.say(&nothing(cleaning, inventory))?;
        }
        if rows.is_empty() && output == Output::Human {
            return Ok(Exit::Success);
        }
        return operator::finish(&rows, target, output, ui);
    }
    for candidate in &candidates {
        operator::preview(&describe(inventory, candidate), output, ui)?;
    }
    let count = plural(candidates.len(), "statement");
    let planned = candidates.iter().map(|one| {
        row(inventory, &one.statement.name, |name, route| {
            Row::good(name, route, "to delete", standing(&one.statement))
        })
    });
    let stay = kept.iter().map(|one| row_of_kept(inventory, one));
    let proposal = Proposal {
        question: format!("Delete {count} on `{target}`?"),
        rows: &stay.chain(planned).collect::<Vec<_>>(),
        target,
        output,
    };
    if let Some(exit) = proposal.refused(cleaning.change, ui)? {
        return Ok(exit);
    }
    let statements: Vec<Statement> = candidates.into_iter().map(|one| one.statement).collect();
    let work = Work::begin(cleaning.change.wait_timeout, service, ui);
    let (client, waiting) = (&service.client, &work.waiting);
    let removed = removal::delete_all(client, inventory, &statements, waiting, &work.line).await;
    work.line.finish();
    let deleted = removed
        .iter()
        .filter(|one| matches!(one.result, Some(Ok(()))));
    let deleted = deleted.count();
    rows.extend(
        removed
            .into_iter()
            .map(|one| row_of_removed(inventory, one)),
    );
    let exit = operator::finish(&rows, target, output, ui)?;
    let rest = if deleted < statements.len() {
        "; run the command again to go on"
    } else {
        ""
    };
    ui.say(&format!("deleted {deleted} of {count}{rest}"))?;
    Ok(exit)
}

fn nothing(cleaning: &Cleaning<'_>, inventory: &Inventory) -> String {
    let phases = match cleaning.which {
        Which::Failed => "failed",
        Which::Over => "failed or completed",
    };
    let roster = &inventory.roster;
    let whose = match cleaning.scope {
        Scope::Own => format!(
            "no statement of `{}` on `{}`",
            roster.project, roster.target
        ),
        Scope::Everyone => format!("no statement on `{}`", roster.target),
    };
    format!("nothing to delete: {whose} {phases} that may go")
}

/// A statement that is to go, with what goes with it.
fn describe(inventory: &Inventory, candidate: &Candidate) -> String {
    let statement = &candidate.statement;
    let place = inventory.place(statement);
    let mut lines = vec![format!("- {}  {}", place.title(), standing(statement))];
    if matches!(place, Place::Foreign) {
        lines.push(format!("  {}", whose(statement)));
    }
    let further = beyond_detail(statement, &candidate.exceptions);
    lines.extend(
        further
            .iter()
            .map(|one| format!("  exception: {}", line(one))),
    );
    lines.extend(position(statement).map(|at| format!("  position: {at}")));
    lines.join("\n")
}

fn row(inventory: &Inventory, name: &str, make: impl FnOnce(&str, Option<&str>) -> Row) -> Row {
    let mut all = inventory.all();
    let place = all
        .find(|one| one.name == name)
        .map(|one| inventory.place(one));
    let route = place.and_then(|place| place.route().map(|wanted| wanted.title.clone()));
    make(name, route.as_deref())
}

fn row_of_kept(inventory: &Inventory, kept: &Kept) -> Row {
    let detail = format!("`{}` stays: {}", kept.name, kept.why);
    row(inventory, &kept.name, |name, route| {
        if kept.is_by_rule {
            Row::good(name, route, "kept", detail)
        } else {
            Row::bad(name, route, "kept", detail)
        }
    })
}

fn row_of_removed(inventory: &Inventory, removed: Removed) -> Row {
    row(inventory, &removed.name, |name, route| {
        match removed.result {
            Some(result) => {
                let result = result.map(|()| format!("`{name}` is gone"));
                Row::of(name, route, "deleted", result)
            }
            None => Row::bad(name, route, Status::NotAttempted.word(), ""),
        }
    })
}
