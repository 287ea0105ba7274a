//! Where a route may go on, and what the user may allow where nobody knows.

use super::*;

#[test]
fn the_user_may_allow_more() {
    let allow = |permits: Permits, statements: Vec<Statement>| {
        step(&decided(
            statements,
            &new(),
            Case {
                permits,
                ..ORDINARY
            },
        ))
    };
    let resume = Permits {
        resume: true,
        ..Permits::default()
    };
    let recover = |recovery| Permits {
        recover: Some(recovery),
        ..Permits::default()
    };
    let lone = || vec![with_offsets(generation(&old(), 1, "STOPPED"))];
    assert_eq!(allow(resume, lone()), "resume: create g2 from g1");
    let latest = recover(Recovery::Start(Start::Latest));
    assert_eq!(allow(latest, lone()), "restart: create g2 from latest");
    let failed = || pair("STOPPED+offsets", "FAILED+offsets");
    assert_eq!(allow(resume, failed()), "blocked: nothing");
    assert_eq!(allow(latest, failed()), "restart: create g3 from latest");
    assert_eq!(
        allow(recover(Recovery::Offsets), failed()),
        "resume: create g3 from offsets"
    );
    assert_eq!(
        allow(recover(Recovery::Previous), failed()),
        "resume: create g3 from g1"
    );
    // What is not there is no way.
    let bare = || vec![generation(&new(), 1, "FAILED")];
    assert_eq!(
        allow(recover(Recovery::Offsets), bare()),
        "blocked: nothing"
    );
    assert_eq!(
        allow(recover(Recovery::Previous), bare()),
        "blocked: nothing"
    );
}

#[test]
fn another_source_has_no_position_to_go_on_from() {
    let wanted = route_from("other", "r", "out", "new");
    let running = || vec![generation(&old(), 1, "RUNNING")];
    let blocked = decided(running(), &wanted, ORDINARY);
    assert_eq!(step(&blocked), "blocked: nothing");
    insta::assert_snapshot!(blocked.words(), @"`p-r-jgsttodkwm-g1` reads `raw`, the route now `other`, of which there is no position to go on from; pass `--recover r=earliest|latest|TIME`");
    let confirmed = Case {
        permits: Permits {
            recover: Some(Recovery::Start(Start::Latest)),
            ..Permits::default()
        },
        ..ORDINARY
    };
    assert_eq!(
        step(&decided(running(), &wanted, confirmed)),
        "restart: stop g1"
    );
    let stopped = vec![with_offsets(generation(&old(), 1, "STOPPED"))];
    assert_eq!(
        step(&decided(stopped, &wanted, confirmed)),
        "restart: create g2 from latest"
    );
}

#[test]
fn no_position_in_another_topic_is_offered() {
    let wanted = route_from("other", "r", "out", "new");
    let failed = || pair("STOPPED+offsets", "FAILED+offsets");
    for recovery in [Recovery::Offsets, Recovery::Previous] {
        let permits = Permits {
            recover: Some(recovery),
            ..Permits::default()
        };
        let case = Case {
            permits,
            ..ORDINARY
        };
        let decision = decided(failed(), &wanted, case);
        assert_eq!(step(&decision), "blocked: nothing");
        assert!(
            decision
                .words()
                .ends_with("--recover r=earliest|latest|TIME`")
        );
    }
}

#[test]
fn a_stop_without_a_position_is_no_proof_that_nothing_was_read() {
    let tried = |given_up| Case {
        tried: Tried {
            given_up,
            ..Tried::default()
        },
        ..ORDINARY
    };
    let late = || pair("STOPPED+offsets", "STOPPED+late");
    insta::assert_snapshot!(decided(late(), &new(), ORDINARY).words(), @"`p-r-jgsttodkwm-g2` is STOPPED: it shows no position, so it was stopped before it began or its savepoint failed; if it has run, resume it in the console and it goes on; else look at the topic, then pass `--recover r=previous|earliest|latest|TIME`");
    // This run stopped it itself, while it waited for its turn.
    assert_eq!(
        step(&decided(late(), &new(), tried(Some(2)))),
        "resume: create g3 from g1"
    );
    assert_eq!(
        step(&decided(late(), &new(), tried(Some(1)))),
        "blocked: nothing"
    );
    let resumed = decided(pair("RUNNING+late", "FAILED"), &old(), ORDINARY);
    insta::assert_snapshot!(resumed.words(), @"`p-r-jgsttodkwm-g1` is RUNNING; `p-r-jgsttodkwm-g2` is FAILED; `p-r-jgsttodkwm-g1` has changed since: if `p-r-jgsttodkwm-g2` ran and somebody resumed `p-r-jgsttodkwm-g1` after it, events are written twice; look at the topic; delete `p-r-jgsttodkwm-g2` once that is settled");
}

#[test]
fn what_failed_is_not_tried_for_ever() {
    let tried = Case {
        tried: Tried {
            wanted: 1,
            ..Tried::default()
        },
        ..ORDINARY
    };
    let failed = decided(pair("RUNNING", "FAILED"), &new(), tried);
    assert_eq!(step(&failed), "blocked: nothing");
    // It took the place of what ran and failed before it began: what ran before runs again, and then no more.
    let gap = pair("STOPPED+offsets", "FAILED+blaming");
    assert_eq!(
        step(&decided(gap.clone(), &new(), tried)),
        "resume: create g3 from g1 again as g1"
    );
    let both = Case {
        tried: Tried {
            wanted: 1,
            former: true,
            given_up: None,
        },
        ..ORDINARY
    };
    assert_eq!(step(&decided(gap, &new(), both)), "blocked: nothing");
    // The same content before and after: trying again is all that there is.
    let same = || pair_of(&new(), "STOPPED+offsets", &new(), "FAILED+blaming");
    assert_eq!(
        step(&decided(same(), &new(), ORDINARY)),
        "resume: create g3 from g1"
    );
    assert_eq!(step(&decided(same(), &new(), tried)), "blocked: nothing");
}
