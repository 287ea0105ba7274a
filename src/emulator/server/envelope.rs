//! What all answers have in common: the request's id, authentication, the error shape, faults on the way, and the
//! witness of it all.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Json;
use axum::body::{self, Bytes};
use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::http::header::{AUTHORIZATION, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use secrecy::ExposeSecret as _;

use super::{Caller, Knife, Server};
use crate::emulator::account::Access;
use crate::emulator::fault::{Call, Fault};
use crate::emulator::refusal::Refusal;
use crate::emulator::witness::Exchange;

/// More than any client sends.
const LARGEST_BODY: usize = 8 << 20;

/// The envelope of the emulator's own calls.
pub(super) async fn plain(request: Request, next: Next) -> Response {
    render(next.run(request).await, "emulator", false)
}

/// The envelope of the service's calls.
pub(super) async fn api(
    Shared(server): Shared<Arc<Server>>,
    ConnectInfo(knife): ConnectInfo<Knife>,
    request: Request,
    next: Next,
) -> Response {
    let number = server.requests.fetch_add(1, Ordering::Relaxed) + 1;
    let id = format!("emulator-{number}");
    let faults = server.faults(&request);
    for fault in &faults {
        if let Fault::Latency { millis } = fault {
            tokio::time::sleep(Duration::from_millis(*millis)).await;
        }
    }
    let (parts, body) = request.into_parts();
    let body = match body::to_bytes(body, LARGEST_BODY).await {
        Ok(body) => body,
        Err(error) => {
            let refusal = Refusal::bad_request(error.to_string());
            return render(
                refusal.into_response(),
                &id,
                server.behaviour.invalid_is_400,
            );
        }
    };
    let is_held = faults
        .iter()
        .any(|fault| matches!(fault, Fault::Hold { .. }));
    let exchange = Incoming {
        id,
        parts,
        body,
        faults,
        knife,
    };
    if is_held {
        // Whoever hangs up meanwhile does not keep it from being carried out.
        let answer = tokio::spawn(async move { server.answer(exchange, next).await });
        return answer
            .await
            .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    }
    server.answer(exchange, next).await
}

/// A request that was read, and what goes wrong with it.
struct Incoming {
    id: String,
    parts: Parts,
    body: Bytes,
    faults: Vec<Fault>,
    knife: Knife,
}

impl Incoming {
    fn holds(&self, after: bool) -> bool {
        let mut faults = self.faults.iter();
        faults.any(|fault| matches!(fault, Fault::Hold { after_effect } if *after_effect == after))
    }

    /// What a fault answers instead of the service, before or after the request is carried out.
    fn instead(&self, after: bool) -> Option<Response> {
        let mut faults = self.faults.iter();
        faults.find_map(|fault| instead(fault, after, &self.parts.uri, &self.knife))
    }
}

impl Server {
    async fn answer(&self, incoming: Incoming, next: Next) -> Response {
        let gate = &self.store.gate;
        let mut before = None;
        if incoming.holds(false) {
            before = Some(gate.hold().await);
        }
        let (response, tampered) = match incoming.instead(false) {
            Some(response) => (response, true),
            None => {
                let body = incoming.body.clone().into();
                let request = Request::from_parts(incoming.parts.clone(), body);
                let response = self.admit(request, next).await;
                let after = incoming.instead(true);
                let tampered = after.is_some();
                (after.unwrap_or(response), tampered)
            }
        };
        drop(before);
        if incoming.holds(true) {
            drop(gate.hold().await);
        }
        let response = render(response, &incoming.id, self.behaviour.invalid_is_400);
        if self.witness.is_none() {
            return response;
        }
        self.show(&incoming.parts, &incoming.body, response, tampered)
            .await
    }
}

/// The answer that a fault gives instead of the service's own one, before or after the request is carried out.
fn instead(fault: &Fault, after: bool, uri: &Uri, knife: &Knife) -> Option<Response> {
    match fault {
        Fault::Status {
            status,
            retry_after,
            after_effect,
        } if *after_effect == after => {
            let mut response = Refusal::fault(*status).into_response();
            if let Some(seconds) = retry_after {
                response
                    .headers_mut()
                    .insert(RETRY_AFTER, (*seconds).into());
            }
            Some(response)
        }
        Fault::Drop { after_effect } if *after_effect == after => {
            knife.cut();
            Some(StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
        Fault::Redirect { to } if !after => {
            let path = uri.path_and_query().map_or("/", |path| path.as_str());
            let location = format!("{}{path}", to.trim_end_matches('/'));
            Some((StatusCode::TEMPORARY_REDIRECT, [(LOCATION, location)]).into_response())
        }
        _ => None,
    }
}

/// Gives a refusal its body. The service sends none with 429.
fn render(mut response: Response, id: &str, invalid_is_400: bool) -> Response {
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let headers = std::mem::take(response.headers_mut());
        let refusal = if invalid_is_400 {
            refusal.with_400()
        } else {
            refusal
        };
        let status = StatusCode::from_u16(refusal.status).unwrap_or(response.status());
        response = if status == StatusCode::TOO_MANY_REQUESTS {
            (status, headers).into_response()
        } else {
            (status, headers, Json(refusal.body(id))).into_response()
        };
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

impl Server {
    fn faults(&self, request: &Request) -> Vec<Fault> {
        let path = request.uri().path();
        let call = Call {
            method: request.method().as_str(),
            path,
            statement: path
                .split_once("/statements/")
                .and_then(|(_, rest)| rest.split('/').next()),
        };
        let hits = self.store.with(|state, _| state.faults.hit_request(&call));
        // A journal that cannot be written is the next call's to report.
        hits.unwrap_or_default()
    }

    /// Lets a request through to its handler, if whoever sends it may come in.
    async fn admit(&self, mut request: Request, next: Next) -> Response {
        match self.caller(request.headers(), request.method()) {
            Ok(caller) => {
                request.extensions_mut().insert(caller);
                next.run(request).await
            }
            Err(refusal) if refusal.status == 401 => {
                let challenge = HeaderValue::from_static("Basic error=\"invalid_key\"");
                ([(WWW_AUTHENTICATE, challenge)], refusal).into_response()
            }
            Err(refusal) => refusal.into_response(),
        }
    }

    fn caller(&self, headers: &HeaderMap, method: &Method) -> Result<Caller, Refusal> {
        if self.accounts.is_empty() {
            return Ok(Caller(None));
        }
        let given = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let account = self
            .accounts
            .iter()
            .find(|account| given == Some(account.authorization().expose_secret()))
            .ok_or_else(Refusal::unauthenticated)?;
        match account.access {
            Access::Elsewhere if self.behaviour.wrong_key_is_forbidden => {
                Err(Refusal::forbidden("The key is not valid for this resource"))
            }
            Access::Elsewhere => Err(Refusal::unauthenticated()),
            Access::ReadOnly if method != Method::GET => Err(Refusal::forbidden(
                "The principal may not change anything here",
            )),
            _ => Ok(Caller(Some(account.clone()))),
        }
    }

    /// Shows an exchange to the witness.
    async fn show(
        &self,
        request: &Parts,
        body: &Bytes,
        response: Response,
        tampered: bool,
    ) -> Response {
        let (parts, answer) = response.into_parts();
        let answer = body::to_bytes(answer, usize::MAX).await.unwrap_or_default();
        if let Some(witness) = &self.witness {
            witness.saw(&Exchange {
                method: request.method.to_string(),
                target: request.uri.to_string(),
                request_headers: texts(&request.headers),
                request: body.to_vec(),
                status: parts.status.as_u16(),
                answer_headers: texts(&parts.headers),
                answer: answer.to_vec(),
                tampered,
            });
        }
        Response::from_parts(parts, answer.into())
    }
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| *name != AUTHORIZATION)
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect()
}
