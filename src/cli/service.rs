//! The connection to a target.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use camino::Utf8Path;
use tokio::net::TcpListener;

use super::session::Compiled;
use super::{access, environment};
use crate::api::{Client, Connection};
use crate::apply::{self, Asker};
use crate::clock::{Clock as _, SystemClock};
use crate::diagnostic::Diagnostic;
use crate::emulator::{Emulator, FlinkSql, Running, Settings};
use crate::plan::{Choices, Examination, Facts, Live, Plan};
use crate::project::environment::EnvironmentText;
use crate::project::target::{Backend, Confluent, Target};
use crate::source_text::Sources;
use crate::statement::{Desired, Placement, label};

/// How many calls are made side by side while a plan is made.
const PARALLELISM: usize = 10;
/// How long to wait for another command that uses the same local target.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
/// What the emulator calls its one environment and database.
const EMULATOR: &str = "emulator";
/// Its one organization: the API asks for a UUID.
const ORGANIZATION: &str = "00000000-0000-0000-0000-000000000000";

/// A target that can be talked to.
pub(super) struct Service {
    /// The client.
    pub(super) client: Client,
    /// Where statements run.
    pub(super) placement: Placement,
    /// The emulator in this process, where that is what answers.
    emulator: Option<Running>,
    /// The pause between looks that suits the service.
    pub(super) poll: Duration,
    /// The default of `--settle`.
    pub(super) settle: Duration,
}

impl Service {
    /// Connects to a target; each call may take so long.
    pub(super) async fn connect(
        target: &Target,
        root: &Utf8Path,
        files: &Sources,
        timeout: Duration,
    ) -> anyhow::Result<Self> {
        match &target.backend {
            Backend::Emulator { endpoint: None } => {
                Self::in_process(&target.name.value, root, timeout).await
            }
            Backend::Emulator {
                endpoint: Some(endpoint),
            } => Self::emulator(expand(endpoint, files)?, None, timeout),
            Backend::Confluent(confluent) => Self::confluent(confluent, root, files, timeout),
        }
    }

    /// What a compiled project means here.
    pub(super) fn desired(&self, compiled: Compiled<'_>) -> Desired {
        Desired::new(
            &compiled.project.name.value,
            &compiled.target.name.value,
            self.placement.clone(),
            compiled.compilation,
        )
    }

    /// The statements of a project on the target.
    pub(super) async fn live(&self, project: &str, target: &str) -> anyhow::Result<Live> {
        let listing = self.client.list_own(&label::own(project, target)).await?;
        Ok(Live::new(listing, project, target))
    }

    /// What is to be done here.
    pub(super) async fn plan(&self, desired: &Desired, choices: &Choices) -> anyhow::Result<Plan> {
        let (project, target) = (&desired.project, &desired.target);
        // Those of others are asked for, too: they may write the topics of routes.
        let listing = self.client.list_all(&label::own(project, target)).await?;
        let live = Live::new(listing, project, target);
        let facts = Facts {
            now: SystemClock.now(),
            topics: self.asker(desired).topics(&live, &choices.selection).await,
        };
        apply::sweep(&self.client, &live, facts.now).await;
        Ok(Plan::new(desired, &live, choices, &facts))
    }

    /// Has the service check what a plan is about to deploy; what does not fit is blocked.
    pub(super) async fn examine(
        &self,
        desired: &Desired,
        plan: &mut Plan,
        examination: Examination,
    ) -> anyhow::Result<()> {
        Ok(apply::examine(self.asker(desired), plan, examination).await?)
    }

    fn asker<'a>(&'a self, desired: &'a Desired) -> Asker<'a> {
        Asker {
            client: &self.client,
            desired,
            poll: self.poll,
            parallelism: PARALLELISM,
        }
    }

    /// Ends what runs in this process.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        match self.emulator {
            Some(emulator) => emulator
                .stop()
                .await
                .context("the emulator did not end well"),
            None => Ok(()),
        }
    }

    async fn in_process(target: &str, root: &Utf8Path, timeout: Duration) -> anyhow::Result<Self> {
        let settings = Settings {
            journal: Some(root.join(".routectl").join(format!("{target}.jsonl"))),
            lock_patience: LOCK_PATIENCE,
            ..Settings::new(Arc::new(SystemClock), Arc::new(FlinkSql))
        };
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .context("no local port is free")?;
        let running = Emulator::open(&settings)?.spawn(listener)?;
        Self::emulator(running.url(), Some(running), timeout)
    }

    fn emulator(
        base_url: String,
        running: Option<Running>,
        timeout: Duration,
    ) -> anyhow::Result<Self> {
        let connection = Connection {
            base_url,
            organization: ORGANIZATION.to_owned(),
            environment: EMULATOR.to_owned(),
            credentials: None,
            timeout,
            extra_ca: None,
        };
        let client = Client::new(connection.clone())?.with_pools(&connection)?;
        let placement = Placement {
            catalog: EMULATOR.to_owned(),
            database: EMULATOR.to_owned(),
            compute_pool: None,
            principal: None,
        };
        let (poll, settle) = (Duration::from_millis(50), Duration::from_millis(100));
        Ok(Self {
            client,
            placement,
            emulator: running,
            poll,
            settle,
        })
    }

    fn confluent(
        confluent: &Confluent,
        root: &Utf8Path,
        files: &Sources,
        timeout: Duration,
    ) -> anyhow::Result<Self> {
        let id = |text: &Option<EnvironmentText>, key: &str, variable: &str| match text {
            Some(text) => expand(text, files),
            None => environment(variable)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| {
                    anyhow!("the target has no `{key}`; add it in routectl.yaml or set {variable}")
                }),
        };
        let organization = id(
            &confluent.organization,
            "organization",
            "CONFLUENT_ORGANIZATION_ID",
        )?;
        let catalog = id(
            &confluent.environment,
            "environment",
            "CONFLUENT_ENVIRONMENT_ID",
        )?;
        let compute_pool = id(
            &confluent.compute_pool,
            "compute-pool",
            "FLINK_COMPUTE_POOL_ID",
        )?;
        let database = id(&confluent.database, "database", "KAFKA_CLUSTER_ID")?;
        let principal = confluent
            .service_account
            .as_ref()
            .map(|text| expand(text, files))
            .transpose()?;
        let connection = Connection {
            base_url: access::address(&confluent.host, files)?,
            organization,
            environment: catalog.clone(),
            credentials: Some(access::credentials()?),
            timeout,
            extra_ca: access::extra_ca(confluent.ca_file.as_ref(), root, files)?,
        };
        let client = access::with_pools(Client::new(connection.clone())?, connection)?;
        let placement = Placement {
            catalog,
            database,
            compute_pool: Some(compute_pool),
            principal,
        };
        let (poll, settle) = (Duration::from_secs(2), Duration::from_secs(10));
        Ok(Self {
            client,
            placement,
            emulator: None,
            poll,
            settle,
        })
    }
}

pub(super) fn expand(text: &EnvironmentText, files: &Sources) -> anyhow::Result<String> {
    text.expand(&environment)
        .map_err(|problem| located(&problem, files))
}

/// A finding as an error: it already reads as one.
fn located(problem: &Diagnostic, files: &Sources) -> anyhow::Error {
    let file = files.file(problem.primary.span.file);
    let position = file.position(problem.primary.span.start as usize);
    let help = problem.help.join("; ");
    anyhow!(
        "{} ({}:{}:{}); {help}",
        problem.message,
        file.path(),
        position.line,
        position.column
    )
}
