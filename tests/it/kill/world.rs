//! An emulator and clients that can be killed at any call; the time is theirs alone.

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use routectl::api::{ApiError, Client, Connection, ListFilter, Phase, Statement};
use routectl::apply::{
    self, Asker, FRESH, Interrupt, Options, Outcome, Progress, Report, Status, Waiting,
};
use routectl::clock::{Clock as _, ManualClock};
use routectl::emulator::{
    Emulator, Fact, FactKind, FlinkSql, Growth, Ledger, NewTable, Running, Settings, Timing,
};
use routectl::plan::{Action, Choices, Facts, Live, Plan};
use routectl::statement::{Desired, label};
use tokio::net::TcpListener;

use super::config::{Config, SHARED, SOURCE};
use super::diary::Diary;

/// How often a command runs until nothing is left to do, at most.
const MOST_RUNS: usize = 12;

/// A world of its own.
pub(super) struct World {
    pub(super) client: Client,
    pub(super) running: Running,
    clock: ManualClock,
    diary: Arc<Diary>,
}

/// How a world is.
pub(super) struct Circumstances {
    pub(super) timing: Timing,
    /// How much time passes with every call.
    pub(super) tick: SignedDuration,
    /// Switches of the service as text.
    pub(super) behaviour: String,
    pub(super) seed: u64,
}

impl Default for Circumstances {
    fn default() -> Self {
        Self {
            timing: Timing::INSTANT,
            tick: SignedDuration::from_millis(100),
            behaviour: String::new(),
            seed: 0,
        }
    }
}

/// When a client dies, or waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// The call is carried out and its answer never read.
    After,
    /// The call is carried out later than whatever the next run does.
    Late,
}

/// Where a project came to rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rest {
    /// All is as wanted.
    Done,
    /// It says what a human has to do.
    Blocked(Vec<String>),
    /// Every run fails.
    Failing(Vec<String>),
}

/// What came of a run.
pub(super) struct Ran {
    pub(super) lines: Vec<String>,
    pub(super) is_success: bool,
    pub(super) is_blocked: bool,
    /// Whether it reported that events are written twice.
    pub(super) reports_conflict: bool,
}

struct Silent;

impl Progress for Silent {
    fn begin(&self, _: usize) {}
    fn step(&self, _: &str, _: &str) {}
    fn outcome(&self, _: &Outcome) {}
    fn end(&self) {}
}

