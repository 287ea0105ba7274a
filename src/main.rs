//! The `routectl` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(routectl::cli::run(std::env::args_os()).code())
}
