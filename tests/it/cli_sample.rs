//! `sample` through the binary: what it makes is valid, covers the conditions, and feeds the other commands.

use std::process::Stdio;

use serde_json::Value;

use crate::env::{Env, Ran};

const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "kind": {"enum": ["order", "return", "note"]},
    "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
    "text": {"type": "string"},
    "other": {"type": ["string", "null"]},
    "amount": {"type": "number", "minimum": 0, "multipleOf": 0.01},
    "limit": {"type": "number"},
    "count": {"type": ["integer", "null"]},
    "paid": {"type": "boolean"},
    "at": {"type": "string", "format": "date-time"},
    "until": {"type": "string", "format": "date-time"},
    "epoch": {"type": "integer"},
    "place": {"type": "object", "properties": {"city": {"type": "string"}}},
    "lines": {
      "type": "array", "maxItems": 3,
      "items": {"type": "object", "properties": {"sku": {"type": "string"}, "units": {"type": "integer"}}}
    }
  },
  "required": ["kind", "code"],
  "additionalProperties": false,
  "allOf": [{
    "if": {"properties": {"kind": {"const": "note"}}, "required": ["kind"]},
    "then": {"required": ["text"]},
    "else": {"required": ["amount"]}
  }]
}
"#;

/// A condition with each operator, and with each way to combine them.
const CONDITIONS: &[(&str, &str)] = &[
    ("equals", "{field: kind, equals: order}"),
    ("not-equals", "{field: text, notEquals: a}"),
    ("in", "{field: text, in: [a, b]}"),
    ("not-in", "{field: count, notIn: [1, 2]}"),
    ("greater", "{field: amount, greaterThan: 100000}"),
    ("at-least", "{field: limit, greaterThanOrEqual: -0.5}"),
    ("less", "{field: at, lessThan: 2025-01-20T13:30:00Z}"),
    ("at-most", "{field: count, lessThanOrEqual: 7}"),
    ("between", "{field: amount, between: [20000, 100000]}"),
    ("matches", "{field: text, matches: '^x[0-9]{2,}y$'}"),
    ("matches-code", "{field: code, matches: '^A'}"),
    ("like", "{field: text, like: 'a!%_c%'}"),
    ("starts", "{field: text, startsWith: begin}"),
    ("ends", "{field: text, endsWith: end}"),
    ("contains", "{field: other, contains: mid}"),
    ("recent", "{field: at, withinLast: 24h}"),
    (
        "office",
        "{field: at, timeOfDay: {from: '09:00', to: '17:00', zone: America/New_York}}",
    ),
    ("no-other", "{field: other, isNull: true}"),
    ("present", "{field: place, isNotNull: true}"),
    ("paid-up", "{field: paid, equals: true}"),
    ("two-fields", "{field: at, lessThan: {field: until}}"),
    (
        "two-forms",
        "{field: at, greaterThan: {field: epoch, as: epoch-millis}}",
    ),
    (
        "epoch",
        "{field: epoch, as: epoch-millis, greaterThan: 2025-01-20T13:30:00Z}",
    ),
    (
        "number-in-text",
        "{field: text, as: number, greaterThan: 5}",
    ),
    ("some", "{field: 'lines[*].sku', equals: A}"),
    (
        "element",
        "{anyElement: {in: lines, where: [{field: sku, equals: A}, {field: units, greaterThan: 2}]}}",
    ),
    (
        "combined",
        "{all: [{field: kind, in: [order, return]}, {any: [{field: amount, greaterThan: 10}, {field: paid, equals: true}]}, \
         {not: {any: [{field: text, equals: a}, {field: amount, equals: 50}]}}]}",
    ),
];

fn shop() -> Env {
    let env = Env::new();
    env.write("schemas/order.json", SCHEMA);
    env.remove("routes/paid.yaml");
    env.remove("routes/large.yaml");
    for (name, condition) in CONDITIONS {
        env.route(name, condition);
    }
    env
}

fn described(ran: &Ran) -> Vec<Value> {
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["format_version"], 1);
    document["events"].as_array().unwrap().clone()
}

