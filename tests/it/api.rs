//! The client against a server that answers as it is told to: faults that no emulator should have.

pub(crate) mod script;

use std::time::Duration;

use routectl::api::{ApiError, ListFilter, NewStatement, Statement};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use script::{Reply, Server, client, connection, refusal, reply, with_header};

const BASE: &str = "/sql/v1/organizations/org/environments/env/statements";

fn statement(name: &str, sql: &str) -> Value {
    json!({
        "api_version": "sql/v1",
        "kind": "Statement",
        "name": name,
        "metadata": {
            "uid": "u", "resource_version": "1", "labels": {"user.confluent.io/ours": "true"},
        },
        "spec": {"statement": sql, "properties": {"zone": "UTC", "added": "by the service"}},
        "status": {"phase": "PENDING"},
    })
}

fn page(names: &[&str], next: impl Into<Value>) -> Reply {
    let data: Vec<_> = names.iter().map(|name| statement(name, "SQL")).collect();
    reply(
        200,
        &json!({
            "api_version": "sql/v1", "kind": "StatementList", "metadata": {"next": next.into()},
            "data": data,
        }),
    )
}

fn new() -> NewStatement {
    NewStatement {
        name: "s".to_owned(),
        sql: "SQL".to_owned(),
        properties: [("zone".to_owned(), "UTC".to_owned())].into(),
        labels: vec!["user.confluent.io/ours".to_owned()],
        ..NewStatement::default()
    }
}

fn read(value: Value) -> Statement {
    serde_json::from_value(value).unwrap()
}

async fn list(server: &Server) -> Result<Vec<String>, ApiError> {
    let found = server.client().list(&ListFilter::default()).await?;
    Ok(found.into_iter().map(|statement| statement.name).collect())
}

#[tokio::test]
async fn regression_38_the_paths_are_the_vendors() {
    let server = Server::start([
        page(&[], Value::Null),
        refusal(404),
        reply(201, &statement("s", "SQL")),
        reply(202, ""),
        refusal(404),
        refusal(404),
    ])
    .await;
    let client = server.client();
    let filter = ListFilter {
        labels: vec![
            "user.confluent.io/a".to_owned(),
            "user.confluent.io/b".to_owned(),
        ],
        compute_pool: Some("lfcp-1".to_owned()),
    };
    client.list(&filter).await.unwrap();
    assert_eq!(client.get("a b/c").await.unwrap(), None);
    client.create(&new()).await.unwrap();
    client
        .set_stopped(&read(statement("s", "SQL")), true)
        .await
        .unwrap();
    client.delete("s").await.unwrap();
    client.exceptions("s").await.unwrap_err();
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    GET /sql/v1/organizations/org/environments/env/statements?page_size=100&spec.compute_pool_id=lfcp-1&label_selector=user.confluent.io%2Fa%3Dtrue%2Cuser.confluent.io%2Fb%3Dtrue
    GET /sql/v1/organizations/org/environments/env/statements/a%20b%2Fc
    POST /sql/v1/organizations/org/environments/env/statements
    PUT /sql/v1/organizations/org/environments/env/statements/s
    DELETE /sql/v1/organizations/org/environments/env/statements/s
    GET /sql/v1/organizations/org/environments/env/statements/s/exceptions
    ");
}

