//! The state machine without HTTP: times are given in milliseconds since its start.

mod behaviour;
mod carry_over;
mod faults;
mod laws;
mod life;
mod reading;
mod sql;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::catalog::NewTable;
use super::record::{Place, Record};
use super::refusal::Refusal;
use super::settings::{Settings, Timing};
use super::sql::{Flow, Question, Source, SqlEffect, SqlReader};
use super::state::State;
use super::topic::Growth;
use super::{fault, request};
use crate::api::{Phase, Statement};
use crate::clock::SystemClock;

/// Reads `table t`, `table? t` (if not exists), `upsert t`, `drop t`, `t <- s` (several with `;`), `t <- s @mode` (with
/// a startup hint), `t <-` (no source), `query s`, `ask` and `other`.
#[derive(Debug)]
struct Words;

impl SqlReader for Words {
    fn read(&self, sql: &str) -> Result<SqlEffect, String> {
        let words: Vec<_> = sql.split(' ').collect();
        match words[..] {
            [word @ ("table" | "table?" | "upsert"), table] => Ok(SqlEffect::CreateTable {
                table: NewTable {
                    name: table.to_owned(),
                    columns: Some(vec![("id".to_owned(), "STRING".to_owned())]),
                    partitions: Some(2),
                    primary_key: (word == "upsert")
                        .then(|| "id".to_owned())
                        .into_iter()
                        .collect(),
                    ..NewTable::default()
                },
                if_not_exists: word == "table?",
            }),
            ["drop", table] => Ok(SqlEffect::DropTable {
                table: table.to_owned(),
                if_exists: false,
            }),
            [sink, "<-"] => Ok(SqlEffect::InsertValues {
                sink: sink.to_owned(),
            }),
            [_, "<-", ..] => {
                let flows: Option<_> = sql.split("; ").map(flow).collect();
                flows.map(SqlEffect::Insert).ok_or_else(|| sql.to_owned())
            }
            ["query", source] => Ok(SqlEffect::Select(vec![source_of(source, None)])),
            ["ask"] => Ok(SqlEffect::Ask(Question::Tables)),
            ["other"] => Ok(SqlEffect::Other),
            _ => Err(format!("Encountered \"{sql}\".")),
        }
    }
}

fn flow(text: &str) -> Option<Flow> {
    let words: Vec<_> = text.split(' ').collect();
    let (sink, source, mode) = match words[..] {
        [sink, "<-", source] => (sink, source, None),
        [sink, "<-", source, mode] => (sink, source, mode.strip_prefix('@')),
        _ => return None,
    };
    Some(Flow {
        sink: sink.to_owned(),
        columns: vec!["id".to_owned()],
        source: source_of(source, mode),
    })
}

fn source_of(table: &str, mode: Option<&str>) -> Source {
    let hint = mode.map(|mode| ("scan.startup.mode".to_owned(), mode.to_owned()));
    Source {
        table: table.to_owned(),
        columns: Vec::new(),
        hint: hint.into_iter().collect(),
    }
}

fn settings() -> Settings {
    let millis = Duration::from_millis;
    let mut settings = Settings::new(Arc::new(SystemClock), Arc::new(Words));
    settings.timing = Timing {
        start: millis(40),
        ddl: millis(20),
        check: millis(15),
        take_over: millis(30),
        patience: millis(1000),
        stop: millis(10),
        fail: millis(10),
        delete: millis(10),
        touch: millis(1),
        idle: millis(500),
        retention: millis(100_000),
    };
    settings.behaviour.touches = 0;
    settings.growth = Growth {
        partitions: 2,
        per_second: 1000,
        ..Growth::default()
    };
    settings
}

fn state() -> State {
    State::new(&settings())
}

fn with(adjust: impl FnOnce(&mut Settings)) -> State {
    let mut settings = settings();
    adjust(&mut settings);
    State::new(&settings)
}

fn at(millis: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_millis(millis)
}

fn place() -> Place {
    Place {
        organization: "org".to_owned(),
        environment: "env".to_owned(),
    }
}

fn create_with(state: &mut State, millis: i64, body: &Value) -> Result<Record, Refusal> {
    state.advance(at(millis));
    state.begin_call();
    let body = body.to_string();
    state.create(request::read(body.as_bytes())?, place(), at(millis))
}

fn create(state: &mut State, millis: i64, name: &str, sql: &str) -> Result<Record, Refusal> {
    let body = json!({"name": name, "spec": {"statement": sql}});
    create_with(state, millis, &body)
}

/// Creates a statement with properties.
fn create_from(state: &mut State, millis: i64, name: &str, sql: &str, properties: &[(&str, &str)]) {
    let properties: BTreeMap<_, _> = properties.iter().copied().collect();
    let body = json!({"name": name, "spec": {"statement": sql, "properties": properties}});
    create_with(state, millis, &body).unwrap();
}

/// Creates a statement that carries offsets over.
fn succeed(state: &mut State, millis: i64, name: &str, sql: &str, reference: &str) {
    create_from(
        state,
        millis,
        name,
        sql,
        &[("sql.tables.initial-offset-from", reference)],
    );
}

fn get(state: &State, name: &str) -> Result<Record, Refusal> {
    state.get(&place(), name)
}

fn show(state: &State, name: &str) -> Statement {
    state.present(&get(state, name).unwrap())
}

fn put(state: &mut State, millis: i64, body: &Value) -> Result<(), Refusal> {
    state.advance(at(millis));
    state.begin_call();
    let record = get(state, body["name"].as_str().unwrap_or_default())?;
    let request = request::read(body.to_string().as_bytes())?;
    state.update(record, request, at(millis))
}

/// A PUT of what is there, with `stopped` as given.
fn put_stopped(state: &mut State, millis: i64, name: &str, stopped: bool) -> Result<(), Refusal> {
    state.advance(at(millis));
    let mut body = json!(state.present(&get(state, name)?));
    body["spec"]["stopped"] = json!(stopped);
    put(state, millis, &body)
}

fn delete(state: &mut State, millis: i64, name: &str) -> Result<(), Refusal> {
    state.advance(at(millis));
    state.begin_call();
    let record = get(state, name)?;
    state.delete(record, at(millis));
    Ok(())
}

fn phase(state: &mut State, millis: i64, name: &str) -> Option<Phase> {
    state.advance(at(millis));
    get(state, name).ok().map(|record| record.life.phase())
}

fn detail(state: &State, name: &str) -> String {
    show(state, name).status.detail
}

fn status(refusal: Result<impl std::fmt::Debug, Refusal>) -> u16 {
    refusal.unwrap_err().status
}

fn rule(text: &str) -> fault::Rule {
    text.parse().unwrap()
}

/// What the ledger finds wrong, in words.
fn facts(state: &mut State, millis: i64) -> Vec<String> {
    state.advance(at(millis));
    let facts = state.ledger(at(millis)).check().into_iter();
    let mut facts: Vec<_> = facts
        .map(|fact| {
            format!(
                "{:?} in {} between {} and {}",
                fact.kind, fact.sink, fact.before, fact.after
            )
        })
        .collect();
    facts.dedup();
    facts
}

/// A state where `in` runs into the table `t`, at 100 ms.
fn running() -> State {
    let mut state = state();
    create(&mut state, 0, "ddl", "table t").unwrap();
    create(&mut state, 20, "in", "t <- s").unwrap();
    assert_eq!(phase(&mut state, 100, "in"), Some(Phase::Running));
    state
}
