//! The emulator over HTTP, through the client.

mod access;
mod calls;
mod commands;
mod faults;
mod journal;
mod laws;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use routectl::api::{
    ApiError, Client, Connection, Credentials, Deleted, ListFilter, NewStatement, Own, Phase,
    Statement,
};
use routectl::clock::ManualClock;
use routectl::emulator::{
    Account, Emulator, Flow, NewTable, Running, Settings, Source, SqlEffect, SqlReader,
};
use serde_json::Value;

use crate::contract::HeldToContract;

/// Reads just the statements of these tests.
#[derive(Debug)]
struct Words;

impl SqlReader for Words {
    fn read(&self, sql: &str) -> Result<SqlEffect, String> {
        match sql.split_whitespace().collect::<Vec<_>>()[..] {
            ["CREATE", "TABLE", table] => Ok(SqlEffect::CreateTable {
                table: NewTable {
                    name: table.to_owned(),
                    ..NewTable::default()
                },
                if_not_exists: false,
            }),
            ["INSERT", "INTO", sink, "SELECT", "*", "FROM", source] => {
                Ok(SqlEffect::Insert(vec![Flow {
                    sink: sink.to_owned(),
                    columns: Vec::new(),
                    source: Source {
                        table: source.to_owned(),
                        columns: Vec::new(),
                        hint: BTreeMap::new(),
                    },
                }]))
            }
            ["SHOW", ..] => Ok(SqlEffect::Other),
            _ => Err(format!("cannot read `{sql}`")),
        }
    }
}

const ORGANIZATION: &str = "7c60d51f-b44e-4682-87d6-449835ea4de6";
const ENVIRONMENT: &str = "env-abc123";
const DDL: &str = "CREATE TABLE t";
const INSERT: &str = "INSERT INTO t SELECT * FROM s";

/// An emulator at work, its clock, and a client of it.
struct World {
    clock: ManualClock,
    running: Running,
    client: Client,
    _contract: HeldToContract,
}

impl World {
    async fn start(adjust: impl FnOnce(&mut Settings)) -> Self {
        let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
        let mut settings = settings(&clock);
        let contract = HeldToContract::new(&mut settings);
        adjust(&mut settings);
        let running = spawn(&settings).await;
        let client = Client::new(connection(&running.url())).unwrap();
        Self {
            clock,
            running,
            client,
            _contract: contract,
        }
    }

    fn wait(&self, millis: i64) {
        self.clock.advance(SignedDuration::from_millis(millis));
    }

    async fn create(&self, name: &str, sql: &str) -> Result<Statement, ApiError> {
        self.client.create(&new(name, sql)).await
    }

    async fn get(&self, name: &str) -> Option<Statement> {
        self.client.get(name).await.unwrap()
    }

    async fn phase(&self, name: &str) -> Option<Phase> {
        self.get(name).await.map(|statement| statement.status.phase)
    }
}

fn settings(clock: &ManualClock) -> Settings {
    Settings {
        lock_patience: Duration::ZERO,
        ..Settings::new(Arc::new(clock.clone()), Arc::new(Words))
    }
}

async fn spawn(settings: &Settings) -> Running {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    Emulator::open(settings).unwrap().spawn(listener).unwrap()
}

fn bearer(token: &str) -> Credentials {
    Credentials::Bearer {
        token: token.into(),
        identity_pool: None,
    }
}

fn connection(url: &str) -> Connection {
    Connection {
        base_url: url.to_owned(),
        organization: ORGANIZATION.to_owned(),
        environment: ENVIRONMENT.to_owned(),
        credentials: None,
        timeout: Duration::from_secs(30),
        extra_ca: None,
    }
}

fn new(name: &str, sql: &str) -> NewStatement {
    NewStatement {
        name: name.to_owned(),
        sql: sql.to_owned(),
        ..NewStatement::default()
    }
}

