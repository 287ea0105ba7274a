//! What the service is asked about its tables, and how its answer is read.
//!
//! One query over three views of the `INFORMATION_SCHEMA` answers for many tables. Views, their columns and the few operators that
//! such queries may use: Confluent Cloud for Apache Flink, "Information Schema". Nothing was compared with what the service
//! really answers, so whatever is not as documented is an error: no answer that cannot be read counts as an answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::api::Row;
use crate::sql::DataType;

/// How many tables one query asks about.
const TABLES_PER_QUERY: usize = 100;

/// The tables that are there, of those that were asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue(BTreeMap<String, LiveTable>);

/// A table as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveTable {
    /// Its columns in order, without those of the system.
    pub columns: Vec<LiveColumn>,
    /// What stands behind `WITH`.
    pub options: BTreeMap<String, String>,
    /// Columns of the primary key.
    pub primary_key: Vec<String>,
}

/// A column as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveColumn {
    /// Its name.
    pub name: String,
    /// Its type; `Err` with the service's words where they name none.
    pub data_type: Result<DataType, String>,
    /// Its place among the columns that make up the Kafka key.
    pub key_position: Option<u32>,
    /// Whether its values are made by the service, from other columns or metadata.
    pub is_virtual: bool,
}

/// The answer of the service cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what the service says about its tables cannot be read: {0}")]
pub struct Unreadable(String);

impl Catalogue {
    /// A table, if it is there.
    pub fn get(&self, table: &str) -> Option<&LiveTable> {
        self.0.get(table)
    }

    fn known(&mut self, table: &str) -> Result<&mut LiveTable, Unreadable> {
        let missing = || Unreadable(format!("it names no column of `{table}`"));
        self.0.get_mut(table).ok_or_else(missing)
    }

    /// Adds what an answer to one of the [`queries`] says.
    ///
    /// # Errors
    /// It says something that no such answer should.
    pub fn read(&mut self, rows: &[Row]) -> Result<(), Unreadable> {
        let mut columns: Vec<(u32, String, LiveColumn)> = Vec::new();
        let mut keys: Vec<(u32, String, String)> = Vec::new();
        let mut options = Vec::new();
        for row in rows {
            let row = Cells::of(row)?;
            let table = row.text(TABLE)?;
            match row.text(SECTION)?.as_str() {
                "column" => columns.push((row.position(POSITION)?, table, row.column()?)),
                "key" => keys.push((row.position(POSITION)?, table, row.text(NAME)?)),
                "option" => options.push((table, row.text(NAME)?, row.text(VALUE)?)),
                other => return Err(Unreadable(format!("a row is about `{other}`"))),
            }
        }
        columns.sort_by_key(|(position, ..)| *position);
        keys.sort_by_key(|(position, ..)| *position);
        for (_, table, column) in columns {
            self.0.entry(table).or_default().columns.push(column);
        }
        for (_, table, column) in keys {
            self.known(&table)?.primary_key.push(column);
        }
        for (table, option, value) in options {
            self.known(&table)?.options.insert(option, value);
        }
        // The connector and the like are options of every table.
        match self.0.iter().find(|(_, table)| table.options.is_empty()) {
            Some((table, _)) => Err(Unreadable(format!("it names no option of `{table}`"))),
            None => Ok(()),
        }
    }
}

const SECTION: usize = 0;
const TABLE: usize = 1;
const NAME: usize = 2;
const VALUE: usize = 3;
const POSITION: usize = 4;
const KEY_POSITION: usize = 5;
const NULLABLE: usize = 6;
const GENERATED: usize = 7;
const METADATA: usize = 8;

/// The columns of the answer, in the order of the constants above, with their types.
const COLUMNS: [(&str, &str); 9] = [
    ("section", "STRING"),
    ("table_name", "STRING"),
    ("name", "STRING"),
    ("value", "STRING"),
    ("position", "INT"),
    ("key_position", "INT"),
    ("is_nullable", "STRING"),
    ("is_generated", "STRING"),
    ("is_metadata", "STRING"),
];

