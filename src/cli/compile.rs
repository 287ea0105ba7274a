//! `routectl compile`

use anyhow::{anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use clap::builder::{BoolishValueParser, PossibleValuesParser, TypedValueParser as _};

use super::session::{Compiled, Session, start_directory};
use super::ui::{Ui, plural};
use super::{Exit, Globals, TargetFlag};
use crate::dialect::{self, Dialect, Form};
use crate::generated::{self, Change};

/// Compile the routes to SQL
///
/// For Confluent Cloud to generated-sql/<target>/, one file for each statement: the text that `apply` submits. Files of routes
/// that are no more are removed. For self-managed Flink (`--dialect flink`) to one script, which Flink's SQL client runs as it
/// is. Nothing is written if there is any error.
#[derive(Debug, Args)]
pub(super) struct CompileArgs {
    #[command(flatten)]
    target: TargetFlag,
    /// The kind of Flink to compile for
    #[arg(long, value_name = "DIALECT", default_value = dialect::ALL[0].name, env = "ROUTECTL_DIALECT", value_parser = dialect())]
    dialect: &'static Dialect,
    /// Write the script to a file, and not to standard output
    #[arg(long, value_name = "FILE", env = "ROUTECTL_OUT")]
    out: Option<Utf8PathBuf>,
    /// Write nothing; fail with a diff if the files are not what the routes say
    #[arg(long, env = "ROUTECTL_CHECK", value_parser = BoolishValueParser::new())]
    check: bool,
}

fn dialect() -> impl clap::builder::TypedValueParser<Value = &'static Dialect> {
    PossibleValuesParser::new(dialect::ALL.iter().map(|dialect| dialect.name))
        .try_map(|name| Dialect::by_name(&name).ok_or("unknown dialect"))
}

pub(super) fn run(args: &CompileArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    match args.dialect.form {
        Form::Statements => statements(args, globals, ui),
        Form::Script => script(args, globals, ui),
    }
}

fn script(args: &CompileArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    if args.check && args.out.is_none() {
        bail!("`--check` compares with a file: name it with `--out`");
    }
    let (session, findings) = Session::load(globals)?;
    let Some(script) = session.script(&args.target.name, args.dialect, findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let Some(out) = &args.out else {
        ui.print(&script)?;
        return Ok(Exit::Success);
    };
    let path = start_directory(globals)?.join(out);
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(anyhow!("`{out}` is not the name of a file"));
    };
    let change = generated::compare_file(directory, Utf8Path::new(name), Some(&script))?;
    let Some(change) = change else {
        ui.say(&format!("{out}: up to date"))?;
        return Ok(Exit::Success);
    };
    if args.check {
        let shown = out.parent().unwrap_or(Utf8Path::new(""));
        ui.print(&change.diff(shown))?;
        ui.error(&format!(
            "{out}: stale; run `routectl compile --target {} --dialect {} --out {out}` and commit the result",
            args.target.name, args.dialect.name
        ))?;
        return Ok(Exit::Failure);
    }
    generated::write(directory, &[change])?;
    ui.say(&format!("{out}: written"))?;
    Ok(Exit::Success)
}

fn statements(args: &CompileArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    if args.out.is_some() {
        bail!(
            "`--out` names the file of a script; the dialect `{}` has a file for each statement, under generated-sql/",
            args.dialect.name
        );
    }
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
        let is_there = root.join(&directory).is_dir();
        if !is_there && !files.is_empty() {
            bail!(
                "there is no {directory} yet; run `routectl compile --target {}` and commit the result",
                args.target.name
            );
        }
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
