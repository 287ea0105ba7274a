//! What can go wrong with a call, told apart by what the caller can do about it.
//!
//! Messages name the call, its host included, and the remedy. They never hold credentials, nor the `id` of the service's error
//! objects, in which tokens have been seen.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

/// The call that an error is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The HTTP method.
    pub method: String,
    /// The address, without credentials and query.
    pub url: String,
    /// The service's id of the request, where it answered with one; its support asks for it.
    pub request_id: Option<String>,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{} {}`", self.method, self.url)?;
        self.request_id
            .as_ref()
            .map_or(Ok(()), |id| write!(f, " (request `{id}`)"))
    }
}

/// The service's own words about an error, where it sent any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detail(Option<String>);

impl Detail {
    /// The longest text taken from a body that is not in the service's format.
    const LONGEST_PLAIN_TEXT: usize = 2000;

    /// The words, where there are any.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Finds the words in the body of an answer: the service and the proxies before it use several shapes.
    pub(super) fn from_body(body: &str) -> Self {
        let words = match serde_json::from_str::<Value>(body) {
            Ok(value) => words_of(value),
            // Neither broken JSON, which may hold an id, nor a web page.
            Err(_) if body.trim_start().starts_with(['{', '[', '<']) => None,
            Err(_) => Some(body.chars().take(Self::LONGEST_PLAIN_TEXT).collect()),
        };
        Self::from_text(&words.unwrap_or_default())
    }

    /// The text without control characters, which could steer a terminal.
    pub(super) fn from_text(text: &str) -> Self {
        let clean: String = text
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect();
        let clean = clean.trim();
        Self((!clean.is_empty()).then(|| clean.to_owned()))
    }
}

/// The words in a body: of every error in it, with the field that each is about; of an unknown shape all of it.
fn words_of(body: Value) -> Option<String> {
    let text = |value: &Value, key: &str| {
        let text = value.get(key)?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    };
    if let Some(errors) = body.get("errors").and_then(Value::as_array) {
        let words = errors.iter().filter_map(|error| {
            let words = text(error, "detail").or_else(|| text(error, "title"))?;
            let source = error.get("source").unwrap_or(&Value::Null);
            let field = text(source, "pointer").or_else(|| text(source, "parameter"));
            Some(match field {
                Some(field) => format!("{words} ({field})"),
                None => words,
            })
        });
        let words: Vec<_> = words.collect();
        return (!words.is_empty()).then(|| words.join("; "));
    }
    let inner = body.get("error").unwrap_or(&Value::Null);
    let known = text(inner, "message").or_else(|| text(&body, "message"));
    known.or_else(|| text(&body, "error")).or_else(|| {
        let rest = without_ids(body);
        let is_empty = matches!(&rest, Value::Null) || rest.as_object().is_some_and(Map::is_empty);
        (!is_empty).then(|| rest.to_string())
    })
}

/// The value without the ids in it, in which tokens have been seen.
fn without_ids(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(key, _)| key != "id");
            kept.map(|(key, value)| (key, without_ids(value))).collect()
        }
        Value::Array(values) => values.into_iter().map(without_ids).collect(),
        other => other,
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .as_ref()
            .map_or(Ok(()), |detail| write!(f, ": {detail}"))
    }
}

/// Why a call failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ApiError {
    /// The credentials are missing or wrong (401).
    #[error(
        "{call} was refused (401){detail}; check the API key and its secret: a Flink API key is \
         valid for one region, and a Cloud API key is not accepted"
    )]
    Unauthorized {
        /// The call.
        call: Call,
        /// The service's words.
        detail: Detail,
    },
    /// The credentials do not allow the call (403). With a role that is limited to some compute pools this
    /// may also mean that the statement does not exist.
    #[error(
        "{call} is not allowed (403){detail}; check the roles of the API key's owner in this \
         environment and compute pool"
    )]
    Forbidden {
        /// The call.
        call: Call,
        /// The service's words.
        detail: Detail,
    },
    /// There is no such thing (404).
    #[error(
        "{call} found nothing (404){detail}; check the organization, the environment and the name"
    )]
    NotFound {
        /// The call.
        call: Call,
        /// The service's words.
        detail: Detail,
    },
    /// The name is taken, or the statement changed since it was read (409).
    #[error(
        "{call} met a conflict (409){detail}; somebody else changed the statement or its deletion \
         is under way: look again before trying again"
    )]
    Conflict {
        /// The call.
        call: Call,
        /// The service's words.
        detail: Detail,
    },
    /// The service does not take the request as it is.
    #[error("{call} was rejected ({status}){detail}; correct what the service names")]
    Rejected {
        /// The call.
        call: Call,
        /// The HTTP status.
        status: u16,
        /// The service's words.
        detail: Detail,
    },
    /// Too many requests (429); the request was not carried out.
    #[error(
        "{call} was put off: too many requests (429){detail}; try again later or with less parallelism, and see who else uses the service from this address"
    )]
    RateLimited {
        /// The call.
        call: Call,
        /// The service's words.
        detail: Detail,
        /// How long the service wants to be left alone, where it says so.
        retry_after: Option<Duration>,
    },
    /// The service failed (5xx). Whether the request was carried out is not known.
    #[error("{call} failed in the service ({status}){detail}; try again later")]
    Server {
        /// The call.
        call: Call,
        /// The HTTP status.
        status: u16,
        /// The service's words.
        detail: Detail,
        /// How long the service wants to be left alone, where it says so.
        retry_after: Option<Duration>,
    },
    /// A list is as long as one may be that the service cuts off without a word.
    #[error(
        "the list of statements with the label `{label}` ends at {count}, where the service may cut lists off, so some may be missing; nothing is decided on it: divide the project, or delete statements that are over with `routectl cleanup`"
    )]
    TooMany {
        /// The label that they were listed by.
        label: String,
        /// How many there are.
        count: usize,
    },
    /// The service was not reached or the connection broke.
    #[error(
        "{call} got no answer: {reason}; check the endpoint, the network, the proxy settings and the CA certificates"
    )]
    Transport {
        /// The call.
        call: Call,
        /// What went wrong, innermost cause last.
        reason: String,
        /// Whether there was a connection, so that the request may have been carried out.
        connected: bool,
    },
    /// No answer in time. Whether the request was carried out is not known.
    #[error("{call} got no answer within {} s; check the network, or allow more time with `--request-timeout`", after.as_secs_f32())]
    Timeout {
        /// The call.
        call: Call,
        /// How long the answer was waited for.
        after: Duration,
    },
    /// There is an answer, but not one of this API.
    #[error(
        "the answer to {call} cannot be read: {reason}; check that the endpoint is the Flink REST \
         endpoint and that no proxy answers in its place"
    )]
    Unreadable {
        /// The call.
        call: Call,
        /// What is wrong with it.
        reason: String,
    },
    /// The service points to a place where the request or its credentials must not go.
    #[error(
        "{call} is redirected to `{to}`, which is not followed; give that address as the endpoint if it is the right one"
    )]
    Redirected {
        /// The call.
        call: Call,
        /// Scheme and host of the foreign place.
        to: String,
    },
    /// No call was made: the name cannot be part of a path.
    #[error("`{name}` cannot be the name of a statement; names consist of a-z, 0-9 and `-`")]
    UnusableName {
        /// The name.
        name: String,
    },
}

impl ApiError {
    /// Whether a repetition may succeed where the call can be repeated without harm.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Server { status, .. } => *status != 501,
            Self::RateLimited { .. } | Self::Transport { .. } | Self::Timeout { .. } => true,
            _ => false,
        }
    }

    /// Whether the service certainly did not carry the request out, though it may the next time.
    pub(super) fn was_not_carried_out(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::Transport {
                    connected: false,
                    ..
                }
        )
    }

    /// Whether the request may have been carried out all the same.
    pub fn is_ambiguous(&self) -> bool {
        matches!(
            self,
            Self::Server { .. }
                | Self::Transport {
                    connected: true,
                    ..
                }
                | Self::Timeout { .. }
                | Self::Unreadable { .. }
        )
    }

    /// Whether something changed since it was read, or a name is taken.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }

    /// How long the service wants to be left alone, where it says so.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::Server { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_is_found_in_every_known_shape_and_the_id_in_none() {
        let detail = |body: &str| Detail::from_body(body).0;
        let found = Some("why".to_owned());
        assert_eq!(
            detail(r#"{"errors":[{"id":"eyJ0","status":"409","detail":"why"}]}"#),
            found
        );
        assert_eq!(detail(r#"{"errors":[{"id":"eyJ0","title":"why"}]}"#), found);
        assert_eq!(detail(r#"{"error":{"message":"why"}}"#), found);
        assert_eq!(detail(r#"{"error_code":40403,"message":"why"}"#), found);
        assert_eq!(detail(r#"{"error":"why"}"#), found);
        let two = r#"{"errors":[{"detail":"why","source":{"pointer":"/name"}},{"title":"and","source":{}}]}"#;
        assert_eq!(detail(two).as_deref(), Some("why (/name); and"));
        let unknown = r#"{"reason":"why","more":[{"id":"eyJ0","at":1}]}"#;
        assert_eq!(
            detail(unknown).as_deref(),
            Some(r#"{"reason":"why","more":[{"at":1}]}"#)
        );
        assert_eq!(detail("why\u{1b}\n"), found);
        for silent in [
            "",
            "<html>gateway</html>",
            r#"{"errors":[{"id":"eyJ0"}]}"#,
            r#"{"errors":[{"id":"ey"#,
        ] {
            assert_eq!(detail(silent), None, "{silent}");
        }
    }

    #[test]
    fn a_message_names_the_call_the_words_and_the_remedy() {
        let call = Call {
            method: "GET".to_owned(),
            url: "https://flink.example/sql/v1/x".to_owned(),
            request_id: Some("r-1".to_owned()),
        };
        let error = ApiError::Forbidden {
            call,
            detail: Detail::from_text("no role"),
        };
        insta::assert_snapshot!(error, @"`GET https://flink.example/sql/v1/x` (request `r-1`) is not allowed (403): no role; check the roles of the API key's owner in this environment and compute pool");
    }
}
