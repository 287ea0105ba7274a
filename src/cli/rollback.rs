//! `routectl rollback`

use anyhow::{Context as _, bail, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::choices::ChoiceFlags;
use super::execute::{ExecuteFlags, examined, execute};
use super::revision::Revision;
use super::service::Service;
use super::session::{self, Definition, Session, start_directory};
use super::ui::Ui;
use super::{Exit, Globals, ServiceFlags};
use crate::plan::{Action, Entry, Plan, SavedPlan};
use crate::project::Project;
use crate::statement::Desired;

/// Make the target run what the routes said before
///
/// Goes forward to the former state: statements that are different now are replaced where they stop, so that nothing is
/// lost or repeated. Where statements run (environment, cluster, pool, account) is what the project says now.
///
/// A revision is compiled as it was, without running its tests: they passed when it was deployed. Routes that are newer
/// are left alone unless `--prune` is given. The project's files stay as they are, so the next `apply` brings back what
/// they say: revert them, too.
#[derive(Debug, Args)]
pub(super) struct RollbackArgs {
    #[command(flatten)]
    service: ServiceFlags,
    /// Former state: a plan that `plan --out` saved, or a git revision such as HEAD~1, v1.2 or a commit
    #[arg(long, value_name = "PLAN|REVISION", env = "ROUTECTL_TO")]
    to: String,
    #[command(flatten)]
    choices: ChoiceFlags,
    #[command(flatten)]
    execute: ExecuteFlags,
}

pub(super) async fn run(
    args: &RollbackArgs,
    globals: &Globals,
    ui: &mut Ui,
) -> anyhow::Result<Exit> {
    let (definition, findings) = Definition::load(globals)?;
    let usable = session::report(findings, &definition.files, ui)?;
    let Some(project) = definition.project.as_ref().filter(|_| usable) else {
        return Ok(Exit::Failure);
    };
    let present = Present {
        globals,
        definition: &definition,
        project,
        service: &args.service,
    };
    let start = start_directory(globals)?;
    let plan = Utf8Path::new(&args.to);
    let found = if start.join(plan).is_file() {
        Some(
            present
                .planned(SavedPlan::read(&start, plan)?, plan, ui)
                .await?,
        )
    } else {
        present.revision(&args.to, ui).await?
    };
    let Some((service, desired)) = found else {
        return Ok(Exit::Failure);
    };
    let choices = args.choices.choices(&desired)?;
    let examination = args.choices.examination();
    let plan = service.plan(&desired, &choices).await?;
    let plan = examined(&args.execute, &service, &desired, plan, examination).await?;
    let plan = in_words_of_rollback(plan);
    let exit = execute(&args.execute, &service, &desired, &plan, ui).await?;
    service.close().await?;
    Ok(exit)
}

/// The project as it is.
struct Present<'p> {
    globals: &'p Globals,
    definition: &'p Definition,
    project: &'p Project,
    service: &'p ServiceFlags,
}

const UNLESS_REVERTED: &str = "the project's files stay as they are: unless they are reverted, too, the next `apply` brings back what they say";

impl Present<'_> {
    async fn connect(&self) -> anyhow::Result<Service> {
        let target = self
            .project
            .target(&self.service.target.name)
            .map_err(anyhow::Error::msg)?;
        let Definition { root, files, .. } = self.definition;
        Service::connect(target, root, files, self.service.request.timeout).await
    }

    /// What a saved plan says should be on the target.
    async fn planned(
        &self,
        plan: SavedPlan,
        path: &Utf8Path,
        ui: &mut Ui,
    ) -> anyhow::Result<(Service, Desired)> {
        let planned = plan.desired;
        let is_for = |what: &str, was: &str, is: &str| {
            ensure!(
                was == is,
                "the plan `{path}` is for the {what} `{was}`, not for `{is}`; name a plan for this one"
            );
            Ok(())
        };
        is_for("project", &planned.project, &self.project.name.value)?;
        is_for("target", &planned.target, &self.service.target.name)?;
        let service = self.connect().await?;
        let (was, is) = (&planned.placement, &service.placement);
        is_for("environment", &was.catalog, &is.catalog)?;
        is_for("database", &was.database, &is.database)?;
        ui.say(&format!(
            "going back to what `{path}` says; {UNLESS_REVERTED}"
        ))?;
        let desired = Desired {
            placement: service.placement.clone(),
            ..planned
        };
        Ok((service, desired))
    }

    /// What the routes of a revision say should be on the target; `None` where they cannot be compiled.
    async fn revision(
        &self,
        name: &str,
        ui: &mut Ui,
    ) -> anyhow::Result<Option<(Service, Desired)>> {
        let (root, file) = session::locate(self.globals)?;
        let revision = Revision::of(&root, &file, name)?;
        let in_revision = || format!("in revision `{name}`");
        let former = Globals {
            directory: Some(revision.root().to_owned()),
            config: Some(Utf8PathBuf::from(file)),
            ..self.globals.clone()
        };
        let (session, findings) = Session::load(&former).with_context(in_revision)?;
        let is = &self.project.name.value;
        let was = session
            .workspace
            .as_ref()
            .map(|workspace| &workspace.project.name.value);
        if let Some(was) = was.filter(|was| *was != is) {
            bail!(
                "the project was called `{was}` in revision `{name}` and is called `{is}` now: their statements have nothing to do with each other"
            );
        }
        let Some(compiled) = session
            .compile(&self.service.target.name, findings, ui)
            .with_context(in_revision)?
        else {
            ui.error(&format!(
                "revision `{name}` cannot be compiled; nothing was changed; name another one, or a plan that `plan --out` saved"
            ))?;
            return Ok(None);
        };
        let service = self.connect().await?;
        let desired = service.desired(compiled);
        let commit = &revision.commit;
        ui.say(&format!(
            "going back to revision `{name}` ({commit}); {UNLESS_REVERTED}"
        ))?;
        Ok(Some((service, desired)))
    }
}

/// What is newer than the former state is no route of it, and `apply` would not delete it.
fn in_words_of_rollback(mut plan: Plan) -> Plan {
    for Entry { decision, .. } in &mut plan.entries {
        if decision.action == Action::Orphaned && decision.remedy.is_some() {
            let remedy = "`--prune` deletes it with its position; the topic stays";
            decision.remedy = Some(remedy.to_owned());
        }
    }
    plan
}