impl World {
    pub(super) async fn new(circumstances: &Circumstances) -> Self {
        // Long after the year 1970, with room before it for what is old.
        let clock = ManualClock::new("2026-01-01T00:00:00Z".parse().unwrap());
        let diary = Arc::new(Diary::new(clock.clone(), circumstances.tick));
        let mut settings = Settings::new(Arc::new(clock.clone()), Arc::new(FlinkSql));
        settings.timing = circumstances.timing;
        settings.growth = Growth {
            seed: circumstances.seed,
            partitions: 2,
            ..Growth::default()
        };
        settings.topics = vec![NewTable {
            name: SOURCE.to_owned(),
            ..NewTable::default()
        }];
        settings.witness = Some(diary.clone());
        if !circumstances.behaviour.is_empty() {
            settings.behaviour = circumstances.behaviour.parse().unwrap();
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let running = Emulator::open(&settings).unwrap().spawn(listener).unwrap();
        let client = Client::new(Connection {
            base_url: running.url(),
            organization: "00000000-0000-0000-0000-000000000000".to_owned(),
            environment: "env".to_owned(),
            credentials: None,
            timeout: Duration::from_secs(30),
            extra_ca: None,
        });
        Self {
            client: client.unwrap().with_first_pause(Duration::ZERO),
            running,
            clock,
            diary,
        }
    }

    fn note(&self, note: String) {
        self.diary.note(note);
    }

    pub(super) fn fault(&self, rule: &str) {
        let rule = rule.parse().unwrap();
        self.running.inspector().add_fault(rule).unwrap();
    }

    /// Lets time pass.
    pub(super) fn wait(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    /// All statements that are there, as they are.
    pub(super) async fn statements(&self) -> Result<Vec<Statement>, ApiError> {
        let listed = self.client.list(&ListFilter::default()).await?;
        let mut found = Vec::new();
        for one in listed {
            found.extend(self.client.get(&one.name).await?);
        }
        Ok(found)
    }

    async fn plan(&self, desired: &Desired, choices: &Choices) -> Result<Plan, String> {
        let own = label::own(&desired.project, &desired.target);
        let listing = self.client.list_all(&own).await;
        let listing = listing.map_err(|error| error.to_string())?;
        let live = Live::new(listing, &desired.project, &desired.target);
        let asker = Asker {
            client: &self.client,
            desired,
            poll: Duration::ZERO,
            parallelism: 4,
        };
        let facts = Facts {
            now: self.clock.now(),
            topics: asker.topics(&live, &choices.selection).await,
        };
        Ok(Plan::new(desired, &live, choices, &facts))
    }

    /// What the command does: lists, plans, carries out.
    pub(super) async fn apply(&self, config: &Config, choices: &Choices, run: &str) -> Ran {
        self.note(format!("{run} applies {config:?}"));
        let desired = config.desired();
        let ran = match self.plan(&desired, choices).await {
            Err(error) => Ran::failed(error),
            Ok(plan) => {
                let report = self.carry_out(&desired, &plan, run).await;
                Ran::of(&plan, &report)
            }
        };
        self.note(format!("{run} ends: {:?}", ran.lines));
        ran
    }

    async fn carry_out(&self, desired: &Desired, plan: &Plan, run: &str) -> Report {
        let options = Options {
            parallelism: 1,
            waiting: Waiting {
                timeout: Duration::from_millis(60),
                poll: Duration::ZERO,
                interrupt: Interrupt::default(),
            },
            settle: Duration::ZERO,
            fresh: FRESH,
            run: Some(run.to_owned()),
        };
        apply::run(&self.client, desired, plan, &options, &self.clock, &Silent).await
    }

    /// Applies and dies at this call, the first one being 0; whether it got that far.
    pub(super) async fn die(
        &self,
        config: &Config,
        choices: &Choices,
        call: u32,
        moment: Moment,
    ) -> bool {
        let after = moment == Moment::After;
        self.fault(&format!(
            "fault=hold,skip={call},times=1,after_effect={after}"
        ));
        let is_held = tokio::select! {
            biased;
            () = self.running.inspector().until_held() => true,
            _ = self.apply(config, choices, "victim") => false,
        };
        self.note(format!("dies: {is_held}"));
        is_held
    }

    /// Applies; something else happens while it waits for this call, which is carried out after that.
    pub(super) async fn disturb(
        &self,
        config: &Config,
        choices: &Choices,
        call: u32,
        what: impl Future<Output = ()>,
    ) -> Option<Ran> {
        self.fault(&format!("fault=hold,skip={call},times=1"));
        let mut run = pin!(self.apply(config, choices, "slow"));
        tokio::select! {
            biased;
            () = self.running.inspector().until_held() => {}
            _ = &mut run => return None,
        }
        what.await;
        self.release().await;
        Some(run.await)
    }

    /// Ends all faults, and lets what is held up be carried out.
    pub(super) async fn release(&self) {
        self.running.inspector().clear_faults().unwrap();
        // Whoever is still alive reads its answer later.
        self.running.inspector().until_none_held().await;
    }

    /// Runs the command until it says that nothing is left to do, or what is in its way.
    pub(super) async fn rest(&self, config: &Config, choices: &Choices) -> (Rest, bool) {
        let mut reports_conflict = false;
        let mut last = Vec::new();
        for number in 0..MOST_RUNS {
            let ran = self.apply(config, choices, &format!("rest-{number}")).await;
            reports_conflict |= ran.reports_conflict;
            if ran.lines.is_empty() && ran.is_success {
                return (Rest::Done, reports_conflict);
            }
            if ran.lines == last && ran.is_blocked {
                return (Rest::Blocked(ran.lines), reports_conflict);
            }
            last = ran.lines;
            // Lists that lag have caught up by then.
            self.wait(SignedDuration::from_secs(20));
        }
        (Rest::Failing(last), reports_conflict)
    }

    /// What the ledger has against all.
    pub(super) fn facts(&self) -> Vec<Fact> {
        self.ledger().check()
    }

    /// The ledger; of the topic that routes share, each has what it wrote.
    pub(super) fn ledger(&self) -> Ledger {
        let mut ledger = self.running.inspector().ledger().unwrap();
        for run in ledger.runs.iter_mut().filter(|run| run.sink == SHARED) {
            let (route, _) = of_generation(&run.statement);
            run.sink = format!("{SHARED} of {route}");
        }
        ledger
    }

    /// What must hold whatever happened: nothing lost, nothing doubled, nobody reads again who was replaced.
    pub(super) fn verdict(&self) -> Result<(), String> {
        let ledger = self.ledger();
        let facts = ledger.check();
        if !facts.is_empty() {
            return Err(format!("{:?}", facts[0]));
        }
        let sinks: BTreeSet<_> = ledger.runs.iter().map(|run| &run.sink).collect();
        for sink in sinks {
            let owners = ledger.owners(sink, SOURCE);
            let generations: Vec<u32> = owners.iter().map(|name| of_generation(name).1).collect();
            if !generations.is_sorted_by(|a, b| a < b) {
                return Err(format!("{sink} was written by {owners:?}"));
            }
        }
        Ok(())
    }

    /// What must hold besides where all is done: exactly the wanted content runs.
    pub(super) async fn runs_what_is_wanted(&self, config: &Config) -> Result<(), String> {
        let desired = config.desired();
        let wanted = desired.routes.values().filter(|route| route.enabled);
        let mut wanted: Vec<_> = wanted
            .map(|route| (route.identity.id(), route.fingerprint.content.clone()))
            .collect();
        wanted.sort();
        let statements = self.statements().await.unwrap();
        let active = statements.iter().filter(|one| {
            let phase = &one.status.phase;
            // A task that was carried out late makes a table that is there, and goes by itself.
            let is_over = matches!(phase, Phase::Stopped | Phase::Failed | Phase::Completed);
            !is_over && !label::is_task(one)
        });
        let mut running = Vec::new();
        for one in active {
            let name = routectl::statement::StatementName::parse(&one.name);
            let name = name.ok_or_else(|| format!("`{}` is left behind", one.name))?;
            let content = label::fingerprint(one).map(|recorded| recorded.content);
            running.push((name.id().clone(), content.unwrap_or_default()));
            if one.status.phase != Phase::Running {
                return Err(format!("`{}` is {}", one.name, one.status.phase));
            }
            if one.spec.compute_pool_id != desired.placement.compute_pool {
                return Err(format!("`{}` is in another pool", one.name));
            }
        }
        running.sort();
        if running == wanted {
            Ok(())
        } else {
            Err(format!("{running:?} run and {wanted:?} are wanted"))
        }
    }

    /// What happened, for whoever has to find out why.
    pub(super) fn diary(&self) -> String {
        self.diary.read()
    }
}

/// The route and the number of a generation, by its name.
pub(super) fn of_generation(name: &str) -> (&str, u32) {
    let (route, number) = name.rsplit_once("-g").unwrap();
    (route, number.parse().unwrap())
}

impl Ran {
    fn failed(error: String) -> Self {
        Self {
            lines: vec![error],
            is_success: false,
            is_blocked: false,
            reports_conflict: false,
        }
    }

    fn of(plan: &Plan, report: &Report) -> Self {
        let mut outcomes = report.outcomes.iter();
        let entries = plan.entries.iter();
        let mut actions = entries.map(|entry| entry.decision.action);
        let in_conflict = |detail: &str| detail.contains("twice");
        Self {
            is_success: report.is_success(),
            is_blocked: !report.is_success()
                && outcomes.clone().all(|outcome| {
                    matches!(
                        outcome.status,
                        Status::Done | Status::Refused | Status::Unhealthy
                    )
                }),
            reports_conflict: actions.any(|action| action == Action::Conflict)
                || outcomes.any(|outcome| in_conflict(&outcome.detail)),
            lines: report
                .outcomes
                .iter()
                .map(|one| format!("{} {}: {}", one.status.word(), one.title, one.detail))
                .collect(),
        }
    }
}

/// Whether any of these says that something was read twice.
pub(super) fn is_doubled(facts: &[Fact]) -> bool {
    facts.iter().any(|fact| fact.kind == FactKind::Overlap)
}

/// Runs a story on a runtime of its own.
pub(super) fn play<T>(story: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(story)
}
