//! Fingerprints: what a statement means, and what exactly it says.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Two hashes of a statement, recorded in its labels when it is created and never computed from what the
/// service shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Of the meaning: the canonical SQL without comments, and the properties that it runs under. A
    /// difference is a replacement.
    pub content: String,
    /// Of the exact text. A difference in this one alone is another rendering of the same meaning.
    pub text: String,
}

impl Fingerprint {
    /// The fingerprint of a statement: its canonical SQL, its text, and the properties that shape what it
    /// does. Where reading starts, labels, pool and principal are not part of it.
    pub fn new(canonical: &str, text: &str, properties: &BTreeMap<String, String>) -> Self {
        let properties = properties
            .iter()
            .flat_map(|(key, value)| [key.as_str(), value.as_str()]);
        let parts = ["content-1", canonical].into_iter().chain(properties);
        Self {
            content: hash(parts),
            text: hash(["text-1", text]),
        }
    }
}

/// 32 hexadecimal digits. Each part is preceded by its length, so that parts cannot run together.
pub(crate) fn hash<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    const BYTES: usize = 16;
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut text = String::with_capacity(2 * BYTES);
    for byte in hash.finalize().iter().take(BYTES) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(zone: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("sql.local-time-zone".to_owned(), zone.to_owned())])
    }

    #[test]
    fn fingerprints_are_frozen() {
        let fingerprint = Fingerprint::new("SELECT 1", "-- x\nSELECT 1", &properties("UTC"));
        insta::assert_snapshot!(fingerprint.content, @"1d5735390e84c319013c51a56ad66034");
        insta::assert_snapshot!(fingerprint.text, @"89794a7a169645bfa999db39f86f720b");
    }

    #[test]
    fn meaning_and_text_are_told_apart() {
        let one = Fingerprint::new("SELECT 1", "SELECT 1", &properties("UTC"));
        let comment = Fingerprint::new("SELECT 1", "-- x\nSELECT 1", &properties("UTC"));
        assert_eq!(one.content, comment.content);
        assert_ne!(one.text, comment.text);
        assert_ne!(
            one.content,
            Fingerprint::new("SELECT 1", "SELECT 1", &properties("GMT")).content
        );
        assert_ne!(
            one.content,
            Fingerprint::new("SELECT 2", "SELECT 1", &properties("UTC")).content
        );
    }
}
