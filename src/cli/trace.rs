//! `routectl trace`

use anyhow::{bail, ensure};
use camino::Utf8PathBuf;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::events::{self, NamedEvent};
use super::session::{self, Session};
use super::ui::Ui;
use super::{Exit, Globals, Output, OutputFlag};
use crate::check::TypedRoute;
use crate::clock::{Clock as _, SystemClock};
use crate::diagnostic::did_you_mean;
use crate::eval::{Json, Row, Scope, is_row};
use crate::project::source::Source;
use crate::schema::{Validator, Violation};
use crate::trace::{self, RouteTrace};

/// Show which topics events reach, and why not the others
///
/// For each event and route: the tree of conditions, what stands in the event at each of them, and whether the
/// condition is true, false or unknown. Unknown never routes. EVENT is a file with an event document or a whole row
/// of the source's table, a directory of such files, or `-` for one event on each line of standard input.
#[derive(Debug, Args)]
pub(super) struct TraceArgs {
    /// Events: files, directories, or `-`
    #[arg(value_name = "EVENT", required = true)]
    events: Vec<Utf8PathBuf>,
    /// Source whose events they are; by default the project's default source
    #[arg(long, value_name = "SOURCE", env = "ROUTECTL_SOURCE")]
    source: Option<String>,
    /// Show only this route; may be repeated
    #[arg(long = "route", value_name = "ROUTE", env = "ROUTECTL_ROUTE")]
    routes: Vec<String>,
    /// What `withinLast` takes for the present, such as 2025-01-20T13:30:00Z; by default the time it is
    #[arg(long, value_name = "TIME", env = "ROUTECTL_NOW")]
    now: Option<Timestamp>,
    #[command(flatten)]
    output: OutputFlag,
}

#[derive(Serialize)]
struct Document {
    format_version: u32,
    events: Vec<trace::json::Event>,
}

pub(super) fn run(args: &TraceArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let start = session::start_directory(globals)?;
    let (session, findings) = Session::load(globals)?;
    let Some(routes) = session.check(findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let source = session.source(args.source.as_deref())?;
    let routes = chosen(&routes, source, &args.routes)?;
    let events = events::read(&args.events, &start)?;
    ensure!(!events.is_empty(), "there are no events there");
    let now = args.now.unwrap_or_else(|| SystemClock.now());
    let schema = session.schema(source);
    let validator = schema.map(|schema| schema.schema.validator()).transpose()?;
    let mut failed = false;
    let mut document = Document {
        format_version: trace::json::FORMAT_VERSION,
        events: Vec::new(),
    };
    for NamedEvent { name, text } in events {
        let Some(text) = text else {
            ui.error(&format!("{name} is not UTF-8, as JSON has to be"))?;
            failed = true;
            continue;
        };
        let row = match Row::read(source, &text) {
            Ok(row) => row,
            Err(problem) => {
                ui.error(&format!("{name}: {}", session::row_error(&problem)))?;
                failed = true;
                continue;
            }
        };
        let scope = Scope {
            row: &row,
            now: now.into(),
        };
        let traces: Vec<RouteTrace<'_>> = routes
            .iter()
            .map(|route| trace::trace(route, scope))
            .collect();
        let violations = violations(validator.as_ref(), source, &text);
        match args.output.format {
            Output::Json => document
                .events
                .push(trace::json::event(&name, &violations, &traces)),
            Output::Human => ui.print(&trace::human::render(&name, &violations, &traces))?,
        }
    }
    if args.output.format == Output::Json {
        ui.print_json(&document)?;
    }
    Ok(if failed { Exit::Failure } else { Exit::Success })
}

/// What is wrong with an event by its schema. A whole row is no document, nor is text that is no JSON.
fn violations(validator: Option<&Validator>, source: &Source, text: &str) -> Vec<Violation> {
    let is_row = Json::read(text).is_none_or(|json| is_row(source, &json));
    let document = serde_json::from_str(text).ok().filter(|_| !is_row);
    validator
        .zip(document)
        .map(|(validator, document)| validator.check(&document))
        .unwrap_or_default()
}

/// The routes of a source, or those of them that the user named.
pub(super) fn chosen<'r, 'w>(
    routes: &'r [TypedRoute<'w>],
    source: &Source,
    named: &[String],
) -> anyhow::Result<Vec<&'r TypedRoute<'w>>> {
    let mut of_source: Vec<_> = routes
        .iter()
        .filter(|route| route.source.name.value == source.name.value)
        .collect();
    let known: Vec<&str> = of_source
        .iter()
        .map(|route| route.route.name.value.as_str())
        .collect();
    if let Some(unknown) = named.iter().find(|name| !known.contains(&name.as_str())) {
        let hint = did_you_mean(unknown, &known).unwrap_or_default();
        bail!(
            "source `{}` has no route `{unknown}`; {hint}",
            source.name.value
        );
    }
    if !named.is_empty() {
        of_source.retain(|route| named.contains(&route.route.name.value));
    }
    ensure!(
        !of_source.is_empty(),
        "no route reads the source `{}`",
        source.name.value
    );
    Ok(of_source)
}
