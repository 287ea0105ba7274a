//! Plans of whole projects, and how they are printed.

use proptest::prelude::*;

use super::fixture::*;
use super::*;
use crate::api::Phase;
use crate::api::Statement;
use crate::project::start::Start;
use crate::statement::Placement;
use crate::statement::desired::Origin;

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
fn regression_6_every_phase_is_told_apart() {
    let same = route("r", "out", "a");
    let other = route("r", "out", "b");
    let disabled = disabled(same.clone());
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
        let plan = plan(desired, &live([generation(&same, 1, phase)]), &pruned());
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
    HIBERNATING blocked   blocked   blocked   blocked   blocked
    ");
}

#[test]
fn nothing_live_means_create_unless_disabled_or_unwanted() {
    let enabled = route("a", "out-a", "x");
    let disabled = disabled(route("b", "out-b", "x"));
    let plan = plan(&desired([enabled, disabled]), &live([]), &pruned());
    assert_eq!(words(&plan), "a: create");
    let creation = plan.entries[0].decision.creation().unwrap();
    assert_eq!(creation.name.generation(), 1);
    assert_eq!(creation.origin, Origin::Start(Start::Earliest));
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
    assert_eq!(words(&plan(&wanted, &live, &Choices::default())), "r: keep");
}

#[test]
fn another_rendering_is_kept_and_lost_labels_block() {
    let old = route("r", "out", "a");
    let mut new = old.clone();
    new.fingerprint.text = "another".to_owned();
    let (wanted, running) = (desired([new]), live([generation(&old, 1, "RUNNING")]));
    let mut choices = Choices::default();
    assert_eq!(words(&plan(&wanted, &running, &choices)), "r: keep");
    choices.refresh = true;
    assert_eq!(words(&plan(&wanted, &running, &choices)), "r: replace");
    let mut unlabelled = generation(&old, 1, "RUNNING");
    unlabelled
        .metadata
        .labels
        .retain(|key, _| !key.contains("content"));
    let plan = plan(&wanted, &live([unlabelled]), &Choices::default());
    assert_eq!(words(&plan), "r: blocked");
}

#[test]
fn a_route_that_runs_twice_is_a_conflict_and_both_are_stopped_when_disabled() {
    let one = route("r", "out", "a");
    let both = live([
        generation(&one, 2, "RUNNING"),
        generation(&one, 1, "RUNNING"),
    ]);
    let found = plan(&desired([one.clone()]), &both, &Choices::default());
    assert_eq!(words(&found), "r: conflict");
    assert!(!found.is_sound());
    assert!(found.entries[0].decision.reason.contains("-g1` is RUNNING"));
    let found = plan(&desired([disabled(one)]), &both, &Choices::default());
    assert_eq!(words(&found), "r: stop");
}

#[test]
fn what_is_deleted_goes_oldest_first_and_what_waits_is_stopped_before() {
    let gone = route("r", "out", "a");
    let first = |statements: &[Statement]| {
        let plan = plan(&desired([]), &live(statements.to_vec()), &pruned());
        match &plan.entries[0].decision.step {
            decide::Step::Delete(seen) => format!("delete {}", seen.name),
            decide::Step::Stop(seen) => format!("stop {}", seen.name),
            step => panic!("{step:?}"),
        }
    };
    let mut statements = [10, 9, 1].map(|number| generation(&gone, number, "STOPPED"));
    assert_eq!(
        first(&statements),
        format!("delete {}", gone.identity.name(1))
    );
    statements[0] = successor(&gone, 9, 10, "PENDING");
    assert_eq!(
        first(&statements),
        format!("stop {}", gone.identity.name(10))
    );
}

