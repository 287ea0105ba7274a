//! Which calls commands make, counted where they come in.

use std::sync::{Arc, Mutex, PoisonError};

use routectl::api::{ListFilter, NewStatement, Statement};
use routectl::emulator::{Exchange, Settings, Witness};

use crate::env::Env;

/// Notes every call, and passes it on to whoever looked before.
#[derive(Debug)]
struct Tally {
    calls: Mutex<Vec<String>>,
    others: Option<Arc<dyn Witness>>,
}

impl Tally {
    fn of(settings: &mut Settings) -> Arc<Self> {
        let tally = Arc::new(Self {
            calls: Mutex::default(),
            others: settings.witness.take(),
        });
        settings.witness = Some(tally.clone());
        tally
    }

    /// The calls since this was asked last: the method and what stands behind `statements`.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Witness for Tally {
    fn saw(&self, exchange: &Exchange) {
        let below = exchange.target.rsplit_once("/statements");
        let below = below.map_or(exchange.target.as_str(), |(_, below)| below);
        let (method, status) = (&exchange.method, exchange.status);
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push(format!("{method} {below} {status}"));
        if let Some(others) = &self.others {
            others.saw(exchange);
        }
    }
}

/// So many routes, and what notes the calls.
fn fleet(routes: usize, more: &str) -> (Env, Arc<Tally>) {
    let mut tally = None;
    let env = Env::with(|settings| tally = Some(Tally::of(settings)));
    env.remove("routes/paid.yaml");
    env.remove("routes/large.yaml");
    for number in 0..routes {
        let condition = format!("{{field: amount, greaterThan: {number}}}");
        env.route_with(&format!("r{number}"), &condition, more);
    }
    (env, tally.unwrap())
}

/// Fails unless these are so many calls for a page of the list, and no others.
#[track_caller]
fn expect_pages(calls: &[String], most: usize) {
    let is_list = |call: &String| call.starts_with("GET ?page_size=100");
    assert!(calls.iter().all(is_list), "{calls:#?}");
    assert!(calls.len() <= most, "{calls:#?}");
}

fn others(env: &Env, part: &str) -> Vec<Statement> {
    let mut all = env.ask(|client| async move {
        let all = client.list(&ListFilter::default()).await;
        all.unwrap()
    });
    all.retain(|one| !one.name.contains(part));
    all
}

#[test]
fn regression_10_17_a_plan_lists_what_there_is_and_a_change_touches_one_route() {
    const ROUTES: usize = 250;
    let (env, tally) = fleet(ROUTES, "");
    let apply = || env.apply(["--parallelism=100"]);
    apply().expect(0);
    tally.take();

    env.run(["plan", "-tlocal", "--detailed-exitcode"])
        .expect(0);
    expect_pages(&tally.take(), ROUTES / 100 + 1);
    assert!(apply().last_line(0).ends_with("250 unchanged"));
    expect_pages(&tally.take(), ROUTES / 100 + 1);

    let before = others(&env, "-r77-");
    assert_eq!(before.len(), ROUTES - 1);
    env.route("r77", "{field: amount, greaterThan: 1000}");
    tally.take();
    let ran = apply();
    assert!(
        ran.last_line(0).contains(" 1 to replace, ") && ran.stdout.ends_with(" 249 unchanged\n"),
        "{ran}"
    );
    let calls = tally.take();
    let own = ["/shop-r77-", "/shop-ask-"];
    let is_foreign =
        |call: &&String| call.contains("/shop-") && !own.iter().any(|own| call.contains(own));
    assert_eq!(calls.iter().find(is_foreign), None);
    assert_eq!(others(&env, "-r77-"), before);
}

#[test]
fn a_plan_of_nothing_is_one_call() {
    let (env, tally) = fleet(3, "enabled: false");
    env.run(["plan", "-tlocal", "--detailed-exitcode"])
        .expect(0);
    assert_eq!(tally.take(), ["GET ?page_size=100 200"]);
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
