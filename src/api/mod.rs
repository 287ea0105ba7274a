//! Client of the Flink SQL statements API: wire types, connection, errors, the calls.
//!
//! [`wire`] says what statements look like in JSON, [`connection`] where the service is and who asks,
//! `transport` sends one request (retries, redirects, status codes to errors) at the pace of [`rate`], and [`client`] is
//! one method per call; [`list`] reads lists page by page, `results` has the rows that a statement answered with, [`pool`] the compute pools. To add a
//! call: its answer in `wire`, a method in `client`, and the same call in `crate::emulator`.
//!
//! There is no PATCH: it can do nothing that PUT cannot, is not open to every organization, and has no resource version to
//! guard it. A PUT writes `spec.stopped` alone, as statements are never changed otherwise.

pub mod client;
pub mod connection;
pub mod error;
pub mod list;
mod phase;
pub mod pool;
pub mod rate;
mod redirect;
mod results;
mod transport;
mod veil;
pub mod wire;

pub use client::{Client, Deleted, NewStatement};
pub use connection::{CaFile, Connection, ConnectionError, Credentials};
pub use error::{ApiError, Call};
pub use list::{ListFilter, Own};
pub use phase::Phase;
pub use pool::ComputePool;
pub use rate::Limits;
pub use results::Row;
pub use wire::{Statement, StatementException};
