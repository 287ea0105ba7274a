//! The seam to whoever can read SQL: the emulator itself only needs to know what a statement does.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use super::catalog::NewTable;
use super::views::ViewQuery;

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
        table: NewTable,
        /// Whether an existing table is no error.
        if_not_exists: bool,
    },
    /// `DROP TABLE`: completes, and the table is gone.
    DropTable {
        /// The table.
        table: String,
        /// Whether a missing table is no error.
        if_exists: bool,
    },
    /// `INSERT INTO ... SELECT`, one or a statement set of them: runs on.
    Insert(Vec<Flow>),
    /// `INSERT INTO ... VALUES`: completes.
    InsertValues {
        /// The table that it writes to.
        sink: String,
    },
    /// `SELECT`: runs on while somebody reads the rows, of which there are none here.
    Select(Vec<Source>),
    /// A question: completes, and its rows are the answer.
    Ask(Question),
    /// Anything else: completes.
    Other,
}

/// What an `INSERT INTO ... SELECT` moves from where to where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// The table that it writes to.
    pub sink: String,
    /// The columns that it fills.
    pub columns: Vec<String>,
    /// The table that it reads from.
    pub source: Source,
}

/// A table that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The table.
    pub table: String,
    /// The columns of it that are named.
    pub columns: Vec<String>,
    /// The options of its hint.
    pub hint: BTreeMap<String, String>,
}

/// A question about tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// `SHOW TABLES`.
    Tables,
    /// `DESCRIBE` a table.
    Columns(String),
    /// `SHOW CREATE TABLE`.
    CreateTable(String),
    /// `SELECT` from views of the `INFORMATION_SCHEMA`, one after another.
    Views(Vec<ViewQuery>),
    /// `EXPLAIN` a statement.
    Plan(Box<SqlEffect>),
}

impl SqlEffect {
    /// What it moves.
    pub(super) fn flows(&self) -> &[Flow] {
        match self {
            Self::Insert(flows) => flows,
            _ => &[],
        }
    }

    /// Whether it runs until somebody stops it.
    pub(super) fn runs_on(&self) -> bool {
        matches!(self, Self::Insert(_) | Self::Select(_))
    }
}