#[tokio::test]
async fn a_statement_lives_from_creation_to_deletion() {
    let world = World::start(|_| {}).await;
    let ddl = world.create("ddl", DDL).await.unwrap();
    assert_eq!(ddl.status.phase, Phase::Pending);
    world.wait(200);
    assert_eq!(world.phase("ddl").await, Some(Phase::Completed));

    let asked = NewStatement {
        properties: [("sql.local-time-zone".to_owned(), "UTC".to_owned())].into(),
        labels: vec!["user.confluent.io/routectl".to_owned()],
        compute_pool: Some("lfcp-1".to_owned()),
        principal: Some("sa-1".to_owned()),
        ..new("in", INSERT)
    };
    let created = world.client.create(&asked).await.unwrap();
    world.wait(400);
    let running = world.get("in").await.unwrap();
    assert_eq!(running.status.phase, Phase::Running);
    assert_eq!(running.metadata.uid, created.metadata.uid);
    assert_ne!(
        running.metadata.resource_version,
        created.metadata.resource_version
    );
    assert_eq!(running.spec.properties, asked.properties);
    assert!(running.has_label("user.confluent.io/routectl"));
    assert_eq!(running.spec.compute_pool_id, asked.compute_pool);
    assert_eq!(running.spec.principal, asked.principal);

    let stale = world.client.set_stopped(&created, true).await;
    assert!(matches!(stale, Err(ApiError::Conflict { .. })), "{stale:?}");
    world.client.set_stopped(&running, true).await.unwrap();
    assert_eq!(world.phase("in").await, Some(Phase::Stopping));
    world.wait(200);
    let stopped = world.get("in").await.unwrap();
    assert_eq!(stopped.status.phase, Phase::Stopped);
    assert!(stopped.spec.stopped);
    world.client.set_stopped(&stopped, false).await.unwrap();
    world.wait(400);
    assert_eq!(world.phase("in").await, Some(Phase::Running));

    assert_eq!(world.client.delete("in").await.unwrap(), Deleted::Accepted);
    world.wait(200);
    assert_eq!(world.get("in").await, None);
    assert_eq!(world.client.delete("in").await.unwrap(), Deleted::Absent);
}

#[tokio::test]
async fn a_failure_shows_its_detail_and_its_exceptions() {
    let world = World::start(|_| {}).await;
    world.create("in", INSERT).await.unwrap();
    assert_eq!(world.client.exceptions("in").await.unwrap(), []);
    world.wait(400);
    let failed = world.get("in").await.unwrap();
    assert_eq!(failed.status.phase, Phase::Failed);
    assert_eq!(failed.status.detail, "Table 't' does not exist.");
    assert_eq!(
        world.client.exceptions("in").await.unwrap()[0].message,
        failed.status.detail
    );
    let absent = world.client.exceptions("nobody").await;
    assert!(
        matches!(absent, Err(ApiError::NotFound { .. })),
        "{absent:?}"
    );
}

#[tokio::test]
async fn regression_7_a_deleted_name_is_free_only_when_nothing_is_found_under_it() {
    let world = World::start(|_| {}).await;
    world.create("s", "SHOW TABLES").await.unwrap();
    let taken = world.create("s", "SHOW TABLES").await;
    assert!(matches!(taken, Err(ApiError::Conflict { .. })), "{taken:?}");
    assert_eq!(world.client.delete("s").await.unwrap(), Deleted::Accepted);
    assert_eq!(world.phase("s").await, Some(Phase::Deleting));
    let deleting = world.create("s", "SHOW TABLES").await;
    assert!(
        matches!(deleting, Err(ApiError::Conflict { .. })),
        "{deleting:?}"
    );
    world.wait(200);
    assert_eq!(world.get("s").await, None);
    world.create("s", "SHOW TABLES").await.unwrap();
}

