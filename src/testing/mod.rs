//! Tests of routes: events, and where they are to go.
//!
//! [`syntax`] says what a test is, [`decode`] reads it from `*.test.yaml` files and from the `tests` of a
//! route.

pub mod decode;
mod inline;
pub mod syntax;

pub use syntax::{Case, EventInput, ExpectedTopic, Input, Scope, Suite};
