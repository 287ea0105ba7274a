//! The protocol held against every interleaving: one or two clients that use the real decision function, act on what
//! they saw some time ago and die anywhere; a service in which a statement fails or waits too long; a human who
//! stops, resumes or deletes something; a topic that grows between any two steps.
//!
//! `world` is the service with its ledger, `client` a run of apply, `view` asks the real function, `search` goes
//! through all that can happen. What must never be is a `Violation`. To try another protocol: a `Mutant`, and a test
//! that it is found out.

mod client;
mod search;
mod view;
mod world;

use client::{Client, DISABLED, Mutant};
use search::{Found, search};
use view::Decider;
use world::{Budget, MOST, Phase, Violation, World};

/// What is there and what is wanted. Content 1 is what runs at first.
#[allow(clippy::struct_excessive_bools, reason = "each is an independent fact")]
#[derive(Clone, Copy)]
struct Setup {
    runs: bool,
    /// Whether the first client looked before anything ran.
    belated: bool,
    wants: (u8, Option<u8>),
    budget: Budget,
    /// Whether `--resume` is given.
    resume: bool,
    /// Whether the service shows the offsets of a failed statement.
    failed_shows: bool,
}

const CALM: Budget = Budget {
    growth: 1,
    failure: 0,
    timeout: 0,
    savepoint: 0,
    human: 0,
    death: 0,
    restart: 0,
};

const REPLACEMENT: Setup = Setup {
    runs: true,
    belated: false,
    wants: (2, None),
    budget: CALM,
    resume: false,
    failed_shows: false,
};

fn explore(setup: Setup, mutant: Option<Mutant>) -> Found {
    let (one, two) = setup.wants;
    let mut world = World {
        statements: [None; MOST],
        clients: [Client::new(one), two.map_or(Client::absent(), Client::new)],
        budget: setup.budget,
        end: 1,
        read: 0,
        has_table: false,
        excused: false,
    };
    if setup.runs {
        world.create(1, 1, 0);
        world.put(1, Phase::Running);
        world.read = world.end;
    }
    if setup.belated {
        world.clients[0] = Client::belated(one);
    }
    let mut decider = Decider::new(mutant, setup.resume, setup.failed_shows);
    search(world, &mut decider)
}

#[track_caller]
fn holds(setup: Setup) -> usize {
    let found = explore(setup, None);
    if let Some((violation, way)) = found.violation {
        panic!("{violation:?}\n{way}");
    }
    found.states
}

#[track_caller]
fn is_found_out(mutant: Mutant, setup: Setup, as_violation: Violation) {
    holds(setup);
    let found = explore(setup, Some(mutant));
    let (violation, way) = found.violation.expect("the search finds nothing wrong");
    assert_eq!(violation, as_violation, "{way}");
}

#[test]
fn one_client_among_accidents() {
    let mut states = 0;
    for (runs, resume, failed_shows) in [
        (true, false, false),
        (true, false, true),
        (true, true, false),
        (false, false, false),
    ] {
        states += holds(Setup {
            runs,
            resume,
            failed_shows,
            budget: Budget {
                failure: 1,
                timeout: 1,
                savepoint: 1,
                human: 1,
                death: 1,
                restart: 1,
                ..CALM
            },
            ..REPLACEMENT
        });
    }
    assert!(states > 10_000, "{states}");
}

#[test]
fn two_clients_that_want_the_same() {
    for runs in [true, false] {
        holds(Setup {
            runs,
            wants: (2, Some(2)),
            budget: Budget {
                failure: 1,
                timeout: 1,
                savepoint: 1,
                human: 1,
                ..CALM
            },
            ..REPLACEMENT
        });
    }
}

#[test]
fn two_clients_that_want_different_things() {
    for (failure, timeout, savepoint, human, death) in
        [(1, 1, 0, 0, 0), (0, 0, 1, 1, 0), (0, 0, 1, 0, 1)]
    {
        holds(Setup {
            wants: (2, Some(3)),
            budget: Budget {
                failure,
                timeout,
                savepoint,
                human,
                death,
                restart: death,
                ..CALM
            },
            ..REPLACEMENT
        });
    }
}

#[test]
fn two_clients_of_which_one_wants_it_to_stand_still() {
    holds(Setup {
        wants: (2, Some(DISABLED)),
        budget: Budget {
            failure: 1,
            savepoint: 1,
            human: 1,
            ..CALM
        },
        ..REPLACEMENT
    });
}

#[test]
fn deleting_a_pending_statement_is_found_out() {
    let setup = Setup {
        wants: (2, Some(3)),
        resume: true,
        budget: Budget { restart: 1, ..CALM },
        ..REPLACEMENT
    };
    is_found_out(Mutant::DeletePending, setup, Violation::Overlap);
}

#[test]
fn names_that_do_not_collide_are_found_out() {
    let setup = Setup {
        wants: (2, Some(3)),
        ..REPLACEMENT
    };
    is_found_out(Mutant::HashNames, setup, Violation::Overlap);
}

#[test]
fn resuming_the_former_statement_is_found_out() {
    let setup = Setup {
        budget: Budget { failure: 1, ..CALM },
        ..REPLACEMENT
    };
    is_found_out(Mutant::ResumeFormer, setup, Violation::Overlap);
}

#[test]
fn deleting_and_creating_anew_is_found_out() {
    is_found_out(Mutant::DeleteThenCreate, REPLACEMENT, Violation::Overlap);
}

#[test]
fn stopping_without_a_version_is_found_out() {
    let setup = Setup {
        wants: (2, Some(3)),
        ..REPLACEMENT
    };
    is_found_out(Mutant::NoVersionGuard, setup, Violation::Outage);
}

#[test]
fn deleting_what_is_retired_at_once_is_found_out() {
    let setup = Setup {
        belated: true,
        wants: (2, Some(3)),
        ..REPLACEMENT
    };
    is_found_out(Mutant::NoRetention, setup, Violation::Overlap);
}

#[test]
fn taking_a_lost_savepoint_for_a_statement_that_never_ran_is_found_out() {
    let setup = Setup {
        budget: Budget {
            savepoint: 1,
            human: 1,
            restart: 1,
            ..CALM
        },
        ..REPLACEMENT
    };
    is_found_out(Mutant::NoOffsetsIsUnborn, setup, Violation::Overlap);
}
