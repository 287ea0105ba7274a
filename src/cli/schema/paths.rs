//! `routectl schema paths [PREFIX]`

use anyhow::{anyhow, bail};
use clap::Args;
use clap::builder::BoolishValueParser;

use super::super::session::{self, Definition};
use super::super::ui::Ui;
use super::super::{Exit, Globals, Output, OutputFlag};
use crate::check::catalogue::{self, Catalogue, NamedPath};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::ir::ValueType;
use crate::project::source::Source;
use crate::project::{FILE_NAME, Project};
use crate::schema::FieldPath;
use crate::workspace;
use place::{Place, Places};

mod human;
mod json;
mod place;
mod words;

/// List the paths that a route may name, with their types
///
/// Each path stands as a route spells it, with its type, the values that it can have where the schema lists
/// them, and where it exists: `when P is V` means only in events with that value, which goes for the fields of
/// an object, too. `[0]` is the first element of a list; later ones are `[1]`, `[2]` and so on. Columns of the
/// source follow behind the fields of its events.
///
/// Keys that a schema does not name are not listed. Those that it gives a type (`any other key`) a route names
/// all the same; others it reads with `as:`.
#[derive(Debug, Args)]
pub(super) struct PathsArgs {
    /// Only paths that begin with this one, for example `eventBody.entities`; its last key may be cut short
    #[arg(value_name = "PREFIX")]
    prefix: Option<String>,
    /// Source whose paths to list; by default the project's default source, or its only one
    #[arg(long, value_name = "SOURCE", env = "ROUTECTL_SOURCE")]
    source: Option<String>,
    /// Show what each path means, where it is declared, and the SQL that a condition reads it with
    #[arg(long, env = "ROUTECTL_DETAILS", value_parser = BoolishValueParser::new())]
    details: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) fn run(args: &PathsArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let prefix = args.prefix.as_deref().map(read_prefix).transpose()?;
    let (mut definition, mut findings) = Definition::load(globals)?;
    let Some(project) = definition.project.filter(|_| !findings.has_errors()) else {
        session::report(findings, &definition.files, ui)?;
        return Ok(Exit::Failure);
    };
    let source = source(&project, args.source.as_deref())?;
    let schema = workspace::load_schema(
        &definition.root,
        &source.event.schema,
        &mut definition.files,
        &mut findings,
    );
    let usable = session::report(findings, &definition.files, ui)?;
    let Some(schema) = schema.filter(|_| usable) else {
        return Ok(Exit::Failure);
    };
    let found = catalogue::catalogue(source, &schema, prefix.as_ref()).map_err(plain)?;
    let mut places = Places::new(&schema, &definition.files);
    let listing = Listing {
        source,
        declared_at: found.paths.iter().map(|one| places.of(one)).collect(),
        found: &found,
    };
    match args.output.format {
        Output::Json => ui.print_json(&json::document(&listing))?,
        Output::Human => {
            ui.print(&human::table(&listing, args.details))?;
            ui.say(&human::summary(&listing))?;
        }
    }
    Ok(Exit::Success)
}

/// What is to be shown.
struct Listing<'l> {
    source: &'l Source,
    found: &'l Catalogue,
    /// Where the field of each path is declared.
    declared_at: Vec<Vec<Place>>,
}

/// One path of it.
#[derive(Clone, Copy)]
struct Line<'l> {
    named: &'l NamedPath,
    declared_at: &'l [Place],
}

impl Listing<'_> {
    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let lines = self.found.paths.iter().zip(&self.declared_at);
        lines.map(|(named, declared_at)| Line { named, declared_at })
    }
}

impl Line<'_> {
    /// What a condition compares; of objects and lists, which have no value, whether they are there.
    fn sql(&self) -> String {
        let subject = &self.named.subject;
        let read = match subject.value_type {
            ValueType::Structure => subject.place.is_not_null(),
            _ => subject.typed(),
        };
        read.to_string()
    }
}

fn read_prefix(text: &str) -> anyhow::Result<FieldPath> {
    FieldPath::parse(text)
        .map_err(|error| anyhow!("`{text}` is no path: {}; {}", error.message, error.help))
}

/// The source of a name, else the default one, else the only one.
fn source<'p>(project: &'p Project, name: Option<&str>) -> anyhow::Result<&'p Source> {
    let default = || {
        project
            .defaults
            .source
            .as_ref()
            .map(|name| name.value.as_str())
    };
    let sources = &project.sources;
    let names: Vec<&str> = sources.keys().map(String::as_str).collect();
    let Some(name) = name.or_else(default) else {
        let mut all = sources.values();
        return match (all.next(), all.next()) {
            (Some(only), None) => Ok(only),
            _ => bail!(
                "there are several sources; name one with `--source`: {}",
                words::quoted(&names)
            ),
        };
    };
    sources.get(name).ok_or_else(|| {
        let hint = did_you_mean(name, &names);
        let hint = hint.unwrap_or_else(|| format!("add it under `sources` in {FILE_NAME}"));
        anyhow!("there is no source `{name}`; {hint}")
    })
}

/// A finding that is about no file but about what the user typed.
fn plain(finding: Diagnostic) -> anyhow::Error {
    let parts: Vec<_> = std::iter::once(finding.message)
        .chain(finding.help)
        .collect();
    anyhow!("{}", parts.join("; "))
}
