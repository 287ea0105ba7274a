//! The state machine without HTTP: times are given in milliseconds since its start.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::record::{Place, Record, Timing};
use super::refusal::Refusal;
use super::request;
use super::sql::{SqlEffect, SqlReader};
use super::state::{Change, State};
use crate::api::Phase;

/// Reads `table t`, `table? t` (if not exists), `t <- s`, `t <-` (no source) and `other`.
#[derive(Debug)]
struct Words;

impl SqlReader for Words {
    fn read(&self, sql: &str) -> Result<SqlEffect, String> {
        let words: Vec<_> = sql.split(' ').map(str::to_owned).collect();
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [word @ ("table" | "table?"), table] => Ok(SqlEffect::CreateTable {
                table: table.to_owned(),
                if_not_exists: word == "table?",
            }),
            [sink, "<-", ref sources @ ..] => Ok(SqlEffect::Insert {
                sinks: vec![sink.to_owned()],
                sources: sources.iter().map(|&source| source.to_owned()).collect(),
            }),
            ["other"] => Ok(SqlEffect::Other),
            _ => Err(format!("Encountered \"{sql}\".")),
        }
    }
}

fn state() -> State {
    let timing = Timing {
        start: Duration::from_millis(40),
        ddl: Duration::from_millis(20),
        stop: Duration::from_millis(10),
        delete: Duration::from_millis(10),
    };
    State::new(timing, Arc::new(Words))
}

fn at(millis: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_millis(millis)
}

fn create_with(state: &mut State, millis: i64, body: &Value) -> Result<Record, Refusal> {
    state.advance(at(millis));
    let place = Place {
        organization: "org".to_owned(),
        environment: "env".to_owned(),
    };
    let body = body.to_string();
    state.create(request::read(body.as_bytes())?, place, at(millis))
}

fn create(state: &mut State, millis: i64, name: &str, sql: &str) -> Result<Record, Refusal> {
    create_with(
        state,
        millis,
        &json!({"name": name, "spec": {"statement": sql}}),
    )
}

fn put(state: &mut State, millis: i64, body: &Value) -> Result<(), Refusal> {
    state.advance(at(millis));
    let name = body["name"].as_str().unwrap_or_default().to_owned();
    state.update(
        &name,
        request::read(body.to_string().as_bytes())?,
        at(millis),
    )
}

/// A PUT of what is there, with `stopped` as given.
fn put_stopped(state: &mut State, millis: i64, name: &str, stopped: bool) -> Result<(), Refusal> {
    state.advance(at(millis));
    let mut body = json!(state.get(name)?.statement());
    body["spec"]["stopped"] = json!(stopped);
    put(state, millis, &body)
}

fn delete(state: &mut State, millis: i64, name: &str) -> Result<(), Refusal> {
    state.advance(at(millis));
    state.delete(name, at(millis))
}

fn phase(state: &mut State, millis: i64, name: &str) -> Option<Phase> {
    state.advance(at(millis));
    state
        .get(name)
        .ok()
        .map(|record| record.statement().status.phase)
}

fn detail(state: &State, name: &str) -> String {
    state.get(name).unwrap().statement().status.detail
}

fn status(refusal: Result<impl std::fmt::Debug, Refusal>) -> u16 {
    refusal.unwrap_err().status
}

/// A state where `in` runs into the table `t`, at 100 ms.
fn running() -> State {
    let mut state = state();
    create(&mut state, 0, "ddl", "table t").unwrap();
    create(&mut state, 20, "in", "t <- s").unwrap();
    assert_eq!(phase(&mut state, 100, "in"), Some(Phase::Running));
    state
}

#[test]
fn ddl_completes_and_its_table_outlives_it() {
    let mut state = state();
    create(&mut state, 0, "ddl", "table t").unwrap();
    assert_eq!(phase(&mut state, 19, "ddl"), Some(Phase::Pending));
    assert_eq!(phase(&mut state, 20, "ddl"), Some(Phase::Completed));
    delete(&mut state, 30, "ddl").unwrap();
    assert_eq!(phase(&mut state, 40, "ddl"), None);
    create(&mut state, 50, "in", "t <- s").unwrap();
    assert_eq!(phase(&mut state, 89, "in"), Some(Phase::Pending));
    assert_eq!(phase(&mut state, 90, "in"), Some(Phase::Running));
}

#[test]
fn what_cannot_start_fails_with_a_reason() {
    let mut state = state();
    for (name, sql) in [("ddl", "table t"), ("bad", "SELEC"), ("lost", "x <- s")] {
        create(&mut state, 0, name, sql).unwrap();
    }
    create(&mut state, 30, "again", "table t").unwrap();
    create(&mut state, 30, "gently", "table? t").unwrap();
    assert_eq!(phase(&mut state, 99, "gently"), Some(Phase::Completed));
    for name in ["bad", "lost", "again"] {
        assert_eq!(phase(&mut state, 99, name), Some(Phase::Failed), "{name}");
        let exceptions = state.get(name).unwrap().exceptions();
        assert_eq!(exceptions[0].message, detail(&state, name));
    }
    insta::assert_snapshot!(
        ["bad", "lost", "again"].map(|name| detail(&state, name)).join("\n"),
        @r#"
    SQL parse failed. Encountered "SELEC".
    Table 'x' does not exist.
    Table 't' already exists.
    "#
    );
}

