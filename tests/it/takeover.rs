//! `routectl apply` replaces, stops, resumes and renames under the emulator's eyes: its ledger knows who read what.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use routectl::clock::ManualClock;
use routectl::emulator::{FactKind, Rule};

use crate::env::Env;

/// The route that the tests change.
fn change(env: &Env, number: u32) {
    env.route(
        "large",
        &format!("{{field: amount, greaterThan: {number}}}"),
    );
}

/// What the ledger has against everybody: nothing.
#[track_caller]
fn expect_no_facts(env: &Env) {
    let ledger = env.emulator().ledger().unwrap();
    assert_eq!(ledger.check(), []);
}

/// The statements that wrote to the topic of the route, one after the other.
fn owners(env: &Env) -> String {
    let ledger = env.emulator().ledger().unwrap();
    let owners = ledger.owners("large-orders", "raw-orders");
    let generations = owners.iter().filter_map(|name| name.rsplit_once('-'));
    let generations: Vec<_> = generations.map(|(_, generation)| generation).collect();
    generations.join(" ")
}

fn fault(env: &Env, rule: &str) {
    let rule: Rule = rule.parse().unwrap();
    env.emulator().add_fault(rule).unwrap();
}

fn statement(env: &Env, generation: u32) -> Option<routectl::api::Statement> {
    env.get(&format!("shop-large-li4b6shpsd-g{generation}"))
}

#[test]
fn regression_10_a_replacement_loses_and_doubles_nothing() {
    let env = Env::new();
    env.apply([]).expect(0);
    for number in 2..5 {
        change(&env, number);
        env.apply([]).expect(0);
    }
    expect_no_facts(&env);
    assert_eq!(owners(&env), "g1 g2 g3 g4");
}

/// A world in which everything happened an hour ago, so that what is retired need not stay.
fn an_hour_ago() -> Env {
    let then = Timestamp::now() - SignedDuration::from_hours(1);
    Env::with(|settings| settings.clock = Arc::new(ManualClock::new(then)))
}

/// Whatever call is the last one that gets through, running the command again makes it good.
#[test]
fn a_run_that_dies_anywhere_is_made_good_by_the_next() {
    let env = an_hour_ago();
    env.apply([]).expect(0);
    let mut deaths = 0;
    loop {
        change(&env, 2000 + deaths);
        fault(&env, &format!("fault=status,status=403,skip={deaths}"));
        let died = env.apply([]);
        env.emulator().clear_faults().unwrap();
        env.apply([]).expect(0);
        expect_no_facts(&env);
        if died.code == Some(0) {
            break;
        }
        deaths += 1;
        assert!(deaths < 50, "it never gets through: {died}");
    }
    // Two listings; looks before and after two writes.
    assert!(deaths > 8, "{deaths}");
}

/// A call that is carried out without an answer is looked after, and not made twice.
#[test]
fn an_answer_that_is_lost_changes_nothing() {
    for rule in [
        "fault=status,status=500,after_effect=true,times=1,method=POST",
        "fault=status,status=500,times=1,method=POST",
        "fault=drop,after_effect=true,times=1,method=POST",
        "fault=drop,after_effect=true,times=1,method=PUT",
        "fault=drop,times=1,method=PUT",
        "fault=status,status=409,times=3,method=PUT",
        "fault=status,status=503,times=2,method=GET",
    ] {
        let env = Env::new();
        env.apply([]).expect(0);
        change(&env, 2);
        fault(&env, rule);
        let ran = env.apply([]);
        assert_eq!(ran.code, Some(0), "{rule}: {ran}");
        expect_no_facts(&env);
        assert_eq!(owners(&env), "g1 g2", "{rule}");
    }
}

