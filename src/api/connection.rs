//! Where the service is and who asks: everything about a connection that can be wrong before the first call.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Url};
use secrecy::SecretString;

/// The longest wait for a connection to stand; the time for the answer comes on top.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the service is and who asks.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The address of the service without the API's path, such as
    /// `https://flink.us-east-1.aws.confluent.cloud`.
    pub base_url: String,
    /// The organization (a UUID).
    pub organization: String,
    /// The environment (`env-...`).
    pub environment: String,
    /// Who asks; `None` for a server that does not ask for it.
    pub credentials: Option<Credentials>,
    /// How long one request may take, from connecting to the last byte.
    pub timeout: Duration,
    /// Certificates that are trusted besides the system's.
    pub extra_ca: Option<CaFile>,
}

/// Certificates of authorities, as a file in PEM form.
#[derive(Debug, Clone)]
pub struct CaFile {
    /// Where they were read from, for messages.
    pub path: String,
    /// What stands there.
    pub pem: String,
}

/// Who asks. Never shown, not even by `Debug`.
#[derive(Clone)]
pub enum Credentials {
    /// An API key: a Flink key (valid for one region) or a global one.
    Basic {
        /// The key.
        key: String,
        /// Its secret.
        secret: SecretString,
    },
    /// An access token: of the service, or of an identity provider that one of its identity pools trusts.
    Bearer {
        /// The token.
        token: SecretString,
        /// The identity pool (`pool-...`), for a token of an identity provider.
        identity_pool: Option<String>,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic { .. } => "Basic(..)",
            Self::Bearer { .. } => "Bearer(..)",
        })
    }
}

/// Why a connection cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The address is no URL of a web server.
    #[error(
        "the endpoint `{endpoint}` is not usable: {reason}; give an address such as \
         `https://flink.us-east-1.aws.confluent.cloud`"
    )]
    Endpoint {
        /// The address, without what may be secret in it.
        endpoint: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Credentials would cross a network unencrypted.
    #[error("credentials are not sent to `{endpoint}` unencrypted; use an `https://` endpoint")]
    Unencrypted {
        /// The address.
        endpoint: String,
    },
    /// The organization or the environment cannot be part of a path.
    #[error("`{value}` is not the id of an {what}; give the id that the service shows for it")]
    Id {
        /// Organization or environment.
        what: &'static str,
        /// What was given.
        value: String,
    },
    /// The certificates that are to be trusted besides the system's cannot be used.
    #[error(
        "the CA certificates in `{path}` cannot be used: {reason}; give a file in PEM form, with one certificate or more"
    )]
    Certificates {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The TLS library or the system's certificates are not usable.
    #[error("cannot set up secure connections: {0}; check the system's CA certificates")]
    Tls(String),
}

impl ConnectionError {
    /// What is wrong, and what to do about it.
    pub fn parts(&self) -> (String, String) {
        let words = self.to_string();
        match words.split_once("; ") {
            Some((problem, remedy)) => (problem.to_owned(), remedy.to_owned()),
            None => (words, String::new()),
        }
    }
}

impl Connection {
    /// The URL of the statements collection.
    pub(super) fn statements_url(&self) -> Result<Url, ConnectionError> {
        let mut url = self.endpoint()?;
        for (what, value) in [
            ("organization", &self.organization),
            ("environment", &self.environment),
        ] {
            if !is_segment(value) {
                return Err(ConnectionError::Id {
                    what,
                    value: value.clone(),
                });
            }
        }
        append(
            &mut url,
            &[
                "sql",
                "v1",
                "organizations",
                &self.organization,
                "environments",
                &self.environment,
            ],
        );
        append(&mut url, &["statements"]);
        Ok(url)
    }

    pub(super) fn endpoint(&self) -> Result<Url, ConnectionError> {
        endpoint(&self.base_url, self.credentials.is_some())
    }

    fn unusable(&self, reason: String) -> ConnectionError {
        match &self.extra_ca {
            None => ConnectionError::Tls(reason),
            Some(file) => file.unusable(reason),
        }
    }

