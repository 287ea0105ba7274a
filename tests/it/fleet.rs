//! How many calls a fleet of routes costs: a plan lists and nothing else, and a change touches one statement.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use routectl::api::NewStatement;
use routectl::emulator::{Exchange, Settings, Witness};

use crate::env::Env;

const ROUTES: usize = 230;

/// The calls that reached the emulator, and how many statements it listed.
#[derive(Debug, Default)]
struct Calls(Mutex<(Vec<String>, usize)>);

impl Calls {
    fn watch(settings: &mut Settings) -> Arc<Self> {
        let calls = Arc::new(Self::default());
        settings.witness = Some(calls.clone());
        calls
    }

    /// What was called since the last time, and how many statements were listed.
    fn take(&self) -> (Vec<String>, usize) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *calls)
    }
}

impl Witness for Calls {
    fn saw(&self, exchange: &Exchange) {
        let path = exchange.target.split('?').next().unwrap_or_default();
        let is_list = exchange.method == "GET" && path.ends_with("/statements");
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if is_list {
            let page: serde_json::Value = serde_json::from_slice(&exchange.answer).unwrap();
            calls.1 += page["data"].as_array().unwrap().len();
            calls.0.push("LIST".to_owned());
            return;
        }
        let request: serde_json::Value =
            serde_json::from_slice(&exchange.request).unwrap_or_default();
        let name = request["name"].as_str();
        let name = name.or_else(|| path.rsplit('/').next());
        calls
            .0
            .push(format!("{} {}", exchange.method, name.unwrap_or_default()));
    }
}

/// Fails unless these are list calls alone, and no more of them than pages are needed.
#[track_caller]
fn expect_lists_alone((calls, listed): (Vec<String>, usize)) {
    assert!(calls.iter().all(|call| call == "LIST"), "{calls:?}");
    assert!(
        calls.len() <= listed / 100 + 1,
        "{} calls for {listed}",
        calls.len()
    );
}

#[test]
fn regression_10_17_what_is_unchanged_costs_a_listing_and_no_other_call() {
    let mut calls = None;
    let env = Env::with(|settings| calls = Some(Calls::watch(settings)));
    let calls = calls.unwrap();
    for number in 0..ROUTES - 2 {
        env.route(&format!("r{number}"), "{field: status, equals: new}");
    }
    env.apply(["--parallelism=50"]).expect(0);
    let journal = env.read("journal.jsonl");
    calls.take();

    env.run(["plan", "-tlocal", "--detailed-exitcode"])
        .expect(0);
    expect_lists_alone(calls.take());
    let again = env.apply([]);
    assert!(again.last_line(0).ends_with(&format!("{ROUTES} unchanged")));
    expect_lists_alone(calls.take());
    assert_eq!(env.read("journal.jsonl"), journal);

    env.route("r7", "{field: status, equals: paid}");
    let changed = env.apply([]);
    assert!(changed.last_line(0).contains("1 to replace"), "{changed}");
    let (made, _) = calls.take();
    let others: Vec<_> = made.iter().filter(|call| *call != "LIST").collect();
    assert!(
        others.iter().all(|call| call.contains(" shop-r7-")),
        "{others:?}"
    );
    let writes: BTreeSet<_> = others
        .iter()
        .filter(|call| !call.starts_with("GET "))
        .collect();
    assert_eq!(writes.len(), 2, "{writes:?}");
}

/// A list that ends without a word hides nothing of the project's.
#[test]
fn a_list_that_is_cut_off_hides_no_route() {
    let env = Env::with(|settings| settings.behaviour.list_ends_at = Some(500));
    env.apply([]).expect(0);
    env.ask(|client| async move {
        let others = (0..500).map(|number| NewStatement {
            name: format!("another-{number}"),
            sql: "SHOW TABLES".to_owned(),
            ..NewStatement::default()
        });
        for other in others {
            client.create(&other).await.unwrap();
        }
    });
    let plan = env.run(["plan", "-tlocal"]);
    assert!(plan.last_line(0).ends_with("2 unchanged"), "{plan}");
}
