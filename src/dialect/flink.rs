//! Self-managed Flink: one script for its SQL client, whose tables are connected to Kafka.
//!
//! Options: Apache Flink, "Apache Kafka SQL Connector"; formats of single values: "Raw Format".

use super::{Dialect, Form, Refusal, Role, Table, Usage};
use crate::project::start::Start;
use crate::sql::{CreateTable, TypeKind};

/// Self-managed Apache Flink.
pub static FLINK: Dialect = Dialect {
    name: "flink",
    form: Form::Script,
    required: &[(
        "properties.bootstrap.servers",
        "the addresses of the Kafka brokers",
    )],
    synonyms: &[[FORMAT, VALUE_FORMAT]],
    refuse,
    longest: None,
    declare,
};

const FORMAT: &str = "format";
const KEY_FORMAT: &str = "key.format";
const VALUE_FORMAT: &str = "value.format";

fn declare(table: Table<'_>) -> CreateTable {
    let mut owned = vec![
        ("connector", "kafka".to_owned()),
        ("topic", table.topic.to_owned()),
    ];
    let given = |key: &str| table.options.contains_key(key);
    if !given(FORMAT) && !given(VALUE_FORMAT) {
        owned.push((VALUE_FORMAT, "json".to_owned()));
    }
    match table.usage {
        Usage::Read(start) => {
            owned.extend(start.into_iter().flat_map(startup));
            owned.extend(lenience(&table));
        }
        Usage::Write(Some(key)) => {
            owned.push(("key.fields", key.to_owned()));
            owned.push(("value.fields-include", "ALL".to_owned()));
            if !given(KEY_FORMAT) {
                owned.push((KEY_FORMAT, key_format(&table, key).to_owned()));
            }
        }
        Usage::Write(None) => {}
    }
    CreateTable {
        temporary: true,
        if_not_exists: false,
        distribution: None,
        options: table.options(owned),
        name: table.name,
        columns: table.columns,
    }
}

/// What keeps an event that is no JSON from ending the job.
fn lenience(table: &Table<'_>) -> Option<(&'static str, String)> {
    let format = |key: &str| table.options.get(key).map(String::as_str);
    let lenience = match (format(FORMAT), format(VALUE_FORMAT)) {
        (Some("json"), _) => "json.ignore-parse-errors",
        (None, Some("json") | None) => "value.json.ignore-parse-errors",
        _ => return None,
    };
    let given = table.options.contains_key(lenience);
    (!given).then(|| (lenience, "true".to_owned()))
}

/// Where a table begins to be read. Tables live as long as the script's session, so this belongs to them.
fn startup(start: Start) -> Vec<(&'static str, String)> {
    const MODE: &str = "scan.startup.mode";
    match start {
        Start::Earliest => vec![(MODE, "earliest-offset".to_owned())],
        Start::Latest => vec![(MODE, "latest-offset".to_owned())],
        Start::At(instant) => vec![
            (MODE, "timestamp".to_owned()),
            (
                "scan.startup.timestamp-millis",
                instant.as_millisecond().to_string(),
            ),
        ],
    }
}

/// The bytes of the value alone, as other writers of the topic make them; `json` for what has no such form.
fn key_format(table: &Table<'_>, key: &str) -> &'static str {
    let mut columns = table.columns.iter();
    let column = columns.find(|(name, _)| name.as_str() == key);
    match column.map(|(_, data_type)| &data_type.kind) {
        Some(
            TypeKind::Decimal { .. }
            | TypeKind::Date
            | TypeKind::Time(_)
            | TypeKind::Timestamp(_)
            | TypeKind::TimestampLtz(_)
            | TypeKind::Array(_)
            | TypeKind::Map(..)
            | TypeKind::Multiset(_)
            | TypeKind::Row(_),
        ) => "json",
        _ => "raw",
    }
}

fn refuse(role: Role, key: &str, _: &str) -> Option<Refusal> {
    let (reason, remedy) = match (role, key) {
        (_, "connector") => (
            "sources and sinks are topics, which the connector `kafka` reads and writes",
            "remove it",
        ),
        (_, "topic" | "topic-pattern") => (
            "each table has a topic already",
            "remove it, and name the topic with `topic` in the source or under `to`",
        ),
        (Role::Sink, "key.fields" | "key.fields-prefix" | "value.fields-include") => (
            "it follows from the sink's `key`",
            "remove it, and name the column that becomes the Kafka key with `key` under `to`",
        ),
        _ if key.starts_with("scan.startup.") => (
            "it follows from the routes that read the source",
            "remove it, and say `start` in the route",
        ),
        _ => return None,
    };
    Some(Refusal { reason, remedy })
}
