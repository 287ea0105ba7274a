//! SQL checked by the service without being stored (`sql.dry-run`).
//!
//! An INSERT can be checked only where its sink has a table. Before that the CREATE TABLE and the SELECT are, and the
//! INSERT once the table was made.

use super::question::{TRIES, new_name};
use crate::api::{ApiError, Client, Phase, Statement as ApiStatement};
use crate::plan::decide::Topic;
use crate::plan::standing::{detail, one_line};
use crate::plan::tables::Objection;
use crate::sql::{self, Statement};
use crate::statement::{Desired, DesiredRoute};

/// Checks the INSERT of a route whose sink has a table.
///
/// # Errors
/// The service does not answer.
pub(super) async fn insert(
    client: &Client,
    desired: &Desired,
    route: &DesiredRoute,
) -> Result<Option<Objection>, ApiError> {
    check(client, desired, route, "INSERT", &route.text).await
}

/// Checks the CREATE TABLE and the SELECT of a route whose sink has no table yet.
///
/// # Errors
/// The service does not answer.
pub(super) async fn parts(
    client: &Client,
    desired: &Desired,
    route: &DesiredRoute,
) -> Result<Option<Objection>, ApiError> {
    if let Some(table) = desired.tables.get(&route.identity.topic) {
        let objection = check(client, desired, route, "CREATE TABLE", &table.text).await?;
        if objection.is_some() {
            return Ok(objection);
        }
    }
    // What a project's template makes of it cannot always be taken apart; the INSERT is checked in any case.
    let Ok(Statement::Insert(insert)) = sql::parse(&route.text) else {
        return Ok(None);
    };
    check(client, desired, route, "SELECT", &insert.select.to_string()).await
}

/// Whether the topic of a route has a table, as far as the service's word on its INSERT tells; `None` where that tells
/// nothing.
pub(super) async fn topic(
    client: &Client,
    desired: &Desired,
    route: &DesiredRoute,
) -> Option<Topic> {
    let checked = rehearse(client, desired, route, &route.text).await.ok()?;
    match &checked.status.phase {
        Phase::Completed => Some(Topic::There),
        Phase::Failed => {
            let words = detail(&checked);
            let names = |topic: &str| words.contains(&format!("'{topic}'"));
            let is_missing = names(&route.identity.topic) && !names(&route.source);
            is_missing.then_some(Topic::Free)
        }
        _ => None,
    }
}

/// Submits what is not stored, under a name of its own: again where the answer is lost, as it changes nothing.
async fn rehearse(
    client: &Client,
    desired: &Desired,
    route: &DesiredRoute,
    sql: &str,
) -> Result<ApiStatement, ApiError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let new = desired.rehearsal(new_name(desired), route.start, sql);
        match client.create(&new).await {
            Err(error) if error.is_ambiguous() && tries < TRIES => {}
            checked => return checked,
        }
    }
}

async fn check(
    client: &Client,
    desired: &Desired,
    route: &DesiredRoute,
    what: &str,
    sql: &str,
) -> Result<Option<Objection>, ApiError> {
    let why = match rehearse(client, desired, route, sql).await {
        Ok(checked) => match &checked.status.phase {
            Phase::Completed => return Ok(None),
            Phase::Failed => detail(&checked),
            phase => format!("it is {phase}, which says nothing"),
        },
        Err(error @ ApiError::Rejected { .. }) => one_line(&error.to_string()),
        Err(error) => return Err(error),
    };
    let why = if why.is_empty() {
        "it gives no reason".to_owned()
    } else {
        why
    };
    Ok(Some(Objection {
        reason: format!("the service refuses its {what}: {why}"),
        remedy: format!(
            "correct the route in `{}`, or the source that it reads",
            route.file
        ),
    }))
}
