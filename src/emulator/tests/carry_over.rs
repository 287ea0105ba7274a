//! Beginning where another statement stopped.

use super::*;
use crate::emulator::behaviour::{FailedReference, MissingReference};

/// `one` runs into `t` at 100 ms.
fn running_with(adjust: impl FnOnce(&mut Settings)) -> State {
    let mut state = with(adjust);
    create(&mut state, 0, "ddl", "table t").unwrap();
    create(&mut state, 20, "one", "t <- s").unwrap();
    assert_eq!(phase(&mut state, 100, "one"), Some(Phase::Running));
    state
}

#[test]
fn a_successor_waits_in_the_services_own_words_and_takes_over() {
    let mut state = running_with(|_| {});
    succeed(&mut state, 100, "two", "t <- s", "one");
    assert_eq!(phase(&mut state, 114, "two"), Some(Phase::Pending));
    assert_eq!(detail(&state, "two"), "", "it is still being checked");
    assert_eq!(phase(&mut state, 115, "two"), Some(Phase::Pending));
    insta::assert_snapshot!(detail(&state, "two"), @"Statement is currently pending until referenced statement one is stopped. If one is not stopped before 1970-01-01T00:00:01Z, this statement will fail.");
    assert!(show(&state, "two").status.traits.is_none());

    put_stopped(&mut state, 200, "one", true).unwrap();
    assert_eq!(phase(&mut state, 209, "one"), Some(Phase::Stopping));
    assert_eq!(phase(&mut state, 210, "one"), Some(Phase::Stopped));
    assert_eq!(phase(&mut state, 239, "two"), Some(Phase::Pending));
    assert_eq!(detail(&state, "two"), "");
    assert_eq!(phase(&mut state, 240, "two"), Some(Phase::Running));
    assert_eq!(facts(&mut state, 500), [""; 0]);
    assert_eq!(state.ledger(at(500)).owners("t", "s"), ["one", "two"]);
    let runs = state.ledger(at(500)).runs;
    assert_eq!(runs[0].to, runs[1].from);
    assert!(runs[1].from < runs[1].to);
}

#[test]
fn a_stopped_statement_hands_over_at_once() {
    let mut state = running_with(|_| {});
    put_stopped(&mut state, 100, "one", true).unwrap();
    succeed(&mut state, 200, "two", "t <- s", "one");
    assert_eq!(phase(&mut state, 244, "two"), Some(Phase::Pending));
    assert_eq!(phase(&mut state, 245, "two"), Some(Phase::Running));
    assert_eq!(facts(&mut state, 500), [""; 0]);
}

#[test]
fn who_waits_too_long_fails_and_the_other_runs_on() {
    let mut state = running_with(|_| {});
    succeed(&mut state, 100, "two", "t <- s", "one");
    assert_eq!(phase(&mut state, 1099, "two"), Some(Phase::Pending));
    assert_eq!(phase(&mut state, 1100, "two"), Some(Phase::Failed));
    assert_eq!(
        detail(&state, "two"),
        "The referenced statement one was not stopped in time."
    );
    assert_eq!(phase(&mut state, 1100, "one"), Some(Phase::Running));
}

