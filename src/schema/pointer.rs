//! JSON pointers as text (RFC 6901), and their form in URI fragments.

use std::fmt::Write as _;

/// The pointer one key or index deeper.
pub(super) fn child(pointer: &str, key: &str) -> String {
    let mut deeper = String::with_capacity(pointer.len() + key.len() + 1);
    deeper.push_str(pointer);
    deeper.push('/');
    if key.contains(['~', '/']) {
        deeper.push_str(&key.replace('~', "~0").replace('/', "~1"));
    } else {
        deeper.push_str(key);
    }
    deeper
}

/// The pointer without its last segment and that segment, unescaped; `None` at the root.
pub(super) fn split_last(pointer: &str) -> Option<(&str, String)> {
    let (parent, last) = pointer.rsplit_once('/')?;
    Some((parent, last.replace("~1", "/").replace("~0", "~")))
}

/// Writes a pointer so that it may stand behind `#` in a URI.
pub(super) fn to_fragment(pointer: &str) -> String {
    let mut fragment = String::with_capacity(pointer.len());
    for byte in pointer.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~$".contains(&byte) {
            fragment.push(char::from(byte));
        } else {
            let _ = write!(fragment, "%{byte:02X}");
        }
    }
    fragment
}

/// Undoes percent-encoding; `None` where an escape is incomplete or the result is not UTF-8.
pub(super) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_slashes_and_tildes_survive() {
        let pointer = child("/a", "b/c~d");
        assert_eq!(pointer, "/a/b~1c~0d");
        assert_eq!(split_last(&pointer), Some(("/a", "b/c~d".to_owned())));
        assert_eq!(split_last(""), None);
    }

    #[test]
    fn fragments_decode_to_what_was_encoded() {
        let pointer = "/$defs/größe in %/~1x";
        assert_eq!(
            to_fragment(pointer),
            "/$defs/gr%C3%B6%C3%9Fe%20in%20%25/~1x"
        );
        assert_eq!(
            percent_decode(&to_fragment(pointer)).as_deref(),
            Some(pointer)
        );
        for broken in ["%", "%2", "%zz", "%ff"] {
            assert_eq!(percent_decode(broken), None, "{broken}");
        }
    }
}
