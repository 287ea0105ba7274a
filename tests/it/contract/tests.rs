//! The contract can be broken, and says so.

use std::sync::Arc;

use super::*;

const STATEMENTS: &str =
    "/sql/v1/organizations/7c60d51f-b44e-4682-87d6-449835ea4de6/environments/env-1/statements";

fn statement() -> Value {
    json!({
        "api_version": "sql/v1", "kind": "Statement", "name": "s",
        "organization_id": "7c60d51f-b44e-4682-87d6-449835ea4de6", "environment_id": "env-1",
        "metadata": {"self": "https://x/s", "uid": "u", "resource_version": "1", "labels": {}},
        "spec": {"statement": "SQL", "properties": {}, "stopped": false},
        "status": {"phase": "RUNNING", "detail": "", "traits": null},
    })
}

fn exchange(method: &str, target: &str, request: &Value, status: u16, answer: &Value) -> Exchange {
    let bytes = |value: &Value| match value {
        Value::Null => Vec::new(),
        value => value.to_string().into_bytes(),
    };
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Exchange {
        method: method.to_owned(),
        target: format!("{STATEMENTS}{target}"),
        request_headers: vec![header("content-type", "application/json")],
        request: bytes(request),
        status,
        answer_headers: vec![
            header("x-request-id", "1"),
            header("location", "https://x/s"),
        ],
        answer: bytes(answer),
        tampered: false,
    }
}

fn problems(exchange: &Exchange) -> String {
    let contract = Contract::get();
    let mut all = contract.request_problems(exchange);
    all.extend(contract.answer_problems(exchange));
    all.join("; ")
}

#[test]
fn what_keeps_the_contract_passes() {
    let new = json!({
        "name": "s", "metadata": {"labels": {"user.confluent.io/a": "true"}}, "spec": {"statement": "SQL"},
    });
    let stop = json!([{"op": "replace", "path": "/spec/stopped", "value": true}]);
    let null = Value::Null;
    for exchange in [
        exchange("POST", "", &new, 201, &statement()),
        exchange("GET", "/s", &null, 200, &statement()),
        exchange("PUT", "/s", &statement(), 202, &null),
        exchange("PATCH", "/s", &stop, 200, &statement()),
        exchange("DELETE", "/s", &null, 202, &null),
        exchange("GET", "?page_size=100", &null, 429, &null),
        exchange(
            "PUT",
            "/s",
            &statement(),
            409,
            &json!({"errors": [{"status": "409", "source": {}}]}),
        ),
    ] {
        assert_eq!(problems(&exchange), "", "{exchange:?}");
    }
}

fn changed(pointer: &str, value: Value) -> Value {
    let mut statement = statement();
    *statement.pointer_mut(pointer).unwrap() = value;
    statement
}

#[test]
fn what_breaks_it_is_told() {
    let null = Value::Null;
    let broken = [
        exchange("GET", "/s/status", &null, 200, &null),
        exchange("GET", "?page_size=101&order=name", &null, 200, &json!([])),
        exchange(
            "POST",
            "",
            &json!({"name": "-", "spec": {"sql": "SQL"}}),
            201,
            &statement(),
        ),
        exchange(
            "PUT",
            "/s",
            &json!({"name": "s", "spec": {"stopped": true}}),
            200,
            &null,
        ),
        exchange(
            "GET",
            "/s",
            &null,
            200,
            &changed("/status/phase", json!("SLEEPING")),
        ),
        exchange(
            "GET",
            "/s",
            &null,
            200,
            &changed("/spec/properties", json!({"a": 1})),
        ),
        exchange(
            "GET",
            "/s",
            &null,
            200,
            &changed("/metadata", json!({"labels": []})),
        ),
        exchange(
            "GET",
            "/s",
            &null,
            200,
            &changed("/status", json!({"phase": "RUNNING", "state": 1})),
        ),
        exchange("DELETE", "/s", &json!({}), 202, &json!({})),
    ];
    insta::assert_snapshot!(broken.map(|exchange| problems(&exchange)).join("\n"), @r#"
    there is no GET /sql/v1/organizations/7c60d51f-b44e-4682-87d6-449835ea4de6/environments/env-1/statements/s/status; it should be refused
    the parameter page_size: 101 is greater than the maximum of 100; there is no parameter order; the answer: [] is not of type "object"
    the request: "-" does not match "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$" at /name; the request: Additional properties are not allowed ('sql' was unexpected) at /spec; the request: "statement" is a required property at /spec
    the request: "metadata" is a required property; the status 200 is not among its answers
    the answer: "SLEEPING" is not one of "PENDING", "RUNNING" or 7 other candidates at /status/phase
    the answer: {"a":1} is not valid under any of the schemas listed in the 'anyOf' keyword at /spec/properties
    the answer: [] is not of type "object" at /metadata/labels; the answer: "self" is a required property at /metadata; the answer: [] is not of type "object" at /metadata/labels
    the answer: Additional properties are not allowed ('state' was unexpected) at /status
    there should be no body; there should be no body
    "#);
}

#[test]
#[should_panic(expected = "the vendor's contract is broken")]
fn a_test_fails_when_its_emulator_breaks_it() {
    let (clock, sql) = (routectl::clock::SystemClock, routectl::emulator::FlinkSql);
    let mut settings = routectl::emulator::Settings::new(Arc::new(clock), Arc::new(sql));
    let _contract = HeldToContract::new(&mut settings);
    let sleeping = changed("/status/phase", json!("SLEEPING"));
    let broken = exchange("GET", "/s", &Value::Null, 200, &sleeping);
    settings.witness.unwrap().saw(&broken);
}
