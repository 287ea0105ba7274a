//! `routectl apply` and `plan` against an emulator.

use crate::env::Env;

#[test]
fn regression_10_a_second_apply_writes_nothing() {
    let env = Env::new();
    insta::assert_snapshot!(env.run(["plan", "-tlocal", "--detailed-exitcode"]), @"
    --- stdout
    + create    large  to large-orders, from earliest
    + create    paid   to paid-orders, from earliest

    Plan: 2 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged
    --- exit 2
    ");
    insta::assert_snapshot!(env.apply([]), @"
    --- stdout
    + create    large  to large-orders, from earliest
    + create    paid   to paid-orders, from earliest

    done  large  `shop-large-li4b6shpsd-g1` is RUNNING
    done  paid   `shop-paid-xrkjpb4iu5-g1` is RUNNING

    Plan: 2 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged
    --- exit 0
    ");
    let journal = env.read("journal.jsonl");
    insta::assert_snapshot!(env.apply([]), @"
    --- stdout
    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 2 unchanged
    --- exit 0
    ");
    assert_eq!(env.read("journal.jsonl"), journal);
    let plan = env.run(["plan", "-tlocal", "--detailed-exitcode"]);
    insta::assert_snapshot!(plan, @"
    --- stdout
    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 2 unchanged
    --- exit 0
    ");
}

#[test]
fn regression_2_every_text_arrives_at_the_service_as_it_was_written() {
    let env = Env::new();
    env.remove("routes/paid.yaml");
    env.remove("routes/large.yaml");
    let schema = r#"{"type": "object", "properties": {"note": {"type": "string"}}}"#;
    env.write("schemas/order.json", schema);
    let texts = [
        "two  runs   of spaces",
        "`a backtick",
        "one line\nand another",
        "-- no comment",
        "/* nor this; */",
        "it's; ''quoted''",
        "$(id) ${HOME} \\1 &",
    ];
    for (number, text) in texts.iter().enumerate() {
        let text = serde_json::to_string(text).unwrap();
        env.route(
            &format!("r{number}"),
            &format!("{{field: note, equals: {text}}}"),
        );
    }
    env.run(["compile", "-tlocal"]).expect(0);
    env.apply([]).expect(0);

    let submitted = env.statements();
    assert_eq!(submitted.len(), texts.len());
    for (number, text) in texts.iter().enumerate() {
        let generated = env.read(&format!("generated-sql/local/r{number}.sql"));
        let is_its = |line: &&String| line.contains(&format!("-r{number}-"));
        let line = submitted.iter().find(is_its).unwrap();
        let (name, _) = line.split_once(' ').unwrap();
        let sql = env.get(name).unwrap().spec.statement;
        let literal = format!("'{}'", text.replace('\'', "''"));
        assert!(sql.contains(&literal), "{literal} is not in {sql}");
        assert!(generated.contains(&sql), "{sql} is not what was compiled");
    }
}

#[test]
fn the_sample_project_settles_at_eleven_unchanged() {
    let env = Env::new();
    env.become_the_sample();
    let first = env.apply([]);
    assert_eq!(
        first.last_line(0),
        "Plan: 11 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged"
    );
    let journal = env.read("journal.jsonl");
    assert_eq!(
        env.apply([]).last_line(0),
        "Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 11 unchanged"
    );
    assert_eq!(env.read("journal.jsonl"), journal);
}

#[test]
fn regression_10_a_changed_route_goes_on_where_the_old_one_stops() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.route("large", "{field: amount, greaterThan: 2000}");
    env.route("shipped", "{field: status, equals: shipped}");
    env.run(["plan", "-tlocal", "--detailed-exitcode"])
        .expect(2);
    insta::assert_snapshot!(env.apply([]), @"
    --- stdout
    ~ replace   large    narrowed: the route has changed; goes on where `shop-large-li4b6shpsd-g1` stops
    + create    shipped  to shipped-orders, from earliest

    done  large    `shop-large-li4b6shpsd-g2` is RUNNING
    done  shipped  `shop-shipped-jypxom5wxz-g1` is RUNNING

    Plan: 1 to create, 1 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged
    --- exit 0
    ");
    insta::assert_snapshot!(env.statements().join("\n"), @"
    shop-large-li4b6shpsd-g1 STOPPED
    shop-large-li4b6shpsd-g2 RUNNING
    shop-paid-xrkjpb4iu5-g1 RUNNING
    shop-shipped-jypxom5wxz-g1 RUNNING
    ");
    let begun = env.get("shop-large-li4b6shpsd-g2").unwrap();
    assert_eq!(
        begun.spec.properties["sql.tables.initial-offset-from"],
        "shop-large-li4b6shpsd-g1"
    );
    // Nothing is left to do; what was replaced stays for a while.
    let journal = env.read("journal.jsonl");
    assert!(env.apply([]).last_line(0).contains("3 unchanged"));
    assert_eq!(env.read("journal.jsonl"), journal);
}

#[test]
fn regression_11_a_disabled_route_is_stopped_and_stays_so() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.route_with(
        "large",
        "{field: amount, greaterThan: 1000}",
        "enabled: false",
    );
    insta::assert_snapshot!(env.apply([]), @"
    --- stdout
    - stop      large  the route is disabled; its position is kept

    done  large  `shop-large-li4b6shpsd-g1` is STOPPED; its position is kept

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 1 to stop
    --- exit 0
    ");
    let journal = env.read("journal.jsonl");
    let again = env.apply([]);
    assert!(again.last_line(0).contains("2 unchanged"), "{again}");
    assert_eq!(env.read("journal.jsonl"), journal);
    env.route("large", "{field: amount, greaterThan: 1000}");
    insta::assert_snapshot!(env.apply([]), @"
    --- stdout
    ! blocked   large  `shop-large-li4b6shpsd-g1` is STOPPED: the route was disabled, or somebody stopped it or deleted what had gone on from it

    help for `large`: `apply --resume` goes on where it stopped

    drift: not as it was left
    ! stopped  large  `shop-large-li4b6shpsd-g1`: somebody stopped it, or its route was disabled until now

    refused  large  `shop-large-li4b6shpsd-g1` is STOPPED: the route was disabled, or somebody stopped it or deleted what had gone on from it

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 1 blocked
    --- stderr
    error: 0 of 1 route done, 1 refused
    --- exit 1
    ");
    assert_eq!(env.read("journal.jsonl"), journal);
    insta::assert_snapshot!(env.apply(["--resume"]), @"
    --- stdout
    + resume    large  `shop-large-li4b6shpsd-g1` is STOPPED; goes on where `shop-large-li4b6shpsd-g1` stops

    drift: not as it was left
    ! stopped  large  `shop-large-li4b6shpsd-g1`: somebody stopped it, or its route was disabled until now

    done  large  `shop-large-li4b6shpsd-g2` is RUNNING

    Plan: 0 to create, 0 to replace, 0 to update, 1 to resume, 0 to delete, 1 unchanged
    --- exit 0
    ");
}

#[test]
fn regression_11_14_a_removed_route_is_orphaned_until_it_is_pruned() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.remove("routes/large.yaml");
    let plan = ["plan", "-tlocal", "--detailed-exitcode"];
    insta::assert_snapshot!(env.run(plan), @"
    --- stdout
      orphaned  shop-large-li4b6shpsd-g1  no route of this project has this id any more

    help for `shop-large-li4b6shpsd-g1`: `apply --prune` deletes it with its position; the topic stays

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 1 orphaned
    --- exit 0
    ");
    env.apply([]).expect(0);
    assert_eq!(env.statements().len(), 2);
    env.run(plan.into_iter().chain(["--prune"])).expect(2);
    insta::assert_snapshot!(env.apply(["--prune"]), @"
    --- stdout
    - delete    shop-large-li4b6shpsd-g1  no route of this project has this id any more; its position is lost, the topic stays

    done  shop-large-li4b6shpsd-g1  deleted with its position; the topic stays

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 1 to delete, 1 unchanged
    --- exit 0
    ");
    assert_eq!(env.statements().len(), 1);
    // The table stays: its task would fail if the emulator had forgotten it.
    assert!(
        env.read("journal.jsonl")
            .contains(r#"{"table":{"definition":{"name":"large-orders""#)
    );
}

#[test]
fn regression_12_too_many_deletes_are_refused_before_the_first_write() {
    let env = Env::new();
    for number in 0..6 {
        env.route(&format!("r{number}"), "{field: status, equals: new}");
    }
    env.apply([]).expect(0);
    for number in 0..6 {
        env.remove(&format!("routes/r{number}.yaml"));
    }
    env.route("another", "{field: status, equals: new}");
    let journal = env.journal();
    let refused = env.apply(["--prune"]);
    insta::assert_snapshot!(refused.stderr, @"error: this would delete 6 routes, more than the 5 that are allowed; nothing was changed; if it is meant, pass `--max-deletes 6`");
    refused.expect(1);
    env.apply(["--prune", "--max-deletes", "5"]).expect(1);
    assert_eq!(env.journal(), journal);
    env.apply(["--prune", "--max-deletes", "6"]).expect(0);
    assert_eq!(env.statements().len(), 3);
}

#[test]
fn regression_12_a_broken_route_stops_everything_before_the_first_write() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.run(["compile", "-tlocal"]).expect(0);
    let journal = env.read("journal.jsonl");
    env.write("routes/large.yaml", "route: large\nwhere: [\n");
    env.route("another", "{field: status, equals: new}");
    for arguments in [
        vec!["apply", "-tlocal", "--auto-approve", "--prune"],
        vec!["plan", "-tlocal"],
        vec!["compile", "-tlocal"],
    ] {
        let ran = env.run(arguments);
        ran.expect(1);
        assert!(ran.stderr.contains("routes/large.yaml"), "{ran}");
        assert_eq!(ran.stdout, "", "{ran}");
    }
    assert_eq!(env.read("journal.jsonl"), journal);
    assert!(!env.exists("generated-sql/local/another.sql"));
}

#[test]
fn regression_12_zero_routes_are_an_error() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.remove("routes/large.yaml");
    env.remove("routes/paid.yaml");
    let ran = env.apply(["--prune"]);
    insta::assert_snapshot!(ran, @"
    --- stderr
    error[no-routes]: there are no route files in `routes/`
     --> routectl.yaml:1:1
      |
    1 | project: shop
      | ^ this project
      |
      = help: write one to routes/<name>.yaml

    found 1 error
    --- exit 1
    ");
    env.write("routes/empty.yaml", "# nothing here\n");
    env.apply(["--prune"]).expect(1);
    assert_eq!(env.statements().len(), 2);
}

#[test]
fn regression_3_off_a_terminal_the_missing_flag_is_named() {
    let env = Env::new();
    let ran = env.run(["apply", "-tlocal"]);
    insta::assert_snapshot!(ran, @"
    --- stdout
    + create    large  to large-orders, from earliest
    + create    paid   to paid-orders, from earliest

    --- stderr
    Plan: 2 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged
    error: there is no terminal to ask on; pass `--auto-approve` to go on without asking
    --- exit 1
    ");
    assert!(env.statements().is_empty());
    env.run(["apply", "-tlocal", "--dry-run"]).expect(0);
    assert!(env.statements().is_empty());
}

#[test]
fn regression_6_a_statement_that_fails_right_after_its_creation_is_reported() {
    let mut env = Env::with(|settings| settings.sql = std::sync::Arc::new(Picky));
    // Else its SQL would be checked before anything is created.
    env.set("ROUTECTL_OFFLINE", "true");
    let ran = env.apply([]);
    insta::assert_snapshot!(ran, @"
    --- stdout
    + create    large  to large-orders, from earliest
    + create    paid   to paid-orders, from earliest

    failed  large  `shop-large-li4b6shpsd-g1` is FAILED: SQL parse failed. no such function at line 1; `routectl status` shows more
    done    paid   `shop-paid-xrkjpb4iu5-g1` is RUNNING

    Plan: 2 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged
    --- stderr
    error: 1 of 2 routes done, 1 failed
    --- exit 1
    ");
    // Running it again neither creates it anew nor reports success.
    let journal = env.read("journal.jsonl");
    insta::assert_snapshot!(env.apply([]), @"
    --- stdout
    ! blocked   large  `shop-large-li4b6shpsd-g1` is FAILED: SQL parse failed. no such function at line 1

    help for `large`: nobody knows for certain what it wrote; look at the topic, then pass `--recover large=earliest|latest|TIME`

    drift: not as it was left
    ! failed  large  `shop-large-li4b6shpsd-g1` is FAILED: SQL parse failed. no such function at line 1

    refused  large  `shop-large-li4b6shpsd-g1` is FAILED: SQL parse failed. no such function at line 1

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 1 blocked
    --- stderr
    error: 0 of 1 route done, 1 refused
    --- exit 1
    ");
    assert_eq!(env.read("journal.jsonl"), journal);
}

/// Takes every INSERT but those into `large-orders`.
#[derive(Debug)]
struct Picky;

impl routectl::emulator::SqlReader for Picky {
    fn read(&self, sql: &str) -> Result<routectl::emulator::SqlEffect, String> {
        let insert = sql.contains("INSERT INTO `large-orders`");
        let read = || routectl::emulator::FlinkSql.read(sql);
        if insert {
            Err("no such function\n at line 1".to_owned())
        } else {
            read()
        }
    }
}
