//! Integration tests, one binary.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod api;
mod emulator;