#[test]
fn a_reference_that_cannot_hand_over_fails_its_successors() {
    let mut state = running_with(|_| {});
    succeed(&mut state, 100, "waits", "t <- s", "one");
    succeed(&mut state, 100, "lost", "t <- s", "nobody");
    succeed(&mut state, 100, "ddl-2", "t <- s", "ddl");
    delete(&mut state, 200, "one").unwrap();
    state.advance(at(300));
    insta::assert_snapshot!(["waits", "lost", "ddl-2"].map(|name| detail(&state, name)).join("\n"), @r"
    Offsets cannot be carried over from statement one: the statement was not found.
    Offsets cannot be carried over from statement nobody: the statement was not found.
    Offsets cannot be carried over from statement ddl: it is completed.
    ");
}

#[test]
fn a_stop_without_a_savepoint_is_healed_by_another_one() {
    let mut state = running_with(|settings| {
        settings.faults = vec![rule("fault=savepoint-fails,statement=one,times=1")];
    });
    succeed(&mut state, 100, "two", "t <- s", "one");
    put_stopped(&mut state, 200, "one", true).unwrap();
    assert_eq!(phase(&mut state, 300, "two"), Some(Phase::Failed));
    assert!(detail(&state, "two").contains("savepoint failed"));
    assert!(show(&state, "one").status.latest_offsets.is_empty());
    put_stopped(&mut state, 300, "one", false).unwrap();
    put_stopped(&mut state, 400, "one", true).unwrap();
    succeed(&mut state, 500, "three", "t <- s", "one");
    assert_eq!(phase(&mut state, 600, "three"), Some(Phase::Running));
    assert_eq!(facts(&mut state, 700), [""; 0]);
}

#[test]
fn several_successors_of_one_statement_overlap_unless_the_service_forbids_it() {
    for (several_successors, expected) in [(true, Phase::Running), (false, Phase::Failed)] {
        let mut state = running_with(|settings| {
            settings.behaviour.several_successors = several_successors;
        });
        put_stopped(&mut state, 100, "one", true).unwrap();
        succeed(&mut state, 200, "two", "t <- s", "one");
        succeed(&mut state, 300, "three", "t <- s", "one");
        assert_eq!(phase(&mut state, 400, "three"), Some(expected));
        let overlaps = facts(&mut state, 500);
        assert_eq!(overlaps.is_empty(), !several_successors, "{overlaps:?}");
    }
}

#[test]
fn a_resumed_reference_overlaps_with_its_successor() {
    let mut state = running_with(|_| {});
    put_stopped(&mut state, 100, "one", true).unwrap();
    succeed(&mut state, 200, "two", "t <- s", "one");
    state.advance(at(300));
    put_stopped(&mut state, 300, "one", false).unwrap();
    assert_eq!(facts(&mut state, 500), ["Overlap in t between two and one"]);
}

#[test]
fn a_startup_option_overrules_what_was_taken_over() {
    let mut state = running_with(|_| {});
    put_stopped(&mut state, 100, "one", true).unwrap();
    succeed(&mut state, 200, "early", "t <- s @earliest-offset", "one");
    assert_eq!(
        facts(&mut state, 500),
        ["Overlap in t between one and early"]
    );

    let mut state = running_with(|_| {});
    put_stopped(&mut state, 100, "one", true).unwrap();
    succeed(&mut state, 200, "late", "t <- s @latest-offset", "one");
    assert_eq!(facts(&mut state, 500), ["Gap in t between one and late"]);
}

#[test]
fn an_upsert_sink_rules_carry_over_out() {
    let mut state = running_with(|_| {});
    create(&mut state, 100, "ddl-2", "upsert u").unwrap();
    create(&mut state, 200, "fine", "u <- s").unwrap();
    succeed(&mut state, 200, "two", "u <- s", "one");
    assert_eq!(phase(&mut state, 300, "fine"), Some(Phase::Running));
    assert_eq!(phase(&mut state, 300, "two"), Some(Phase::Failed));
    assert!(
        detail(&state, "two").contains("upsert"),
        "{}",
        detail(&state, "two")
    );
}

#[test]
fn a_topic_that_the_reference_did_not_read_is_read_from_its_beginning() {
    let mut state = running_with(|_| {});
    put_stopped(&mut state, 100, "one", true).unwrap();
    succeed(&mut state, 200, "two", "t <- other", "one");
    state.advance(at(300));
    let run = state.ledger(at(300)).runs.pop().unwrap();
    assert_eq!(run.source, "other");
    assert!(run.from.iter().all(|offset| *offset < 50), "{run:?}");
}

#[test]
fn a_stopped_successor_goes_on_from_its_own_offsets() {
    for takes_over_again in [false, true] {
        let mut state = running_with(|settings| {
            settings.behaviour.resume_takes_over_again = takes_over_again;
        });
        put_stopped(&mut state, 100, "one", true).unwrap();
        succeed(&mut state, 200, "two", "t <- s", "one");
        put_stopped(&mut state, 300, "two", true).unwrap();
        put_stopped(&mut state, 400, "two", false).unwrap();
        assert_eq!(phase(&mut state, 500, "two"), Some(Phase::Running));
        assert_eq!(facts(&mut state, 600).is_empty(), !takes_over_again);
    }
}

#[test]
fn a_missing_reference_is_refused_where_the_service_does_that() {
    let mut state = running_with(|settings| {
        settings.behaviour.missing_reference = MissingReference::Refused;
    });
    let properties = json!({"sql.tables.initial-offset-from": "nobody"});
    let body = json!({"name": "two", "spec": {"statement": "t <- s", "properties": properties}});
    assert_eq!(status(create_with(&mut state, 100, &body)), 422);
}

#[test]
fn a_failed_reference_hands_over_what_the_service_lets_it() {
    for (failed_reference, expected) in [
        (FailedReference::Fails, Phase::Failed),
        (FailedReference::Waits, Phase::Pending),
        (FailedReference::Offsets, Phase::Running),
    ] {
        let mut state = running_with(|settings| {
            settings.behaviour.failed_reference = failed_reference;
        });
        state.add_fault(rule("fault=fails,statement=one"), at(100));
        assert_eq!(phase(&mut state, 200, "one"), Some(Phase::Failed));
        succeed(&mut state, 200, "two", "t <- s", "one");
        assert_eq!(phase(&mut state, 300, "two"), Some(expected));
        assert_eq!(facts(&mut state, 400), [""; 0]);
    }
}

#[test]
fn a_successor_may_need_its_reference_for_ever() {
    for (needs_reference, expected) in [(false, Phase::Running), (true, Phase::Failed)] {
        let mut state = running_with(|settings| {
            settings.behaviour.needs_reference = needs_reference;
        });
        put_stopped(&mut state, 100, "one", true).unwrap();
        succeed(&mut state, 200, "two", "t <- s", "one");
        state.advance(at(300));
        delete(&mut state, 300, "one").unwrap();
        assert_eq!(phase(&mut state, 400, "two"), Some(expected));
    }
}

#[test]
fn a_dry_run_sees_that_a_reference_is_missing() {
    let mut state = running_with(|_| {});
    let properties = |reference: &str| {
        let properties =
            json!({"sql.tables.initial-offset-from": reference, "sql.dry-run": "true"});
        json!({"name": "dry", "spec": {"statement": "t <- s", "properties": properties}})
    };
    for (reference, expected) in [("nobody", Phase::Failed), ("one", Phase::Completed)] {
        let dry = create_with(&mut state, 100, &properties(reference)).unwrap();
        assert_eq!(dry.life.phase(), expected, "{reference}");
    }
}
