//! Faults that hit statements.

use super::*;

#[test]
fn a_rule_fails_what_begins_to_run_and_what_runs_already() {
    let mut state = running();
    state.add_fault(
        rule("fault=fails,after=1,detail=boom,statement=in"),
        at(100),
    );
    assert_eq!(phase(&mut state, 1099, "in"), Some(Phase::Running));
    assert_eq!(phase(&mut state, 1100, "in"), Some(Phase::Failing));
    assert_eq!(phase(&mut state, 1110, "in"), Some(Phase::Failed));
    assert_eq!(detail(&state, "in"), "boom");
    let run = state.ledger(at(5000)).runs.pop().unwrap();
    assert_eq!(run.ended, Some(at(1100)), "it reads nothing while it fails");

    let mut state =
        with(|settings| settings.faults = vec![rule("fault=fails,statement=i*,times=1")]);
    create(&mut state, 0, "ddl", "table t").unwrap();
    create(&mut state, 0, "in", "t <- s").unwrap();
    create(&mut state, 50, "in-2", "t <- s").unwrap();
    assert_eq!(phase(&mut state, 100, "in"), Some(Phase::Failed));
    assert_eq!(phase(&mut state, 100, "in-2"), Some(Phase::Running));
}

#[test]
fn a_degraded_statement_reads_on_and_may_recover() {
    let mut state = running();
    state.add_fault(rule("fault=degrades,seconds=1"), at(100));
    assert_eq!(phase(&mut state, 100, "in"), Some(Phase::Degraded));
    assert_eq!(phase(&mut state, 1099, "in"), Some(Phase::Degraded));
    assert_eq!(phase(&mut state, 1100, "in"), Some(Phase::Running));
    assert_eq!(state.ledger(at(1100)).runs.len(), 1);
    put_stopped(&mut state, 1100, "in", true).unwrap();
    assert_eq!(phase(&mut state, 1110, "in"), Some(Phase::Stopped));
}

#[test]
fn phases_last_longer_and_pools_are_full_as_long_as_a_rule_says_so() {
    let mut state =
        with(|settings| settings.faults = vec![rule("fault=slow,factor=10,statement=in")]);
    create(&mut state, 0, "ddl", "table t").unwrap();
    create(&mut state, 0, "in", "t <- s").unwrap();
    assert_eq!(phase(&mut state, 399, "in"), Some(Phase::Pending));
    assert_eq!(phase(&mut state, 400, "in"), Some(Phase::Running));

    state.add_fault(rule("fault=pool-exhausted"), at(400));
    create(&mut state, 400, "late", "t <- s").unwrap();
    assert_eq!(phase(&mut state, 5000, "late"), Some(Phase::Pending));
    state.faults.clear();
    assert_eq!(phase(&mut state, 5001, "late"), Some(Phase::Running));
}

#[test]
fn a_dropped_table_fails_what_uses_it() {
    let mut state = running();
    create(&mut state, 100, "drop", "drop t").unwrap();
    assert_eq!(phase(&mut state, 120, "in"), Some(Phase::Failing));
    assert_eq!(phase(&mut state, 130, "in"), Some(Phase::Failed));
    create(&mut state, 130, "drop-2", "drop t").unwrap();
    assert_eq!(phase(&mut state, 150, "drop-2"), Some(Phase::Failed));
}
