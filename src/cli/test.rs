//! `routectl test`

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::session::Session;
use super::ui::{Ui, plural};
use super::{Exit, Globals};
use crate::check::TypedRoute;
use crate::clock::{Clock as _, SystemClock};
use crate::diagnostic::Findings;
use crate::ir::Instant;
use crate::testing::coverage;
use crate::testing::{Outcome, human, json, junit, prepare, run as run_tests};

/// Run the tests of the routes
///
/// Tests stand in `*.test.yaml` files beside the routes, or under `tests` in a route: events, and the topics that
/// they must reach, no others. No cluster is needed.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// Tell for each condition whether some event made it true and some other did not, and which routes have no tests
    #[arg(long, env = "ROUTECTL_COVERAGE", value_parser = BoolishValueParser::new())]
    coverage: bool,
    /// The present for tests that do not say one; by default the time it is
    #[arg(long, value_name = "TIME", env = "ROUTECTL_NOW")]
    now: Option<Timestamp>,
    /// How to print results
    #[arg(
        short,
        long,
        value_enum,
        default_value = "human",
        env = "ROUTECTL_OUTPUT"
    )]
    output: TestOutput,
}

/// How the results of tests are printed. The flag's help says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TestOutput {
    Human,
    Json,
    Junit,
}

pub(super) fn run(args: &TestArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let (session, mut findings) = Session::load(globals)?;
    let Some(workspace) = &session.workspace else {
        session.report(findings, ui)?;
        return Ok(Exit::Failure);
    };
    let routes = crate::check::check(workspace, &mut findings);
    let prepared = prepare(workspace, &routes, &mut findings);
    if !session.report(findings, ui)? {
        return Ok(Exit::Failure);
    }
    let now = Instant::from(args.now.unwrap_or_else(|| SystemClock.now()));
    let outcomes = run_tests(&prepared, &session.files, now);
    let measured = args
        .coverage
        .then(|| coverage::measure(&prepared, &routes, &session.files, now));
    match args.output {
        TestOutput::Json => ui.print_json(&json::document(&outcomes, measured.as_ref()))?,
        TestOutput::Junit => ui.print(&junit::report(&outcomes))?,
        TestOutput::Human => {
            ui.print(&human::render(&outcomes))?;
            if let Some(measured) = &measured {
                ui.print(&human::coverage(measured))?;
            }
        }
    }
    conclude(&outcomes, &routes, ui)
}

fn conclude(outcomes: &[Outcome], routes: &[TypedRoute<'_>], ui: &mut Ui) -> anyhow::Result<Exit> {
    if outcomes.is_empty() {
        let routes = plural(routes.len(), "route");
        ui.error(&format!(
            "there are no tests for {routes}; write some to routes/<name>.test.yaml"
        ))?;
        return Ok(Exit::Failure);
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
    let passed = outcomes.len() - failed;
    if failed == 0 {
        ui.say(&format!("{}: all passed", plural(passed, "event")))?;
        return Ok(Exit::Success);
    }
    ui.error(&format!(
        "{} as expected, {failed} not",
        plural(passed, "event")
    ))?;
    Ok(Exit::Failure)
}

/// The flag of commands that run the tests of the routes first.
#[derive(Debug, Clone, Args)]
pub(super) struct SkipTests {
    /// Go on without running the tests of the routes
    #[arg(long, env = "ROUTECTL_SKIP_TESTS", value_parser = BoolishValueParser::new())]
    skip_tests: bool,
}

impl SkipTests {
    /// Whether the routes pass their tests, or need not. Nothing is said of them while the project has findings: what
    /// is wrong with routes tells more, and compiling says that.
    pub(super) fn or_pass(
        &self,
        session: &Session,
        findings: &Findings,
        ui: &mut Ui,
    ) -> anyhow::Result<bool> {
        let Some(workspace) = session.workspace.as_ref().filter(|_| !self.skip_tests) else {
            return Ok(true);
        };
        let mut of_routes = Findings::default();
        let routes = crate::check::check(workspace, &mut of_routes);
        if findings.has_errors() || of_routes.has_errors() {
            return Ok(true);
        }
        let mut of_tests = Findings::default();
        let prepared = prepare(workspace, &routes, &mut of_tests);
        if !session.report(of_tests, ui)? {
            ui.error("there are tests that cannot run; `--skip-tests` goes on without them")?;
            return Ok(false);
        }
        let now = Instant::from(SystemClock.now());
        let outcomes = run_tests(&prepared, &session.files, now);
        let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
        if failed == 0 {
            return Ok(true);
        }
        ui.say(human::render(&outcomes).trim_end())?;
        let events = plural(outcomes.len(), "event");
        ui.error(&format!(
            "{failed} of {events} in tests not as expected; `--skip-tests` goes on without them"
        ))?;
        Ok(false)
    }
}
