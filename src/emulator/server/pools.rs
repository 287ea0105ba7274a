//! Compute pools, which the service has under another host.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State as Shared};
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::{Answer, Caller, POOLS, Server, host};
use crate::emulator::refusal::Refusal;
use crate::emulator::settings::Pool;
use crate::emulator::state::State;

/// What a pool has where the emulator was told of none.
const USUAL_MAX_CFU: u32 = 50;

type Parameters = Query<HashMap<String, String>>;

pub(super) async fn list(
    Shared(server): Shared<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Query(parameters): Parameters,
    headers: HeaderMap,
) -> Answer {
    let environment = environment(&parameters)?;
    let data = server.store.transact(|state, _| {
        let pools = state
            .pools
            .iter()
            .filter(|pool| caller.may_use_pool(Some(&pool.id)));
        Ok(pools
            .map(|pool| describe(state, pool, environment, &headers))
            .collect::<Vec<_>>())
    })?;
    Ok(Json(json!({
        "api_version": "fcpm/v2",
        "kind": "ComputePoolList",
        "metadata": {"self": format!("{}{POOLS}", host(&headers)), "next": ""},
        "data": data,
    }))
    .into_response())
}

pub(super) async fn read(
    Shared(server): Shared<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(parameters): Parameters,
    headers: HeaderMap,
) -> Answer {
    let environment = environment(&parameters)?;
    let pool = server.store.transact(|state, _| {
        if !caller.may_use_pool(Some(&id)) {
            return Err(Refusal::forbidden("The compute pool may not be used"));
        }
        let known = state.pools.iter().find(|pool| pool.id == id).cloned();
        let usual = state.pools.is_empty().then(|| Pool {
            id: id.clone(),
            max_cfu: USUAL_MAX_CFU,
        });
        let pool = known.or(usual).ok_or_else(|| Refusal::unknown_pool(&id))?;
        Ok(describe(state, &pool, environment, &headers))
    })?;
    Ok(Json(pool).into_response())
}

fn environment(parameters: &HashMap<String, String>) -> Result<&str, Refusal> {
    let found = parameters.get("environment").map(String::as_str);
    found.ok_or_else(|| Refusal::bad_request("The parameter environment is missing"))
}

fn describe(state: &State, pool: &Pool, environment: &str, headers: &HeaderMap) -> Value {
    json!({
        "api_version": "fcpm/v2",
        "kind": "ComputePool",
        "id": pool.id,
        "metadata": {"self": format!("{}{POOLS}/{}", host(headers), pool.id)},
        "spec": {
            "display_name": pool.id,
            "cloud": "AWS",
            "region": "us-east-1",
            "max_cfu": pool.max_cfu,
            "environment": {"id": environment},
        },
        "status": {"phase": "PROVISIONED", "current_cfu": state.current_cfu(&pool.id)},
    })
}
