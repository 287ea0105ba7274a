//! `routectl delete`

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use routectl::clock::ManualClock;

use crate::cli_operator::{LARGE, OURS, fault, new};
use crate::env::{Env, Ran};

fn delete(env: &Env, name: &str, more: &[&str]) -> Ran {
    let arguments = ["delete", name, "-tlocal", "--auto-approve"];
    env.run(arguments.into_iter().chain(more.iter().copied()))
}

/// Offsets depend on the time.
fn without_offsets() -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(partition:\d+,offset:\d+;?)+", "[OFFSETS]");
    settings.bind_to_scope()
}

#[test]
fn a_position_that_is_needed_goes_only_by_force() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.run(["stop", "large", "-tlocal", "--auto-approve"])
        .expect(0);
    insta::assert_snapshot!(delete(&env, LARGE, &[]), @"
    --- stderr
    error: `shop-large-li4b6shpsd-g1` is not deleted: it says how far route `large` is; `routectl stop large` keeps it, `routectl apply --recover` goes on after a failure; pass `--force` to delete it and its position all the same
    --- exit 1
    ");
    insta::assert_snapshot!(delete(&env, "large", &[]), @"
    --- stderr
    error: `large` is a route of the project: `routectl stop large` stops it and keeps its position; to delete it, remove its file and run `routectl apply --prune`, or pass `--force` to delete its statements and its position now
    --- exit 1
    ");
    env.run(["resume", "large", "-tlocal", "--auto-approve"])
        .expect(0);
    insta::assert_snapshot!(delete(&env, LARGE, &[]), @"
    --- stderr
    error: `shop-large-li4b6shpsd-g1` is not deleted: `shop-large-li4b6shpsd-g2` goes on from its position; pass `--force` to delete it and its position all the same
    --- exit 1
    ");
    assert_eq!(env.statements().len(), 3);
    let _offsets = without_offsets();
    insta::assert_snapshot!(delete(&env, LARGE, &["--force"]), @"
    --- stdout
    - `shop-large-li4b6shpsd-g1` is STOPPED
      its position is lost: `raw-orders` [OFFSETS]
    deleted  large  `shop-large-li4b6shpsd-g1` is gone; topics stay
    --- exit 0
    ");
    insta::assert_snapshot!(delete(&env, "large", &["--force"]), @"
    --- stdout
    - `shop-large-li4b6shpsd-g2` is RUNNING
      its position is lost; the service shows it only once it is stopped
    deleted  large  deleted with its position; the topic stays
    --- exit 0
    ");
    assert_eq!(env.statements().len(), 1);
    insta::assert_snapshot!(delete(&env, "large", &["--force"]), @"
    --- stderr
    error: route `large` is not deployed on target `local`; `routectl plan` says what is
    --- exit 1
    ");
}

#[test]
fn regression_7_what_is_not_there_cannot_be_deleted() {
    let env = Env::new();
    env.apply([]).expect(0);
    insta::assert_snapshot!(delete(&env, "lagre", &[]), @"
    --- stderr
    error: the project has no route or statement `lagre` on target `local`; did you mean `large`?
    --- exit 1
    ");
    insta::assert_snapshot!(delete(&env, "shop-nothing-at-all", &[]), @"
    --- stderr
    error: the project has no route or statement `shop-nothing-at-all` on target `local`; possible: `large`, `paid`, `shop-large-li4b6shpsd-g1`, `shop-paid-xrkjpb4iu5-g1`
    --- exit 1
    ");
}

#[test]
fn regression_3_an_orphan_goes_once_somebody_says_so() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.remove("routes/large.yaml");
    insta::assert_snapshot!(env.run(["delete", LARGE, "-tlocal"]), @"
    --- stdout
    - `shop-large-li4b6shpsd-g1` is RUNNING
      its position is lost; the service shows it only once it is stopped
    --- stderr
    error: there is no terminal to ask on; pass `--auto-approve` to go on without asking
    --- exit 1
    ");
    assert!(env.get(LARGE).is_some());
    env.run(["delete", LARGE, "-tlocal", "--dry-run"]).expect(0);
    assert!(env.get(LARGE).is_some());
    insta::assert_snapshot!(delete(&env, LARGE, &["-ojson"]), @r#"
    --- stdout
    {
      "format_version": 1,
      "target": "local",
      "success": true,
      "statements": [
        {
          "statement": "shop-large-li4b6shpsd-g1",
          "route": null,
          "result": "deleted",
          "detail": "`shop-large-li4b6shpsd-g1` is gone; topics stay"
        }
      ]
    }
    --- stderr
    - `shop-large-li4b6shpsd-g1` is RUNNING
      its position is lost; the service shows it only once it is stopped
    --- exit 0
    "#);
    assert!(env.get(LARGE).is_none());
}

#[test]
fn what_is_pending_is_stopped_before_it_is_deleted() {
    let env = Env::with(|settings| {
        settings.timing.start = Duration::from_hours(1);
        settings.clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    });
    env.create(new(
        "hand",
        "INSERT INTO `x` (`id`) SELECT `id` FROM `y`",
        &OURS,
    ));
    insta::assert_snapshot!(delete(&env, "hand", &[]).stderr, @"error: `hand` is PENDING and may begin to read at any moment; stop it first: `routectl stop hand`");
    env.run(["stop", "hand", "-tlocal", "--auto-approve"])
        .expect(0);
    delete(&env, "hand", &[]).expect(0);
}

#[test]
fn regression_7_a_deletion_is_waited_for() {
    let env = Env::with(|settings| {
        settings.timing.delete = Duration::from_hours(1);
        settings.clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    });
    env.create(new("hand", "NO SQL", &OURS));
    let late = delete(&env, "hand", &["--wait-timeout", "1ms"]);
    assert!(
        late.expect(1)
            .stdout
            .contains("gave up after 0.001 s: `hand` is DELETING"),
        "{late}"
    );
    env.emulator()
        .move_ahead(SignedDuration::from_hours(2))
        .unwrap();
    delete(&env, "hand", &[]).expect(1);
}

/// The list shows for a while what is gone: nothing is decided on its word.
#[test]
fn regression_7_the_list_lags_and_is_not_believed() {
    let env = Env::with(|settings| {
        settings.behaviour.list_lag_old = SignedDuration::from_hours(1);
    });
    env.create(new("hand", "NO SQL", &OURS));
    let later = SignedDuration::from_hours(2);
    env.emulator().move_ahead(later).unwrap();
    env.delete("hand");
    assert!(env.statements().contains(&"hand FAILED".to_owned()));
    insta::assert_snapshot!(delete(&env, "hand", &[]).stderr, @"error: `hand` was deleted just now");
    env.run(["status", "hand", "-tlocal"]).expect(1);
    env.run(["exceptions", "hand", "-tlocal"]).expect(1);
    let cleaned = env.run(["cleanup", "-tlocal", "--auto-approve"]);
    assert!(
        cleaned.expect(0).stderr.contains("nothing to delete"),
        "{cleaned}"
    );
}

#[test]
fn a_statement_that_is_missing_from_the_list_is_found_by_its_name() {
    let env = Env::with(|settings| {
        settings.behaviour.list_lag_new = SignedDuration::from_hours(1);
    });
    env.create(new("hand", "NO SQL", &OURS));
    env.run(["exceptions", "hand", "-tlocal"]).expect(0);
    delete(&env, "hand", &[]).expect(0);
}

#[test]
fn regression_7_a_refused_deletion_is_no_success() {
    let env = Env::new();
    env.create(new("hand", "NO SQL", &OURS));
    fault(&env, "fault=status,status=403,method=DELETE");
    let refused = delete(&env, "hand", &[]);
    assert!(
        refused.expect(1).stdout.contains("failed  hand"),
        "{refused}"
    );
    assert!(env.get("hand").is_some());
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_a_deletion_that_is_under_way_and_says_so() {
    let env = Env::with(|settings| {
        settings.timing.delete = Duration::from_hours(1);
        settings.clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    });
    env.create(new("hand", "NO SQL", &OURS));
    let mut command = env.command(["delete", "hand", "-tlocal", "--auto-approve"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    while env.statements() != ["hand DELETING"] {}
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let ran = env.ran(child.wait_with_output().unwrap());
    assert!(
        ran.expect(130)
            .stdout
            .contains("interrupted  hand  left when `hand` is DELETING"),
        "{ran}"
    );
}

/// Whatever is deleted, topics stay: no command sends anything that would drop a table.
#[test]
fn regression_14_no_command_deletes_a_topic() {
    let env = Env::new();
    env.apply([]).expect(0);
    for route in ["paid", "large"] {
        env.remove(&format!("routes/{route}.yaml"));
    }
    env.route("other", "{field: status, equals: new}");
    env.apply(["--prune"]).expect(0);
    env.run(["delete", "other", "-tlocal", "--auto-approve", "--force"])
        .expect(0);
    env.run(["cleanup", "-tlocal", "--auto-approve"]).expect(0);
    assert!(env.statements().is_empty(), "{:?}", env.statements());
    let journal = env.read("journal.jsonl");
    assert!(journal.contains("INSERT INTO"), "the journal has the SQL");
    assert!(
        !journal.to_uppercase().contains("DROP "),
        "something was dropped"
    );
    assert!(!journal.contains(r#"{"dropped":"#), "a table is gone");
}
