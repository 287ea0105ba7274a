//! `routectl explain CODE`

use anyhow::bail;
use clap::Args;

use super::Exit;
use super::ui::Ui;
use crate::diagnostic::{Code, did_you_mean};

/// Explain a diagnostic; without a code, list them all
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The code, as it stands in brackets behind `error` or `warning`
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(args: &ExplainArgs, ui: &mut Ui) -> anyhow::Result<Exit> {
    let Some(name) = &args.code else {
        for code in Code::ALL {
            let (name, severity) = (code.name(), code.severity().name());
            ui.print(&format!("{name:<24} {severity:<8} {}\n", code.title()))?;
        }
        return Ok(Exit::Success);
    };
    let Some(code) = Code::by_name(name) else {
        let names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        let hint = did_you_mean(name, &names).unwrap_or_default();
        bail!("there is no diagnostic `{name}`; {hint}; `routectl explain` lists them all");
    };
    ui.print(&format!(
        "{code}: {}\n\n{}\n",
        code.title(),
        code.explanation()
    ))?;
    Ok(Exit::Success)
}
