#![allow(clippy::disallowed_methods, missing_docs)]
//! How long it takes to load, check and compile a fleet of routes over one source.
//!
//! `cargo bench --bench compile`; the README quotes the result for 5,000 routes.

use camino::{Utf8Path, Utf8PathBuf};
use divan::Bencher;
use routectl::check;
use routectl::diagnostic::Findings;
use routectl::source_text::Sources;
use routectl::sql::Templates;
use routectl::statement::compile;
use routectl::workspace;
use tempfile::TempDir;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench(args = [50, 500, 5_000], sample_count = 5, sample_size = 1)]
fn fleet(bencher: Bencher, routes: usize) {
    let project = project(routes);
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

/// The sample project with generated routes in the place of its own.
fn project(routes: usize) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let root = Utf8PathBuf::from_path_buf(directory.path().to_owned()).expect("UTF-8");
    let sample = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(sample, &root, "routectl.yaml");
    for folder in ["schemas/event", "schemas/entity", "schemas/common"] {
        std::fs::create_dir_all(root.join(folder)).expect("writable");
        for entry in sample
            .join(folder)
            .read_dir_utf8()
            .expect("the sample is complete")
        {
            let name = entry.expect("readable").file_name().to_owned();
            copy(sample, &root, &format!("{folder}/{name}"));
        }
    }
    std::fs::create_dir_all(root.join("routes")).expect("writable");
    for number in 0..routes {
        std::fs::write(root.join(format!("routes/r{number}.yaml")), route(number))
            .expect("writable");
    }
    directory
}

fn copy(from: &Utf8Path, to: &Utf8Path, name: &str) {
    std::fs::copy(from.join(name), to.join(name)).expect("the sample is complete");
}

fn route(number: usize) -> String {
    format!(
        "route: route-{number}
consumer: consumer-{number}
where:
  all:
    - field: eventHeader.eventType
      equals: LoanCreated
    - field: eventBody.entities[0].entityType
      equals: Loan
    - field: eventBody.entities[0].updatedAttributes.loan.loanAmount
      greaterThan: {number}
    - any:
        - field: eventBody.entities[0].updatedAttributes.loan.status
          in: [active, defaulted]
        - field: eventHeader.createdDate
          greaterThanOrEqual: 2025-01-01T00:00:00Z
to:
  topic: filtered-route-{number}
  key: id
"
    )
}
