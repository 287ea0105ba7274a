//! `routectl schema`

mod paths;

use clap::{Args, Subcommand};

use super::ui::Ui;
use super::{Exit, Globals};
use crate::published;

/// Print the JSON Schema of a file format, or the paths that routes may name
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the JSON Schema of route files, for editors and other tools
    Route,
    /// Print the JSON Schema of test files, for editors and other tools
    Test,
    /// Print the JSON Schema of routectl.yaml, for editors and other tools
    Project,
    Paths(paths::PathsArgs),
}

pub(super) fn run(args: &SchemaArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let schema = match &args.what {
        What::Route => published::route(),
        What::Test => published::suite(),
        What::Project => published::project(),
        What::Paths(args) => return paths::run(args, globals, ui),
    };
    ui.print_json(&schema)?;
    Ok(Exit::Success)
}
