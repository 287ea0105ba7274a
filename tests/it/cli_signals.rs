//! Signals, closed pipes and colours.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use routectl::clock::ManualClock;

use crate::env::{Env, Ran};

/// A project on an emulator where no statement ever gets from PENDING to RUNNING.
fn stuck() -> Env {
    Env::with(|settings| {
        settings.timing.start = Duration::from_hours(1);
        settings.clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    })
}

/// Interrupts an apply that waits for its first statement.
#[cfg(unix)]
fn interrupted(env: &Env, signal: &str) -> Ran {
    let arguments = ["apply", "-tlocal", "--auto-approve", "--parallelism=1"];
    let mut command = env.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    while !env.statements().iter().any(|one| one.contains("-g1 ")) {}
    let id = child.id().to_string();
    let sent = Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(sent.success());
    env.ran(child.wait_with_output().unwrap())
}

/// How many routes have a statement.
#[cfg(unix)]
fn begun(env: &Env) -> usize {
    let statements = env.statements();
    let of_routes = statements.iter().filter(|one| one.contains("-g1 "));
    of_routes.count()
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_after_the_step_in_flight_and_says_what_is_left() {
    let env = stuck();
    insta::assert_snapshot!(interrupted(&env, "-INT"), @"
    --- stdout
    + create    large  to large-orders, from earliest
    + create    paid   to paid-orders, from earliest

    interrupted    large  left when `shop-large-li4b6shpsd-g1` is PENDING
    not attempted  paid

    Plan: 2 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged
    --- stderr
    interrupted: finishing the steps in flight; once more to leave at once
    error: interrupted; 0 of 2 routes done, 1 interrupted, 1 not attempted
    --- exit 130
    ");
    assert_eq!(begun(&env), 1);
}

#[cfg(unix)]
#[test]
fn sigterm_acts_like_ctrl_c() {
    let env = stuck();
    let _ = interrupted(&env, "-TERM").expect(130);
    assert_eq!(begun(&env), 1);
}

#[test]
fn a_statement_that_stays_pending_is_no_success() {
    let env = stuck();
    let stuck = env.apply(["--wait-timeout", "1ms"]);
    insta::assert_snapshot!(stuck, @"
    --- stdout
    + create    large  to large-orders, from earliest
    + create    paid   to paid-orders, from earliest

    failed  large  gave up after 0.001 s: `shop-large-li4b6shpsd-g1` is PENDING; run the command again to go on waiting
    failed  paid   gave up after 0.001 s: `shop-paid-xrkjpb4iu5-g1` is PENDING; run the command again to go on waiting

    Plan: 2 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged
    --- stderr
    error: 0 of 2 routes done, 2 failed
    --- exit 1
    ");
    // The next run waits for the same statements instead of creating others.
    let journal = env.read("journal.jsonl");
    insta::assert_snapshot!(env.apply(["--wait-timeout", "1ms"]), @"
    --- stdout
    ! wait      large  `shop-large-li4b6shpsd-g1` is PENDING
    ! wait      paid   `shop-paid-xrkjpb4iu5-g1` is PENDING

    help for `large` and `paid`: look again in a moment; `apply` waits for it

    failed  large  gave up after 0.001 s: `shop-large-li4b6shpsd-g1` is PENDING; run the command again to go on waiting
    failed  paid   gave up after 0.001 s: `shop-paid-xrkjpb4iu5-g1` is PENDING; run the command again to go on waiting

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 2 blocked
    --- stderr
    error: 0 of 2 routes done, 2 failed
    --- exit 1
    ");
    assert_eq!(env.read("journal.jsonl"), journal);
    insta::assert_snapshot!(env.run(["plan", "-tlocal"]), @"
    --- stdout
    ! wait      large  `shop-large-li4b6shpsd-g1` is PENDING
    ! wait      paid   `shop-paid-xrkjpb4iu5-g1` is PENDING

    help for `large` and `paid`: look again in a moment; `apply` waits for it

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 2 blocked
    --- exit 1
    ");
}

#[test]
fn a_reader_that_has_had_enough_is_no_panic() {
    let env = Env::new();
    env.apply([]).expect(0);
    for arguments in [
        vec!["list", "-tlocal"],
        vec!["plan", "-tlocal"],
        vec!["explain"],
        vec!["--help"],
        vec!["schema", "route"],
        vec!["sample", "--plain", "--count", "100000"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = env.command(arguments.clone());
        let ran = env.ran(
            command
                .stdout(writer)
                .stderr(Stdio::piped())
                .output()
                .unwrap(),
        );
        assert_eq!(ran.stderr, "", "{arguments:?}: {ran}");
        ran.expect(0);
    }
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let mut env = Env::new();
    let styled = |env: &Env, more: &[&str]| {
        let ran = env.run(["plan", "-tlocal"].into_iter().chain(more.iter().copied()));
        ran.expect(0).stdout.contains('\u{1b}')
    };
    assert!(!styled(&env, &[]));
    assert!(styled(&env, &["--color", "always"]));
    env.set("CLICOLOR_FORCE", "1");
    assert!(styled(&env, &[]));
    assert!(!styled(&env, &["--color", "never"]));
    env.set("NO_COLOR", "1");
    assert!(!styled(&env, &[]));
    assert!(styled(&env, &["--color", "always"]));
}
