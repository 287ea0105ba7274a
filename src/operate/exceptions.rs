//! What went wrong inside a statement.

use crate::api::{ApiError, Client, Statement, StatementException};

/// The latest exceptions of a statement, newest first; `None` where the statement is gone.
///
/// # Errors
/// Any [`ApiError`] but `NotFound`: what cannot be read is not taken for none.
pub async fn latest(
    client: &Client,
    name: &str,
) -> Result<Option<Vec<StatementException>>, ApiError> {
    let mut found = match client.exceptions(name).await {
        Ok(found) => found,
        // The statement itself says which of the two is missing.
        Err(ApiError::NotFound { .. }) => {
            return Ok(client.get(name).await?.map(|_| Vec::new()));
        }
        Err(error) => return Err(error),
    };
    found.sort_by_key(|one| std::cmp::Reverse(one.timestamp));
    Ok(Some(found))
}

/// Those exceptions that say more than the statement's own words.
pub fn beyond_detail(
    statement: &Statement,
    exceptions: &[StatementException],
) -> Vec<StatementException> {
    let detail = statement.status.detail.trim();
    let further = exceptions.iter().filter(|one| one.message.trim() != detail);
    further.cloned().collect()
}