#[test]
fn regression_10_a_renamed_route_neither_reads_again_nor_loses_its_position() {
    let old = route("old", "out", "a");
    let renamed = desired([route("new", "out", "a"), route("other", "elsewhere", "a")]);
    let live = live([generation(&old, 1, "RUNNING")]);
    for choices in [Choices::default(), pruned()] {
        let plan = plan(&renamed, &live, &choices);
        let words = words(&plan);
        assert!(words.contains("new: blocked"), "{words}");
        assert!(words.contains("other: create"), "{words}");
        assert!(!words.contains("delete"), "{words}");
        let text = human::render(&plan);
        assert!(!text.contains("--prune"), "{text}");
    }
    // What says that nothing is to be carried over is the end of it.
    let choices = Choices {
        recover: BTreeMap::from([("new".to_owned(), Recovery::Start(Start::Latest))]),
        ..pruned()
    };
    let words = words(&plan(&renamed, &live, &choices));
    assert!(
        words.contains("new: create") && words.contains("-g1: delete"),
        "{words}"
    );
}

#[test]
fn a_route_that_says_what_it_was_goes_on_from_there() {
    let old = route("old", "out", "a");
    let mut new = route("new", "out", "a");
    new.was = vec![old.identity.clone()];
    let running = live([generation(&old, 3, "RUNNING")]);
    let found = plan(&desired([new.clone()]), &running, &pruned());
    // The same content: nothing is written before something changes.
    assert_eq!(words(&found), "new: keep");
    let mut changed = route("new", "out", "b");
    changed.was.clone_from(&new.was);
    let found = plan(&desired([changed.clone()]), &running, &pruned());
    assert_eq!(words(&found), "new: replace");
    let creation = found.entries[0].decision.creation().unwrap();
    assert_eq!(creation.name, new.identity.name(1));
    let from = old.identity.name(3).to_string();
    assert_eq!(creation.origin, Origin::CarryOver(from.clone()));
    // Whoever knows only the old name leaves both alone.
    let heir = deployed(&changed, 1, &Origin::CarryOver(from), "PENDING");
    let both = live([generation(&old, 3, "RUNNING"), heir]);
    let found = plan(&desired([route("old", "out", "c")]), &both, &pruned());
    assert!(words(&found).contains("old: blocked"), "{}", words(&found));
}