#[test]
fn an_insert_looks_for_its_sink_when_it_starts_not_when_it_is_posted() {
    let mut state = state();
    create(&mut state, 0, "in", "t <- s").unwrap();
    create(&mut state, 10, "ddl", "table t").unwrap();
    // Both steps happen in one look; the table is there at 30, before the start at 40.
    assert_eq!(phase(&mut state, 1000, "in"), Some(Phase::Running));
}

#[test]
fn an_insert_without_source_and_anything_else_completes() {
    let mut state = running();
    create(&mut state, 100, "values", "t <-").unwrap();
    create(&mut state, 100, "show", "other").unwrap();
    assert_eq!(phase(&mut state, 120, "values"), Some(Phase::Completed));
    assert_eq!(phase(&mut state, 120, "show"), Some(Phase::Completed));
    assert_eq!(status(put_stopped(&mut state, 130, "values", true)), 422);
}

#[test]
fn a_running_statement_stops_and_goes_on() {
    let mut state = running();
    put_stopped(&mut state, 100, "in", true).unwrap();
    assert_eq!(phase(&mut state, 109, "in"), Some(Phase::Stopping));
    assert_eq!(status(put_stopped(&mut state, 109, "in", false)), 422);
    assert_eq!(phase(&mut state, 110, "in"), Some(Phase::Stopped));
    let version = state.get("in").unwrap().resource_version();
    put_stopped(&mut state, 111, "in", true).unwrap();
    assert_eq!(
        state.get("in").unwrap().resource_version(),
        version,
        "nothing changed"
    );
    put_stopped(&mut state, 120, "in", false).unwrap();
    assert_eq!(phase(&mut state, 120, "in"), Some(Phase::Pending));
    assert_eq!(phase(&mut state, 160, "in"), Some(Phase::Running));
}

#[test]
fn every_change_has_its_own_version_and_every_statement_its_own_uid() {
    let mut state = state();
    let first = create(&mut state, 0, "a", "other").unwrap();
    state.advance(at(20));
    let completed = state.get("a").unwrap();
    delete(&mut state, 20, "a").unwrap();
    let deleting = state.get("a").unwrap();
    state.advance(at(30));
    let second = create(&mut state, 30, "a", "other").unwrap();
    let versions = [&first, &completed, &deleting, &second].map(Record::resource_version);
    for (index, version) in versions.iter().enumerate() {
        assert!(!versions[..index].contains(version), "{versions:?}");
    }
    assert_eq!(first.uid, deleting.uid);
    assert_ne!(first.uid, second.uid);
}

#[test]
fn a_put_needs_the_version_just_read_and_leaves_what_is_immutable() {
    let mut state = running();
    let read = json!(state.get("in").unwrap().statement());
    for (expected, pointer, value) in [
        (409, "/metadata/resource_version", json!("0")),
        (400, "/metadata", json!({})),
        (422, "/spec/statement", json!("t <- u")),
        (422, "/spec/properties", json!({"a": "b"})),
    ] {
        let mut body = read.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        assert_eq!(status(put(&mut state, 100, &body)), expected, "{pointer}");
    }
    let mut moved = read.clone();
    moved["spec"]["compute_pool_id"] = json!("lfcp-2");
    assert_eq!(status(put(&mut state, 100, &moved)), 422);
    moved["name"] = json!("nobody");
    assert_eq!(status(put(&mut state, 100, &moved)), 404);
    put(&mut state, 100, &read).unwrap();
}

#[test]
fn pool_and_principal_change_with_a_resumption() {
    let mut state = running();
    put_stopped(&mut state, 100, "in", true).unwrap();
    state.advance(at(110));
    let mut body = json!(state.get("in").unwrap().statement());
    body["spec"]["stopped"] = json!(false);
    body["spec"]["compute_pool_id"] = json!("lfcp-2");
    put(&mut state, 110, &body).unwrap();
    assert_eq!(
        state.get("in").unwrap().compute_pool.as_deref(),
        Some("lfcp-2")
    );
}

#[test]
fn a_name_is_taken_until_its_deletion_is_over() {
    let mut state = running();
    assert_eq!(status(create(&mut state, 100, "in", "other")), 409);
    delete(&mut state, 100, "in").unwrap();
    delete(&mut state, 105, "in").unwrap();
    assert_eq!(phase(&mut state, 109, "in"), Some(Phase::Deleting));
    assert_eq!(status(create(&mut state, 109, "in", "other")), 409);
    assert_eq!(status(put_stopped(&mut state, 109, "in", true)), 409);
    assert_eq!(phase(&mut state, 110, "in"), None);
    assert_eq!(status(delete(&mut state, 110, "in")), 404);
    create(&mut state, 110, "in", "other").unwrap();
}

