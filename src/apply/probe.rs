//! Which topics have their tables already, before anything is created.

use std::collections::BTreeSet;

use futures_util::StreamExt as _;
use futures_util::stream;

use crate::api::{ApiError, Client, Phase};
use crate::plan::{Live, Selection};
use crate::statement::{Desired, DesiredRoute};

/// The topics with a table, of selected routes that are to run and have no statement. A route that has lost its statements
/// must not begin anew in a topic that holds its events; of a topic that routes share this says nothing.
///
/// A table whose task is still there is new: the run that made it has not come to its route.
///
/// The service has each INSERT checked without storing it: that succeeds only if its sink has a table.
///
/// # Errors
/// The service does not answer. What it rejects has no table.
pub async fn existing_tables(
    client: &Client,
    desired: &Desired,
    live: &Live,
    selection: &Selection,
    parallelism: usize,
) -> Result<BTreeSet<String>, ApiError> {
    let is_under_way = |route: &DesiredRoute| {
        let table = desired.tables.get(&route.identity.topic);
        let mut tasks = live.tasks.iter();
        table.is_some_and(|table| tasks.any(|task| task.name == table.task.as_str()))
    };
    let is_new = |route: &&DesiredRoute| {
        let may_begin = route.enabled && !route.shared && !is_under_way(route);
        may_begin && selection.includes(route) && live.of(&route.ids()).is_empty()
    };
    let checks = desired.routes.values().filter(is_new).map(|route| async {
        match client.create(&desired.dry_run(route)).await {
            Ok(checked) if checked.status.phase == Phase::Completed => {
                Ok(Some(route.identity.topic.clone()))
            }
            Ok(_) | Err(ApiError::Rejected { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    });
    let checks = stream::iter(checks).buffer_unordered(parallelism.max(1));
    let found: Vec<Result<Option<String>, ApiError>> = checks.collect().await;
    let found: Result<Vec<Option<String>>, ApiError> = found.into_iter().collect();
    Ok(found?.into_iter().flatten().collect())
}
