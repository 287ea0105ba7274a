//! Answers to questions about tables, as rows.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::catalog::Table;
use super::record::Answer;
use super::sql::{Question, SqlEffect};
use super::views;

/// The rows that answer a question; none about a table that is not there.
pub(super) fn answer(
    question: &Question,
    tables: &BTreeMap<String, Table>,
    properties: &BTreeMap<String, String>,
) -> Answer {
    match question {
        Question::Tables => Answer {
            columns: columns(&["table name"]),
            rows: tables.keys().map(|name| vec![json!(name)]).collect(),
        },
        Question::Columns(table) => Answer {
            columns: columns(&["Column Name", "Data Type", "Nullable", "Extras"]),
            rows: tables.get(table).map(describe).unwrap_or_default(),
        },
        Question::CreateTable(table) => {
            let property = |key: &str| properties.get(key).map_or("", String::as_str);
            let place = (
                property("sql.current-catalog"),
                property("sql.current-database"),
            );
            let text = tables
                .get(table)
                .map(|table| table.create_statement(place.0, place.1));
            Answer {
                columns: columns(&["SHOW CREATE TABLE"]),
                rows: text.into_iter().map(|text| vec![json!(text)]).collect(),
            }
        }
        Question::Views(queries) => views::answer(queries, tables, properties),
        Question::Plan(effect) => Answer {
            columns: columns(&["Physical Plan"]),
            rows: vec![vec![json!(plan(effect))]],
        },
    }
}

fn columns(names: &[&str]) -> Vec<(String, String)> {
    names
        .iter()
        .map(|name| ((*name).to_owned(), "VARCHAR".to_owned()))
        .collect()
}

fn describe(table: &Table) -> Vec<Vec<Value>> {
    let row = |(name, kind): (String, String)| {
        let (kind, nullable) = match kind.strip_suffix(" NOT NULL") {
            Some(kind) => (kind.to_owned(), "NOT NULL"),
            None => (kind, "NULL"),
        };
        let keys = &table.definition.key;
        let extras = match (
            table.definition.primary_key.contains(&name),
            keys.contains(&name),
        ) {
            (true, true) => "PRIMARY KEY, BUCKET KEY",
            (true, false) => "PRIMARY KEY",
            (false, true) => "BUCKET KEY",
            (false, false) => "",
        };
        vec![json!(name), json!(kind), json!(nullable), json!(extras)]
    };
    table.columns().into_iter().map(row).collect()
}

fn plan(effect: &SqlEffect) -> String {
    let flows = effect.flows().iter().enumerate();
    let steps: Vec<_> = flows
        .map(|(index, flow)| {
            format!(
                "StreamSink [{}]\n  +- StreamCalc [{}]\n    +- StreamTableSourceScan [{}]\n       Table: `{}`",
                index * 3 + 3, index * 3 + 2, index * 3 + 1, flow.source.table
            )
        })
        .collect();
    format!("== Physical Plan ==\n\n{}\n", steps.join("\n\n"))
}
