//! Every row of the protocol's table, and the rules beside it.

mod positions;

use serde_json::json;

use super::*;
use crate::api::Statement;
use crate::plan::fixture::*;

/// What differs from the ordinary: the permits, what was tried, the time that has passed.
#[derive(Clone, Copy)]
struct Case {
    permits: Permits,
    tried: Tried,
    settled: bool,
    later: SignedDuration,
}

const ORDINARY: Case = Case {
    permits: Permits {
        resume: false,
        refresh: false,
        recover: None,
    },
    tried: Tried {
        wanted: 0,
        former: false,
        given_up: None,
    },
    settled: false,
    later: SignedDuration::ZERO,
};

fn new() -> DesiredRoute {
    route("r", "out", "new")
}

fn old() -> DesiredRoute {
    route("r", "out", "old")
}

fn with_offsets(mut statement: Statement) -> Statement {
    let offsets = [("raw".to_owned(), "partition:0,offset:7".to_owned())];
    statement.status.latest_offsets = offsets.into();
    let stopped = noon() - SignedDuration::from_mins(30);
    let other = &mut statement.status.other;
    other.insert("latest_offsets_timestamp".to_owned(), json!(stopped));
    statement
}

fn waiting(mut statement: Statement) -> Statement {
    let reference = statement.spec.properties["sql.tables.initial-offset-from"].clone();
    statement.status.detail = format!(
        "Statement is currently pending until referenced statement {reference} is stopped. If {reference} is not stopped before 2026-03-01T17:00:00Z, this statement will fail."
    );
    statement
}

fn decided(statements: Vec<Statement>, wanted: &DesiredRoute, case: Case) -> Decision {
    let mut found = live(statements);
    let statements = found.routes.pop_first().map(|(_, statements)| statements);
    let statements = statements.unwrap_or_default();
    let around = Surroundings::default();
    let view = View {
        statements: &statements,
        around: &around,
    };
    let rules = Rules {
        now: noon() + case.later,
        permits: case.permits,
        tried: case.tried,
        settled: case.settled,
    };
    let placement = placement("lfcp-1");
    decide(view, Wish::Route(wanted, &placement), &rules).unwrap()
}

/// The step in a few words, generations for names.
fn step(decision: &Decision) -> String {
    let generation = |name: &str| {
        StatementName::parse(name).map_or(name.to_owned(), |name| format!("g{}", name.generation()))
    };
    let step = match &decision.step {
        Step::Create(creation) => {
            let origin = match &creation.origin {
                Origin::Start(start) => start.to_string(),
                Origin::CarryOver(name) => generation(name),
                Origin::Offsets(_) => "offsets".to_owned(),
            };
            let again = creation.again.as_deref().map(generation);
            let again = again.map_or(String::new(), |name| format!(" again as {name}"));
            format!(
                "create g{} from {origin}{again}",
                creation.name.generation()
            )
        }
        Step::Stop(seen) => format!("stop {}", generation(&seen.name)),
        Step::Delete(seen) => format!("delete {}", generation(&seen.name)),
        Step::Wait => "wait".to_owned(),
        Step::Nothing => "nothing".to_owned(),
    };
    format!("{}: {step}", decision.action.word())
}

/// g1 in one state, g2 that goes on from it in another.
fn pair(reference: &str, head: &str) -> Vec<Statement> {
    pair_of(&old(), reference, &new(), head)
}

