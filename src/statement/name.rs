//! Names of statements. The name is the lock: two applies collide on the same next name.
//!
//! `<project>-<route, cut>-<id>-g<generation>`, at most 72 characters: the shorter of the two limits that
//! the vendor documents. The readable parts are for people; identity is the id.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use sha2::{Digest as _, Sha256};

use crate::project::target::Target;
use crate::route::{Route, Sink};

/// Longest name of a statement.
pub const MAX_NAME: usize = 72;
const ID_LENGTH: usize = 10;
/// Digits that every name leaves room for, so that the readable part does not change between generations.
const GENERATION_DIGITS: usize = 6;

/// What a statement of a route is identified by: the route and the topic that it writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The project.
    pub project: String,
    /// The target.
    pub target: String,
    /// The route.
    pub route: String,
    /// The topic it writes, with the target's suffix.
    pub topic: String,
}

/// Ten base32 characters that stand for an [`Identity`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteId(String);

impl RouteId {
    /// The id as it stands in names.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RouteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Identity {
    /// What a sink of a route of a project is on a target.
    pub fn of(project: &str, target: &Target, route: &Route, sink: &Sink) -> Self {
        Self {
            project: project.to_owned(),
            target: target.name.value.clone(),
            route: route.name.value.clone(),
            topic: format!("{}{}", sink.topic.value, target.topic_suffix),
        }
    }

    /// The id. Parts are separated by a character that none of them can hold.
    pub fn id(&self) -> RouteId {
        RouteId(short_hash(&[
            "route",
            &self.project,
            &self.target,
            &self.route,
            &self.topic,
        ]))
    }

    /// The name of a generation, counted from 1.
    pub fn name(&self, generation: u64) -> StatementName {
        let room = MAX_NAME - ID_LENGTH - GENERATION_DIGITS - "--".len() - "-g".len();
        let readable = format!("{}-{}", self.project, self.route);
        let readable = cut(&readable, room + 1);
        let text = format!("{readable}-{}-g{generation}", self.id());
        StatementName {
            text,
            id: self.id(),
            generation,
        }
    }
}

/// The name of a route's statement, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementName {
    text: String,
    id: RouteId,
    generation: u64,
}

impl StatementName {
    /// Takes a name apart; `None` where it is not of this form.
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, generation) = text.rsplit_once("-g")?;
        let (_, id) = rest.rsplit_once('-')?;
        let canonical =
            !generation.starts_with('0') && generation.bytes().all(|b| b.is_ascii_digit());
        let base32 = |byte: u8| byte.is_ascii_lowercase() || (b'2'..=b'7').contains(&byte);
        let is_id = id.len() == ID_LENGTH && id.bytes().all(base32);
        (canonical && is_id).then_some(())?;
        let generation = generation.parse().ok()?;
        Some(Self {
            text: text.to_owned(),
            id: RouteId(id.to_owned()),
            generation,
        })
    }

    /// The name of the generation after this one.
    #[must_use]
    pub fn next(&self) -> Self {
        let generation = self.generation + 1;
        let readable = self.text.rsplit_once("-g").map_or("", |(text, _)| text);
        Self {
            text: format!("{readable}-g{generation}"),
            id: self.id.clone(),
            generation,
        }
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the statement belongs to.
    pub fn id(&self) -> &RouteId {
        &self.id
    }

    /// Counted from 1; no number is used twice while a statement of the route lives.
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

impl fmt::Display for StatementName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The name of a task: a statement that makes a table and is deleted once that is done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskName(String);

impl TaskName {
    /// The task that makes the table of a topic.
    pub fn create_table(project: &str, target: &str, topic: &str) -> Self {
        let id = short_hash(&["table", project, target, topic]);
        let readable: String = topic
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        let room = MAX_NAME - ID_LENGTH - "--t".len();
        Self(format!(
            "{}-{id}-t",
            cut(&format!("{project}-{readable}"), room)
        ))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first characters of a readable part, without a hyphen at the end.
fn cut(text: &str, length: usize) -> &str {
    text.get(..length).unwrap_or(text).trim_end_matches('-')
}

fn short_hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut id = BASE32_NOPAD.encode(&hash.finalize()).to_ascii_lowercase();
    id.truncate(ID_LENGTH);
    id
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn identity(project: &str, route: &str, topic: &str) -> Identity {
        Identity {
            project: project.to_owned(),
            target: "prod".to_owned(),
            route: route.to_owned(),
            topic: topic.to_owned(),
        }
    }

    #[test]
    fn names_are_frozen() {
        let identity = identity(
            "business-events",
            "high-value-loans",
            "filtered-high-value-loans-events",
        );
        insta::assert_snapshot!(identity.name(1), @"business-events-high-value-loans-d4elrqoosf-g1");
        let task = TaskName::create_table("business-events", "prod", "Filtered.Loans_x");
        insta::assert_snapshot!(task.as_str(), @"business-events-filtered-loans-x-prizcj3gwg-t");
    }

    #[test]
    fn parts_that_run_together_are_told_apart() {
        assert_ne!(
            identity("a", "b-c", "t").id(),
            identity("a-b", "c", "t").id()
        );
        assert_ne!(identity("a", "b", "ct").id(), identity("a", "bc", "t").id());
    }

    #[test]
    fn other_peoples_names_are_not_ours() {
        for name in [
            "",
            "dbt-x",
            "a-g1",
            "a-abcdefghij-g01",
            "a-abcdefghi1-g1",
            "a-ABCDEFGHIJ-g1",
            "a-abcdefghij-g",
        ] {
            assert_eq!(StatementName::parse(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn regression_28_names_fit_and_are_read_back(
            project in "[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?",
            route in "[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?",
            generation in 1_u64..999_999,
        ) {
            let name = identity(&project, &route, "t").name(generation);
            prop_assert!(name.as_str().len() <= MAX_NAME);
            prop_assert!(name.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            prop_assert_eq!(&name.next(), &identity(&project, &route, "t").name(generation + 1));
            prop_assert_eq!(StatementName::parse(name.as_str()), Some(name));
        }

        #[test]
        fn task_names_fit(topic in "[a-zA-Z0-9._-]{1,249}") {
            let name = TaskName::create_table("business-events", "prod", &topic);
            prop_assert!(name.as_str().len() <= MAX_NAME);
            prop_assert_eq!(StatementName::parse(name.as_str()), None);
        }
    }
}
