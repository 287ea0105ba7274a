use std::collections::BTreeMap;

use super::*;
use crate::plan::fixture::{
    disabled, facts, generation, live, placement, plan, route, statement, successor,
};
use crate::plan::{Choices, Plan, fixture};

/// What is found, in lines.
fn found(desired: &Desired, statements: impl IntoIterator<Item = Statement>) -> String {
    let plan = plan(desired, &live(statements), &Choices::default());
    lines(&plan)
}

fn lines(plan: &Plan) -> String {
    let lines = plan.drift.iter().map(|one| {
        let route = one.route.as_deref().unwrap_or("-");
        format!(
            "{route} {}: {}: {}",
            one.kind.word(),
            one.statement,
            one.detail
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn in_pool(mut statement: Statement, pool: &str) -> Statement {
    statement.spec.compute_pool_id = Some(pool.to_owned());
    statement
}

fn of_run(mut statement: Statement, run: &str) -> Statement {
    let label = format!("user.confluent.io/routectl-run-{run}");
    statement.metadata.labels.insert(label, "true".to_owned());
    statement
}

fn stopped(mut statement: Statement) -> Statement {
    let offsets = ("raw".to_owned(), "partition:0,offset:5".to_owned());
    statement.status.latest_offsets = BTreeMap::from([offsets]);
    statement
}

#[test]
fn what_stands_still_or_failed_is_drift_unless_the_route_is_disabled() {
    let one = route("r", "out", "a");
    let wanted = fixture::desired([one.clone()]);
    let unwanted = fixture::desired([disabled(one.clone())]);
    let at_rest = |phase| stopped(generation(&one, 1, phase));
    insta::assert_snapshot!(found(&wanted, [at_rest("STOPPED")]), @"r stopped: p-r-jgsttodkwm-g1: somebody stopped it, or its route was disabled until now");
    insta::assert_snapshot!(found(&wanted, [at_rest("FAILED")]), @"r failed: p-r-jgsttodkwm-g1: `p-r-jgsttodkwm-g1` is FAILED");
    for phase in ["STOPPED", "FAILED"] {
        assert_eq!(found(&unwanted, [at_rest(phase)]), "");
    }
    for phase in ["RUNNING", "PENDING", "STOPPING", "DEGRADED"] {
        assert_eq!(found(&wanted, [generation(&one, 1, phase)]), "", "{phase}");
    }
    // A replacement that never ran is no drift: what it was to replace is at work.
    let replaced = [
        generation(&one, 1, "RUNNING"),
        successor(&one, 1, 2, "FAILED"),
    ];
    assert_eq!(found(&wanted, replaced), "");
    let under_way = [at_rest("STOPPED"), successor(&one, 1, 2, "STOPPED")];
    assert_eq!(found(&wanted, under_way), "");
}

#[test]
fn a_pool_of_its_own_is_drift_and_one_for_all_a_change_of_the_target() {
    let [one, two] = [route("one", "out-1", "a"), route("two", "out-2", "a")];
    let wanted = fixture::desired([one.clone(), two.clone()]);
    let [one, two] = [
        generation(&one, 1, "RUNNING"),
        generation(&two, 1, "RUNNING"),
    ];
    assert_eq!(found(&wanted, [one.clone(), two.clone()]), "");
    let moved = in_pool(two.clone(), "lfcp-9");
    insta::assert_snapshot!(found(&wanted, [one.clone(), moved.clone()]), @"two pool: p-two-w4ml4u3hwq-g1: `lfcp-9` and not `lfcp-1`, as the target says and others of the project are: moved by another hand, or left by a run that did not end");
    let of_one_run = [of_run(one.clone(), "gh-7"), of_run(moved.clone(), "gh-7")];
    insta::assert_snapshot!(found(&wanted, of_one_run), @"two pool: p-two-w4ml4u3hwq-g1: `lfcp-9` and not `lfcp-1`, the run `gh-7` created it there");
    assert_eq!(
        found(&wanted, [in_pool(one.clone(), "lfcp-9"), moved.clone()]),
        ""
    );
    // Of a target that leaves the pool open nothing can be said.
    let open = Desired {
        placement: crate::statement::Placement {
            compute_pool: None,
            ..placement("")
        },
        ..fixture::desired(wanted.routes.into_values())
    };
    assert_eq!(found(&open, [one.clone(), moved]), "");
    let mut other = two;
    other.spec.principal = Some("u-me".to_owned());
    insta::assert_snapshot!(found(&open, [one, other]), @"two principal: p-two-w4ml4u3hwq-g1: `u-me` and not `sa-1`, as the target says and others of the project are: moved by another hand, or left by a run that did not end");
}

#[test]
fn labels_tell_of_other_hands() {
    let one = route("r", "out", "a");
    let wanted = fixture::desired([one.clone()]);
    let relabelled = |change: &dyn Fn(&mut BTreeMap<String, String>)| {
        let mut statement = of_run(generation(&one, 1, "RUNNING"), "7");
        change(&mut statement.metadata.labels);
        found(&wanted, [statement])
    };
    assert_eq!(relabelled(&|_| {}), "");
    insta::assert_snapshot!(relabelled(&|labels| {
        labels.insert("user.confluent.io/mine".to_owned(), "true".to_owned());
        labels.retain(|label, _| !label.contains("-text-"));
    }), @"r labels: p-r-jgsttodkwm-g1: removed: `user.confluent.io/routectl-text-...`; added: `user.confluent.io/mine`");
    assert_eq!(
        relabelled(&|labels| {
            labels.insert("system/routed".to_owned(), "true".to_owned());
        }),
        ""
    );
    // It is nobody's any more, and writes on; that is told once.
    insta::assert_snapshot!(relabelled(&|labels| labels.clear()), @"r labels: p-r-jgsttodkwm-g1: the labels that say whose it is are gone, and it is at work");
}

#[test]
fn who_else_writes_is_told_for_what_is_deployed_and_stops_only_what_is_new() {
    let one = route("r", "out", "a");
    let wanted = fixture::desired([one.clone()]);
    let mut new = fixture::desired([]).statement(
        &one,
        &one.identity.name(1),
        &crate::statement::desired::Origin::Start(one.start),
        None,
    );
    new.name = "theirs".to_owned();
    new.labels.clear();
    let foreign = statement(&new, "RUNNING");
    let own = generation(&one, 1, "RUNNING");
    insta::assert_snapshot!(found(&wanted, [own.clone(), foreign.clone()]), @"r writer: theirs: `theirs`, which is not this project's by its labels, writes to `out` too");
    let both = live([own, foreign.clone()]);
    assert_eq!(
        fixture::words(&plan(&wanted, &both, &Choices::default())),
        "r: keep"
    );
    let changed = fixture::desired([route("r", "out", "b")]);
    let replaced = plan(&changed, &both, &Choices::default());
    assert_eq!(fixture::words(&replaced), "r: replace");
    let first = Plan::new(&wanted, &live([foreign]), &Choices::default(), &facts());
    assert_eq!(fixture::words(&first), "r: conflict");
    assert_eq!(lines(&first), "");
}

#[test]
fn two_that_run_are_told() {
    let one = route("r", "out", "a");
    let wanted = fixture::desired([one.clone()]);
    let both = [
        generation(&one, 1, "RUNNING"),
        successor(&one, 1, 2, "RUNNING"),
    ];
    insta::assert_snapshot!(found(&wanted, both), @"r twice: p-r-jgsttodkwm-g2: `p-r-jgsttodkwm-g1` is RUNNING, `p-r-jgsttodkwm-g2` is RUNNING");
    let before = [
        generation(&one, 1, "STOPPED"),
        successor(&one, 1, 2, "RUNNING"),
    ];
    assert_eq!(found(&wanted, before), "");
}
