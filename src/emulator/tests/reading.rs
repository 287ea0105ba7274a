//! Where statements begin, how far they get, and what they show of it.

use super::*;
use crate::emulator::behaviour::OffsetsBeforeRunning;

const MODE: &str = "sql.tables.scan.startup.mode";

fn begun(properties: &[(&str, &str)]) -> Vec<u64> {
    let mut state = running();
    create_from(&mut state, 1000, "x", "t <- s", properties);
    assert_eq!(
        phase(&mut state, 1040, "x"),
        Some(Phase::Running),
        "{}",
        detail(&state, "x")
    );
    let runs = state.ledger(at(1040)).runs;
    runs.into_iter()
        .find(|run| run.statement == "x")
        .unwrap()
        .from
}

#[test]
fn properties_say_where_a_statement_begins() {
    let earliest = begun(&[]);
    assert_eq!(begun(&[(MODE, "earliest-offset")]), earliest);
    let latest = begun(&[(MODE, "latest-offset")]);
    let since = |millis: &str| {
        begun(&[
            (MODE, "timestamp"),
            ("sql.tables.scan.startup.timestamp-millis", millis),
        ])
    };
    assert_eq!(since("-1"), earliest);
    let middle = since("500");
    assert_eq!(
        middle
            .iter()
            .zip(since("600"))
            .map(|(a, b)| b - a)
            .collect::<Vec<_>>(),
        [100, 100]
    );
    for ((early, middle), late) in earliest.iter().zip(&middle).zip(&latest) {
        assert!(early < middle && middle < late, "{early} {middle} {late}");
    }
    let specific = [
        (MODE, "specific-offsets"),
        (
            "sql.tables.scan.startup.specific-offsets",
            "partition:1,offset:7;partition:0,offset:5",
        ),
    ];
    assert_eq!(begun(&specific), [5, 7]);
}

#[test]
fn a_startup_that_makes_no_sense_fails() {
    let mut state = running();
    for (index, properties) in [
        vec![(MODE, "sometime")],
        vec![(MODE, "timestamp")],
        vec![
            (MODE, "specific-offsets"),
            (
                "sql.tables.scan.startup.specific-offsets",
                "partition:0,offset:1",
            ),
        ],
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("x{index}");
        create_from(&mut state, 200, &name, "t <- s", &properties);
        assert_eq!(
            phase(&mut state, 300, &name),
            Some(Phase::Failed),
            "{properties:?}"
        );
    }
}

#[test]
fn offsets_show_once_a_statement_is_stopped_and_it_goes_on_from_there() {
    let mut state = running();
    assert!(show(&state, "in").status.latest_offsets.is_empty());
    put_stopped(&mut state, 100, "in", true).unwrap();
    state.advance(at(110));
    let shown = show(&state, "in").status;
    let text = &shown.latest_offsets["s"];
    let to = state.ledger(at(5000)).runs[0].to.clone();
    assert_eq!(
        *text,
        format!("partition:1,offset:{};partition:0,offset:{}", to[1], to[0])
    );
    assert_eq!(
        shown.other["latest_offsets_timestamp"],
        "1970-01-01T00:00:00.11Z"
    );
    put_stopped(&mut state, 5000, "in", false).unwrap();
    state.advance(at(6000));
    assert_eq!(state.ledger(at(6000)).runs[1].from, to);
    assert_eq!(facts(&mut state, 6000), [""; 0]);
}

#[test]
fn topics_grow_between_any_two_calls_and_while_nobody_asks() {
    let mut state = running();
    let read = |state: &State, millis| state.ledger(at(millis)).runs[0].to.clone();
    let before = read(&state, 100);
    state.begin_call();
    let called = read(&state, 100);
    let later = read(&state, 1100);
    for partition in 0..2 {
        assert!(before[partition] < called[partition]);
        assert_eq!(called[partition] + 1000, later[partition]);
    }
}

#[test]
fn what_is_stopped_before_it_ran_shows_what_the_service_lets_it() {
    for (shown, expected) in [
        (OffsetsBeforeRunning::Absent, None),
        (OffsetsBeforeRunning::Empty, None),
        (OffsetsBeforeRunning::TakenOver, None),
        (
            OffsetsBeforeRunning::Unset,
            Some("partition:1,offset:9223372036854775808;partition:0,offset:9223372036854775808"),
        ),
    ] {
        let mut state = with(|settings| settings.behaviour.offsets_before_running = shown);
        create(&mut state, 0, "ddl", "table t").unwrap();
        create(&mut state, 20, "in", "t <- s").unwrap();
        put_stopped(&mut state, 30, "in", true).unwrap();
        assert_eq!(phase(&mut state, 40, "in"), Some(Phase::Stopped));
        let status = show(&state, "in").status;
        assert_eq!(status.latest_offsets.get("s").map(String::as_str), expected);
        assert_eq!(
            status.other.contains_key("latest_offsets_timestamp"),
            shown != OffsetsBeforeRunning::Absent
        );
        assert_eq!(state.ledger(at(50)).runs, []);
        put_stopped(&mut state, 50, "in", false).unwrap();
        assert_eq!(phase(&mut state, 100, "in"), Some(Phase::Running));
    }
}

#[test]
fn a_deleted_statement_loses_its_position() {
    let mut state = running();
    delete(&mut state, 200, "in").unwrap();
    create(&mut state, 300, "again", "t <- s").unwrap();
    assert_eq!(
        facts(&mut state, 400),
        ["Overlap in t between in and again"]
    );
    let mut state = running();
    delete(&mut state, 200, "in").unwrap();
    create_from(
        &mut state,
        300,
        "again",
        "t <- s",
        &[(MODE, "latest-offset")],
    );
    assert_eq!(facts(&mut state, 400), ["Gap in t between in and again"]);
}

#[test]
fn a_statement_set_reads_each_source_once_for_each_sink() {
    let mut state = running();
    create(&mut state, 100, "ddl-2", "table u").unwrap();
    create(&mut state, 200, "set", "t <- v; u <- v; u <- w").unwrap();
    state.advance(at(300));
    let runs = state.ledger(at(300)).runs;
    let streams: Vec<_> = runs
        .iter()
        .map(|run| (run.sink.as_str(), run.source.as_str()))
        .collect();
    assert_eq!(streams, [("t", "s"), ("t", "v"), ("u", "v"), ("u", "w")]);
}
