//! What the service has to say to routes before and after their tables are made.
//!
//! Before anything is created [`examine`] compares the tables that are there with what the routes of a plan need and
//! has their SQL checked; what does not fit blocks the route. After the CREATE TABLEs `after_tables` does the same with
//! what has become of them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::time::sleep;

use super::question::Asker;
use super::{Context, Tables, dry_run};
use crate::api::ApiError;
use crate::plan::decide::Topic;
use crate::plan::tables::{Catalogue, Objection, compare};
use crate::plan::{Entry, Examination, Plan};
use crate::statement::{DesiredRoute, RouteId};

/// How often a table is looked for that was just made.
const LOOKS: usize = 5;

type Objections = BTreeMap<RouteId, Objection>;

/// Blocks the routes of a plan whose tables do not fit, or whose SQL the service refuses.
///
/// # Errors
/// The service does not answer.
pub async fn examine(
    asker: Asker<'_>,
    plan: &mut Plan,
    examination: Examination,
) -> Result<(), ApiError> {
    plan.examination = examination;
    let subjects: Vec<_> = plan.subjects(asker.desired, examination).collect();
    if subjects.is_empty() {
        return Ok(());
    }
    let routes: Vec<&DesiredRoute> = subjects.iter().map(|(_, route)| *route).collect();
    let objections = match asker.tables(topics(&routes)).await {
        Err(why) => routes.iter().map(|route| uncertain(route, &why)).collect(),
        Ok(there) => {
            let mut objections = compared(asker, &routes, &there);
            let is_open = |(entry, route): &&(&Entry, &DesiredRoute)| {
                entry.is_to_be_deployed() && !objections.contains_key(&route.identity.id())
            };
            let open: Vec<_> = subjects.iter().filter(is_open).copied().collect();
            objections.extend(rehearse(asker, open, &there).await?);
            objections
        }
    };
    plan.block(&objections);
    Ok(())
}

/// What these routes read and write, each once.
fn topics<'r>(routes: &[&'r DesiredRoute]) -> BTreeSet<&'r str> {
    let topics = routes.iter();
    let topics = topics.flat_map(|route| [route.source.as_str(), route.identity.topic.as_str()]);
    topics.collect()
}

fn compared(asker: Asker<'_>, routes: &[&DesiredRoute], there: &Catalogue) -> Objections {
    let objections = routes.iter().filter_map(|route| {
        let objection = compare::objection(asker.desired, route, there)?;
        Some((route.identity.id(), objection))
    });
    objections.collect()
}

/// Nobody knows whether the tables of a route fit.
fn uncertain(route: &DesiredRoute, why: &str) -> (RouteId, Objection) {
    let objection = Objection {
        reason: format!("its tables could not be compared: {why}"),
        remedy: "remove the reason, or leave the comparison out with `--offline`".to_owned(),
    };
    (route.identity.id(), objection)
}

async fn rehearse(
    asker: Asker<'_>,
    subjects: Vec<(&Entry, &DesiredRoute)>,
    there: &Catalogue,
) -> Result<Objections, ApiError> {
    let Asker {
        client, desired, ..
    } = asker;
    let checks = subjects.into_iter().map(|(entry, route)| async move {
        let is_listed = there.get(&route.identity.topic).is_some();
        let has_table = is_listed || entry.around.topic == Topic::There;
        let objection = if has_table {
            dry_run::insert(client, desired, route).await?
        } else {
            dry_run::parts(client, desired, route).await?
        };
        Ok(objection.map(|objection| (route.identity.id(), objection)))
    });
    let checks = stream::iter(checks).buffer_unordered(asker.parallelism.max(1));
    let checks: Vec<Result<Option<(RouteId, Objection)>, ApiError>> = checks.collect().await;
    let checks: Result<Vec<_>, ApiError> = checks.into_iter().collect();
    Ok(checks?.into_iter().flatten().collect())
}