#[test]
fn a_dry_run_answers_at_once_and_leaves_nothing() {
    let mut state = running();
    state.saved();
    let dry = |state: &mut State, sql: &str| {
        let properties = json!({"sql.dry-run": "true"});
        let body = json!({"name": "dry", "spec": {"statement": sql, "properties": properties}});
        create_with(state, 100, &body).unwrap().statement()
    };
    let good = dry(&mut state, "t <- s");
    assert_eq!(
        (good.status.phase, good.metadata.uid.as_str()),
        (Phase::Completed, "")
    );
    assert_eq!(dry(&mut state, "x <- s").status.phase, Phase::Failed);
    assert_eq!(dry(&mut state, "table u").status.phase, Phase::Completed);
    assert_eq!(dry(&mut state, "u <- s").status.phase, Phase::Failed);
    assert!(state.unsaved().is_empty());
}

#[test]
fn what_the_service_would_refuse_is_refused() {
    let spec = |more: Value| {
        let mut spec = json!({"statement": "other"});
        spec.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"name": "a", "spec": spec})
    };
    let labels = |labels: Value| json!({"name": "a", "metadata": {"labels": labels}, "spec": {"statement": "other"}});
    for (expected, body) in [
        (400, json!({})),
        (400, json!({"name": "a", "spec": {}})),
        (400, spec(json!({"properties": {"a": 1}}))),
        (422, json!({"name": "A_b", "spec": {"statement": "other"}})),
        (
            422,
            json!({"name": "x".repeat(101), "spec": {"statement": "other"}}),
        ),
        (422, spec(json!({"statement": " "}))),
        (422, spec(json!({"statement": "é".repeat(131_073)}))),
        (422, spec(json!({"properties": {"client.x": "y"}}))),
        (
            422,
            spec(json!({"properties": {"sql.tables.initial-offset-from": "b"}})),
        ),
        (422, spec(json!({"compute_pool_id": "x".repeat(256)}))),
        (422, labels(json!({"mine": "true"}))),
        (422, labels(json!({"user.confluent.io/": "true"}))),
        (422, labels(json!({"user.confluent.io/mine": "yes"}))),
    ] {
        assert_eq!(
            status(create_with(&mut state(), 0, &body)),
            expected,
            "{body}"
        );
    }
    let longest = spec(json!({"statement": "é".repeat(131_072)}));
    create_with(&mut state(), 0, &longest).unwrap();
}

#[derive(Debug, Clone)]
enum Step {
    Create(&'static str, &'static str),
    Stop(&'static str, bool),
    Delete(&'static str),
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let name = || prop::sample::select(vec!["a", "b", "c"]);
    let sql = prop::sample::select(vec![
        "table t", "table? u", "t <- s", "u <- s", "other", "?",
    ]);
    let step = prop_oneof![
        3 => (name(), sql).prop_map(|(name, sql)| Step::Create(name, sql)),
        2 => (name(), any::<bool>()).prop_map(|(name, stopped)| Step::Stop(name, stopped)),
        1 => name().prop_map(Step::Delete),
    ];
    prop::collection::vec((0..60_i64, step), 0..40)
}

/// Takes the steps, each after its pause; `look` is called with every time in between.
fn take(steps: &[(i64, Step)], state: &mut State, look: impl Fn(&mut State, Timestamp)) -> i64 {
    let mut now = 0;
    for (pause, step) in steps {
        for millis in now..now + pause {
            look(state, at(millis));
        }
        now += pause;
        // Refusals belong to the game.
        let _ = match step {
            Step::Create(name, sql) => create(state, now, name, sql).map(drop),
            Step::Stop(name, stopped) => put_stopped(state, now, name, *stopped),
            Step::Delete(name) => delete(state, now, name),
        };
    }
    now
}

proptest! {
    #[test]
    fn how_often_somebody_looks_changes_nothing(steps in steps()) {
        let (mut watched, mut alone) = (state(), state());
        take(&steps, &mut watched, State::advance);
        let end = take(&steps, &mut alone, |_, _| {});
        watched.advance(at(end));
        prop_assert_eq!(watched.changes(), alone.changes());
        prop_assert_eq!(watched.unsaved(), alone.unsaved());
    }

    #[test]
    fn the_changes_rebuild_the_state_through_json(steps in steps()) {
        let mut lived = state();
        take(&steps, &mut lived, |_, _| {});
        for changes in [lived.unsaved().to_vec(), lived.changes()] {
            let mut rebuilt = state();
            for change in changes {
                let line = serde_json::to_string(&change).unwrap();
                rebuilt.replay(serde_json::from_str::<Change>(&line).unwrap());
            }
            prop_assert_eq!(rebuilt.changes(), lived.changes());
        }
    }
}
