//! `routectl list`, `status`, `exceptions`, `delete-failed` and `cleanup` on a target where everything has gone wrong
//! that can.

use routectl::api::NewStatement;
use routectl::emulator::Rule;

use crate::env::Env;

pub(crate) const LARGE: &str = "shop-large-li4b6shpsd-g1";
pub(crate) const OURS: [&str; 3] = [
    "user.confluent.io/routectl",
    "user.confluent.io/routectl-project-shop",
    "user.confluent.io/routectl-target-local",
];

/// A statement with these labels.
pub(crate) fn new(name: &str, sql: &str, labels: &[&str]) -> NewStatement {
    NewStatement {
        name: name.to_owned(),
        sql: sql.to_owned(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        ..NewStatement::default()
    }
}

pub(crate) fn fault(env: &Env, rule: &str) {
    let rule: Rule = rule.parse().unwrap();
    env.emulator().add_fault(rule).unwrap();
}

/// Times differ from run to run.
pub(crate) fn without_times() -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "[TIME]");
    settings.bind_to_scope()
}

/// One statement of each kind: FAILED, COMPLETED, STOPPED, DEGRADED, RUNNING, missing, orphaned, by another hand, and of
/// other owners.
fn mess() -> Env {
    let env = Env::new();
    for route in ["late", "shipped", "paused"] {
        env.route(route, "{field: status, equals: shipped}");
    }
    env.apply([]).expect(0);
    env.route_with(
        "paused",
        "{field: status, equals: shipped}",
        "enabled: false",
    );
    env.apply([]).expect(0);
    env.route("missing", "{field: status, equals: new}");
    fault(
        &env,
        "fault=fails,statement=shop-large-*,detail=no more memory",
    );
    fault(&env, "fault=degrades,statement=shop-late-*");
    let all = env.statements();
    let shipped = all.iter().find(|one| one.contains("-shipped-")).unwrap();
    env.stop(shipped.split(' ').next().unwrap());
    let table = "CREATE TABLE `t` (`id` STRING)";
    env.create(new("shop-gone-aaaaaaaaaa-g1", table, &OURS));
    let task = [&OURS[..], &["user.confluent.io/routectl-task"]].concat();
    env.create(new("shop-left-behind-t", "NO SQL", &task));
    env.create(new("shop-made-by-hand", "NO SQL", &OURS));
    env.create(new("dbt-orders", "NO SQL", &["user.confluent.io/dbt"]));
    let theirs = [OURS[0], "user.confluent.io/routectl-project-desk", OURS[2]];
    env.create(new("desk-x-aaaaaaaaaa-g1", "NO SQL", &theirs));
    env
}

