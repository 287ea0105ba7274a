//! `routectl plan`

use camino::Utf8PathBuf;
use clap::Args;
use clap::builder::BoolishValueParser;

use super::choices::ChoiceFlags;
use super::execute::warn_of_vain_recoveries;
use super::service::Service;
use super::session::{Session, start_directory};
use super::test::SkipTests;
use super::ui::Ui;
use super::{Exit, Globals, Report, ReportFlag, ServiceFlags};
use crate::diff::Comparer;
use crate::plan::saved::Destination;
use crate::plan::{SavedPlan, human, json, markdown};

/// Show what `apply` would do
///
/// Compiles the routes and compares them with what runs on the target. Changes nothing.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    service: ServiceFlags,
    #[command(flatten)]
    tests: SkipTests,
    /// Exit with 2 if there is anything to do
    #[arg(long, env = "ROUTECTL_DETAILED_EXITCODE", value_parser = BoolishValueParser::new())]
    detailed_exitcode: bool,
    /// Exit with 3 if something is not as it was left: stopped, moved or relabelled by hand, failed, written by others
    #[arg(long, env = "ROUTECTL_FAIL_ON_DRIFT", value_parser = BoolishValueParser::new())]
    fail_on_drift: bool,
    /// Save the plan to a file, for `apply PLAN`; a plan that is there already is replaced
    #[arg(long, value_name = "FILE", env = "ROUTECTL_OUT")]
    out: Option<Utf8PathBuf>,
    #[command(flatten)]
    choices: ChoiceFlags,
    #[command(flatten)]
    output: ReportFlag,
}

pub(super) async fn run(args: &PlanArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let start = start_directory(globals)?;
    let out = args.out.as_ref();
    let out = out.map(|path| Destination::new(&start, path)).transpose()?;
    let (session, findings) = Session::load(globals)?;
    if !args.tests.or_pass(&session, &findings, ui)? {
        return Ok(Exit::Failure);
    }
    let Some(compiled) = session.compile(&args.service.target.name, findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let timeout = args.service.request.timeout;
    let service = Service::connect(compiled.target, &session.root, &session.files, timeout).await?;
    let desired = service.desired(compiled);
    let choices = args.choices.choices(&desired)?;
    let mut plan = service.plan(&desired, &choices).await?;
    let examination = args.choices.examination();
    service.examine(&desired, &mut plan, examination).await?;
    service.close().await?;
    warn_of_vain_recoveries(&plan, ui)?;
    let summary = plan.summary();
    match args.output.format {
        Report::Human => {
            let (changes, drift) = (human::render(&plan), human::drift(&plan));
            ui.print(&format!("{changes}{drift}{summary}\n"))?;
        }
        Report::Json => {
            ui.print_json(&json::document(&plan))?;
            ui.say(&summary.to_string())?;
        }
        Report::Markdown => {
            let comparer = Comparer::new(&desired)?;
            ui.print(&markdown::render(&plan, &desired, &comparer))?;
        }
    }
    if let Some(out) = out {
        SavedPlan::write(&out, &plan, &desired, &choices)?;
        let out = out.path();
        ui.say(&format!(
            "{out}: written; `routectl apply {out}` does what it says"
        ))?;
    }
    Ok(if !plan.is_sound() {
        Exit::Failure
    } else if args.fail_on_drift && !plan.drift.is_empty() {
        Exit::Drift
    } else if args.detailed_exitcode && plan.has_changes() {
        Exit::Changes
    } else {
        Exit::Success
    })
}
