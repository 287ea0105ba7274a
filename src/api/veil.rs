//! Credentials that a server sends back: they are covered before anything reads the answer, so that no error and no
//! report can show them.

use data_encoding::BASE64;
use secrecy::{ExposeSecret as _, SecretString};

use super::connection::Credentials;

/// Shorter texts are no secrets of the service, and may be anything.
const SHORTEST: usize = 8;

const COVER: &str = "***";

/// What is never to be shown, in each form in which a server may send it back.
#[derive(Debug, Clone, Default)]
pub(super) struct Veil(Vec<SecretString>);

impl Veil {
    /// What is secret of these credentials.
    pub(super) fn over(credentials: Option<&Credentials>) -> Self {
        let plain = match credentials {
            None => return Self::default(),
            Some(Credentials::Basic { key, secret }) => {
                let secret = secret.expose_secret();
                vec![format!("{key}:{secret}"), secret.to_owned()]
            }
            Some(Credentials::Bearer { token, .. }) => vec![token.expose_secret().to_owned()],
        };
        let encoded = plain.iter().map(|text| BASE64.encode(text.as_bytes()));
        let forms: Vec<_> = encoded.chain(plain.iter().cloned()).collect();
        // JSON may put a backslash before a slash.
        let escaped = forms.iter().map(|text| text.replace('/', "\\/"));
        let mut all: Vec<_> = escaped.chain(forms.iter().cloned()).collect();
        all.retain(|text| text.len() >= SHORTEST);
        all.sort_by_key(|text| std::cmp::Reverse(text.len()));
        all.dedup();
        Self(all.into_iter().map(SecretString::from).collect())
    }

    /// The text without what is secret.
    pub(super) fn cover(&self, text: &str) -> String {
        let mut covered = text.to_owned();
        for secret in &self.0 {
            if covered.contains(secret.expose_secret()) {
                covered = covered.replace(secret.expose_secret(), COVER);
            }
        }
        covered
    }

    /// The same with a body, which is left as it is where it holds none of it.
    pub(super) fn cover_body(&self, body: Vec<u8>) -> Vec<u8> {
        if self.0.is_empty() {
            return body;
        }
        let text = String::from_utf8_lossy(&body);
        let covered = self.cover(&text);
        if covered == text {
            return body;
        }
        covered.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over_token(token: &str) -> Veil {
        Veil::over(Some(&Credentials::Bearer {
            token: token.into(),
            identity_pool: None,
        }))
    }

    #[test]
    fn every_form_of_a_secret_is_covered() {
        let basic = Veil::over(Some(&Credentials::Basic {
            key: "ABCDEFGH".to_owned(),
            secret: "cflt/very+secret".into(),
        }));
        for (text, covered) in [
            ("cflt/very+secret!", "***!"),
            (r"cflt\/very+secret!", "***!"),
            ("key ABCDEFGH:cflt/very+secret", "key ***"),
            (&BASE64.encode(b"ABCDEFGH:cflt/very+secret"), "***"),
            (&BASE64.encode(b"cflt/very+secret"), "***"),
            ("ABCDEFGH", "ABCDEFGH"),
        ] {
            assert_eq!(basic.cover(text), covered);
        }
        let bearer = over_token("token-1234");
        assert_eq!(bearer.cover("Bearer token-1234"), "Bearer ***");
        assert!(!format!("{bearer:?}").contains("token-1234"));
        let body = vec![b'{', 0xff, b'}'];
        assert_eq!(bearer.cover_body(body.clone()), body);
    }

    #[test]
    fn what_is_too_short_to_be_a_secret_breaks_no_answer() {
        let veil = over_token("a");
        assert_eq!(veil.cover("a b"), "a b");
    }
}
