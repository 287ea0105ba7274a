//! Judgements over every phase, plans of whole projects, and how they are printed.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::api::{NewStatement, Phase, Statement};
use crate::project::start::Start;
use crate::statement::{DesiredRoute, Fingerprint, Identity, Placement};

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

fn placement(pool: &str) -> Placement {
    Placement {
        catalog: "env".to_owned(),
        database: "lkc".to_owned(),
        compute_pool: Some(pool.to_owned()),
        principal: Some("sa-1".to_owned()),
    }
}

fn route(name: &str, topic: &str, condition: &str) -> DesiredRoute {
    let text =
        format!("INSERT INTO `{topic}` (`id`) SELECT `id` FROM `raw` WHERE `id` = '{condition}'");
    DesiredRoute {
        identity: Identity {
            project: "p".to_owned(),
            target: "t".to_owned(),
            route: name.to_owned(),
            topic: topic.to_owned(),
        },
        title: name.to_owned(),
        source: "raw".to_owned(),
        fingerprint: Fingerprint::new(&text, &text, &BTreeMap::new()),
        text,
        enabled: true,
        start: Start::Earliest,
    }
}

fn desired(routes: impl IntoIterator<Item = DesiredRoute>) -> Desired {
    let routes = routes.into_iter();
    Desired {
        project: "p".to_owned(),
        target: "t".to_owned(),
        placement: placement("lfcp-1"),
        tables: BTreeMap::new(),
        routes: routes.map(|route| (route.identity.id(), route)).collect(),
    }
}

/// What the service makes of a new statement.
fn statement(new: &NewStatement, phase: &str) -> Statement {
    let labels: BTreeMap<_, _> = new.labels.iter().map(|key| (key, "true")).collect();
    serde_json::from_value(json!({
        "name": new.name,
        "metadata": {"uid": format!("uid of {}", new.name), "resource_version": "1", "labels": labels},
        "spec": {
            "statement": new.sql, "properties": new.properties,
            "compute_pool_id": new.compute_pool, "principal": new.principal,
        },
        "status": {"phase": phase},
    }))
    .unwrap()
}

/// A generation of a route as it was deployed.
fn generation(route: &DesiredRoute, generation: u64, phase: &str) -> Statement {
    let name = route.identity.name(generation);
    statement(&desired([]).first_statement(route, &name, None), phase)
}

fn live(statements: impl IntoIterator<Item = Statement>) -> Live {
    Live::new(statements.into_iter().collect(), "p", "t")
}

/// The words for what is to be done about each route.
fn words(plan: &Plan) -> String {
    let words = plan.entries.iter().map(|entry| {
        let word = match entry.judgement.action {
            Action::KeepUnhealthy => "unhealthy",
            ref action => action.word(),
        };
        format!("{}: {word}", entry.route)
    });
    words.collect::<Vec<_>>().join("\n")
}

