//! Statements from their creation to their deletion.

use super::*;

#[test]
fn ddl_completes_and_its_table_outlives_it() {
    let mut state = state();
    create(&mut state, 0, "ddl", "table t").unwrap();
    assert_eq!(phase(&mut state, 19, "ddl"), Some(Phase::Pending));
    assert_eq!(phase(&mut state, 20, "ddl"), Some(Phase::Completed));
    delete(&mut state, 30, "ddl").unwrap();
    assert_eq!(phase(&mut state, 40, "ddl"), None);
    create(&mut state, 50, "in", "t <- s").unwrap();
    assert_eq!(phase(&mut state, 89, "in"), Some(Phase::Pending));
    assert_eq!(phase(&mut state, 90, "in"), Some(Phase::Running));
}

#[test]
fn what_cannot_start_fails_with_a_reason() {
    let mut state = state();
    for (name, sql) in [("ddl", "table t"), ("bad", "SELEC"), ("lost", "x <- s")] {
        create(&mut state, 0, name, sql).unwrap();
    }
    create(&mut state, 30, "again", "table t").unwrap();
    create(&mut state, 30, "gently", "table? t").unwrap();
    assert_eq!(phase(&mut state, 99, "gently"), Some(Phase::Completed));
    for name in ["bad", "lost", "again"] {
        assert_eq!(phase(&mut state, 99, name), Some(Phase::Failed), "{name}");
        let exceptions = get(&state, name).unwrap().exceptions();
        assert_eq!(exceptions[0].message, detail(&state, name));
    }
    insta::assert_snapshot!(
        ["bad", "lost", "again"].map(|name| detail(&state, name)).join("\n"),
        @r#"
    SQL parse failed. Encountered "SELEC".
    Table 'x' does not exist.
    Table 't' already exists.
    "#
    );
}

#[test]
fn an_insert_looks_for_its_sink_when_it_starts_not_when_it_is_posted() {
    let mut state = state();
    create(&mut state, 0, "in", "t <- s").unwrap();
    create(&mut state, 10, "ddl", "table t").unwrap();
    // Both steps happen in one look; the table is there at 30, before the start at 40.
    assert_eq!(phase(&mut state, 1000, "in"), Some(Phase::Running));
}

#[test]
fn an_insert_without_source_and_anything_else_completes() {
    let mut state = running();
    create(&mut state, 100, "values", "t <-").unwrap();
    create(&mut state, 100, "show", "other").unwrap();
    assert_eq!(phase(&mut state, 120, "values"), Some(Phase::Completed));
    assert_eq!(phase(&mut state, 120, "show"), Some(Phase::Completed));
    put_stopped(&mut state, 130, "values", true).unwrap();
    assert_eq!(phase(&mut state, 200, "values"), Some(Phase::Completed));
}

#[test]
fn a_running_statement_stops_and_goes_on() {
    let mut state = running();
    put_stopped(&mut state, 100, "in", true).unwrap();
    assert_eq!(phase(&mut state, 109, "in"), Some(Phase::Stopping));
    assert_eq!(status(put_stopped(&mut state, 109, "in", false)), 422);
    assert_eq!(phase(&mut state, 110, "in"), Some(Phase::Stopped));
    let version = get(&state, "in").unwrap().resource_version();
    put_stopped(&mut state, 111, "in", true).unwrap();
    assert_eq!(
        get(&state, "in").unwrap().resource_version(),
        version,
        "nothing changed"
    );
    put_stopped(&mut state, 120, "in", false).unwrap();
    assert_eq!(phase(&mut state, 120, "in"), Some(Phase::Pending));
    assert_eq!(phase(&mut state, 160, "in"), Some(Phase::Running));
}

#[test]
fn every_change_has_its_own_version_and_every_statement_its_own_uid() {
    let mut state = state();
    let first = create(&mut state, 0, "a", "other").unwrap();
    state.advance(at(20));
    let completed = get(&state, "a").unwrap();
    delete(&mut state, 20, "a").unwrap();
    let deleting = get(&state, "a").unwrap();
    state.advance(at(30));
    let second = create(&mut state, 30, "a", "other").unwrap();
    let versions = [&first, &completed, &deleting, &second].map(Record::resource_version);
    for (index, version) in versions.iter().enumerate() {
        assert!(!versions[..index].contains(version), "{versions:?}");
    }
    assert_eq!(first.uid, deleting.uid);
    assert_ne!(first.uid, second.uid);
}

