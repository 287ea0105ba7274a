//! What is wrong with a table that a route is to read or write.
//!
//! What a project does not say is what the service's documentation calls the default: Confluent Cloud for Apache Flink,
//! "CREATE TABLE", section "WITH options". Partitions and options that only shape the topic are not compared: they take
//! effect when a table is made.

use std::collections::BTreeMap;

use super::Objection;
use super::question::{Catalogue, LiveColumn, LiveTable};
use crate::sql::{self, CreateTable, DataType, Ident, Statement};
use crate::statement::{Desired, DesiredRoute, DesiredTable};

/// What stands in the way of a route in the tables that are there: first the one that it writes, then the one that it reads.
pub fn objection(desired: &Desired, route: &DesiredRoute, there: &Catalogue) -> Option<Objection> {
    let of_sink = desired.tables.get(&route.identity.topic);
    let of_sink = of_sink.and_then(|wanted| of_made(wanted, there));
    of_sink.or_else(|| of_source(desired, route, there))
}

fn of_made(wanted: &DesiredTable, there: &Catalogue) -> Option<Objection> {
    let found = there.get(&wanted.topic)?;
    match sql::parse(&wanted.text) {
        Ok(Statement::CreateTable(wanted)) => sink(&wanted, found),
        Ok(_) | Err(_) => Some(Objection {
            reason: format!(
                "the CREATE TABLE of `{}` cannot be read to compare it",
                wanted.topic
            ),
            remedy: "if the project overrides a template, compare it with the built-in one"
                .to_owned(),
        }),
    }
}

fn of_source(desired: &Desired, route: &DesiredRoute, there: &Catalogue) -> Option<Objection> {
    let topic = &route.source;
    let found = there.get(topic)?;
    if let Some(objection) = startup(topic, found) {
        return Some(objection);
    }
    if let Some(made) = desired.tables.get(topic) {
        return of_made(made, there);
    }
    desired
        .sources
        .get(topic)
        .and_then(|columns| source(topic, columns, found))
}

/// Compares a table that the project makes with the one that is there.
fn sink(wanted: &CreateTable, found: &LiveTable) -> Option<Objection> {
    let topic = &wanted.name.0;
    let physical: Vec<&LiveColumn> = found
        .columns
        .iter()
        .filter(|column| !column.is_virtual)
        .collect();
    upsert(topic, found)
        .or_else(|| missing(topic, &wanted.columns, &physical))
        .or_else(|| unwanted(topic, &wanted.columns, &physical))
        .or_else(|| types(topic, &wanted.columns, &physical, ANOTHER_TOPIC_OR_SELECT))
        .or_else(|| order(topic, &wanted.columns, &physical))
        .or_else(|| key(topic, wanted, &physical))
        .or_else(|| formats(topic, wanted, found))
}

/// Compares what the project says of a table that is not its own with the one that is there, which may have more columns.
fn source(topic: &str, declared: &[(Ident, DataType)], found: &LiveTable) -> Option<Objection> {
    let all: Vec<&LiveColumn> = found.columns.iter().collect();
    let lacking = declared
        .iter()
        .find(|(name, _)| named(&all, name).is_none());
    if let Some((name, data_type)) = lacking {
        return Some(object(
            format!(
                "`{topic}`, which is read, has no column `{name}`, which the project declares as `{data_type}`",
                name = name.0
            ),
            "correct `columns` of the source in routectl.yaml".to_owned(),
        ));
    }
    types(
        topic,
        declared,
        &all,
        "correct `columns` of the source in routectl.yaml",
    )
}

const ANOTHER_TOPIC: &str = "choose another topic";
const ANOTHER_TOPIC_OR_SELECT: &str =
    "choose another topic, or change `select` so that the type is the one that is there";

fn object(reason: String, remedy: String) -> Objection {
    Objection { reason, remedy }
}

fn named<'c>(columns: &[&'c LiveColumn], name: &Ident) -> Option<&'c LiveColumn> {
    columns.iter().copied().find(|column| column.name == name.0)
}

/// New rows would replace old ones.
fn upsert(topic: &str, found: &LiveTable) -> Option<Objection> {
    let mode = found.options.get("changelog.mode").map(String::as_str);
    let default = if found.primary_key.is_empty() {
        "append"
    } else {
        "upsert"
    };
    let how = match (mode.unwrap_or(default), found.primary_key.as_slice()) {
        ("append", []) => return None,
        ("append", key) => format!("it has the primary key `{}`", key.join("`, `")),
        (mode, _) => format!("its `changelog.mode` is `{mode}`"),
    };
    Some(object(
        format!(
            "`{topic}` is there already, and {how}: rows written to it would replace others, and a replacement of the statement could not go on where it stopped"
        ),
        format!("{ANOTHER_TOPIC}; a route writes a table of the mode `append` without primary key"),
    ))
}

