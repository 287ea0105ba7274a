//! `plan --out` and `apply PLAN`.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use routectl::clock::ManualClock;

use crate::env::{Env, Ran};

fn change(env: &Env, number: u32) {
    env.route(
        "large",
        &format!("{{field: amount, greaterThan: {number}}}"),
    );
}

fn save(env: &Env) {
    let saved = env.run(["plan", "-tlocal", "--out", "plan.json"]);
    assert_eq!(
        saved.expect(0).stderr,
        "plan.json: written; `routectl apply plan.json` does what it says\n"
    );
}

/// Applies the saved plan without being asked.
fn apply<'a>(env: &Env, more: impl IntoIterator<Item = &'a str>) -> Ran {
    let arguments = ["apply", "plan.json", "--auto-approve"];
    env.run(arguments.into_iter().chain(more))
}

#[track_caller]
fn expect_no_facts(env: &Env) {
    assert_eq!(env.emulator().ledger().unwrap().check(), []);
}

/// Applies the saved plan, which must end before it writes anything.
#[track_caller]
fn refused<'a>(env: &Env, more: impl IntoIterator<Item = &'a str>) -> String {
    let journal = env.journal();
    let ran = apply(env, more);
    assert_eq!(ran.expect(1).stdout, "", "{ran}");
    assert_eq!(env.journal(), journal, "{ran}");
    ran.stderr
}

