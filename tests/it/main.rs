//! Integration tests, one binary.
#![allow(clippy::unwrap_used, reason = "what prepares a test may fail it")]

mod api;
mod diagnostics;
mod emulator;
