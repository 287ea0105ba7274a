//! The listing that a plan is made from: the project's statements, and those of others who may write its topics.

use crate::api::{ApiError, Client, ListFilter, Statement};
use crate::statement::{Desired, label};

/// Where the service may end a list without a word: its description has an unexplained `x-max-page-items: 500`.
const SUSPICIOUS: usize = 500;

/// All statements that the credentials may see. Of one that is listed twice the later answer counts.
///
/// One listing is enough, unless it may have been cut off: then the project's own statements are asked for by label.
///
/// # Errors
/// The service does not answer; a part of the list is never taken for the whole.
pub async fn listing(client: &Client, desired: &Desired) -> Result<Vec<Statement>, ApiError> {
    let (project, target) = (&desired.project, &desired.target);
    let mut all = client.list(&ListFilter::default()).await?;
    if !all.is_empty() && all.len().is_multiple_of(SUSPICIOUS) {
        let filter = ListFilter {
            labels: label::owner(project, target),
            ..ListFilter::default()
        };
        let own = client.list(&filter).await?;
        all.retain(|one| !label::is_owned(one, project, target));
        all.extend(own);
    }
    Ok(all)
}
