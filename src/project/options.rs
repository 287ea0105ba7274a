//! Options of tables: `options: {flink: {...}, confluent: {...}}` of a source, a sink, a target or the defaults.
//!
//! They stand under the name of a dialect, so that one project serves all of them. Keys are the dialect's own;
//! those that would break what routectl promises are refused here, each with its reason.

use std::collections::BTreeMap;

use crate::diagnostic::secret;
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::dialect::{self, Dialect, Refusal, Role};
use crate::source_text::{Entry, Node, NodeKind, decode};

/// Which tables the options of a source are for.
pub const OF_SOURCE: &[Role] = &[Role::Source];
/// Which tables the options of a sink, or of the defaults for topics, are for.
pub const OF_SINK: &[Role] = &[Role::Sink];
/// Which tables the options of a target are for.
pub const OF_TARGET: &[Role] = &[Role::Source, Role::Sink];

/// The options that one part of a project gives to tables, by dialect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableOptions(BTreeMap<&'static str, BTreeMap<String, String>>);

impl TableOptions {
    /// The options of a table on a dialect, from the parts of the project that speak of it; a later one wins.
    pub fn merged<'o>(
        dialect: &Dialect,
        parts: impl IntoIterator<Item = &'o Self>,
    ) -> BTreeMap<String, String> {
        let mut merged = BTreeMap::new();
        for part in parts {
            for (key, value) in part.0.get(dialect.name).into_iter().flatten() {
                for [one, other] in dialect.synonyms {
                    if key == one {
                        merged.remove(*other);
                    } else if key == other {
                        merged.remove(*one);
                    }
                }
                merged.insert(key.clone(), value.clone());
            }
        }
        merged
    }
}

/// Reads `options` where they are given; `roles` are those of the tables that get them.
pub fn decode(node: Option<&Node>, roles: &[Role], findings: &mut Findings) -> TableOptions {
    let Some(node) = node else {
        return TableOptions::default();
    };
    let NodeKind::Mapping(entries) = &node.kind else {
        let expected = "`options` must map dialects to options of tables";
        let help =
            "write for example `options: {flink: {properties.bootstrap.servers: \"kafka:9092\"}}`";
        findings.push(decode::wrong_shape(node, expected).help(help));
        return TableOptions::default();
    };
    let mut options = TableOptions::default();
    for entry in entries {
        match Dialect::by_name(&entry.key.text) {
            Some(dialect) => {
                let read = of_dialect(dialect, &entry.value, roles, findings);
                options.0.insert(dialect.name, read);
            }
            None => findings.push(unknown_dialect(entry)),
        }
    }
    options
}

fn unknown_dialect(entry: &Entry) -> Diagnostic {
    let key = &entry.key;
    let known: Vec<_> = dialect::ALL.iter().map(|dialect| dialect.name).collect();
    let message = format!("there is no dialect `{}`", key.text);
    Diagnostic::new(Code::UnknownKey, message, key.span, "not a dialect")
        .help_if(did_you_mean(&key.text, &known))
        .help("options stand under the name of the dialect that they are for")
}

fn of_dialect(
    dialect: &Dialect,
    node: &Node,
    roles: &[Role],
    findings: &mut Findings,
) -> BTreeMap<String, String> {
    let NodeKind::Mapping(entries) = &node.kind else {
        let expected = format!("`{}` must map options to values", dialect.name);
        findings.push(decode::wrong_shape(node, &expected).help("write lines of `key: value`"));
        return BTreeMap::new();
    };
    for [one, other] in dialect.synonyms {
        if let (Some(one), Some(other)) = (node.entry(one), node.entry(other)) {
            let (first, second) = (&one.key, &other.key);
            let message = format!("`{}` and `{}` say the same", first.text, second.text);
            let problem = Diagnostic::new(Code::BadOption, message, second.span, "one of them")
                .related(first.span, "the other");
            findings.push(problem.help("remove one of them"));
        }
    }
    let mut options = BTreeMap::new();
    for entry in entries {
        if let Some(value) = findings.note(option(dialect, entry, roles)) {
            options.insert(entry.key.text.clone(), value);
        }
    }
    options
}

fn option(dialect: &Dialect, entry: &Entry, roles: &[Role]) -> Result<String, Diagnostic> {
    let key = &entry.key;
    if key.text.is_empty() || !key.text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = format!("`{}` cannot be the name of an option", key.text);
        let problem = Diagnostic::new(Code::BadName, message, key.span, "not an option");
        return Err(problem.help("use letters, digits and punctuation, without blanks"));
    }
    let what = format!("`{}`", key.text);
    let value = decode::scalar_text(&what, &entry.value)?;
    if value.contains(char::is_control) {
        let message = format!("{what} must be one line of text without control characters");
        let span = entry.value.span;
        return Err(
            Diagnostic::new(Code::WrongShape, message, span, "not such a text")
                .help("remove the line breaks; the SQL stays readable line by line"),
        );
    }
    if secret::is_credential(&key.text) || secret::looks_like_credential(&value) {
        let message = format!("`{}` looks like a credential", key.text);
        let problem = Diagnostic::new(
            Code::SecretInFile,
            message,
            key.span,
            "would stand in the SQL",
        );
        return Err(problem.help(
            "remove it, revoke it if it was committed, and set it where Flink runs, for example in the file that `java.security.auth.login.config` names: SQL is compiled without an environment, so it cannot hold `${NAME}` either",
        ));
    }
    if value.contains("${") {
        let message = "environment variables are not read in `options`";
        let span = entry.value.span;
        let problem = Diagnostic::new(Code::BadEnvironment, message, span, "not read here");
        return Err(problem.help(
            "write the value itself: SQL is compiled without an environment, so that everybody gets the same; what differs per environment belongs in the options of a target",
        ));
    }
    let mut refusals = roles.iter();
    match refusals.find_map(|role| (dialect.refuse)(*role, &key.text, &value)) {
        Some(refusal) => Err(refused(dialect, entry, refusal)),
        None => Ok(value),
    }
}

fn refused(dialect: &Dialect, entry: &Entry, refusal: Refusal) -> Diagnostic {
    let key = &entry.key;
    let message = format!(
        "`{}` cannot be given to tables of the dialect `{}`: {}",
        key.text, dialect.name, refusal.reason
    );
    Diagnostic::new(Code::BadOption, message, key.span, "cannot be given").help(refusal.remedy)
}