#[test]
fn regression_17_list_shows_every_kind_of_statement() {
    let env = mess();
    let _times = without_times();
    insta::assert_snapshot!(env.run(["list", "-tlocal"]), @"
    --- stdout
    ROUTE           PHASE      CREATED               STATEMENT                   DETAIL
    (orphaned)      COMPLETED  [TIME]  shop-gone-aaaaaaaaaa-g1
    large           FAILED     [TIME]  shop-large-li4b6shpsd-g1    no more memory
    late            DEGRADED   [TIME]  shop-late-gm2bgogkjn-g1
    (table)         FAILED     [TIME]  shop-left-behind-t          SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET o...
    (unrecognized)  FAILED     [TIME]  shop-made-by-hand           SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET o...
    paid            RUNNING    [TIME]  shop-paid-xrkjpb4iu5-g1
    paused          STOPPED    [TIME]  shop-paused-rabl2hsa4y-g1
    shipped         STOPPED    [TIME]  shop-shipped-jypxom5wxz-g1
    --- exit 0
    ");
    insta::assert_snapshot!(env.run(["list", "-tlocal", "--all-owners"]), @"
    --- stdout
    ROUTE           PHASE      CREATED               STATEMENT                   DETAIL
    (foreign)       FAILED     [TIME]  dbt-orders                  its labels are `user.confluent.io/dbt`; SQL parse failed. ex...
    (foreign)       FAILED     [TIME]  desk-x-aaaaaaaaaa-g1        it belongs to the routectl project `desk` on target `local`;...
    (orphaned)      COMPLETED  [TIME]  shop-gone-aaaaaaaaaa-g1
    large           FAILED     [TIME]  shop-large-li4b6shpsd-g1    no more memory
    late            DEGRADED   [TIME]  shop-late-gm2bgogkjn-g1
    (table)         FAILED     [TIME]  shop-left-behind-t          SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET o...
    (unrecognized)  FAILED     [TIME]  shop-made-by-hand           SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET o...
    paid            RUNNING    [TIME]  shop-paid-xrkjpb4iu5-g1
    paused          STOPPED    [TIME]  shop-paused-rabl2hsa4y-g1
    shipped         STOPPED    [TIME]  shop-shipped-jypxom5wxz-g1
    --- exit 0
    ");
}

#[test]
fn regression_17_status_judges_every_route() {
    let env = mess();
    insta::assert_snapshot!(env.run(["status", "-tlocal"]), @"
    --- stdout
    ROUTE           HEALTH     PHASE      STATEMENT                   WHY
    large           unhealthy  FAILED     shop-large-li4b6shpsd-g1    no more memory
    late            unhealthy  DEGRADED   shop-late-gm2bgogkjn-g1
    missing         unhealthy  -          -                           not deployed; `routectl plan` says what `apply` would do
    paid            ok         RUNNING    shop-paid-xrkjpb4iu5-g1
    paused          ok         STOPPED    shop-paused-rabl2hsa4y-g1   disabled; its position is kept
    shipped         unhealthy  STOPPED    shop-shipped-jypxom5wxz-g1  the route is enabled; `routectl resume` goes on where it stopped
    (orphaned)      unhealthy  COMPLETED  shop-gone-aaaaaaaaaa-g1
    (table)         unhealthy  FAILED     shop-left-behind-t          SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    (unrecognized)  unhealthy  FAILED     shop-made-by-hand           SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    --- stderr
    error: 7 of 9 unhealthy
    --- exit 1
    ");
    let json = env.run(["status", "-tlocal", "-ojson"]);
    let json: serde_json::Value = serde_json::from_str(&json.expect(1).stdout).unwrap();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["healthy"], false);
    assert_eq!(json["complete"], true);
    insta::assert_json_snapshot!(json["routes"][0], @r#"
    {
      "kind": "route",
      "route": "large",
      "topic": "large-orders",
      "enabled": true,
      "statement": "shop-large-li4b6shpsd-g1",
      "phase": "FAILED",
      "healthy": false,
      "why": "no more memory"
    }
    "#);
}

#[test]
fn regression_17_status_of_a_sound_project_is_success() {
    let env = Env::new();
    env.apply([]).expect(0);
    insta::assert_snapshot!(env.run(["status", "-tlocal"]), @"
    --- stdout
    ROUTE  HEALTH  PHASE    STATEMENT                 WHY
    large  ok      RUNNING  shop-large-li4b6shpsd-g1
    paid   ok      RUNNING  shop-paid-xrkjpb4iu5-g1
    --- stderr
    2 routes healthy
    --- exit 0
    ");
}

#[test]
fn regression_6_a_statement_that_stays_pending_is_unhealthy() {
    let env = Env::new();
    env.apply([]).expect(0);
    let mut waiting = env.get(LARGE).unwrap();
    waiting.spec.properties.insert(
        "sql.tables.initial-offset-from".to_owned(),
        LARGE.to_owned(),
    );
    let mut next = new("shop-large-li4b6shpsd-g2", &waiting.spec.statement, &OURS);
    next.properties = waiting.spec.properties;
    next.properties.remove("sql.tables.scan.startup.mode");
    env.create(next);
    let status = |settle: &str| env.run(["status", "-tlocal", "--pending-for", settle]);
    status("1h").expect(0);
    let unhealthy = status("0s");
    unhealthy.expect(1);
    assert!(
        unhealthy.stdout.contains("Statement is currently pending"),
        "{unhealthy}"
    );
}

#[test]
fn exceptions_are_shown_with_their_time_or_else_the_statements_words() {
    let env = mess();
    let _times = without_times();
    insta::assert_snapshot!(env.run(["exceptions", "large", "-tlocal"]), @"
    --- stdout
    [TIME] org.apache.flink.table.api.ValidationException: no more memory
    --- exit 0
    ");
    insta::assert_snapshot!(env.run(["exceptions", "late", "-tlocal"]), @"
    --- stderr
    the service has no exceptions of `shop-late-gm2bgogkjn-g1`
    --- exit 0
    ");
    insta::assert_snapshot!(env.run(["exceptions", "dbt-orders", "-tlocal"]), @"
    --- stderr
    error: `dbt-orders` is not this project's on target `local`: its labels are `user.confluent.io/dbt`; pass `--all-owners` if you mean it all the same
    --- exit 1
    ");
    insta::assert_snapshot!(env.run(["exceptions", "dbt-orders", "-tlocal", "--all-owners"]), @"
    --- stdout
    [TIME] org.apache.flink.table.api.ValidationException: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    --- exit 0
    ");
    insta::assert_snapshot!(env.run(["exceptions", "shop-nothing", "-tlocal"]), @"
    --- stderr
    error: the project has no route or statement `shop-nothing` on target `local`; possible: `large`, `late`, `missing`, `paid`, `paused`, `shipped`, `shop-gone-aaaaaaaaaa-g1`, `shop-late-gm2bgogkjn-g1`, `shop-shipped-jypxom5wxz-g1`, `shop-large-li4b6shpsd-g1`, `shop-paused-rabl2hsa4y-g1`, `shop-paid-xrkjpb4iu5-g1`, ...
    --- exit 1
    ");
    let json = env.run(["exceptions", "large", "-tlocal", "-ojson"]);
    insta::assert_snapshot!(json.expect(0), @r#"
    --- stdout
    {
      "format_version": 1,
      "target": "local",
      "statement": "shop-large-li4b6shpsd-g1",
      "phase": "FAILED",
      "detail": "no more memory",
      "exceptions": [
        {
          "name": "org.apache.flink.table.api.ValidationException",
          "message": "no more memory",
          "timestamp": "[TIME]"
        }
      ]
    }
    --- exit 0
    "#);
}

#[test]
fn regression_15_delete_failed_takes_what_nobody_needs() {
    let env = mess();
    let _times = without_times();
    insta::assert_snapshot!(env.run(["delete-failed", "-tlocal"]), @"
    --- stdout
    - (table)  `shop-left-behind-t` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    - (unrecognized)  `shop-made-by-hand` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    --- stderr
    to get a failed route going, pass `--recover` to `routectl apply`, which says how; `routectl delete NAME --force` deletes what is kept
    error: there is no terminal to ask on; pass `--auto-approve` to go on without asking
    --- exit 1
    ");
    let before = env.statements().len();
    insta::assert_snapshot!(env.run(["delete-failed", "-tlocal", "--auto-approve"]), @"
    --- stdout
    - (table)  `shop-left-behind-t` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    - (unrecognized)  `shop-made-by-hand` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    kept     large               `shop-large-li4b6shpsd-g1` stays: it says how far route `large` is
    deleted  shop-left-behind-t  `shop-left-behind-t` is gone
    deleted  shop-made-by-hand   `shop-made-by-hand` is gone
    --- stderr
    to get a failed route going, pass `--recover` to `routectl apply`, which says how; `routectl delete NAME --force` deletes what is kept
    deleted 2 of 2 statements
    --- exit 0
    ");
    assert_eq!(env.statements().len(), before - 2);
    insta::assert_snapshot!(env.run(["delete-failed", "-tlocal", "--auto-approve"]), @"
    --- stdout
    kept  large  `shop-large-li4b6shpsd-g1` stays: it says how far route `large` is
    --- stderr
    to get a failed route going, pass `--recover` to `routectl apply`, which says how; `routectl delete NAME --force` deletes what is kept
    nothing to delete: no statement of `shop` on `local` failed that may go
    --- exit 0
    ");
}

#[test]
fn regression_15_delete_failed_says_to_machines_what_it_would_do() {
    let env = mess();
    insta::assert_snapshot!(env.run(["delete-failed", "-tlocal", "--dry-run", "-ojson"]), @r#"
    --- stdout
    {
      "format_version": 1,
      "target": "local",
      "success": true,
      "statements": [
        {
          "statement": "shop-large-li4b6shpsd-g1",
          "route": "large",
          "result": "kept",
          "detail": "`shop-large-li4b6shpsd-g1` stays: it says how far route `large` is"
        },
        {
          "statement": "shop-left-behind-t",
          "route": null,
          "result": "to delete",
          "detail": "`shop-left-behind-t` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)"
        },
        {
          "statement": "shop-made-by-hand",
          "route": null,
          "result": "to delete",
          "detail": "`shop-made-by-hand` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)"
        }
      ]
    }
    --- stderr
    to get a failed route going, pass `--recover` to `routectl apply`, which says how; `routectl delete NAME --force` deletes what is kept
    - (table)  `shop-left-behind-t` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    - (unrecognized)  `shop-made-by-hand` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    nothing was changed
    --- exit 0
    "#);
}

#[test]
fn regression_15_cleanup_leaves_other_owners_alone_unless_they_are_meant() {
    let env = mess();
    let _times = without_times();
    env.run(["cleanup", "-tlocal", "--auto-approve"]).expect(0);
    let left = env.statements();
    insta::assert_snapshot!(left.join("\n"), @"
    dbt-orders FAILED
    desk-x-aaaaaaaaaa-g1 FAILED
    shop-large-li4b6shpsd-g1 FAILED
    shop-late-gm2bgogkjn-g1 DEGRADED
    shop-paid-xrkjpb4iu5-g1 RUNNING
    shop-paused-rabl2hsa4y-g1 STOPPED
    shop-shipped-jypxom5wxz-g1 STOPPED
    ");
    insta::assert_snapshot!(env.run(["cleanup", "-tlocal", "--auto-approve", "--all-owners"]), @"
    --- stdout
    - (foreign)  `dbt-orders` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
      its labels are `user.confluent.io/dbt`
    kept     desk-x-aaaaaaaaaa-g1  `desk-x-aaaaaaaaaa-g1` stays: it belongs to the routectl project `desk` on target `local`, where a route may go on from its position
    kept     large                 `shop-large-li4b6shpsd-g1` stays: it says how far route `large` is
    deleted  dbt-orders            `dbt-orders` is gone
    --- stderr
    to get a failed route going, pass `--recover` to `routectl apply`, which says how; `routectl delete NAME --force` deletes what is kept
    deleted 1 of 1 statement
    --- exit 0
    ");
    assert_eq!(env.statements().len(), left.len() - 1);
}

#[test]
fn regression_16_a_deletion_that_fails_is_reported_and_can_be_repeated() {
    let env = mess();
    fault(
        &env,
        "fault=status,status=403,method=DELETE,statement=shop-left-*,times=1",
    );
    let part = env.run(["delete-failed", "-tlocal", "--auto-approve"]);
    let part = part.to_string();
    assert!(
        part.contains("deleted 1 of 2 statements; run the command again"),
        "{part}"
    );
    assert!(part.contains("DELETE [EMULATOR]/sql/v1/"), "{part}");
    assert!(part.ends_with("exit 1"), "{part}");
    let rest = env.run(["delete-failed", "-tlocal", "--auto-approve"]);
    assert!(
        rest.expect(0).stderr.contains("deleted 1 of 1 statement"),
        "{rest}"
    );
}

#[test]
fn regression_15_what_went_wrong_must_be_readable_before_it_is_deleted() {
    let env = mess();
    fault(
        &env,
        "fault=status,status=403,path=exceptions,statement=shop-left-*",
    );
    let ran = env.run(["cleanup", "-tlocal", "--auto-approve"]);
    assert!(ran.expect(1).stdout.contains("cannot be read"), "{ran}");
    assert!(env.get("shop-left-behind-t").is_some());
    assert!(env.get("shop-made-by-hand").is_none());
}

#[test]
fn regression_12_a_broken_route_makes_nothing_an_orphan() {
    let env = mess();
    env.write("routes/late.yaml", "route: late\nwhere: [\n");
    let late = env.statements();
    let late = late.iter().find(|one| one.contains("-late-")).unwrap();
    let late = late.split(' ').next().unwrap();
    let _times = without_times();
    insta::assert_snapshot!(env.run(["status", "-tlocal"]), @"
    --- stdout
    ROUTE           HEALTH     PHASE      STATEMENT                   WHY
    large           unhealthy  FAILED     shop-large-li4b6shpsd-g1    no more memory
    missing         unhealthy  -          -                           not deployed; `routectl plan` says what `apply` would do
    paid            ok         RUNNING    shop-paid-xrkjpb4iu5-g1
    paused          ok         STOPPED    shop-paused-rabl2hsa4y-g1   disabled; its position is kept
    shipped         unhealthy  STOPPED    shop-shipped-jypxom5wxz-g1  the route is enabled; `routectl resume` goes on where it stopped
    (unknown)       unhealthy  COMPLETED  shop-gone-aaaaaaaaaa-g1
    (unknown)       unhealthy  DEGRADED   shop-late-gm2bgogkjn-g1
    (table)         unhealthy  FAILED     shop-left-behind-t          SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    (unrecognized)  unhealthy  FAILED     shop-made-by-hand           SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    --- stderr
    warning: routes/late.yaml:3:1: this is not valid YAML: while parsing a node, did not find expected node content
    warning: `routectl validate` shows all; until they are mended, a statement of no known route is not taken for orphaned
    error: 7 of 9 unhealthy
    --- exit 1
    ");
    env.run(["list", "-tlocal"]).expect(0);
    env.run(["exceptions", "large", "-tlocal"]).expect(0);
    // The head of what may be a route stays, though no route that can be read has its id.
    insta::assert_snapshot!(env.run(["cleanup", "-tlocal", "--auto-approve"]), @"
    --- stdout
    - (table)  `shop-left-behind-t` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    - (unrecognized)  `shop-made-by-hand` is FAILED: SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: NO (line 1, column 1)
    kept     shop-gone-aaaaaaaaaa-g1  `shop-gone-aaaaaaaaaa-g1` stays: a route may go on from its position: not every route file can be read
    kept     large                    `shop-large-li4b6shpsd-g1` stays: it says how far route `large` is
    deleted  shop-left-behind-t       `shop-left-behind-t` is gone
    deleted  shop-made-by-hand        `shop-made-by-hand` is gone
    --- stderr
    warning: routes/late.yaml:3:1: this is not valid YAML: while parsing a node, did not find expected node content
    warning: `routectl validate` shows all; until they are mended, a statement of no known route is not taken for orphaned
    to get a failed route going, pass `--recover` to `routectl apply`, which says how; `routectl delete NAME --force` deletes what is kept
    deleted 2 of 2 statements
    --- exit 0
    ");
    insta::assert_snapshot!(env.run(["delete", late, "-tlocal", "--auto-approve"]), @"
    --- stderr
    warning: routes/late.yaml:3:1: this is not valid YAML: while parsing a node, did not find expected node content
    warning: `routectl validate` shows all; until they are mended, a statement of no known route is not taken for orphaned
    error: `shop-late-gm2bgogkjn-g1` is not deleted: a route may go on from its position: not every route file can be read; pass `--force` to delete it and its position all the same
    --- exit 1
    ");
    let stopped = env.run(["stop", late, "-tlocal", "--auto-approve"]);
    stopped.expect(0);
    assert_eq!(env.get(late).unwrap().status.phase.as_str(), "STOPPED");
    env.run(["resume", late, "-tlocal", "--auto-approve"])
        .expect(1);
    env.run(["stop", "paid", "-tlocal", "--auto-approve"])
        .expect(0);
}

#[cfg(unix)]
#[test]
fn regression_3_on_a_terminal_it_asks_and_takes_no_for_an_answer() {
    use crate::terminal::run_on_terminal;
    let env = mess();
    let before = env.statements();
    let command = ["delete-failed", "-tlocal", "--color", "never"];
    let no = run_on_terminal(&env, env.command(command), "n\n");
    assert!(
        no.expect(1)
            .stdout
            .contains("Delete 2 statements on `local`? [y/N]"),
        "{no}"
    );
    assert!(no.stdout.contains("nothing was changed"), "{no}");
    assert_eq!(env.statements(), before);
    let yes = run_on_terminal(&env, env.command(command), "y\n");
    assert!(
        yes.expect(0).stdout.contains("deleted 2 of 2 statements"),
        "{yes}"
    );
    assert_eq!(env.statements().len(), before.len() - 2);
}