#[test]
fn regression_6_a_replacement_that_fails_leaves_what_runs_alone() {
    let env = Env::new();
    env.apply([]).expect(0);
    change(&env, 2);
    fault(&env, "fault=pool-exhausted,statement=*-g2");
    let waits = env.apply(["--wait-timeout", "1ms"]);
    insta::assert_snapshot!(waits, @"
    --- stdout
    ~ replace   large  widened: the route has changed; goes on where `shop-large-li4b6shpsd-g1` stops

    failed  large  gave up after 0.001 s: `shop-large-li4b6shpsd-g2` is PENDING (the compute pool has no capacity left); it goes on from `shop-large-li4b6shpsd-g1`; run the command again to go on waiting

    Plan: 0 to create, 1 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged
    --- stderr
    error: 0 of 1 route done, 1 failed
    --- exit 1
    ");
    // The next run goes on where this one gave up.
    env.emulator().clear_faults().unwrap();
    env.apply([]).expect(0);
    expect_no_facts(&env);
    assert_eq!(owners(&env), "g1 g2");
}

#[test]
fn a_statement_that_ran_and_failed_needs_a_word_from_the_user() {
    let env = Env::new();
    env.apply([]).expect(0);
    fault(
        &env,
        "fault=fails,statement=*large*-g2,detail=division by zero",
    );
    change(&env, 2);
    let failed = env.apply([]);
    assert_eq!(failed.code, Some(1), "{failed}");
    env.emulator().clear_faults().unwrap();
    insta::assert_snapshot!(env.apply([]), @"
    --- stdout
    ! blocked   large  `shop-large-li4b6shpsd-g2` is FAILED: division by zero

    help for `large`: nobody knows for certain what it wrote; look at the topic, then pass `--recover large=previous|earliest|latest|TIME`

    drift: not as it was left
    ! failed  large  `shop-large-li4b6shpsd-g2` is FAILED: division by zero

    refused  large  `shop-large-li4b6shpsd-g2` is FAILED: division by zero

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 1 blocked
    --- stderr
    error: 0 of 1 route done, 1 refused
    --- exit 1
    ");
    env.apply(["--recover", "large=latest"]).expect(0);
    assert_eq!(owners(&env), "g1 g2 g3");
    // What was said once holds once.
    assert!(env.apply([]).last_line(0).contains("2 unchanged"));
}

#[test]
fn a_disabled_route_goes_on_where_it_stopped() {
    let env = Env::new();
    env.apply([]).expect(0);
    let condition = "{field: amount, greaterThan: 1000}";
    env.route_with("large", condition, "enabled: false");
    env.apply([]).expect(0);
    env.route("large", condition);
    env.apply([]).expect(1);
    insta::assert_snapshot!(env.apply(["--resume"]), @"
    --- stdout
    + resume    large  `shop-large-li4b6shpsd-g1` is STOPPED; goes on where `shop-large-li4b6shpsd-g1` stops

    drift: not as it was left
    ! stopped  large  `shop-large-li4b6shpsd-g1`: somebody stopped it, or its route was disabled until now

    done  large  `shop-large-li4b6shpsd-g2` is RUNNING

    Plan: 0 to create, 0 to replace, 0 to update, 1 to resume, 0 to delete, 1 unchanged
    --- exit 0
    ");
    expect_no_facts(&env);
    assert_eq!(owners(&env), "g1 g2");
}

#[test]
fn a_renamed_route_goes_on_where_the_old_one_stops() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.remove("routes/large.yaml");
    let renamed = |was: &str| {
        format!(
            "route: big\n{was}where: {{field: amount, greaterThan: 1000}}\nto: {{topic: large-orders}}\n"
        )
    };
    env.write("routes/big.yaml", &renamed(""));
    insta::assert_snapshot!(env.apply([]), @"
    --- stdout
    ! blocked   big                       `shop-large-li4b6shpsd-g1`, of a route that is no more, has written to `large-orders` already
      orphaned  shop-large-li4b6shpsd-g1  no route has this id any more; `big` looks like it renamed

    help for `big`: if the route was renamed, list its old name under `was` and it goes on where that stopped; else choose another topic, or pass `--recover big=earliest|latest|TIME`

    refused  big  `shop-large-li4b6shpsd-g1`, of a route that is no more, has written to `large-orders` already

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 1 blocked, 1 orphaned
    --- stderr
    error: 0 of 1 route done, 1 refused
    --- exit 1
    ");
    env.write("routes/big.yaml", &renamed("was: [large]\n"));
    // The comments name the route; the meaning is the same.
    assert!(env.apply([]).last_line(0).contains("2 unchanged"));
    let renamed = env.apply(["--refresh"]);
    assert!(renamed.last_line(0).contains("1 to replace"), "{renamed}");
    expect_no_facts(&env);
    let ledger = env.emulator().ledger().unwrap();
    let owners = ledger.owners("large-orders", "raw-orders");
    assert!(owners[1].starts_with("shop-big-"), "{owners:?}");
    // Nobody mistakes the old statement for an orphan.
    let pruned = env.apply(["--prune"]);
    assert!(pruned.last_line(0).contains("2 unchanged"), "{pruned}");
}

#[test]
fn a_human_who_resumes_what_is_retired_is_reported() {
    let env = Env::new();
    env.apply([]).expect(0);
    change(&env, 2);
    env.apply([]).expect(0);
    let retired = statement(&env, 1).unwrap();
    env.ask(|client| async move { client.set_stopped(&retired, false).await.unwrap() });
    let plan = env.run(["plan", "-tlocal"]);
    assert!(plan.last_line(1).ends_with(", 1 conflict"), "{plan}");
    let reported = env.apply([]);
    assert_eq!(reported.code, Some(1), "{reported}");
    assert!(
        reported
            .stdout
            .contains("is there twice, up to `raw-orders` partition:"),
        "{reported}"
    );
    // From now on all is well.
    assert!(env.apply([]).last_line(0).contains("2 unchanged"));
    assert_eq!(owners(&env), "g1 g2 g1");
    let facts = env.emulator().ledger().unwrap().check();
    assert!(facts.iter().all(|fact| fact.kind == FactKind::Overlap) && !facts.is_empty());
}

#[test]
fn what_is_retired_stays_for_a_while_and_is_deleted_then() {
    let generations = |env: &Env| {
        change(env, 2);
        env.apply([]).expect(0);
        let all = env.statements();
        let large = all.iter().filter(|one| one.contains("-large-"));
        large.cloned().collect::<Vec<_>>().join("\n")
    };
    let now = Env::new();
    now.apply([]).expect(0);
    insta::assert_snapshot!(generations(&now), @"
    shop-large-li4b6shpsd-g1 STOPPED
    shop-large-li4b6shpsd-g2 RUNNING
    ");
    let past = an_hour_ago();
    past.apply([]).expect(0);
    insta::assert_snapshot!(generations(&past), @"shop-large-li4b6shpsd-g2 RUNNING");
}

#[test]
fn machines_follow_line_by_line() {
    let env = Env::new();
    env.apply([]).expect(0);
    change(&env, 2);
    let ran = env.apply(["-ojson"]);
    let types = ran.expect(0).stdout.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let detail = &line["detail"];
        format!("{} {detail}", line["type"].as_str().unwrap())
    });
    let mut types: Vec<String> = types.filter(|line| !line.starts_with("step")).collect();
    types.dedup();
    insta::assert_snapshot!(types.join("\n"), @r#"
    plan null
    route "`shop-large-li4b6shpsd-g2` is RUNNING"
    result null
    "#);
}

/// A stop that loses the position looks like one that came before the statement read anything.
#[test]
fn a_stop_without_a_savepoint_is_no_proof_that_nothing_was_read() {
    let env = Env::new();
    fault(&env, "fault=savepoint-fails,statement=*-g2");
    env.apply([]).expect(0);
    change(&env, 2);
    env.apply([]).expect(0);
    env.stop("shop-large-li4b6shpsd-g2");
    for flags in [&["--resume"][..], &["--resume", "--refresh"]] {
        let ran = env.apply(flags.iter().copied());
        assert_eq!(ran.code, Some(1), "{ran}");
        let words = "shows no position, so it was stopped before it began or its savepoint failed";
        assert!(ran.to_string().contains(words), "{ran}");
    }
    assert_eq!(owners(&env), "g1 g2");
    expect_no_facts(&env);
}

/// Whoever disables a route hears that its place is lost, and enabling it does not begin anew.
#[test]
fn disabling_a_route_says_whether_its_position_is_lost() {
    let env = Env::new();
    fault(&env, "fault=savepoint-fails,statement=*-g1");
    env.apply([]).expect(0);
    let condition = "{field: amount, greaterThan: 1000}";
    env.route_with("large", condition, "enabled: false");
    let disabled = env.apply([]);
    assert_eq!(disabled.code, Some(1), "{disabled}");
    let words = "is STOPPED and shows no position";
    assert!(disabled.to_string().contains(words), "{disabled}");
    env.route("large", condition);
    env.apply(["--resume"]).expect(1);
    assert_eq!(owners(&env), "g1");
    expect_no_facts(&env);
}

/// A plan is made from a list that lags; what is retired is looked at, and what is found there is told.
#[test]
fn what_a_list_hides_of_a_retired_statement_is_told() {
    let env = Env::with(|settings| {
        settings.clock = Arc::new(ManualClock::new(Timestamp::now()));
        settings.behaviour.list_lag_old = SignedDuration::from_mins(1);
    });
    let soon = || {
        let minutes = SignedDuration::from_mins(2);
        env.emulator().move_ahead(minutes).unwrap();
    };
    env.apply([]).expect(0);
    soon();
    change(&env, 2);
    env.apply([]).expect(0);
    soon();
    let retired = statement(&env, 1).unwrap();
    env.ask(|client| async move { client.set_stopped(&retired, false).await.unwrap() });
    let ran = env.apply([]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(
        ran.to_string().contains("events are written twice"),
        "{ran}"
    );
}

/// The service may give SQL back in other words than it was sent in.
#[test]
fn a_service_that_rewrites_names_changes_nothing() {
    let env = Env::with(|settings| settings.behaviour.rewrites_sql = true);
    fault(
        &env,
        "fault=drop,after_effect=true,times=1,method=POST,skip=3",
    );
    env.apply([]).expect(0);
    let shown = statement(&env, 1).unwrap().spec.statement;
    assert!(
        shown.contains("FROM `emulator`.`emulator`.`raw-orders`"),
        "{shown}"
    );
    for number in 2..4 {
        change(&env, number);
        env.apply(["--run-id", "4711"]).expect(0);
        env.apply([]).expect(0);
    }
    assert_eq!(owners(&env), "g1 g2 g3");
    expect_no_facts(&env);
}
