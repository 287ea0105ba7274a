//! What a file looks like, which ones are refused, and when a plan is stale.

use super::*;
use crate::api::{Phase, Statement};
use crate::plan::fixture::{desired, disabled, generation, live, plan, route, successor, words};
use crate::plan::tables::Objection;
use crate::plan::{Recovery, Selection};
use crate::project::start::Start;
use crate::sql::{DataType, Ident};
use crate::statement::{DesiredRoute, DesiredTable, TaskName};

/// A route that runs and one that is new.
fn sample() -> (Plan, Desired, Choices) {
    let mut wanted = desired([
        route("changed", "out-changed", "new"),
        route("new", "out-new", "a"),
    ]);
    let table = DesiredTable {
        topic: "out-new".to_owned(),
        task: TaskName::create_table("p", "t", "out-new"),
        text: "CREATE TABLE `out-new` (`id` STRING)".to_owned(),
    };
    wanted.tables.insert(table.topic.clone(), table);
    let row = DataType::parse("ROW<`a b` ARRAY<INT NOT NULL>>").unwrap();
    let columns = vec![(Ident::from("id"), row)];
    wanted.sources.insert("raw".to_owned(), columns);
    let choices = Choices {
        resume: true,
        recover: [("new".to_owned(), Recovery::Start(Start::Latest))].into(),
        ..Choices::default()
    };
    let running = generation(&route("changed", "out-changed", "old"), 1, "RUNNING");
    (plan(&wanted, &live([running]), &choices), wanted, choices)
}

pub(super) fn sample_text() -> String {
    let (plan, desired, choices) = sample();
    text(&plan, &desired, &choices)
}

#[test]
fn the_format_is_frozen() {
    insta::assert_snapshot!("format", sample_text().replace(ROUTECTL, "[VERSION]"));
}

#[test]
fn a_plan_is_read_as_it_was_written() {
    let (plan, desired, mut choices) = sample();
    choices.selection = Selection {
        routes: ["new".to_owned()].into(),
        consumers: ["c".to_owned()].into(),
    };
    choices
        .recover
        .insert("changed".to_owned(), Recovery::Previous);
    let text = text(&plan, &desired, &choices);
    let read = SavedPlan::from_text(&text).unwrap();
    assert_eq!(read.differences(&desired), Vec::<String>::new());
    assert_eq!(Config::of(&read.desired), Config::of(&desired));
    let ids = |desired: &Desired| desired.routes.keys().cloned().collect::<Vec<_>>();
    assert_eq!(ids(&read.desired), ids(&desired));
    assert_eq!(read.choices.recover, choices.recover);
    assert_eq!(read.choices.selection, choices.selection);
    assert_eq!(super::text(&plan, &read.desired, &read.choices), text);
}

/// What a reader says of a text that should be a plan.
fn refusal(text: &str) -> String {
    let path = "plan.json".into();
    let problem = SavedPlan::from_text(text).expect_err(text);
    let error = read::ReadError::new(path, problem).to_string();
    error.replace(ROUTECTL, "[VERSION]")
}

