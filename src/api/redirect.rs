//! Which redirects are followed: the gateway redirects within its domain, and credentials must not leave it.

use reqwest::header::LOCATION;
use reqwest::{Method, Response, StatusCode, Url};

/// The hosts that share the service's credentials.
const TRUSTED_DOMAIN: &str = ".confluent.cloud";

/// Where the answer points to, if it is a redirect.
pub(super) fn redirection(response: &Response, from: &Url) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    from.join(response.headers().get(LOCATION)?.to_str().ok()?)
        .ok()
}

/// Whether a redirect keeps the request as it is, and stays where the credentials may go.
pub(super) fn may_follow(method: &Method, status: StatusCode, from: &Url, to: &Url) -> bool {
    let keeps_method = method == Method::GET
        || matches!(
            status,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
        );
    keeps_method && share_credentials(from, to)
}

/// Whether two URLs belong to the same server, or both to the service, whose gateway redirects within its
/// domain.
fn share_credentials(from: &Url, to: &Url) -> bool {
    let trusted = |url: &Url| {
        url.scheme() == "https"
            && url
                .host_str()
                .is_some_and(|host| host.ends_with(TRUSTED_DOMAIN))
    };
    from.origin() == to.origin() || (trusted(from) && trusted(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_follow_only_within_the_service() {
        let follow =
            |from: &str, to: &str| share_credentials(&from.parse().unwrap(), &to.parse().unwrap());
        assert!(follow("http://127.0.0.1:1/a", "http://127.0.0.1:1/b"));
        assert!(follow(
            "https://flink.eu.aws.confluent.cloud/a",
            "https://x.confluent.cloud/b"
        ));
        assert!(!follow(
            "https://flink.eu.aws.confluent.cloud/",
            "http://x.confluent.cloud/"
        ));
        assert!(!follow(
            "https://flink.eu.aws.confluent.cloud/",
            "https://evilconfluent.cloud/"
        ));
        assert!(!follow(
            "https://flink.eu.aws.confluent.cloud/",
            "https://confluent.cloud.evil/"
        ));
        assert!(!follow(
            "https://gateway.example/",
            "https://x.confluent.cloud/"
        ));
        assert!(!follow("http://127.0.0.1:1/", "http://127.0.0.1:2/"));
    }
}
