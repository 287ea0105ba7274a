//! Secrets are in no output and no file, whatever command runs and whatever the service answers.

use axum::Router;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use camino::Utf8Path;
use data_encoding::BASE64;
use routectl::api::{Client, Connection, Credentials};
use routectl::emulator::Account;
use serde_json::json;
use tokio::net::TcpListener;

use crate::env::{Env, Ran};

const KEY: &str = "ABCDEFGHIJKLMNOP";
const SECRET: &str = "cflt/Zx9+very/secret0123456789";

/// How a server that is no friend answers.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// With a refusal that repeats the credentials.
    Refusal(u16),
    /// With a refusal that is no JSON.
    Page,
    /// With what cannot be read, and repeats the credentials.
    Garbage,
    /// With a value that cannot be, which is the credentials.
    WrongType,
    /// With an address that holds the credentials.
    Redirect,
    /// With statements that hold the credentials.
    Statements,
}

const ANSWERS: [Answer; 11] = [
    Answer::Refusal(400),
    Answer::Refusal(401),
    Answer::Refusal(403),
    Answer::Refusal(404),
    Answer::Refusal(409),
    Answer::Refusal(422),
    Answer::Page,
    Answer::Garbage,
    Answer::WrongType,
    Answer::Redirect,
    Answer::Statements,
];

/// What a server sends back: the header as it came, and what it decodes to.
fn echo(headers: &HeaderMap) -> String {
    let given = headers.get(AUTHORIZATION).unwrap().to_str().unwrap();
    let (_, code) = given.split_once(' ').unwrap();
    let decoded = BASE64.decode(code.as_bytes()).unwrap_or_default();
    format!("{given} {} {SECRET}", String::from_utf8_lossy(&decoded))
}

async fn answer(State(answer): State<Answer>, headers: HeaderMap) -> Response {
    let echo = echo(&headers);
    let id = [("x-request-id", echo.clone())];
    match answer {
        Answer::Refusal(status) => {
            let body = json!({"errors": [{"detail": echo, "status": status.to_string()}]});
            let status = StatusCode::from_u16(status).unwrap();
            (status, id, body.to_string()).into_response()
        }
        Answer::Page => (StatusCode::BAD_REQUEST, id, echo).into_response(),
        Answer::Garbage => (id, format!("{{\"{echo}")).into_response(),
        Answer::WrongType => {
            (id, json!({"data": echo, "metadata": echo}).to_string()).into_response()
        }
        Answer::Redirect => {
            let to = format!("https://{SECRET}.example.com/{SECRET}");
            (StatusCode::TEMPORARY_REDIRECT, [("location", to)]).into_response()
        }
        Answer::Statements => {
            let statement = json!({
                "name": "shop-large-li4b6shpsd-g1",
                "metadata": {"uid": "u", "resource_version": "1", "labels": {
                    "user.confluent.io/routectl": "true",
                    "user.confluent.io/routectl-project-shop": "true",
                    "user.confluent.io/routectl-target-prod": "true",
                }},
                "spec": {"statement": format!("-- {echo}"), "properties": {}, "stopped": false},
                "status": {"phase": echo, "detail": echo},
            });
            let body = json!({
                "api_version": "sql/v1", "kind": "StatementList",
                "metadata": {"next": ""}, "data": [statement],
            });
            (id, body.to_string()).into_response()
        }
    }
}

/// A server on a thread of its own, as long as the tests run.
fn serve(kind: Answer) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(format!("http://{}", listener.local_addr().unwrap()))
                .unwrap();
            let router = Router::new().fallback(answer).with_state(kind);
            axum::serve(listener, router).await.unwrap();
        });
    });
    told.recv().unwrap()
}

/// What must not be anywhere.
fn needles() -> [String; 3] {
    let pair = format!("{KEY}:{SECRET}");
    [
        SECRET.to_owned(),
        BASE64.encode(SECRET.as_bytes()),
        BASE64.encode(pair.as_bytes()),
    ]
}

#[track_caller]
fn expect_none_in(text: &str, what: &str) {
    for needle in needles() {
        assert!(!text.contains(&needle), "{what}: {text}");
    }
}

/// Looks through everything below a directory.
fn expect_none_below(directory: &Utf8Path, what: &str) {
    for entry in directory.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            expect_none_below(entry.path(), what);
            continue;
        }
        #[allow(clippy::disallowed_methods)]
        let bytes = std::fs::read(entry.path()).unwrap();
        let what = format!("{what} wrote {}", entry.path());
        expect_none_in(&String::from_utf8_lossy(&bytes), &what);
    }
}

fn basic() -> Credentials {
    Credentials::Basic {
        key: KEY.to_owned(),
        secret: SECRET.into(),
    }
}

/// A project whose target `prod` is there.
fn project(endpoint: Option<&str>) -> Env {
    let mut env = Env::with(|settings| {
        settings.accounts = vec![Account::full(basic())];
    });
    let endpoint = endpoint.unwrap_or(env.url()).to_owned();
    let target = format!(
        "targets:
  prod:
    backend: confluent
    endpoint: '{endpoint}'
    organization: 00000000-0000-0000-0000-000000000000
    environment: emulator
    compute-pool: lfcp-1
    database: emulator
"
    );
    let project = env.read("routectl.yaml");
    env.write("routectl.yaml", &project.replacen("targets:\n", &target, 1));
    env.set("FLINK_API_KEY", KEY);
    env.set("FLINK_API_SECRET", SECRET);
    env.set("CONFLUENT_CLOUD_API_KEY", KEY);
    env.set("CONFLUENT_CLOUD_API_SECRET", SECRET);
    env.set("RUST_LOG", "trace");
    env.set("RUST_BACKTRACE", "full");
    env
}

