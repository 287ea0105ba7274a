//! The binary, killed before and after every single call of an apply that creates, replaces, moves to another pool,
//! resumes and prunes at once.

use std::io::Read as _;
use std::process::{Child, Stdio};

use crate::env::{Env, Ran};

const KEEP: &str = "{field: status, equals: paid}";

/// A project on a pool, with what the routes do.
fn write(env: &mut Env, pool: &str) {
    let project = env.read("routectl.yaml");
    let target = format!(
        "targets:
  prod:
    backend: confluent
    endpoint: '{}'
    organization: 00000000-0000-0000-0000-000000000000
    environment: emulator
    compute-pool: ${{POOL}}
    database: emulator
",
        env.url()
    );
    let project = project.replacen("targets:\n", &target, 1);
    env.write("routectl.yaml", &project);
    for (name, value) in [
        ("FLINK_API_KEY", "key"),
        ("FLINK_API_SECRET", "secret"),
        ("POOL", pool),
    ] {
        env.set(name, value);
    }
    env.remove("routes/large.yaml");
    env.remove("routes/paid.yaml");
}

/// What runs before the change, as the emulator keeps it; one of them was stopped by hand.
fn before() -> String {
    let mut env = Env::new();
    write(&mut env, "lfcp-1");
    for route in ["replaced", "moved", "stopped", "removed"] {
        env.route(route, KEEP);
    }
    apply(&env, &[]).expect(0);
    let names = env.statements().into_iter();
    let stopped = names.filter_map(|line| Some(line.split_once(' ')?.0.to_owned()));
    for name in stopped.filter(|name| name.contains("-stopped-")) {
        env.stop(&name);
    }
    env.read("journal.jsonl")
}

/// A world in which the change is due.
fn due(before: &str) -> Env {
    let mut env = Env::with(|settings| {
        let path = settings.journal.as_ref().unwrap();
        #[allow(clippy::disallowed_methods)]
        std::fs::write(path, before).unwrap();
    });
    write(&mut env, "lfcp-2");
    for route in ["created", "moved", "stopped"] {
        env.route(route, KEEP);
    }
    env.route("replaced", "{field: amount, greaterThan: 7}");
    env
}

const ARGUMENTS: [&str; 6] = [
    "apply",
    "-tprod",
    "--auto-approve",
    "--resume",
    "--prune",
    "--parallelism=2",
];

fn apply(env: &Env, more: &[&str]) -> Ran {
    env.run(ARGUMENTS.into_iter().chain(more.iter().copied()))
}

/// Kills an apply at this call, the first one being 0; whether it got that far.
fn is_killed(env: &Env, call: u32, after: bool) -> bool {
    let rule = format!("fault=hold,skip={call},times=1,after_effect={after}");
    let inspector = env.emulator().clone();
    inspector.add_fault(rule.parse().unwrap()).unwrap();
    let mut command = env.command(ARGUMENTS);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let is_over = is_over(&mut child);
    let is_held = env.ask(|_| async move {
        tokio::select! {
            biased;
            () = inspector.until_held() => true,
            _ = is_over => false,
        }
    });
    if is_held {
        child.kill().unwrap();
    }
    let status = child.wait().unwrap();
    assert_eq!(is_held, status.code().is_none(), "{status}");
    is_held
}

/// Tells when the process has closed its output, as it does at its end.
fn is_over(child: &mut Child) -> tokio::sync::oneshot::Receiver<()> {
    let mut stdout = child.stdout.take().unwrap();
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        // Whatever comes of reading, it is over; and nobody may listen any more.
        let _ = stdout.read_to_end(&mut text);
        let _ = tell.send(());
    });
    told
}

const NOTHING: &str =
    "Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 4 unchanged\n";

/// Kills at each `stride`th call from `first` on; how many there were.
fn sweep(after: bool, first: u32, stride: usize) -> u32 {
    let before = before();
    for call in (first..).step_by(stride) {
        let env = due(&before);
        if !is_killed(&env, call, after) {
            return call;
        }
        let mut runs = 0;
        let rest = loop {
            let ran = apply(&env, &[]);
            if ran.code == Some(0) && ran.stdout == NOTHING {
                break ran;
            }
            runs += 1;
            assert!(runs < 4, "call {call}, after {after}: {ran}");
        };
        let ledger = env.emulator().ledger().unwrap();
        assert_eq!(ledger.check(), [], "call {call}, after {after}: {rest}");
        let running = env.statements().into_iter();
        let running: Vec<_> = running
            .filter(|line| line.ends_with(" RUNNING"))
            .filter_map(|line| Some(line.strip_prefix("shop-")?.split_once('-')?.0.to_owned()))
            .collect();
        assert_eq!(running, ["created", "moved", "replaced", "stopped"]);
        for (route, owners) in [
            ("created", 1),
            ("moved", 2),
            ("replaced", 2),
            ("stopped", 2),
            ("removed", 1),
        ] {
            let sink = format!("{route}-orders");
            let found = ledger.owners(&sink, "raw-orders");
            assert_eq!(found.len(), owners, "call {call}, after {after}: {found:?}");
        }
    }
    unreachable!("calls have no end")
}

#[cfg(unix)]
#[test]
fn the_binary_may_be_killed_after_a_call() {
    let calls = sweep(true, 0, 4);
    assert!(calls >= 30, "{calls}");
}

/// Before a call all is as it was after the one before; so only some are killed there.
#[cfg(unix)]
#[test]
fn the_binary_may_be_killed_before_a_call() {
    sweep(false, 0, 12);
}

#[cfg(unix)]
#[test]
#[ignore = "takes minutes; `cargo test --test it kill -- --include-ignored` is the whole proof"]
fn the_binary_may_be_killed_after_any_call() {
    sweep(true, 0, 1);
}

#[cfg(unix)]
#[test]
#[ignore = "takes minutes; `cargo test --test it kill -- --include-ignored` is the whole proof"]
fn the_binary_may_be_killed_before_any_call() {
    sweep(false, 0, 1);
}
