//! Sends one request: authentication, retries, redirects, and status codes as errors.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use jiff::Timestamp;
use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode, Url};
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::connection::{Connection, ConnectionError, Credentials, is_loopback, with_causes};
use super::error::{ApiError, Call, Detail};
use super::rate::{Limits, Pace};
use super::redirect::{may_follow, redirection};
use super::veil::Veil;
use crate::clock::{Clock as _, SystemClock};

/// How often a call is repeated at most.
const RETRIES: usize = 3;
/// How often a call is repeated at most that the service put off: until a minute with too many calls is over.
const RETRIES_OF_REFUSED: usize = 8;
/// The longest pause of our own between two of them.
const LONGEST_OWN_PAUSE: Duration = Duration::from_secs(20);
/// For so long after it was decided on, a change is sent again. What was seen then does not hold for ever: retired statements
/// are deleted, and their names taken, after [`RETENTION`](crate::plan::decide::RETENTION).
const LONGEST_INSISTENCE: Duration = Duration::from_mins(4);
/// How many redirects one request may follow.
const REDIRECTS: usize = 5;
/// A service that wants to be left alone for longer than this gets its wish: the call fails.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// When a failed request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// After every passing failure: doing it twice is doing it once.
    Freely,
    /// Only if the service certainly has not carried it out.
    IfNotCarriedOut,
}

/// One request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Vec<u8>>,
    pub(super) repeat: Repeat,
}

impl Request {
    /// Whether it may be sent again so long after it was decided on.
    fn may_be_repeated(&self, error: &ApiError, after: Duration) -> bool {
        let changes_something = self.method != Method::GET;
        if changes_something && after > LONGEST_INSISTENCE {
            return false;
        }
        match self.repeat {
            Repeat::Freely => error.is_transient(),
            Repeat::IfNotCarriedOut => error.was_not_carried_out(),
        }
    }

    /// The request as errors name it.
    pub(super) fn call(&self) -> Call {
        self.call_to(&self.url)
    }

    /// The same request where it was redirected to.
    fn call_to(&self, url: &Url) -> Call {
        Call {
            method: self.method.to_string(),
            url: format!("{}{}", url.origin().ascii_serialization(), url.path()),
            request_id: None,
        }
    }
}

/// A successful answer (2xx).
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) call: Call,
    body: Vec<u8>,
}

impl Answer {
    /// Reads the body.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        if self.body.trim_ascii().is_empty() {
            return Err(self.unreadable("it is empty"));
        }
        serde_json::from_slice(&self.body).map_err(|error| self.unreadable(error.to_string()))
    }

    /// The error for an answer that makes no sense.
    pub(super) fn unreadable(&self, reason: impl Into<String>) -> ApiError {
        ApiError::Unreadable {
            call: self.call.clone(),
            reason: reason.into(),
        }
    }
}

/// Sends requests on one connection.
#[derive(Debug, Clone)]
pub(super) struct Transport {
    http: reqwest::Client,
    credentials: Option<Credentials>,
    /// Over whatever comes back.
    veil: Veil,
    timeout: Duration,
    pub(super) first_pause: Duration,
    /// The pace of the calls; without one they are made as they come.
    pub(super) pace: Option<Pace>,
}

impl Transport {
    pub(super) fn new(connection: &Connection) -> Result<Self, ConnectionError> {
        let is_near = is_loopback(&connection.endpoint()?);
        Ok(Self {
            pace: (!is_near).then(|| Pace::new(Limits::DOCUMENTED)),
            http: connection.http_client()?,
            credentials: connection.credentials.clone(),
            veil: Veil::over(connection.credentials.as_ref()),
            timeout: connection.timeout,
            first_pause: Duration::from_millis(300),
        })
    }

    /// Sends the request, again after a passing failure where that does no harm.
    pub(super) async fn send(&self, request: &Request) -> Result<Answer, ApiError> {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(self.first_pause)
            .with_max_delay(LONGEST_OWN_PAUSE)
            .with_max_times(RETRIES_OF_REFUSED)
            .with_jitter();
        let mut failures = 0;
        let decided = Instant::now();
        (|| self.send_once(request))
            .retry(pauses)
            .when(|error| {
                failures += usize::from(!matches!(error, ApiError::RateLimited { .. }));
                request.may_be_repeated(error, decided.elapsed()) && failures <= RETRIES
            })
            .adjust(|error, pause| match (pause?, error.retry_after()) {
                (_, Some(wish)) if wish > LONGEST_PAUSE => None,
                (pause, wish) => Some(pause.max(wish.unwrap_or_default())),
            })
            .await
    }

    async fn send_once(&self, request: &Request) -> Result<Answer, ApiError> {
        let mut url = request.url.clone();
        for _ in 0..=REDIRECTS {
            let mut call = request.call_to(&url);
            if let Some(pace) = &self.pace {
                pace.turn().await;
            }
            let response = self
                .builder(request, url.clone())
                .send()
                .await
                .map_err(|error| self.no_answer(call.clone(), error))?;
            call.request_id = header(&response, "x-request-id").map(|id| self.veil.cover(id));
            match redirection(&response, &url) {
                None => return self.answer(call, response).await,
                Some(next) if may_follow(&request.method, response.status(), &url, &next) => {
                    url = next;
                }
                Some(next) => {
                    let to = self.veil.cover(&next.origin().ascii_serialization());
                    return Err(ApiError::Redirected { call, to });
                }
            }
        }
        let reason = format!("more than {REDIRECTS} redirects");
        Err(ApiError::Unreadable {
            call: request.call(),
            reason,
        })
    }

