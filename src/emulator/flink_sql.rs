//! The crate's own SQL reader as the emulator's.

use super::{SqlEffect, SqlReader};
use crate::sql::{Insert, Statement, parse};

/// Reads the SQL that routectl writes; whatever else the service may understand is an error here.
#[derive(Debug, Clone, Copy, Default)]
pub struct FlinkSql;

impl SqlReader for FlinkSql {
    fn read(&self, sql: &str) -> Result<SqlEffect, String> {
        match parse(sql) {
            Ok(Statement::CreateTable(table)) => Ok(SqlEffect::CreateTable {
                table: table.name.0,
                if_not_exists: table.if_not_exists,
            }),
            Ok(Statement::Insert(insert)) => Ok(inserts(vec![insert])),
            Ok(Statement::StatementSet(set)) => Ok(inserts(set)),
            Ok(Statement::Set(_)) => Ok(SqlEffect::Other),
            Err(error) => Err(format!("SQL validation failed: {error}")),
        }
    }
}

fn inserts(set: Vec<Insert>) -> SqlEffect {
    let tables = set
        .into_iter()
        .map(|insert| (insert.sink.0, insert.select.from.0));
    let (sinks, sources) = tables.unzip();
    SqlEffect::Insert { sinks, sources }
}
