//! Labels: whose a statement is, what it was made from, and who made it.
//!
//! The service knows labels with the one value `true`, so everything stands in the keys.

use super::fingerprint::Fingerprint;
use super::name::RouteId;
use crate::api::wire::LABEL_PREFIX;
use crate::api::{Own, Statement};

const MARK: &str = "routectl";
const PROJECT: &str = "routectl-project-";
const TARGET: &str = "routectl-target-";
const CONTENT: &str = "routectl-content-";
const TEXT: &str = "routectl-text-";
const TASK: &str = "routectl-task";
const QUESTION: &str = "routectl-question";
/// The service's own label for what its consoles are not to show.
const HIDDEN: &str = "hidden";
const RUN: &str = "routectl-run-";
const MAX_RUN: usize = 40;
const PART: &str = "routectl-part-";
/// What ids are made of.
const BASE32: &str = "abcdefghijklmnopqrstuvwxyz234567";

/// The labels that every statement of a project on a target has: what to list by.
pub fn owner(project: &str, target: &str) -> Vec<String> {
    vec![key(MARK, ""), key(PROJECT, project), key(TARGET, target)]
}

/// How to list the statements of a project on a target.
pub fn own(project: &str, target: &str) -> Own {
    Own {
        labels: owner(project, target),
        parts: BASE32.chars().map(part).collect(),
    }
}

/// The part of a project's statements that a route's belong to: those whose ids begin alike.
fn part(first: char) -> String {
    key(PART, first.encode_utf8(&mut [0; 4]))
}

/// The labels of a route's statement.
pub fn of_route(
    project: &str,
    target: &str,
    id: &RouteId,
    fingerprint: &Fingerprint,
    run: Option<&str>,
) -> Vec<String> {
    let mut labels = owner(project, target);
    labels.extend(id.as_str().chars().next().map(part));
    labels.push(key(CONTENT, &fingerprint.content));
    labels.push(key(TEXT, &fingerprint.text));
    labels.extend(run.and_then(run_label));
    labels
}

/// The labels of a task.
pub fn of_task(project: &str, target: &str, run: Option<&str>) -> Vec<String> {
    let mut labels = owner(project, target);
    labels.push(key(TASK, ""));
    labels.extend(run.and_then(run_label));
    labels
}

/// The labels of a query whose rows are read once. It is a task, too: one that is left behind is cleaned up like any other.
pub fn of_question(project: &str, target: &str) -> Vec<String> {
    let mut labels = of_task(project, target, None);
    labels.extend([key(QUESTION, ""), key(HIDDEN, "")]);
    labels
}

/// Whether a statement is a query whose rows are read once.
pub fn is_question(statement: &Statement) -> bool {
    statement.has_label(&key(QUESTION, ""))
}

/// Whether a statement belongs to a project on a target. Its name does not matter.
pub fn is_owned(statement: &Statement, project: &str, target: &str) -> bool {
    owner(project, target)
        .iter()
        .all(|label| statement.has_label(label))
}

/// Whether a statement is a task.
pub fn is_task(statement: &Statement) -> bool {
    statement.has_label(&key(TASK, ""))
}

/// The fingerprint that was recorded when the statement was created.
pub fn fingerprint(statement: &Statement) -> Option<Fingerprint> {
    let content = value(statement, CONTENT)?;
    let text = value(statement, TEXT)?;
    Some(Fingerprint {
        content: content.to_owned(),
        text: text.to_owned(),
    })
}

/// What every statement of a route has and this one has lost: somebody changed its labels.
pub fn lost(statement: &Statement) -> Vec<String> {
    let kinds = [CONTENT, TEXT].into_iter();
    let lost = kinds.filter(|kind| value(statement, kind).is_none());
    lost.map(|kind| key(kind, "...")).collect()
}

/// Labels of users that routectl does not set.
pub fn added(statement: &Statement) -> Vec<&str> {
    let is_ours = |name: &str| {
        let kinds = [PROJECT, TARGET, PART, CONTENT, TEXT, RUN];
        name == MARK || name == TASK || kinds.iter().any(|kind| name.starts_with(kind))
    };
    let labels = statement.metadata.labels.keys().map(String::as_str);
    let of_users = |label: &&str| {
        let name = label.strip_prefix(LABEL_PREFIX);
        name.is_some_and(|name| !is_ours(name))
    };
    labels.filter(of_users).collect()
}

/// The run that created the statement.
pub fn run(statement: &Statement) -> Option<&str> {
    value(statement, RUN)
}

/// The project and the target that a statement says it belongs to.
pub fn belonging(statement: &Statement) -> Option<(&str, &str)> {
    let project = value(statement, PROJECT)?;
    let target = value(statement, TARGET)?;
    statement
        .has_label(&key(MARK, ""))
        .then_some((project, target))
}

fn key(name: &str, value: &str) -> String {
    format!("{LABEL_PREFIX}{name}{value}")
}

fn value<'s>(statement: &'s Statement, name: &str) -> Option<&'s str> {
    let mut labels = statement.metadata.labels.keys();
    labels.find_map(|label| label.strip_prefix(LABEL_PREFIX)?.strip_prefix(name))
}

/// A run id in the characters that labels have.
fn run_label(run: &str) -> Option<String> {
    let allowed = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let id: String = run.chars().take(MAX_RUN).map(allowed).collect();
    let id = id.trim_matches('-');
    (!id.is_empty()).then(|| key(RUN, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::Identity;

    /// Each statement is in one of the parts, whatever its id.
    #[test]
    fn the_parts_are_whole() {
        let own = own("p", "t");
        assert_eq!(own.parts.len(), 32);
        for route in 0..200 {
            let identity = Identity {
                project: "p".to_owned(),
                target: "t".to_owned(),
                route: format!("r{route}"),
                topic: "out".to_owned(),
            };
            let fingerprint = Fingerprint {
                content: "c".to_owned(),
                text: "t".to_owned(),
            };
            let labels = of_route("p", "t", &identity.id(), &fingerprint, None);
            let parts = own.parts.iter().filter(|part| labels.contains(part));
            assert_eq!(parts.count(), 1, "{labels:?}");
        }
    }

    #[test]
    fn labels_are_frozen() {
        let fingerprint = Fingerprint {
            content: "c0ffee".to_owned(),
            text: "beef".to_owned(),
        };
        let identity = Identity {
            project: "business-events".to_owned(),
            target: "prod".to_owned(),
            route: "r".to_owned(),
            topic: "t".to_owned(),
        };
        let labels = of_route(
            "business-events",
            "prod",
            &identity.id(),
            &fingerprint,
            Some("GH/Actions #12"),
        );
        insta::assert_snapshot!(labels.join("\n"), @"
        user.confluent.io/routectl
        user.confluent.io/routectl-project-business-events
        user.confluent.io/routectl-target-prod
        user.confluent.io/routectl-part-e
        user.confluent.io/routectl-content-c0ffee
        user.confluent.io/routectl-text-beef
        user.confluent.io/routectl-run-gh-actions--12
        ");
        insta::assert_snapshot!(of_task("p", "t", None).join("\n"), @r"
        user.confluent.io/routectl
        user.confluent.io/routectl-project-p
        user.confluent.io/routectl-target-t
        user.confluent.io/routectl-task
        ");
    }
}