#[tokio::test]
async fn every_page_is_read_and_filters_hold_on_all_of_them() {
    let world = World::start(|_| {}).await;
    for number in 0..250 {
        let mut statement = new(&format!("s-{number}"), "SHOW TABLES");
        if number % 2 == 0 {
            statement.labels = ["a", "b"]
                .map(|label| format!("user.confluent.io/{label}"))
                .into();
            statement.compute_pool = Some("lfcp-1".to_owned());
        }
        world.client.create(&statement).await.unwrap();
    }
    let list = async |labels: &[&str], pool: Option<&str>| {
        let filter = ListFilter {
            labels: labels
                .iter()
                .map(|label| format!("user.confluent.io/{label}"))
                .collect(),
            compute_pool: pool.map(str::to_owned),
        };
        let mut names: Vec<_> = world
            .client
            .list(&filter)
            .await
            .unwrap()
            .into_iter()
            .map(|statement| statement.name)
            .collect();
        names.sort();
        names.dedup();
        names.len()
    };
    assert_eq!(list(&[], None).await, 250);
    assert_eq!(list(&["a", "b"], None).await, 125);
    assert_eq!(list(&[], Some("lfcp-1")).await, 125);
    assert_eq!(list(&["a"], Some("lfcp-2")).await, 0);
    assert_eq!(list(&["a", "c"], None).await, 0);
}

#[tokio::test]
async fn a_list_that_may_be_cut_off_has_all_of_ones_own() {
    let world = World::start(|settings| settings.behaviour.list_ends_at = Some(500)).await;
    let label = "user.confluent.io/mine".to_owned();
    let count = async |labels: &[String]| {
        let own = Own {
            labels: labels.to_vec(),
            parts: Vec::new(),
        };
        let all = world.client.list_all(&own).await.unwrap();
        let mine = all.iter().filter(|one| one.has_label(&label)).count();
        (all.len(), mine)
    };
    let own = std::slice::from_ref(&label);
    for number in 0..2 {
        let mut mine = new(&format!("z-{number}"), "SHOW TABLES");
        mine.labels = own.to_vec();
        world.client.create(&mine).await.unwrap();
    }
    assert_eq!(count(own).await, (2, 2));
    for number in 0..500 {
        let name = format!("a-{number}");
        world.create(&name, "SHOW TABLES").await.unwrap();
    }
    assert_eq!(
        count(&["user.confluent.io/none".to_owned()]).await,
        (500, 0)
    );
    assert_eq!(count(own).await, (502, 2));
}

/// More of one's own than a list has room for are listed in parts, and a part that may be cut off is no answer.
#[tokio::test]
async fn more_of_ones_own_than_a_list_holds_are_listed_in_parts() {
    let world = World::start(|settings| settings.behaviour.list_ends_at = Some(500)).await;
    let label = |name: &str| format!("user.confluent.io/{name}");
    let own = Own {
        labels: vec![label("mine")],
        parts: vec![label("odd"), label("even")],
    };
    for number in 0..510 {
        let part = if number % 2 == 0 { "even" } else { "odd" };
        let mut mine = new(&format!("z-{number}"), "SHOW TABLES");
        mine.labels = vec![label("mine"), label(part)];
        world.client.create(&mine).await.unwrap();
    }
    assert_eq!(world.client.list_own(&own).await.unwrap().len(), 510);
    assert_eq!(world.client.list_all(&own).await.unwrap().len(), 510);
    let whole = Own {
        parts: vec![label("mine")],
        ..own
    };
    let refused = world.client.list_own(&whole).await.unwrap_err();
    assert!(refused.to_string().contains("may be missing"), "{refused}");
}

#[tokio::test]
async fn what_the_service_would_refuse_is_refused_with_its_reason() {
    let world = World::start(|_| {}).await;
    let refused = world.create("Not_A_Name", "SHOW TABLES").await.unwrap_err();
    assert!(
        matches!(refused, ApiError::Rejected { status: 422, .. }),
        "{refused:?}"
    );
    assert!(refused.to_string().contains("a-z, 0-9"), "{refused}");
    let odd = world.client.get("a/../../b?c").await;
    assert!(matches!(odd, Ok(None)), "{odd:?}");
    for name in ["", ".", ".."] {
        let unusable = world.client.delete(name).await;
        assert!(
            matches!(unusable, Err(ApiError::UnusableName { .. })),
            "{unusable:?}"
        );
    }
}

