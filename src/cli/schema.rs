//! `routectl schema`

use clap::{Args, Subcommand};

use super::Exit;
use super::ui::Ui;
use crate::published;

/// Print the JSON Schema of a file format, for editors and other tools
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Format {
    /// The format of route files
    Route,
    /// The format of routectl.yaml
    Project,
}

pub(super) fn run(args: &SchemaArgs, ui: &mut Ui) -> anyhow::Result<Exit> {
    let schema = match args.format {
        Format::Route => published::route(),
        Format::Project => published::project(),
    };
    ui.print_json(&schema)?;
    Ok(Exit::Success)
}
