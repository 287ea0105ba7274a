//! The phase matrix: for each phase and each way to get there what `apply` prints and how it exits.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use routectl::clock::ManualClock;
use routectl::emulator::{Settings, Timing};

use crate::env::{Env, Ran};

const FIRST: &str = "shop-large-li4b6shpsd-g1";
const SECOND: &str = "shop-large-li4b6shpsd-g2";

/// A way into a phase: how the service is, and what happened before the run that the matrix shows.
struct Way {
    phase: &'static str,
    name: &'static str,
    settings: fn(&mut Settings),
    story: fn(&Env) -> Ran,
}

/// Applies, and soon gives up waiting.
fn apply(env: &Env) -> Ran {
    env.apply(["--wait-timeout=300ms"])
}

fn fault(env: &Env, rule: &str) {
    env.emulator().add_fault(rule.parse().unwrap()).unwrap();
}

/// Another condition than before.
fn change(env: &Env) {
    env.route("large", "{field: amount, greaterThan: 2}");
}

fn deploy(env: &Env) {
    env.apply([]).expect(0);
}

/// Deploys, changes, and applies until that has settled or not.
fn replace(env: &Env) {
    deploy(env);
    change(env);
    let _ = apply(env);
}

fn resume(env: &Env, name: &str) {
    let read = env.get(name).unwrap();
    env.ask(|client| async move { client.set_stopped(&read, false).await.unwrap() });
}

fn usual(_: &mut Settings) {}

/// The time stands still, so that what takes time never ends by itself.
fn frozen(settings: &mut Settings, timing: Timing) {
    settings.clock = Arc::new(ManualClock::new(
        Timestamp::now() - SignedDuration::from_mins(1),
    ));
    settings.timing = timing;
}

const HOUR: Duration = Duration::from_hours(1);

fn slow_start(settings: &mut Settings) {
    let timing = Timing {
        start: HOUR,
        ..Timing::INSTANT
    };
    frozen(settings, timing);
}

fn slow_check(settings: &mut Settings) {
    let timing = Timing {
        check: HOUR,
        ..Timing::INSTANT
    };
    frozen(settings, timing);
}

fn slow_take_over(settings: &mut Settings) {
    let timing = Timing {
        take_over: HOUR,
        ..Timing::INSTANT
    };
    frozen(settings, timing);
}

fn slow_stop(settings: &mut Settings) {
    let timing = Timing {
        stop: HOUR,
        ..Timing::INSTANT
    };
    frozen(settings, timing);
}

fn slow_failure(settings: &mut Settings) {
    let timing = Timing {
        fail: HOUR,
        ..Timing::INSTANT
    };
    frozen(settings, timing);
}

