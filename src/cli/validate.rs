//! `routectl validate`

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use clap::builder::BoolishValueParser;

use super::events;
use super::session::{self, Session};
use super::ui::{Ui, plural};
use super::{Exit, Globals, Output};
use crate::check;
use crate::diagnostic::{Findings, json};
use crate::event;
use crate::files;
use crate::published;
use crate::source_text::{Sources, Span, Spanned};
use crate::testing::prepare;
use crate::workspace::{self, EventSchema, Workspace};

/// Check the project file, the routes and events against their schemas
///
/// Without EVENT the samples of every source are checked. With `--schema` only the named events are
/// checked, against that schema, and no project is needed.
#[derive(Debug, Args)]
pub(super) struct ValidateArgs {
    /// Event files (JSON), or directories of them
    #[arg(value_name = "EVENT")]
    events: Vec<Utf8PathBuf>,
    /// Source whose event schema the events must match; by default the project's default source
    #[arg(
        long,
        value_name = "SOURCE",
        env = "ROUTECTL_SOURCE",
        conflicts_with = "schema"
    )]
    source: Option<String>,
    /// JSON Schema that the events must match, instead of a source's
    #[arg(
        long,
        value_name = "FILE",
        env = "ROUTECTL_SCHEMA",
        requires = "events"
    )]
    schema: Option<Utf8PathBuf>,
    /// Fail on warnings, too
    #[arg(long, env = "ROUTECTL_DENY_WARNINGS", value_parser = BoolishValueParser::new())]
    deny_warnings: bool,
    /// How to print the findings
    #[arg(
        short,
        long,
        value_enum,
        default_value = "human",
        env = "ROUTECTL_OUTPUT"
    )]
    output: Output,
}

pub(super) fn run(args: &ValidateArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let start = session::start_directory(globals)?;
    let mut checked = match &args.schema {
        Some(schema) => against_schema(schema, &start, args)?,
        None => project(&start, globals, args)?,
    };
    let errors = checked.findings.has_errors();
    let diagnostics = std::mem::take(&mut checked.findings).into_sorted(&checked.files);
    let denied = args.deny_warnings && !errors && !diagnostics.is_empty();
    match args.output {
        Output::Json => ui.print_json(&json::report(&diagnostics, &checked.files))?,
        Output::Human => {
            ui.diagnostics(&diagnostics, &checked.files)?;
            if denied {
                ui.error("warnings count as errors here (`--deny-warnings`)")?;
            } else if !errors {
                ui.say(&format!("{}: no errors", checked.what))?;
            }
        }
    }
    Ok(if errors || denied {
        Exit::Failure
    } else {
        Exit::Success
    })
}

/// What was checked, and what came out.
struct Checked {
    files: Sources,
    findings: Findings,
    what: String,
}

fn against_schema(
    schema: &Utf8Path,
    start: &Utf8Path,
    args: &ValidateArgs,
) -> anyhow::Result<Checked> {
    let root = crate::project::find_root(start).unwrap_or(start);
    let (mut files, mut findings) = (Sources::default(), Findings::default());
    let path = start.join(schema);
    // Reading it here makes a wrong name an error of its own.
    files::read_text(&path)?;
    let shown = path.strip_prefix(root).unwrap_or(&path).to_owned();
    let place = files.add("--schema", shown.as_str());
    let named = Spanned::new(shown, Span::new(place, 0..0));
    let schema = workspace::load_schema(root, &named, &mut files, &mut findings);
    let mut count = 0;
    if let Some(schema) = schema {
        count = event::validate_files(
            &schema,
            &events::paths(&args.events, start)?,
            root,
            &mut files,
            &mut findings,
        )?;
    }
    Ok(Checked {
        files,
        findings,
        what: plural(count, "event"),
    })
}

fn project(start: &Utf8Path, globals: &Globals, args: &ValidateArgs) -> anyhow::Result<Checked> {
    let (session, mut findings) = Session::load(globals)?;
    let Session {
        root,
        mut files,
        workspace,
    } = session;
    let Some(workspace) = workspace else {
        return Ok(Checked {
            files,
            findings,
            what: String::new(),
        });
    };
    let routes = check::check(&workspace, &mut findings);
    prepare(&workspace, &routes, &mut findings);
    drop(routes);
    if !findings.has_errors() {
        published::check_workspace(&workspace, &files, &mut findings);
    }
    let mut count = 0;
    if args.events.is_empty() {
        count = event::validate_samples(&workspace, &mut files, &mut findings)?;
    } else {
        let schema = schema_of(&workspace, args.source.as_deref())?;
        if let Some(schema) = schema {
            let paths = events::paths(&args.events, start)?;
            count = event::validate_files(schema, &paths, &root, &mut files, &mut findings)?;
        }
    }
    let what = format!(
        "{}, {}",
        plural(workspace.routes.len(), "route"),
        plural(count, "event")
    );
    Ok(Checked {
        files,
        findings,
        what,
    })
}

/// The event schema of a source; nothing where that schema has findings of its own.
fn schema_of<'w>(
    workspace: &'w Workspace,
    source: Option<&str>,
) -> anyhow::Result<Option<&'w EventSchema>> {
    let source = session::source(&workspace.project, source)?;
    Ok(workspace.schemas.get(&source.name.value))
}
