//! Why a statement has to wait for room: how full its compute pool is.

use crate::api::{Client, Statement};
use crate::plan::standing::is_without_room;

/// How full the pool is of a statement that waits for room; `None` for others, and where nobody may ask. It is an addition to
/// what is known already, so that a failure to learn it is none.
pub async fn room(client: &Client, statement: &Statement) -> Option<String> {
    let id = statement.spec.compute_pool_id.as_deref();
    let id = id.filter(|_| is_without_room(statement))?;
    let pool = client.compute_pool(id).await.ok().flatten()?;
    Some(format!(
        "{} of {} CFUs of `{id}` are in use; give the pool more, or stop something that runs in it",
        pool.current_cfu, pool.max_cfu
    ))
}
