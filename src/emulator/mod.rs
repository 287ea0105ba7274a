//! The statements API as a local server, for trying routectl out and for proving it.
//!
//! `state` is the pure state machine over statements (`record`) and tables; `request` and `listing` read
//! what clients send, `refusal` says no in the service's words; `journal` keeps the state on disk, `store` keeps
//! state, journal and clock in step; `server` is the HTTP face. What SQL means comes from a [`SqlReader`].
//! To add a call: its body in `request`, what it does in `state`, its route in `server`.

mod flink_sql;
mod journal;
mod listing;
mod record;
mod refusal;
mod request;
mod server;
mod sql;
mod state;
mod store;
#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use camino::Utf8PathBuf;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use flink_sql::FlinkSql;
pub use journal::JournalError;
pub use record::Timing;
pub use sql::{SqlEffect, SqlReader};

use crate::api::Credentials;
use crate::clock::Clock;

/// How an emulator is to behave.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file that keeps the state; without one it is lost at the end.
    pub journal: Option<Utf8PathBuf>,
    /// How long to wait for a journal that another process has.
    pub lock_patience: Duration,
    /// What clients must present; anybody may come in without.
    pub credentials: Option<Credentials>,
    /// How long things take.
    pub timing: Timing,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who reads SQL.
    pub sql: Arc<dyn SqlReader>,
}

impl Settings {
    /// An emulator in memory, open to anybody, at interactive speed.
    pub fn new(clock: Arc<dyn Clock>, sql: Arc<dyn SqlReader>) -> Self {
        Self {
            journal: None,
            lock_patience: Duration::from_secs(2),
            credentials: None,
            timing: Timing::default(),
            clock,
            sql,
        }
    }
}

/// The statements API with its state, not yet reachable.
#[derive(Debug)]
pub struct Emulator {
    router: Router,
}

impl Emulator {
    /// Opens the state.
    ///
    /// # Errors
    /// The journal is in use, is damaged, or cannot be read or written.
    pub fn open(settings: &Settings) -> Result<Self, JournalError> {
        let store = store::Store::open(settings)?;
        Ok(Self {
            router: server::router(store, settings.credentials.as_ref()),
        })
    }

    /// Answers requests until `shutdown` is done, and those under way then.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        axum::serve(listener, self.router)
            .with_graceful_shutdown(shutdown)
            .await
    }

    /// Answers requests in the background of the current runtime.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn spawn(self, listener: TcpListener) -> io::Result<Running> {
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(self.serve(listener, async {
            // Dropping the sender is the signal.
            let _ = stopped.await;
        }));
        Ok(Running {
            address,
            stop,
            task,
        })
    }
}

/// An emulator at work in the background; it ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL for clients.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it and waits until its journal is closed.
    ///
    /// # Errors
    /// The server failed.
    pub async fn stop(self) -> io::Result<()> {
        drop(self.stop);
        self.task.await.map_err(io::Error::other)?
    }
}
