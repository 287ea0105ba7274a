//! Dialects: the kinds of Flink that SQL is written for.
//!
//! Queries read the same everywhere. What differs is how a topic is declared as a table, which options its
//! declaration may carry, and in which form statements are handed over. To add a dialect, write a file like
//! those beside this one and add a line to [`ALL`]; its name then stands in `options` of the project and
//! behind `compile --dialect`.

mod confluent;
mod flink;

use std::collections::BTreeMap;
use std::fmt;

use crate::project::start::Start;
use crate::sql::{CreateTable, DataType, Ident};

pub use confluent::CONFLUENT;
pub use flink::FLINK;

/// Every dialect, the one that is meant by default first.
pub const ALL: &[&Dialect] = &[&CONFLUENT, &FLINK];

/// A kind of Flink.
pub struct Dialect {
    /// Its name, in the project and on the command line.
    pub name: &'static str,
    /// In which form it takes statements.
    pub form: Form,
    /// Options without which no table can be declared, each with what it says.
    pub required: &'static [(&'static str, &'static str)],
    /// Options of which a table may have one: two names of the same thing.
    pub synonyms: &'static [[&'static str; 2]],
    /// Why the project cannot give an option to tables of a role, where it cannot: by key and value.
    pub refuse: fn(Role, &str, &str) -> Option<Refusal>,
    /// How many characters one statement can have, where that is known.
    pub longest: Option<usize>,
    /// Declares a table.
    pub declare: fn(Table<'_>) -> CreateTable,
}

/// In which form a dialect takes statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One by one, each with properties of its own: what `apply` submits.
    Statements,
    /// All of them in one script, which declares its tables anew each time.
    Script,
}

/// What routes do with a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Read it.
    Source,
    /// Write it.
    Sink,
}

/// Why an option cannot be given, and what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, as the end of a sentence.
    pub reason: &'static str,
    /// The remedy.
    pub remedy: &'static str,
}

/// A topic that is to be declared as a table.
#[derive(Debug)]
pub struct Table<'t> {
    /// The name by which statements know it.
    pub name: Ident,
    /// The topic.
    pub topic: &'t str,
    /// Names and types of its columns.
    pub columns: Vec<(Ident, DataType)>,
    /// What it is for.
    pub usage: Usage<'t>,
    /// Partitions, where the topic is made with the table.
    pub partitions: u32,
    /// What the project says besides.
    pub options: BTreeMap<String, String>,
}

/// What a table is for.
#[derive(Debug, Clone, Copy)]
pub enum Usage<'t> {
    /// To be read, from here; `None` where each statement says so itself.
    Read(Option<Start>),
    /// To be written, with this column as the Kafka key.
    Write(Option<&'t str>),
}

impl Dialect {
    /// The dialect of a name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|dialect| dialect.name == name)
    }
}

impl fmt::Debug for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dialect").field(&self.name).finish()
    }
}

impl Table<'_> {
    /// The column that becomes the Kafka key.
    fn key(&self) -> Option<&str> {
        match self.usage {
            Usage::Read(_) => None,
            Usage::Write(key) => key,
        }
    }

    /// The options of the project under those that `owned` gives, which come first. Options of the key are left
    /// out of a table without one: a target may give them to all of its tables.
    fn options(
        &self,
        owned: impl IntoIterator<Item = (&'static str, String)>,
    ) -> BTreeMap<String, String> {
        let has_key = self.key().is_some() || self.options.contains_key("key.fields");
        let given = self.options.iter();
        let given = given.filter(|(key, _)| has_key || !key.starts_with("key."));
        let mut options: BTreeMap<_, _> = given.map(|(k, v)| (k.clone(), v.clone())).collect();
        options.extend(
            owned
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value)),
        );
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_of_their_own() {
        for dialect in ALL {
            let same = ALL.iter().filter(|other| other.name == dialect.name);
            assert_eq!(same.count(), 1, "{}", dialect.name);
            assert!(dialect.name.bytes().all(|byte| byte.is_ascii_lowercase()));
        }
    }

    #[test]
    fn what_the_compiler_sets_cannot_be_given() {
        for dialect in ALL {
            let table = |usage| Table {
                name: Ident::from("t"),
                topic: "t",
                columns: vec![(Ident::from("id"), DataType::STRING)],
                usage,
                partitions: 6,
                options: BTreeMap::new(),
            };
            let overridable = [
                "key.format",
                "value.format",
                "value.json.ignore-parse-errors",
            ];
            let tables = [
                (Role::Source, Usage::Read(Some(Start::Latest))),
                (Role::Sink, Usage::Write(Some("id"))),
            ];
            for (role, usage) in tables {
                for (key, value) in (dialect.declare)(table(usage)).options {
                    let refused = (dialect.refuse)(role, &key, &value).is_some();
                    let free = overridable.contains(&key.as_str());
                    assert!(refused != free, "{} {role:?} {key}", dialect.name);
                }
            }
        }
    }
}
