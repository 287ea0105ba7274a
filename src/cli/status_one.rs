//! `routectl status NAME`

use anyhow::bail;
use serde::Serialize;

use super::exceptions::line;
use super::service::Service;
use super::ui::Ui;
use super::{Exit, Output};
use crate::api::{Statement, StatementException};
use crate::apply;
use crate::operate::exceptions::latest;
use crate::operate::health::{Health, Rules};
use crate::operate::inventory::{reference, whose};
use crate::operate::{Inventory, Place, Roster, Scope, Subject};
use crate::plan::position::position;
use crate::statement::label;

/// What to show, and how.
pub(super) struct Question<'q> {
    pub(super) name: &'q str,
    pub(super) all_owners: bool,
    pub(super) output: Output,
    pub(super) rules: Rules,
}

/// Version of the JSON form; a change that readers must know of raises it.
const FORMAT_VERSION: u32 = 1;

#[derive(Debug, Serialize)]
struct Document<'s> {
    format_version: u32,
    route: Option<&'s str>,
    healthy: bool,
    why: &'s str,
    statement: &'s Statement,
    exceptions: &'s [StatementException],
}

pub(super) async fn show(
    question: &Question<'_>,
    service: &Service,
    roster: Roster,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let client = &service.client;
    let inventory = Inventory::load(client, roster, Scope::Own, Some(question.name)).await?;
    let name = match inventory.find(question.name, question.all_owners)? {
        Subject::Statement(statement) => statement.name.clone(),
        Subject::Route(_, generations) => match generations.last() {
            Some(last) => last.statement.name.clone(),
            None => bail!("route `{}` has no statement", question.name),
        },
    };
    // The list lags behind.
    let statement = client.get(&name).await?;
    let exceptions = latest(client, &name).await?;
    let (Some(statement), Some(exceptions)) = (statement, exceptions) else {
        bail!("`{name}` was deleted just now");
    };
    let health = inventory.health_of(&statement, question.rules);
    let room = apply::room(client, &statement).await;
    match question.output {
        Output::Json => ui.print_json(&Document {
            format_version: FORMAT_VERSION,
            route: health.place.route().map(|one| one.identity.route.as_str()),
            healthy: health.is_healthy,
            why: &health.why,
            statement: &statement,
            exceptions: &exceptions,
        })?,
        Output::Human => ui.print(&describe(&health, &statement, room.as_deref(), &exceptions))?,
    }
    Ok(if health.is_healthy {
        Exit::Success
    } else {
        Exit::Failure
    })
}

fn describe(
    health: &Health<'_>,
    statement: &Statement,
    room: Option<&str>,
    exceptions: &[StatementException],
) -> String {
    let (spec, status, metadata) = (&statement.spec, &statement.status, &statement.metadata);
    let time = |time: Option<jiff::Timestamp>| time.map(|time| format!("{time:.0}"));
    let mut lines = Vec::new();
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
            lines.push(format!("{name:<11} {value}"));
        }
    };
    let verdict = match (health.is_healthy, health.why.as_str()) {
        (true, "") => "ok".to_owned(),
        (true, why) => format!("ok; {why}"),
        (false, "") => "unhealthy".to_owned(),
        (false, why) => format!("unhealthy; {why}"),
    };
    add("route", Some(health.place.title()));
    add("statement", Some(&statement.name));
    add("phase", Some(status.phase.as_str()));
    add("health", Some(&verdict));
    if matches!(health.place, Place::Foreign) {
        add("owner", Some(&whose(statement)));
    }
    add("created", time(metadata.created_at).as_deref());
    add("updated", time(metadata.updated_at).as_deref());
    add("position", position(statement).as_deref());
    add("goes on from", reference(statement));
    add("pool", spec.compute_pool_id.as_deref());
    add("room", room);
    add("principal", spec.principal.as_deref());
    add("run", label::run(statement));
    for (key, value) in &spec.properties {
        lines.push(format!("property    {key} = {value}"));
    }
    let exceptions = exceptions.iter();
    lines.extend(exceptions.map(|one| format!("exception   {}", line(one))));
    lines.push(String::new());
    lines.push(spec.statement.trim_end().to_owned());
    lines.join("\n") + "\n"
}