#[tokio::test]
async fn regression_8_no_failure_reads_as_no_statements() {
    let damaged = [
        reply(200, ""),
        reply(200, "{}"),
        reply(200, "<html>sign in</html>"),
        reply(
            200,
            &json!({"api_version": "sql/v1", "kind": "StatementList", "metadata": {}}),
        ),
        reply(200, "{\"data\": ["),
        reply(404, "<html>no such page</html>"),
    ];
    for damage in damaged {
        let server = Server::start([damage.clone()]).await;
        let error = list(&server).await.unwrap_err();
        assert!(
            matches!(error, ApiError::Unreadable { .. }),
            "{damage:?}: {error:?}"
        );
    }
    let server = Server::start([refusal(404)]).await;
    assert!(matches!(
        list(&server).await,
        Err(ApiError::NotFound { .. })
    ));
    let server = Server::start([refusal(401)]).await;
    assert!(matches!(
        list(&server).await,
        Err(ApiError::Unauthorized { .. })
    ));
    let server = Server::start([refusal(403)]).await;
    assert!(matches!(
        list(&server).await,
        Err(ApiError::Forbidden { .. })
    ));
    let server = Server::start([page(&[], json!(""))]).await;
    assert_eq!(list(&server).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn regression_8_a_timeout_and_an_absent_server_are_told_apart() {
    let server = Server::start([
        Reply::Silence,
        Reply::Silence,
        Reply::Silence,
        Reply::Silence,
    ])
    .await;
    let hasty = client(&server.url, Duration::from_millis(50));
    let error = hasty.list(&ListFilter::default()).await.unwrap_err();
    assert!(matches!(error, ApiError::Timeout { .. }), "{error:?}");
    server.seen();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client(&url, Duration::from_secs(30))
        .get("s")
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            ApiError::Transport {
                connected: false,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn a_get_for_one_name_does_not_take_another() {
    let server = Server::start([reply(200, &statement("other", "SQL"))]).await;
    let error = server.client().get("s").await.unwrap_err();
    assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
}

#[tokio::test]
async fn pages_are_followed_by_token_alone_and_never_in_a_circle() {
    let next = |token: &str| {
        json!(format!(
            "https://elsewhere.example/x?page_token={token}&a=b"
        ))
    };
    let server = Server::start([
        page(&["a", "b"], next("t%2F1")),
        page(&["b", "c"], next("t2")),
        page(&[], Value::Null),
    ])
    .await;
    assert_eq!(list(&server).await.unwrap(), ["a", "b", "c"]);
    assert_eq!(
        server.seen()[1].line,
        format!("GET {BASE}?page_size=100&page_token=t%2F1")
    );

    for last in [
        next("t1"),
        json!("https://elsewhere.example/x"),
        json!("no url"),
    ] {
        let server = Server::start([page(&["a"], next("t1")), page(&["b"], last.clone())]).await;
        let error = list(&server).await.unwrap_err();
        assert!(
            matches!(error, ApiError::Unreadable { .. }),
            "{last}: {error:?}"
        );
    }
}

#[tokio::test]
async fn reads_and_deletions_are_repeated_after_passing_failures() {
    let passing = || {
        [
            refusal(503),
            with_header(reply(429, ""), "retry-after", "0"),
            refusal(500),
        ]
    };
    let server = Server::start(
        passing()
            .into_iter()
            .chain([reply(200, &statement("s", "SQL"))]),
    )
    .await;
    assert!(server.client().get("s").await.unwrap().is_some());
    assert_eq!(server.methods(), "GET GET GET GET");

    let server = Server::start(passing().into_iter().chain([reply(202, "")])).await;
    server.client().delete("s").await.unwrap();
    assert_eq!(server.methods(), "DELETE DELETE DELETE DELETE");

    let server = Server::start([refusal(500), refusal(500), refusal(500), refusal(502)]).await;
    let error = server.client().get("s").await.unwrap_err();
    assert!(
        matches!(error, ApiError::Server { status: 502, .. }),
        "{error:?}"
    );
    server.seen();
}

#[tokio::test]
async fn a_long_wish_to_be_left_alone_is_granted_at_once() {
    let server = Server::start([with_header(reply(429, ""), "retry-after", "3600")]).await;
    let error = server.client().get("s").await.unwrap_err();
    let hour = Some(Duration::from_hours(1));
    assert!(matches!(error, ApiError::RateLimited { retry_after, .. } if retry_after == hour));
    server.seen();
}

#[tokio::test]
async fn an_unclear_creation_is_looked_up_and_never_sent_again() {
    for unclear in [refusal(500), refusal(503), reply(201, "{\"name\": ")] {
        let found = reply(200, &statement("s", "SQL"));
        let server = Server::start([unclear.clone(), found]).await;
        let created = server.client().create(&new()).await.unwrap();
        assert_eq!(created.metadata.uid, "u");
        assert_eq!(server.methods(), "POST GET", "{unclear:?}");

        let server = Server::start([unclear.clone(), refusal(404)]).await;
        let error = server.client().create(&new()).await.unwrap_err();
        assert!(
            matches!(error, ApiError::Server { .. } | ApiError::Unreadable { .. }),
            "{unclear:?}: {error:?}"
        );
        assert_eq!(server.methods(), "POST GET", "{unclear:?}");

        let server = Server::start([unclear.clone(), refusal(403)]).await;
        let error = server.client().create(&new()).await.unwrap_err();
        assert!(
            !matches!(error, ApiError::Forbidden { .. }),
            "{unclear:?}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_creation_without_answer_is_looked_up() {
    let server = Server::start([Reply::Silence, reply(200, &statement("s", "SQL"))]).await;
    client(&server.url, Duration::from_millis(200))
        .create(&new())
        .await
        .unwrap();
    assert_eq!(server.methods(), "POST GET");
}

#[tokio::test]
async fn a_statement_that_differs_is_not_the_one_created() {
    let mut without_label = statement("s", "SQL");
    without_label["metadata"]["labels"] = json!({});
    let mut other_property = statement("s", "SQL");
    other_property["spec"]["properties"]["zone"] = json!("CET");
    for other in [statement("s", "OTHER"), without_label, other_property] {
        let server = Server::start([refusal(500), reply(200, &other)]).await;
        let error = server.client().create(&new()).await.unwrap_err();
        assert!(
            matches!(error, ApiError::Conflict { .. }),
            "{other}: {error:?}"
        );
    }
}

#[tokio::test]
async fn definite_refusals_of_a_creation_stand() {
    for status in [400, 401, 403, 409, 422] {
        let server = Server::start([refusal(status)]).await;
        server.client().create(&new()).await.unwrap_err();
        assert_eq!(server.methods(), "POST", "{status}");
    }
    let server = Server::start([reply(429, ""), reply(201, &statement("s", "SQL"))]).await;
    server.client().create(&new()).await.unwrap();
    assert_eq!(
        server.methods(),
        "POST POST",
        "a 429 was certainly not carried out"
    );
}

#[tokio::test]
async fn a_change_is_sent_once_and_only_with_its_guard() {
    for status in [409, 500] {
        let server = Server::start([refusal(status)]).await;
        server
            .client()
            .set_stopped(&read(statement("s", "SQL")), true)
            .await
            .unwrap_err();
        assert_eq!(server.methods(), "PUT", "{status}");
    }
    let mut unguarded = read(statement("s", "SQL"));
    unguarded.metadata.resource_version = None;
    let server = Server::start([]).await;
    let error = server
        .client()
        .set_stopped(&unguarded, true)
        .await
        .unwrap_err();
    assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
    assert_eq!(server.methods(), "");
}

#[tokio::test]
async fn redirects_are_followed_with_credentials_on_the_same_server_alone() {
    let moved = with_header(reply(307, ""), "location", format!("{BASE}/moved"));
    let server = Server::start([moved, reply(200, &statement("s", "SQL"))]).await;
    assert!(server.client().get("s").await.unwrap().is_some());
    let seen = server.seen();
    assert_eq!(seen[1].line, format!("GET {BASE}/moved"));
    assert!(
        seen.iter()
            .all(|seen| seen.authorization.starts_with("Basic ")),
        "{seen:?}"
    );

    let foreign = Server::start([]).await;
    let away = with_header(reply(307, ""), "location", format!("{}/x", foreign.url));
    let server = Server::start([away]).await;
    let error = server.client().get("s").await.unwrap_err();
    assert!(
        matches!(&error, ApiError::Redirected { to, .. } if *to == foreign.url),
        "{error:?}"
    );
    assert_eq!(foreign.seen(), []);

    let circle = || with_header(reply(307, ""), "location", format!("{BASE}/s"));
    let server = Server::start(std::iter::repeat_with(circle).take(6)).await;
    let error = server.client().get("s").await.unwrap_err();
    assert!(matches!(error, ApiError::Unreadable { .. }), "{error:?}");
    server.seen();
}

#[tokio::test]
async fn errors_name_the_request_and_no_secret() {
    let server = Server::start([refusal(401)]).await;
    let error = server.client().get("s").await.unwrap_err();
    let shown = format!("{error}\n{error:?}");
    for secret in ["hush", "KEY", "eyJ", "Basic"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let shown = error
        .to_string()
        .replace(&server.url, "https://flink.example");
    insta::assert_snapshot!(shown, @"`GET https://flink.example/sql/v1/organizations/org/environments/env/statements/s` (request `req-1`) was refused (401): so it is; check the API key and its secret: a Flink API key is valid for one region, and a Cloud API key is not accepted");
}

fn rows(rows: &Value, next: impl Into<Value>) -> Reply {
    let changes = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!({"op": 0, "row": row}));
    let data: Vec<_> = changes.collect();
    reply(
        200,
        &json!({
            "api_version": "sql/v1", "kind": "StatementResult",
            "metadata": {"next": next.into()}, "results": {"data": data},
        }),
    )
}

#[tokio::test]
async fn results_are_followed_page_by_page_to_the_end() {
    let next = |token: &str| json!(format!("https://elsewhere.example/x?page_token={token}"));
    let server = Server::start([
        rows(&json!([["a", null]]), next("t1")),
        rows(&json!([]), next("t1")),
        rows(&json!([["b", ["c"]]]), next("t2")),
        rows(&json!([]), ""),
    ])
    .await;
    let found = server.client().results("s").await.unwrap();
    assert_eq!(json!(found), json!([["a", null], ["b", ["c"]]]));
    assert_eq!(
        server.seen()[1].line,
        format!("GET {BASE}/s/results?page_token=t1")
    );
}

#[tokio::test]
async fn regression_8_no_damaged_result_reads_as_no_rows() {
    let next = || json!("https://elsewhere.example/x?page_token=t");
    let withdrawn = json!({"metadata": {}, "results": {"data": [{"op": 3, "row": ["a"]}]}});
    for damaged in [
        vec![reply(200, "{}")],
        vec![reply(200, &json!({"metadata": {}, "results": {}}))],
        vec![reply(200, &json!({"results": {"data": []}}))],
        vec![reply(200, &withdrawn)],
        vec![rows(&json!([["a"]]), next()), rows(&json!([["b"]]), next())],
        vec![rows(&json!([]), json!("https://elsewhere.example/x"))],
        std::iter::repeat_with(|| rows(&json!([]), next()))
            .take(21)
            .collect(),
    ] {
        let server = Server::start(damaged.clone()).await;
        let error = server.client().results("s").await.unwrap_err();
        assert!(
            matches!(error, ApiError::Unreadable { .. }),
            "{damaged:?}: {error:?}"
        );
        server.seen();
    }
    let server = Server::start([refusal(404)]).await;
    let error = server.client().results("s").await.unwrap_err();
    assert!(matches!(error, ApiError::NotFound { .. }), "{error:?}");
}

#[tokio::test]
async fn a_pool_is_described_where_somebody_may_ask() {
    let server = Server::start([
        reply(
            200,
            &json!({
                "id": "lfcp-1", "spec": {"max_cfu": 10, "display_name": "x"},
                "status": {"phase": "PROVISIONED", "current_cfu": 3},
            }),
        ),
        refusal(403),
        reply(200, &json!({"id": "lfcp-1"})),
    ])
    .await;
    assert_eq!(server.client().compute_pool("lfcp-1").await.unwrap(), None);
    let client = server
        .client()
        .with_pools(&connection(&server.url))
        .unwrap();
    let pool = client.compute_pool("lfcp-1").await.unwrap().unwrap();
    assert_eq!((pool.current_cfu, pool.max_cfu), (3, 10));
    client.compute_pool("lfcp-1").await.unwrap_err();
    client.compute_pool("lfcp-1").await.unwrap_err();
    let line = &server.seen()[0].line;
    assert_eq!(line, "GET /fcpm/v2/compute-pools/lfcp-1?environment=env");
}

#[tokio::test]
async fn too_many_requests_are_repeated_for_longer_than_failures_are() {
    let busy = || reply(429, &json!({"errors": [{"detail": "slow down"}]}));
    let replies = std::iter::repeat_with(busy).take(8);
    let server = Server::start(replies.chain([reply(200, &statement("s", "SQL"))])).await;
    assert!(server.client().get("s").await.unwrap().is_some());
    server.seen();
    let server = Server::start(std::iter::repeat_with(busy).take(9)).await;
    let error = server.client().get("s").await.unwrap_err();
    assert!(error.to_string().contains("(429): slow down"), "{error}");
    server.seen();
}
