//! `routectl diff`

use anyhow::{anyhow, bail};
use clap::Args;
use clap::builder::BoolishValueParser;

use super::service::Service;
use super::session::Session;
use super::ui::Ui;
use super::{Exit, Globals, Report, ReportFlag, ServiceFlags};
use crate::diagnostic::did_you_mean;
use crate::diff::{Comparer, Comparison, RouteDiff, against, human, json, markdown};

/// Show how the SQL of routes differs from what runs, and what that means
///
/// Compiles the routes and compares each with its live statement: whether fewer events pass, or more, whether they go
/// elsewhere, whether comments alone differ. With `--against` it compares with what another target should run, and asks no
/// service. Changes nothing, and never cuts its output.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// Routes to compare; all of them by default. A statement that no route stands for goes by its own name
    #[arg(value_name = "ROUTE")]
    routes: Vec<String>,
    #[command(flatten)]
    service: ServiceFlags,
    /// Compare with what this target should run
    #[arg(long, value_name = "TARGET", env = "ROUTECTL_AGAINST")]
    against: Option<String>,
    /// Exit with 2 if anything differs
    #[arg(long, env = "ROUTECTL_DETAILED_EXITCODE", value_parser = BoolishValueParser::new())]
    detailed_exitcode: bool,
    #[command(flatten)]
    output: ReportFlag,
}

pub(super) async fn run(args: &DiffArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let comparison = match &args.against {
        Some(base) => targets(args, base, globals, ui)?,
        None => live(args, globals, ui).await?,
    };
    let Some(comparison) = comparison else {
        return Ok(Exit::Failure);
    };
    let summary = comparison.summary();
    match args.output.format {
        Report::Human => ui.print(&format!("{}{summary}\n", human::render(&comparison)))?,
        Report::Json => {
            ui.print_json(&json::document(&comparison))?;
            ui.say(&summary.to_string())?;
        }
        Report::Markdown => ui.print(&markdown::render(&comparison))?,
    }
    Ok(if !comparison.is_readable() {
        Exit::Failure
    } else if args.detailed_exitcode && comparison.has_differences() {
        Exit::Changes
    } else {
        Exit::Success
    })
}

async fn live(
    args: &DiffArgs,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Option<Comparison>> {
    let (session, findings) = Session::load(globals)?;
    let Some(compiled) = session.compile(&args.service.target.name, findings, ui)? else {
        return Ok(None);
    };
    let timeout = args.service.request.timeout;
    let service = Service::connect(compiled.target, &session.root, &session.files, timeout).await?;
    let desired = service.desired(compiled);
    let live = service.live(&desired.project, &desired.target).await?;
    service.close().await?;
    let routes = desired.routes.values();
    let routes = routes.flat_map(|route| [route.identity.route.as_str(), &route.title]);
    let comparison = Comparer::new(&desired)?.all(&live);
    selected(comparison, &args.routes, routes).map(Some)
}

fn targets(
    args: &DiffArgs,
    base: &str,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Option<Comparison>> {
    let target = args.service.target.name.as_str();
    if base == target {
        bail!("`--against` names the target itself; name another one");
    }
    let (session, findings) = Session::load(globals)?;
    let Some(both) = session.compile_both([target, base], findings, ui)? else {
        return Ok(None);
    };
    let routes = both.iter().flat_map(|one| &one.compilation.inserts);
    let routes = routes.flat_map(|one| [one.route.name.value.as_str(), &one.title]);
    let [side, base] = both.each_ref().map(|one| against::Side {
        target: one.target,
        compilation: &one.compilation,
    });
    let comparison = against::compare(base, side)?;
    selected(comparison, &args.routes, routes).map(Some)
}

/// What is said of the routes that the user names. Names that nothing has would look like no difference.
fn selected<'n>(
    mut comparison: Comparison,
    names: &[String],
    routes: impl Iterator<Item = &'n str>,
) -> anyhow::Result<Comparison> {
    let mut known: Vec<&str> = routes.collect();
    known.extend(comparison.routes.iter().flat_map(RouteDiff::names));
    let unknown = names.iter().find(|name| !known.contains(&name.as_str()));
    if let Some(name) = unknown {
        let hint = did_you_mean(name, &known)
            .unwrap_or_else(|| "`routectl list` shows what is there".to_owned());
        return Err(anyhow!("there is no route `{name}`; {hint}"));
    }
    comparison.select(names);
    Ok(comparison)
}
