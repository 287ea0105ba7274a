//! What the evaluator says of a suite: the outcome of every condition for every row, and the rows of every sink.

use indexmap::IndexMap;
use routectl::eval::{Cell, Json, evaluate, project};
use routectl::ir::{Condition, METADATA, Projected, Projection};
use routectl::sql::{Truth, TypeKind};

use super::events::Event;
use super::suite::Suite;

/// The outcomes of conditions, in the order of the rows.
pub(crate) type Outcomes = IndexMap<String, Vec<Truth>>;

/// What a sink gets.
#[derive(Debug)]
pub(crate) struct Expected<'s> {
    pub(crate) columns: &'s [Projection],
    pub(crate) topic: &'s str,
    /// The condition's SQL; nothing where every row passes.
    pub(crate) condition: String,
    /// The rows, each with the number of the event that it is made of.
    pub(crate) rows: Vec<(usize, Json)>,
}

/// What the evaluator says of a suite.
#[derive(Debug)]
pub(crate) struct Expectation<'s> {
    /// Every condition, by its SQL.
    pub(crate) conditions: IndexMap<String, Condition>,
    /// What comes of them.
    pub(crate) outcomes: Outcomes,
    /// What every sink gets.
    pub(crate) sinks: Vec<Expected<'s>>,
}

impl<'s> Expectation<'s> {
    /// Asks the evaluator.
    pub(crate) fn of(suite: &'s Suite<'s>) -> anyhow::Result<Self> {
        let conditions = suite.conditions();
        Ok(Self {
            outcomes: outcomes(&conditions, &suite.events),
            conditions,
            sinks: sinks(suite)?,
        })
    }
}

/// The outcomes of some conditions.
fn outcomes(conditions: &IndexMap<String, Condition>, events: &[Event]) -> Outcomes {
    let outcomes = conditions.iter().map(|(sql, condition)| {
        let outcomes = events
            .iter()
            .map(|event| evaluate(condition, event.scope()));
        (sql.clone(), outcomes.collect())
    });
    outcomes.collect()
}

/// What every sink of a suite gets.
fn sinks<'s>(suite: &'s Suite<'s>) -> anyhow::Result<Vec<Expected<'s>>> {
    let routes = suite.routes.iter();
    let sinks = routes.flat_map(|route| route.sinks.iter().map(move |sink| (route, sink)));
    let sinks = sinks.map(|(route, sink)| {
        let condition = route.rows(sink);
        let passing = suite.events.iter().enumerate();
        let passing =
            passing.filter(|(_, event)| evaluate(&condition, event.scope()) == Truth::True);
        let rows = passing.map(|(number, event)| Ok((number, row(&sink.columns, event)?)));
        Ok(Expected {
            columns: &sink.columns,
            topic: &sink.sink.topic.value,
            condition: condition
                .lower()
                .map(|sql| sql.to_string())
                .unwrap_or_default(),
            rows: rows.collect::<anyhow::Result<_>>()?,
        })
    });
    sinks.collect()
}

/// A sink's row as the runner writes it.
fn row(columns: &[Projection], event: &Event) -> anyhow::Result<Json> {
    let columns = columns.iter().filter(|column| !is_left_out(column));
    let columns = columns.map(|column| {
        let mut value = shown(&project(column, event.scope())?);
        if column.name == METADATA {
            without_time(&mut value);
        }
        Ok((column.name.clone(), value))
    });
    Ok(Json::Object(columns.collect::<anyhow::Result<_>>()?))
}

/// Whether a column holds the text of a floating-point number, of which Java before 19 prints a digit too many now and
/// then.
fn is_left_out(column: &Projection) -> bool {
    let Projected::Field(subject) = &column.value else {
        return false;
    };
    let place = &subject.place;
    let is_floating = matches!(place.data_type.kind, TypeKind::Float | TypeKind::Double);
    is_floating && !column.data_type.kind.is_number()
}

/// When a row was routed nobody can foresee.
pub(crate) fn without_time(metadata: &mut Json) {
    if let Json::Object(fields) = metadata {
        fields.shift_remove("filteredAt");
    }
}

/// A value as the runner writes it: see `RowJson.java`.
fn shown(cell: &Cell) -> Json {
    match cell {
        Cell::Null => Json::Null,
        Cell::Boolean(value) => Json::Boolean(*value),
        Cell::Text(text) => Json::Text(text.as_str().to_owned()),
        Cell::Written(text) => Json::Text(text.clone()),
        Cell::Exact(number) => Json::Text(number.to_string()),
        // Zero loses its sign wherever a number passes through text.
        Cell::Float(number) => Json::Text(format!("{:08x}", (number + 0.0).to_bits())),
        Cell::Double(number) => Json::Text(format!("{:016x}", (number + 0.0).to_bits())),
        Cell::Instant(instant) => Json::Text(instant.nanoseconds().to_string()),
        Cell::Array(elements) => Json::Array(elements.iter().map(shown).collect()),
        Cell::Named(values) => {
            let values = values.iter();
            Json::Object(
                values
                    .map(|(name, value)| (name.clone(), shown(value)))
                    .collect(),
            )
        }
    }
}
