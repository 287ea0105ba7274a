//! `routectl delete-failed`

use clap::Args;

use super::cleanup::{self, Cleaning};
use super::ui::Ui;
use super::{ChangeFlags, Exit, Globals, OutputFlag, ServiceFlags};
use crate::operate::Scope;
use crate::operate::removal::Which;

/// Delete the project's statements that failed
///
/// Shows the exceptions of each first, as they go with it, and asks. One stays whose position is needed: a live
/// statement or a route of the project goes on from it. `apply --recover` gets such a route going, `delete NAME --force`
/// deletes it all the same. Topics stay.
#[derive(Debug, Args)]
pub(super) struct DeleteFailedArgs {
    #[command(flatten)]
    service: ServiceFlags,
    #[command(flatten)]
    change: ChangeFlags,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn run(
    args: &DeleteFailedArgs,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let cleaning = Cleaning {
        service: &args.service,
        change: &args.change,
        output: args.output.format,
        which: Which::Failed,
        scope: Scope::Own,
    };
    cleanup::clean(&cleaning, globals, ui).await
}
