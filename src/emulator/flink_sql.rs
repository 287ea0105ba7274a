//! The crate's own SQL reader as the emulator's.

use super::{SqlEffect, SqlReader};
use crate::sql::{Statement, parse};

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
            Ok(Statement::Insert(insert)) => Ok(SqlEffect::Insert {
                sinks: vec![insert.sink.0],
                sources: vec![insert.select.from.0],
            }),
            Err(error) => Err(format!("SQL validation failed: {error}")),
        }
    }
}
