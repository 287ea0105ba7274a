//! Every call of a change under each fault and each way in which the service may behave.

use jiff::SignedDuration;
use routectl::emulator::Behaviour;

use super::config::Config;
use super::sweep::{AT_ONCE, Case, Change, Event, Hope, changes, deaths, observed, replace};
use super::world::{Circumstances, Moment};

pub(super) const FAULTS: [&str; 23] = [
    "fault=status,status=500,times=2",
    "fault=status,status=503,times=2,method=POST",
    "fault=status,status=503,after_effect=true,times=2,method=POST",
    "fault=status,status=500,after_effect=true,times=1,method=PUT",
    "fault=status,status=500,after_effect=true,times=1,method=DELETE",
    "fault=status,status=429,times=3",
    "fault=status,status=409,times=3,method=PUT",
    "fault=status,status=409,times=1,method=POST",
    "fault=status,status=403,times=1,skip=5",
    "fault=status,status=404,times=1,skip=4,method=GET",
    "fault=drop,times=2",
    "fault=drop,after_effect=true,times=2",
    "fault=drop,after_effect=true,times=2,method=POST",
    "fault=redirect,to=http://127.0.0.1:1,times=1,skip=3",
    "fault=latency,millis=1,times=2",
    "fault=fails,statement=*-g2,after=0",
    "fault=fails,statement=*-g2,after=20",
    "fault=degrades,statement=*-g2,after=0,seconds=30",
    "fault=degrades,statement=*-g2,after=0",
    "fault=pool-exhausted,statement=*-g2",
    "fault=savepoint-fails,statement=*-g1,times=1",
    "fault=savepoint-fails,statement=*-g2,times=1",
    "fault=slow,factor=10",
];

fn under_faults(rules: impl Iterator<Item = &'static str>, changes: &[Change], stride: u32) {
    for (number, rule) in (0..).zip(rules) {
        for change in changes {
            for event in deaths() {
                let case = Case {
                    change,
                    circumstances: &observed(),
                    faults: &[rule],
                    event,
                    hope: Hope::Answer,
                };
                case.sweep(number % stride, stride);
            }
        }
    }
}

#[test]
fn a_client_may_die_under_any_fault() {
    under_faults(FAULTS.into_iter(), &[replace()], 5);
}

#[test]
#[ignore = "takes minutes; `cargo test --test it kill -- --include-ignored` is the whole proof"]
fn a_client_may_die_at_any_call_under_any_fault() {
    under_faults(FAULTS.into_iter(), &changes(), 1);
}

/// Every switch with a value that is not the usual one.
pub(super) const SWITCHES: [&str; 29] = [
    "list_lag_new=15s",
    "list_lag_old=15s",
    "missing_reference=refused",
    "failed_reference=waits",
    "failed_reference=offsets",
    "several_successors=false",
    "needs_reference=true",
    "resume_takes_over_again=true",
    "offsets_before_running=empty",
    "offsets_before_running=unset",
    "offsets_before_running=taken-over",
    "offsets_when_failed=true",
    "stop_failed=true",
    "refuse_vain_stop=true",
    "refuse_immutable=true",
    "labels_change=true",
    "longest_label=100",
    "keeps_comments=false",
    "rewrites_sql=true",
    "adds_properties=true",
    "database=lkc",
    "invalid_is_400=true",
    "patch=false",
    "traits_while_pending=true",
    "traits_while_deleting=false",
    "insert_kind=INSERT",
    "assumes_sources=false",
    "touches=0",
    "touches=5",
];

/// Under these nothing can work, or they are about access, or about lists that `cli_calls` has.
const ELSEWHERE: [&str; 3] = [
    "list_ends_at",
    "missing_is_forbidden",
    "wrong_key_is_forbidden",
];

#[test]
fn every_switch_is_tried() {
    let switches = serde_json::to_value(Behaviour::default()).unwrap();
    for name in switches.as_object().unwrap().keys() {
        let is_this = |switch: &&&str| switch.split('=').next() == Some(name);
        let tried = SWITCHES.iter().chain(&ELSEWHERE).filter(is_this);
        assert!(tried.count() > 0, "`{name}` is not tried");
    }
}

/// Switches together: each with the ones behind it that say something else.
fn combinations() -> Vec<String> {
    let of = |number: usize, step: usize| {
        let chosen = (0..4).map(|one| SWITCHES[(number + one * step) % SWITCHES.len()]);
        let mut names = std::collections::BTreeSet::new();
        let distinct = chosen.filter(|switch| names.insert(switch.split('=').next()));
        distinct.collect::<Vec<_>>().join(",")
    };
    let numbers = 0..SWITCHES.len();
    numbers.map(|number| of(number, 3 + number % 5)).collect()
}

fn under_switches(switches: &[String], changes: &[Change], stride: u32) {
    let event = |number: u32| match number % 3 {
        0 => Event::Death(Moment::Late, AT_ONCE),
        1 => Event::Death(Moment::After, SignedDuration::from_hours(7)),
        _ => Event::Second(Config::one(3)),
    };
    for switch in switches {
        let circumstances = Circumstances {
            behaviour: switch.clone(),
            ..observed()
        };
        for (number, change) in
            (0..3).flat_map(|number| changes.iter().map(move |one| (number, one)))
        {
            let case = Case {
                change,
                circumstances: &circumstances,
                faults: &[],
                event: event(number),
                hope: Hope::Answer,
            };
            case.sweep(number % stride, stride);
        }
    }
}

#[test]
fn a_client_may_die_under_any_behaviour_of_the_service() {
    let switches = SWITCHES.map(str::to_owned);
    under_switches(&switches, &[replace()], 6);
}

#[test]
#[ignore = "takes minutes; `cargo test --test it kill -- --include-ignored` is the whole proof"]
fn a_client_may_die_at_any_call_under_any_behaviour_and_several_at_once() {
    let switches = SWITCHES.map(str::to_owned).into_iter();
    let switches: Vec<_> = switches.chain(combinations()).collect();
    under_switches(&switches, &changes(), 1);
}

/// Where a look at a name that is free is forbidden, as under narrow roles, the work is done all the same.
#[test]
fn a_role_that_may_not_look_at_what_is_not_there_gets_through() {
    let circumstances = Circumstances {
        behaviour: "missing_is_forbidden=true".to_owned(),
        ..Circumstances::default()
    };
    let change = &changes()[0];
    let case = Case {
        change,
        circumstances: &circumstances,
        faults: &[],
        event: Event::Death(Moment::After, AT_ONCE),
        hope: Hope::Answer,
    };
    assert!(case.sweep(0, 1) > 0);
}