#[test]
fn regression_6_every_phase_is_told_apart() {
    let same = route("r", "out", "a");
    let other = route("r", "out", "b");
    let disabled = DesiredRoute {
        enabled: false,
        ..same.clone()
    };
    let moved = Desired {
        placement: placement("lfcp-2"),
        ..desired([same.clone()])
    };
    let columns = [
        ("same", desired([same.clone()])),
        ("changed", desired([other])),
        ("moved", moved),
        ("disabled", desired([disabled])),
        ("removed", desired([])),
    ];
    let judge = |desired: &Desired, phase| {
        let plan = Plan::new(desired, &live([generation(&same, 1, phase)]), true);
        words(&plan).rsplit(' ').next().unwrap().to_owned()
    };
    let line = |first: &str, rest: Vec<String>| {
        let rest: Vec<_> = rest.iter().map(|cell| format!("{cell:<9}")).collect();
        let line = format!("{first:<11} {}", rest.join(" "));
        line.trim_end().to_owned()
    };
    let heads = columns.iter().map(|(name, _)| (*name).to_owned());
    let mut lines = vec![line("phase", heads.collect())];
    for phase in PHASES {
        let cells = columns.iter().map(|(_, desired)| judge(desired, phase));
        lines.push(line(phase, cells.collect()));
    }
    insta::assert_snapshot!(lines.join("\n"), @"
    phase       same      changed   moved     disabled  removed
    PENDING     wait      wait      wait      stop      delete
    RUNNING     keep      replace   update    stop      delete
    DEGRADED    unhealthy replace   update    stop      delete
    FAILING     wait      wait      wait      wait      delete
    FAILED      blocked   blocked   blocked   keep      delete
    STOPPING    wait      wait      wait      wait      delete
    STOPPED     blocked   blocked   blocked   keep      delete
    COMPLETED   blocked   blocked   blocked   keep      delete
    DELETING    wait      wait      wait      wait      delete
    HIBERNATING blocked   blocked   blocked   blocked   delete
    ");
}

#[test]
fn nothing_live_means_create_unless_disabled_or_unwanted() {
    let enabled = route("a", "out-a", "x");
    let disabled = DesiredRoute {
        enabled: false,
        ..route("b", "out-b", "x")
    };
    let plan = Plan::new(&desired([enabled, disabled]), &live([]), true);
    assert_eq!(words(&plan), "a: create");
    let Action::Create { name, start } = &plan.entries[0].judgement.action else {
        panic!("{plan:?}");
    };
    assert_eq!((name.generation(), *start), (1, Start::Earliest));
}

#[test]
fn what_the_target_does_not_say_is_not_compared() {
    let wanted = Desired {
        placement: Placement {
            compute_pool: None,
            principal: None,
            ..placement("")
        },
        ..desired([route("r", "out", "a")])
    };
    let live = live([generation(&route("r", "out", "a"), 1, "RUNNING")]);
    assert_eq!(words(&Plan::new(&wanted, &live, false)), "r: keep");
}

#[test]
fn another_rendering_is_kept_and_lost_labels_block() {
    let old = route("r", "out", "a");
    let mut new = old.clone();
    new.fingerprint.text = "another".to_owned();
    let plan = Plan::new(
        &desired([new.clone()]),
        &live([generation(&old, 1, "RUNNING")]),
        false,
    );
    assert_eq!(words(&plan), "r: keep");
    let mut unlabelled = generation(&old, 1, "RUNNING");
    unlabelled
        .metadata
        .labels
        .retain(|key, _| !key.contains("content"));
    let plan = Plan::new(&desired([new]), &live([unlabelled]), false);
    assert_eq!(words(&plan), "r: blocked");
}

#[test]
fn a_route_that_runs_twice_is_a_conflict_and_is_stopped_twice_when_disabled() {
    let one = route("r", "out", "a");
    let both = || {
        live([
            generation(&one, 2, "RUNNING"),
            generation(&one, 1, "RUNNING"),
        ])
    };
    let plan = Plan::new(&desired([one.clone()]), &both(), false);
    assert_eq!(words(&plan), "r: conflict");
    assert!(!plan.is_sound() && !plan.summary().has_changes());
    let disabled = DesiredRoute {
        enabled: false,
        ..one.clone()
    };
    let plan = Plan::new(&desired([disabled]), &both(), false);
    let Action::Stop { statements } = &plan.entries[0].judgement.action else {
        panic!("{plan:?}");
    };
    assert_eq!(statements.len(), 2);
}

#[test]
fn what_is_deleted_goes_oldest_first() {
    let gone = route("r", "out", "a");
    let statements = [10, 9, 1].map(|number| generation(&gone, number, "STOPPED"));
    let plan = Plan::new(&desired([]), &live(statements), true);
    let Action::Delete { statements } = &plan.entries[0].judgement.action else {
        panic!("{plan:?}");
    };
    let generations: Vec<_> = statements
        .iter()
        .map(|seen| seen.name.rsplit_once("-g").unwrap().1)
        .collect();
    assert_eq!(generations, ["1", "9", "10"]);
}

#[test]
fn regression_10_a_renamed_route_neither_reads_again_nor_loses_its_position() {
    let old = route("old", "out", "a");
    let renamed = desired([route("new", "out", "a"), route("other", "elsewhere", "a")]);
    let live = live([generation(&old, 1, "RUNNING")]);
    for prune in [false, true] {
        let plan = Plan::new(&renamed, &live, prune);
        let words = words(&plan);
        assert!(words.contains("new: blocked"), "{words}");
        assert!(words.contains("other: create"), "{words}");
        assert!(!words.contains("delete"), "{words}");
    }
}

#[test]
fn regression_13_statements_are_ours_by_label_alone() {
    let ours = route("r", "out", "a");
    let foreign = |change: fn(&mut BTreeMap<String, String>)| {
        let mut statement = generation(&ours, 1, "RUNNING");
        change(&mut statement.metadata.labels);
        statement
    };
    for statement in [
        foreign(BTreeMap::clear),
        foreign(|labels| labels.retain(|key, _| !key.contains("project"))),
        foreign(|labels| labels.retain(|key, _| !key.contains("target"))),
        foreign(|labels| labels.retain(|key, _| !key.ends_with("/routectl"))),
        foreign(|labels| {
            for value in labels.values_mut() {
                "false".clone_into(value);
            }
        }),
    ] {
        let live = live([statement]);
        assert_eq!(live.statements().count(), 0);
        assert!(live.finished().is_empty() && live.unrecognized.is_empty());
        assert!(Plan::new(&desired([]), &live, true).entries.is_empty());
    }
}

#[test]
fn regression_15_what_a_live_statement_goes_on_from_is_not_finished() {
    let one = route("r", "out", "a");
    let mut successor = generation(&one, 2, "PENDING");
    successor.spec.properties.insert(
        "sql.tables.initial-offset-from".to_owned(),
        one.identity.name(1).to_string(),
    );
    let live = live([
        generation(&one, 1, "FAILED"),
        successor,
        generation(&route("s", "out-s", "a"), 1, "COMPLETED"),
    ]);
    let finished: Vec<_> = live
        .finished()
        .iter()
        .map(|one| (one.statement.name.clone(), one.is_head))
        .collect();
    let expected = route("s", "out-s", "a").identity.name(1).to_string();
    assert_eq!(finished, [(expected, true)]);
}

fn sample() -> Plan {
    let (kept, failed) = (
        route("kept", "out-kept", "a"),
        route("failed", "out-failed", "a"),
    );
    let disabled = DesiredRoute {
        enabled: false,
        ..route("disabled", "out-disabled", "a")
    };
    let mut why = generation(&failed, 1, "FAILED");
    why.status.detail = "Table 'out-failed'\n  does not exist.\u{1b}[2J".to_owned();
    let live = live([
        generation(&kept, 1, "RUNNING"),
        generation(&route("changed", "out-changed", "old"), 1, "RUNNING"),
        generation(&route("edited", "out-edited", "old"), 1, "RUNNING"),
        why,
        generation(&disabled, 1, "RUNNING"),
        generation(&route("gone", "out-gone", "a"), 1, "RUNNING"),
        generation(&route("slow", "out-slow", "a"), 1, "PENDING"),
        generation(&route("sick", "out-sick", "a"), 1, "DEGRADED"),
    ]);
    let routes = [
        kept,
        failed,
        disabled,
        route("changed", "out-changed", "new"),
        route("edited", "out-edited", "new"),
        route("new", "out-new", "a"),
        route("slow", "out-slow", "a"),
        route("sick", "out-sick", "a"),
    ];
    Plan::new(&desired(routes), &live, false)
}

#[test]
fn a_plan_reads_well() {
    let plan = sample();
    let text = format!("{}{}", human::render(&plan), plan.summary());
    let text = anstream::adapter::strip_str(&text).to_string();
    insta::assert_snapshot!(text, @"
    ~ replace   changed               the route has changed
    - stop      disabled              the route is disabled; its position is kept
    ~ replace   edited                the route has changed
    ! blocked   failed                `p-failed-yyz63dhgqf-g1` failed: Table 'out-failed' does not exist.[2J
    + create    new                   to out-new, from earliest
      orphaned  p-gone-vw77b7hey5-g1  no route of this project has this id any more
    ! unhealthy sick                  `p-sick-skmcaa6pzv-g1` is DEGRADED
    ! wait      slow                  `p-slow-kojmjnwvaq-g1` is PENDING

    help for `changed` and `edited`: this version cannot carry the position over to a new statement, and starting anew would repeat or skip events
    help for `failed`: `routectl status` shows more; `routectl cleanup` deletes it, and its position with it: the next `apply` begins at the route's `start`
    help for `p-gone-vw77b7hey5-g1`: `apply --prune` deletes it; the topic stays
    help for `sick`: `routectl status` shows more
    help for `slow`: look again in a moment; `apply` waits for it

    Plan: 1 to create, 2 to replace, 0 to update, 0 to resume, 0 to delete, 2 unchanged, 1 to stop, 2 blocked, 1 orphaned
    ");
    assert!(!plan.is_sound());
    assert_eq!(plan.live_routes(), 8);
}

#[test]
fn machines_read_the_same() {
    let document = serde_json::to_value(json::document(&sample())).unwrap();
    assert_eq!(document["format_version"], 1);
    assert_eq!(document["summary"]["create"], 1);
    let new = document["routes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|route| route["name"] == "new");
    insta::assert_json_snapshot!(new.unwrap(), @r#"
    {
      "name": "new",
      "topic": "out-new",
      "action": "create",
      "reason": "not deployed yet; begins to read at `earliest`",
      "remedy": null,
      "healthy": true,
      "current_statement": null,
      "new_statement": "p-new-ogch4urbxp-g1",
      "starts_at": "earliest"
    }
    "#);
}

proptest! {
    #[test]
    fn a_plan_of_what_was_applied_is_all_keep(names in prop::collection::btree_set("[a-z]{1,8}", 1..20)) {
        let wanted = desired(names.iter().map(|name| route(name, &format!("out-{name}"), name)));
        let first = Plan::new(&wanted, &live([]), true);
        prop_assert_eq!(first.summary().create, names.len());
        let applied = first.entries.iter().map(|entry| {
            let Action::Create { name, .. } = &entry.judgement.action else {
                unreachable!("{entry:?}");
            };
            let new = wanted.first_statement(&wanted.routes[&entry.id], name, Some("run"));
            statement(&new, Phase::Running.as_str())
        });
        let second = Plan::new(&wanted, &live(applied), true);
        prop_assert_eq!(second.summary(), Summary { unchanged: names.len(), ..Summary::default() });
        prop_assert!(second.is_sound() && !second.summary().has_changes());
    }
}
