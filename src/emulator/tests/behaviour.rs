//! Limits, pools, retention, the list, and switches that are not about offsets.

use std::collections::HashMap;

use super::*;
use crate::emulator::listing::ListQuery;
use crate::emulator::settings::Pool;

fn listed(state: &mut State, millis: i64, parameters: &[(&str, &str)]) -> Vec<(String, Phase)> {
    state.advance(at(millis));
    let parameters: HashMap<_, _> = parameters
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    let page = state.list(&place(), &ListQuery::read(&parameters).unwrap(), at(millis));
    let records = page.records.into_iter();
    records
        .map(|record| (record.name.clone(), record.life.phase()))
        .collect()
}

#[test]
fn a_lagging_list_shows_statements_as_they_were() {
    let mut state = with(|settings| {
        settings.behaviour.list_lag_new = SignedDuration::from_millis(30);
        settings.behaviour.list_lag_old = SignedDuration::from_millis(50);
    });
    create(&mut state, 0, "a", "other").unwrap();
    assert_eq!(listed(&mut state, 29, &[]), []);
    assert_eq!(
        listed(&mut state, 30, &[]),
        [("a".to_owned(), Phase::Completed)],
        "it is new: nothing older is known"
    );
    assert_eq!(
        listed(&mut state, 60, &[]),
        [("a".to_owned(), Phase::Pending)]
    );
    assert_eq!(
        listed(&mut state, 70, &[]),
        [("a".to_owned(), Phase::Completed)]
    );
    delete(&mut state, 100, "a").unwrap();
    assert_eq!(phase(&mut state, 110, "a"), None);
    assert_eq!(
        listed(&mut state, 149, &[]),
        [("a".to_owned(), Phase::Completed)]
    );
    assert_eq!(
        listed(&mut state, 150, &[]),
        [("a".to_owned(), Phase::Deleting)]
    );
    assert_eq!(
        listed(&mut state, 159, &[]),
        [("a".to_owned(), Phase::Deleting)]
    );
    assert_eq!(listed(&mut state, 160, &[]), []);
}