/// Compares the tables of routes that are to be deployed once they were made, and has the INSERTs checked whose sinks are
/// new. What does not fit is not begun.
pub(super) async fn after_tables(
    context: &Context<'_>,
    plan: &Plan,
    tables: &Tables,
) -> BTreeMap<RouteId, String> {
    let Context {
        client,
        desired,
        options,
        ..
    } = *context;
    let asker = Asker {
        client,
        desired,
        poll: options.waiting.poll,
        parallelism: options.parallelism,
    };
    let mut subjects: Vec<_> = match plan.examination {
        Examination::Nothing => Vec::new(),
        Examination::Changes | Examination::Everything => {
            plan.subjects(desired, Examination::Changes).collect()
        }
    };
    // Where a table could not be made, that is what there is to say.
    let is_made = |topic: &String| tables.get(topic).is_none_or(Result::is_ok);
    let is_ready = |route: &DesiredRoute| is_made(&route.source) && is_made(&route.identity.topic);
    subjects.retain(|(_, route)| is_ready(route));
    let routes: Vec<&DesiredRoute> = subjects.iter().map(|(_, route)| *route).collect();
    if routes.is_empty() || options.waiting.interrupt.is_set() {
        return BTreeMap::new();
    }
    let objections = match listed(context, asker, &routes, tables).await {
        Err(why) => routes.iter().map(|route| uncertain(route, &why)).collect(),
        Ok((there, unlisted)) => {
            let (routes, hidden): (Vec<_>, Vec<_>) = routes.into_iter().partition(|route| {
                !unlisted.contains(&route.source) && !unlisted.contains(&route.identity.topic)
            });
            let mut objections = compared(asker, &routes, &there);
            objections.extend(hidden.iter().map(|route| {
                uncertain(
                    route,
                    "one was made just now, and the service does not list it",
                )
            }));
            let is_open = |(entry, route): &&(&Entry, &DesiredRoute)| {
                let is_new = entry.decision.action.begins_anew();
                is_new && !objections.contains_key(&route.identity.id())
            };
            let open: Vec<_> = subjects
                .iter()
                .filter(is_open)
                .map(|(_, route)| *route)
                .collect();
            objections.extend(inserts(asker, open).await);
            objections
        }
    };
    let words = objections.into_iter();
    words
        .map(|(id, objection)| (id, objection.words()))
        .collect()
}

/// The tables of the routes, and which of those that were just made are not listed: the service may list them a moment
/// later.
async fn listed(
    context: &Context<'_>,
    asker: Asker<'_>,
    routes: &[&DesiredRoute],
    tables: &Tables,
) -> Result<(Catalogue, BTreeSet<String>), String> {
    let topics = topics(routes);
    let mut looks = 0;
    loop {
        let there = asker.tables(topics.iter().copied()).await?;
        let new = topics.iter().filter(|topic| tables.contains_key(**topic));
        let unlisted = new.filter(|topic| there.get(topic).is_none());
        let unlisted: BTreeSet<String> = unlisted.map(|topic| (*topic).to_owned()).collect();
        looks += 1;
        if unlisted.is_empty() || looks >= LOOKS {
            return Ok((there, unlisted));
        }
        sleep(context.options.waiting.poll).await;
    }
}

async fn inserts(asker: Asker<'_>, routes: Vec<&DesiredRoute>) -> Objections {
    let Asker {
        client, desired, ..
    } = asker;
    let checks = routes.into_iter().map(|route| async move {
        let objection = match dry_run::insert(client, desired, route).await {
            Ok(objection) => objection?,
            Err(error) => Objection {
                reason: format!("its INSERT could not be checked: {error}"),
                remedy: "run the command again".to_owned(),
            },
        };
        Some((route.identity.id(), objection))
    });
    let checks = stream::iter(checks).buffer_unordered(asker.parallelism.max(1));
    let checks: Vec<Option<(RouteId, Objection)>> = checks.collect().await;
    checks.into_iter().flatten().collect()
}
