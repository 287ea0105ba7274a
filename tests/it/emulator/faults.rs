//! What goes wrong on the way, and how the client takes it.

use std::time::Duration;

use routectl::api::{ApiError, Client, Phase};
use routectl::emulator::Rule;

use super::{DDL, World, connection, new, spawn};

async fn world(rule: &str) -> World {
    let mut world = World::start(|settings| settings.faults = vec![self::rule(rule)]).await;
    world.client = Client::new(connection(&world.running.url()))
        .unwrap()
        .with_first_pause(Duration::ZERO);
    world
}

fn rule(text: &str) -> Rule {
    text.parse().unwrap()
}

#[tokio::test]
async fn passing_failures_are_got_over() {
    for fault in [
        "fault=status,status=503,times=2",
        "fault=status,status=429,times=2",
        "fault=status,status=429,retry_after=0,times=1",
        "fault=drop,times=1",
        "fault=latency,millis=1",
    ] {
        let world = world(fault).await;
        assert_eq!(world.client.get("s").await.unwrap(), None, "{fault}");
    }
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_found() {
    for fault in [
        "fault=drop,after_effect=true,method=POST,times=1",
        "fault=status,status=502,after_effect=true,method=POST,times=1",
    ] {
        let world = world(fault).await;
        let created = world.create("s", DDL).await.unwrap();
        assert_eq!(created.status.phase, Phase::Pending, "{fault}");
    }
}

#[tokio::test]
async fn a_creation_that_was_dropped_before_it_happened_is_no_success() {
    let world = world("fault=drop,method=POST,times=1").await;
    let lost = world.create("s", DDL).await.unwrap_err();
    assert!(matches!(lost, ApiError::Transport { .. }), "{lost:?}");
    assert_eq!(world.get("s").await, None);
}

#[tokio::test]
async fn a_put_conflicts_as_often_as_a_rule_says() {
    let world = world("fault=status,status=409,method=PUT,statement=s,times=3").await;
    world.create("s", "SHOW TABLES").await.unwrap();
    let read = world.get("s").await.unwrap();
    for _ in 0..3 {
        let conflict = world.client.set_stopped(&read, true).await;
        assert!(
            matches!(conflict, Err(ApiError::Conflict { .. })),
            "{conflict:?}"
        );
    }
    world.client.set_stopped(&read, true).await.unwrap();
}

#[tokio::test]
async fn a_redirect_is_followed_no_further_than_to_the_same_service() {
    let world = World::start(|_| {}).await;
    world.create("s", "SHOW TABLES").await.unwrap();
    let redirect = |to: &str| rule(&format!("fault=redirect,to={to},times=1"));
    let inspector = world.running.inspector();
    inspector.add_fault(redirect(&world.running.url())).unwrap();
    assert!(world.get("s").await.is_some());
    inspector.add_fault(redirect("http://127.0.0.1:1")).unwrap();
    let refused = world.client.get("s").await;
    assert!(
        matches!(refused, Err(ApiError::Redirected { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn rules_come_and_go_while_it_runs() {
    let clock = routectl::clock::ManualClock::new(jiff::Timestamp::UNIX_EPOCH);
    let running = spawn(&super::settings(&clock)).await;
    let client = Client::new(connection(&running.url()))
        .unwrap()
        .with_first_pause(Duration::ZERO);
    let http = reqwest::Client::new();
    let faults = format!("{}/emulator/faults", running.url());
    let add = async |body: &'static str| {
        let answer = http.post(&faults).body(body).send().await.unwrap();
        answer.status().as_u16()
    };
    assert_eq!(add(r#"{"fault": "status", "status": 500}"#).await, 201);
    assert_eq!(add(r#"{"fault": "status", "status": 200}"#).await, 400);
    assert_eq!(add(r#"{"fault": "nothing"}"#).await, 400);
    let error = client.create(&new("s", DDL)).await.unwrap_err();
    assert!(
        matches!(error, ApiError::Server { status: 500, .. }),
        "{error:?}"
    );
    assert_eq!(
        running.inspector().faults().unwrap(),
        [rule("fault=status,status=500")]
    );
    assert_eq!(
        http.delete(&faults).send().await.unwrap().status().as_u16(),
        204
    );
    client.create(&new("s", DDL)).await.unwrap();
}
