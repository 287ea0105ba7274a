#![allow(missing_docs)]
//! How long it takes to grow events of the sample project: ordinary ones, and the cases of all its routes.
//!
//! `cargo bench --bench sample`

use camino::Utf8Path;
use divan::Bencher;
use divan::counter::ItemsCount;
use routectl::check;
use routectl::diagnostic::Findings;
use routectl::sample::cases::{self, Aim};
use routectl::sample::{Sampler, Wishes};
use routectl::source_text::Sources;
use routectl::workspace::{self, Workspace};

fn main() {
    divan::main();
}

#[divan::bench(args = [100], sample_count = 10, sample_size = 1)]
fn ordinary(bencher: Bencher<'_, '_>, events: u64) {
    let workspace = workspace();
    let schema = &workspace.schemas["business-events"].schema;
    let sampler = Sampler::new(schema).expect("the schema is fine");
    let wishes = Wishes::default();
    bencher.counter(ItemsCount::new(events)).bench_local(|| {
        for stream in 0..events {
            sampler.event(&wishes, 0, stream).expect("it has events");
        }
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn cases_of_twelve_routes(bencher: Bencher<'_, '_>) {
    let workspace = workspace();
    let routes = check::check(&workspace, &mut Findings::default());
    let schema = &workspace.schemas["business-events"].schema;
    let sampler = Sampler::new(schema).expect("the schema is fine");
    let aim = Aim {
        source: &workspace.project.sources["business-events"],
        wishes: &Wishes::default(),
        seed: 0,
        now: None,
    };
    bencher.bench_local(|| {
        let made = routes
            .iter()
            .map(|route| cases::of_route(&sampler, route, aim));
        assert!(made.map(|made| made.cases.len()).sum::<usize>() > 100);
    });
}

/// The sample project.
fn workspace() -> Workspace {
    let (mut files, mut findings) = (Sources::default(), Findings::default());
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = workspace::load(root, "routectl.yaml", &mut files, &mut findings);
    workspace.expect("readable").expect("usable")
}