#[test]
fn what_was_changed_or_cut_off_is_refused_with_its_place() {
    let text = sample_text();
    let edited = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        refusal(&text.replacen(from, to, 1))
    };
    insta::assert_snapshot!(edited("\"prune\": false", "\"prune\": true"), @"the plan `plan.json` was changed after it was written: its checksum does not fit; make the plan again with `routectl plan --out plan.json`");
    insta::assert_snapshot!(edited("\"prune\": false", "\"prune\": \"no\""), @r#"the plan is cut off or was changed by hand: invalid type: string "no", expected a boolean (plan.json:11:19); make the plan again with `routectl plan --out plan.json`"#);
    insta::assert_snapshot!(edited("\"prune\": false", "\"prune\": false, \"purge\": true"), @"the plan is cut off or was changed by hand: unknown field `purge`, expected one of `prune`, `resume`, `refresh`, `recover`, `routes`, `consumers` (plan.json:11:29); make the plan again with `routectl plan --out plan.json`");
    insta::assert_snapshot!(refusal(&text[..text.len() / 2]), @"the plan is cut off or was changed by hand: EOF while parsing an object (plan.json:56:2); make the plan again with `routectl plan --out plan.json`");
    insta::assert_snapshot!(edited("\"format_version\": 1", "\"format_version\": 2"), @"`plan.json` is a plan in format 2, written by routectl [VERSION]; this is routectl [VERSION], which knows format 1; use that version, or make the plan again with `routectl plan --out plan.json`");
    insta::assert_snapshot!(refusal(r#"{"format_version": 1, "target": "t", "routes": []}"#), @"`plan.json` is no saved plan; `routectl plan --out FILE` writes one");
    for end in 0..text.len() - 2 {
        refusal(&text[..end]);
    }
}

#[test]
fn a_difference_of_the_project_is_told_in_words() {
    let (plan, wanted, choices) = sample();
    let read = SavedPlan::from_text(&text(&plan, &wanted, &choices)).unwrap();
    let mut other = desired([
        route("changed", "out-changed", "newer"),
        route("more", "out", "a"),
    ]);
    other.placement.compute_pool = Some("lfcp-2".to_owned());
    insta::assert_snapshot!(read.differences(&other).join("\n"), @"
    the compute pool was `lfcp-1` and is `lfcp-2`
    route `new` is gone
    route `changed` has changed
    route `more` is new
    the source of topic `raw` is gone
    the table of topic `out-new` is gone
    ");
}

/// What `bind` says of a plan that was made while `then` was live, and is to be carried out while `now` is.
fn bound(
    wanted: impl Fn() -> Vec<DesiredRoute>,
    choices: &Choices,
    then: Vec<Statement>,
    now: Vec<Statement>,
) -> String {
    let wanted = desired(wanted());
    let planned = plan(&wanted, &live(then), choices);
    let read = SavedPlan::from_text(&text(&planned, &wanted, choices)).unwrap();
    match read.bind(plan(&wanted, &live(now), choices)) {
        Ok(plan) => words(&plan),
        Err(stale) => {
            let routes = stale.routes.iter();
            let lines = routes.map(|route| format!("stale: {}: {}", route.title, route.why));
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

#[test]
fn a_replacement_is_bound_to_what_it_replaces() {
    let (old, new) = (route("r", "out", "a"), route("r", "out", "b"));
    let running = || generation(&old, 1, "RUNNING");
    let after = |change: &dyn Fn(&mut Statement)| {
        let mut statement = running();
        change(&mut statement);
        vec![statement]
    };
    let judge = |now: Vec<Statement>| {
        bound(
            || vec![new.clone()],
            &Choices::default(),
            vec![running()],
            now,
        )
    };
    let phase =
        |phase: &'static str| after(&|one| one.status.phase = Phase::from(phase.to_owned()));
    let is_content = |label: &String| label.contains("content");
    let cases = [
        ("the same", vec![running()]),
        (
            "another version",
            after(&|one| one.metadata.resource_version = Some("7".to_owned())),
        ),
        ("slower", phase("DEGRADED")),
        (
            "another uid",
            after(&|one| one.metadata.uid = "other".to_owned()),
        ),
        ("stopped", after(&|one| one.spec.stopped = true)),
        ("failed", phase("FAILED")),
        (
            "other labels",
            after(&|one| one.metadata.labels.retain(|label, _| !is_content(label))),
        ),
        ("gone", Vec::new()),
    ];
    let lines = cases.map(|(name, now)| format!("{name:<16} {}", judge(now)));
    insta::assert_snapshot!(lines.join("\n"), @"
    the same         r: replace
    another version  r: replace
    slower           r: replace
    another uid      stale: r: `p-r-jgsttodkwm-g1` was deleted and created anew since
    stopped          stale: r: `p-r-jgsttodkwm-g1` was stopped since
    failed           stale: r: `p-r-jgsttodkwm-g1` was RUNNING and is FAILED
    other labels     stale: r: the labels of `p-r-jgsttodkwm-g1` were changed since
    gone             stale: r: `p-r-jgsttodkwm-g1` is gone since
    ");
}

#[test]
fn what_a_replacement_has_come_to_by_others_is_told_from_its_own_way() {
    let (old, new) = (route("r", "out", "a"), route("r", "out", "b"));
    let running = || generation(&old, 1, "RUNNING");
    let by_run = |mut statement: Statement| {
        let label = "user.confluent.io/routectl-run-4711".to_owned();
        statement.metadata.labels.insert(label, "true".to_owned());
        vec![running(), statement]
    };
    let judge = |now: Vec<Statement>| {
        let then = vec![running()];
        bound(|| vec![new.clone()], &Choices::default(), then, now)
    };
    let other = route("r", "out", "c");
    let stopped = generation(&old, 1, "STOPPED");
    let cases = [
        ("another's", by_run(successor(&other, 1, 2, "PENDING"))),
        ("begun", by_run(successor(&new, 1, 2, "PENDING"))),
        ("begun elsewhere", by_run(generation(&new, 2, "PENDING"))),
        ("begun and failed", by_run(successor(&new, 1, 2, "FAILED"))),
        ("done", vec![stopped, successor(&new, 1, 2, "RUNNING")]),
    ];
    let lines = cases.map(|(name, now)| format!("{name:<16} {}", judge(now)));
    insta::assert_snapshot!(lines.join("\n"), @"
    another's        stale: r: `p-r-jgsttodkwm-g2` was created since, by the run `4711`
    begun            r: replace
    begun elsewhere  stale: r: `p-r-jgsttodkwm-g2` was created since, by the run `4711`
    begun and failed stale: r: `p-r-jgsttodkwm-g2` was created since, by the run `4711`
    done             r: keep
    ");
}

#[test]
fn a_creation_is_bound_to_there_being_nothing() {
    let new = route("r", "out", "a");
    let judge = |now| bound(|| vec![new.clone()], &Choices::default(), Vec::new(), now);
    assert_eq!(judge(vec![]), "r: create");
    assert_eq!(judge(vec![generation(&new, 1, "PENDING")]), "r: wait");
    assert_eq!(judge(vec![generation(&new, 1, "RUNNING")]), "r: keep");
    let other = generation(&route("r", "out", "b"), 1, "PENDING");
    insta::assert_snapshot!(judge(vec![other]), @"stale: r: `p-r-jgsttodkwm-g1` was created since");
    insta::assert_snapshot!(judge(vec![generation(&new, 1, "FAILED")]), @"stale: r: `p-r-jgsttodkwm-g1` was created since");
}

#[test]
fn what_is_retired_may_go_and_may_not_come_back() {
    let new = route("r", "out", "b");
    let now = |phase| generation(&route("r", "out", "a"), 1, phase);
    let head = || successor(&route("r", "out", "old"), 1, 2, "RUNNING");
    let judge = |all| {
        bound(
            || vec![new.clone()],
            &Choices::default(),
            vec![now("STOPPED"), head()],
            all,
        )
    };
    assert_eq!(judge(vec![head()]), "r: replace");
    insta::assert_snapshot!(judge(vec![now("RUNNING"), head()]), @"stale: r: `p-r-jgsttodkwm-g1` is at work since");
}

#[test]
fn stops_and_deletions_go_on_where_they_were_left() {
    let one = route("r", "out", "a");
    let at = |phase| vec![generation(&one, 1, phase)];
    let stop = |now| {
        bound(
            || vec![disabled(one.clone())],
            &Choices::default(),
            at("RUNNING"),
            now,
        )
    };
    assert_eq!(stop(at("STOPPING")), "r: wait");
    assert_eq!(stop(at("STOPPED")), "r: keep");
    assert_eq!(stop(Vec::new()), "");
    insta::assert_snapshot!(stop(at("PENDING")), @"stale: r: `p-r-jgsttodkwm-g1` was RUNNING and is PENDING");
    let pruned = Choices {
        prune: true,
        ..Choices::default()
    };
    let prune = |now| bound(Vec::new, &pruned, at("STOPPED"), now);
    assert_eq!(prune(at("DELETING")), "p-r-jgsttodkwm-g1: delete");
    assert_eq!(prune(Vec::new()), "");
    insta::assert_snapshot!(prune(at("RUNNING")), @"stale: p-r-jgsttodkwm-g1: `p-r-jgsttodkwm-g1` was STOPPED and is RUNNING");
}

#[test]
fn what_the_plan_leaves_alone_is_left_alone() {
    let routes = || vec![route("r", "out", "b"), route("other", "out-other", "a")];
    let running = |condition| generation(&route("r", "out", condition), 1, "RUNNING");
    let other = generation(&route("other", "out-other", "a"), 1, "RUNNING");
    let then = vec![running("a"), other];
    let wanted = desired(routes());
    let none = Choices::default();
    let planned = plan(&wanted, &live(then.clone()), &none);
    let read = SavedPlan::from_text(&text(&planned, &wanted, &none)).unwrap();
    let now = read
        .bind(plan(&wanted, &live([running("a")]), &none))
        .unwrap();
    assert_eq!(words(&now), "other: blocked\nr: replace");
    insta::assert_snapshot!(now.entries[0].decision.words(), @"the plan does not change it, though it is not as it should be: not deployed yet; begins to read at `earliest`; make another plan");
}

#[test]
fn what_the_plan_found_blocked_stays_so() {
    let wanted = desired([route("r", "out", "b")]);
    let running = || live([generation(&route("r", "out", "a"), 1, "RUNNING")]);
    let none = Choices::default();
    let mut planned = plan(&wanted, &running(), &none);
    planned.entries[0].block(Objection {
        reason: "its table has no key".to_owned(),
        remedy: "make another".to_owned(),
    });
    let read = SavedPlan::from_text(&text(&planned, &wanted, &none)).unwrap();
    let now = plan(&wanted, &running(), &none);
    assert!(now.entries[0].meaning.is_some());
    let now = read.bind(now).unwrap();
    assert_eq!(now.entries[0].meaning, None);
    insta::assert_snapshot!(now.entries[0].decision.words(), @"the plan does not change it, though it is not as it should be: the route has changed; goes on where `p-r-jgsttodkwm-g1` stops; make another plan");
}
