//! `routectl test` and `routectl trace`: what routes make of events, without a cluster.

use crate::env::Env;

const TESTS: &str = "tests:
  - name: paid orders are paid
    event: {status: paid, amount: 5}
    expect: {paid-orders: {id: null, body: {status: paid, amount: 5}}}
  - name: large orders are large
    event: {status: new, amount: 5000}
    expect: [large-orders]
  - name: nothing is known of an amount that is text
    event: {status: new, amount: a lot}
    valid: false
    expect: []
";

fn env(tests: &str) -> Env {
    let env = Env::new();
    env.write("routes/orders.test.yaml", tests);
    env
}

#[test]
fn tests_pass_and_are_measured() {
    let env = env(TESTS);
    insta::assert_snapshot!(env.run(["test", "--coverage"]), @"
    --- stdout
    every condition tried both ways in 2 of 2 routes
    --- stderr
    3 events: all passed
    --- exit 0
    ");
}

#[test]
fn failures_say_which_condition_decided() {
    let env = env("tests:
  - name: expects too much
    event: {status: new, amount: 5000}
    expect: {paid-orders: , large-orders: {amount: 5}}
  - name: expects too little
    event: {status: paid}
    expect: []
");
    insta::assert_snapshot!(env.run(["test"]), @"
    --- stdout
    failed expects too much
      at routes/orders.test.yaml:2, with the event
      does not reach `paid-orders`
        route paid: false: status equals paid: found `new`
      in `large-orders` there is no column `amount`

    failed expects too little
      at routes/orders.test.yaml:5, with the event
      reaches `paid-orders`, which is not expected
        route paid lets it pass

    --- stderr
    error: 0 events as expected, 2 not
    --- exit 1
    ");
    insta::assert_snapshot!(env.run(["test", "-ojunit"]), @r#"
    --- stdout
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite name="routes/orders.test.yaml" tests="2" failures="2">
        <testcase name="expects too much (the event)" classname="routes/orders.test.yaml" file="routes/orders.test.yaml" line="2">
          <failure message="does not reach `paid-orders`">route paid: false: status equals paid: found `new`</failure>
          <failure message="in `large-orders` there is no column `amount`"></failure>
        </testcase>
        <testcase name="expects too little (the event)" classname="routes/orders.test.yaml" file="routes/orders.test.yaml" line="5">
          <failure message="reaches `paid-orders`, which is not expected">route paid lets it pass</failure>
        </testcase>
      </testsuite>
    </testsuites>
    --- stderr
    error: 0 events as expected, 2 not
    --- exit 1
    "#);
}

#[test]
fn a_project_without_tests_has_not_passed_them() {
    let env = Env::new();
    insta::assert_snapshot!(env.run(["test"]), @"
    --- stderr
    error: there are no tests for 2 routes; write some to routes/<name>.test.yaml
    --- exit 1
    ");
}

#[test]
fn plan_and_apply_run_the_tests_first() {
    let env = env("tests: [{name: wrong, event: {status: paid}, expect: []}]\n");
    insta::assert_snapshot!(env.run(["plan", "-tlocal"]), @"
    --- stderr
    failed wrong
      at routes/orders.test.yaml:1, with the event
      reaches `paid-orders`, which is not expected
        route paid lets it pass
    error: 1 of 1 event in tests not as expected; `--skip-tests` goes on without them
    --- exit 1
    ");
    env.run(["apply", "-tlocal", "--auto-approve"]).expect(1);
    assert_eq!(env.statements(), Vec::<String>::new());
    env.run(["plan", "-tlocal", "--skip-tests"]).expect(0);
}

#[test]
fn a_trace_shows_every_condition_and_what_it_found() {
    let env = Env::new();
    env.write("events/paid.json", r#"{"status": "paid", "amount": null}"#);
    env.write("events/broken.json", "{");
    insta::assert_snapshot!(env.run(["trace", "events"]), @"
    --- stdout
    events/broken.json: reaches none of these topics
      route large
        unknown amount greaterThan 1000: found a document that is no JSON
        topic large-orders: not reached
      route paid
        unknown status equals paid: found a document that is no JSON
        topic paid-orders: not reached
    events/paid.json: reaches paid-orders
      note: it does not match the event schema: expected a number, found `null`
      route large
        unknown amount greaterThan 1000: found null
        topic large-orders: not reached
      route paid
        true    status equals paid: found `paid`
        topic paid-orders: reached
    --- exit 0
    ");
}

#[test]
fn a_trace_for_machines_has_what_the_schema_says() {
    let env = Env::new();
    env.write("events/paid.json", r#"{"status": "paid", "amount": null}"#);
    let json = env.run(["trace", "events/paid.json", "--route", "paid", "-ojson"]);
    insta::assert_snapshot!(json, @r#"
    --- stdout
    {
      "format_version": 1,
      "events": [
        {
          "event": "events/paid.json",
          "violations": [
            {
              "pointer": "/amount",
              "message": "expected a number, found `null`"
            }
          ],
          "topics": [
            "paid-orders"
          ],
          "routes": [
            {
              "route": "paid",
              "enabled": true,
              "guard": null,
              "condition": {
                "condition": "status equals paid",
                "outcome": "true",
                "found": "`paid`"
              },
              "sinks": [
                {
                  "topic": "paid-orders",
                  "reached": true,
                  "condition": {
                    "condition": "always",
                    "outcome": "true",
                    "found": null
                  }
                }
              ]
            }
          ]
        }
      ]
    }
    --- exit 0
    "#);
}

#[test]
fn what_cannot_be_traced_is_said() {
    let env = Env::new();
    env.write("events/row.json", r#"{"body": "{}", "stauts": "paid"}"#);
    insta::assert_snapshot!(env.run(["trace", "events/row.json"]), @"
    --- stderr
    error: events/row.json: source `orders` has no column `stauts`; possible: `id`, `body`
    --- exit 1
    ");
    insta::assert_snapshot!(env.run(["trace", "events", "--route", "payd"]), @"
    --- stderr
    error: source `orders` has no route `payd`; did you mean `paid`?
    --- exit 1
    ");
    insta::assert_snapshot!(env.run(["trace", "no-such-file.json"]), @"
    --- stderr
    error: cannot read `[ROOT]/no-such-file.json`: No such file or directory (os error 2)
    --- exit 1
    ");
}

#[test]
fn what_is_wrong_with_a_test_keeps_everything_from_being_deployed() {
    let env = env(&TESTS.replace("[large-orders]", "[larg-orders]"));
    for command in ["plan", "apply"] {
        let ran = env.run([command, "-tlocal"]);
        insta::allow_duplicates!(insta::assert_snapshot!(ran, @"
        --- stderr
        error[unknown-topic]: none of the routes tested here writes to `larg-orders`
         --> routes/orders.test.yaml:7:14
          |
        7 |     expect: [larg-orders]
          |              ^^^^^^^^^^^ no such topic
          |
          = help: did you mean `large-orders`?
          = help: name topics as the routes do, without a target's suffix

        found 1 error
        error: there are tests that cannot run; `--skip-tests` goes on without them
        --- exit 1
        "));
    }
    env.run(["apply", "-tlocal", "--auto-approve", "--skip-tests"])
        .expect(0);
}

#[test]
fn a_topic_that_a_broken_route_may_write_is_not_called_unknown() {
    let env = env(TESTS);
    env.write("routes/large.yaml", "route: large\nwhere: [\n");
    let ran = env.run(["validate"]);
    assert!(!ran.expect(1).stderr.contains("unknown-topic"), "{ran}");
}

/// The event schema rules `b` out for the first part, and with it neither that part nor the rest of the `any`.
#[test]
fn what_one_element_cannot_be_leaves_the_others_to_be_asked() {
    const SCHEMA: &str = r#"{"type": "object", "properties": {"parts": {
      "type": "array", "maxItems": 2,
      "prefixItems": [{"type": "object", "properties": {"kind": {"const": "a"}}}],
      "items": {"type": "object", "properties": {"kind": {"enum": ["a", "b"]}}}
    }}}"#;
    const KINDS: &str = "anyElement: {in: parts, where: {any: [{field: kind, equals: b}, {field: kind, equals: a}]}}";
    let env = Env::new();
    env.write("schemas/order.json", SCHEMA);
    env.remove("routes/paid.yaml");
    for (name, condition) in [
        ("large", format!("{{{KINDS}}}")),
        ("other", format!("{{not: {{{KINDS}}}}}")),
    ] {
        env.route(name, &condition);
    }
    env.write("a.json", r#"{"parts": [{"kind": "a"}]}"#);
    let ran = env.run(["trace", "a.json"]);
    let reached = ran.stdout.lines().next();
    assert_eq!(reached, Some("a.json: reaches large-orders"), "{ran}");
}

#[test]
fn regression_39_a_value_that_readers_disagree_on_is_nothing_to_expect() {
    let env = env(&TESTS.replace("{id: null,", "{id: 0123,"));
    let ran = env.run(["test"]);
    assert!(ran.expect(1).stderr.contains("`0123`"), "{ran}");
}

#[test]
fn the_topic_of_a_disabled_route_is_not_reached() {
    let env = env(TESTS);
    env.route_with(
        "large",
        "{field: amount, greaterThan: 1000}",
        "enabled: false",
    );
    env.write("event.json", r#"{"status": "paid", "amount": 5000}"#);
    let ran = env.run(["trace", "event.json"]);
    let said: Vec<_> = ran
        .stdout
        .lines()
        .filter(|line| !line.contains("true"))
        .collect();
    assert_eq!(
        said,
        [
            "event.json: reaches paid-orders",
            "  route large (disabled)",
            "    topic large-orders: would be reached",
            "  route paid",
            "    topic paid-orders: reached",
        ],
        "{ran}"
    );
    let ran = env.run(["trace", "event.json", "-ojson"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        json["events"][0]["topics"],
        serde_json::json!(["paid-orders"])
    );
}

/// The tests of a source none of whose routes is enabled are tests all the same.
#[test]
fn the_tests_of_a_source_without_enabled_routes_run() {
    let env = env("tests: [{name: nothing is routed, event: {status: paid}, expect: []}]\n");
    for (route, condition) in [
        ("paid", "{field: status, equals: paid}"),
        ("large", "{field: amount, greaterThan: 1000}"),
    ] {
        env.route_with(route, condition, "enabled: false");
    }
    let ran = env.run(["test"]);
    assert_eq!(ran.expect(0).stderr, "1 event: all passed\n");
    env.write(
        "routes/orders.test.yaml",
        "tests: [{name: one is, event: {status: paid}, expect: [no-orders]}]\n",
    );
    let ran = env.run(["test"]);
    assert!(ran.expect(1).stderr.contains("unknown-topic"), "{ran}");
}

/// Whoever disables a route in a hurry does not rewrite tests.
#[test]
fn disabling_a_route_breaks_no_test() {
    let env = env(TESTS);
    let disable = |limit: u32| {
        let condition = format!("{{field: amount, greaterThan: {limit}}}");
        env.route_with("large", &condition, "enabled: false");
    };
    disable(1000);
    let ran = env.run(["test"]);
    assert_eq!(ran.expect(0).stderr, "3 events: all passed\n");
    // What is said of it is held against it all the same.
    disable(9000);
    insta::assert_snapshot!(env.run(["test"]), @"
    --- stdout
    failed large orders are large
      at routes/orders.test.yaml:5, with the event
      does not reach `large-orders`
        route large: false: amount greaterThan 9000: found `5000`

    --- stderr
    error: 2 events as expected, 1 not
    --- exit 1
    ");
    // It need not be named.
    disable(1000);
    let silent = TESTS.replace("[large-orders]", "[]");
    env.write("routes/orders.test.yaml", &silent);
    let ran = env.run(["test"]);
    assert_eq!(ran.expect(0).stderr, "3 events: all passed\n");
}

/// A file may hold a whole row; the document in it is held against the schema of events, the row against the columns.
#[test]
fn the_event_of_a_test_may_be_a_whole_row() {
    let env = env("tests: [{name: a row, event: row.json, expect: [paid-orders]}]\n");
    env.write(
        "row.json",
        r#"{"id": "7", "body": "{\"status\": \"paid\"}"}"#,
    );
    env.run(["test"]).expect(0);
    env.write("row.json", r#"{"id": "7", "body": "{\"status\": 5}"}"#);
    let ran = env.run(["test"]);
    let words = "row.json does not match the event schema";
    assert!(ran.expect(1).stderr.contains(words), "{ran}");
    let traced = env.run(["trace", "row.json"]);
    assert!(
        traced.stdout.contains("does not match the event schema"),
        "{traced}"
    );
}

#[test]
fn a_line_that_is_no_text_does_not_hide_the_others() {
    use std::io::Write as _;
    use std::process::Stdio;
    let env = Env::new();
    let mut command = env.command(["trace", "-"]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(b"{\"status\": \"\xff\"}\n\n{\"status\": \"paid\"}\r\n")
        .unwrap();
    drop(stdin);
    let ran = env.ran(child.wait_with_output().unwrap());
    let words = "error: line 1: it is not UTF-8 from byte 13 on";
    assert!(ran.expect(1).stderr.starts_with(words), "{ran}");
    assert!(
        ran.stdout.starts_with("line 3: reaches paid-orders"),
        "{ran}"
    );
}
