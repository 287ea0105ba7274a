//! What a change of an INSERT means.

use super::implies::implies;
use crate::sql::{Insert, canonical_expr};

/// How one INSERT differs from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The topics that they read, before and after, where they differ.
    pub source: Option<(String, String)>,
    /// The topics that they write, before and after, where they differ.
    pub sink: Option<(String, String)>,
    /// Whether they write other columns, or other values into them.
    pub columns: bool,
    /// Whether their topics are made otherwise: key, partitions or options. Known between two targets alone.
    pub table: bool,
    /// Which rows pass.
    pub rows: Rows,
}

/// How the rows that pass differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// The condition is the same.
    Same,
    /// Another condition that lets the same rows pass.
    Equivalent,
    /// Every row that passes now passed before.
    Narrowed,
    /// Every row that passed before passes now.
    Widened,
    /// Neither could be shown.
    Other,
}

impl Meaning {
    /// How the new INSERT differs from the old one.
    pub fn of(old: &Insert, new: &Insert) -> Self {
        let pair = |old: &str, new: &str| (old != new).then(|| (old.to_owned(), new.to_owned()));
        let source = pair(old.select.from.as_str(), new.select.from.as_str());
        let values = |insert: &Insert| {
            let values = insert.select.projections.iter();
            let values = values.map(|value| canonical_expr(&value.expression));
            values.collect::<Vec<_>>()
        };
        Self {
            sink: pair(old.sink.as_str(), new.sink.as_str()),
            columns: old.columns != new.columns || values(old) != values(new),
            table: false,
            // Rows of another topic are other rows: nothing follows about them.
            rows: match rows(old, new) {
                Rows::Narrowed | Rows::Widened | Rows::Equivalent if source.is_some() => {
                    Rows::Other
                }
                rows => rows,
            },
            source,
        }
    }

    /// Whether they mean the same, word by word but for the order.
    pub fn is_same(&self) -> bool {
        self.words().is_empty()
    }

    /// What differs, in the words that the documentation uses.
    pub fn words(&self) -> Vec<&'static str> {
        let rows = match self.rows {
            Rows::Same => None,
            Rows::Equivalent => Some("equivalent"),
            Rows::Narrowed => Some("narrowed"),
            Rows::Widened => Some("widened"),
            Rows::Other => Some("other condition"),
        };
        let others = [
            (self.source.is_some(), "other source"),
            (self.sink.is_some(), "other sink"),
            (self.columns, "other columns"),
            (self.table, "other table"),
        ];
        let others = others.into_iter().filter(|(differs, _)| *differs);
        rows.into_iter()
            .chain(others.map(|(_, word)| word))
            .collect()
    }

    /// The words with what they mean here.
    pub fn explanations(&self) -> Vec<String> {
        let rows = match self.rows {
            Rows::Same => None,
            Rows::Equivalent => Some("the same events pass; the condition is spelt otherwise"),
            Rows::Narrowed => Some("every event that passes now passed before"),
            Rows::Widened => Some("every event that passed before passes now"),
            Rows::Other => Some("neither narrower nor wider, as far as can be shown"),
        };
        let source = self.source.as_ref();
        let source = source.map(|(old, new)| format!("reads `{new}`, before `{old}`"));
        let sink = self.sink.as_ref();
        let sink = sink.map(|(old, new)| format!("writes `{new}`, before `{old}`"));
        let columns = self
            .columns
            .then(|| "what is written of an event".to_owned());
        let table = self
            .table
            .then(|| "key, partitions or options of the topic".to_owned());
        let rows = rows.map(str::to_owned);
        [rows, source, sink, columns, table]
            .into_iter()
            .flatten()
            .collect()
    }
}

fn rows(old: &Insert, new: &Insert) -> Rows {
    let old = old.select.condition.as_ref().map(canonical_expr);
    let new = new.select.condition.as_ref().map(canonical_expr);
    if old == new {
        return Rows::Same;
    }
    let (old, new) = (old.as_ref(), new.as_ref());
    match (implies(new, old), implies(old, new)) {
        (true, true) => Rows::Equivalent,
        (true, false) => Rows::Narrowed,
        (false, true) => Rows::Widened,
        (false, false) => Rows::Other,
    }
}
