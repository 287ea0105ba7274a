//! Credentials that someone wrote into a file must not go on into logs by way of an excerpt.

use std::borrow::Cow;

/// Whether a key names a credential.
pub(crate) fn is_credential(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace(['-', '_'], "");
    let words = [
        "apikey",
        "secret",
        "password",
        "token",
        "credential",
        // Of Kafka clients: a login with its password, a private key; of schema registries: user and password.
        "jaas.config",
        "keystore.key",
        "userinfo",
    ];
    // `sasl.oauthbearer.token.endpoint.url` says where tokens come from.
    words.iter().any(|word| key.contains(word)) && key.rsplit('.').next() != Some("url")
}

/// Whether a value holds a credential, whatever its key says.
pub(crate) fn looks_like_credential(value: &str) -> bool {
    last_credential(value).is_some()
}

/// Where the last thing begins that is a credential, whatever its key says.
fn last_credential(text: &str) -> Option<usize> {
    let text = text.to_ascii_lowercase();
    text.rfind("password=").max(text.rfind("private key-----"))
}

/// The text of a YAML file as it may be shown: what stands behind a key that names a credential, up to the
/// end of its line, is starred out. Offsets stay as they are. It goes by lines, so that it works on files
/// that cannot be read too.
pub(super) fn mask(text: &str) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut shown = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(at) = behind_credential(line) {
            masked.push_str(&text[shown..start + at]);
            let hidden = line[at..].chars().flat_map(|character| {
                let shown = if character.is_whitespace() {
                    character
                } else {
                    '*'
                };
                let width = if shown == '*' {
                    character.len_utf8()
                } else {
                    1
                };
                std::iter::repeat_n(shown, width)
            });
            masked.extend(hidden);
            shown = start + line.len();
        }
        start += line.len();
    }
    if shown == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(&text[shown..]);
    Cow::Owned(masked)
}

/// Where the value of the first key that names a credential begins.
fn behind_credential(line: &str) -> Option<usize> {
    let colons = line.match_indices(':').map(|(at, _)| at);
    let separates = |at: &usize| line[at + 1..].starts_with([' ', '\t', '\r', '\n']);
    let is_key = |character: char| character.is_alphanumeric() || "-_.".contains(character);
    let mut keys = colons.filter(separates).map(|at| {
        let before = line[..at].trim_end_matches(['"', '\'', ' ']);
        let key = before.rsplit(|character| !is_key(character)).next();
        (at + 1, key.unwrap_or_default())
    });
    let last = last_credential(line);
    keys.find_map(|(behind, key)| {
        let hidden = is_credential(key) || last.is_some_and(|last| last >= behind);
        hidden.then_some(behind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_credentials_are_starred_and_nothing_else() {
        for (text, shown) in [
            (
                "api-secret: abc\nregion: x\n",
                "api-secret: ***\nregion: x\n",
            ),
            ("{a: b, \"API_KEY\": ä b}\n", "{a: b, \"API_KEY\": ** **\n"),
            ("field: header.token\n", "field: header.token\n"),
            ("password:\n  abc\n", "password:\n  abc\n"),
            ("a.jaas.config: abc\n", "a.jaas.config: ***\n"),
            ("login: {password=a}\n", "login: ************\n"),
            (
                "sasl.oauthbearer.token.endpoint.url: a\n",
                "sasl.oauthbearer.token.endpoint.url: a\n",
            ),
        ] {
            assert_eq!(mask(text), shown);
        }
    }

    #[test]
    fn offsets_stay() {
        let text = "# ä\n  token: ü\u{2003}x\r\nb: c";
        assert_eq!(mask(text).len(), text.len());
    }
}
