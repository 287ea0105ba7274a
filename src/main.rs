//! The `routectl` binary.

use std::process::ExitCode;

/// Compiling a fleet is mostly small texts that come and go, from several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(routectl::cli::run(std::env::args_os()).code())
}
