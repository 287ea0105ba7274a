//! Whether a statement can run: its SQL, and the tables and columns that it names.

use super::State;
use super::reading::sources;
use crate::emulator::catalog::{NewTable, Table};
use crate::emulator::record::Record;
use crate::emulator::sql::{Flow, Question, Source, SqlEffect};

/// The formats of values and keys that the service knows.
const FORMATS: [&str; 7] = [
    "avro-registry",
    "avro-debezium-registry",
    "json-registry",
    "json-debezium-registry",
    "proto-registry",
    "proto-debezium-registry",
    "raw",
];

impl State {
    /// Why a statement cannot run now.
    pub(super) fn check(&self, record: &Record) -> Result<(), String> {
        let effect = match &record.effect {
            Ok(effect) => effect,
            Err(reason) => return Err(format!("SQL parse failed. {reason}")),
        };
        let database = record.properties.get("sql.current-database");
        match (&self.behaviour.database, database) {
            (Some(known), Some(asked)) if known != asked => {
                return Err(format!("A database with name '{asked}' does not exist."));
            }
            _ => {}
        }
        self.check_effect(effect)?;
        for source in sources(Some(effect)) {
            self.check_startup(record, source)?;
        }
        if record.reference().is_some() {
            self.check_stateless(effect)?;
        }
        Ok(())
    }

    fn check_effect(&self, effect: &SqlEffect) -> Result<(), String> {
        match effect {
            SqlEffect::CreateTable {
                table,
                if_not_exists,
            } => {
                if self.tables.contains_key(&table.name) && !if_not_exists {
                    return Err(format!("Table '{}' already exists.", table.name));
                }
                check_options(table)
            }
            SqlEffect::DropTable {
                if_exists: true, ..
            }
            | SqlEffect::Ask(Question::Tables | Question::Views(_))
            | SqlEffect::Other => Ok(()),
            SqlEffect::DropTable { table, .. }
            | SqlEffect::InsertValues { sink: table }
            | SqlEffect::Ask(Question::Columns(table) | Question::CreateTable(table)) => {
                self.known(table).map(drop)
            }
            SqlEffect::Insert(flows) => flows.iter().try_for_each(|flow| self.check_flow(flow)),
            SqlEffect::Select(sources) => {
                let mut sources = sources.iter();
                sources.try_for_each(|source| self.check_source(source))
            }
            SqlEffect::Ask(Question::Plan(effect)) => self.check_effect(effect),
        }
    }

    fn check_flow(&self, flow: &Flow) -> Result<(), String> {
        let sink = self.known(&flow.sink)?;
        let missing = flow.columns.iter().find(|column| !sink.has_column(column));
        if let Some(column) = missing {
            return Err(format!("Unknown target column '{column}'."));
        }
        self.check_source(&flow.source)
    }

    fn check_source(&self, source: &Source) -> Result<(), String> {
        if self.behaviour.assumes_sources && !self.tables.contains_key(&source.table) {
            return Ok(());
        }
        let table = self.known(&source.table)?;
        match source
            .columns
            .iter()
            .find(|column| !table.has_column(column))
        {
            Some(column) => Err(format!("Column '{column}' not found in any table.")),
            None => Ok(()),
        }
    }

    /// Offsets alone say where a statement stands only if it keeps nothing else.
    fn check_stateless(&self, effect: &SqlEffect) -> Result<(), String> {
        let sinks = effect
            .flows()
            .iter()
            .filter_map(|flow| self.tables.get(&flow.sink));
        match sinks.into_iter().find(|table| table.is_upsert()) {
            Some(table) => Err(format!(
                "Offsets cannot be carried over to a stateful statement: table '{}' is in upsert mode.",
                table.name()
            )),
            None => Ok(()),
        }
    }

    fn known(&self, table: &str) -> Result<&Table, String> {
        let found = self.tables.get(table);
        found.ok_or_else(|| format!("Table '{table}' does not exist."))
    }
}

fn check_options(table: &NewTable) -> Result<(), String> {
    for (key, value) in &table.options {
        if matches!(key.as_str(), "key.format" | "value.format")
            && !FORMATS.contains(&value.as_str())
        {
            return Err(format!("Unsupported format '{value}' for option '{key}'."));
        }
        if key == "kafka.partitions" {
            return Err(format!("Unsupported option '{key}'."));
        }
    }
    Ok(())
}
