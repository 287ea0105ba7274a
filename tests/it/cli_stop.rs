//! `routectl stop` and `resume`, under the emulator's eyes: its ledger knows who read what.

use routectl::api::Statement;

use crate::cli_operator::{LARGE, OURS, fault, new};
use crate::env::Env;

const NEXT: &str = "shop-large-li4b6shpsd-g2";

fn phase(env: &Env, name: &str) -> String {
    let statement = env.get(name);
    statement.map_or("gone".to_owned(), |one: Statement| {
        one.status.phase.to_string()
    })
}

/// Nothing was lost and nothing doubled.
#[track_caller]
fn expect_no_facts(env: &Env) {
    assert_eq!(env.emulator().ledger().unwrap().check(), []);
}

/// A replacement that waits for the statement of `large` to stop.
fn create_successor(env: &Env) {
    let running = env.get(LARGE).unwrap();
    let mut next = new(NEXT, &running.spec.statement, &OURS);
    next.properties = running.spec.properties;
    next.properties.remove("sql.tables.scan.startup.mode");
    let property = "sql.tables.initial-offset-from".to_owned();
    next.properties.insert(property, LARGE.to_owned());
    env.create(next);
    assert_eq!(phase(env, NEXT), "PENDING");
}

/// Offsets depend on the time.
fn without_offsets() -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(partition:\d+,offset:\d+;?)+", "[OFFSETS]");
    settings.bind_to_scope()
}

