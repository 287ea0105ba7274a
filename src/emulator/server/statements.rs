//! The statements API.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{HeaderName, LOCATION};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use reqwest::Url;
use serde_json::json;

use super::{Answer, Body, Caller, Server, host, read_body};
use crate::api::Statement;
use crate::api::wire::{
    ApiVersion, ExceptionListKind, ListKind, ListMetadata, OtherFields, StatementExceptionList,
    StatementList,
};
use crate::emulator::listing::ListQuery;
use crate::emulator::record::{Place, Record};
use crate::emulator::refusal::Refusal;
use crate::emulator::request::{CreateRequest, PatchOperation, patched};
use crate::emulator::state::State;

type Parameters = Result<Query<HashMap<String, String>>, QueryRejection>;
type Name = Path<(String, String, String)>;

pub(super) async fn list(
    Shared(server): Shared<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path((organization, environment)): Path<(String, String)>,
    parameters: Parameters,
    headers: HeaderMap,
    uri: Uri,
) -> Answer {
    let mut parameters = read_parameters(parameters)?;
    if let Some(pool) = caller.pool() {
        parameters.insert("spec.compute_pool_id".to_owned(), pool.to_owned());
    }
    let query = ListQuery::read(&parameters)?;
    let place = place(organization, environment)?;
    let (next, data) = server.store.transact(|state, now| {
        let page = state.list(&place, &query, now);
        let records = page.records.iter();
        let data: Vec<_> = records
            .map(|record| present(state, record, &headers))
            .collect();
        Ok((page.next, data))
    })?;
    let own_url = format!("{}{}", host(&headers), uri.path());
    let next = match next {
        None => String::new(),
        Some(token) => next_url(&own_url, parameters, token)?,
    };
    Ok(Json(StatementList {
        api_version: ApiVersion::SqlV1,
        kind: ListKind::StatementList,
        metadata: ListMetadata {
            own_url: Some(own_url),
            next: Some(next),
        },
        data,
    })
    .into_response())
}

