//! Tables, each of which is a topic.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A table that is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewTable {
    /// Its name, which is the topic's.
    pub name: String,
    /// Names and types of its columns; any column is there where this is left out.
    pub columns: Option<Vec<(String, String)>>,
    /// Partitions of the topic; see [`Growth::partitions`](super::Growth::partitions) where this is left out.
    pub partitions: Option<u32>,
    /// Columns of the Kafka key.
    pub key: Vec<String>,
    /// What stands behind `WITH`.
    pub options: BTreeMap<String, String>,
    /// Columns of the primary key.
    pub primary_key: Vec<String>,
}

/// How a table came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Origin {
    /// By `CREATE TABLE`: its topic was empty then.
    Created,
    /// Somebody said that there is such a topic.
    Declared,
    /// Somebody reads from it.
    Assumed,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Table {
    pub(super) definition: NewTable,
    pub(super) partitions: u32,
    pub(super) since: Timestamp,
    pub(super) origin: Origin,
}

impl Table {
    pub(super) fn name(&self) -> &str {
        &self.definition.name
    }

    /// Whether the table has this column, as far as anybody said which it has.
    pub(super) fn has_column(&self, name: &str) -> bool {
        self.definition
            .columns
            .as_ref()
            .is_none_or(|columns| columns.iter().any(|(column, _)| column == name))
    }

    /// Whether new rows replace old ones.
    pub(super) fn is_upsert(&self) -> bool {
        match self.definition.options.get("changelog.mode") {
            Some(mode) => mode == "upsert",
            None => !self.definition.primary_key.is_empty(),
        }
    }

    /// The statement that would make it, as `SHOW CREATE TABLE` answers.
    pub(super) fn create_statement(&self, catalog: &str, database: &str) -> String {
        let mut text = format!(
            "CREATE TABLE `{catalog}`.`{database}`.`{}` (\n",
            self.name()
        );
        let mut lines: Vec<_> = self
            .columns()
            .iter()
            .map(|(name, kind)| format!("  `{name}` {}", spelled_out(kind)))
            .collect();
        if !self.definition.primary_key.is_empty() {
            let names = quoted(&self.definition.primary_key);
            lines.push(format!(
                "  CONSTRAINT `PK` PRIMARY KEY ({names}) NOT ENFORCED"
            ));
        }
        text.push_str(&lines.join(",\n"));
        text.push_str("\n)\n");
        let buckets = self.partitions;
        let by = match quoted(&self.definition.key) {
            names if names.is_empty() => String::new(),
            names => format!("BY HASH({names}) "),
        };
        // Writing into a string does not fail.
        let _ = writeln!(text, "DISTRIBUTED {by}INTO {buckets} BUCKETS");
        let options: Vec<_> = self
            .options()
            .iter()
            .map(|(key, value)| format!("  '{key}' = '{}'", value.replace('\'', "''")))
            .collect();
        let _ = write!(text, "WITH (\n{}\n)\n", options.join(",\n"));
        text
    }

    /// Its columns; those of a topic without a schema where nobody said which it has.
    pub(super) fn columns(&self) -> Vec<(String, String)> {
        self.definition.columns.clone().unwrap_or_else(|| {
            ["key", "val"]
                .map(|name| (name.to_owned(), "VARBINARY(2147483647)".to_owned()))
                .to_vec()
        })
    }

    /// What was said behind `WITH`, and what the service adds.
    pub(super) fn options(&self) -> BTreeMap<String, String> {
        let mode = if self.is_upsert() { "upsert" } else { "append" };
        let mut options: BTreeMap<_, _> = [
            ("changelog.mode", mode),
            ("connector", "confluent"),
            ("kafka.cleanup-policy", "delete"),
            ("kafka.retention.time", "7 d"),
            ("scan.startup.mode", "earliest-offset"),
            ("value.format", "avro-registry"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
        if !self.definition.key.is_empty() {
            options.insert("key.format".to_owned(), "avro-registry".to_owned());
        }
        options.extend(self.definition.options.clone());
        options
    }
}

/// A type without its short names, as the service prints it there.
pub(super) fn spelled_out(kind: &str) -> String {
    let parts = kind.split('`').enumerate().map(|(index, part)| {
        // Every other part is a name of a field.
        if index % 2 == 1 {
            return part.to_owned();
        }
        let part = part.replace("STRING", "VARCHAR(2147483647)");
        part.replace("BYTES", "VARBINARY(2147483647)")
    });
    parts.collect::<Vec<_>>().join("`")
}

fn quoted(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
