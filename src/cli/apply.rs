//! `routectl apply`

use anyhow::bail;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::choices::ChoiceFlags;
use super::execute::{ExecuteFlags, examined, execute, refuse_stale};
use super::service::Service;
use super::session::{Session, start_directory};
use super::test::SkipTests;
use super::ui::Ui;
use super::{Exit, Globals, RequestFlag};
use crate::plan::SavedPlan;

/// Make the target run what the routes say
///
/// Creates tables and statements and waits until every statement runs; stops the statements of disabled
/// routes. Asks before it changes anything. A second run changes nothing. Topics are never deleted.
///
/// With a plan that `plan --out` saved it does what that says and nothing else, if neither the project nor the routes
/// on the target have changed since.
///
/// Exits with 0 only if every enabled route is RUNNING. Ctrl-C finishes the steps in flight and says what is
/// left; run the command again to go on.
#[derive(Debug, Args)]
pub(super) struct ApplyArgs {
    /// Plan that `plan --out` saved; target and choices are those that it was made with
    #[arg(value_name = "PLAN")]
    plan: Option<Utf8PathBuf>,
    /// Target: a key of `targets` in the project file
    #[arg(
        short,
        long,
        value_name = "TARGET",
        env = "ROUTECTL_TARGET",
        required_unless_present = "plan"
    )]
    target: Option<String>,
    #[command(flatten)]
    request: RequestFlag,
    #[command(flatten)]
    tests: SkipTests,
    #[command(flatten)]
    choices: ChoiceFlags,
    #[command(flatten)]
    execute: ExecuteFlags,
}

pub(super) async fn run(args: &ApplyArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    match (&args.plan, &args.target) {
        (Some(plan), _) => saved(args, plan, globals, ui).await,
        (None, Some(target)) => fresh(args, target, globals, ui).await,
        (None, None) => bail!("say which target is meant with `--target`"),
    }
}

async fn fresh(
    args: &ApplyArgs,
    target: &str,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let (session, findings) = Session::load(globals)?;
    if !args.tests.or_pass(&session, &findings, ui)? {
        return Ok(Exit::Failure);
    }
    let Some(compiled) = session.compile(target, findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let timeout = args.request.timeout;
    let service = Service::connect(compiled.target, &session.root, &session.files, timeout).await?;
    let desired = service.desired(compiled);
    let choices = args.choices.choices(&desired)?;
    let examination = args.choices.examination();
    let plan = service.plan(&desired, &choices).await?;
    let plan = examined(&args.execute, &service, &desired, plan, examination).await?;
    let exit = execute(&args.execute, &service, &desired, &plan, ui).await?;
    service.close().await?;
    Ok(exit)
}

/// Carries out a saved plan. The tests of the routes passed when it was made, and the routes are the same.
async fn saved(
    args: &ApplyArgs,
    path: &Utf8Path,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let saved = SavedPlan::read(&start_directory(globals)?, path)?;
    let target = &saved.desired.target;
    if let Some(named) = args.target.as_ref().filter(|named| *named != target) {
        bail!(
            "the plan is for target `{target}`, not for `{named}`; leave `--target` out, or make another plan"
        );
    }
    args.choices.agree_with(&saved.choices)?;
    let (session, findings) = Session::load(globals)?;
    let Some(compiled) = session.compile(target, findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let timeout = args.request.timeout;
    let service = Service::connect(compiled.target, &session.root, &session.files, timeout).await?;
    let desired = service.desired(compiled);
    refuse_another_project(&saved, &saved.differences(&desired))?;
    let plan = service.plan(&desired, &saved.choices).await?;
    let exit = match saved.bind(plan) {
        Ok(plan) => {
            let examination = args.choices.examination();
            let plan = examined(&args.execute, &service, &desired, plan, examination).await?;
            execute(&args.execute, &service, &desired, &plan, ui).await?
        }
        Err(stale) => {
            refuse_stale(&args.execute, &stale, ui)?;
            Exit::Failure
        }
    };
    service.close().await?;
    Ok(exit)
}

/// What was reviewed is what runs.
fn refuse_another_project(saved: &SavedPlan, differences: &[String]) -> anyhow::Result<()> {
    const SHOWN: usize = 5;
    if differences.is_empty() {
        return Ok(());
    }
    let mut words: Vec<_> = differences.iter().take(SHOWN).cloned().collect();
    if differences.len() > SHOWN {
        words.push(format!("and {} more", differences.len() - SHOWN));
    }
    let version = match saved.routectl.as_str() {
        env!("CARGO_PKG_VERSION") => String::new(),
        other => format!(" by routectl {other}"),
    };
    bail!(
        "the plan was made{version} from something else than what the project says now: {}; nothing was changed; make another plan, or check out what was planned",
        words.join(", ")
    )
}
