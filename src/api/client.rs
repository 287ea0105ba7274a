//! One method per call of the statements API.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use indexmap::IndexMap;
use reqwest::{Method, Url};
use serde_json::json;

use super::connection::{Connection, ConnectionError, append, is_segment};
use super::error::{ApiError, Detail};
use super::pool::Pools;
use super::rate::{Limits, Pace};
use super::transport::{Answer, Repeat, Request, Transport};
use super::wire::{
    LABEL_VALUE, Statement, StatementException, StatementExceptionList, StatementList,
};

/// The largest page that the service gives.
const PAGE_SIZE: &str = "100";

/// Which statements to list; the default is all that the credentials may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// Full keys of labels, all of which must be set.
    pub labels: Vec<String>,
    /// The compute pool.
    pub compute_pool: Option<String>,
}

/// A statement to be created.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewStatement {
    /// Its name.
    pub name: String,
    /// Its SQL, one statement.
    pub sql: String,
    /// Session properties.
    pub properties: BTreeMap<String, String>,
    /// Full keys of the labels to set.
    pub labels: Vec<String>,
    /// The compute pool; the service has a default.
    pub compute_pool: Option<String>,
    /// Who it runs as; by default the owner of the API key.
    pub principal: Option<String>,
}

impl NewStatement {
    /// Whether a statement is what creating this one would have made. What the service may add is passed over.
    pub fn describes(&self, found: &Statement) -> bool {
        found.spec.statement == self.sql
            && self
                .properties
                .iter()
                .all(|(key, value)| found.spec.properties.get(key) == Some(value))
            && self.labels.iter().all(|label| found.has_label(label))
    }
}

/// What became of a request to delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// The deletion is under way; the name stays taken until [`Client::get`] finds nothing.
    Accepted,
    /// There was nothing to delete.
    Absent,
}

/// A client of the statements API in one environment.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Transport,
    statements: Url,
    organization: String,
    pub(super) environment: String,
    pub(super) pools: Option<Pools>,
}

impl Client {
    /// A client for the connection. Nothing is sent yet.
    ///
    /// # Errors
    /// The connection cannot be used, whatever the service may say.
    pub fn new(connection: Connection) -> Result<Self, ConnectionError> {
        Ok(Self {
            transport: Transport::new(&connection)?,
            statements: connection.statements_url()?,
            organization: connection.organization,
            environment: connection.environment,
            pools: None,
        })
    }

    /// Sets the pause before the first repetition of a failed request (300 ms unless set). It doubles from one to
    /// the next, with jitter.
    #[must_use]
    pub fn with_first_pause(mut self, pause: Duration) -> Self {
        self.transport.first_pause = pause;
        self
    }

