//! Which names are allowed. Names of projects, targets and routes become part of statement names and
//! labels, topics become tables.

use std::ops::RangeInclusive;

use crate::diagnostic::{Code, Diagnostic};
use crate::source_text::{Node, Span, Spanned, decode};
use crate::sql::DataType;

/// Longest name of a project.
pub const MAX_PROJECT: usize = 30;
/// Longest name of a target or source.
pub const MAX_TARGET: usize = 30;
/// Longest name of a route.
pub const MAX_ROUTE: usize = 100;
/// Longest name of a Kafka topic.
pub const MAX_TOPIC: usize = 249;
/// Longest name of a column.
pub const MAX_IDENTIFIER: usize = 256;
/// Partitions that a topic may have.
pub const PARTITIONS: RangeInclusive<u32> = 1..=10_000;

/// A name of lower-case letters, digits and hyphens; `key` says where it is written, `whose` what it names.
pub fn label(
    key: &str,
    whose: &str,
    node: &Node,
    max: usize,
) -> Result<Spanned<String>, Diagnostic> {
    let name = decode::text(key, node)?;
    check(whose, &name, max)?;
    Ok(name)
}

/// Checks a name of lower-case letters, digits and hyphens that begins and ends without a hyphen.
pub fn check(whose: &str, name: &Spanned<String>, max: usize) -> Result<(), Diagnostic> {
    let text = &name.value;
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let well_formed = !text.is_empty()
        && text.bytes().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-');
    let refused =
        |message: String, label: &str| Diagnostic::new(Code::BadName, message, name.span, label);
    if text.is_empty() {
        let message = format!("the name of {whose} is empty");
        Err(refused(message, "no name").help("use lower-case letters, digits and hyphens"))
    } else if !well_formed {
        let message = format!("`{text}` cannot be the name of {whose}");
        Err(refused(message, "not a name").help(
            "use lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
        ))
    } else if text.len() > max {
        let message = format!("the name of {whose} has at most {max} characters");
        let label = format!("these are {}", text.len());
        Err(refused(message, &label).help("use a shorter name"))
    } else {
        Ok(())
    }
}

/// Checks the name of a column that its table has already.
pub fn column(name: &str, span: Span) -> Result<(), Diagnostic> {
    identifier(name).map_err(|reason| {
        let message = format!("`{name}` cannot be the name of a column: {reason}");
        Diagnostic::new(Code::BadName, message, span, "not a column name").help(VISIBLE)
    })
}

/// Checks the names of all fields in the type of a column.
pub fn fields(data_type: &DataType, span: Span) -> Result<(), Diagnostic> {
    for name in data_type.field_names() {
        identifier(name.as_str()).map_err(|reason| {
            let message = format!(
                "`{}` cannot be the name of a field: {reason}",
                name.as_str()
            );
            Diagnostic::new(Code::BadColumnType, message, span, "in this type").help(VISIBLE)
        })?;
    }
    Ok(())
}

const VISIBLE: &str = "use text that is visible and stands on one line";

/// What SQL takes between backticks: text with something to see in it, on one line, of at most [`MAX_IDENTIFIER`]
/// UTF-16 code units (seen with Flink 2.2.1). Control characters besides line breaks would do there, but nobody
/// could review them.
fn identifier(text: &str) -> Result<(), &'static str> {
    if text.trim().is_empty() {
        Err("it is blank")
    } else if text.contains(char::is_control) {
        Err("it holds a line break or another control character")
    } else if text.encode_utf16().count() > MAX_IDENTIFIER {
        Err("it has more than 256 characters")
    } else {
        Ok(())
    }
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
        let message = format!("{what} cannot be `{text}`");
        Err(
            Diagnostic::new(Code::BadName, message, name.span, "not a name for Kafka").help(
                format!("use letters, digits, `.`, `_` and `-`, at most {MAX_TOPIC} characters"),
            ),
        )
    }
}
