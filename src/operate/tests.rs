//! What follows from a listing: ties, health, and what a name means.

use jiff::SignedDuration;

use super::health::Rules;
use super::inventory::Inventory;
use super::removal::Which;
use super::roster::{Roster, Wanted};
use super::{Scope, Subject};
use crate::api::Statement;
use crate::plan::fixture::{deployed, generation, identity, noon, route, statement, successor};
use crate::statement::DesiredRoute;
use crate::statement::desired::Origin;

fn wanted(route: &DesiredRoute) -> Wanted {
    Wanted {
        identity: route.identity.clone(),
        was: Vec::new(),
        title: route.title.clone(),
        topic: route.identity.topic.clone(),
        is_enabled: route.enabled,
    }
}

fn roster(routes: &[&DesiredRoute], is_complete: bool) -> Roster {
    Roster {
        project: "p".to_owned(),
        target: "t".to_owned(),
        routes: routes.iter().map(|route| wanted(route)).collect(),
        is_complete,
    }
}

/// An inventory with the route `r`, which the project names.
fn inventory(listing: Vec<Statement>) -> Inventory {
    Inventory::new(roster(&[&r()], true), listing)
}

fn r() -> DesiredRoute {
    route("r", "out", "a")
}

fn with_offsets(mut statement: Statement) -> Statement {
    let offsets = "partition:0,offset:7".to_owned();
    statement
        .status
        .latest_offsets
        .insert("raw".to_owned(), offsets);
    statement
}

/// Each statement with its tie, by generation.
fn ties(inventory: &Inventory) -> String {
    let of = |one: &Statement| {
        let (_, generation) = one.name.rsplit_once('-').unwrap();
        let tie = inventory
            .tie(one)
            .map_or("free".to_owned(), |tie| tie.to_string());
        format!("{generation} {}: {tie}", one.status.phase)
    };
    let all: Vec<_> = inventory.all().map(of).collect();
    all.join("\n")
}

