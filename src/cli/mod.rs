//! The command line: one file per command with its arguments and its run.
//!
//! To add a command, write its file and add its variant to [`Command`]. [`ui`] owns the streams, [`session`]
//! the loading of a project, [`service`] the connection to a target, [`operator`] what operators' commands share;
//! commands return an [`Exit`].

mod access;
mod apply;
mod apply_lines;
mod choices;
mod cleanup;
mod compile;
mod delete;
mod delete_failed;
mod diff;
mod emulator;
mod events;
mod exceptions;
mod execute;
mod explain;
mod interrupt;
mod list;
mod operator;
mod plan;
mod resume;
mod revision;
mod rollback;
mod sample;
mod schema;
mod service;
mod session;
mod status;
mod status_one;
mod stop;
mod test;
mod trace;
pub mod ui;
mod validate;

use std::ffi::OsString;
use std::time::Duration;

use anyhow::Context as _;
use camino::Utf8PathBuf;
use clap::builder::BoolishValueParser;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use ui::Ui;

/// Compile declarative event routes to Flink SQL and deploy them
///
/// Routes live in version control: `plan` shows in a pull request what a change would do, `apply` does it,
/// and neither ever loses or repeats an event.
#[derive(Debug, Parser)]
#[command(name = "routectl", version, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 success, 1 findings or failure, 2 changes (--detailed-exitcode), 3 drift (--fail-on-drift), 130 interrupted.
Every flag can be set as ROUTECTL_<FLAG>. Credentials come from FLINK_API_KEY and FLINK_API_SECRET."
)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// The heading under which help shows the flags of every command, below those of its own.
const GLOBAL: &str = "Global options";
const LAST: usize = 900;

/// Flags of every command.
#[derive(Debug, Clone, Args)]
struct Globals {
    /// Work in this directory instead of the current one
    #[arg(
        short = 'C',
        long = "directory",
        value_name = "DIR",
        env = "ROUTECTL_DIRECTORY",
        global = true,
        help_heading = GLOBAL,
        display_order = LAST
    )]
    directory: Option<Utf8PathBuf>,
    /// Project file; by default the nearest routectl.yaml upward
    #[arg(long, value_name = "FILE", env = "ROUTECTL_CONFIG", global = true, help_heading = GLOBAL, display_order = LAST)]
    config: Option<Utf8PathBuf>,
    /// When to use colours; `auto` means on a terminal, unless `NO_COLOR` is set
    #[arg(
        long,
        value_enum,
        default_value = "auto",
        env = "ROUTECTL_COLOR",
        global = true,
        help_heading = GLOBAL,
        display_order = LAST
    )]
    color: Color,
}

/// When to use colours. The flag's help says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// How results are printed. The flag's help says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Human,
    Json,
}

/// The flag of commands that are about a target.
#[derive(Debug, Clone, Args)]
struct TargetFlag {
    /// Target: a key of `targets` in the project file
    #[arg(
        id = "target",
        short = 't',
        long = "target",
        value_name = "TARGET",
        env = "ROUTECTL_TARGET"
    )]
    name: String,
}

/// The flags of commands that talk to a target's service.
#[derive(Debug, Clone, Args)]
struct ServiceFlags {
    #[command(flatten)]
    target: TargetFlag,
    #[command(flatten)]
    request: RequestFlag,
}

/// The flag of commands that wait for answers.
#[derive(Debug, Clone, Args)]
struct RequestFlag {
    /// How long the service may take to answer a call
    #[arg(id = "request_timeout", long = "request-timeout", value_name = "TIME", default_value = "30s",
          env = "ROUTECTL_REQUEST_TIMEOUT", value_parser = some_time)]
    timeout: Duration,
}

/// The flag of commands that may look at what is not the project's.
#[derive(Debug, Clone, Args)]
struct OwnersFlag {
    /// Take statements of other owners too, and say whose they are
    #[arg(long, env = "ROUTECTL_ALL_OWNERS", value_parser = BoolishValueParser::new())]
    all_owners: bool,
}

/// The flag of commands whose results machines read, too.
#[derive(Debug, Clone, Args)]
struct OutputFlag {
    /// How to print results; `json` is one document with a `format_version`, or a line for each thing that `apply` and `rollback` do
    #[arg(
        id = "output",
        short = 'o',
        long = "output",
        value_name = "FORMAT",
        value_enum,
        default_value = "human",
        env = "ROUTECTL_OUTPUT"
    )]
    format: Output,
}

/// How results are printed that people discuss. The flag's help says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Report {
    Human,
    Json,
    Markdown,
}

/// The flag of commands whose results are commented on pull requests, too.
#[derive(Debug, Clone, Args)]
struct ReportFlag {
    /// How to print results; `json` is one document with a `format_version`, `markdown` a comment that GitHub takes
    #[arg(
        id = "output",
        short = 'o',
        long = "output",
        value_name = "FORMAT",
        value_enum,
        default_value = "human",
        env = "ROUTECTL_OUTPUT"
    )]
    format: Report,
}

/// The flags of commands that change a target.
#[derive(Debug, Clone, Args)]
struct ChangeFlags {
    /// Go on without asking
    #[arg(long, env = "ROUTECTL_AUTO_APPROVE", value_parser = BoolishValueParser::new())]
    auto_approve: bool,
    /// Show what would be done and change nothing
    #[arg(long, env = "ROUTECTL_DRY_RUN", value_parser = BoolishValueParser::new())]
    dry_run: bool,
    /// How long to wait for one statement
    #[arg(long, value_name = "TIME", default_value = "10m", env = "ROUTECTL_WAIT_TIMEOUT", value_parser = some_time)]
    wait_timeout: Duration,
}

