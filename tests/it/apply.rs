//! Carrying out plans that the world has overtaken, through the library.

use std::time::Duration;

use routectl::api::{Client, ListFilter, Phase};
use routectl::apply::{
    self, FRESH, Interrupt, Options, Outcome, Progress, Report, Status, Waiting,
};
use routectl::check;
use routectl::clock::{Clock as _, SystemClock};
use routectl::diagnostic::Findings;
use routectl::plan::{Choices, Facts, Live, Plan};
use routectl::source_text::Sources;
use routectl::sql::Templates;
use routectl::statement::{Desired, Placement, compile, label};
use routectl::workspace;
use serde_json::json;

use crate::api::script::{Server, refusal, reply};
use crate::env::Env;

struct Silent;

impl Progress for Silent {
    fn begin(&self, _: usize) {}
    fn step(&self, _: &str, _: &str) {}
    fn outcome(&self, _: &Outcome) {}
    fn end(&self) {}
}

fn desired(env: &Env) -> Desired {
    let (mut files, mut findings) = (Sources::default(), Findings::default());
    let workspace = workspace::load(env.root(), "routectl.yaml", &mut files, &mut findings);
    let workspace = workspace.unwrap().unwrap();
    let target = workspace.project.target("local").unwrap();
    let routes = check::check(&workspace, &mut findings);
    let templates = Templates::load(&std::collections::BTreeMap::new()).unwrap();
    let project = &workspace.project;
    let compiled = compile::compile(project, target, &routes, &files, &templates, &mut findings);
    assert!(!findings.has_errors());
    let placement = Placement {
        catalog: "emulator".to_owned(),
        database: "emulator".to_owned(),
        compute_pool: None,
        principal: None,
    };
    Desired::new("shop", "local", placement, compiled)
}

async fn plan(client: &Client, desired: &Desired, prune: bool) -> Plan {
    let filter = ListFilter {
        labels: label::owner("shop", "local"),
        ..ListFilter::default()
    };
    let listing = client.list(&filter).await.unwrap();
    let choices = Choices {
        prune,
        ..Choices::default()
    };
    plan_of(desired, &Live::new(listing, "shop", "local"), &choices)
}

fn plan_of(desired: &Desired, live: &Live, choices: &Choices) -> Plan {
    let facts = Facts {
        now: SystemClock.now(),
        topics: std::collections::BTreeMap::new(),
    };
    Plan::new(desired, live, choices, &facts)
}

fn options(run: &str) -> Options {
    Options {
        parallelism: 10,
        waiting: Waiting {
            timeout: Duration::from_secs(20),
            poll: Duration::from_millis(1),
            interrupt: Interrupt::default(),
        },
        settle: Duration::ZERO,
        fresh: FRESH,
        run: Some(run.to_owned()),
    }
}

async fn carry_out(client: &Client, desired: &Desired, plan: &Plan, run: &str) -> Report {
    apply::run(client, desired, plan, &options(run), &SystemClock, &Silent).await
}

fn lines(report: &Report) -> String {
    anstream::adapter::strip_str(&apply::human::render(report)).to_string()
}

