#![allow(missing_docs)]
//! How many events a second go through routes: read as rows, and every condition of every route evaluated.
//!
//! `cargo bench --bench evaluate`; the README quotes the results.

mod fleet;

use camino::Utf8Path;
use divan::Bencher;
use divan::counter::ItemsCount;
use routectl::check;
use routectl::diagnostic::Findings;
use routectl::eval::{Row, Scope};
use routectl::ir::Instant;
use routectl::sample::{Sampler, Wishes};
use routectl::source_text::Sources;
use routectl::trace;
use routectl::workspace::{self, Workspace};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench]
fn routes_of_the_sample(bencher: Bencher<'_, '_>) {
    measure(bencher, Utf8Path::new(env!("CARGO_MANIFEST_DIR")), 1_000);
}

#[divan::bench(args = [1_000], sample_count = 10, sample_size = 1)]
fn fleet_of_routes(bencher: Bencher<'_, '_>, routes: usize) {
    let project = fleet::project(routes);
    let root = Utf8Path::from_path(project.path()).expect("temporary paths are UTF-8");
    measure(bencher, root, 100);
}

fn measure(bencher: Bencher<'_, '_>, root: &Utf8Path, events: u64) {
    let workspace = workspace(root);
    let routes = check::check(&workspace, &mut Findings::default());
    let source = &workspace.project.sources["business-events"];
    let events = sampled(&workspace, events);
    let now = Instant::parse("2026-01-01T00:00:00Z").expect("an instant");
    bencher
        .counter(ItemsCount::new(events.len()))
        .bench_local(|| {
            let mut reached = 0;
            for event in &events {
                let row = Row::of_event(source, event).expect("an event");
                let scope = Scope { row: &row, now };
                let sinks = routes
                    .iter()
                    .map(|route| trace::reached(route, scope).count());
                reached += sinks.sum::<usize>();
            }
            reached
        });
}

fn sampled(workspace: &Workspace, count: u64) -> Vec<String> {
    let schema = &workspace.schemas["business-events"].schema;
    let sampler = Sampler::new(schema).expect("the schema is fine");
    let events = (0..count).map(|stream| sampler.event(&Wishes::default(), 0, stream));
    events
        .map(|event| event.expect("it has events").to_string())
        .collect()
}

fn workspace(root: &Utf8Path) -> Workspace {
    let (mut files, mut findings) = (Sources::default(), Findings::default());
    let workspace = workspace::load(root, "routectl.yaml", &mut files, &mut findings);
    workspace.expect("readable").expect("usable")
}
