//! Client of the Flink SQL statements API: wire types, connection, errors, the calls.
//!
//! [`wire`] says what statements look like in JSON, [`connection`] where the service is and who asks,
//! `transport` sends one request (retries, redirects, status codes to errors) and [`client`] is one method per
//! call. To add a call: its answer in `wire`, a method in `client`, and the same call in `crate::emulator`.

pub mod client;
pub mod connection;
pub mod error;
mod phase;
mod redirect;
mod transport;
mod veil;
pub mod wire;

pub use client::{Client, Deleted, ListFilter, NewStatement};
pub use connection::{Connection, ConnectionError, Credentials};
pub use error::{ApiError, Call};
pub use phase::Phase;
pub use wire::{Statement, StatementException};
