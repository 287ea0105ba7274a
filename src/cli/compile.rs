//! `routectl compile`

use clap::Args;
use clap::builder::BoolishValueParser;

use super::session::{Compiled, Session};
use super::ui::{Ui, plural};
use super::{Exit, Globals, TargetFlag};
use crate::generated::{self, Change};

/// Compile the routes to generated-sql/<target>/
///
/// One file for each statement: the text that `apply` submits. Files of routes that are no more are removed.
/// Nothing is written if there is any error.
#[derive(Debug, Args)]
pub(super) struct CompileArgs {
    #[command(flatten)]
    target: TargetFlag,
    /// Write nothing; fail with a diff if the files are not what the routes say
    #[arg(long, env = "ROUTECTL_CHECK", value_parser = BoolishValueParser::new())]
    check: bool,
}

pub(super) fn run(args: &CompileArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let (session, findings) = Session::load(globals)?;
    let Some(compiled) = session.compile(&args.target.name, findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let Compiled {
        target,
        compilation,
        ..
    } = compiled;
    let root = &session.root;
    let directory = generated::directory(&target.name.value);
    let files = generated::files(&compilation);
    let changes = generated::compare(&root.join(&directory), &files)?;
    let unchanged = files.len() - changes.iter().filter(|change| !change.is_removal()).count();
    if args.check {
        for change in &changes {
            ui.print(&change.diff(&directory))?;
        }
        if changes.is_empty() {
            ui.say(&format!(
                "{directory}: {} up to date",
                plural(files.len(), "file")
            ))?;
            return Ok(Exit::Success);
        }
        let stale = plural(changes.len(), "file");
        ui.error(&format!(
            "{directory}: {stale} stale; run `routectl compile --target {}` and commit the result",
            args.target.name
        ))?;
        return Ok(Exit::Failure);
    }
    generated::write(&root.join(&directory), &changes)?;
    for change in &changes {
        let sign = match change {
            Change::Added { .. } => '+',
            Change::Changed { .. } => '~',
            Change::Removed { .. } => '-',
        };
        ui.say(&format!("{sign} {directory}/{}", change.path()))?;
    }
    ui.say(&format!(
        "{directory}: {} written or removed, {unchanged} unchanged",
        plural(changes.len(), "file")
    ))?;
    Ok(Exit::Success)
}
