//! How the service is reached: credentials, proxies, certificates, addresses.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use crate::env::{Env, Ran};

const IDS: [(&str, &str); 4] = [
    (
        "CONFLUENT_ORGANIZATION_ID",
        "00000000-0000-0000-0000-000000000000",
    ),
    ("CONFLUENT_ENVIRONMENT_ID", "env-1"),
    ("FLINK_COMPUTE_POOL_ID", "lfcp-1"),
    ("KAFKA_CLUSTER_ID", "lkc-1"),
];

/// A project whose target `cloud` is complete, with these variables.
fn cloud(variables: &[(&str, &str)]) -> Env {
    let mut env = Env::new();
    for (name, value) in IDS.iter().chain(variables) {
        env.set(name, value);
    }
    env
}

const KEY: [(&str, &str); 2] = [("FLINK_API_KEY", "the-key"), ("FLINK_API_SECRET", "hush")];

fn list(env: &Env) -> Ran {
    env.run(["list", "-tcloud", "--request-timeout", "5s"])
}

/// Puts an address in the place of cloud and region.
fn at(env: &Env, endpoint: &str) {
    let project = env.read("routectl.yaml");
    let target = format!("endpoint: '{endpoint}'");
    env.write(
        "routectl.yaml",
        &project.replace("cloud: aws, region: us-east-1", &target),
    );
}

/// A server that writes down the head of each request and answers all of them like this.
fn server(answer: &'static str) -> (String, Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head = lines
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty());
            let _ = tell.send(head.collect());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, told)
}

const REFUSED: &str = "HTTP/1.1 401 Unauthorized\r\nx-request-id: r-1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[test]
fn a_proxy_is_used_and_its_secret_is_shown_nowhere() {
    let (address, told) = server(
        "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let proxy = format!("http://somebody:hush@{address}");
        let env = cloud(&[&KEY[..], &[(variable, proxy.as_str())]].concat());
        let ran = list(&env);
        ran.expect(1);
        let shown = ran.to_string();
        assert!(
            shown.contains("https://flink.us-east-1.aws.confluent.cloud"),
            "{shown}"
        );
        assert!(shown.contains("proxy"), "{shown}");
        assert!(
            !shown.contains("hush") && !shown.contains("somebody"),
            "{shown}"
        );
        let head = told.recv().unwrap();
        assert_eq!(
            head[0],
            "CONNECT flink.us-east-1.aws.confluent.cloud:443 HTTP/1.1"
        );
        let has_credentials = |line: &String| {
            line.to_lowercase()
                .starts_with("proxy-authorization: basic ")
        };
        assert!(head.iter().any(has_credentials), "{head:?}");
        // The key of the service is for the service alone.
        assert!(
            !head
                .iter()
                .any(|line| line.to_lowercase().starts_with("authorization")),
            "{head:?}"
        );
    }
}

#[test]
fn no_proxy_leads_to_this_machine_or_to_what_is_named() {
    let (proxy, told) = server(REFUSED);
    let (service, seen) = server(REFUSED);
    let proxy = format!("http://{proxy}");
    let env = cloud(
        &[
            &KEY[..],
            &[
                ("HTTP_PROXY", proxy.as_str()),
                ("HTTPS_PROXY", proxy.as_str()),
            ],
        ]
        .concat(),
    );
    at(&env, &format!("http://{service}"));
    list(&env).expect(1);
    assert!(seen.recv().unwrap()[0].starts_with("GET /sql/v1/"));
    assert!(told.try_recv().is_err());
}

