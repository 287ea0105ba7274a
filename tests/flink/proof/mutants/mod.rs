//! Mutants: rules that are wrong on purpose. Each must be found out, or the comparison proves nothing.
//!
//! | module | what is wrong |
//! | --- | --- |
//! | [`sql`] | the SQL of a condition or a statement: Flink runs it beside the right one |
//! | [`evaluator`], `rules` | what the evaluator makes of a condition, a value or a document: compared with what Flink said |
//!
//! Another mutant is a row in a table of one of them.

pub(crate) mod evaluator;
mod rules;
pub(crate) mod sql;

use std::collections::BTreeMap;
use std::fmt;

/// Which side a mutant is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Sql,
    Evaluator,
}

/// The mutants that were found out, and where.
#[derive(Debug, Default)]
pub(crate) struct FoundOut(BTreeMap<(Side, &'static str), String>);

impl FoundOut {
    /// Notes where a mutant was found out first.
    pub(crate) fn note(&mut self, side: Side, name: &'static str, place: String) {
        self.0.entry((side, name)).or_insert(place);
    }

    /// Whether a mutant was found out.
    pub(crate) fn has(&self, side: Side, name: &'static str) -> bool {
        self.0.contains_key(&(side, name))
    }

    /// The mutants that were not.
    pub(crate) fn survivors(&self) -> Vec<(Side, &'static str)> {
        let sql = sql::names().map(|name| (Side::Sql, name));
        let all = sql.chain(evaluator::names().map(|name| (Side::Evaluator, name)));
        all.filter(|(side, name)| !self.has(*side, name)).collect()
    }

    /// How many were found out.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sql => "the SQL",
            Self::Evaluator => "the evaluator",
        })
    }
}