#[test]
fn the_list_may_end_early_and_sort_by_time() {
    let mut state = with(|settings| settings.behaviour.list_ends_at = Some(2));
    for (millis, name) in [(0, "b"), (1, "c"), (2, "a")] {
        create(&mut state, millis, name, "other").unwrap();
    }
    let names = |state: &mut State, parameters: &[(&str, &str)]| {
        let listed = listed(state, 100, parameters).into_iter();
        listed.map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(names(&mut state, &[]), ["a", "b"]);
    assert_eq!(names(&mut state, &[("time_ordered", "true")]), ["a", "c"]);
    let search = ("statement_name_search_query", "b");
    assert_eq!(
        names(&mut state, &[search]),
        ["a", "b"],
        "without the order of time it is passed over"
    );
    assert_eq!(
        names(&mut state, &[search, ("time_ordered", "true")]),
        ["b"]
    );
}

#[test]
fn statements_that_have_ended_are_forgotten() {
    let mut state = running();
    create(&mut state, 100, "bad", "?").unwrap();
    assert_eq!(phase(&mut state, 100_019, "ddl"), Some(Phase::Completed));
    assert_eq!(phase(&mut state, 100_020, "ddl"), None);
    assert_eq!(phase(&mut state, 100_119, "bad"), Some(Phase::Failed));
    assert_eq!(phase(&mut state, 100_120, "bad"), None);
    put_stopped(&mut state, 100_200, "in", true).unwrap();
    assert_eq!(phase(&mut state, 200_209, "in"), Some(Phase::Stopped));
    assert_eq!(phase(&mut state, 200_210, "in"), None);
}

#[test]
fn a_pool_without_room_keeps_statements_waiting_the_oldest_first() {
    let mut state = with(|settings| {
        settings.pools = vec![Pool {
            id: "lfcp-1".to_owned(),
            max_cfu: 1,
        }];
    });
    create(&mut state, 0, "ddl", "table t").unwrap();
    for (millis, name) in [(20, "one"), (30, "two"), (31, "three")] {
        create(&mut state, millis, name, "t <- s").unwrap();
    }
    assert_eq!(phase(&mut state, 200, "one"), Some(Phase::Running));
    assert_eq!(phase(&mut state, 200, "two"), Some(Phase::Pending));
    assert_eq!(state.current_cfu("lfcp-1"), 1);
    let status = show(&state, "two").status;
    assert_eq!(
        status.scaling_status.unwrap().scaling_state.as_deref(),
        Some("POOL_EXHAUSTED")
    );
    assert_eq!(
        show(&state, "two").spec.compute_pool_id.as_deref(),
        Some("lfcp-1")
    );
    put_stopped(&mut state, 200, "one", true).unwrap();
    assert_eq!(phase(&mut state, 209, "two"), Some(Phase::Pending));
    assert_eq!(phase(&mut state, 210, "two"), Some(Phase::Running));
    assert_eq!(phase(&mut state, 300, "three"), Some(Phase::Pending));
    delete(&mut state, 300, "two").unwrap();
    assert_eq!(phase(&mut state, 300, "three"), Some(Phase::Running));
    let body = json!({"name": "x", "spec": {"statement": "other", "compute_pool_id": "lfcp-9"}});
    assert_eq!(status_of(&mut state, &body), 422);
}

fn status_of(state: &mut State, body: &Value) -> u16 {
    status(create_with(state, 300, body))
}

#[test]
fn a_put_of_what_is_immutable_is_passed_over_or_refused() {
    for (refuse_immutable, expected) in [(false, None), (true, Some(422))] {
        let mut state = with(|settings| settings.behaviour.refuse_immutable = refuse_immutable);
        create(&mut state, 0, "a", "table t").unwrap();
        let version = get(&state, "a").unwrap().resource_version();
        for (pointer, value) in [
            ("/spec/statement", json!("other")),
            ("/spec/properties", json!({"a": "b"})),
        ] {
            let mut body = json!(show(&state, "a"));
            *body.pointer_mut(pointer).unwrap() = value;
            assert_eq!(
                put(&mut state, 0, &body)
                    .err()
                    .map(|refusal| refusal.status),
                expected
            );
        }
        assert_eq!(get(&state, "a").unwrap().sql, "table t");
        assert_eq!(get(&state, "a").unwrap().resource_version(), version);
    }
}

#[test]
fn labels_change_and_have_a_length_where_the_service_has_it_so() {
    for labels_change in [false, true] {
        let mut state = with(|settings| {
            settings.behaviour.labels_change = labels_change;
            settings.behaviour.longest_label = Some(22);
        });
        create(&mut state, 0, "a", "other").unwrap();
        let mut body = json!(show(&state, "a"));
        body["metadata"]["labels"] = json!({"user.confluent.io/mine": "true"});
        put(&mut state, 0, &body).unwrap();
        assert_eq!(get(&state, "a").unwrap().labels.is_empty(), !labels_change);
        let labels = json!({"labels": {"user.confluent.io/mine2": "true"}});
        let body = json!({"name": "b", "metadata": labels, "spec": {"statement": "other"}});
        assert_eq!(status_of(&mut state, &body), 422);
    }
}

#[test]
fn what_is_stopped_failed_or_deleted_is_a_question_of_its_own() {
    for switched in [false, true] {
        let mut state = with(|settings| {
            settings.behaviour.refuse_vain_stop = switched;
            settings.behaviour.stop_failed = switched;
            settings.behaviour.traits_while_deleting = switched;
        });
        create(&mut state, 0, "ddl", "table t").unwrap();
        create(&mut state, 20, "in", "t <- s").unwrap();
        create(&mut state, 20, "bad", "?").unwrap();
        put_stopped(&mut state, 100, "in", true).unwrap();
        assert_eq!(put_stopped(&mut state, 200, "in", true).is_err(), switched);
        put_stopped(&mut state, 200, "bad", true).unwrap();
        let expected = if switched {
            Phase::Stopped
        } else {
            Phase::Failed
        };
        assert_eq!(phase(&mut state, 300, "bad"), Some(expected));
        delete(&mut state, 300, "in").unwrap();
        assert_eq!(show(&state, "in").status.traits.is_some(), switched);
    }
}

#[test]
fn offsets_of_what_failed_show_where_the_service_has_it_so() {
    for offsets_when_failed in [false, true] {
        let mut state =
            with(|settings| settings.behaviour.offsets_when_failed = offsets_when_failed);
        create(&mut state, 0, "ddl", "table t").unwrap();
        create(&mut state, 20, "in", "t <- s").unwrap();
        state.advance(at(100));
        state.add_fault(rule("fault=fails"), at(100));
        assert_eq!(phase(&mut state, 200, "in"), Some(Phase::Failed));
        assert_eq!(
            show(&state, "in").status.latest_offsets.is_empty(),
            !offsets_when_failed
        );
    }
}

#[test]
fn the_service_touches_what_it_runs() {
    let mut state = with(|settings| settings.behaviour.touches = 2);
    create(&mut state, 0, "ddl", "table t").unwrap();
    create(&mut state, 20, "in", "t <- s").unwrap();
    let mut versions: Vec<_> = (60..70)
        .map(|millis| {
            state.advance(at(millis));
            get(&state, "in").unwrap().resource_version()
        })
        .collect();
    versions.dedup();
    assert_eq!(versions.len(), 3, "{versions:?}");
}

#[test]
fn comments_secrets_and_properties_come_back_as_the_service_has_it() {
    let mut state = with(|settings| {
        settings.behaviour.keeps_comments = false;
        settings.behaviour.adds_properties = true;
        settings.behaviour.traits_while_pending = true;
        settings.behaviour.insert_kind = "INSERT".to_owned();
    });
    create_from(
        &mut state,
        0,
        "a",
        "-- why\n/* and */ t <- s",
        &[("sql.secrets.k", "v"), ("a", "b")],
    );
    let shown = show(&state, "a");
    assert_eq!(shown.spec.statement, "t <- s");
    assert_eq!(
        json!(shown.spec.properties),
        json!({"a": "b", "sql.snapshot.mode": "off"})
    );
    assert_eq!(
        shown.status.traits.unwrap().sql_kind.as_deref(),
        Some("INSERT")
    );
}

#[test]
fn environments_are_worlds_of_their_own() {
    let mut state = state();
    create(&mut state, 0, "a", "other").unwrap();
    let elsewhere = Place {
        organization: "org".to_owned(),
        environment: "other".to_owned(),
    };
    assert_eq!(status(state.get(&elsewhere, "a")), 404);
    let body = json!({"name": "a", "spec": {"statement": "other"}}).to_string();
    let request = request::read(body.as_bytes()).unwrap();
    state.create(request, elsewhere, at(0)).unwrap();
    assert_eq!(listed(&mut state, 10, &[]).len(), 1);
}

#[test]
fn a_missing_statement_may_be_forbidden() {
    let state = with(|settings| settings.behaviour.missing_is_forbidden = true);
    assert_eq!(status(get(&state, "nobody")), 403);
}

#[test]
fn a_query_that_nobody_reads_is_stopped_for_good() {
    let mut state = running();
    create(&mut state, 0, "query", "query s").unwrap();
    assert_eq!(phase(&mut state, 539, "query"), Some(Phase::Running));
    let record = get(&state, "query").unwrap();
    assert!(state.consume(&record, at(539)).unwrap());
    assert_eq!(phase(&mut state, 1038, "query"), Some(Phase::Running));
    assert_eq!(phase(&mut state, 1049, "query"), Some(Phase::Stopped));
    assert_eq!(status(put_stopped(&mut state, 1100, "query", false)), 422);
}
