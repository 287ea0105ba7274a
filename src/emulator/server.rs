//! The HTTP face: routes, authentication, and the form of answers.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State as Shared};
use axum::http::header::{AUTHORIZATION, HOST, LOCATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use data_encoding::BASE64;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::listing::ListQuery;
use super::record::{Place, Record};
use super::refusal::Refusal;
use super::request;
use super::store::Store;
use crate::api::Credentials;
use crate::api::wire::{
    ApiVersion, ExceptionListKind, ListKind, ListMetadata, OtherFields, Statement,
    StatementExceptionList, StatementList,
};

const STATEMENTS: &str =
    "/sql/v1/organizations/{organization}/environments/{environment}/statements";

type Answer = Result<Response, Refusal>;
type Body = Result<Bytes, BytesRejection>;

/// What the handlers share.
#[derive(Debug)]
struct Server {
    store: Store,
    /// The `Authorization` header that requests must carry.
    authorization: Option<SecretString>,
    requests: AtomicU64,
}

/// The routes of the API over a store.
pub(super) fn router(store: Store, credentials: Option<&Credentials>) -> Router {
    let server = Arc::new(Server {
        store,
        authorization: credentials.map(authorization),
        requests: AtomicU64::new(0),
    });
    Router::new()
        .route(STATEMENTS, get(list).post(create))
        .route(
            &format!("{STATEMENTS}/{{name}}"),
            get(read).put(update).delete(delete),
        )
        .route(
            &format!("{STATEMENTS}/{{name}}/exceptions"),
            get(exceptions),
        )
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .layer(from_fn_with_state(Arc::clone(&server), envelope))
        .with_state(server)
}

fn authorization(credentials: &Credentials) -> SecretString {
    match credentials {
        Credentials::Basic { key, secret } => {
            let pair = format!("{key}:{}", secret.expose_secret());
            format!("Basic {}", BASE64.encode(pair.as_bytes())).into()
        }
        Credentials::Bearer(token) => format!("Bearer {}", token.expose_secret()).into(),
    }
}

/// A refusal rides on the response as an extension; `envelope` gives it its body, which holds the request's id.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What all answers have in common: the request's id, authentication before anything else, the error shape.
async fn envelope(Shared(server): Shared<Arc<Server>>, request: Request, next: Next) -> Response {
    let id = format!(
        "emulator-{}",
        server.requests.fetch_add(1, Ordering::Relaxed) + 1
    );
    let mut response = if server.admits(request.headers()) {
        next.run(request).await
    } else {
        let challenge = HeaderValue::from_static("Basic error=\"invalid_key\"");
        ([(WWW_AUTHENTICATE, challenge)], Refusal::unauthenticated()).into_response()
    };
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let headers = std::mem::take(response.headers_mut());
        response = (response.status(), headers, Json(refusal.body(&id))).into_response();
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

impl Server {
    fn admits(&self, headers: &HeaderMap) -> bool {
        let given = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        self.authorization
            .as_ref()
            .is_none_or(|wanted| given == Some(wanted.expose_secret()))
    }
}

async fn list(
    Shared(server): Shared<Arc<Server>>,
    parameters: Result<Query<HashMap<String, String>>, QueryRejection>,
    headers: HeaderMap,
    uri: Uri,
) -> Answer {
    let Query(mut parameters) =
        parameters.map_err(|error| Refusal::bad_request(error.to_string()))?;
    let query = ListQuery::read(&parameters)?;
    let page = server.store.transact(|state, _| Ok(state.list(&query)))?;
    let own_url = format!("{}{}", host(&headers), uri.path());
    let next = match page.next {
        None => String::new(),
        Some(token) => {
            parameters.insert("page_token".to_owned(), token);
            Url::parse_with_params(&own_url, &parameters)
                .map_err(|error| Refusal::bad_request(format!("The host is not valid: {error}")))?
                .into()
        }
    };
    let data = page
        .records
        .iter()
        .map(|record| present(record, &headers))
        .collect();
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

async fn create(
    Shared(server): Shared<Arc<Server>>,
    Path((organization, environment)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let request = read_body(body)?;
    let place = Place {
        organization,
        environment,
    };
    let record = server
        .store
        .transact(|state, now| state.create(request, place, now))?;
    let location = [(LOCATION, url(&record, &headers))];
    Ok((
        StatusCode::CREATED,
        location,
        Json(present(&record, &headers)),
    )
        .into_response())
}

async fn read(
    Shared(server): Shared<Arc<Server>>,
    Path((_, _, name)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Answer {
    let record = server.store.transact(|state, _| state.get(&name))?;
    Ok(Json(present(&record, &headers)).into_response())
}

async fn update(
    Shared(server): Shared<Arc<Server>>,
    Path((_, _, name)): Path<(String, String, String)>,
    body: Body,
) -> Answer {
    let request = read_body(body)?;
    server
        .store
        .transact(|state, now| state.update(&name, request, now))?;
    Ok(StatusCode::ACCEPTED.into_response())
}

async fn delete(
    Shared(server): Shared<Arc<Server>>,
    Path((_, _, name)): Path<(String, String, String)>,
) -> Answer {
    server
        .store
        .transact(|state, now| state.delete(&name, now))?;
    Ok(StatusCode::ACCEPTED.into_response())
}

async fn exceptions(
    Shared(server): Shared<Arc<Server>>,
    Path((_, _, name)): Path<(String, String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Answer {
    let record = server.store.transact(|state, _| state.get(&name))?;
    let own_url = format!("{}{}", host(&headers), uri.path());
    Ok(Json(StatementExceptionList {
        api_version: ApiVersion::SqlV1,
        kind: ExceptionListKind::StatementExceptionList,
        metadata: OtherFields::from_iter([("self".to_owned(), json!(own_url))]),
        data: record.exceptions(),
    })
    .into_response())
}

async fn unknown_path(uri: Uri) -> Refusal {
    Refusal::unknown_path(uri.path())
}

async fn unknown_method(method: axum::http::Method, uri: Uri) -> Refusal {
    Refusal::unknown_method(method.as_str(), uri.path())
}

fn read_body<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, Refusal> {
    let body = body.map_err(|error| Refusal::bad_request(error.to_string()))?;
    request::read(&body)
}

/// The statement with its URL, as this client sees it.
fn present(record: &Record, headers: &HeaderMap) -> Statement {
    let mut statement = record.statement();
    statement
        .metadata
        .other
        .insert("self".to_owned(), json!(url(record, headers)));
    statement
}

fn url(record: &Record, headers: &HeaderMap) -> String {
    format!(
        "{}/sql/v1/organizations/{}/environments/{}/statements/{}",
        host(headers),
        record.place.organization,
        record.place.environment,
        record.name
    )
}

/// The address under which the client reached this server.
fn host(headers: &HeaderMap) -> String {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    format!("http://{host}")
}
