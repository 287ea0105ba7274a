#![allow(clippy::disallowed_methods)]
//! A fleet of routes over one source, for what measures how long routes take.

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

/// The sample project with generated routes in the place of its own.
pub(crate) fn project(routes: usize) -> TempDir {
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