    /// Sets the limits that the client keeps to. Unless set they are the documented ones, and none for a server on this
    /// machine.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.transport.pace = Some(Pace::new(limits));
        self
    }

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

    /// The statement of this name, if there is one.
    ///
    /// # Errors
    /// Any [`ApiError`] but `NotFound`.
    pub async fn get(&self, name: &str) -> Result<Option<Statement>, ApiError> {
        let answer = match self.read(self.statement_url(name)?).await {
            Err(ApiError::NotFound { .. }) => return Ok(None),
            answer => answer?,
        };
        let statement: Statement = answer.json()?;
        if statement.name != name {
            return Err(answer.unreadable(format!("it is about `{}`", statement.name)));
        }
        Ok(Some(statement))
    }

    /// Creates a statement. It is not sent twice: when the outcome of sending it is unclear, a statement of that
    /// name, with this SQL, these properties and these labels, counts as created.
    ///
    /// # Errors
    /// `Conflict` if the name is taken; else any [`ApiError`]. After one whose outcome is unclear (see its
    /// documentation) the statement may still appear: repeat it under the same name only.
    pub async fn create(&self, new: &NewStatement) -> Result<Statement, ApiError> {
        let request = Request {
            method: Method::POST,
            url: self.statements.clone(),
            body: Some(self.body_of(new)),
            repeat: Repeat::IfNotCarriedOut,
        };
        let created = match self.transport.send(&request).await {
            Ok(answer) => answer.json(),
            Err(error) => Err(error),
        };
        match created {
            Err(error) if error.is_ambiguous() => match self.get(&new.name).await {
                Ok(Some(found)) if new.describes(&found) => Ok(found),
                Ok(Some(_)) => Err(ApiError::Conflict {
                    call: request.call(),
                    detail: Detail::from_text("the name belongs to another statement"),
                }),
                Ok(None) | Err(_) => Err(error),
            },
            created => created,
        }
    }

    /// Asks the service to stop a statement or to let it go on. The change is under way when this returns.
    ///
    /// # Errors
    /// `Conflict` if the statement is not the one just read any more: look again and decide anew. Else any
    /// [`ApiError`].
    pub async fn set_stopped(&self, read: &Statement, stopped: bool) -> Result<(), ApiError> {
        let mut statement = read.clone();
        statement.spec.stopped = stopped;
        let request = Request {
            method: Method::PUT,
            url: self.statement_url(&read.name)?,
            body: Some(json!(statement).to_string().into_bytes()),
            repeat: Repeat::IfNotCarriedOut,
        };
        if read
            .metadata
            .resource_version
            .as_deref()
            .unwrap_or_default()
            .is_empty()
        {
            return Err(ApiError::Unreadable {
                call: request.call(),
                reason:
                    "the statement was read without a resource version, which guards the change"
                        .to_owned(),
            });
        }
        self.transport.send(&request).await.map(drop)
    }

    /// Asks the service to delete a statement; its position is lost with it.
    ///
    /// # Errors
    /// Any [`ApiError`] but `NotFound`.
    pub async fn delete(&self, name: &str) -> Result<Deleted, ApiError> {
        let request = Request {
            method: Method::DELETE,
            url: self.statement_url(name)?,
            body: None,
            repeat: Repeat::Freely,
        };
        match self.transport.send(&request).await {
            Ok(_) => Ok(Deleted::Accepted),
            Err(ApiError::NotFound { .. }) => Ok(Deleted::Absent),
            Err(error) => Err(error),
        }
    }

    /// The latest exceptions of a statement, newest first, at most 10.
    ///
    /// # Errors
    /// `NotFound` if there is no such statement; else any [`ApiError`].
    pub async fn exceptions(&self, name: &str) -> Result<Vec<StatementException>, ApiError> {
        let mut url = self.statement_url(name)?;
        append(&mut url, &["exceptions"]);
        let list: StatementExceptionList = self.read(url).await?.json()?;
        Ok(list.data)
    }

    /// Waits for a moment.
    pub(super) async fn pause(&self) {
        tokio::time::sleep(self.transport.first_pause).await;
    }

    pub(super) async fn read(&self, url: Url) -> Result<Answer, ApiError> {
        let request = Request {
            method: Method::GET,
            url,
            body: None,
            repeat: Repeat::Freely,
        };
        self.transport.send(&request).await
    }

    pub(super) fn statement_url(&self, name: &str) -> Result<Url, ApiError> {
        if !is_segment(name) {
            return Err(ApiError::UnusableName {
                name: name.to_owned(),
            });
        }
        let mut url = self.statements.clone();
        append(&mut url, &[name]);
        Ok(url)
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

    fn body_of(&self, new: &NewStatement) -> Vec<u8> {
        let labels: BTreeMap<_, _> = new.labels.iter().map(|key| (key, LABEL_VALUE)).collect();
        let mut body = json!({
            "name": new.name,
            "organization_id": self.organization,
            "environment_id": self.environment,
            "metadata": {"labels": labels},
            "spec": {"statement": new.sql, "properties": new.properties, "stopped": false},
        });
        if let Some(pool) = &new.compute_pool {
            body["spec"]["compute_pool_id"] = json!(pool);
        }
        if let Some(principal) = &new.principal {
            body["spec"]["principal"] = json!(principal);
        }
        body.to_string().into_bytes()
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
