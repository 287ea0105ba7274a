//! `routectl status NAME`

use anyhow::bail;
use clap::Args;
use serde::Serialize;

use super::service::Service;
use super::session::{self, Session};
use super::ui::Ui;
use super::{Exit, Globals, Output, OutputFlag, TargetFlag};
use crate::api::{ApiError, Phase, Statement, StatementException};
use crate::diagnostic::did_you_mean;
use crate::plan::Live;
use crate::plan::standing::{detail, one_line};
use crate::project::target::Target;
use crate::statement::label;
use crate::workspace::Workspace;

/// Show one statement: its phase, why, and its latest exceptions
///
/// Exits with 0 only if the statement is RUNNING, or COMPLETED where it makes a table.
#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// Name of a route or of a statement
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    target: TargetFlag,
    #[command(flatten)]
    output: OutputFlag,
}

/// Version of the JSON form; a change that readers must know of raises it.
const FORMAT_VERSION: u32 = 1;

#[derive(Debug, Serialize)]
struct Document<'s> {
    format_version: u32,
    healthy: bool,
    statement: &'s Statement,
    exceptions: &'s [StatementException],
}

pub(super) async fn run(args: &StatusArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let (session, findings) = Session::load(globals)?;
    let Some(workspace) = session.project(findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let target = session::target(workspace, &args.target.name)?;
    let service = Service::connect(target, &session.root, &session.files).await?;
    let project = &workspace.project.name.value;
    let live = service.live(project, &args.target.name).await?;
    let Some(listed) = find(workspace, target, &args.name, &live) else {
        bail!("{}", not_found(workspace, args, &live));
    };
    // The list lags behind.
    let Some(statement) = service.client.get(&listed.name).await? else {
        bail!("`{}` was deleted just now", listed.name);
    };
    let exceptions = match service.client.exceptions(&statement.name).await {
        Err(ApiError::NotFound { .. }) => Vec::new(),
        exceptions => exceptions?,
    };
    service.close().await?;
    let healthy = match &statement.status.phase {
        Phase::Running => true,
        Phase::Completed => label::is_task(&statement),
        _ => false,
    };
    match args.output.format {
        Output::Json => ui.print_json(&Document {
            format_version: FORMAT_VERSION,
            healthy,
            statement: &statement,
            exceptions: &exceptions,
        })?,
        Output::Human => ui.print(&describe(&statement, &exceptions))?,
    }
    Ok(if healthy {
        Exit::Success
    } else {
        Exit::Failure
    })
}

/// The statement of that name, or the latest one of the route of that name.
fn find<'l>(
    workspace: &Workspace,
    target: &Target,
    name: &str,
    live: &'l Live,
) -> Option<&'l Statement> {
    let of_routes = live.statements().map(|live| &live.statement);
    let mut all = of_routes.chain(&live.tasks).chain(&live.unrecognized);
    all.find(|statement| statement.name == name).or_else(|| {
        let routes = session::routes_by_id(workspace, target);
        let (id, _) = routes
            .iter()
            .find(|(_, (route, sink))| route.title(sink) == name)?;
        live.routes.get(id)?.last().map(|live| &live.statement)
    })
}

fn not_found(workspace: &Workspace, args: &StatusArgs, live: &Live) -> String {
    let (name, target) = (&args.name, &args.target.name);
    let mut routes = workspace.routes.iter();
    if let Some(route) = routes.find(|route| route.name.value == *name && route.sinks.len() > 1) {
        let titles = route
            .sinks
            .iter()
            .map(|sink| format!("`{}`", route.title(sink)));
        let titles: Vec<_> = titles.collect();
        return format!(
            "route `{name}` has several topics; name one: {}",
            titles.join(", ")
        );
    }
    let sinks = workspace.routes.iter();
    let titles = sinks.flat_map(|route| route.sinks.iter().map(|sink| route.title(sink)));
    let titles: Vec<String> = titles.collect();
    if titles.contains(name) {
        return format!(
            "route `{name}` is not deployed on target `{target}`; `routectl plan` says what is"
        );
    }
    let statements = live.statements().map(|live| live.name.as_str());
    let known: Vec<&str> = titles
        .iter()
        .map(String::as_str)
        .chain(statements)
        .collect();
    let hint = did_you_mean(name, &known)
        .unwrap_or_else(|| "`routectl list` shows what there is".to_owned());
    format!("the project has no route or statement `{name}` on target `{target}`; {hint}")
}

fn describe(statement: &Statement, exceptions: &[StatementException]) -> String {
    let (spec, status) = (&statement.spec, &statement.status);
    let time =
        |time: Option<jiff::Timestamp>| time.map(|time| format!("{time:.0}")).unwrap_or_default();
    let mut lines = vec![
        format!("statement   {}", statement.name),
        format!("phase       {}", status.phase),
        format!("created     {}", time(statement.metadata.created_at)),
        format!("updated     {}", time(statement.metadata.updated_at)),
    ];
    let mut optional = |name: &str, value: Option<&str>| {
        if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
            lines.push(format!("{name:<11} {value}"));
        }
    };
    optional("detail", Some(&detail(statement)));
    optional("pool", spec.compute_pool_id.as_deref());
    optional("principal", spec.principal.as_deref());
    optional("run", label::run(statement));
    for (key, value) in &spec.properties {
        lines.push(format!("property    {key} = {value}"));
    }
    for exception in exceptions {
        lines.push(format!(
            "exception   {} {}: {}",
            time(exception.timestamp),
            one_line(&exception.name),
            one_line(&exception.message)
        ));
    }
    lines.push(String::new());
    lines.push(spec.statement.trim_end().to_owned());
    lines.join("\n") + "\n"
}
