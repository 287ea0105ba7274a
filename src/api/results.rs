//! The rows that a statement answered with.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;

use super::client::Client;
use super::connection::append;
use super::error::ApiError;
use super::list::next_token;
use super::transport::Answer;
use super::wire::ListMetadata;

/// A row; numbers and truth values are texts, too.
pub type Row = Vec<Value>;

/// How many pages without a row may come one after another: a statement that has ended has no reason for many.
const MOST_EMPTY_PAGES: usize = 20;

#[derive(Debug, Deserialize)]
struct Page {
    metadata: ListMetadata,
    results: PageResults,
}

#[derive(Debug, Deserialize)]
struct PageResults {
    data: Vec<Change>,
}

/// A row that comes or goes.
#[derive(Debug, Deserialize)]
struct Change {
    /// 0 for one that comes.
    #[serde(default)]
    op: u8,
    row: Row,
}

impl Client {
    /// All rows of a statement that has COMPLETED, page by page.
    ///
    /// # Errors
    /// `NotFound` if there is no such statement; `Unreadable` where rows are withdrawn, as only statements do that run on;
    /// else any [`ApiError`]. A part of the rows is never taken for the whole.
    pub async fn results(&self, name: &str) -> Result<Vec<Row>, ApiError> {
        let mut first = self.statement_url(name)?;
        append(&mut first, &["results"]);
        let (mut rows, mut tokens, mut empty) = (Vec::new(), HashSet::new(), 0);
        let mut token: Option<String> = None;
        loop {
            let mut url = first.clone();
            if let Some(token) = &token {
                url.query_pairs_mut().append_pair("page_token", token);
            }
            let answer = self.read(url).await?;
            let page: Page = answer.json()?;
            empty = if page.results.data.is_empty() {
                empty + 1
            } else {
                0
            };
            for change in page.results.data {
                rows.push(coming(change, &answer)?);
            }
            token = next_token(&answer, page.metadata.next.as_deref())?;
            match &token {
                None => return Ok(rows),
                // An empty page may stand for itself: there is nothing yet.
                Some(token) if !tokens.insert(token.clone()) && empty == 0 => {
                    return Err(answer.unreadable("the pages of the rows go round in a circle"));
                }
                Some(_) if empty > MOST_EMPTY_PAGES => {
                    return Err(
                        answer.unreadable("page after page has no row and names a next one")
                    );
                }
                Some(_) if empty > 0 => self.pause().await,
                Some(_) => {}
            }
        }
    }
}

fn coming(change: Change, answer: &Answer) -> Result<Row, ApiError> {
    match change.op {
        0 => Ok(change.row),
        _ => Err(answer.unreadable("rows are withdrawn again, as of a statement that runs on")),
    }
}