fn pair_of(
    before: &DesiredRoute,
    reference: &str,
    after: &DesiredRoute,
    head: &str,
) -> Vec<Statement> {
    let make = |statement: Statement, state: &str| match state.split_once('+') {
        Some((_, "offsets")) => with_offsets(statement),
        Some((_, "waiting")) => waiting(statement),
        Some((_, "blaming")) => {
            let mut statement = statement;
            let reference = &statement.spec.properties["sql.tables.initial-offset-from"];
            statement.status.detail =
                format!("The referenced statement {reference} was not stopped");
            statement
        }
        Some((_, "blaming late")) => {
            let mut statement = statement;
            let reference = &statement.spec.properties["sql.tables.initial-offset-from"];
            statement.status.detail =
                format!("The referenced statement {reference} was not stopped");
            statement.metadata.updated_at = Some(noon());
            statement
        }
        Some((_, "late")) => {
            let mut statement = statement;
            statement.metadata.updated_at = Some(noon());
            statement
        }
        _ => statement,
    };
    let phase = |state: &str| state.split('+').next().unwrap_or_default().to_owned();
    let first = generation(before, 1, &phase(reference));
    let second = successor(after, 1, 2, &phase(head));
    let mut all = Vec::new();
    if reference != "none" {
        all.push(make(first, reference));
    }
    all.push(make(second, head));
    all
}

/// States of the reference and of the head.
const ROWS: &[(&str, &str)] = &[
    ("RUNNING", "DELETING"),
    ("RUNNING", "STOPPING"),
    ("STOPPING", "PENDING"),
    ("FAILING", "PENDING"),
    ("RUNNING", "PENDING+waiting"),
    ("DEGRADED", "PENDING+waiting"),
    ("RUNNING", "PENDING"),
    ("FAILED", "PENDING+waiting"),
    ("PENDING", "PENDING+waiting"),
    ("STOPPED+offsets", "PENDING"),
    ("none", "PENDING"),
    ("RUNNING", "RUNNING"),
    ("PENDING", "DEGRADED"),
    ("FAILING", "RUNNING"),
    ("STOPPED+offsets", "RUNNING"),
    ("FAILED", "DEGRADED"),
    ("none", "RUNNING"),
    ("DELETING", "RUNNING"),
    ("RUNNING", "FAILED"),
    ("RUNNING", "STOPPED"),
    ("RUNNING+late", "FAILED"),
    ("RUNNING+late", "FAILED+blaming"),
    ("RUNNING+late", "STOPPED"),
    ("RUNNING", "FAILED+offsets"),
    ("RUNNING", "STOPPED+offsets"),
    ("PENDING", "FAILED"),
    ("STOPPED+offsets", "STOPPED"),
    ("STOPPED+offsets", "STOPPED+late"),
    ("STOPPED", "STOPPED"),
    ("STOPPED+offsets", "FAILED"),
    ("STOPPED+offsets", "FAILED+blaming"),
    ("STOPPED+offsets", "FAILED+blaming late"),
    ("STOPPED+offsets", "FAILED+offsets"),
    ("STOPPED+offsets", "STOPPED+offsets"),
    ("none", "STOPPED+offsets"),
    ("none", "STOPPED"),
    ("FAILED", "FAILED"),
    ("FAILED", "STOPPED"),
    ("none", "FAILED"),
    ("RUNNING", "COMPLETED"),
    ("RUNNING", "HIBERNATING"),
    ("HIBERNATING", "RUNNING"),
];