#[tokio::test]
async fn regression_8_refused_credentials_are_no_empty_list() {
    let basic = |secret: &str| Credentials::Basic {
        key: "KEY".to_owned(),
        secret: secret.into(),
    };
    for (right, wrong) in [
        (basic("right"), basic("wrong")),
        (bearer("right"), bearer("wrong")),
    ] {
        let world =
            World::start(|settings| settings.accounts = vec![Account::full(right.clone())]).await;
        let list = async |credentials: Option<Credentials>| {
            let connection = Connection {
                credentials,
                ..connection(&world.running.url())
            };
            Client::new(connection)
                .unwrap()
                .list(&ListFilter::default())
                .await
        };
        assert_eq!(list(Some(right)).await.unwrap(), []);
        for refused in [None, Some(wrong)] {
            let error = list(refused).await.unwrap_err();
            assert!(matches!(error, ApiError::Unauthorized { .. }), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("wrong"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn regression_38_only_the_vendors_paths_are_answered() {
    let world = World::start(|_| {}).await;
    world.create("s", "SHOW TABLES").await.unwrap();
    let (organization, environment) = (ORGANIZATION, ENVIRONMENT);
    let http = reqwest::Client::new();
    let get = async |path: &str| {
        let answer = http
            .get(format!("{}{path}", world.running.url()))
            .send()
            .await
            .unwrap();
        assert!(answer.headers().contains_key("x-request-id"), "{path}");
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let base =
        format!("/sql/v1/organizations/{organization}/environments/{environment}/statements");
    assert_eq!(get(&base).await.0, 200);
    assert_eq!(get(&format!("{base}/s")).await.0, 200);
    assert_eq!(get(&format!("{base}/s/exceptions")).await.0, 200);
    let (status, body) = get(&format!("{base}/nobody")).await;
    assert_eq!(status, 404);
    assert_eq!(
        body["errors"][0]["detail"],
        "Statement resource=nobody does not exist"
    );
    for wrong in [
        "/",
        "/sql/v1/environments/e/statements",
        "/v1/statements",
        "/sql/v1beta1/organizations",
    ] {
        let (status, body) = get(wrong).await;
        assert_eq!(
            (status, &body["errors"][0]["status"]),
            (404, &Value::from("404")),
            "{wrong}"
        );
    }
    let answer = http
        .put(format!("{}{base}", world.running.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 405);
}

#[tokio::test]
async fn answers_say_where_things_are() {
    let world = World::start(|_| {}).await;
    let base = format!(
        "{}/sql/v1/organizations/{ORGANIZATION}/environments/{ENVIRONMENT}/statements",
        world.running.url()
    );
    let http = reqwest::Client::new();
    for name in ["a", "b"] {
        let body = serde_json::json!({"name": name, "spec": {"statement": "SHOW TABLES"}});
        let created = http.post(&base).json(&body).send().await.unwrap();
        assert_eq!(created.status().as_u16(), 201);
        assert_eq!(created.headers()["location"], format!("{base}/{name}"));
    }
    let url = Url::parse_with_params(&base, [("page_size", "1")]).unwrap();
    let page: Value = http.get(url).send().await.unwrap().json().await.unwrap();
    let next = page["metadata"]["next"].as_str().unwrap();
    assert!(next.starts_with(&base), "{next}");
    let page: Value = http.get(next).send().await.unwrap().json().await.unwrap();
    assert_eq!(page["data"][0]["metadata"]["self"], format!("{base}/b"));
    assert_eq!(page["metadata"]["next"], "");
}