#[test]
fn every_condition_is_covered_and_every_event_is_valid() {
    let env = shop();
    let ran = env.run(["sample", "-o", "json", "--now", "2025-06-01T12:00:00Z"]);
    let events = described(ran.expect(0));
    assert!(!ran.stderr.contains("no event makes"), "{ran}");
    for (name, _) in CONDITIONS {
        let of_route = || events.iter().filter(|event| event["route"] == *name);
        let reached = of_route().filter(|event| event["topics"] != serde_json::json!([]));
        assert!(reached.count() > 0, "nothing reaches {name}");
        assert!(
            of_route().any(|event| event["topics"] == serde_json::json!([])),
            "all reach {name}"
        );
    }
    let texts: Vec<String> = events
        .iter()
        .map(|event| event["event"].to_string())
        .collect();
    for border in [
        r#""amount":100000.01"#,
        r#""amount":99999.99"#,
        "2025-01-20T13:29:59.999999999Z",
        "2025-01-20T19:15:00+05:45",
        r#""2025-05-31T12:00:00Z""#,
        r#""limit":-0.5000000001"#,
    ] {
        assert!(
            texts.iter().any(|text| text.contains(border)),
            "{border} is nowhere"
        );
    }
    let written = env.run(["sample", "--out", "made"]);
    assert!(written.expect(0).stdout.is_empty());
    env.run(["validate", "made"]).expect(0);
    env.run(["trace", "made"]).expect(0);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_fewer_events_are_the_first_ones() {
    let env = shop();
    let lines = |arguments: &[&str]| {
        env.run(["sample"].into_iter().chain(arguments.iter().copied()))
            .expect(0)
            .stdout
            .clone()
    };
    assert_eq!(lines(&[]), lines(&["--seed", "0"]));
    assert_ne!(lines(&["--plain"]), lines(&["--plain", "--seed", "1"]));
    assert_eq!(lines(&["--plain"]).lines().count(), 10);
    let (few, many) = (
        lines(&["--plain", "--count", "3"]),
        lines(&["--plain", "--count", "2000"]),
    );
    assert_eq!(many.lines().count(), 2_000);
    assert!(many.starts_with(&few));
    let (few, many) = (lines(&["--count", "30"]), lines(&["--count", "2000"]));
    assert_eq!((few.lines().count(), many.lines().count()), (30, 2_000));
    assert!(many.starts_with(&few));
}

#[test]
fn types_and_wishes_are_held() {
    let env = shop();
    let ran = env.run([
        "sample",
        "--route",
        "greater",
        "--type",
        "return",
        "--where",
        "text=\"null\"",
        "--where",
        "paid=false",
    ]);
    let events: Vec<Value> = ran
        .expect(0)
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(events.len() > 3);
    for event in &events {
        assert_eq!(
            (&event["kind"], &event["text"], &event["paid"]),
            (&"return".into(), &"null".into(), &false.into())
        );
    }
    let kinds = env
        .run(["sample", "--plain", "--count", "3"])
        .expect(0)
        .stdout
        .clone();
    for kind in ["order", "return", "note"] {
        assert!(kinds.contains(&format!(r#""kind":"{kind}""#)), "{kinds}");
    }
    for (arguments, message) in [
        (
            ["--type", "ordr"],
            "`ordr` is no value of `kind`; did you mean `order`?",
        ),
        (
            ["--where", "kind=ordr"],
            r#""ordr" can never occur; possible: "note", "order", "return""#,
        ),
        (
            ["--where", "amont=1"],
            "the schema does not know `amont`; did you mean `amount`?",
        ),
        (["--where", "amount=a"], "`amount`: `a` is not a number"),
        (["--where", "kind=missing"], "no event is possible"),
        (["--where", "kind"], "has no `=`"),
        (["--route", "lss"], "has no route `lss`"),
    ] {
        let ran = env.run(["sample"].into_iter().chain(arguments));
        assert!(ran.expect(1).stderr.contains(message), "{ran}");
    }
}

#[test]
fn a_schema_without_events_is_an_error_with_its_place() {
    let env = shop();
    let broken = SCHEMA.replace(r#""minimum": 0,"#, r#""minimum": 5, "maximum": 4,"#);
    env.write("schemas/order.json", &broken);
    for about_amounts in ["between", "combined", "greater"] {
        env.remove(&format!("routes/{about_amounts}.yaml"));
    }
    let ran = env.run(["sample", "--plain", "--type", "order"]);
    insta::assert_snapshot!(ran.expect(1), @r#"
    --- stderr
    error[schema-invalid]: no event satisfies the schema: no value is possible for `amount`: no number satisfies the schema
     --> schemas/order.json:9:15
      |
    9 |     "amount": {"type": "number", "minimum": 5, "maximum": 4, "multipleOf": 0.01},
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ cannot be satisfied
      |
      = help: ask for less with `--type` and `--where`, or correct the schema at that place

    found 1 error
    0 events
    --- exit 1
    "#);
}

#[test]
fn hostile_events_do_no_harm_and_files_are_not_overwritten() {
    let env = shop();
    let hostile = env
        .run(["sample", "--hostile", "--count", "300"])
        .expect(0)
        .stdout
        .clone();
    assert_eq!(hostile.lines().count(), 300);
    let mut trace = env.command(["trace", "-", "--now", "2025-06-01T12:00:00Z"]);
    let mut child = trace
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer =
        std::thread::spawn(move || std::io::Write::write_all(&mut stdin, hostile.as_bytes()));
    let traced = env.ran(child.wait_with_output().unwrap());
    writer.join().unwrap().unwrap();
    assert!(traced.code == Some(0) || traced.code == Some(1), "{traced}");
    assert!(!traced.stderr.contains("panicked"), "{traced}");

    let hostile = ["sample", "--hostile", "--out", "hostile"];
    let first = env.run(hostile);
    assert!(
        first.expect(0).stderr.contains("80 written, 0 unchanged"),
        "{first}"
    );
    let again = env.run(hostile);
    assert!(
        again.expect(0).stderr.contains("0 written, 80 unchanged"),
        "{again}"
    );
    env.write("hostile/no-json.json", "mine");
    let refused = env.run(hostile);
    assert!(
        refused
            .expect(1)
            .stderr
            .contains("no-json.json` is there already with other contents"),
        "{refused}"
    );
    assert_eq!(env.read("hostile/no-json.json"), "mine");
}

#[test]
fn the_topic_of_a_disabled_route_is_not_reached() {
    let env = Env::new();
    env.route_with("paid", "{field: status, equals: paid}", "enabled: false");
    let ran = env.run(["sample", "-o", "json"]);
    let events = described(ran.expect(0));
    let topics = |route: &str| {
        let of_route = events.iter().filter(|event| event["route"] == route);
        of_route
            .flat_map(|event| event["topics"].as_array().unwrap())
            .count()
    };
    assert!(events.iter().any(|event| event["route"] == "paid"), "{ran}");
    assert_eq!(topics("paid"), 0, "{ran}");
    assert!(topics("large") > 0, "{ran}");
}
