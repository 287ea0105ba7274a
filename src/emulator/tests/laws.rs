//! What holds whatever clients do.

use proptest::prelude::*;

use super::*;
use crate::emulator::state::Change;

#[derive(Debug, Clone)]
enum Step {
    Create(&'static str, &'static str),
    Succeed(&'static str, &'static str),
    Stop(&'static str, bool),
    Delete(&'static str),
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let name = || prop::sample::select(vec!["a", "b", "c"]);
    let sql = prop::sample::select(vec![
        "table t",
        "table? u",
        "t <- s",
        "u <- s",
        "t <- s; u <- v",
        "t <- u @latest-offset",
        "drop u",
        "query s",
        "other",
        "?",
    ]);
    let step = prop_oneof![
        3 => (name(), sql).prop_map(|(name, sql)| Step::Create(name, sql)),
        2 => (name(), name()).prop_map(|(name, reference)| Step::Succeed(name, reference)),
        2 => (name(), any::<bool>()).prop_map(|(name, stopped)| Step::Stop(name, stopped)),
        1 => name().prop_map(Step::Delete),
    ];
    prop::collection::vec((0..60_i64, step), 0..40)
}

/// Takes the steps, each after its pause; `look` is called with every time in between.
fn take(steps: &[(i64, Step)], state: &mut State, look: impl Fn(&mut State, Timestamp)) -> i64 {
    let mut now = 0;
    for (pause, step) in steps {
        for millis in now..now + pause {
            look(state, at(millis));
        }
        now += pause;
        // Refusals belong to the game.
        let _ = match step {
            Step::Create(name, sql) => create(state, now, name, sql).map(drop),
            Step::Succeed(name, reference) => {
                let properties = json!({"sql.tables.initial-offset-from": reference});
                let spec = json!({"statement": "t <- s", "properties": properties});
                create_with(state, now, &json!({"name": name, "spec": spec})).map(drop)
            }
            Step::Stop(name, stopped) => put_stopped(state, now, name, *stopped),
            Step::Delete(name) => delete(state, now, name),
        };
    }
    now
}

/// Calls that changed nothing are not worth a line.
fn but_calls(state: &State) -> Vec<Change> {
    let mut changes = state.changes();
    changes.retain(|change| !matches!(change, Change::Calls(_)));
    changes
}

proptest! {
    #[test]
    fn how_often_somebody_looks_changes_nothing(steps in steps()) {
        let (mut watched, mut alone) = (state(), state());
        take(&steps, &mut watched, State::advance);
        let end = take(&steps, &mut alone, |_, _| {});
        watched.advance(at(end));
        prop_assert_eq!(watched.changes(), alone.changes());
        prop_assert_eq!(watched.unsaved(), alone.unsaved());
    }

    #[test]
    fn the_changes_rebuild_the_state_through_json(steps in steps()) {
        let mut lived = state();
        take(&steps, &mut lived, |_, _| {});
        for changes in [lived.unsaved().to_vec(), lived.changes()] {
            let mut rebuilt = state();
            for change in changes {
                let line = serde_json::to_string(&change).unwrap();
                rebuilt.replay(serde_json::from_str::<Change>(&line).unwrap());
            }
            prop_assert_eq!(but_calls(&rebuilt), but_calls(&lived));
        }
    }

    #[test]
    fn a_statement_that_nobody_touches_reads_everything_once(steps in steps()) {
        let mut state = with(|settings| settings.behaviour.touches = 2);
        create(&mut state, 0, "ddl", "table mine").unwrap();
        create(&mut state, 0, "untouched", "mine <- s").unwrap();
        let end = take(&steps, &mut state, |_, _| {}) + 1000;
        state.advance(at(end));
        let facts = state.ledger(at(end)).check();
        let wrong: Vec<_> = facts.iter().filter(|fact| fact.sink == "mine").collect();
        prop_assert!(wrong.is_empty(), "{wrong:?}");
        prop_assert_eq!(phase(&mut state, end, "untouched"), Some(Phase::Running));
    }
}
