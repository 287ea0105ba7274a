//! A server that follows a script, for faults that no emulator should have.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use routectl::api::{Client, Connection, Credentials};
use serde_json::json;
use tokio::net::TcpListener;

#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// No answer, ever.
    Silence,
}

pub(crate) fn reply(status: u16, body: &(impl ToString + ?Sized)) -> Reply {
    Reply::Answer {
        status,
        headers: Vec::new(),
        body: body.to_string(),
    }
}

pub(crate) fn with_header(reply: Reply, name: &'static str, value: impl Into<String>) -> Reply {
    match reply {
        Reply::Answer {
            status,
            mut headers,
            body,
        } => {
            headers.push((name, value.into()));
            Reply::Answer {
                status,
                headers,
                body,
            }
        }
        Reply::Silence => Reply::Silence,
    }
}

pub(crate) fn refusal(status: u16) -> Reply {
    let errors =
        json!({"errors": [{"id": "eyJtoken", "status": status.to_string(), "detail": "so it is"}]});
    with_header(reply(status, &errors), "x-request-id", "req-1")
}

/// A server that answers with the replies, in order, and writes the requests down.
pub(crate) struct Server {
    pub(crate) url: String,
    talk: Talk,
}

#[derive(Clone, Default)]
struct Talk(Arc<Mutex<(VecDeque<Reply>, Vec<Seen>)>>);

/// A request as the server saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) authorization: String,
}

impl Server {
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let talk = Talk::default();
        talk.0.lock().unwrap().0.extend(replies);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(talk.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { url, talk }
    }

    /// A client that does not wait long.
    pub(crate) fn client(&self) -> Client {
        client(&self.url, Duration::from_secs(30))
    }

    /// The requests so far, which must have used up the replies.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        let (left, seen) = &*self.talk.0.lock().unwrap();
        assert!(left.is_empty(), "fewer requests than expected: {seen:?}");
        seen.clone()
    }

    /// The methods of the requests so far.
    pub(crate) fn methods(&self) -> String {
        let first_word = |seen: &Seen| seen.line.split(' ').next().unwrap_or_default().to_owned();
        self.seen()
            .iter()
            .map(first_word)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

async fn answer(
    State(talk): State<Talk>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let reply = {
        let (replies, seen) = &mut *talk.0.lock().unwrap();
        let authorization = headers
            .get("authorization")
            .map(|value| value.to_str().unwrap());
        seen.push(Seen {
            line: format!("{method} {uri}"),
            authorization: authorization.unwrap_or_default().to_owned(),
        });
        replies.pop_front()
    };
    match reply {
        Some(Reply::Answer {
            status,
            headers,
            body,
        }) => {
            let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Some(Reply::Silence) => std::future::pending().await,
        None => StatusCode::IM_A_TEAPOT.into_response(),
    }
}

pub(crate) fn connection(url: &str) -> Connection {
    Connection {
        base_url: url.to_owned(),
        organization: "org".to_owned(),
        environment: "env".to_owned(),
        credentials: Some(Credentials::Basic {
            key: "KEY".to_owned(),
            secret: "hush".into(),
        }),
        timeout: Duration::from_secs(30),
        extra_ca: None,
    }
}

pub(crate) fn client(url: &str, timeout: Duration) -> Client {
    let connection = Connection {
        timeout,
        ..connection(url)
    };
    Client::new(connection)
        .unwrap()
        .with_first_pause(Duration::from_millis(1))
}
