//! Touching a statement that was looked at earlier: it must still be the same one, and ours.

use super::Waiting;
use super::report::Problem;
use super::watch;
use crate::api::{Client, Deleted, Statement};
use crate::statement::label;

/// Looks again at a statement that is about to be changed. `None` where it is gone.
///
/// # Errors
/// It cannot be read, it is another one of the same name, or its labels name another owner than before.
pub async fn confirm(client: &Client, seen: &Statement) -> Result<Option<Statement>, Problem> {
    let name = &seen.name;
    let found = client.get(name).await;
    let Some(statement) = found.map_err(|error| watch::failed(&error))? else {
        return Ok(None);
    };
    if label::belonging(&statement) != label::belonging(seen) {
        return Err(Problem::Failed(format!(
            "`{name}` has another owner by now, by its labels; it is left alone"
        )));
    }
    if statement.metadata.uid != seen.metadata.uid {
        return Err(Problem::Failed(format!(
            "`{name}` was deleted and created anew in the meantime; run the command again"
        )));
    }
    Ok(Some(statement))
}

/// Deletes a statement that [`confirm`] found, and waits until its name is free.
///
/// # Errors
/// The call fails, or the statement is still there when the time is up or the user wants to stop.
pub async fn remove(client: &Client, name: &str, waiting: &Waiting) -> Result<(), Problem> {
    let deleted = client.delete(name).await;
    match deleted.map_err(|error| watch::failed(&error))? {
        Deleted::Absent => Ok(()),
        Deleted::Accepted => watch::until_gone(client, name, waiting).await,
    }
}