#[test]
fn a_stopped_route_goes_on_where_it_stopped() {
    let env = Env::new();
    env.apply([]).expect(0);
    let _offsets = without_offsets();
    insta::assert_snapshot!(env.run(["stop", "large", "-tlocal"]), @"
    --- stdout
    - stop      large  it is to stand still; its position is kept
    --- stderr
    error: there is no terminal to ask on; pass `--auto-approve` to go on without asking
    --- exit 1
    ");
    assert_eq!(phase(&env, LARGE), "RUNNING");
    insta::assert_snapshot!(env.run(["stop", "large", "-tlocal", "--auto-approve"]), @"
    --- stdout
    - stop      large  it is to stand still; its position is kept
    stopped  large  `shop-large-li4b6shpsd-g1` is STOPPED at `raw-orders` [OFFSETS] its position is kept
    --- stderr
    `routectl resume large -t local` goes on from there
    --- exit 0
    ");
    insta::assert_snapshot!(env.run(["stop", "large", "-tlocal"]), @"
    --- stdout
    stopped  large  `shop-large-li4b6shpsd-g1` is STOPPED at `raw-orders` [OFFSETS] its position is kept
    --- exit 0
    ");
    env.apply([]).expect(1);
    insta::assert_snapshot!(env.run(["status", "-tlocal"]), @"
    --- stdout
    ROUTE  HEALTH     PHASE    STATEMENT                 WHY
    large  unhealthy  STOPPED  shop-large-li4b6shpsd-g1  the route is enabled; `routectl resume` goes on where it stopped
    paid   ok         RUNNING  shop-paid-xrkjpb4iu5-g1
    --- stderr
    error: 1 of 2 unhealthy
    --- exit 1
    ");
    insta::assert_snapshot!(env.run(["resume", "large", "-tlocal", "--auto-approve"]), @"
    --- stdout
    + resume    large  `shop-large-li4b6shpsd-g1` is STOPPED; goes on where `shop-large-li4b6shpsd-g1` stops
    resumed  large  `shop-large-li4b6shpsd-g2` is RUNNING
    --- exit 0
    ");
    assert_eq!(phase(&env, LARGE), "STOPPED");
    assert_eq!(phase(&env, NEXT), "RUNNING");
    insta::assert_snapshot!(env.run(["resume", "large", "-tlocal"]), @"
    --- stdout
    running  large  `shop-large-li4b6shpsd-g2` is RUNNING
    --- exit 0
    ");
    env.run(["status", "-tlocal"]).expect(0);
    expect_no_facts(&env);
}

#[test]
fn what_would_be_stopped_is_said_to_machines_too() {
    let env = Env::new();
    env.apply([]).expect(0);
    insta::assert_snapshot!(env.run(["stop", "large", "-tlocal", "--dry-run", "-ojson"]), @r#"
    --- stdout
    {
      "format_version": 1,
      "target": "local",
      "success": true,
      "statements": [
        {
          "statement": "shop-large-li4b6shpsd-g1",
          "route": "large",
          "result": "to stop",
          "detail": "its position is kept"
        }
      ]
    }
    --- stderr
    - stop      large  it is to stand still; its position is kept
    nothing was changed
    --- exit 0
    "#);
    assert_eq!(phase(&env, LARGE), "RUNNING");
}

#[test]
fn what_waits_for_its_turn_is_stopped_first() {
    let env = Env::new();
    env.apply([]).expect(0);
    create_successor(&env);
    insta::assert_snapshot!(env.run(["stop", LARGE, "-tlocal", "--auto-approve"]), @"
    --- stderr
    error: `shop-large-li4b6shpsd-g2` waits for `shop-large-li4b6shpsd-g1` to stop and would take over; stop that one first
    --- exit 1
    ");
    env.run(["stop", "large", "-tlocal", "--auto-approve"])
        .expect(0);
    assert_eq!(phase(&env, LARGE), "STOPPED");
    assert_eq!(phase(&env, NEXT), "STOPPED");
    let ledger = env.emulator().ledger().unwrap();
    assert_eq!(ledger.owners("large-orders", "raw-orders"), [LARGE]);
    env.run(["resume", "large", "-tlocal", "--auto-approve"])
        .expect(0);
    assert_eq!(phase(&env, "shop-large-li4b6shpsd-g3"), "RUNNING");
    expect_no_facts(&env);
}

#[test]
fn a_version_that_has_moved_on_is_looked_at_again() {
    let env = Env::new();
    env.apply([]).expect(0);
    fault(&env, "fault=status,status=409,method=PUT,times=2");
    env.run(["stop", "large", "-tlocal", "--auto-approve"])
        .expect(0);
    env.create(new("hand", &env.get(LARGE).unwrap().spec.statement, &OURS));
    fault(&env, "fault=status,status=409,method=PUT,times=2");
    env.run(["stop", "hand", "-tlocal", "--auto-approve"])
        .expect(0);
    assert_eq!(phase(&env, "hand"), "STOPPED");
}

#[test]
fn resume_says_what_is_in_its_way() {
    let env = Env::new();
    let resume = |name: &str| env.run(["resume", name, "-tlocal", "--auto-approve"]);
    env.apply([]).expect(0);
    env.route("large", "{field: amount, greaterThan: 2000}");
    insta::assert_snapshot!(resume("large").stderr, @"error: route `large` was not stopped: `apply` would replace it (the route has changed; goes on where `shop-large-li4b6shpsd-g1` stops)");
    env.run(["stop", "large", "-tlocal", "--auto-approve"])
        .expect(0);
    env.route_with(
        "large",
        "{field: amount, greaterThan: 2000}",
        "enabled: false",
    );
    insta::assert_snapshot!(resume("large").stderr, @"error: route `large` is disabled; say `enabled: true` in its file, then run `routectl apply --resume`");
    env.route("large", "{field: amount, greaterThan: 2000}");
    env.write("routes/paid.yaml", "route: [\n");
    resume("large").expect(1);
    assert_eq!(phase(&env, NEXT), "gone");
    env.route("paid", "{field: status, equals: paid}");
    // With the meaning that it has by now, and it says so.
    insta::assert_snapshot!(resume("large"), @"
    --- stdout
    + resume    large  `shop-large-li4b6shpsd-g1` is STOPPED; goes on where `shop-large-li4b6shpsd-g1` stops
    resumed  large  `shop-large-li4b6shpsd-g2` is RUNNING
    --- stderr
    the route has changed since it was stopped; it goes on as its file says now
    --- exit 0
    ");
    expect_no_facts(&env);
}

#[test]
fn statements_of_other_owners_are_stopped_and_resumed_only_where_they_are_meant() {
    let env = Env::new();
    env.apply([]).expect(0);
    let sql = "INSERT INTO `paid-orders` (`id`) SELECT `id` FROM `y`";
    env.create(new("theirs", sql, &["user.confluent.io/dbt"]));
    let run = |command: &str, more: &[&str]| {
        let arguments = [command, "theirs", "-tlocal", "--auto-approve"];
        env.run(arguments.into_iter().chain(more.iter().copied()))
    };
    insta::assert_snapshot!(run("stop", &[]), @"
    --- stderr
    error: `theirs` is not this project's on target `local`: its labels are `user.confluent.io/dbt`; pass `--all-owners` if you mean it all the same
    --- exit 1
    ");
    run("resume", &[]).expect(1);
    run("delete", &[]).expect(1);
    let _offsets = without_offsets();
    insta::assert_snapshot!(run("stop", &["--all-owners"]), @"
    --- stdout
    - stop (foreign)  `theirs` is RUNNING; its labels are `user.confluent.io/dbt`
    stopped  theirs  `theirs` is STOPPED at `y` [OFFSETS] its position is kept
    --- exit 0
    ");
    insta::assert_snapshot!(run("resume", &["--all-owners"]), @"
    --- stdout
    + resume (foreign)  `theirs` is STOPPED; its labels are `user.confluent.io/dbt`
    resumed  theirs  `theirs` is RUNNING
    --- exit 0
    ");
    insta::assert_snapshot!(run("delete", &["--all-owners"]), @"
    --- stdout
    - `theirs` is RUNNING
      its position is lost; the service shows it only once it is stopped
      its labels are `user.confluent.io/dbt`
    deleted  theirs  `theirs` is gone; topics stay
    --- exit 0
    ");
    assert_eq!(phase(&env, "theirs"), "gone");
    // What another project of routectl has in its hands goes on by its own rules.
    let desk = [OURS[0], "user.confluent.io/routectl-project-desk", OURS[2]];
    env.create(new("desk-x-aaaaaaaaaa-g1", sql, &desk));
    env.stop("desk-x-aaaaaaaaaa-g1");
    let refused = env.run([
        "resume",
        "desk-x-aaaaaaaaaa-g1",
        "-tlocal",
        "--auto-approve",
        "--all-owners",
    ]);
    insta::assert_snapshot!(refused.stderr, @"error: `desk-x-aaaaaaaaaa-g1` is not resumed from here: it belongs to the routectl project `desk` on target `local`; `resume` it there");
    assert_eq!(phase(&env, "desk-x-aaaaaaaaaa-g1"), "STOPPED");
}
