//! The HTTP face.
//!
//! `statements` and `pools` answer the service's calls, `control` the emulator's own; `envelope` is what all answers of
//! the service have in common: authentication, faults, the error shape.

mod connection;
mod control;
mod envelope;
mod pools;
mod statements;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::header::HOST;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub(super) use self::connection::{Knife, Listener};
use super::Settings;
use super::account::{Access, Account};
use super::behaviour::Behaviour;
use super::inspector::Inspector;
use super::record::{Place, Record};
use super::refusal::Refusal;
use super::request;
use super::state::State;
use super::store::Store;
use super::witness::Witness;

const STATEMENTS: &str =
    "/sql/v1/organizations/{organization}/environments/{environment}/statements";
const POOLS: &str = "/fcpm/v2/compute-pools";

type Answer = Result<Response, Refusal>;
type Body = Result<Bytes, BytesRejection>;

/// What the handlers share.
#[derive(Debug)]
struct Server {
    store: Arc<Store>,
    accounts: Vec<Account>,
    behaviour: Behaviour,
    witness: Option<Arc<dyn Witness>>,
    requests: AtomicU64,
}

/// The routes over a store.
pub(super) fn router(store: Arc<Store>, settings: &Settings) -> Router {
    let control = Router::new()
        .route("/emulator/ledger", get(control::ledger))
        .route(
            "/emulator/faults",
            get(control::faults)
                .post(control::add_fault)
                .delete(control::clear_faults),
        )
        .route(
            "/emulator/clock",
            get(control::now).post(control::move_ahead),
        )
        .route("/emulator/topics", post(control::declare))
        .route("/emulator/held", get(control::until_held))
        .layer(from_fn(envelope::plain))
        .with_state(Inspector(Arc::clone(&store)));
    let server = Arc::new(Server {
        store,
        accounts: settings.accounts.clone(),
        behaviour: settings.behaviour.clone(),
        witness: settings.witness.clone(),
        requests: AtomicU64::new(0),
    });
    let one = format!("{STATEMENTS}/{{name}}");
    Router::new()
        .route(STATEMENTS, get(statements::list).post(statements::create))
        .route(
            &one,
            get(statements::read)
                .put(statements::update)
                .patch(statements::patch)
                .delete(statements::delete),
        )
        .route(&format!("{one}/exceptions"), get(statements::exceptions))
        .route(&format!("{one}/results"), get(statements::results))
        .route(POOLS, get(pools::list))
        .route(&format!("{POOLS}/{{id}}"), get(pools::read))
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .layer(from_fn_with_state(Arc::clone(&server), envelope::api))
        .with_state(server)
        .merge(control)
}

/// A refusal rides on the response as an extension; the envelope gives it its body, which holds the request's id.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Who asks: nobody in particular where anybody may.
#[derive(Debug, Clone)]
struct Caller(Option<Account>);

impl Caller {
    /// The one pool that they may work in.
    fn pool(&self) -> Option<&str> {
        match self.0.as_ref().map(|account| &account.access) {
            Some(Access::Pool(pool)) => Some(pool),
            _ => None,
        }
    }

    fn may_use_pool(&self, pool: Option<&str>) -> bool {
        self.0
            .as_ref()
            .is_none_or(|account| account.may_use_pool(pool))
    }

    /// The statement of a name, if they may see it; else nothing says whether there is one.
    fn find(&self, state: &State, place: &Place, name: &str) -> Result<Record, Refusal> {
        let forbidden =
            || Refusal::forbidden(format!("Access to statement resource={name} is denied"));
        match state.get(place, name) {
            Ok(record) if self.may_use_pool(record.compute_pool.as_deref()) => Ok(record),
            Err(refusal) if self.pool().is_none() => Err(refusal),
            _ => Err(forbidden()),
        }
    }
}

async fn unknown_path(uri: Uri) -> Refusal {
    Refusal::unknown_path(uri.path())
}

async fn unknown_method(method: Method, uri: Uri) -> Refusal {
    Refusal::unknown_method(method.as_str(), uri.path())
}

fn read_body<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, Refusal> {
    let body = body.map_err(|error| Refusal::bad_request(error.to_string()))?;
    request::read(&body)
}

/// The address under which the client reached this server.
fn host(headers: &HeaderMap) -> String {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    format!("http://{host}")
}
