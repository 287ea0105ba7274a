//! Questions to the service: a query as a statement that is there only until its rows are read.
//!
//! Its name is new each time, so runs do not meet on it. One that a run left behind when it died is a task by its labels,
//! which [`sweep`] and `cleanup` delete.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep};

use super::watch;
use crate::api::{ApiError, Client, NewStatement, Phase, Row};
use crate::plan::Live;
use crate::plan::standing::standing;
use crate::plan::tables::Catalogue;
use crate::plan::tables::question::queries;
use crate::statement::{Desired, label};

/// How often a question is asked whose answer is lost: it changes nothing.
pub(super) const TRIES: usize = 3;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(2);
/// How old a question is that nobody waits for any more.
const LEFT_BEHIND: SignedDuration = SignedDuration::from_mins(10);

/// Who asks, and how.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// The client.
    pub client: &'a Client,
    /// What is wanted, which says where statements run.
    pub desired: &'a Desired,
    /// The pause between looks.
    pub poll: Duration,
    /// How many calls are made side by side.
    pub parallelism: usize,
}

impl Asker<'_> {
    /// Which of these tables are there, and what they are like.
    ///
    /// # Errors
    /// In words: there is no answer, or none that can be read.
    pub async fn tables<'t>(
        &self,
        tables: impl IntoIterator<Item = &'t str>,
    ) -> Result<Catalogue, String> {
        let mut catalogue = Catalogue::default();
        for query in queries(&self.desired.placement.database, tables) {
            let rows = self.ask(query).await?;
            catalogue.read(&rows).map_err(|error| error.to_string())?;
        }
        Ok(catalogue)
    }

    /// The rows of a query that ends.
    async fn ask(&self, query: String) -> Result<Vec<Row>, String> {
        let mut tries = 0;
        loop {
            tries += 1;
            let new = self.desired.question(new_name(self.desired), query.clone());
            let rows = self.answer(&new).await;
            // Whatever came of it: it may be there, and is of no use any more.
            let _ = self.client.delete(&new.name).await;
            match rows {
                Err(Silence::Unclear(_)) if tries < TRIES => {}
                Err(Silence::Unclear(why) | Silence::Final(why)) => return Err(why),
                Ok(rows) => return Ok(rows),
            }
        }
    }

    async fn answer(&self, new: &NewStatement) -> Result<Vec<Row>, Silence> {
        let deadline = Instant::now() + PATIENCE;
        let created = self.client.create(new).await;
        let mut statement = created?;
        loop {
            match &statement.status.phase {
                Phase::Completed => break,
                Phase::Pending | Phase::Running if Instant::now() < deadline => {}
                Phase::Failed => {
                    return Err(Silence::Final(watch::why(self.client, &statement).await));
                }
                _ => {
                    let why = format!("{}, and has no answer", standing(&statement));
                    return Err(Silence::Final(why));
                }
            }
            sleep(self.poll).await;
            let found = self.client.get(&new.name).await;
            let gone = || Silence::Unclear(format!("`{}` was deleted by somebody", new.name));
            statement = found?.ok_or_else(gone)?;
        }
        Ok(self.client.results(&new.name).await?)
    }
}

/// Why there is no answer.
enum Silence {
    /// Another try may have one.
    Unclear(String),
    /// There is none.
    Final(String),
}

impl From<ApiError> for Silence {
    fn from(error: ApiError) -> Self {
        if error.is_ambiguous() {
            Self::Unclear(error.to_string())
        } else {
            Self::Final(error.to_string())
        }
    }
}

/// A name that no statement has, for one that nobody else needs to find.
pub(super) fn new_name(desired: &Desired) -> String {
    let number = RandomState::new().hash_one(0);
    format!("{}-ask-{number:016x}", desired.project)
}

/// Deletes the questions that runs left behind. One that cannot be deleted does no harm.
pub async fn sweep(client: &Client, live: &Live, now: Timestamp) {
    for task in live.tasks.iter().filter(|task| label::is_question(task)) {
        let age = task
            .metadata
            .created_at
            .map(|created| now.duration_since(created));
        if age.is_some_and(|age| age > LEFT_BEHIND) && task.status.phase != Phase::Deleting {
            let _ = client.delete(&task.name).await;
        }
    }
}