fn missing(topic: &str, wanted: &[(Ident, DataType)], found: &[&LiveColumn]) -> Option<Objection> {
    let missing = wanted
        .iter()
        .filter(|(name, _)| named(found, name).is_none());
    let missing: Vec<_> = missing.collect();
    if missing.is_empty() {
        return None;
    }
    let names = missing
        .iter()
        .map(|(name, data_type)| format!("`{}` ({data_type})", name.0));
    let names = names.collect::<Vec<_>>().join(", ");
    let added = missing
        .iter()
        .map(|(name, data_type)| format!("{name} {data_type}"));
    let added = added.collect::<Vec<_>>().join(", ");
    Some(object(
        format!("`{topic}` is there already, without {names}"),
        format!(
            "{ANOTHER_TOPIC}, leave them out of `select`, or add them by hand once that was reviewed: ALTER TABLE {} ADD ({added})",
            Ident::from(topic)
        ),
    ))
}

fn unwanted(topic: &str, wanted: &[(Ident, DataType)], found: &[&LiveColumn]) -> Option<Objection> {
    let is_wanted = |name: &str| wanted.iter().any(|(wanted, _)| wanted.0 == name);
    let unwanted = found.iter().filter(|column| !is_wanted(&column.name));
    let names: Vec<_> = unwanted
        .map(|column| format!("`{}` ({})", column.name, type_of(column)))
        .collect();
    if names.is_empty() {
        return None;
    }
    Some(object(
        format!(
            "`{topic}` is there already, with {} besides what the route writes",
            names.join(", ")
        ),
        format!("{ANOTHER_TOPIC}, or add them to `select`"),
    ))
}

fn type_of(column: &LiveColumn) -> String {
    match &column.data_type {
        Ok(data_type) => data_type.to_string(),
        Err(words) => words.clone(),
    }
}

fn types(
    topic: &str,
    wanted: &[(Ident, DataType)],
    found: &[&LiveColumn],
    remedy: &str,
) -> Option<Objection> {
    let different = wanted.iter().find_map(|(name, wanted)| {
        let column = named(found, name)?;
        (column.data_type.as_ref() != Ok(wanted)).then_some((column, wanted))
    });
    let (column, wanted) = different?;
    let name = &column.name;
    match &column.data_type {
        Ok(found) => Some(object(
            format!("column `{name}` of `{topic}` is `{found}`, not `{wanted}`"),
            remedy.to_owned(),
        )),
        Err(words) => Some(object(
            format!(
                "column `{name}` of `{topic}` has the type `{words}`, which this version does not know; wanted is `{wanted}`"
            ),
            "compare the two, and pass `--offline` if they are the same".to_owned(),
        )),
    }
}

fn order(topic: &str, wanted: &[(Ident, DataType)], found: &[&LiveColumn]) -> Option<Objection> {
    let wanted: Vec<&str> = wanted.iter().map(|(name, _)| name.as_str()).collect();
    let found: Vec<&str> = found.iter().map(|column| column.name.as_str()).collect();
    if wanted == found {
        return None;
    }
    Some(object(
        format!(
            "the columns of `{topic}` are in the order `{}`, not `{}`",
            found.join("`, `"),
            wanted.join("`, `")
        ),
        format!("{ANOTHER_TOPIC}, or list them in that order under `select`"),
    ))
}

fn key(topic: &str, wanted: &CreateTable, found: &[&LiveColumn]) -> Option<Objection> {
    let wanted = wanted.distribution.iter();
    let wanted = wanted.flat_map(|distribution| &distribution.columns);
    let wanted: Vec<&str> = wanted.map(Ident::as_str).collect();
    let mut key: Vec<_> = found
        .iter()
        .filter(|column| column.key_position.is_some())
        .collect();
    key.sort_by_key(|column| column.key_position);
    let key: Vec<&str> = key.into_iter().map(|column| column.name.as_str()).collect();
    if wanted == key {
        return None;
    }
    let words = |names: &[&str]| match names {
        [] => "no key".to_owned(),
        names => format!("the key `{}`", names.join("`, `")),
    };
    let remedy = match key.as_slice() {
        [] => format!("{ANOTHER_TOPIC}, or leave `key` out"),
        [name] => format!("{ANOTHER_TOPIC}, or say `key: {name}` under `to`"),
        _ => ANOTHER_TOPIC.to_owned(),
    };
    Some(object(
        format!(
            "`{topic}` is there already, with {}, not {}",
            words(&key),
            words(&wanted)
        ),
        remedy,
    ))
}