#[test]
fn what_was_reviewed_is_what_runs() {
    let env = Env::new();
    env.apply([]).expect(0);
    change(&env, 2);
    env.route("shipped", "{field: status, equals: shipped}");
    save(&env);
    assert_eq!(env.statements().len(), 2);
    insta::assert_snapshot!(apply(&env, []), @"
    --- stdout
    ~ replace   large    widened: the route has changed; goes on where `shop-large-li4b6shpsd-g1` stops
    + create    shipped  to shipped-orders, from earliest

    done  large    `shop-large-li4b6shpsd-g2` is RUNNING
    done  shipped  `shop-shipped-jypxom5wxz-g1` is RUNNING

    Plan: 1 to create, 1 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged
    --- exit 0
    ");
    expect_no_facts(&env);
    let journal = env.read("journal.jsonl");
    let again = apply(&env, []);
    assert!(again.last_line(0).contains("3 unchanged"), "{again}");
    assert_eq!(env.read("journal.jsonl"), journal);
}

#[test]
fn off_a_terminal_a_saved_plan_is_no_approval() {
    let env = Env::new();
    save(&env);
    env.run(["apply", "plan.json"]).expect(1);
    env.run(["apply", "plan.json", "--dry-run"]).expect(0);
    assert!(env.statements().is_empty());
}

#[test]
fn every_stale_route_is_told_before_anything_is_written() {
    let env = Env::new();
    env.apply([]).expect(0);
    change(&env, 2);
    env.route("paid", "{field: status, equals: shipped}");
    env.route("new", "{field: status, equals: new}");
    save(&env);
    let planned = env.read("routes/large.yaml");
    change(&env, 3);
    env.apply(["--target-route", "large", "--run-id", "4711"])
        .expect(0);
    env.write("routes/large.yaml", &planned);
    env.stop("shop-paid-xrkjpb4iu5-g1");
    insta::assert_snapshot!(refused(&env, []), @"
    error: stale: route `large`: `shop-large-li4b6shpsd-g2` was created since, by the run `4711`
    error: stale: route `paid`: `shop-paid-xrkjpb4iu5-g1` was stopped since
    2 routes changed since the plan was made; nothing was changed; make another plan
    ");
    insta::assert_snapshot!(apply(&env, ["-ojson"]).expect(1).stdout, @r#"{"format_version":1,"type":"stale","routes":[{"name":"large","reason":"`shop-large-li4b6shpsd-g2` was created since, by the run `4711`"},{"name":"paid","reason":"`shop-paid-xrkjpb4iu5-g1` was stopped since"}]}"#);
}

/// Another run replaced the statement a moment ago, and the list shows nothing of it.
#[test]
fn a_list_that_lags_does_not_hide_that_a_plan_is_stale() {
    let lag = SignedDuration::from_hours(1);
    let env = Env::with(|settings| {
        settings.clock = Arc::new(ManualClock::new(Timestamp::now() - lag * 2));
        settings.behaviour.list_lag_new = lag;
        settings.behaviour.list_lag_old = lag;
    });
    env.apply([]).expect(0);
    env.emulator().move_ahead(lag * 2).unwrap();
    change(&env, 2);
    save(&env);
    let planned = env.read("routes/large.yaml");
    change(&env, 3);
    env.apply([]).expect(0);
    env.write("routes/large.yaml", &planned);
    let listed = env.statements();
    assert_eq!(
        listed,
        [
            "shop-large-li4b6shpsd-g1 RUNNING",
            "shop-paid-xrkjpb4iu5-g1 RUNNING"
        ]
    );
    let ran = apply(&env, []);
    insta::assert_snapshot!(ran, @"
    --- stdout
    ~ replace   large  widened: the route has changed; goes on where `shop-large-li4b6shpsd-g1` stops

    failed  large  another run was faster: `shop-large-li4b6shpsd-g2` is RUNNING; run the command again

    Plan: 0 to create, 1 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged
    --- stderr
    error: 0 of 1 route done, 1 failed
    --- exit 1
    ");
    assert!(env.get("shop-large-li4b6shpsd-g3").is_none());
    expect_no_facts(&env);
}

#[test]
fn a_route_that_the_plan_leaves_alone_is_left_alone_and_told() {
    let env = Env::new();
    env.apply([]).expect(0);
    change(&env, 2);
    save(&env);
    env.delete("shop-paid-xrkjpb4iu5-g1");
    insta::assert_snapshot!(apply(&env, []), @"
    --- stdout
    ~ replace   large  widened: the route has changed; goes on where `shop-large-li4b6shpsd-g1` stops
    ! blocked   paid   `paid-orders` is there already, and nothing says up to which event it was written

    help for `paid`: pass `--recover paid=earliest|latest|TIME`

    done     large  `shop-large-li4b6shpsd-g2` is RUNNING
    refused  paid   `paid-orders` is there already, and nothing says up to which event it was written

    Plan: 0 to create, 1 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 1 blocked
    --- stderr
    error: 1 of 2 routes done, 1 refused
    --- exit 1
    ");
}

#[test]
fn a_plan_of_another_project_or_target_is_refused() {
    let env = Env::new();
    save(&env);
    insta::assert_snapshot!(refused(&env, ["--target", "here"]), @"error: the plan is for target `local`, not for `here`; leave `--target` out, or make another plan");
    let project = env.read("routectl.yaml");
    change(&env, 2);
    env.route("new", "{field: status, equals: new}");
    insta::assert_snapshot!(refused(&env, []), @"error: the plan was made from something else than what the project says now: route `large` has changed, route `new` is new, the table of topic `new-orders` is new; nothing was changed; make another plan, or check out what was planned");
    for number in 0..9 {
        let condition = format!("{{field: amount, lessThan: {number}}}");
        env.route(&format!("r{number}"), &condition);
    }
    let many = refused(&env, []);
    assert!(
        many.contains("route `r2` is new, and 16 more; nothing"),
        "{many}"
    );
    env.write(
        "routectl.yaml",
        &project.replace("project: shop", "project: shed"),
    );
    assert!(refused(&env, []).contains("the project was `shop` and is `shed`"));
    env.write("routectl.yaml", &project.replace("  local:", "  locale:"));
    insta::assert_snapshot!(refused(&env, []), @"error: there is no target `local`; did you mean `locale`?");
}

#[test]
fn regression_9_a_plan_does_not_stand_in_for_what_does_not_compile() {
    let env = Env::new();
    save(&env);
    env.write("routes/large.yaml", "route: large\nwhere: [\n");
    assert!(refused(&env, []).contains("routes/large.yaml"));
}

#[test]
fn choices_are_those_of_the_plan() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.remove("routes/paid.yaml");
    save(&env);
    insta::assert_snapshot!(refused(&env, ["--prune"]), @"error: `--prune` is not what the plan was made with; leave it out, or make another plan with it");
    assert!(refused(&env, ["--target-route", "large"]).contains("`--target-route` is not"));
    assert!(refused(&env, ["--recover", "large=latest"]).contains("`--recover` is not"));
    apply(&env, []).expect(0);
    assert_eq!(env.statements().len(), 2);
    env.run(["plan", "-tlocal", "--out", "plan.json", "--prune"])
        .expect(0);
    assert!(refused(&env, ["--refresh"]).contains("`--refresh` is not"));
    insta::assert_snapshot!(apply(&env, ["--prune", "-tlocal"]), @"
    --- stdout
    - delete    shop-paid-xrkjpb4iu5-g1  no route of this project has this id any more; its position is lost, the topic stays

    done  shop-paid-xrkjpb4iu5-g1  deleted with its position; the topic stays

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 1 to delete, 1 unchanged
    --- exit 0
    ");
    // The last of it is gone: nothing is left to do, and that is no change of the world.
    assert!(
        apply(&env, [])
            .last_line(0)
            .contains("0 to delete, 1 unchanged")
    );
}

#[test]
fn a_plan_of_some_routes_stays_one() {
    let env = Env::new();
    env.run([
        "plan",
        "-tlocal",
        "--out",
        "plans/large.json",
        "--target-route",
        "large",
    ])
    .expect(0);
    let ran = env.run(["apply", "plans/large.json", "--auto-approve"]);
    assert!(ran.last_line(0).ends_with("1 not selected"), "{ran}");
    assert_eq!(env.statements().len(), 1);
}

#[test]
fn a_damaged_file_is_refused_with_its_place() {
    let env = Env::new();
    save(&env);
    let plan = env.read("plan.json");
    env.write("plan.json", &plan.replace("1000", "10000"));
    insta::assert_snapshot!(refused(&env, []), @"error: the plan `plan.json` was changed after it was written: its checksum does not fit; make the plan again with `routectl plan --out plan.json`");
    env.write("plan.json", &plan[..plan.len() - 20]);
    assert!(
        refused(&env, []).contains("(plan.json:"),
        "{}",
        refused(&env, [])
    );
    env.remove("plan.json");
    insta::assert_snapshot!(refused(&env, []), @"error: cannot read `plan.json`: No such file or directory (os error 2); name a file that `routectl plan --out` wrote");
    let json = env.run(["plan", "-tlocal", "-ojson"]);
    env.write("plan.json", &json.expect(0).stdout);
    insta::assert_snapshot!(refused(&env, []), @"error: `plan.json` is no saved plan; `routectl plan --out FILE` writes one");
}

#[test]
fn a_plan_is_saved_over_a_plan_alone() {
    let env = Env::new();
    save(&env);
    save(&env);
    let route = env.read("routes/large.yaml");
    let over = |path| env.run(["plan", "-tlocal", "--out", path]);
    insta::assert_snapshot!(over("routes/large.yaml"), @"
    --- stderr
    error: `routes/large.yaml` is there and is no saved plan; name another file, or remove this one
    --- exit 1
    ");
    assert_eq!(env.read("routes/large.yaml"), route);
    over("routes").expect(1);
}

/// A file that goes through a review and lies among the artifacts of a pipeline.
#[test]
fn nothing_secret_is_in_a_plan() {
    let mut env = Env::new();
    let project = env.read("routectl.yaml");
    let (_, endpoint) = project.split_once("local: {backend: emulator, ").unwrap();
    let (endpoint, _) = endpoint.split_once('}').unwrap();
    let target = format!(
        "targets:\n  near: {{backend: confluent, {endpoint}, organization: '${{ORGANIZATION}}', environment: env-abc123, compute-pool: lfcp-abc123, database: lkc-abc123}}\n"
    );
    env.write("routectl.yaml", &project.replace("targets:\n", &target));
    env.set("ORGANIZATION", "00000000-0000-0000-0000-000000000000");
    let secrets = [
        ("FLINK_API_KEY", "KEYKEYKEYKEY"),
        ("FLINK_API_SECRET", "cflt/SECRETSECRET"),
        ("ROUTECTL_SECRET", "hunter2hunter2"),
    ];
    for (name, secret) in secrets {
        env.set(name, secret);
    }
    env.run(["plan", "-tnear", "--out", "plan.json"]).expect(0);
    let plan = env.read("plan.json");
    assert!(plan.contains("lfcp-abc123"));
    for (name, secret) in secrets {
        assert!(!plan.contains(secret) && !plan.contains(name), "{name}");
    }
    assert!(!plan.contains("http"), "an address may hold credentials");
}

/// Whatever call is the last one that gets through, applying the same plan again makes it good.
#[test]
fn a_plan_that_was_left_half_way_goes_on() {
    // Everything happened an hour ago, so that what is retired need not stay.
    let env = Env::with(|settings| {
        let then = Timestamp::now() - SignedDuration::from_hours(1);
        settings.clock = Arc::new(ManualClock::new(then));
    });
    env.apply([]).expect(0);
    let mut deaths = 0;
    loop {
        change(&env, 2000 + deaths);
        save(&env);
        let fault = format!("fault=status,status=403,skip={deaths}");
        env.emulator().add_fault(fault.parse().unwrap()).unwrap();
        let died = apply(&env, []);
        env.emulator().clear_faults().unwrap();
        apply(&env, []).expect(0);
        expect_no_facts(&env);
        if died.code == Some(0) {
            break;
        }
        deaths += 1;
        assert!(deaths < 50, "it never gets through: {died}");
    }
    assert!(deaths > 8, "{deaths}");
}

#[cfg(unix)]
#[test]
fn after_ctrl_c_the_same_plan_goes_on() {
    let env = Env::with(|settings| {
        settings.timing.start = Duration::from_hours(1);
        settings.clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    });
    save(&env);
    let mut command = env.command(["apply", "plan.json", "--auto-approve", "--parallelism=1"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let begun = || {
        let statements = env.statements();
        statements.iter().filter(|one| one.contains("-g1 ")).count()
    };
    while begun() == 0 {}
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success());
    env.ran(child.wait_with_output().unwrap()).expect(130);
    assert_eq!(begun(), 1);
    let on = apply(&env, ["--wait-timeout", "10ms"]);
    assert!(on.last_line(1).starts_with("Plan: 1 to create, "), "{on}");
    assert_eq!(begun(), 2);
}
