//! Where Flink and the evaluator differ.

use std::fmt;

use indexmap::IndexMap;
use routectl::eval::Json;
use routectl::sql::Truth;

use super::expect::Expected;

/// Texts are cut behind so many characters.
const SHOWN: usize = 1_500;

/// One thing that is not the same.
#[derive(Debug)]
pub(crate) struct Difference {
    /// Whose: the condition's SQL, or the sink.
    pub(crate) of: String,
    /// Of which event.
    pub(crate) event: Option<usize>,
    pub(crate) evaluator: String,
    pub(crate) flink: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}", cut(&self.of))?;
        writeln!(f, "    evaluator: {}", cut(&self.evaluator))?;
        write!(f, "    Flink:     {}", cut(&self.flink))
    }
}

/// A text of a length that can be read.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}... ({} characters)", &text[..end], text.chars().count()),
    }
}

/// Compares the outcomes of some conditions, which a statement wrote row by row.
pub(crate) fn of_outcomes(
    expected: &[(&String, &Vec<Truth>)],
    found: &[Vec<Truth>],
) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (column, (sql, outcomes)) in expected.iter().enumerate() {
        for (number, (outcome, row)) in outcomes.iter().zip(found).enumerate() {
            let flink = row.get(column).copied();
            if flink != Some(*outcome) {
                differences.push(Difference {
                    of: (*sql).clone(),
                    event: Some(number),
                    evaluator: format!("{outcome:?}"),
                    flink: format!("{flink:?}"),
                });
            }
        }
    }
    differences
}

/// Compares the rows of a sink. They come in the order of the events.
pub(crate) fn of_rows(expected: &Expected<'_>, found: &[Json]) -> Vec<Difference> {
    if expected.rows.len() == found.len() {
        let pairs = expected.rows.iter().zip(found);
        return pairs
            .filter_map(|((event, row), found)| of_row(expected, *event, row, found))
            .collect();
    }
    let first = expected
        .rows
        .iter()
        .zip(found)
        .find(|((_, row), found)| row != *found);
    let event = first
        .map(|((event, _), _)| *event)
        .or_else(|| expected.rows.get(found.len()).map(|(event, _)| *event));
    vec![Difference {
        of: name(expected),
        event,
        evaluator: format!("{} rows", expected.rows.len()),
        flink: format!(
            "{} rows, the first difference is at this event",
            found.len()
        ),
    }]
}

/// The columns that differ.
fn of_row(expected: &Expected<'_>, event: usize, row: &Json, found: &Json) -> Option<Difference> {
    let (Json::Object(one), Json::Object(two)) = (row, found) else {
        return None;
    };
    let columns = one
        .iter()
        .filter(|(name, value)| two.get(*name) != Some(value));
    let columns: Vec<&String> = columns.map(|(name, _)| name).collect();
    let shown = |fields: &IndexMap<String, Json>| -> String {
        let columns = columns.iter().map(|name| {
            let value = fields
                .get(*name)
                .map_or_else(|| "nothing".to_owned(), ToString::to_string);
            format!("{name}: {value}")
        });
        columns.collect::<Vec<_>>().join(", ")
    };
    (!columns.is_empty()).then(|| Difference {
        of: name(expected),
        event: Some(event),
        evaluator: shown(one),
        flink: shown(two),
    })
}

fn name(expected: &Expected<'_>) -> String {
    let columns = expected
        .columns
        .iter()
        .map(|column| format!("{} {} = {}", column.name, column.data_type, column.lower()));
    let columns: Vec<_> = columns.collect();
    format!(
        "sink `{}`: {} WHERE {}",
        expected.topic,
        columns.join(", "),
        expected.condition
    )
}