/// How rows become records. The format of the key matters where there is one.
fn formats(topic: &str, wanted: &CreateTable, found: &LiveTable) -> Option<Objection> {
    let has_key = wanted
        .distribution
        .as_ref()
        .is_some_and(|distribution| !distribution.columns.is_empty());
    let of_key: &[(&str, &str)] = &[
        ("key.format", "avro-registry"),
        ("value.fields-include", "except-key"),
    ];
    let of_all: &[(&str, &str)] = &[("value.format", "avro-registry")];
    let options = of_all.iter().chain(of_key.iter().filter(|_| has_key));
    let text = |options: &BTreeMap<String, String>, key: &str, default: &str| {
        options
            .get(key)
            .map_or(default, String::as_str)
            .to_ascii_lowercase()
    };
    options.into_iter().find_map(|(key, default)| {
        let (wanted, found) = (
            text(&wanted.options, key, default),
            text(&found.options, key, default),
        );
        if wanted == found {
            return None;
        }
        let remedy = match *key {
            "value.fields-include" => ANOTHER_TOPIC.to_owned(),
            key => format!(
                "{ANOTHER_TOPIC}, or say `options: {{confluent: {{{key}: {found}}}}}` under `to`"
            ),
        };
        Some(object(
            format!("`{topic}` is there already, with `{key}` `{found}`, not `{wanted}`"),
            remedy,
        ))
    })
}