#[test]
fn regression_7_the_loser_of_a_name_looks_and_names_the_winner() {
    let env = Env::new();
    let desired = desired(&env);
    env.ask(|client| async move {
        let overtaken = plan(&client, &desired, false).await;
        let winner = carry_out(&client, &desired, &overtaken, "first").await;
        assert!(winner.is_success(), "{winner:?}");
        let loser = carry_out(&client, &desired, &overtaken, "second").await;
        insta::assert_snapshot!(lines(&loser), @"
        failed  large  the run `first` was faster: `shop-large-li4b6shpsd-g1` is RUNNING; run the command again
        failed  paid   the run `first` was faster: `shop-paid-xrkjpb4iu5-g1` is RUNNING; run the command again
        ");
        assert_eq!(loser.count(Status::Failed), 2);
    });
    assert_eq!(env.statements().len(), 2);
}

#[test]
fn what_was_seen_too_long_ago_is_not_acted_on() {
    let env = Env::new();
    let desired = desired(&env);
    env.ask(|client| async move {
        let plan = plan(&client, &desired, false).await;
        let options = Options {
            fresh: Duration::ZERO,
            ..options("slow")
        };
        let report = apply::run(&client, &desired, &plan, &options, &SystemClock, &Silent).await;
        insta::assert_snapshot!(lines(&report), @"
        failed  large  the service takes longer than 0 s to show its statements, too long to act on what was seen; run the command again with a smaller `--parallelism`
        failed  paid   the service takes longer than 0 s to show its statements, too long to act on what was seen; run the command again with a smaller `--parallelism`
        ");
    });
    // The tasks of the tables, and no route.
    insta::assert_debug_snapshot!(env.statements(), @r#"
    [
        "shop-large-orders-oghqwidovw-t COMPLETED",
        "shop-paid-orders-qmoax43byj-t COMPLETED",
    ]
    "#);
}

#[test]
fn two_applies_at_once_double_nothing() {
    let env = Env::new();
    for number in 0..20 {
        env.route(&format!("r{number}"), "{field: status, equals: new}");
    }
    let desired = desired(&env);
    env.ask(|client| async move {
        let (one, two) = (
            plan(&client, &desired, false).await,
            plan(&client, &desired, false).await,
        );
        let (one, two) = tokio::join!(
            carry_out(&client, &desired, &one, "one"),
            carry_out(&client, &desired, &two, "two"),
        );
        for (one, two) in one.outcomes.iter().zip(&two.outcomes) {
            assert_eq!(one.route, two.route);
            let statuses = [one.status, two.status];
            assert!(
                statuses.contains(&Status::Done) && statuses.contains(&Status::Failed),
                "{one:?} {two:?}"
            );
            let lost = if one.status == Status::Failed {
                one
            } else {
                two
            };
            assert!(lost.detail.contains("was faster"), "{lost:?}");
        }
    });
    assert_eq!(env.statements().len(), 22);
}

#[test]
fn regression_16_a_deletion_that_fails_is_reported_and_the_others_go_on() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.remove("routes/large.yaml");
    env.remove("routes/paid.yaml");
    env.route("another", "{field: status, equals: new}");
    let desired = desired(&env);
    let (large, paid) = ("shop-large-li4b6shpsd-g1", "shop-paid-xrkjpb4iu5-g1");
    let overtaken = env.ask(|client| {
        let desired = &desired;
        async move { plan(&client, desired, true).await }
    });
    // Somebody deletes one and creates another of its name.
    let read = env.get(large).unwrap();
    env.delete(large);
    assert_eq!(env.get(large), None);
    let anew = env.create(routectl::api::NewStatement {
        name: large.to_owned(),
        sql: read.spec.statement,
        labels: read.metadata.labels.into_keys().collect(),
        ..routectl::api::NewStatement::default()
    });
    env.ask(|client| async move {
        let report = carry_out(&client, &desired, &overtaken, "late").await;
        insta::assert_snapshot!(lines(&report), @"
        done    another                   `shop-another-yypakq4qyj-g1` is RUNNING
        failed  shop-large-li4b6shpsd-g1  `shop-large-li4b6shpsd-g1` was deleted and created anew in the meantime; run the command again
        done    shop-paid-xrkjpb4iu5-g1   deleted with its position; the topic stays
        ");
    });
    assert_eq!(env.get(large).unwrap().metadata.uid, anew.metadata.uid);
    assert_eq!(env.get(paid), None);
}

#[test]
fn a_task_that_an_earlier_run_left_behind_is_in_nobodys_way() {
    let env = Env::new();
    let desired = desired(&env);
    let table = &desired.tables["large-orders"];
    // One that failed, and one that is done.
    let mut failed = desired.task(table, None);
    failed.sql = "NO SQL".to_owned();
    env.create(failed);
    env.create(desired.task(&desired.tables["paid-orders"], None));
    env.apply([]).expect(0);
    assert_eq!(env.statements().len(), 2);
}

#[test]
fn a_task_name_that_another_owner_has_is_left_alone() {
    let env = Env::new();
    let desired = desired(&env);
    let mut foreign = desired.task(&desired.tables["large-orders"], None);
    foreign.labels = Vec::new();
    foreign.sql = "NO SQL".to_owned();
    let foreign = env.create(foreign);
    let ran = env.apply([]);
    insta::assert_snapshot!(ran, @"
    --- stdout
    + create    large  to large-orders, from earliest
    + create    paid   to paid-orders, from earliest

    skipped  large  its table could not be made: the name `shop-large-orders-oghqwidovw-t` of its task belongs to a statement that is not this project's; it is left alone
    done     paid   `shop-paid-xrkjpb4iu5-g1` is RUNNING

    Plan: 2 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged
    --- stderr
    error: 1 of 2 routes done, 1 skipped
    --- exit 1
    ");
    assert_eq!(
        env.get(&foreign.name).unwrap().metadata.uid,
        foreign.metadata.uid
    );
}

/// A stop that meets a change of the statement looks again and decides anew.
#[test]
fn regression_7_a_stop_that_meets_a_change_looks_again() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.route_with(
        "large",
        "{field: amount, greaterThan: 1000}",
        "enabled: false",
    );
    let desired = desired(&env);
    let listed = env.get("shop-large-li4b6shpsd-g1").unwrap();
    let disabled = Live::new(vec![listed.clone()], "shop", "local");
    let mut plan = plan_of(&desired, &disabled, &Choices::default());
    plan.entries.retain(|entry| entry.route == "large");
    let look = |phase: Phase, version: &str| {
        let mut statement = listed.clone();
        statement.status.phase = phase;
        statement.metadata.resource_version = Some(version.to_owned());
        if statement.status.phase == Phase::Stopped {
            let offsets = ("raw-orders".to_owned(), "partition:0,offset:7".to_owned());
            statement.status.latest_offsets = [offsets].into();
        }
        reply(200, &json!(statement))
    };
    // Each look asks for the next name too.
    let replies = [
        vec![refusal(404), look(Phase::Running, "1"), refusal(409)],
        vec![refusal(404), look(Phase::Running, "2"), reply(202, "")],
        vec![refusal(404), look(Phase::Stopping, "3")],
        vec![refusal(404), look(Phase::Stopped, "4")],
    ];
    env.ask(|_| async move {
        let server = Server::start(replies.concat()).await;
        let report = carry_out(&server.client(), &desired, &plan, "run").await;
        insta::assert_snapshot!(lines(&report), @"done  large  `shop-large-li4b6shpsd-g1` is STOPPED; its position is kept");
        assert_eq!(
            server.methods(),
            "GET GET PUT GET GET PUT GET GET GET GET"
        );
    });
}

/// Permissions that are missing for one call fail the routes that need it, each by name.
#[test]
fn regression_5_a_refused_creation_is_no_success() {
    let env = Env::new();
    let desired = desired(&env);
    let plan = plan_of(&desired, &Live::default(), &Choices::default());
    env.ask(|_| async move {
        let server = Server::start([refusal(403), refusal(403)]).await;
        let report = carry_out(&server.client(), &desired, &plan, "run").await;
        assert_eq!(report.count(Status::Skipped), 2);
        assert!(!report.is_success());
        let lines = lines(&report).replace(&server.url, "https://flink.example");
        insta::assert_snapshot!(lines, @"
        skipped  large  its table could not be made: `POST https://flink.example/sql/v1/organizations/org/environments/env/statements` (request `req-1`) is not allowed (403): so it is; check the roles of the API key's owner in this environment and compute pool
        skipped  paid   its table could not be made: `POST https://flink.example/sql/v1/organizations/org/environments/env/statements` (request `req-1`) is not allowed (403): so it is; check the roles of the API key's owner in this environment and compute pool
        ");
        assert_eq!(server.methods(), "POST POST");
    });
}

#[test]
fn the_table_of_a_source_is_made_before_anything_reads_it() {
    let env = Env::new();
    env.apply([]).expect(0);
    assert!(
        !env.read("journal.jsonl")
            .contains("CREATE TABLE IF NOT EXISTS `raw-orders`")
    );
    let project = env.read("routectl.yaml");
    let project = project.replace("create: never", "create: if-not-exists");
    env.write("routectl.yaml", &project);
    env.route("new", "{field: status, equals: new}");
    env.apply([]).expect(0);
    let journal = env.read("journal.jsonl");
    let at = |text: &str| {
        journal
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {journal}"))
    };
    assert!(at("CREATE TABLE IF NOT EXISTS `raw-orders`") < at("INSERT INTO `new-orders`"));
    assert_eq!(env.statements().len(), 3);
}
