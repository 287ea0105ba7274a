//! The seam to whoever can read SQL: the emulator itself only needs to know what a statement does.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

/// Reads the SQL of a statement.
pub trait SqlReader: Send + Sync + Debug {
    /// What the statement does.
    ///
    /// # Errors
    /// The text is not a statement; the message becomes the detail of the failed statement.
    fn read(&self, sql: &str) -> Result<SqlEffect, String>;
}

/// What a statement does, as far as the emulator acts on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SqlEffect {
    /// `CREATE TABLE`: completes, and the table is there.
    CreateTable {
        /// The table.
        table: String,
        /// Whether an existing table is no error.
        if_not_exists: bool,
    },
    /// `INSERT INTO` or `EXECUTE STATEMENT SET`: runs on; completes at once if it reads no table.
    Insert {
        /// The tables it writes to.
        sinks: Vec<String>,
        /// The tables it reads from.
        sources: Vec<String>,
    },
    /// Anything else: completes.
    Other,
}
