//! Integration tests, one binary.

mod api;
mod emulator;
