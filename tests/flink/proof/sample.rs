//! Events of the sample project: cases at the borders of its routes' conditions, each with every kind of damage.

use anyhow::Context as _;
use routectl::check::TypedRoute;
use routectl::eval::{Json, Row};
use routectl::project::source::Source;
use routectl::sample::cases::{self, Aim};
use routectl::sample::{Sampler, Wishes, hostile};
use routectl::workspace::Workspace;

use super::events::{self, Event, quoted};
use super::rng::Rng;

/// So many rows of a source.
pub(crate) fn events(
    workspace: &Workspace,
    source: &Source,
    routes: &[TypedRoute<'_>],
    seed: u64,
    count: usize,
) -> anyhow::Result<Vec<Event>> {
    let schema = workspace
        .schemas
        .get(&source.name.value)
        .context("a source without a schema")?;
    let sampler = Sampler::new(&schema.schema)?;
    let wishes = Wishes::default();
    let aim = Aim {
        source,
        wishes: &wishes,
        seed,
        now: None,
    };
    let cases = routes
        .iter()
        .flat_map(|route| cases::of_route(&sampler, route, aim).cases);
    let cases: Vec<_> = cases.collect();
    let damaged = count
        .saturating_sub(cases.len())
        .div_ceil(cases.len().max(1));
    let mut rng = Rng::new(seed, &source.topic.value);
    let mut rows = Vec::with_capacity(count);
    for (number, case) in cases.iter().enumerate() {
        let seed = seed.wrapping_add(u64::try_from(number)?);
        let whole = case.event.to_string();
        let damaged = hostile(&case.event, seed, damaged)
            .into_iter()
            .map(|hostile| hostile.text);
        for text in [whole.clone()].into_iter().chain(damaged) {
            rows.push(row(source, &whole, &text, &mut rng)?);
        }
    }
    rows.truncate(count);
    Ok(rows)
}

/// The row of a document: its flat columns repeat the values of the event that was damaged.
fn row(source: &Source, whole: &str, document: &str, rng: &mut Rng) -> anyhow::Result<Event> {
    let row = Row::of_event(source, whole).map_err(|error| anyhow::anyhow!("{error}: {whole}"))?;
    let columns = source.columns.keys().map(|name| {
        let is_document = source
            .event
            .layout
            .document_column()
            .is_some_and(|column| column.value == *name);
        let is_operation = source
            .operation
            .as_ref()
            .is_some_and(|operation| operation.column.value == *name);
        let value = if is_document {
            quoted(document)
        } else if is_operation {
            quoted(rng.pick(&["c", "c", "c", "c", "u", "d", "r", "C"]))
        } else {
            Json::from(row.column(name).unwrap_or(&routectl::eval::Cell::Null)).to_string()
        };
        format!("{}:{value}", quoted(name))
    });
    let columns: Vec<_> = columns.collect();
    events::event(source, format!("{{{}}}", columns.join(",")))
}
