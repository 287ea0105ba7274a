//! Calls that the client does not make, or not yet: what comes out of them.

use reqwest::Method;
use routectl::emulator::Pool;
use serde_json::{Value, json};

use super::{DDL, ENVIRONMENT, INSERT, ORGANIZATION, World};

impl World {
    /// Status and body of the answer to a call below the statements.
    async fn call(&self, method: Method, below: &str, body: Option<Value>) -> (u16, Value) {
        let path = format!(
            "/sql/v1/organizations/{ORGANIZATION}/environments/{ENVIRONMENT}/statements{below}"
        );
        self.ask(method, &path, body).await
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}{path}", self.running.url());
        let request = reqwest::Client::new().request(method, url);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// `in` runs.
    async fn run(&self) {
        self.create("ddl", DDL).await.unwrap();
        self.wait(200);
        self.create("in", INSERT).await.unwrap();
        self.wait(1000);
    }
}

#[tokio::test]
async fn a_patch_stops_and_resumes_where_it_is_answered() {
    let world = World::start(|_| {}).await;
    world.run().await;
    let patch =
        |op: &str, value: bool| Some(json!([{"op": op, "path": "/spec/stopped", "value": value}]));
    let (status, body) = world
        .call(Method::PATCH, "/in", patch("replace", true))
        .await;
    assert_eq!((status, &body["spec"]["stopped"]), (200, &json!(true)));
    assert_eq!(body["status"]["phase"], "STOPPING");
    world.wait(200);
    let (status, body) = world
        .call(Method::PATCH, "/in", patch("REPLACE", false))
        .await;
    assert_eq!((status, &body["status"]["phase"]), (200, &json!("PENDING")));
    let unknown = json!([{"op": "replace", "path": "/spec/statement", "value": "x"}]);
    assert_eq!(world.call(Method::PATCH, "/in", Some(unknown)).await.0, 400);

    let world = World::start(|settings| settings.behaviour.patch = false).await;
    let (status, body) = world
        .call(Method::PATCH, "/in", patch("replace", true))
        .await;
    assert_eq!(status, 403);
    assert_eq!(
        body["errors"][0]["detail"],
        "Patch feature is currently disabled"
    );
}

#[tokio::test]
async fn results_are_there_until_the_statement_is_deleted() {
    let world = World::start(|_| {}).await;
    world.run().await;
    let (status, body) = world.call(Method::GET, "/in/results", None).await;
    assert_eq!((status, &body["results"]["data"]), (200, &json!([])));
    assert_eq!(body["metadata"]["next"], "");
    world.client.delete("in").await.unwrap();
    assert_eq!(world.call(Method::GET, "/in/results", None).await.0, 404);
}

#[tokio::test]
async fn a_refused_field_may_be_a_bad_request() {
    let body = || Some(json!({"name": "A", "spec": {"statement": DDL}}));
    let world = World::start(|_| {}).await;
    assert_eq!(world.call(Method::POST, "", body()).await.0, 422);
    let world = World::start(|settings| settings.behaviour.invalid_is_400 = true).await;
    let (status, body) = world.call(Method::POST, "", body()).await;
    assert_eq!((status, &body["errors"][0]["status"]), (400, &json!("400")));
}

#[tokio::test]
async fn an_organization_is_a_uuid() {
    let world = World::start(|_| {}).await;
    let path = format!("/sql/v1/organizations/acme/environments/{ENVIRONMENT}/statements");
    assert_eq!(world.ask(Method::GET, &path, None).await.0, 400);
}

#[tokio::test]
async fn pools_say_how_full_they_are() {
    let world = World::start(|settings| {
        settings.pools = vec![Pool {
            id: "lfcp-1".to_owned(),
            max_cfu: 5,
        }];
    })
    .await;
    world.run().await;
    let path = |below: &str| format!("/fcpm/v2/compute-pools{below}?environment={ENVIRONMENT}");
    let (status, pool) = world.ask(Method::GET, &path("/lfcp-1"), None).await;
    assert_eq!(status, 200);
    assert_eq!(pool["spec"]["max_cfu"], 5);
    assert_eq!(
        pool["status"],
        json!({"phase": "PROVISIONED", "current_cfu": 1})
    );
    assert_eq!(world.ask(Method::GET, &path("/lfcp-2"), None).await.0, 404);
    let (_, pools) = world.ask(Method::GET, &path(""), None).await;
    assert_eq!(pools["data"], json!([pool]));
}

#[tokio::test]
async fn the_view_from_behind_is_open_over_http() {
    let world = World::start(|_| {}).await;
    world.run().await;
    world.client.delete("in").await.unwrap();
    world.wait(1000);
    world.create("again", INSERT).await.unwrap();
    world.wait(1000);
    let (_, ledger) = world.ask(Method::GET, "/emulator/ledger", None).await;
    assert_eq!(ledger["facts"][0]["kind"], "overlap");
    assert_eq!(ledger["runs"][1]["statement"], "again");
    assert_eq!(
        world.running.inspector().ledger().unwrap().owners("t", "s"),
        ["in", "again"]
    );

    let seconds = json!({"seconds": 30 * 24 * 3600 + 1});
    let (status, now) = world
        .ask(Method::POST, "/emulator/clock", Some(seconds))
        .await;
    assert_eq!(
        (status, &now["now"]),
        (200, &json!("1970-01-31T00:00:04.2Z"))
    );
    assert_eq!(world.get("ddl").await, None, "it is forgotten");
    assert!(world.get("again").await.is_some());

    let topic = json!({"name": "known", "columns": [["id", "STRING"]], "partitions": 3});
    assert_eq!(
        world
            .ask(Method::POST, "/emulator/topics", Some(topic))
            .await
            .0,
        201
    );
    let nameless = json!({"partitions": 3});
    assert_eq!(
        world
            .ask(Method::POST, "/emulator/topics", Some(nameless))
            .await
            .0,
        400
    );
}
