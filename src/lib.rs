//! Compiles declarative event routes to Flink SQL and deploys them.
//!
//! Data flows one way: *load* (`project`, `route`) → *check* (`check`, with `schema`) → *lower* (`ir`)
//! → *print* (`sql`) → *statements* (`statement`) → *plan* (`plan`) → *apply* (`apply`, with `api`).
//! Everything before `plan` is pure: no network, no clock, no environment.

pub mod api;
pub mod apply;
pub mod check;
pub mod cli;
pub mod clock;
pub mod diagnostic;
pub mod dialect;
pub mod diff;
pub mod emulator;
pub mod eval;
pub mod event;
pub mod files;
pub mod generated;
pub mod ir;
pub mod markdown;
pub mod operate;
mod parallel;
pub mod plan;
pub mod project;
pub mod published;
pub mod route;
pub mod sample;
pub mod schema;
pub mod source_text;
pub mod sql;
pub mod statement;
mod suggest;
pub mod testing;
pub mod trace;
pub mod workspace;