pub(super) async fn create(
    Shared(server): Shared<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Path((organization, environment)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let mut request: CreateRequest = read_body(body)?;
    let account = caller.0.as_ref();
    let asked = request.spec.principal.as_deref();
    if asked.is_some_and(|asked| account.is_some_and(|account| !account.may_assign(asked))) {
        return Err(Refusal::forbidden("The principal may not be assigned"));
    }
    if !caller.may_use_pool(request.spec.compute_pool_id.as_deref()) {
        return Err(Refusal::forbidden("The compute pool may not be used"));
    }
    request.spec.principal = request
        .spec
        .principal
        .or_else(|| account.and_then(|account| account.principal.clone()));
    let place = place(organization, environment)?;
    let location = [(LOCATION, url(&place, &request.name, &headers))];
    let created = server.store.transact(|state, now| {
        let record = state.create(request, place, now)?;
        Ok(present(state, &record, &headers))
    });
    Ok(match created {
        Ok(statement) => (StatusCode::CREATED, location, Json(statement)).into_response(),
        Err(refusal) => refused(refusal, location),
    })
}

/// A conflict says where the statement is.
fn refused(refusal: Refusal, location: [(HeaderName, String); 1]) -> Response {
    match refusal.status {
        409 => (location, refusal).into_response(),
        _ => refusal.into_response(),
    }
}

pub(super) async fn read(
    Shared(server): Shared<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    name: Name,
    headers: HeaderMap,
) -> Answer {
    let (place, name) = split(name)?;
    let statement = server.store.transact(|state, _| {
        let record = caller.find(state, &place, &name)?;
        Ok(present(state, &record, &headers))
    })?;
    Ok(Json(statement).into_response())
}

pub(super) async fn update(
    Shared(server): Shared<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    name: Name,
    body: Body,
) -> Answer {
    let request = read_body(body)?;
    let (place, name) = split(name)?;
    server.store.transact(|state, now| {
        let record = caller.find(state, &place, &name)?;
        state.update(record, request, now)
    })?;
    Ok(StatusCode::ACCEPTED.into_response())
}

pub(super) async fn patch(
    Shared(server): Shared<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    name: Name,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    if !server.behaviour.patch {
        return Err(Refusal::forbidden("Patch feature is currently disabled"));
    }
    let operations: Vec<PatchOperation> = read_body(body)?;
    let (place, name) = split(name)?;
    let location = [(LOCATION, url(&place, &name, &headers))];
    let patched = server.store.transact(|state, now| {
        let record = caller.find(state, &place, &name)?;
        let spec = patched(&operations, record.stopped)?;
        state.patch(record, spec, now)?;
        let record = caller.find(state, &place, &name)?;
        Ok(present(state, &record, &headers))
    });
    Ok(match patched {
        Ok(statement) => Json(statement).into_response(),
        Err(refusal) => refused(refusal, location),
    })
}

pub(super) async fn delete(
    Shared(server): Shared<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    name: Name,
) -> Answer {
    let (place, name) = split(name)?;
    server.store.transact(|state, now| {
        let record = caller.find(state, &place, &name)?;
        state.delete(record, now);
        Ok(())
    })?;
    Ok(StatusCode::ACCEPTED.into_response())
}

pub(super) async fn exceptions(
    Shared(server): Shared<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    name: Name,
    headers: HeaderMap,
    uri: Uri,
) -> Answer {
    let (place, name) = split(name)?;
    let record = server
        .store
        .transact(|state, _| caller.find(state, &place, &name))?;
    let own_url = format!("{}{}", host(&headers), uri.path());
    Ok(Json(StatementExceptionList {
        api_version: ApiVersion::SqlV1,
        kind: ExceptionListKind::StatementExceptionList,
        metadata: OtherFields::from_iter([("self".to_owned(), json!(own_url))]),
        data: record.exceptions(),
    })
    .into_response())
}

/// All rows are on the first page; while there may be more, there is a next one.
pub(super) async fn results(
    Shared(server): Shared<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    name: Name,
    parameters: Parameters,
    headers: HeaderMap,
    uri: Uri,
) -> Answer {
    let mut parameters = read_parameters(parameters)?;
    let first = parameters.get("page_token").is_none_or(String::is_empty);
    let (place, name) = split(name)?;
    let (record, more) = server.store.transact(|state, now| {
        let record = caller.find(state, &place, &name)?;
        let more = state.consume(&record, now)?;
        Ok((record, more))
    })?;
    let own_url = format!("{}{}", host(&headers), uri.path());
    let next = if more {
        parameters.remove("page_token");
        next_url(&own_url, parameters, "more".to_owned())?
    } else {
        String::new()
    };
    let rows = record.answer.iter().flat_map(|answer| &answer.rows);
    let data: Vec<_> = rows
        .filter(|_| first)
        .map(|row| json!({"op": 0, "row": row}))
        .collect();
    Ok(Json(json!({
        "api_version": "sql/v1",
        "kind": "StatementResult",
        "metadata": {"self": own_url, "next": next, "created_at": record.created_at.to_string()},
        "results": {"data": data},
    }))
    .into_response())
}

fn read_parameters(parameters: Parameters) -> Result<HashMap<String, String>, Refusal> {
    let Query(parameters) = parameters.map_err(|error| Refusal::bad_request(error.to_string()))?;
    Ok(parameters)
}

fn next_url(
    own_url: &str,
    mut parameters: HashMap<String, String>,
    token: String,
) -> Result<String, Refusal> {
    parameters.insert("page_token".to_owned(), token);
    Url::parse_with_params(own_url, &parameters)
        .map(Into::into)
        .map_err(|error| Refusal::bad_request(format!("The host is not valid: {error}")))
}

/// A place, if its organization is the UUID that the API asks for.
fn place(organization: String, environment: String) -> Result<Place, Refusal> {
    let groups: Vec<_> = organization.split('-').collect();
    let is_hex = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let lengths: Vec<_> = groups.iter().map(|group| group.len()).collect();
    if lengths != [8, 4, 4, 4, 12] || !groups.iter().all(is_hex) {
        let detail = format!("The organization {organization} is not a UUID");
        return Err(Refusal::bad_request(detail));
    }
    Ok(Place {
        organization,
        environment,
    })
}

fn split(Path((organization, environment, name)): Name) -> Result<(Place, String), Refusal> {
    Ok((place(organization, environment)?, name))
}

/// The statement with its URL, as this client sees it.
fn present(state: &State, record: &Record, headers: &HeaderMap) -> Statement {
    let mut statement = state.present(record);
    let url = url(&record.place, &record.name, headers);
    let other = &mut statement.metadata.other;
    other.insert("self".to_owned(), json!(url));
    statement
}

fn url(place: &Place, name: &str, headers: &HeaderMap) -> String {
    format!(
        "{}/sql/v1/organizations/{}/environments/{}/statements/{name}",
        host(headers),
        place.organization,
        place.environment,
    )
}
