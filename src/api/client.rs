//! One method per call of the statements API.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::{Method, Url};
use serde_json::json;

use super::connection::{Connection, ConnectionError, append, is_segment};
use super::error::{ApiError, Detail};
use super::pool::Pools;
use super::rate::{Limits, Pace};
use super::transport::{Answer, Repeat, Request, Transport};
use super::wire::{LABEL_VALUE, Statement, StatementException, StatementExceptionList};

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
    /// Whether the labels tell the SQL, so that it is known again however the service has rewritten its text.
    pub labels_tell_sql: bool,
    /// The compute pool; the service has a default.
    pub compute_pool: Option<String>,
    /// Who it runs as; by default the owner of the API key.
    pub principal: Option<String>,
}

impl NewStatement {
    /// Whether a statement is what creating this one would have made. What the service may add is passed over.
    pub fn describes(&self, found: &Statement) -> bool {
        (self.labels_tell_sql || found.spec.statement == self.sql)
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
    pub(super) statements: Url,
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
