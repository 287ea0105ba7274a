//! Whatever clients send, nothing panics and every answer keeps the vendor's contract.

use proptest::prelude::*;
use proptest::test_runner::Config;
use reqwest::Method;
use routectl::emulator::{FlinkSql, OffsetsBeforeRunning};
use serde_json::{Value, json};
use std::sync::Arc;

use super::{ENVIRONMENT, ORGANIZATION, World};

/// A call, and the milliseconds before it.
type Call = (i64, &'static str, String, Option<Value>);

fn sql() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "CREATE TABLE `t` (`a` STRING)",
        "CREATE TABLE IF NOT EXISTS `u` (`a` STRING) WITH ('changelog.mode' = 'upsert')",
        "INSERT INTO `t` (`a`) SELECT `a` FROM `s`",
        "INSERT INTO `u` (`a`) SELECT `a` FROM `t`",
        "SELECT * FROM `s`",
        "DROP TABLE `t`",
        "SHOW TABLES",
        "DESCRIBE `t`",
        "EXPLAIN INSERT INTO `t` (`a`) SELECT `a` FROM `s`",
        "SELEC",
        "",
    ])
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c", "Not-A-Name"])
}

fn properties() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!({}),
        json!({"sql.dry-run": "true"}),
        json!({"sql.tables.initial-offset-from": "a"}),
        json!({"sql.tables.initial-offset-from": "b"}),
        json!({"sql.tables.scan.startup.mode": "latest-offset"}),
        json!({"sql.tables.scan.startup.mode": "never"}),
        json!({"client.x": "y"}),
        json!(null),
    ])
}

fn call() -> impl Strategy<Value = Call> {
    let create = (name(), sql(), properties()).prop_map(|(name, sql, properties)| {
        let spec = json!({"statement": sql, "properties": properties});
        (
            "POST",
            String::new(),
            Some(json!({"name": name, "spec": spec})),
        )
    });
    let update = (name(), 0..30_u32, any::<bool>()).prop_map(|(name, version, stopped)| {
        let body = json!({
            "name": name, "metadata": {"resource_version": version.to_string()}, "spec": {"stopped": stopped},
        });
        ("PUT", format!("/{name}"), Some(body))
    });
    let patch = (name(), any::<bool>()).prop_map(|(name, stopped)| {
        let body = json!([{"op": "replace", "path": "/spec/stopped", "value": stopped}]);
        ("PATCH", format!("/{name}"), Some(body))
    });
    let below = prop::sample::select(vec!["", "/exceptions", "/results"]);
    let read = (name(), below).prop_map(|(name, below)| ("GET", format!("/{name}{below}"), None));
    let query = prop::sample::select(vec![
        "",
        "?page_size=1",
        "?page_size=0",
        "?page_token=x",
        "?label_selector=a",
        "?spec.compute_pool_id=p",
    ]);
    let list = query.prop_map(|query| ("GET", query.to_owned(), None));
    let delete = name().prop_map(|name| ("DELETE", format!("/{name}"), None));
    let call = prop_oneof![4 => create, 1 => update, 3 => patch, 3 => read, 2 => list, 1 => delete];
    (0..2000_i64, call).prop_map(|(pause, (method, path, body))| (pause, method, path, body))
}

async fn play(calls: &[Call]) {
    let world = World::start(|settings| {
        settings.sql = Arc::new(FlinkSql);
        settings.behaviour.offsets_before_running = OffsetsBeforeRunning::Unset;
        settings.behaviour.traits_while_pending = true;
        settings.faults = vec![
            "fault=degrades,after=1,seconds=1,statement=a"
                .parse()
                .unwrap(),
        ];
    })
    .await;
    let http = reqwest::Client::new();
    for (pause, method, below, body) in calls {
        world.wait(*pause);
        let url = format!(
            "{}/sql/v1/organizations/{ORGANIZATION}/environments/{ENVIRONMENT}/statements{below}",
            world.running.url()
        );
        let method: Method = method.parse().unwrap();
        let request = http.request(method, url);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let status = request.send().await.unwrap().status().as_u16();
        assert!(status < 500, "{status} to {below} {body:?}");
    }
}

proptest! {
    #![proptest_config(Config { cases: 32, ..Config::default() })]
    #[test]
    fn every_answer_keeps_the_contract(calls in prop::collection::vec(call(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // The world fails the test itself if the contract is broken.
        runtime.block_on(play(&calls));
    }
}