fn slow_deletion(settings: &mut Settings) {
    let timing = Timing {
        delete: HOUR,
        ..Timing::INSTANT
    };
    frozen(settings, timing);
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn ways() -> Vec<Way> {
    let way = |phase, name, settings, story| Way {
        phase,
        name,
        settings,
        story,
    };
    let mut ways = vec![
        way("nothing", "it was never deployed", usual, apply),
        way("nothing", "somebody deleted it", usual, |env| {
            deploy(env);
            env.delete(FIRST);
            apply(env)
        }),
        way("nothing", "the service does not take it", usual, |env| {
            fault(env, "fault=status,status=422,method=POST");
            apply(env)
        }),
        way(
            "nothing",
            "its INSERT is refused once it is sent",
            usual,
            |env| {
                fault(env, "fault=status,status=422,method=POST,skip=7,times=1");
                apply(env)
            },
        ),
        way("nothing", "the same, and the next run", usual, |env| {
            fault(env, "fault=status,status=422,method=POST,skip=7,times=1");
            let _ = apply(env);
            env.emulator().clear_faults().unwrap();
            apply(env)
        }),
        way("PENDING", "it is new and starts slowly", slow_start, apply),
        way(
            "PENDING",
            "it starts slowly, and the next run finds it",
            slow_start,
            |env| {
                let _ = apply(env);
                apply(env)
            },
        ),
        way("PENDING", "its compute pool is full", usual, |env| {
            fault(env, "fault=pool-exhausted,statement=*-g1");
            apply(env)
        }),
        way(
            "PENDING",
            "the successor is being checked",
            slow_check,
            |env| {
                deploy(env);
                change(env);
                apply(env)
            },
        ),
        way(
            "PENDING",
            "the successor takes over slowly",
            slow_take_over,
            |env| {
                deploy(env);
                change(env);
                apply(env)
            },
        ),
        way(
            "PENDING",
            "the pool has no room for the successor",
            usual,
            |env| {
                deploy(env);
                change(env);
                fault(env, "fault=pool-exhausted,statement=*-g2");
                apply(env)
            },
        ),
    ];
    ways.extend(at_work(way));
    ways.extend(failed(way));
    ways.extend(at_rest(way));
    ways
}

fn at_work(
    way: impl Fn(&'static str, &'static str, fn(&mut Settings), fn(&Env) -> Ran) -> Way,
) -> Vec<Way> {
    vec![
        way("RUNNING", "it is as wanted", usual, |env| {
            deploy(env);
            apply(env)
        }),
        way("RUNNING", "it was changed", usual, |env| {
            deploy(env);
            change(env);
            env.apply([])
        }),
        way(
            "RUNNING",
            "what it replaced was resumed by hand",
            usual,
            |env| {
                replace(env);
                resume(env, FIRST);
                env.apply([])
            },
        ),
        way("DEGRADED", "it does badly from the start", usual, |env| {
            fault(env, "fault=degrades,statement=*-g1");
            apply(env)
        }),
        way(
            "DEGRADED",
            "it does badly, and the next run finds it",
            usual,
            |env| {
                fault(env, "fault=degrades,statement=*-g1");
                let _ = apply(env);
                apply(env)
            },
        ),
        way(
            "DEGRADED",
            "the one that replaced it does badly",
            usual,
            |env| {
                deploy(env);
                change(env);
                fault(env, "fault=degrades,statement=*-g2");
                apply(env)
            },
        ),
        way("FAILING", "it is about to fail", slow_failure, |env| {
            fault(env, "fault=fails,statement=*-g1");
            apply(env)
        }),
    ]
}

fn failed(
    way: impl Fn(&'static str, &'static str, fn(&mut Settings), fn(&Env) -> Ran) -> Way,
) -> Vec<Way> {
    vec![
        way("FAILED", "right after it began", usual, |env| {
            fault(env, "fault=fails,statement=*-g1,detail=division by zero");
            apply(env)
        }),
        way("FAILED", "it failed some time ago", usual, |env| {
            deploy(env);
            fault(env, "fault=fails,statement=*-g1,detail=division by zero");
            env.emulator().clear_faults().unwrap();
            apply(env)
        }),
        way(
            "FAILED",
            "the successor, after it took over",
            usual,
            |env| {
                fault(env, "fault=fails,statement=*-g2,detail=division by zero");
                replace(env);
                apply(env)
            },
        ),
        way(
            "FAILED",
            "the successor had to wait for too long",
            slow_check,
            |env| {
                deploy(env);
                change(env);
                let _ = apply(env);
                env.emulator()
                    .move_ahead(SignedDuration::from_hours(7))
                    .unwrap();
                apply(env)
            },
        ),
        way(
            "FAILED",
            "the stop before it lost the position",
            usual,
            |env| {
                fault(env, "fault=savepoint-fails,statement=*-g1");
                replace(env);
                apply(env)
            },
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn at_rest(
    way: impl Fn(&'static str, &'static str, fn(&mut Settings), fn(&Env) -> Ran) -> Way,
) -> Vec<Way> {
    vec![
        way("STOPPING", "it stops slowly, by hand", slow_stop, |env| {
            deploy(env);
            env.stop(FIRST);
            apply(env)
        }),
        way(
            "STOPPING",
            "what is to be replaced stops slowly",
            slow_stop,
            |env| {
                deploy(env);
                change(env);
                apply(env)
            },
        ),
        way("STOPPED", "somebody stopped it", usual, |env| {
            deploy(env);
            env.stop(FIRST);
            apply(env)
        }),
        way(
            "STOPPED",
            "somebody stopped it, and it is to go on",
            usual,
            |env| {
                deploy(env);
                env.stop(FIRST);
                env.apply(["--resume"])
            },
        ),
        way("STOPPED", "its route is disabled", usual, |env| {
            deploy(env);
            env.route_with(
                "large",
                "{field: amount, greaterThan: 1000}",
                "enabled: false",
            );
            env.apply([])
        }),
        way(
            "STOPPED",
            "somebody stopped it before it began",
            slow_start,
            |env| {
                let _ = apply(env);
                env.stop(FIRST);
                apply(env)
            },
        ),
        way(
            "STOPPED",
            "somebody deleted what had replaced it",
            usual,
            |env| {
                replace(env);
                env.delete(SECOND);
                apply(env)
            },
        ),
        way(
            "DELETING",
            "somebody is deleting it",
            slow_deletion,
            |env| {
                deploy(env);
                env.delete(FIRST);
                apply(env)
            },
        ),
        way(
            "COMPLETED",
            "its name was given to what ends by itself",
            usual,
            |env| {
                deploy(env);
                let read = env.get(FIRST).unwrap();
                env.delete(FIRST);
                env.create(routectl::api::NewStatement {
                    name: FIRST.to_owned(),
                    sql: "SHOW TABLES".to_owned(),
                    labels: read.metadata.labels.into_keys().collect(),
                    ..routectl::api::NewStatement::default()
                });
                apply(env)
            },
        ),
    ]
}

/// Only what tells one row from another: the plan's last line is always there.
fn shown(ran: &Ran) -> String {
    let lines = ran.stdout.lines().chain(ran.stderr.lines());
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("Plan: "));
    let lines: Vec<_> = lines.map(|line| format!("  {line}\n")).collect();
    // How far topics are depends on the clock.
    let offsets = Regex::new("(partition:[0-9]+,offset:[0-9]+;)+").unwrap();
    offsets
        .replace_all(&lines.concat(), "(offsets);")
        .into_owned()
}

#[test]
fn regression_6_each_phase_and_each_way_to_it() {
    let (mut matrix, mut without_remedy) = (String::new(), Vec::new());
    for way in ways() {
        let env = Env::with(way.settings);
        env.remove("routes/paid.yaml");
        let ran = (way.story)(&env);
        let code = ran.code.unwrap();
        let statements = env.statements();
        let routes = statements
            .iter()
            .filter(|one| one.contains("-large-") && !one.contains("-t "));
        let routes: Vec<_> = routes.cloned().collect();
        let Way { phase, name, .. } = way;
        writeln!(matrix, "{phase}: {name} -> exit {code}\n{}", shown(&ran)).unwrap();
        let is_disabled = ran.stdout.contains("disabled");
        let runs = routes.last().is_some_and(|one| one.ends_with(" RUNNING"));
        if code == 0 {
            assert!(runs || is_disabled, "{phase}: {name}: {routes:?}\n{ran}");
        } else {
            let remedies = [
                "help for",
                "run the command again",
                "`routectl ",
                "correct what",
            ];
            if !remedies.iter().any(|remedy| ran.stdout.contains(remedy)) {
                without_remedy.push(format!("{phase}: {name}"));
            }
        }
    }
    insta::assert_snapshot!("phase-matrix", matrix.trim_end());
    assert!(without_remedy.is_empty(), "{without_remedy:?}");
}