#[test]
fn every_row_of_the_table() {
    let lines = ROWS.iter().map(|&(reference, head)| {
        let decide = |wanted| step(&decided(pair(reference, head), &wanted, ORDINARY));
        let (same, other) = (decide(new()), decide(route("r", "out", "newer")));
        let line = format!("{reference:<16}{head:<20}{same:<42}{other}");
        line.trim_end().to_owned()
    });
    let head = format!(
        "{:<16}{:<20}{:<42}other content",
        "reference", "head", "same content"
    );
    let lines: Vec<String> = std::iter::once(head).chain(lines).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    reference       head                same content                              other content
    RUNNING         DELETING            wait: wait                                wait: wait
    RUNNING         STOPPING            wait: wait                                wait: wait
    STOPPING        PENDING             wait: wait                                wait: wait
    FAILING         PENDING             wait: wait                                wait: wait
    RUNNING         PENDING+waiting     replace: stop g1                          replace: stop g2
    DEGRADED        PENDING+waiting     replace: stop g1                          replace: stop g2
    RUNNING         PENDING             replace: wait                             replace: stop g2
    FAILED          PENDING+waiting     replace: stop g2                          replace: stop g2
    PENDING         PENDING+waiting     wait: wait                                wait: wait
    STOPPED+offsets PENDING             wait: wait                                wait: wait
    none            PENDING             replace: stop g2                          replace: stop g2
    RUNNING         RUNNING             conflict: stop g1                         conflict: stop g1
    PENDING         DEGRADED            conflict: stop g1                         conflict: stop g1
    FAILING         RUNNING             conflict: wait                            conflict: wait
    STOPPED+offsets RUNNING             keep: nothing                             replace: create g3 from g2
    FAILED          DEGRADED            unhealthy: nothing                        replace: create g3 from g2
    none            RUNNING             keep: nothing                             replace: create g3 from g2
    DELETING        RUNNING             keep: nothing                             replace: create g3 from g2
    RUNNING         FAILED              replace: create g3 from g1                replace: create g3 from g1
    RUNNING         STOPPED             replace: create g3 from g1                replace: create g3 from g1
    RUNNING+late    FAILED              replace: create g3 from g1                replace: create g3 from g1
    RUNNING+late    FAILED+blaming      replace: create g3 from g1                replace: create g3 from g1
    RUNNING+late    STOPPED             replace: create g3 from g1                replace: create g3 from g1
    RUNNING         FAILED+offsets      conflict: nothing                         conflict: nothing
    RUNNING         STOPPED+offsets     conflict: nothing                         conflict: nothing
    PENDING         FAILED              wait: wait                                wait: wait
    STOPPED+offsets STOPPED             resume: create g3 from g1                 resume: create g3 from g1
    STOPPED+offsets STOPPED+late        blocked: nothing                          blocked: nothing
    STOPPED         STOPPED             blocked: nothing                          blocked: nothing
    STOPPED+offsets FAILED              blocked: nothing                          blocked: nothing
    STOPPED+offsets FAILED+blaming      resume: create g3 from g1 again as g1     resume: create g3 from g1
    STOPPED+offsets FAILED+blaming late blocked: nothing                          blocked: nothing
    STOPPED+offsets FAILED+offsets      blocked: nothing                          blocked: nothing
    STOPPED+offsets STOPPED+offsets     blocked: nothing                          blocked: nothing
    none            STOPPED+offsets     blocked: nothing                          blocked: nothing
    none            STOPPED             blocked: nothing                          blocked: nothing
    FAILED          FAILED              blocked: nothing                          blocked: nothing
    FAILED          STOPPED             blocked: nothing                          blocked: nothing
    none            FAILED              blocked: nothing                          blocked: nothing
    RUNNING         COMPLETED           blocked: nothing                          blocked: nothing
    RUNNING         HIBERNATING         blocked: nothing                          blocked: nothing
    HIBERNATING     RUNNING             blocked: nothing                          blocked: nothing
    ");
}

