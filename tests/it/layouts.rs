//! One set of conditions on every layout of a source. The SQL that comes out is committed beside the project,
//! where a reviewer reads it and the Flink proof explains it.

use camino::Utf8Path;
use routectl::files;

use crate::env::Env;

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/layouts");

/// What the sources whose columns are taken from schemas would have to write out.
const WRITTEN_OUT: [(&str, &str); 2] = [
    (
        "{avro: schemas/value.avsc}",
        "
      id: STRING
      eventHeader: ROW<eventType STRING, createdDate TIMESTAMP_LTZ(3)>
      eventBody: ROW<entities ARRAY<ROW<entityType STRING, updatedAttributes ROW<loan ROW<loanAmount DECIMAL(18, 2), status STRING, secured BOOLEAN>>>>>
      __op: STRING",
    ),
    (
        "{json-schema: schemas/value.json}",
        "
      __op: STRING
      __ts_ms: BIGINT
      eventBody: ROW<entities ARRAY<ROW<entityType STRING, updatedAttributes ROW<loan ROW<loanAmount DOUBLE, secured BOOLEAN, status STRING>>>>>
      eventHeader: ROW<createdDate STRING, eventType STRING>
      id: STRING",
    ),
];

#[test]
fn every_layout_compiles_to_the_committed_sql() {
    let env = Env::new();
    insta::assert_snapshot!(env.run(["-C", PROJECT, "validate"]), @r"
    --- stderr
    14 routes, 0 events: no errors
    --- exit 0
    ");
    insta::assert_snapshot!(env.run(["-C", PROJECT, "compile", "-tlocal", "--check"]), @"
    --- stderr
    generated-sql/local: 31 files up to date
    --- exit 0
    ");
    let mut script = vec!["-C", PROJECT, "compile", "-tlocal", "--check"];
    script.extend([
        "--dialect",
        "flink",
        "--out",
        "generated-sql/local.flink.sql",
    ]);
    insta::assert_snapshot!(env.run(script), @"
    --- stderr
    generated-sql/local.flink.sql: up to date
    --- exit 0
    ");
}

#[test]
fn columns_that_are_taken_from_a_schema_compile_as_if_they_were_written_out() {
    let env = Env::new();
    let project = Utf8Path::new(PROJECT);
    for path in files::find(project, &["yaml", "json", "sql"]).unwrap() {
        let below = path.strip_prefix(project).unwrap();
        env.write(
            &format!("written/{below}"),
            &files::read_text(&path).unwrap(),
        );
    }
    let mut text = env.read("written/routectl.yaml");
    for (taken, written) in WRITTEN_OUT {
        assert!(text.contains(taken), "{taken}");
        text = text.replace(taken, written);
    }
    env.write("written/routectl.yaml", &text);
    insta::assert_snapshot!(env.run(["-C", "written", "compile", "-tlocal", "--check"]), @"
    --- stderr
    generated-sql/local: 31 files up to date
    --- exit 0
    ");
}
