//! Compute pools: how much of one is in use. They have an API of their own, at another host and with another key.
//!
//! Confluent Cloud APIs, "Compute Pools (fcpm/v2)".

use reqwest::{Method, Url};
use serde::Deserialize;

use super::client::Client;
use super::connection::{Connection, ConnectionError, append};
use super::error::ApiError;
use super::transport::{Repeat, Request, Transport};

/// Where Confluent Cloud answers for compute pools.
pub const CLOUD: &str = "https://api.confluent.cloud";

/// A compute pool, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComputePool {
    /// Its id (`lfcp-...`).
    pub id: String,
    /// CFUs in use.
    pub current_cfu: u32,
    /// CFUs that it may use.
    pub max_cfu: u32,
}

/// The API of compute pools.
#[derive(Debug, Clone)]
pub(super) struct Pools {
    transport: Transport,
    pools: Url,
}

#[derive(Debug, Deserialize)]
struct Answer {
    id: String,
    spec: Spec,
    status: Status,
}

#[derive(Debug, Deserialize)]
struct Spec {
    max_cfu: u32,
}

#[derive(Debug, Deserialize)]
struct Status {
    current_cfu: u32,
}

impl Pools {
    /// The pools behind a connection, whose base URL is that of [`CLOUD`] or of an emulator.
    pub(super) fn new(connection: &Connection) -> Result<Self, ConnectionError> {
        let mut pools = connection.endpoint()?;
        append(&mut pools, &["fcpm", "v2", "compute-pools"]);
        let transport = Transport::new(connection)?;
        Ok(Self { transport, pools })
    }
}

impl Client {
    /// Lets the client ask about compute pools: with a connection to [`CLOUD`] and a Cloud API key, or to an emulator.
    ///
    /// # Errors
    /// The connection cannot be used, whatever the service may say.
    pub fn with_pools(mut self, connection: &Connection) -> Result<Self, ConnectionError> {
        self.pools = Some(Pools::new(connection)?);
        Ok(self)
    }

    /// A compute pool of the environment; `None` where the client was not told how to ask.
    ///
    /// # Errors
    /// Any [`ApiError`]; for a pool that is not there `NotFound` or `Forbidden`.
    pub async fn compute_pool(&self, id: &str) -> Result<Option<ComputePool>, ApiError> {
        let Some(api) = &self.pools else {
            return Ok(None);
        };
        let mut url = api.pools.clone();
        append(&mut url, &[id]);
        url.query_pairs_mut()
            .append_pair("environment", &self.environment);
        let request = Request {
            method: Method::GET,
            url,
            body: None,
            repeat: Repeat::Freely,
        };
        let answer = api.transport.send(&request).await?;
        let pool: Answer = answer.json()?;
        if pool.id != id {
            return Err(answer.unreadable(format!("it is about `{}`", pool.id)));
        }
        Ok(Some(ComputePool {
            id: pool.id,
            current_cfu: pool.status.current_cfu,
            max_cfu: pool.spec.max_cfu,
        }))
    }
}
