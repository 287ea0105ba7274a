//! One set of conditions on every layout of a source. The SQL that comes out is committed beside the project,
//! where a reviewer reads it and the Flink proof explains it.

use crate::env::Env;

#[test]
fn every_layout_compiles_to_the_committed_sql() {
    let env = Env::new();
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/layouts");
    insta::assert_snapshot!(env.run(["-C", project, "validate"]), @r"
    --- stderr
    10 routes, 0 events: no errors
    --- exit 0
    ");
    insta::assert_snapshot!(env.run(["-C", project, "compile", "-tlocal", "--check"]), @r"
    --- stderr
    generated-sql/local: 22 files up to date
    --- exit 0
    ");
}
