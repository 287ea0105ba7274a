//! Which names are allowed. Names of projects, targets and routes become part of statement names and
//! labels, topics become tables.

use std::ops::RangeInclusive;

use crate::diagnostic::{Code, Diagnostic};
use crate::source_text::{Node, Spanned, decode};

/// Longest name of a project.
pub const MAX_PROJECT: usize = 30;
/// Longest name of a target or source.
pub const MAX_TARGET: usize = 30;
/// Longest name of a route.
pub const MAX_ROUTE: usize = 100;
/// Longest name of a Kafka topic.
const MAX_TOPIC: usize = 249;
/// Partitions that a topic may have.
pub const PARTITIONS: RangeInclusive<u32> = 1..=10_000;

/// A name of lower-case letters, digits and hyphens.
pub fn label(what: &str, node: &Node, max: usize) -> Result<Spanned<String>, Diagnostic> {
    let name = decode::text(what, node)?;
    check(what, &name, max)?;
    Ok(name)
}

/// Checks a name of lower-case letters, digits and hyphens that begins and ends without a hyphen.
pub fn check(what: &str, name: &Spanned<String>, max: usize) -> Result<(), Diagnostic> {
    let text = &name.value;
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let well_formed = !text.is_empty()
        && text.bytes().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-');
    if !well_formed {
        let message = format!("`{text}` cannot be a name under {what}");
        return Err(Diagnostic::new(Code::BadName, message, name.span, "not a name").help(
            "use lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
        ));
    }
    if text.len() > max {
        let message = format!(
            "this name has {} characters; at most {max} are allowed",
            text.len()
        );
        return Err(Diagnostic::new(
            Code::BadName,
            message,
            name.span,
            "too long",
        ));
    }
    Ok(())
}

/// The name of a Kafka topic: letters, digits, `.`, `_` and `-`, at most 249 characters
/// (Apache Kafka, `org.apache.kafka.common.internals.Topic`).
pub fn topic(what: &str, node: &Node) -> Result<Spanned<String>, Diagnostic> {
    let name = decode::text(what, node)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let text = &name.value;
    let usable = !text.is_empty()
        && text.len() <= MAX_TOPIC
        && text != "."
        && text != ".."
        && text.bytes().all(allowed);
    if usable {
        Ok(name)
    } else {
        let message = format!("{what} `{text}` cannot be a Kafka topic");
        Err(
            Diagnostic::new(Code::BadName, message, name.span, "not a topic name").help(format!(
                "use letters, digits, `.`, `_` and `-`, at most {MAX_TOPIC} characters"
            )),
        )
    }
}
