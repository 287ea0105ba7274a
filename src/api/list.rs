//! The calls that list statements, page by page.

use std::collections::HashSet;

use indexmap::IndexMap;
use reqwest::Url;

use super::client::Client;
use super::error::ApiError;
use super::transport::Answer;
use super::wire::{LABEL_VALUE, Statement, StatementList};

/// The largest page that the service gives.
const PAGE_SIZE: &str = "100";

/// Where a list may end without saying that there is more: the vendor's `OpenAPI` document has an `x-max-page-items` of 500
/// that it does not explain.
const CUT_OFF: usize = 500;

/// Which statements to list; the default is all that the credentials may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// Full keys of labels, all of which must be set.
    pub labels: Vec<String>,
    /// The compute pool.
    pub compute_pool: Option<String>,
}

/// Whose statements to list, and how to list them in parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// Full keys of the labels that all of them have.
    pub labels: Vec<String>,
    /// Full keys of labels of which each of them has one.
    pub parts: Vec<String>,
}

/// Several lists as one, each statement once.
fn united(lists: impl IntoIterator<Item = Vec<Statement>>) -> Vec<Statement> {
    let every = lists.into_iter().flatten();
    let every: IndexMap<_, _> = every.map(|one| (one.name.clone(), one)).collect();
    every.into_values().collect()
}

impl Client {
    /// All statements that match, every page of them, each once. The service's list lags behind its
    /// statements by seconds: decide on [`Client::get`].
    ///
    /// # Errors
    /// Any [`ApiError`]; a part of the list is never taken for the whole.
    pub async fn list(&self, filter: &ListFilter) -> Result<Vec<Statement>, ApiError> {
        let first = self.list_url(filter);
        let mut found = IndexMap::new();
        let mut tokens = HashSet::new();
        let mut token: Option<String> = None;
        loop {
            let mut url = first.clone();
            if let Some(token) = &token {
                url.query_pairs_mut().append_pair("page_token", token);
            }
            let answer = self.read(url).await?;
            let page: StatementList = answer.json()?;
            found.extend(
                page.data
                    .into_iter()
                    .map(|statement| (statement.name.clone(), statement)),
            );
            token = next_token(&answer, page.metadata.next.as_deref())?;
            match &token {
                None => return Ok(found.into_values().collect()),
                Some(token) if !tokens.insert(token.clone()) => {
                    return Err(answer.unreadable("the pages of the list go round in a circle"));
                }
                Some(_) => {}
            }
        }
    }

    /// All statements that the credentials may see, in one pass. Those of an owner are among them even where the
    /// list may have been cut off: then these are asked for by themselves.
    ///
    /// # Errors
    /// As for [`Client::list_own`].
    pub async fn list_all(&self, own: &Own) -> Result<Vec<Statement>, ApiError> {
        let all = self.list(&ListFilter::default()).await?;
        if all.len() != CUT_OFF {
            return Ok(all);
        }
        Ok(united([all, self.list_own(own).await?]))
    }

    /// All statements of an owner; in parts where one list of them may have been cut off.
    ///
    /// # Errors
    /// As for [`Client::list`], and where the list of a part may have been cut off too.
    pub async fn list_own(&self, own: &Own) -> Result<Vec<Statement>, ApiError> {
        let mut filter = ListFilter {
            labels: own.labels.clone(),
            compute_pool: None,
        };
        let whole = self.list(&filter).await?;
        if whole.len() != CUT_OFF {
            return Ok(whole);
        }
        let mut lists = vec![whole];
        for part in &own.parts {
            filter.labels = own.labels.iter().chain([part]).cloned().collect();
            let list = self.list(&filter).await?;
            if list.len() == CUT_OFF {
                return Err(ApiError::TooMany {
                    label: part.clone(),
                    count: CUT_OFF,
                });
            }
            lists.push(list);
        }
        Ok(united(lists))
    }

    fn list_url(&self, filter: &ListFilter) -> Url {
        let mut url = self.statements.clone();
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("page_size", PAGE_SIZE);
            if let Some(pool) = &filter.compute_pool {
                query.append_pair("spec.compute_pool_id", pool);
            }
            if !filter.labels.is_empty() {
                let terms: Vec<_> = filter
                    .labels
                    .iter()
                    .map(|key| format!("{key}={LABEL_VALUE}"))
                    .collect();
                query.append_pair("label_selector", &terms.join(","));
            }
        }
        url
    }
}

/// The token in the URL of the next page. Only the token is taken: the URL's host need not be the one that
/// this client talks to.
pub(super) fn next_token(answer: &Answer, next: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(next) = next.filter(|next| !next.is_empty()) else {
        return Ok(None);
    };
    let token = Url::parse(next).ok().and_then(|url| {
        url.query_pairs()
            .find(|(key, _)| key == "page_token")
            .map(|(_, token)| token.into_owned())
    });
    token
        .filter(|token| !token.is_empty())
        .map(Some)
        .ok_or_else(|| answer.unreadable("the next page has no token"))
}