    /// The HTTP client. Redirects are left to the caller, which knows where credentials may go.
    pub(super) fn http_client(&self) -> Result<reqwest::Client, ConnectionError> {
        // An error means that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = self.endpoint()?;
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("routectl/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT.min(self.timeout))
            .timeout(self.timeout);
        if is_loopback(&url) {
            builder = builder.no_proxy();
        }
        if url.scheme() == "http" {
            // No certificates are needed then, and a container without any must not fail over them.
            builder = builder.tls_certs_only([]);
        }
        if let Some(file) = &self.extra_ca {
            builder = builder.tls_certs_merge(file.certificates()?);
        }
        builder
            .build()
            .map_err(|error| self.unusable(with_causes(&error)))
    }
}

impl CaFile {
    fn certificates(&self) -> Result<Vec<Certificate>, ConnectionError> {
        let found = Certificate::from_pem_bundle(self.pem.as_bytes());
        let found = found.map_err(|error| self.unusable(with_causes(&error)))?;
        if found.is_empty() {
            return Err(self.unusable("there is no certificate in it".to_owned()));
        }
        Ok(found)
    }

    fn unusable(&self, reason: String) -> ConnectionError {
        ConnectionError::Certificates {
            path: self.path.clone(),
            reason,
        }
    }
}

/// Reads the address of a service: the public one of a region, one for private networking, or one on this machine.
///
/// # Errors
/// It cannot be the address of a service, or credentials would go there unencrypted.
pub fn endpoint(text: &str, with_credentials: bool) -> Result<Url, ConnectionError> {
    let refuse = |reason: &str| ConnectionError::Endpoint {
        // Anything before an `@` may be a password, and anything behind a `?` a token.
        endpoint: text
            .rsplit('@')
            .next()
            .and_then(|rest| rest.split(['?', '#']).next())
            .unwrap_or_default()
            .to_owned(),
        reason: reason.to_owned(),
    };
    let url = Url::parse(text).map_err(|error| refuse(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("it does not begin with `https://`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(
            "it holds a user name, and credentials do not belong there",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it has a query or a fragment"));
    }
    if url.path().contains("/sql/v1") {
        return Err(refuse(
            "it holds the path of the API, which is added by itself",
        ));
    }
    if url.scheme() == "http" && with_credentials && !is_loopback(&url) {
        return Err(ConnectionError::Unencrypted {
            endpoint: text.to_owned(),
        });
    }
    Ok(url)
}

/// Whether a text can be one segment of a path.
pub(super) fn is_segment(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
}

/// Appends segments, percent-encoded.
pub(super) fn append(url: &mut Url, segments: &[&str]) {
    // Only URLs that cannot have a path fail here, and `endpoint` lets none of them through.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
}

/// Whether the URL means this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The texts of an error and its causes, outermost first, without what only repeats the one before.
pub(super) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.ends_with(&words) {
            text = format!("{text}: {words}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(base_url: &str) -> Connection {
        Connection {
            base_url: base_url.to_owned(),
            organization: "org".to_owned(),
            environment: "env-1".to_owned(),
            credentials: Some(Credentials::Bearer {
                token: "hush".into(),
                identity_pool: None,
            }),
            timeout: Duration::from_secs(1),
            extra_ca: None,
        }
    }

    #[test]
    fn the_path_follows_the_endpoint_with_or_without_slash() {
        for base in [
            "https://flink.eu.aws.confluent.cloud",
            "https://flink.eu.aws.confluent.cloud/",
        ] {
            assert_eq!(
                connection(base).statements_url().unwrap().as_str(),
                "https://flink.eu.aws.confluent.cloud/sql/v1/organizations/org/environments/env-1/statements"
            );
        }
        let below = connection("https://gateway.example/flink/")
            .statements_url()
            .unwrap();
        assert!(below.path().starts_with("/flink/sql/v1/"), "{below}");
    }

    #[test]
    fn endpoints_that_cannot_work_are_refused_without_showing_secrets() {
        for bad in [
            "",
            "flink.example",
            "ftp://x",
            "https://key:hush@x",
            "https://x?a=hush@b",
            "https://x#f",
            "https://x/sql/v1/organizations/o",
        ] {
            let error = connection(bad).statements_url().unwrap_err().to_string();
            assert!(
                error.contains("not usable") && !error.contains("hush"),
                "{bad}: {error}"
            );
        }
    }

    #[test]
    fn credentials_stay_on_encrypted_or_local_connections() {
        assert!(matches!(
            connection("http://flink.example").statements_url(),
            Err(ConnectionError::Unencrypted { .. })
        ));
        for local in ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"] {
            assert!(connection(local).statements_url().is_ok(), "{local}");
        }
        let anonymous = Connection {
            credentials: None,
            ..connection("http://emulator:8080")
        };
        assert!(anonymous.statements_url().is_ok());
    }

    #[test]
    fn private_networks_have_addresses_of_their_own() {
        for private in [
            "https://flink.us-east-1.aws.private.confluent.cloud",
            "https://flink.pr1jy6.us-east-2.aws.confluent.cloud",
            "https://flink-abc123.us-east-1.aws.glb.confluent.cloud/",
            "https://gateway.example.internal:8443/flink",
        ] {
            assert!(endpoint(private, true).is_ok(), "{private}");
        }
    }

    /// A certificate without its key, made for this test.
    const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBhjCCAS2gAwIBAgIUEm7YFgHPDEwWgLl5WS3TXVchsn0wCgYIKoZIzj0EAwIw\n\
GDEWMBQGA1UEAwwNcm91dGVjdGwgdGVzdDAgFw0yNjExMjMwMzIzMjZaGA8yMTI2\n\
MTAzMDAzMjMyNlowGDEWMBQGA1UEAwwNcm91dGVjdGwgdGVzdDBZMBMGByqGSM49\n\
AgEGCCqGSM49AwEHA0IABIv2VPlvV5Dr11EPGoOU8PK8UspBfDmnzM+STAIryln0\n\
LLgeveu+ypKzgDvHrmAdm5t03ksmoNcuxvTYOnP9AyGjUzBRMB0GA1UdDgQWBBTQ\n\
SaCBk5xUWfr2PERijQpLXwNX0jAfBgNVHSMEGDAWgBTQSaCBk5xUWfr2PERijQpL\n\
XwNX0jAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIE2RKhaTqZBw\n\
4+u1b8lQKb7LQ5l9C7416400HVRbMXYPAiB1yjhfWrgePQgH/fJxkwc6c/u7PmLf\n\
jjmv8t6VU9n/GQ==\n\
-----END CERTIFICATE-----\n";

    #[test]
    fn a_file_may_hold_several_certificates() {
        let connection = Connection {
            extra_ca: Some(CaFile {
                path: "ca.pem".to_owned(),
                pem: format!("one\n{CERTIFICATE}two\n{CERTIFICATE}"),
            }),
            ..connection("https://x")
        };
        assert!(connection.http_client().is_ok());
    }

    #[test]
    fn certificates_that_are_none_are_refused_by_name() {
        let with = |pem: &str| Connection {
            extra_ca: Some(CaFile {
                path: "ca.pem".to_owned(),
                pem: pem.to_owned(),
            }),
            ..connection("https://x")
        };
        for bad in [
            "",
            "no certificate",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            let error = with(bad).http_client().unwrap_err().to_string();
            assert!(
                error.starts_with("the CA certificates in `ca.pem` cannot be used: "),
                "{error}"
            );
        }
    }

    #[test]
    fn ids_cannot_leave_their_place_in_the_path() {
        let with = |id: &str| Connection {
            organization: id.to_owned(),
            ..connection("https://x")
        };
        assert!(with("..").statements_url().is_err());
        assert!(with("").statements_url().is_err());
        let url = with("a/../b?c").statements_url().unwrap();
        assert!(
            url.path()
                .contains("/organizations/a%2F..%2Fb%3Fc/environments/"),
            "{url}"
        );
    }

    #[test]
    fn debug_shows_no_credentials() {
        let basic = Credentials::Basic {
            key: "KEY".to_owned(),
            secret: "hush".into(),
        };
        let shown = format!("{basic:?} {:?}", connection("https://x"));
        assert!(!shown.contains("hush") && !shown.contains("KEY"), "{shown}");
    }
}
