//! Tests of routes: events, and where they are to go.
//!
//! [`syntax`] says what a test is, [`decode`] reads it from `*.test.yaml` files and from the `tests` of a route,
//! [`mod@prepare`] resolves its names and builds its rows, [`mod@run`] runs it; [`human`], [`json`] and [`junit`] print what
//! came out, [`coverage`] what no test has tried.

pub mod coverage;
pub mod decode;
mod events;
pub mod human;
mod inline;
pub mod json;
pub mod junit;
mod misspelt;
pub mod prepare;
pub mod run;
pub mod syntax;

pub use prepare::{Prepared, prepare};
pub use run::{Failure, Outcome, run};
pub use syntax::{Case, EventInput, ExpectedTopic, Input, Scope, Suite};