#[test]
fn regression_15_what_is_needed_for_its_offsets_is_tied() {
    let r = r();
    let waiting = inventory(vec![
        generation(&r, 1, "FAILED"),
        successor(&r, 1, 2, "PENDING"),
    ]);
    insta::assert_snapshot!(ties(&waiting), @"
    g1 FAILED: `p-r-jgsttodkwm-g2` goes on from its position
    g2 PENDING: it says how far route `r` is
    ");
    let both_failed = inventory(vec![
        generation(&r, 1, "FAILED"),
        successor(&r, 1, 2, "FAILED"),
    ]);
    insta::assert_snapshot!(ties(&both_failed), @"
    g1 FAILED: `p-r-jgsttodkwm-g2` goes on from its position
    g2 FAILED: it says how far route `r` is
    ");
    let recoverable = inventory(vec![
        with_offsets(generation(&r, 1, "STOPPED")),
        successor(&r, 1, 2, "FAILED"),
    ]);
    insta::assert_snapshot!(ties(&recoverable), @"
    g1 STOPPED: `p-r-jgsttodkwm-g2` goes on from its position
    g2 FAILED: it says how far route `r` is
    ");
    let never_ran = inventory(vec![
        generation(&r, 1, "RUNNING"),
        successor(&r, 1, 2, "FAILED"),
    ]);
    insta::assert_snapshot!(ties(&never_ran), @"
    g1 RUNNING: it says how far route `r` is
    g2 FAILED: free
    ");
    let chain = inventory(vec![
        generation(&r, 1, "FAILED"),
        successor(&r, 1, 2, "FAILED"),
        successor(&r, 2, 3, "RUNNING"),
    ]);
    insta::assert_snapshot!(ties(&chain), @"
    g1 FAILED: free
    g2 FAILED: `p-r-jgsttodkwm-g3` goes on from its position
    g3 RUNNING: it says how far route `r` is
    ");
    let leaving = inventory(vec![
        generation(&r, 1, "STOPPED"),
        successor(&r, 1, 2, "DELETING"),
    ]);
    insta::assert_snapshot!(ties(&leaving), @"
    g1 STOPPED: it says how far route `r` is
    g2 DELETING: free
    ");
}

#[test]
fn regression_12_what_may_belong_to_a_route_is_tied_while_routes_cannot_be_read() {
    let gone = route("gone", "out-gone", "a");
    let listing = || {
        vec![
            generation(&gone, 1, "FAILED"),
            successor(&gone, 1, 2, "FAILED"),
        ]
    };
    let whole = inventory(listing());
    insta::assert_snapshot!(ties(&whole), @"
    g1 FAILED: free
    g2 FAILED: free
    ");
    let broken = Inventory::new(roster(&[&r()], false), listing());
    insta::assert_snapshot!(ties(&broken), @"
    g1 FAILED: `p-gone-vw77b7hey5-g2` goes on from its position
    g2 FAILED: a route may go on from its position: not every route file can be read
    ");
}

#[test]
fn regression_13_statements_of_others_count_as_heirs_and_are_tied_where_others_know() {
    let r = r();
    let mut theirs = successor(&r, 1, 7, "PENDING");
    theirs.metadata.labels.clear();
    let listing = vec![
        generation(&r, 1, "FAILED"),
        generation(&r, 2, "RUNNING"),
        theirs,
    ];
    insta::assert_snapshot!(ties(&inventory(listing)), @"
    g1 FAILED: `p-r-jgsttodkwm-g7` goes on from its position
    g2 RUNNING: it says how far route `r` is
    g7 PENDING: free
    ");
    let mut other = generation(&r, 1, "FAILED");
    other.metadata.labels = other
        .metadata
        .labels
        .into_iter()
        .map(|(key, value)| (key.replace("project-p", "project-q"), value))
        .collect();
    let inventory = inventory(vec![other]);
    insta::assert_snapshot!(ties(&inventory), @"g1 FAILED: it belongs to the routectl project `q` on target `t`, where a route may go on from its position");
    assert_eq!(inventory.over(Which::Over, Scope::Own).len(), 0);
    assert_eq!(inventory.over(Which::Over, Scope::Everyone).len(), 1);
}

/// How everything does, a line each.
fn health(inventory: &Inventory, settle: SignedDuration) -> String {
    let rules = Rules {
        now: noon(),
        settle,
    };
    let of = |one: super::health::Health<'_>| {
        let verdict = if one.is_healthy { "ok" } else { "unhealthy" };
        let line = format!("{} {verdict}: {}", one.place.title(), one.why);
        line.trim_end_matches([' ', ':']).to_owned()
    };
    let all: Vec<_> = inventory.health(rules).into_iter().map(of).collect();
    all.join("\n")
}

const PHASES: [&str; 10] = [
    "PENDING",
    "RUNNING",
    "DEGRADED",
    "FAILING",
    "FAILED",
    "STOPPING",
    "STOPPED",
    "COMPLETED",
    "DELETING",
    "HIBERNATING",
];

#[test]
fn regression_6_every_phase_has_its_verdict() {
    let (r, day) = (r(), SignedDuration::from_hours(24));
    let disabled = DesiredRoute {
        enabled: false,
        ..r.clone()
    };
    let of = |roster: Roster, phase: &str| {
        let inventory = Inventory::new(roster, vec![generation(&r, 1, phase)]);
        format!("{phase}: {}", health(&inventory, day))
    };
    let table = |routes: &[&DesiredRoute], is_complete| {
        let rows = PHASES.map(|phase| of(roster(routes, is_complete), phase));
        rows.join("\n")
    };
    insta::assert_snapshot!(table(&[&r], true), @"
    PENDING: r ok
    RUNNING: r ok
    DEGRADED: r unhealthy
    FAILING: r unhealthy
    FAILED: r unhealthy
    STOPPING: r unhealthy: the route is enabled; `routectl resume` goes on where it stopped
    STOPPED: r unhealthy: the route is enabled; `routectl resume` goes on where it stopped
    COMPLETED: r unhealthy: it has ended, though its source never ends
    DELETING: r unhealthy
    HIBERNATING: r unhealthy: this phase is unknown; a newer version of routectl may know it
    ");
    insta::assert_snapshot!(table(&[&disabled], true), @"
    PENDING: r unhealthy: the route is disabled; `routectl apply` stops it
    RUNNING: r unhealthy: the route is disabled; `routectl apply` stops it
    DEGRADED: r unhealthy: the route is disabled; `routectl apply` stops it
    FAILING: r unhealthy
    FAILED: r unhealthy
    STOPPING: r ok: disabled; its position is kept
    STOPPED: r ok: disabled; its position is kept
    COMPLETED: r unhealthy: it has ended, though its source never ends
    DELETING: r unhealthy
    HIBERNATING: r unhealthy: this phase is unknown; a newer version of routectl may know it
    ");
    insta::assert_snapshot!(table(&[], true), @"
    PENDING: (orphaned) ok: no route of the project has its id; `apply --prune` deletes it
    RUNNING: (orphaned) ok: no route of the project has its id; `apply --prune` deletes it
    DEGRADED: (orphaned) unhealthy
    FAILING: (orphaned) unhealthy
    FAILED: (orphaned) unhealthy
    STOPPING: (orphaned) ok: no route of the project has its id; `apply --prune` deletes it
    STOPPED: (orphaned) ok: no route of the project has its id; `apply --prune` deletes it
    COMPLETED: (orphaned) unhealthy
    DELETING: (orphaned) ok: no route of the project has its id; `apply --prune` deletes it
    HIBERNATING: (orphaned) unhealthy: this phase is unknown; a newer version of routectl may know it
    ");
    insta::assert_snapshot!(of(roster(&[], false), "RUNNING"), @"RUNNING: (unknown) ok: no route that could be read has its id, and not all could");
}

#[test]
fn regression_6_pending_is_unhealthy_once_it_lasts() {
    let inventory = inventory(vec![generation(&r(), 1, "PENDING")]);
    insta::assert_snapshot!(health(&inventory, SignedDuration::from_mins(59)), @"r unhealthy: created 1h ago");
    insta::assert_snapshot!(health(&inventory, SignedDuration::from_hours(1)), @"r ok");
}

#[test]
fn generations_are_judged_together() {
    let r = r();
    let judged = |listing| health(&inventory(listing), SignedDuration::ZERO);
    let g1 = |phase: &str| with_offsets(generation(&r, 1, phase));
    insta::assert_snapshot!(judged(vec![]), @"r unhealthy: not deployed; `routectl plan` says what `apply` would do");
    insta::assert_snapshot!(judged(vec![g1("STOPPED"), successor(&r, 1, 2, "RUNNING")]), @"r ok");
    insta::assert_snapshot!(judged(vec![g1("RUNNING"), successor(&r, 1, 2, "RUNNING")]), @"r unhealthy: `p-r-jgsttodkwm-g1` and `p-r-jgsttodkwm-g2` run side by side: events are written twice");
    insta::assert_snapshot!(judged(vec![g1("RUNNING"), successor(&r, 1, 2, "FAILED")]), @"r unhealthy: `p-r-jgsttodkwm-g1` runs on in its place");
    insta::assert_snapshot!(judged(vec![g1("RUNNING"), successor(&r, 1, 2, "STOPPED")]), @"r ok");
}

#[test]
fn a_route_goes_by_its_former_name_too() {
    let r = r();
    let mut roster = roster(&[&r], true);
    roster.routes[0].was = vec![identity("old", "out")];
    let old = route("old", "out", "a");
    let origin = Origin::CarryOver(old.identity.name(3).to_string());
    let listing = vec![
        generation(&old, 3, "STOPPED"),
        deployed(&r, 1, &origin, "RUNNING"),
    ];
    let inventory = Inventory::new(roster, listing);
    insta::assert_snapshot!(health(&inventory, SignedDuration::ZERO), @"r ok");
    insta::assert_snapshot!(ties(&inventory), @"
    g1 RUNNING: it says how far route `r` is
    g3 STOPPED: `p-r-jgsttodkwm-g1` goes on from its position
    ");
    let Ok(Subject::Route(_, generations)) = inventory.find("r", false) else {
        panic!("it is a route");
    };
    assert_eq!(generations.len(), 2);
}

#[test]
fn names_that_mean_nothing_say_what_was_meant() {
    let (one, two) = (route("two", "a", "x"), route("two", "b", "x"));
    let titled = |route: &DesiredRoute| DesiredRoute {
        title: format!("two -> {}", route.identity.topic),
        ..route.clone()
    };
    let roster = |is_complete| roster(&[&r(), &titled(&one), &titled(&two)], is_complete);
    let mut theirs = statement(&crate::api::NewStatement::default(), "RUNNING");
    theirs.name = "theirs".to_owned();
    theirs.spec.principal = Some("sa-7".to_owned());
    let inventory = Inventory::new(roster(true), vec![theirs]);
    let why = |name: &str| inventory.find(name, false).unwrap_err().to_string();
    insta::assert_snapshot!(why("two"), @"route `two` has several topics; name one: `two -> a`, `two -> b`");
    insta::assert_snapshot!(why("two -> a"), @"route `two -> a` is not deployed on target `t`; `routectl plan` says what is");
    insta::assert_snapshot!(why("tow -> a"), @"the project has no route or statement `tow -> a` on target `t`; did you mean `two -> a`?");
    insta::assert_snapshot!(why("theirs"), @"`theirs` is not this project's on target `t`: it has no labels and it runs as `sa-7`; pass `--all-owners` if you mean it all the same");
    assert!(inventory.find("theirs", true).is_ok());
    let broken = Inventory::new(roster(false), Vec::new());
    insta::assert_snapshot!(broken.find("new", false).unwrap_err(), @"the project has no route or statement `new` on target `t`; not every route file can be read: name its statement, which `routectl list` shows");
}
