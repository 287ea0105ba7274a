//! Places: lines, columns and paths as editors count and show them.

use routectl::diagnostic::json;
use serde_json::json;

use super::{Project, ROUTE, examples};

/// A route with a misspelt value behind umlauts and an emoji on the same line.
const FLOW: &str =
    "route: large-loans\nwhere:\n  any:\n    - {field: entities[0].kind, in: [Loan]}\n";

fn base_route() -> String {
    routectl::files::read_text(&examples().join("base").join(ROUTE)).unwrap()
}

#[test]
fn columns_count_characters_not_bytes() {
    let route = base_route().replace("equals: LoanCreated", "in: [\"äöü 🚗\", LoanCreated]");
    let found = Project::base().with_route(&route).check().rendered();
    insta::assert_snapshot!(found, @r#"
error[operand-value]: `äöü 🚗` can never occur in `header.type`
 --> routes/large-loans.yaml:5:12
  |
5 |       in: ["äöü 🚗", LoanCreated]
  |            ^^^^^^^^ not a value of this field
  |
 ::: schemas/event.json:9:17
  |
9 |         "type": { "enum": ["CarCreated", "LoanCreated"] },
  |                 ----------------------------------------- its values are listed here
  |
  = help: possible: `CarCreated`, `LoanCreated`
"#);
}

#[test]
fn carriage_returns_move_no_place() {
    let route = base_route().replace("equals: LoanCreated", "equals: LoanCreatd");
    let found = Project::base().with_route(&route).check().rendered();
    let windows = Project::base()
        .with_route(&route.replace('\n', "\r\n"))
        .check()
        .rendered();
    assert_eq!(windows, found);
    assert!(
        Project::base()
            .with_route(&base_route().replace('\n', "\r\n"))
            .check()
            .found
            .is_empty()
    );
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    let marked = |text: &str| format!("\u{feff}{text}");
    let good = Project::base().with_route(&marked(&base_route())).check();
    assert_eq!(good.rendered(), "");
    let route = base_route().replace("route: large-loans", "route: Large");
    let found = Project::base()
        .with_route(&marked(&route))
        .check()
        .rendered();
    assert!(found.contains("routes/large-loans.yaml:1:"), "{found}");
    assert!(found.contains("bad-name"), "{found}");
}

#[test]
fn a_syntax_error_is_where_the_reader_stopped_behind_other_characters_too() {
    let route = FLOW.replace("route: large-loans", "# ä🚗\nroute: large-loans");
    let found = Project::base().with_route(&route).check().rendered();
    assert!(found.contains("routes/large-loans.yaml:5:23"), "{found}");
}

#[test]
fn paths_are_relative_to_the_project() {
    for (code, directory) in super::broken() {
        let project = super::example(&directory);
        let checked = project.check();
        let shown = checked.rendered();
        assert!(!shown.contains(project.root().as_str()), "{code}: {shown}");
    }
}

#[test]
fn json_counts_lines_and_columns_from_one() {
    let route = base_route().replace("route: large-loans", "route: Large");
    let checked = Project::base().with_route(&route).check();
    let report = serde_json::to_value(json::report(&checked.found, &checked.sources)).unwrap();
    let expected = json!({
        "format_version": 1,
        "summary": {"errors": 1, "warnings": 0},
        "diagnostics": [{
            "code": "bad-name",
            "severity": "error",
            "message": "`Large` cannot be the name of a route",
            "help": ["use lower-case letters, digits and hyphens, beginning and ending with a letter or digit"],
            "location": {
                "file": "routes/large-loans.yaml",
                "line": 1, "column": 8, "end_line": 1, "end_column": 13,
                "label": "not a name"
            },
            "related": []
        }]
    });
    assert_eq!(report, expected);
}

#[test]
fn validate_prints_the_report_as_json() {
    let project = Project::base().replace(ROUTE, "topic: large-loans", "topic: a/b");
    let output = assert_cmd::Command::cargo_bin("routectl")
        .unwrap()
        .env_clear()
        .args(["-C", project.root().as_str(), "validate", "-o", "json"])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(report["format_version"], 1);
    let place = &report["diagnostics"][0]["location"];
    assert_eq!((&place["line"], &place["column"]), (&json!(11), &json!(10)));
    assert_eq!(place["file"], ROUTE);
}

#[test]
fn text_that_steers_terminals_is_shown_escaped() {
    let route = base_route().replace(
        "equals: LoanCreated",
        "equals: \"a\\u202eb\\u001b[31m\\nc\"",
    );
    let found = Project::base().with_route(&route).check().rendered();
    assert!(found.contains("`a\\u{202e}b\\u{1b}[31m\\u{a}c`"), "{found}");
    assert!(!found.contains(['\u{202e}', '\u{1b}']), "{found}");
    let raw = base_route().replace("equals: LoanCreated", "equals: a\u{202e}b");
    assert!(
        !Project::base()
            .with_route(&raw)
            .check()
            .rendered()
            .contains('\u{202e}')
    );
}
