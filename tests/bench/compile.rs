#![allow(missing_docs)]
//! How long it takes to load, check and compile a fleet of routes over one source.
//!
//! `cargo bench --bench compile`; README.md quotes the result for 5,000 routes.

mod fleet;

use camino::Utf8Path;
use divan::Bencher;
use routectl::check;
use routectl::diagnostic::Findings;
use routectl::source_text::Sources;
use routectl::sql::Templates;
use routectl::statement::compile;
use routectl::workspace;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench(args = [50, 500, 5_000], sample_count = 5, sample_size = 1)]
fn fleet(bencher: Bencher, routes: usize) {
    let project = fleet::project(routes);
    let root = Utf8Path::from_path(project.path()).expect("temporary paths are UTF-8");
    bencher.bench_local(|| compile_all(root, routes));
}

fn compile_all(root: &Utf8Path, routes: usize) {
    let (mut files, mut findings) = (Sources::default(), Findings::default());
    let workspace = workspace::load(root, "routectl.yaml", &mut files, &mut findings);
    let workspace = workspace
        .expect("the project is readable")
        .expect("the project is usable");
    let target = workspace
        .project
        .target("local")
        .expect("the sample has this target");
    let typed = check::check(&workspace, &mut findings);
    let templates = Templates::load(&std::collections::BTreeMap::new()).expect("built in");
    let project = &workspace.project;
    let compilation = compile::compile(project, target, &typed, &files, &templates, &mut findings);
    assert!(!findings.has_errors());
    assert_eq!(compilation.inserts.len(), routes);
}
