//! Confluent Cloud: a topic with a registered schema is a table, and each statement is submitted by itself.
//!
//! Options and formats: Confluent Cloud for Apache Flink, "CREATE TABLE", sections "WITH options" and "Formats".

use super::{Dialect, Form, Refusal, Role, Table};
use crate::sql::{CreateTable, Distribution, Ident};

/// Confluent Cloud for Apache Flink.
pub static CONFLUENT: Dialect = Dialect {
    name: "confluent",
    form: Form::Statements,
    required: &[],
    synonyms: &[],
    refuse,
    longest: Some(LONGEST),
    declare,
};

/// Statements API of Confluent Cloud for Apache Flink, `maxLength` of `spec.statement`.
const LONGEST: usize = 131_072;

const CHANGELOG_MODE: &str = "changelog.mode";
const FIELDS_INCLUDE: &str = "value.fields-include";

fn declare(table: Table<'_>) -> CreateTable {
    let mut owned = vec![(CHANGELOG_MODE, "append".to_owned())];
    if table.key().is_some() {
        // Otherwise the key's column would be missing from the value.
        owned.push((FIELDS_INCLUDE, "all".to_owned()));
    }
    CreateTable {
        temporary: false,
        if_not_exists: true,
        distribution: Some(Distribution {
            columns: table.key().into_iter().map(Ident::from).collect(),
            buckets: table.partitions,
        }),
        options: table.options(owned),
        name: table.name,
        columns: table.columns,
    }
}

fn refuse(_: Role, key: &str, value: &str) -> Option<Refusal> {
    let (reason, remedy) = match key {
        "connector" => (
            "the service reads and writes topics by itself, and knows no other connector",
            "remove it",
        ),
        CHANGELOG_MODE => (
            "routes read and write rows that never change; in another mode a replacement could not go on where its predecessor stopped",
            "remove it; the tables are made with `append`",
        ),
        FIELDS_INCLUDE | "key.fields" | "key.fields-prefix" => (
            "it follows from the sink's `key`",
            "remove it, and name the column that becomes the Kafka key with `key` under `to`",
        ),
        "kafka.partitions" => (
            "the service refuses it",
            "say `partitions`, under `to` or under `topic` in `defaults`",
        ),
        "key.format" | "value.format" => return refuse_format(value),
        _ if key.starts_with("scan.startup.") => (
            "it would overrule the position that a replacement takes over, so events would be lost or repeated",
            "remove it, and say `start` in the route",
        ),
        _ if key.starts_with("scan.bounded.") => (
            "a statement that reads to an end does not go on running",
            "remove it",
        ),
        _ => return None,
    };
    Some(Refusal { reason, remedy })
}

fn refuse_format(format: &str) -> Option<Refusal> {
    const FORMATS: &[&str] = &["avro-registry", "json-registry", "proto-registry", "raw"];
    let reason = if FORMATS.contains(&format) {
        return None;
    } else if format.contains("debezium") {
        "its tables have rows that change, which routes neither read nor write"
    } else {
        "the service has no format of this name; its formats keep their schemas in the registry"
    };
    let remedy = "use `avro-registry` (the default), `json-registry`, `proto-registry` or `raw`";
    Some(Refusal { reason, remedy })
}
