//! The statements API as a local server, for trying routectl out and for proving it.
//!
//! | module | concept |
//! | --- | --- |
//! | `settings`, `behaviour`, `account` | what whoever starts one may choose |
//! | `state` | the pure state machine over statements (`record`), tables (`catalog`) and topics (`topic`) |
//! | `ledger` | who read what: gaps and overlaps as facts |
//! | `fault` | what goes wrong, by rule |
//! | `gate` | calls that a rule holds up |
//! | `sql`, `flink_sql` | what SQL does |
//! | `request`, `listing`, `refusal`, `present`, `results`, `views` | what clients send and get |
//! | `journal`, `store` | the state on disk, in step with the clock |
//! | `server` | the HTTP face, thin |
//! | `pairs` | rules and switches as text |
//! | `inspector`, `witness` | views from behind |
//!
//! To add a call: its body in `request`, what it does in `state`, its route in `server`. What the vendor's documents
//! leave open is a switch in `behaviour`.

mod account;
mod behaviour;
mod catalog;
mod fault;
mod flink_sql;
mod gate;
mod inspector;
mod journal;
mod ledger;
mod listing;
mod pairs;
mod present;
mod qualified;
mod record;
mod refusal;
mod request;
mod results;
mod server;
mod settings;
mod sql;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod topic;
mod views;
mod witness;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use account::{Access, Account};
pub use behaviour::{Behaviour, FailedReference, MissingReference, OffsetsBeforeRunning};
pub use catalog::NewTable;
pub use fault::{Fault, Rule};
pub use flink_sql::FlinkSql;
pub use inspector::Inspector;
pub use journal::JournalError;
pub use ledger::{Fact, FactKind, Ledger, Run};
pub use pairs::PairsError;
pub use settings::{Pool, Settings, Timing};
pub use sql::{Flow, Question, Source, SqlEffect, SqlReader};
pub use topic::Growth;
pub use views::{ViewExpr, ViewQuery};
pub use witness::{Exchange, Witness};

use self::server::{Knife, Listener};

/// The statements API with its state, not yet reachable.
#[derive(Debug)]
pub struct Emulator {
    router: Router,
    inspector: Inspector,
}

impl Emulator {
    /// Opens the state.
    ///
    /// # Errors
    /// The journal is in use, is damaged, or cannot be read or written.
    pub fn open(settings: &Settings) -> Result<Self, JournalError> {
        let store = Arc::new(store::Store::open(settings)?);
        Ok(Self {
            router: server::router(Arc::clone(&store), settings),
            inspector: Inspector(store),
        })
    }

    /// A view from behind.
    pub fn inspector(&self) -> Inspector {
        self.inspector.clone()
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
        let service = self.router.into_make_service_with_connect_info::<Knife>();
        axum::serve(Listener(listener), service)
            .with_graceful_shutdown(shutdown)
            .await
    }

    /// Answers requests in the background of the current runtime.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn spawn(self, listener: TcpListener) -> io::Result<Running> {
        let address = listener.local_addr()?;
        let inspector = self.inspector();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(self.serve(listener, async {
            // Dropping the sender is the signal.
            let _ = stopped.await;
        }));
        Ok(Running {
            address,
            inspector,
            stop,
            task,
        })
    }
}

/// An emulator at work in the background; it ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    inspector: Inspector,
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

    /// A view from behind.
    pub fn inspector(&self) -> &Inspector {
        &self.inspector
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