#[test]
fn a_changed_topic_ties_the_new_route_to_the_old_one() {
    let (old, new) = (route("r", "out-1", "a"), route("r", "out-2", "a"));
    let found = plan(
        &desired([new]),
        &live([generation(&old, 1, "RUNNING")]),
        &Choices::default(),
    );
    let reasons: Vec<_> = found
        .entries
        .iter()
        .map(|entry| entry.decision.words())
        .collect();
    insta::assert_snapshot!(reasons.join("\n"), @"
    route `r` wrote to `out-1` before; `apply --prune` deletes it with its position; the topic stays
    not deployed yet; begins to read at `earliest`; its topic was `out-1`, to which `p-r-gn2342y5og-g1` writes until `apply --prune` deletes it
    ");
}

#[test]
fn somebody_elses_statement_on_the_topic_is_a_conflict_for_what_is_new() {
    let one = route("r", "out", "a");
    let mut foreign = generation(&route("x", "out", "z"), 1, "RUNNING");
    foreign.metadata.labels.clear();
    let found = |statements: Vec<Statement>| {
        let plan = plan(
            &desired([route("r", "out", "b")]),
            &live(statements),
            &Choices::default(),
        );
        assert_eq!(plan.has_changes(), plan.is_sound());
        words(&plan)
    };
    assert_eq!(found(vec![foreign.clone()]), "r: conflict");
    assert_eq!(
        found(vec![generation(&one, 1, "RUNNING"), foreign]),
        "r: replace"
    );
}

#[test]
fn a_topic_that_is_there_already_is_not_written_from_the_start() {
    let wanted = desired([route("r", "out", "a")]);
    let facts = Facts {
        topics: [("out".to_owned(), Topic::There)].into(),
        ..facts()
    };
    let mut choices = Choices::default();
    let found = |choices: &Choices| words(&Plan::new(&wanted, &live([]), choices, &facts));
    assert_eq!(found(&choices), "r: blocked");
    choices
        .recover
        .insert("r".to_owned(), Recovery::Start(Start::Latest));
    assert_eq!(found(&choices), "r: create");
}

#[test]
fn all_that_is_blocked_can_go_on_in_one_way() {
    let [failed, other, stopped, healthy] =
        ["failed", "other", "stopped", "healthy"].map(|name| route(name, name, "a"));
    let live = live([
        generation(&failed, 1, "FAILED"),
        generation(&other, 1, "FAILED"),
        generation(&stopped, 1, "STOPPED"),
        generation(&healthy, 1, "RUNNING"),
    ]);
    let wanted = desired([failed, other, stopped, healthy]);
    let recover = |places: &[(&str, Recovery)]| {
        let places = places.iter();
        let choices = Choices {
            recover: places
                .map(|(name, place)| ((*name).to_owned(), *place))
                .collect(),
            ..Choices::default()
        };
        assert_eq!(choices.unknown(&wanted).next(), None);
        let plan = plan(&wanted, &live, &choices);
        let vain: Vec<_> = plan.vain_recoveries().collect();
        let origins = plan.entries.iter().map(|entry| {
            let origin = entry.decision.creation().map(|creation| &creation.origin);
            format!("{}: {origin:?}", entry.title)
        });
        format!(
            "{}\nin vain: {vain:?}",
            origins.collect::<Vec<_>>().join("\n")
        )
    };
    let latest = Recovery::Start(Start::Latest);
    insta::assert_snapshot!(recover(&[("*", latest), ("other", Recovery::Start(Start::Earliest))]), @"
    failed: Some(Start(Latest))
    healthy: None
    other: Some(Start(Earliest))
    stopped: Some(Start(Latest))
    in vain: []
    ");
    insta::assert_snapshot!(recover(&[("*", Recovery::Previous)]), @r#"
    failed: None
    healthy: None
    other: None
    stopped: None
    in vain: [("failed", Blocked), ("other", Blocked), ("stopped", Blocked)]
    "#);
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
        assert!(live.unrecognized.is_empty());
        assert!(plan(&desired([]), &live, &pruned()).entries.is_empty());
    }
}

fn sample() -> Plan {
    let (kept, failed) = (
        route("kept", "out-kept", "a"),
        route("failed", "out-failed", "a"),
    );
    let disabled = disabled(route("disabled", "out-disabled", "a"));
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
    plan(&desired(routes), &live, &Choices::default())
}

#[test]
fn a_plan_reads_well() {
    let plan = sample();
    let text = format!("{}{}", human::render(&plan), plan.summary());
    let text = anstream::adapter::strip_str(&text).to_string();
    insta::assert_snapshot!(text, @"
    ~ replace   changed               other condition: the route has changed; goes on where `p-changed-v5632yh5bd-g1` stops
    - stop      disabled              the route is disabled; its position is kept
    ~ replace   edited                other condition: the route has changed; goes on where `p-edited-jugaysl3hp-g1` stops
    ! blocked   failed                `p-failed-yyz63dhgqf-g1` is FAILED: Table 'out-failed' does not exist.[2J
    + create    new                   to out-new, from earliest
      orphaned  p-gone-vw77b7hey5-g1  no route of this project has this id any more
    ! unhealthy sick                  `p-sick-skmcaa6pzv-g1` is DEGRADED
    ! wait      slow                  `p-slow-kojmjnwvaq-g1` is PENDING

    help for `failed`: nobody knows for certain what it wrote; look at the topic, then pass `--recover failed=earliest|latest|TIME`
    help for `p-gone-vw77b7hey5-g1`: `apply --prune` deletes it with its position; the topic stays
    help for `sick`: `routectl status` shows more
    help for `slow`: look again in a moment; `apply` waits for it

    Plan: 1 to create, 2 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 1 to stop, 2 blocked, 1 unhealthy, 1 orphaned
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
      "meaning": [],
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
        let first = plan(&wanted, &live([]), &pruned());
        prop_assert_eq!(first.summary().create, names.len());
        let applied = first.entries.iter().map(|entry| {
            let creation = entry.decision.creation().unwrap();
            let route = &wanted.routes[&entry.id];
            let new = wanted.statement(route, &creation.name, &creation.origin, Some("run"));
            statement(&new, Phase::Running.as_str())
        });
        let second = plan(&wanted, &live(applied), &pruned());
        prop_assert_eq!(second.summary(), Summary { unchanged: names.len(), ..Summary::default() });
        prop_assert!(second.is_sound() && !second.has_changes());
    }
}
