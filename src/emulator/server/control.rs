//! The emulator's own calls, which the service does not have: what [`Inspector`] does, over HTTP.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Body, read_body};
use crate::emulator::catalog::NewTable;
use crate::emulator::fault::Rule;
use crate::emulator::inspector::Inspector;
use crate::emulator::journal::JournalError;
use crate::emulator::refusal::Refusal;

impl From<JournalError> for Refusal {
    fn from(error: JournalError) -> Self {
        Self::internal(error.to_string())
    }
}

/// `GET /emulator/ledger`: what is wrong, and all runs.
pub(super) async fn ledger(Shared(inspector): Shared<Inspector>) -> Answer {
    let ledger = inspector.ledger()?;
    Ok(Json(json!({"facts": ledger.check(), "runs": ledger.runs})).into_response())
}

/// `GET /emulator/faults`: the rules in force.
pub(super) async fn faults(Shared(inspector): Shared<Inspector>) -> Answer {
    Ok(Json(inspector.faults()?).into_response())
}

/// `POST /emulator/faults`: one more rule.
pub(super) async fn add_fault(Shared(inspector): Shared<Inspector>, body: Body) -> Answer {
    let rule = Rule::read(read_body(body)?).map_err(Refusal::bad_request)?;
    inspector.add_fault(rule)?;
    Ok(StatusCode::CREATED.into_response())
}

/// `DELETE /emulator/faults`: no rules any more.
pub(super) async fn clear_faults(Shared(inspector): Shared<Inspector>) -> Answer {
    inspector.clear_faults()?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /emulator/held`: answers once a rule holds up a call.
pub(super) async fn until_held(Shared(inspector): Shared<Inspector>) -> Response {
    inspector.until_held().await;
    StatusCode::NO_CONTENT.into_response()
}

/// `GET /emulator/clock`: the emulator's time.
pub(super) async fn now(Shared(inspector): Shared<Inspector>) -> Answer {
    Ok(clock(&inspector)?)
}

/// By how much to move the time.
#[derive(Debug, Deserialize)]
pub(super) struct Move {
    /// Into the future alone.
    seconds: u32,
}

/// `POST /emulator/clock`: moves the emulator's time, such as `{"seconds": 21600}`.
pub(super) async fn move_ahead(Shared(inspector): Shared<Inspector>, body: Body) -> Answer {
    let by: Move = read_body(body)?;
    inspector.move_ahead(SignedDuration::from_secs(by.seconds.into()))?;
    Ok(clock(&inspector)?)
}

/// `POST /emulator/topics`: there is this topic.
pub(super) async fn declare(Shared(inspector): Shared<Inspector>, body: Body) -> Answer {
    let topic: NewTable = read_body(body)?;
    if topic.name.is_empty() {
        return Err(Refusal::bad_request("The topic has no name"));
    }
    inspector.declare(topic)?;
    Ok(StatusCode::CREATED.into_response())
}

fn clock(inspector: &Inspector) -> Result<Response, JournalError> {
    Ok(Json(json!({"now": inspector.now()?.to_string()})).into_response())
}