#[test]
fn a_put_needs_the_version_just_read_and_leaves_what_is_immutable() {
    let mut state = running();
    let read = json!(show(&state, "in"));
    for (expected, pointer, value) in [
        (409, "/metadata/resource_version", json!("0")),
        (400, "/metadata", json!({})),
    ] {
        let mut body = read.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        assert_eq!(status(put(&mut state, 100, &body)), expected, "{pointer}");
    }
    let mut moved = read.clone();
    moved["spec"]["compute_pool_id"] = json!("lfcp-2");
    assert_eq!(status(put(&mut state, 100, &moved)), 422);
    moved["name"] = json!("nobody");
    assert_eq!(status(put(&mut state, 100, &moved)), 404);
    put(&mut state, 100, &read).unwrap();
}

#[test]
fn pool_and_principal_change_with_a_resumption() {
    let mut state = running();
    put_stopped(&mut state, 100, "in", true).unwrap();
    state.advance(at(110));
    let mut body = json!(show(&state, "in"));
    body["spec"]["stopped"] = json!(false);
    body["spec"]["compute_pool_id"] = json!("lfcp-2");
    put(&mut state, 110, &body).unwrap();
    assert_eq!(
        get(&state, "in").unwrap().compute_pool.as_deref(),
        Some("lfcp-2")
    );
}

#[test]
fn a_name_is_taken_until_its_deletion_is_over() {
    let mut state = running();
    assert_eq!(status(create(&mut state, 100, "in", "other")), 409);
    delete(&mut state, 100, "in").unwrap();
    delete(&mut state, 105, "in").unwrap();
    assert_eq!(phase(&mut state, 109, "in"), Some(Phase::Deleting));
    assert_eq!(status(create(&mut state, 109, "in", "other")), 409);
    assert_eq!(status(put_stopped(&mut state, 109, "in", true)), 409);
    assert_eq!(phase(&mut state, 110, "in"), None);
    assert_eq!(status(delete(&mut state, 110, "in")), 404);
    create(&mut state, 110, "in", "other").unwrap();
}

#[test]
fn a_dry_run_answers_at_once_and_leaves_nothing() {
    let mut state = running();
    state.saved();
    let dry = |state: &mut State, sql: &str| {
        let properties = json!({"sql.dry-run": "true"});
        let body = json!({"name": "dry", "spec": {"statement": sql, "properties": properties}});
        {
            let record = create_with(state, 100, &body).unwrap();
            state.present(&record)
        }
    };
    let good = dry(&mut state, "t <- s");
    assert_eq!(
        (good.status.phase, good.metadata.uid.as_str()),
        (Phase::Completed, "")
    );
    assert_eq!(dry(&mut state, "x <- s").status.phase, Phase::Failed);
    assert_eq!(dry(&mut state, "table u").status.phase, Phase::Completed);
    assert_eq!(dry(&mut state, "u <- s").status.phase, Phase::Failed);
    assert!(state.unsaved().is_empty());
}

#[test]
fn what_the_service_would_refuse_is_refused() {
    let spec = |more: Value| {
        let mut spec = json!({"statement": "other"});
        spec.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"name": "a", "spec": spec})
    };
    let labels = |labels: Value| json!({"name": "a", "metadata": {"labels": labels}, "spec": {"statement": "other"}});
    for (expected, body) in [
        (400, json!({})),
        (400, json!({"name": "a", "spec": {}})),
        (400, spec(json!({"properties": {"a": 1}}))),
        (422, json!({"name": "A_b", "spec": {"statement": "other"}})),
        (
            422,
            json!({"name": "x".repeat(101), "spec": {"statement": "other"}}),
        ),
        (422, spec(json!({"statement": " "}))),
        (422, spec(json!({"statement": "é".repeat(131_073)}))),
        (422, spec(json!({"properties": {"client.x": "y"}}))),
        (422, spec(json!({"compute_pool_id": "x".repeat(256)}))),
        (422, labels(json!({"mine": "true"}))),
        (422, labels(json!({"user.confluent.io/": "true"}))),
        (422, labels(json!({"user.confluent.io/mine": "yes"}))),
    ] {
        assert_eq!(
            status(create_with(&mut state(), 0, &body)),
            expected,
            "{body}"
        );
    }
    let longest = spec(json!({"statement": "é".repeat(131_072)}));
    create_with(&mut state(), 0, &longest).unwrap();
}