    fn builder(&self, request: &Request, url: Url) -> reqwest::RequestBuilder {
        let mut builder = self
            .http
            .request(request.method.clone(), url)
            .header(ACCEPT, "application/json");
        builder = match &self.credentials {
            Some(Credentials::Basic { key, secret }) => {
                builder.basic_auth(key, Some(secret.expose_secret()))
            }
            Some(Credentials::Bearer {
                token,
                identity_pool,
            }) => {
                builder = builder.bearer_auth(token.expose_secret());
                match identity_pool {
                    Some(pool) => builder.header("Confluent-Identity-Pool-Id", pool),
                    None => builder,
                }
            }
            None => builder,
        };
        match &request.body {
            Some(body) => builder
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone()),
            None => builder,
        }
    }

    async fn answer(&self, call: Call, response: Response) -> Result<Answer, ApiError> {
        let status = response.status();
        let retry_after = wish(&response);
        let body = match response.bytes().await {
            Ok(body) => self.veil.cover_body(body.to_vec()),
            Err(error) => return Err(self.no_answer(call, error)),
        };
        if status.is_success() {
            return Ok(Answer { call, body });
        }
        if let Some(pace) = &self.pace
            && status == StatusCode::TOO_MANY_REQUESTS
        {
            let pause = retry_after.unwrap_or_default();
            pace.refused(pause.min(LONGEST_PAUSE));
        }
        Err(failure(call, status, &body, retry_after))
    }

    fn no_answer(&self, call: Call, error: reqwest::Error) -> ApiError {
        let connected = !error.is_connect() && !error.is_builder();
        if connected && error.is_timeout() {
            return ApiError::Timeout {
                call,
                after: self.timeout,
            };
        }
        // The URL is in `call` already, without its query.
        let reason = self.veil.cover(&with_causes(&error.without_url()));
        ApiError::Transport {
            call,
            reason,
            connected,
        }
    }
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}

/// How long the service wants to be left alone, where it says so: in seconds or as a time, or, for APIs with such a
/// budget, in seconds until there is a new one.
fn wish(response: &Response) -> Option<Duration> {
    let budget = || header(response, "x-ratelimit-reset")?.trim().parse().ok();
    let Some(text) = header(response, RETRY_AFTER.as_str()).map(str::trim) else {
        let is_refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
        return budget().filter(|_| is_refused).map(Duration::from_secs);
    };
    let seconds = text.parse().ok().map(Duration::from_secs);
    seconds.or_else(|| until(text, SystemClock.now()))
}

/// How long it is until an HTTP date; nothing where it is past.
fn until(date: &str, now: Timestamp) -> Option<Duration> {
    let date = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

fn failure(call: Call, status: StatusCode, body: &[u8], retry_after: Option<Duration>) -> ApiError {
    let body = String::from_utf8_lossy(body);
    let detail = Detail::from_body(&body);
    let code = status.as_u16();
    match code {
        401 => ApiError::Unauthorized { call, detail },
        403 => ApiError::Forbidden { call, detail },
        // The service answers in JSON. Something else that knows no such page says nothing about statements.
        404 if body.trim().is_empty() || body.trim_start().starts_with('{') => {
            ApiError::NotFound { call, detail }
        }
        404 => ApiError::Unreadable {
            call,
            reason: "it is a 404 of some other server".to_owned(),
        },
        409 => ApiError::Conflict { call, detail },
        429 => ApiError::RateLimited {
            call,
            detail,
            retry_after,
        },
        500.. => ApiError::Server {
            call,
            status: code,
            detail,
            retry_after,
        },
        _ => ApiError::Rejected {
            call,
            status: code,
            detail,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_may_be_a_date() {
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        let left = |date: &str| until(date, now);
        assert_eq!(
            left("Fri, 02 Jan 2026 03:04:35 GMT"),
            Some(Duration::from_secs(30))
        );
        assert_eq!(left("Fri, 02 Jan 2026 03:04:00 GMT"), Some(Duration::ZERO));
        assert_eq!(left("soon"), None);
    }

    #[test]
    fn a_change_is_not_insisted_on_for_long() {
        let request = |method: Method| Request {
            method,
            url: "https://flink.example/x".parse().unwrap(),
            body: None,
            repeat: Repeat::Freely,
        };
        let refused = |request: &Request| ApiError::RateLimited {
            call: request.call(),
            detail: Detail::from_text("slow down"),
            retry_after: None,
        };
        let late = LONGEST_INSISTENCE + Duration::from_secs(1);
        for (method, after, expected) in [
            (Method::POST, LONGEST_INSISTENCE, true),
            (Method::POST, late, false),
            (Method::DELETE, late, false),
            (Method::GET, late, true),
        ] {
            let request = request(method);
            let found = request.may_be_repeated(&refused(&request), after);
            assert_eq!(found, expected, "{} after {after:?}", request.method);
        }
    }

    #[test]
    fn every_status_has_its_meaning() {
        let kind = |status: u16, body: &str| {
            let call = Call {
                method: "GET".to_owned(),
                url: "https://flink.example/x".to_owned(),
                request_id: None,
            };
            let error = failure(
                call,
                StatusCode::from_u16(status).unwrap(),
                body.as_bytes(),
                None,
            );
            format!("{error:?}")
                .split([' ', '{'])
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        let vendor =
            r#"{"errors":[{"status":"404","detail":"Statement resource=x does not exist"}]}"#;
        for (status, expected) in [
            (301, "Rejected"),
            (400, "Rejected"),
            (401, "Unauthorized"),
            (403, "Forbidden"),
            (404, "NotFound"),
            (409, "Conflict"),
            (422, "Rejected"),
            (429, "RateLimited"),
            (500, "Server"),
            (503, "Server"),
        ] {
            assert_eq!(kind(status, vendor), expected, "{status}");
        }
        assert_eq!(kind(404, "<html>no such page</html>"), "Unreadable");
    }
}