/// The commands that there are, as help lists them.
fn commands(env: &Env) -> Vec<String> {
    let help = env.run(["--help"]).stdout;
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    let names = commands.lines().filter_map(|line| line.strip_prefix("  "));
    let names = names.filter(|line| !line.starts_with(' '));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| !matches!(*name, "help" | "emulator"))
        .map(str::to_owned)
        .collect()
}

/// Every command in every way that may fit it: what does not fit is refused, and says nothing either.
fn ways(command: &str) -> Vec<Vec<String>> {
    let name = "shop-large-li4b6shpsd-g1";
    let mut ways = vec![vec![], vec!["-tprod"], vec!["-tprod", name]];
    for format in ["human", "json", "markdown", "sarif", "github", "junit"] {
        ways.push(vec!["-tprod", "-o", format]);
    }
    ways.push(vec!["-tprod", "--out", "saved.plan"]);
    ways.push(vec!["saved.plan", "--auto-approve"]);
    ways.push(vec!["-tprod", "--to", "saved.plan", "--auto-approve"]);
    ways.push(vec!["-tprod", "--auto-approve", "--wait-timeout=1ms"]);
    ways.push(vec!["-tprod", "--auto-approve", "--wait-timeout=1ms", name]);
    let ways = ways.into_iter().map(|way| {
        let words = [command].into_iter().chain(way);
        words.map(str::to_owned).collect()
    });
    ways.collect()
}

#[track_caller]
fn expect_silence(env: &Env, server: &str) {
    for command in commands(env) {
        for way in ways(&command) {
            let what = format!("{server}: {way:?}");
            let ran: Ran = env.run(way.iter().map(String::as_str));
            expect_none_in(&ran.to_string(), &what);
        }
    }
    expect_none_below(env.root(), server);
}

#[test]
fn no_command_shows_a_secret_where_all_is_well() {
    let env = project(None);
    env.run(["apply", "-tprod", "--auto-approve"]).expect(0);
    env.run(["plan", "-tprod", "--out", "saved.plan"]).expect(0);
    expect_silence(&env, "emulator");
}

#[test]
fn no_command_shows_a_secret_that_the_service_repeats() {
    for answer in ANSWERS {
        let env = project(Some(&serve(answer)));
        for way in [
            "plan -tprod",
            "list -tprod -ojson",
            "apply -tprod --auto-approve",
        ] {
            let ran = env.run(way.split(' '));
            expect_none_in(&ran.to_string(), &format!("{answer:?}: {way}"));
            // It asked, or nothing was tried.
            assert_ne!(ran.code, None);
        }
    }
    let mut env = project(Some(&serve(Answer::Refusal(401))));
    let ran = env.run(["plan", "-tprod"]);
    assert!(ran.stderr.contains("***"), "{ran}");
    expect_silence(&env, "a refusal");
    env.set("FLINK_API_KEY", "");
    env.set("CONFLUENT_EXTERNAL_ACCESS_TOKEN", SECRET);
    let ran = env.run(["plan", "-tprod"]);
    assert!(ran.stderr.contains("***"), "{ran}");
    expect_silence(&env, "a refusal of a token");
}

#[test]
fn no_command_shows_a_secret_where_nobody_answers_or_none_may_be_sent() {
    for endpoint in [
        "http://127.0.0.1:1".to_owned(),
        "http://example.com".to_owned(),
        format!("http://{KEY}:{SECRET}@127.0.0.1:1"),
    ] {
        let mut env = project(Some("${ENDPOINT}"));
        env.set("ENDPOINT", &endpoint);
        let ran = env.run(["plan", "-tprod"]);
        ran.expect(1);
        expect_none_in(&ran.to_string(), &endpoint);
    }
}

/// A token is no less secret than a key.
#[test]
fn no_error_shows_a_token_that_the_service_repeats() {
    for answer in ANSWERS {
        let credentials = Credentials::Bearer {
            token: SECRET.into(),
            identity_pool: None,
        };
        let connection = Connection {
            base_url: serve(answer),
            organization: "00000000-0000-0000-0000-000000000000".to_owned(),
            environment: "env".to_owned(),
            credentials: Some(credentials),
            timeout: std::time::Duration::from_secs(30),
            extra_ca: None,
        };
        expect_none_in(&format!("{connection:?}"), "the connection");
        let client = Client::new(connection).unwrap();
        expect_none_in(&format!("{client:?}"), "the client");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let found = runtime
            .unwrap()
            .block_on(client.get("shop-large-li4b6shpsd-g1"));
        expect_none_in(&format!("{found:?}"), &format!("{answer:?}"));
        if let Err(error) = found {
            expect_none_in(&error.to_string(), &format!("{answer:?}"));
        }
    }
}