/// Options that say where a table begins or ends to be read: they would overrule the position that is carried over.
///
/// The default stands among the options too, so that one who asked for it cannot be told from one who did not.
fn startup(topic: &str, found: &LiveTable) -> Option<Objection> {
    let is_default = |key: &str, value: &str| match key {
        "scan.startup.mode" => value == "earliest-offset",
        "scan.bounded.mode" => value == "unbounded",
        _ => false,
    };
    let is_asked = |key: &str| key.starts_with("scan.startup.") || key.starts_with("scan.bounded.");
    let set = found
        .options
        .iter()
        .filter(|(key, value)| is_asked(key) && !is_default(key, value));
    let set: Vec<_> = set.collect();
    let (key, value) = set.first()?;
    let keys = set.iter().map(|(key, _)| format!("'{key}'"));
    Some(object(
        format!(
            "the table of `{topic}`, which is read, has `{key}` `{value}`: it would overrule the position that a replacement takes over, so events would be lost or repeated"
        ),
        format!(
            "take it away by hand once that was reviewed: ALTER TABLE {} RESET ({})",
            Ident::from(topic),
            keys.collect::<Vec<_>>().join(", ")
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: &str = "CREATE TABLE IF NOT EXISTS `out` (`id` STRING, `n` DECIMAL(18, 2)) DISTRIBUTED BY HASH(`id`) INTO 6 BUCKETS WITH ('changelog.mode' = 'append', 'value.fields-include' = 'all')";

    fn table(text: &str) -> CreateTable {
        match sql::parse(text).unwrap() {
            Statement::CreateTable(table) => table,
            other => panic!("{other}"),
        }
    }

    /// The table that a CREATE TABLE makes.
    fn made(text: &str) -> LiveTable {
        let table = table(text);
        let key = table
            .distribution
            .clone()
            .map(|distribution| distribution.columns)
            .unwrap_or_default();
        let columns = table
            .columns
            .into_iter()
            .map(|(name, data_type)| LiveColumn {
                key_position: key
                    .iter()
                    .position(|key| *key == name)
                    .and_then(|at| u32::try_from(at).ok()),
                data_type: Ok(data_type),
                is_virtual: false,
                name: name.0,
            });
        LiveTable {
            columns: columns.collect(),
            options: table.options,
            primary_key: Vec::new(),
        }
    }

    fn of_sink(found: &LiveTable) -> String {
        sink(&table(WANTED), found)
            .map_or("no difference".to_owned(), |objection| objection.words())
    }

    #[test]
    fn every_difference_of_a_sink_is_named_with_what_can_be_done() {
        let with = |from: &str, to: &str| {
            let text = WANTED.replace(from, to);
            assert_ne!(text, WANTED);
            of_sink(&made(&text))
        };
        let keyed = LiveTable {
            primary_key: vec!["id".to_owned()],
            ..made(WANTED)
        };
        let mut unknown = made(WANTED);
        unknown.columns[0].data_type = Err("MYSTERY".to_owned());
        let words = [
            of_sink(&made(WANTED)),
            with(", `n` DECIMAL(18, 2)", ""),
            with(", `n` DECIMAL(18, 2)", ", `n` DECIMAL(18, 2), `more` INT"),
            with("DECIMAL(18, 2)", "DOUBLE"),
            with("`id` STRING", "`id` STRING NOT NULL"),
            with(
                "`id` STRING, `n` DECIMAL(18, 2)",
                "`n` DECIMAL(18, 2), `id` STRING",
            ),
            with("BY HASH(`id`) ", ""),
            with("BY HASH(`id`)", "BY HASH(`n`)"),
            with("'append'", "'upsert'"),
            with("'append'", "'append', 'value.format' = 'json-registry'"),
            with("'append'", "'append', 'key.format' = 'raw'"),
            with(", 'value.fields-include' = 'all'", ""),
            of_sink(&keyed),
            of_sink(&unknown),
        ];
        insta::assert_snapshot!(words.join("\n"), @"
        no difference
        `out` is there already, without `n` (DECIMAL(18, 2)); choose another topic, leave them out of `select`, or add them by hand once that was reviewed: ALTER TABLE `out` ADD (`n` DECIMAL(18, 2))
        `out` is there already, with `more` (INT) besides what the route writes; choose another topic, or add them to `select`
        column `n` of `out` is `DOUBLE`, not `DECIMAL(18, 2)`; choose another topic, or change `select` so that the type is the one that is there
        column `id` of `out` is `STRING NOT NULL`, not `STRING`; choose another topic, or change `select` so that the type is the one that is there
        the columns of `out` are in the order `n`, `id`, not `id`, `n`; choose another topic, or list them in that order under `select`
        `out` is there already, with no key, not the key `id`; choose another topic, or leave `key` out
        `out` is there already, with the key `n`, not the key `id`; choose another topic, or say `key: n` under `to`
        `out` is there already, and its `changelog.mode` is `upsert`: rows written to it would replace others, and a replacement of the statement could not go on where it stopped; choose another topic; a route writes a table of the mode `append` without primary key
        `out` is there already, with `value.format` `json-registry`, not `avro-registry`; choose another topic, or say `options: {confluent: {value.format: json-registry}}` under `to`
        `out` is there already, with `key.format` `raw`, not `avro-registry`; choose another topic, or say `options: {confluent: {key.format: raw}}` under `to`
        `out` is there already, with `value.fields-include` `except-key`, not `all`; choose another topic
        `out` is there already, and it has the primary key `id`: rows written to it would replace others, and a replacement of the statement could not go on where it stopped; choose another topic; a route writes a table of the mode `append` without primary key
        column `id` of `out` has the type `MYSTERY`, which this version does not know; wanted is `STRING`; compare the two, and pass `--offline` if they are the same
        ");
    }

    #[test]
    fn what_only_shapes_the_topic_and_what_the_service_computes_is_passed_over() {
        let text = WANTED.replace("6 BUCKETS", "12 BUCKETS").replace(
            "'append'",
            "'append', 'kafka.retention.time' = '1 d', 'value.format' = 'AVRO-registry'",
        );
        let mut found = made(&text);
        found.columns.push(LiveColumn {
            name: "at".to_owned(),
            data_type: Err("?".to_owned()),
            key_position: None,
            is_virtual: true,
        });
        assert_eq!(of_sink(&found), "no difference");
    }

    #[test]
    fn a_source_may_have_more_than_is_declared_but_not_less_or_other() {
        let found = made(
            "CREATE TABLE `raw` (`id` STRING, `n` INT, `more` INT) WITH ('connector' = 'confluent')",
        );
        let declared =
            |text: &str| table(&format!("CREATE TABLE `raw` ({text}) WITH ('a' = 'b')")).columns;
        let words =
            |text: &str| source("raw", &declared(text), &found).map(|objection| objection.words());
        assert_eq!(words("`n` INT, `id` STRING"), None);
        insta::assert_snapshot!(words("`gone` STRING").unwrap(), @"`raw`, which is read, has no column `gone`, which the project declares as `STRING`; correct `columns` of the source in routectl.yaml");
        insta::assert_snapshot!(words("`n` BIGINT").unwrap(), @"column `n` of `raw` is `INT`, not `BIGINT`; correct `columns` of the source in routectl.yaml");
    }

    #[test]
    fn options_that_overrule_a_position_are_named() {
        let with = |options: &str| {
            let found = made(&format!(
                "CREATE TABLE `raw` (`id` STRING) WITH ({options})"
            ));
            startup("raw", &found).map(|objection| objection.words())
        };
        assert_eq!(
            with("'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'unbounded'"),
            None
        );
        insta::assert_snapshot!(with("'scan.startup.mode' = 'timestamp', 'scan.startup.timestamp-millis' = '1'").unwrap(), @"the table of `raw`, which is read, has `scan.startup.mode` `timestamp`: it would overrule the position that a replacement takes over, so events would be lost or repeated; take it away by hand once that was reviewed: ALTER TABLE `raw` RESET ('scan.startup.mode', 'scan.startup.timestamp-millis')");
        assert!(with("'scan.bounded.mode' = 'latest-offset'").is_some());
    }
}
