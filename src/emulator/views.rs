//! Views of the `INFORMATION_SCHEMA`, over tables whose columns somebody said.
//!
//! Views, columns and operators: Confluent Cloud for Apache Flink, "Information Schema". What is documented there and
//! missing here is no view that anybody asked for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalog::{Table, spelled_out};
use super::record::Answer;

/// A query over one view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewQuery {
    /// The view.
    pub view: String,
    /// The columns of the answer, with their names.
    pub items: Vec<(String, ViewExpr)>,
    /// Which rows are meant.
    pub filter: Option<ViewExpr>,
}

/// What such a query may say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewExpr {
    /// A column of the view.
    Column(String),
    /// A text or a number.
    Literal(String),
    /// NULL.
    Null,
    /// `=`
    Equal(Box<(Self, Self)>),
    /// `<>`
    Different(Box<(Self, Self)>),
    /// `AND`
    And(Box<(Self, Self)>),
    /// `OR`
    Or(Box<(Self, Self)>),
    /// `IS NULL`
    IsNull(Box<Self>),
}

type ViewRow = BTreeMap<&'static str, Option<String>>;

/// The rows of the queries, one after another.
pub(super) fn answer(
    queries: &[ViewQuery],
    tables: &BTreeMap<String, Table>,
    properties: &BTreeMap<String, String>,
) -> Answer {
    let first = queries.first();
    let names = first.into_iter().flat_map(|query| &query.items);
    let rows = queries.iter().flat_map(|query| {
        let rows = rows(&query.view, tables, properties).into_iter();
        let wanted = rows.filter(|row| {
            let filter = query.filter.as_ref();
            filter.is_none_or(|filter| filter.holds(row) == Some(true))
        });
        wanted.map(|row| {
            let cells = query.items.iter().map(|(_, item)| item.value(&row));
            cells
                .map(|cell| cell.map_or(Value::Null, Value::from))
                .collect()
        })
    });
    Answer {
        columns: names
            .map(|(name, _)| (name.clone(), "VARCHAR".to_owned()))
            .collect(),
        rows: rows.collect::<Vec<Vec<Value>>>(),
    }
}

impl ViewExpr {
    fn value(&self, row: &ViewRow) -> Option<String> {
        match self {
            Self::Column(name) => row.get(name.as_str()).cloned().flatten(),
            Self::Literal(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// Whether it holds, where that is known.
    fn holds(&self, row: &ViewRow) -> Option<bool> {
        let equal = |(left, right): &(Self, Self)| Some(left.value(row)? == right.value(row)?);
        match self {
            Self::Equal(sides) => equal(sides),
            Self::Different(sides) => equal(sides).map(|equal| !equal),
            Self::And(sides) => match (sides.0.holds(row), sides.1.holds(row)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (left, right) => Some(left? && right?),
            },
            Self::Or(sides) => match (sides.0.holds(row), sides.1.holds(row)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (left, right) => Some(left? || right?),
            },
            Self::IsNull(of) => Some(of.value(row).is_none()),
            Self::Column(_) | Self::Literal(_) | Self::Null => None,
        }
    }
}

/// The rows of a view; of one that is not known there are none.
fn rows(
    view: &str,
    tables: &BTreeMap<String, Table>,
    properties: &BTreeMap<String, String>,
) -> Vec<ViewRow> {
    let known = tables
        .values()
        .filter(|table| table.definition.columns.is_some());
    let mut rows: Vec<ViewRow> = known
        .flat_map(|table| {
            let mut rows = match view {
                "COLUMNS" => columns(table),
                "KEY_COLUMN_USAGE" => keys(table),
                "TABLE_OPTIONS" => options(table),
                _ => Vec::new(),
            };
            for row in &mut rows {
                row.insert("TABLE_NAME", Some(table.name().to_owned()));
            }
            rows
        })
        .collect();
    for row in &mut rows {
        for (property, names) in [
            ("sql.current-catalog", ["TABLE_CATALOG_ID", "TABLE_CATALOG"]),
            ("sql.current-database", ["TABLE_SCHEMA_ID", "TABLE_SCHEMA"]),
        ] {
            for name in names {
                row.insert(name, properties.get(property).cloned());
            }
        }
    }
    rows
}

fn yes(is: bool) -> String {
    if is { "YES" } else { "NO" }.to_owned()
}

fn position(index: usize) -> String {
    (index + 1).to_string()
}

fn columns(table: &Table) -> Vec<ViewRow> {
    let columns = table.columns().into_iter().enumerate();
    let row = |(index, (name, kind)): (usize, (String, String))| {
        let key = table.definition.key.iter().position(|key| *key == name);
        let in_key = table.definition.primary_key.contains(&name);
        let nullable = !kind.ends_with(" NOT NULL") && !in_key;
        ViewRow::from([
            ("ORDINAL_POSITION", Some(position(index))),
            ("DISTRIBUTION_ORDINAL_POSITION", key.map(position)),
            ("FULL_DATA_TYPE", Some(spelled_out(&kind))),
            ("IS_NULLABLE", Some(yes(nullable))),
            ("IS_HIDDEN", Some(yes(false))),
            ("IS_GENERATED", Some(yes(false))),
            ("IS_METADATA", Some(yes(false))),
            ("COLUMN_NAME", Some(name)),
        ])
    };
    columns.map(row).collect()
}

fn keys(table: &Table) -> Vec<ViewRow> {
    let keys = table.definition.primary_key.iter().enumerate();
    let row = |(index, name): (usize, &String)| {
        ViewRow::from([
            ("COLUMN_NAME", Some(name.clone())),
            ("ORDINAL_POSITION", Some(position(index))),
            ("CONSTRAINT_NAME", Some("PK".to_owned())),
        ])
    };
    keys.map(row).collect()
}

fn options(table: &Table) -> Vec<ViewRow> {
    let options = table.options().into_iter();
    let row =
        |(key, value)| ViewRow::from([("OPTION_KEY", Some(key)), ("OPTION_VALUE", Some(value))]);
    options.map(row).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_is_neither_equal_nor_different() {
        let row = ViewRow::from([("A", Some("1".to_owned())), ("B", None)]);
        let column = |name: &str| ViewExpr::Column(name.to_owned());
        let is_one = |name: &str| {
            ViewExpr::Equal(Box::new((column(name), ViewExpr::Literal("1".to_owned()))))
        };
        assert_eq!(is_one("A").holds(&row), Some(true));
        assert_eq!(is_one("B").holds(&row), None);
        let both = Box::new((is_one("A"), is_one("B")));
        assert_eq!(ViewExpr::And(both.clone()).holds(&row), None);
        assert_eq!(ViewExpr::Or(both).holds(&row), Some(true));
        assert_eq!(
            ViewExpr::IsNull(Box::new(column("B"))).holds(&row),
            Some(true)
        );
        assert_eq!(json!(column("B")), json!({"column": "B"}));
    }
}
