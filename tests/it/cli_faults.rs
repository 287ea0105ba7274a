//! What is no answer never reads as an empty one: every command that talks to the service, against every way in which
//! that fails.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;

use crate::cli_operator::fault;
use crate::env::{Env, Ran};

/// Every command that talks to the service.
const COMMANDS: [&[&str]; 12] = [
    &["plan"],
    &["apply", "--auto-approve", "--prune"],
    &["list"],
    &["list", "--all-owners"],
    &["status"],
    &["status", "large"],
    &["exceptions", "large"],
    &["stop", "large", "--auto-approve"],
    &["resume", "large", "--auto-approve"],
    &["delete", "large", "--force", "--auto-approve"],
    &["delete-failed", "--auto-approve"],
    &["cleanup", "--auto-approve"],
];

/// Runs commands all at once: those that try again take a while.
fn run_all(env: &Env, commands: &[&[&str]]) -> Vec<(String, Ran)> {
    let start = |words: &&[&str]| {
        let more = ["-tlocal", "--request-timeout", "2s"];
        let mut command = env.command(words.iter().copied().chain(more));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        (words.join(" "), command.spawn().unwrap())
    };
    let children: Vec<_> = commands.iter().map(start).collect();
    let children = children.into_iter();
    children
        .map(|(words, child)| (words, env.ran(child.wait_with_output().unwrap())))
        .collect()
}

/// Every command says this, in words of its own kind, names the host, and neither shows nor counts anything.
#[track_caller]
fn expect_all(env: &Env, host: &str, words: &[&str]) {
    for (command, ran) in run_all(env, &COMMANDS) {
        assert_eq!(ran.code, Some(1), "{command}: {ran}");
        assert_eq!(ran.stdout, "", "{command}: {ran}");
        assert!(ran.stderr.starts_with("error: "), "{command}: {ran}");
        for word in words.iter().copied().chain([host]) {
            assert!(ran.stderr.contains(word), "{command} lacks `{word}`: {ran}");
        }
        for silence in ["no statements", "nothing to delete", "not deployed"] {
            assert!(!ran.stderr.contains(silence), "{command}: {ran}");
        }
    }
}

/// What the emulator does to every request, and what each command says then.
#[test]
fn regression_8_every_failure_of_the_service_is_told_apart_in_every_command() {
    let table: [(&str, &[&str]); 7] = [
        (
            "fault=status,status=401",
            &["refused (401)", "check the API key", "(request `"],
        ),
        (
            "fault=status,status=403",
            &["not allowed (403)", "check the roles", "(request `"],
        ),
        (
            "fault=status,status=404",
            &[
                "found nothing (404)",
                "check the organization",
                "(request `",
            ],
        ),
        (
            "fault=status,status=429",
            &["too many requests (429)", "(request `"],
        ),
        (
            "fault=status,status=503",
            &[
                "failed in the service (503)",
                "try again later",
                "(request `",
            ],
        ),
        ("fault=drop", &["got no answer:", "check the endpoint"]),
        (
            "fault=latency,millis=60000",
            &["got no answer within 2 s", "--request-timeout"],
        ),
    ];
    let env = Env::new();
    env.apply([]).expect(0);
    let journal = env.read("journal.jsonl");
    for (rule, words) in table {
        fault(&env, rule);
        expect_all(&env, "[EMULATOR]/sql/v1/", words);
        env.emulator().clear_faults().unwrap();
    }
    assert_eq!(env.read("journal.jsonl"), journal);
}

/// A server that gives every request the same answer.
fn always(status: &str, body: &str) -> String {
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            // The requests that come here have no body and fit.
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn regression_8_no_answer_reads_as_an_empty_list() {
    let table = [
        ("401 Unauthorized", "{}", "refused (401)"),
        (
            "404 Not Found",
            "<html>who?</html>",
            "404 of some other server",
        ),
        ("200 OK", "{}", "cannot be read: missing field"),
        (
            "200 OK",
            "<html>log in</html>",
            "cannot be read: expected value",
        ),
        ("200 OK", "", "cannot be read: it is empty"),
        (
            "200 OK",
            r#"{"api_version":"sql/v1","kind":"StatementList","metadata":{}}"#,
            "missing field `data`",
        ),
    ];
    let env = Env::new();
    let project = env.read("routectl.yaml");
    let (before, after) = project.split_once("endpoint: '").unwrap();
    let (_, after) = after.split_once('\'').unwrap();
    for (status, body, words) in table {
        let url = always(status, body);
        env.write(
            "routectl.yaml",
            &format!("{before}endpoint: '{url}'{after}"),
        );
        expect_all(&env, &url, &[words]);
    }
}

/// What is there and is nothing: the one case in which commands say so.
#[test]
fn regression_8_no_statements_is_an_answer() {
    let env = Env::new();
    let of_operators = COMMANDS
        .iter()
        .filter(|words| !["plan", "apply"].contains(&words[0]));
    let of_operators: Vec<_> = of_operators.copied().collect();
    let said = run_all(&env, &of_operators).into_iter();
    let said: Vec<_> = said
        .map(|(command, ran)| format!("{command}\n{ran}"))
        .collect();
    insta::assert_snapshot!(said.join("\n\n"), @"
    list
    --- stderr
    project `shop` has no statements on target `local`
    --- exit 0

    list --all-owners
    --- stderr
    there are no statements on target `local`
    --- exit 0

    status
    --- stdout
    ROUTE  HEALTH     PHASE  STATEMENT  WHY
    large  unhealthy  -      -          not deployed; `routectl plan` says what `apply` would do
    paid   unhealthy  -      -          not deployed; `routectl plan` says what `apply` would do
    --- stderr
    error: 2 of 2 unhealthy
    --- exit 1

    status large
    --- stderr
    error: route `large` is not deployed on target `local`; `routectl plan` says what is
    --- exit 1

    exceptions large
    --- stderr
    error: route `large` is not deployed on target `local`; `routectl plan` says what is
    --- exit 1

    stop large --auto-approve
    --- stderr
    error: route `large` is not deployed on target `local`; `routectl plan` says what is
    --- exit 1

    resume large --auto-approve
    --- stderr
    error: route `large` is not deployed on target `local`; `routectl plan` says what is
    --- exit 1

    delete large --force --auto-approve
    --- stderr
    error: route `large` is not deployed on target `local`; `routectl plan` says what is
    --- exit 1

    delete-failed --auto-approve
    --- stderr
    nothing to delete: no statement of `shop` on `local` failed that may go
    --- exit 0

    cleanup --auto-approve
    --- stderr
    nothing to delete: no statement of `shop` on `local` failed or completed that may go
    --- exit 0
    ");
}