#[test]
fn an_access_token_goes_with_its_identity_pool() {
    let (service, seen) = server(REFUSED);
    let env = cloud(&[
        ("CONFLUENT_EXTERNAL_ACCESS_TOKEN", "hush.hush\n"),
        ("CONFLUENT_IDENTITY_POOL_ID", "pool-1"),
    ]);
    at(&env, &format!("http://{service}"));
    let ran = list(&env).to_string();
    assert!(!ran.contains("hush"), "{ran}");
    assert!(ran.contains("(request `r-1`)"), "{ran}");
    let head = seen.recv().unwrap();
    assert!(
        head.iter()
            .any(|line| line == "authorization: Bearer hush.hush"),
        "{head:?}"
    );
    assert!(
        head.iter()
            .any(|line| line == "confluent-identity-pool-id: pool-1"),
        "{head:?}"
    );
}

#[test]
fn what_is_ambiguous_or_damaged_is_said_without_showing_it() {
    let wrong = |variables: &[(&str, &str)]| {
        let ran = list(&cloud(variables));
        ran.expect(1);
        assert!(!ran.stderr.contains("hush"), "{ran}");
        ran.stderr
    };
    let both = [&KEY[..], &[("CONFLUENT_EXTERNAL_ACCESS_TOKEN", "hush")]].concat();
    insta::assert_snapshot!(wrong(&both), @"error: both FLINK_API_KEY and CONFLUENT_EXTERNAL_ACCESS_TOKEN are set; unset the one that is not meant");
    insta::assert_snapshot!(wrong(&[("CONFLUENT_EXTERNAL_ACCESS_TOKEN", "hu sh")]), @"error: CONFLUENT_EXTERNAL_ACCESS_TOKEN holds blanks or other characters that no such value has; set it anew, without quotes");
    insta::assert_snapshot!(wrong(&[&KEY[..], &[("CONFLUENT_CLOUD_API_KEY", "k")]].concat()), @"error: only one of CONFLUENT_CLOUD_API_KEY and CONFLUENT_CLOUD_API_SECRET is set; set both, or neither");
    insta::assert_snapshot!(wrong(&[&KEY[..], &[("ROUTECTL_CA_FILE", "/nowhere/ca.pem")]].concat()), @"error: cannot read `/nowhere/ca.pem`: No such file or directory (os error 2); correct ROUTECTL_CA_FILE, which names a file of CA certificates");
    insta::assert_snapshot!(wrong(&[&KEY[..], &[("ROUTECTL_CA_FILE", "routectl.yaml")]].concat()), @"error: the CA certificates in `routectl.yaml` cannot be used: there is no certificate in it; give a file in PEM form, with one certificate or more");
}

#[test]
fn an_address_that_cannot_be_one_is_found_where_it_stands() {
    let env = Env::new();
    for (endpoint, reason) in [
        ("flink.example", "relative URL without a base"),
        ("http://flink.example", "unencrypted"),
        ("https://somebody:hush@flink.example", "holds a user name"),
        (
            "https://flink.example/sql/v1/organizations/x",
            "holds the path of the API",
        ),
    ] {
        let project = env.read("routectl.yaml");
        at(&env, endpoint);
        let ran = env.run(["validate"]);
        env.write("routectl.yaml", &project);
        ran.expect(1);
        assert!(ran.stderr.contains("routectl.yaml:14:"), "{ran}");
        assert!(ran.stderr.contains(reason), "{ran}");
    }
    let project = env.read("routectl.yaml");
    env.write(
        "routectl.yaml",
        &project.replace("region: us-east-1", "region: x@evil.example/"),
    );
    let ran = env.run(["validate"]);
    assert!(
        ran.stderr.contains("`region` must be the name of a region"),
        "{ran}"
    );
}

#[test]
fn a_region_of_the_environment_cannot_lead_elsewhere() {
    let env = cloud(&[&KEY[..], &[("REGION", "x@evil.example/")]].concat());
    let project = env.read("routectl.yaml");
    env.write(
        "routectl.yaml",
        &project.replace("us-east-1", "'${REGION}'"),
    );
    insta::assert_snapshot!(list(&env).stderr, @"error: the target's `region` is `x@evil.example/`, which is not the name of a region; write it like us-east-1");
}