/// A view, the section of the answer that is made of it, and from which of its columns: the name, the value, the position, and so on.
type View = (&'static str, &'static str, [Option<&'static str>; 7]);

const VIEWS: [View; 3] = [
    (
        "COLUMNS",
        "column",
        [
            Some("COLUMN_NAME"),
            Some("FULL_DATA_TYPE"),
            Some("ORDINAL_POSITION"),
            Some("DISTRIBUTION_ORDINAL_POSITION"),
            Some("IS_NULLABLE"),
            Some("IS_GENERATED"),
            Some("IS_METADATA"),
        ],
    ),
    (
        "KEY_COLUMN_USAGE",
        "key",
        [
            Some("COLUMN_NAME"),
            None,
            Some("ORDINAL_POSITION"),
            None,
            None,
            None,
            None,
        ],
    ),
    (
        "TABLE_OPTIONS",
        "option",
        [
            Some("OPTION_KEY"),
            Some("OPTION_VALUE"),
            None,
            None,
            None,
            None,
            None,
        ],
    ),
];

/// The queries that ask about tables of a database, which is named by its id or its name.
pub fn queries<'t>(database: &str, tables: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let tables: Vec<&str> = tables.into_iter().collect();
    let queries = tables.chunks(TABLES_PER_QUERY);
    queries.map(|tables| query(database, tables)).collect()
}

fn query(database: &str, tables: &[&str]) -> String {
    let database = literal(database);
    let names = tables
        .iter()
        .map(|table| format!("`TABLE_NAME` = {}", literal(table)));
    let names = names.collect::<Vec<_>>().join(" OR ");
    let parts = VIEWS.map(|(view, section, columns)| {
        let mut text = format!("SELECT {} AS `section`, `TABLE_NAME` AS `table_name`", literal(section));
        for ((name, data_type), column) in COLUMNS[NAME..].iter().zip(columns) {
            let column = column.map_or_else(
                || format!("CAST(NULL AS {data_type})"),
                |column| format!("`{column}`"),
            );
            // Writing into a string does not fail.
            let _ = write!(text, ", {column} AS `{name}`");
        }
        let _ = write!(
            text,
            " FROM `INFORMATION_SCHEMA`.`{view}` WHERE (`TABLE_SCHEMA_ID` = {database} OR `TABLE_SCHEMA` = {database}) AND ({names})"
        );
        if view == "COLUMNS" {
            text.push_str(" AND `IS_HIDDEN` = 'NO'");
        }
        text
    });
    parts.join(" UNION ALL ")
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A row of the answer.
struct Cells<'r>(&'r Row);

impl<'r> Cells<'r> {
    fn of(row: &'r Row) -> Result<Self, Unreadable> {
        if row.len() == COLUMNS.len() {
            return Ok(Self(row));
        }
        let reason = format!("a row has {} columns, not {}", row.len(), COLUMNS.len());
        Err(Unreadable(reason))
    }

    /// A cell, where it is not NULL; the service has texts for numbers, too.
    fn cell(&self, index: usize) -> Option<String> {
        match self.0.get(index)? {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    fn text(&self, index: usize) -> Result<String, Unreadable> {
        let missing = || Unreadable(format!("`{}` of a row is NULL", COLUMNS[index].0));
        self.cell(index).ok_or_else(missing)
    }

    fn position(&self, index: usize) -> Result<u32, Unreadable> {
        let text = self.text(index)?;
        let wrong = |_| Unreadable(format!("`{}` of a row is `{text}`", COLUMNS[index].0));
        text.parse().map_err(wrong)
    }

    fn flag(&self, index: usize) -> Result<bool, Unreadable> {
        match self.text(index)?.to_ascii_uppercase().as_str() {
            "YES" => Ok(true),
            "NO" => Ok(false),
            other => Err(Unreadable(format!(
                "`{}` of a row is `{other}`",
                COLUMNS[index].0
            ))),
        }
    }

    fn column(&self) -> Result<LiveColumn, Unreadable> {
        let words = self.text(VALUE)?;
        let nullable = self.flag(NULLABLE)?;
        let data_type = DataType::parse(&words).map_err(|_| words);
        Ok(LiveColumn {
            name: self.text(NAME)?,
            // The view says it in a column of its own, whether or not the type's words do.
            data_type: data_type.map(|of| DataType { nullable, ..of }),
            key_position: match self.cell(KEY_POSITION) {
                Some(_) => Some(self.position(KEY_POSITION)?),
                None => None,
            },
            is_virtual: self.flag(GENERATED)? || self.flag(METADATA)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn rows(rows: Value) -> Vec<Row> {
        serde_json::from_value(rows).unwrap()
    }

    #[test]
    fn one_query_asks_about_many_tables_in_the_few_words_that_there_are() {
        let queries = queries("the cluster's", ["a", "b-1"]);
        insta::assert_snapshot!(queries.join("\n\n").replace(" UNION", "\nUNION"), @"
        SELECT 'column' AS `section`, `TABLE_NAME` AS `table_name`, `COLUMN_NAME` AS `name`, `FULL_DATA_TYPE` AS `value`, `ORDINAL_POSITION` AS `position`, `DISTRIBUTION_ORDINAL_POSITION` AS `key_position`, `IS_NULLABLE` AS `is_nullable`, `IS_GENERATED` AS `is_generated`, `IS_METADATA` AS `is_metadata` FROM `INFORMATION_SCHEMA`.`COLUMNS` WHERE (`TABLE_SCHEMA_ID` = 'the cluster''s' OR `TABLE_SCHEMA` = 'the cluster''s') AND (`TABLE_NAME` = 'a' OR `TABLE_NAME` = 'b-1') AND `IS_HIDDEN` = 'NO'
        UNION ALL SELECT 'key' AS `section`, `TABLE_NAME` AS `table_name`, `COLUMN_NAME` AS `name`, CAST(NULL AS STRING) AS `value`, `ORDINAL_POSITION` AS `position`, CAST(NULL AS INT) AS `key_position`, CAST(NULL AS STRING) AS `is_nullable`, CAST(NULL AS STRING) AS `is_generated`, CAST(NULL AS STRING) AS `is_metadata` FROM `INFORMATION_SCHEMA`.`KEY_COLUMN_USAGE` WHERE (`TABLE_SCHEMA_ID` = 'the cluster''s' OR `TABLE_SCHEMA` = 'the cluster''s') AND (`TABLE_NAME` = 'a' OR `TABLE_NAME` = 'b-1')
        UNION ALL SELECT 'option' AS `section`, `TABLE_NAME` AS `table_name`, `OPTION_KEY` AS `name`, `OPTION_VALUE` AS `value`, CAST(NULL AS INT) AS `position`, CAST(NULL AS INT) AS `key_position`, CAST(NULL AS STRING) AS `is_nullable`, CAST(NULL AS STRING) AS `is_generated`, CAST(NULL AS STRING) AS `is_metadata` FROM `INFORMATION_SCHEMA`.`TABLE_OPTIONS` WHERE (`TABLE_SCHEMA_ID` = 'the cluster''s' OR `TABLE_SCHEMA` = 'the cluster''s') AND (`TABLE_NAME` = 'a' OR `TABLE_NAME` = 'b-1')
        ");
    }

    #[test]
    fn a_query_is_never_too_long() {
        let tables: Vec<String> = (0..250).map(|number| format!("{number:0>249}")).collect();
        let queries = queries("lkc-1", tables.iter().map(String::as_str));
        assert_eq!(queries.len(), 3);
        assert!(queries.iter().all(|query| query.len() < 131_072));
    }

    #[test]
    fn an_answer_becomes_tables() {
        let mut catalogue = Catalogue::default();
        let answer = rows(json!([
            [
                "option",
                "t",
                "changelog.mode",
                "append",
                null,
                null,
                null,
                null,
                null
            ],
            [
                "column",
                "t",
                "b",
                "VARCHAR(2147483647)",
                "2",
                null,
                "YES",
                "NO",
                "NO"
            ],
            ["column", "t", "a", "INT NOT NULL", 1, "1", "NO", "NO", "NO"],
            ["column", "t", "c", "MYSTERY", "3", null, "YES", "NO", "YES"],
            ["key", "t", "a", null, "1", null, null, null, null],
        ]));
        catalogue.read(&answer).unwrap();
        let table = catalogue.get("t").unwrap();
        let columns = table.columns.iter();
        let columns = columns.map(|column| {
            let data_type = match &column.data_type {
                Ok(data_type) => data_type.to_string(),
                Err(words) => format!("? {words}"),
            };
            let (key, is_virtual) = (column.key_position, column.is_virtual);
            format!("{} {data_type} {key:?} {is_virtual}", column.name)
        });
        assert_eq!(
            columns.collect::<Vec<_>>(),
            [
                "a INT NOT NULL Some(1) false",
                "b STRING None false",
                "c ? MYSTERY None true"
            ]
        );
        assert_eq!(table.options["changelog.mode"], "append");
        assert_eq!(table.primary_key, ["a"]);
        assert_eq!(catalogue.get("u"), None);
    }

    #[test]
    fn what_is_not_as_documented_is_no_answer() {
        let column = json!(["column", "t", "a", "INT", "1", null, "YES", "NO", "NO"]);
        for bad in [
            json!([column]),
            json!([["option", "t", "a", "b", null, null, null, null, null]]),
            json!([["view", "t", "a", "b", null, null, null, null, null]]),
            json!([["column", "t"]]),
            json!([["column", "t", "a", "INT", "first", null, "YES", "NO", "NO"]]),
            json!([["column", "t", "a", "INT", "1", null, "MAYBE", "NO", "NO"]]),
            json!([["column", "t", null, "INT", "1", null, "YES", "NO", "NO"]]),
        ] {
            let read = Catalogue::default().read(&rows(bad.clone()));
            assert!(read.is_err(), "{bad}");
        }
        assert_eq!(Catalogue::default().read(&[]), Ok(()));
    }
}