#[derive(Debug, Subcommand)]
enum Command {
    Validate(validate::ValidateArgs),
    Compile(compile::CompileArgs),
    Test(test::TestArgs),
    Trace(trace::TraceArgs),
    Sample(sample::SampleArgs),
    Plan(plan::PlanArgs),
    Diff(diff::DiffArgs),
    Apply(apply::ApplyArgs),
    Rollback(rollback::RollbackArgs),
    List(list::ListArgs),
    Status(status::StatusArgs),
    Exceptions(exceptions::ExceptionsArgs),
    Stop(stop::StopArgs),
    Resume(resume::ResumeArgs),
    Delete(delete::DeleteArgs),
    DeleteFailed(delete_failed::DeleteFailedArgs),
    Cleanup(cleanup::CleanupArgs),
    Emulator(emulator::EmulatorArgs),
    Schema(schema::SchemaArgs),
    Explain(explain::ExplainArgs),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Success,
    /// Findings, or something failed.
    Failure,
    /// There are changes, and the user asked for an exit code of their own.
    Changes,
    /// Something is not as it was left, and the user asked for an exit code of its own.
    Drift,
    /// The user interrupted.
    Interrupted,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failure => 1,
            Self::Changes => 2,
            Self::Drift => 3,
            Self::Interrupted => 130,
        }
    }
}

/// Runs the command line with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let parsed = command_line().try_get_matches_from(arguments);
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            let failed = error.use_stderr();
            // Nothing can be done about a stream that is closed.
            let _ = error.print();
            return if failed { Exit::Failure } else { Exit::Success };
        }
    };
    let mut ui = Ui::new(match cli.globals.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    });
    match dispatch(cli.command, &cli.globals, &mut ui) {
        Ok(exit) => exit,
        Err(error) if ui::is_closed_pipe(&error) => Exit::Success,
        Err(error) => {
            // Nothing can be done about a stream that is closed.
            let _ = ui.error(&format!("{error:#}"));
            Exit::Failure
        }
    }
}

/// The command line. That every flag can be set in the environment is said once, not at each; and help never
/// shows what is set there.
fn command_line() -> clap::Command {
    fn quiet(command: clap::Command) -> clap::Command {
        let command = command.mut_args(|argument| argument.hide_env(true));
        command.mut_subcommands(quiet)
    }
    quiet(Cli::command())
}

fn dispatch(command: Command, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    match command {
        Command::Validate(args) => validate::run(&args, globals, ui),
        Command::Compile(args) => compile::run(&args, globals, ui),
        Command::Test(args) => test::run(&args, globals, ui),
        Command::Trace(args) => trace::run(&args, globals, ui),
        Command::Sample(args) => sample::run(&args, globals, ui),
        Command::Diff(args) => block_on(diff::run(&args, globals, ui)),
        Command::Plan(args) => block_on(plan::run(&args, globals, ui)),
        Command::Apply(args) => block_on(apply::run(&args, globals, ui)),
        Command::Rollback(args) => block_on(rollback::run(&args, globals, ui)),
        Command::List(args) => block_on(list::run(&args, globals, ui)),
        Command::Status(args) => block_on(status::run(&args, globals, ui)),
        Command::Exceptions(args) => block_on(exceptions::run(&args, globals, ui)),
        Command::Stop(args) => block_on(stop::run(&args, globals, ui)),
        Command::Resume(args) => block_on(resume::run(&args, globals, ui)),
        Command::Delete(args) => block_on(delete::run(&args, globals, ui)),
        Command::DeleteFailed(args) => block_on(delete_failed::run(&args, globals, ui)),
        Command::Cleanup(args) => block_on(cleanup::run(&args, globals, ui)),
        Command::Emulator(args) => block_on(emulator::run(&args, ui)),
        Command::Schema(args) => schema::run(&args, globals, ui),
        Command::Explain(args) => explain::run(&args, ui),
    }
}

fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the asynchronous runtime")?
        .block_on(work)
}

/// Reads a duration such as `30s`, `10m` or `1h 30m`.
fn duration(text: &str) -> Result<Duration, String> {
    let parsed: Result<jiff::SignedDuration, _> = text.parse();
    let duration = parsed
        .ok()
        .and_then(|duration| Duration::try_from(duration).ok());
    duration.ok_or_else(|| "write it like 500ms, 30s, 10m or 1h".to_owned())
}

/// Reads a duration that leaves time for something to happen.
fn some_time(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => {
            Err("no time at all is never enough; write a time such as 30s or 10m".to_owned())
        }
        time => Ok(time),
    }
}

/// The environment, read here alone.
#[allow(clippy::disallowed_methods)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_can_be_set_in_the_environment() {
        Cli::command().get_subcommands().for_each(check_flags);
    }

    fn check_flags(command: &clap::Command) {
        for argument in command.get_arguments() {
            let Some(flag) = argument.get_long() else {
                continue;
            };
            if matches!(flag, "help" | "version") {
                continue;
            }
            let expected = format!("ROUTECTL_{}", flag.to_uppercase().replace('-', "_"));
            let actual = argument
                .get_env()
                .map(|name| name.to_string_lossy().into_owned());
            assert_eq!(actual, Some(expected), "{} --{flag}", command.get_name());
        }
        command.get_subcommands().for_each(check_flags);
    }

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1h 30m"), Ok(Duration::from_mins(90)));
        assert!(duration("5").is_err() && duration("-5s").is_err() && duration("").is_err());
        assert!(duration("0s").is_ok() && some_time("0s").is_err() && some_time("1ms").is_ok());
    }
}
