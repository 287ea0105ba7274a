//! Deleting statements by hand: which may go, what is lost with them, and the deletion itself.

use futures_util::StreamExt as _;
use futures_util::stream;

use crate::api::{ApiError, Client, Phase, Statement, StatementException};
use crate::apply::watch::until_gone;
use crate::apply::{Problem, Progress, Waiting, confirm, remove};
use crate::plan::live::is_over;
use crate::statement::{StatementName, label};

use super::exceptions::latest;
use super::inventory::{Inventory, Scope, reference};
use super::tie::Tie;

/// How many statements are asked about or deleted side by side.
const PARALLELISM: usize = 10;

/// Which statements to clean up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that failed.
    Failed,
    /// Those that failed or completed.
    Over,
}

/// A statement that may go, with what goes with it.
#[derive(Debug)]
pub struct Candidate {
    /// The statement, as it was seen by name.
    pub statement: Statement,
    /// Its exceptions, newest first.
    pub exceptions: Vec<StatementException>,
}

/// A statement that stays, and why.
#[derive(Debug)]
pub struct Kept {
    /// The statement.
    pub name: String,
    /// Why.
    pub why: String,
    /// Whether that is as it should be; otherwise something went wrong.
    pub is_by_rule: bool,
}

/// What came of a deletion.
#[derive(Debug)]
pub struct Removed {
    /// The statement.
    pub name: String,
    /// What came of it; nothing where it was not begun, as the user wanted to stop.
    pub result: Option<Result<(), Problem>>,
}

impl Which {
    /// Whether a statement is one of them.
    pub fn includes(self, statement: &Statement) -> bool {
        let phase = &statement.status.phase;
        match self {
            Self::Failed => *phase == Phase::Failed,
            Self::Over => is_over(phase),
        }
    }
}

impl Inventory {
    /// What is to be cleaned up as far as the listing says, by name; each with the reason why it stays, if any.
    pub fn over(&self, which: Which, scope: Scope) -> Vec<(&Statement, Option<Tie>)> {
        let foreign = self.foreign.iter().filter(|_| scope == Scope::Everyone);
        let all = self.own().chain(foreign);
        let over = all.filter(|one| which.includes(one));
        let mut over: Vec<_> = over.map(|one| (one, self.tie(one))).collect();
        over.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        over
    }
}

/// Looks at each statement of [`Inventory::over`] by name and reads its exceptions: they go with it. What cannot be read
/// stays.
///
/// # Errors
/// The credentials are refused: that is no matter of one statement.
pub async fn examine(
    client: &Client,
    over: &[(&Statement, Option<Tie>)],
    which: Which,
) -> Result<(Vec<Candidate>, Vec<Kept>), ApiError> {
    let (mut candidates, mut kept) = (Vec::new(), Vec::new());
    let looks = over.iter().map(|(statement, tie)| async move {
        let name = &statement.name;
        match tie {
            Some(tie) => Ok(Err(Kept::by_rule(name, tie.to_string()))),
            None => examine_one(client, statement, which).await,
        }
    });
    let mut looks = stream::iter(looks).buffered(PARALLELISM);
    while let Some(look) = looks.next().await {
        match look {
            Ok(Ok(candidate)) => candidates.extend(candidate),
            Ok(Err(one)) => kept.push(one),
            Err(error) => return Err(error),
        }
    }
    Ok((candidates, kept))
}

async fn examine_one(
    client: &Client,
    listed: &Statement,
    which: Which,
) -> Result<Result<Option<Candidate>, Kept>, ApiError> {
    let name = &listed.name;
    let unreadable = |error: ApiError| match error {
        ApiError::Unauthorized { .. } => Err(error),
        error => Ok(Err(Kept {
            name: name.clone(),
            why: format!("what went wrong in it cannot be read: {error}"),
            is_by_rule: false,
        })),
    };
    let statement = match client.get(name).await {
        Ok(Some(statement)) => statement,
        // The list lags behind.
        Ok(None) => return Ok(Ok(None)),
        Err(error) => return unreadable(error),
    };
    if !which.includes(&statement) || statement.metadata.uid != listed.metadata.uid {
        let why = format!("it is {} by now", statement.status.phase);
        return Ok(Err(Kept::by_rule(name, why)));
    }
    Ok(match latest(client, name).await {
        Ok(Some(exceptions)) => Ok(Some(Candidate {
            statement,
            exceptions,
        })),
        Ok(None) => Ok(None),
        Err(error) => return unreadable(error),
    })
}

impl Kept {
    fn by_rule(name: &str, why: String) -> Self {
        Self {
            name: name.to_owned(),
            why,
            is_by_rule: true,
        }
    }
}

/// Deletes statements side by side and waits until they are gone. One failure does not end the others.
pub async fn delete_all(
    client: &Client,
    inventory: &Inventory,
    statements: &[Statement],
    waiting: &Waiting,
    progress: &dyn Progress,
) -> Vec<Removed> {
    progress.begin(statements.len());
    let work = statements.iter().map(|statement| async move {
        let name = statement.name.clone();
        let result = if waiting.interrupt.is_set() {
            None
        } else {
            progress.step(&name, "deleting the statement");
            Some(delete(client, inventory, statement, waiting).await)
        };
        progress.end();
        Removed { name, result }
    });
    stream::iter(work).buffered(PARALLELISM).collect().await
}

/// Deletes a statement that is still as it was shown, and waits until its name is free.
///
/// # Errors
/// It is not as it was shown any more, somebody goes on from it by now, or the deletion fails or takes too long.
pub async fn delete(
    client: &Client,
    inventory: &Inventory,
    shown: &Statement,
    waiting: &Waiting,
) -> Result<(), Problem> {
    let name = &shown.name;
    let Some(now) = confirm(client, shown).await? else {
        return Ok(());
    };
    let phase = &now.status.phase;
    if *phase == Phase::Deleting {
        return until_gone(client, name, waiting).await;
    }
    if *phase != shown.status.phase {
        return Err(Problem::Failed(format!(
            "`{name}` is {phase} by now; run the command again"
        )));
    }
    if let Some(heir) = new_heir(client, inventory, shown).await? {
        return Err(Problem::Failed(format!(
            "`{heir}` goes on from its position by now; run the command again"
        )));
    }
    remove(client, name, waiting).await
}

/// The next generation, where it was created after the listing: it may go on from this one.
async fn new_heir(
    client: &Client,
    inventory: &Inventory,
    shown: &Statement,
) -> Result<Option<String>, Problem> {
    let is_ours = label::belonging(shown).is_some();
    let name = StatementName::parse(&shown.name).filter(|_| is_ours);
    let Some(next) = name.map(|name| name.next()) else {
        return Ok(None);
    };
    if inventory.all().any(|one| one.name == next.as_str()) {
        return Ok(None);
    }
    let found = client.get(next.as_str()).await;
    let found = found.map_err(|error| Problem::Failed(error.to_string()))?;
    let goes_on = found.filter(|found| reference(found) == Some(&shown.name));
    Ok(goes_on.map(|found| found.name))
}