#[test]
fn a_lone_statement() {
    let lines = ["PENDING", "RUNNING", "STOPPED", "STOPPED+offsets", "FAILED"].map(|state| {
        let phase = state.split('+').next().unwrap();
        let mut one = generation(&new(), 1, phase);
        if state.contains("offsets") {
            one = with_offsets(one);
        }
        let decision = decided(vec![one.clone()], &new(), ORDINARY);
        let disabled = decided(vec![one], &disabled(new()), ORDINARY);
        let line = format!("{state:<16}{:<34}{}", step(&decision), step(&disabled));
        line.trim_end().to_owned()
    });
    insta::assert_snapshot!(lines.join("\n"), @"
    PENDING         wait: wait                        stop: stop g1
    RUNNING         keep: nothing                     stop: stop g1
    STOPPED         blocked: nothing                  keep: nothing
    STOPPED+offsets blocked: nothing                  keep: nothing
    FAILED          blocked: nothing                  keep: nothing
    ");
    assert_eq!(
        step(&decided(vec![], &new(), ORDINARY)),
        "create: create g1 from earliest"
    );
}

#[test]
fn time_runs_out_for_one_that_waits() {
    let at = |minutes: i64| {
        let later = SignedDuration::from_mins(minutes);
        step(&decided(
            pair("RUNNING", "PENDING+waiting"),
            &new(),
            Case { later, ..ORDINARY },
        ))
    };
    // It says that it fails at 17:00.
    assert_eq!(at(4 * 60 + 44), "replace: stop g1");
    assert_eq!(at(4 * 60 + 45), "replace: stop g2");
    // What has stood still and started again is not at its first start.
    let later = SignedDuration::from_hours(6);
    let again = decided(pair("none", "PENDING"), &new(), Case { later, ..ORDINARY });
    assert_eq!(step(&again), "wait: wait");
}

#[test]
fn what_is_retired_goes_oldest_first_once_the_head_has_proved_itself() {
    let statements = || {
        let mut all = pair("STOPPED+offsets", "RUNNING");
        all.push(successor(&new(), 2, 3, "RUNNING"));
        all[1] = with_offsets(successor(&old(), 1, 2, "STOPPED"));
        all
    };
    let settled = Case {
        settled: true,
        ..ORDINARY
    };
    assert_eq!(
        step(&decided(statements(), &new(), ORDINARY)),
        "keep: nothing"
    );
    assert_eq!(
        step(&decided(statements(), &new(), settled)),
        "keep: delete g1"
    );
    let rest = statements().split_off(1);
    assert_eq!(step(&decided(rest, &new(), settled)), "keep: delete g2");
    let mut fresh = statements();
    for one in &mut fresh {
        one.metadata.updated_at = Some(noon() - SignedDuration::from_mins(9));
    }
    assert_eq!(step(&decided(fresh, &new(), settled)), "keep: nothing");
    // The highest one stays, also where it never ran.
    let failed = decided(pair("RUNNING", "FAILED"), &old(), settled);
    assert_eq!(step(&failed), "keep: nothing");
    assert!(
        failed.reason.contains("-g2` is FAILED, and has never run"),
        "{}",
        failed.reason
    );
}

#[test]
fn somebody_who_resumed_what_is_retired_is_a_conflict() {
    let mut all = pair("STOPPED+offsets", "STOPPED+offsets");
    all.push(successor(&new(), 2, 3, "RUNNING"));
    all[0] = generation(&old(), 1, "RUNNING");
    let found = decided(all, &new(), ORDINARY);
    assert_eq!(step(&found), "conflict: stop g1");
    assert!(found.reason.contains("-g1` is RUNNING"), "{}", found.reason);
    // Before a takeover too: both would go on from the same place.
    let mut all = pair("RUNNING", "PENDING+waiting");
    all.push(waiting(successor(&new(), 1, 3, "PENDING")));
    assert_eq!(step(&decided(all, &new(), ORDINARY)), "conflict: stop g2");
}

#[test]
fn a_disabled_route_stops_the_newest_first() {
    let decide =
        |reference, head| step(&decided(pair(reference, head), &disabled(new()), ORDINARY));
    assert_eq!(decide("RUNNING", "PENDING+waiting"), "stop: stop g2");
    assert_eq!(decide("RUNNING", "STOPPING"), "wait: wait");
    assert_eq!(decide("RUNNING", "STOPPED"), "stop: stop g1");
    assert_eq!(decide("STOPPED+offsets", "STOPPED"), "keep: nothing");
}

#[test]
fn what_is_in_an_unknown_phase_is_not_deleted() {
    let found = live(pair("STOPPED+offsets", "HIBERNATING"));
    let statements = found.routes.into_values().next().unwrap();
    let view = View {
        statements: &statements,
        around: &Surroundings::default(),
    };
    let rules = Rules {
        now: noon(),
        permits: Permits::default(),
        tried: Tried::default(),
        settled: false,
    };
    let decision = decide(view, Wish::Gone { prune: true }, &rules).unwrap();
    assert_eq!(step(&decision), "blocked: nothing");
}
