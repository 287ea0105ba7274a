//! Protocols that are not ours, carried out against the emulator: each must make the ledger fail. A proof that cannot
//! fail is none.
//!
//! The clients here do only what their protocol says, in an order that can happen; what an interleaving needs is that
//! one of them is slow.

use std::collections::BTreeMap;

use routectl::api::{NewStatement, Phase, Statement};
use routectl::emulator::FactKind;
use routectl::plan::Choices;
use routectl::statement::desired::Origin;

use super::config::{Config, SOURCE};
use super::world::{Circumstances, Rest, World, play};

const SINK: &str = "r-orders";

/// A world where our protocol has deployed the first content, by the name that it gave.
async fn deployed() -> (World, String) {
    let world = World::new(&Circumstances::default()).await;
    let ran = world
        .apply(&Config::one(1), &Choices::default(), "first")
        .await;
    assert!(ran.is_success, "{:?}", ran.lines);
    let name = world.statements().await.unwrap()[0].name.clone();
    (world, name)
}

/// The statement of a content under any name.
fn statement(content: u32, name: &str, from: Option<&str>) -> NewStatement {
    let desired = Config::one(content).desired();
    let route = desired.routes.values().next().unwrap();
    let origin = match from {
        Some(name) => Origin::CarryOver(name.to_owned()),
        None => Origin::Start(route.start),
    };
    let new = desired.statement(route, &route.identity.name(1), &origin, None);
    NewStatement {
        name: name.to_owned(),
        ..new
    }
}

impl World {
    async fn create(&self, content: u32, name: &str, from: Option<&str>) {
        let new = statement(content, name, from);
        self.client.create(&new).await.unwrap();
    }

    async fn see(&self, name: &str) -> Statement {
        self.client.get(name).await.unwrap().unwrap()
    }

    async fn phase(&self, name: &str) -> Phase {
        self.see(name).await.status.phase
    }

    async fn stop(&self, seen: &Statement) {
        self.client.set_stopped(seen, true).await.unwrap();
    }

    /// What is wrong, in the order of the partitions.
    #[track_caller]
    fn expect(&self, kind: FactKind) {
        let facts = self.facts();
        assert!(
            !facts.is_empty() && facts.iter().all(|fact| fact.kind == kind),
            "{facts:?}\n{}",
            self.diary()
        );
        assert!(self.verdict().is_err());
    }
}

/// Ours, in the words of this file: nothing is wrong with it.
#[test]
fn creating_waiting_and_stopping_under_a_guard_is_in_order() {
    play(async {
        let (world, g1) = deployed().await;
        let g2 = g1.replace("-g1", "-g2");
        world.create(2, &g2, Some(&g1)).await;
        let seen = world.see(&g1).await;
        assert_eq!(world.phase(&g2).await, Phase::Pending);
        world.stop(&seen).await;
        assert_eq!(world.phase(&g2).await, Phase::Running);
        assert_eq!(world.verdict(), Ok(()));
        assert_eq!(world.runs_what_is_wanted(&Config::one(2)).await, Ok(()));
    });
}

/// A second run wants something else and takes the successor away that it saw waiting; meanwhile it has taken over,
/// and its position goes with it.
#[test]
fn deleting_a_pending_successor_doubles() {
    play(async {
        let (world, g1) = deployed().await;
        let (g2, g3) = (g1.replace("-g1", "-g2"), g1.replace("-g1", "-g3"));
        world.create(2, &g2, Some(&g1)).await;
        let seen_by_first = world.see(&g1).await;
        // The second looks.
        assert_eq!(world.phase(&g2).await, Phase::Pending);
        world.stop(&seen_by_first).await;
        world.statements().await.unwrap();
        world.client.delete(&g2).await.unwrap();
        world.create(3, &g3, Some(&g1)).await;
        assert_eq!(world.phase(&g3).await, Phase::Running);
        world.expect(FactKind::Overlap);
    });
}

/// Two runs that want different things do not meet: each name says what is in it.
#[test]
fn names_made_of_hashes_double() {
    play(async {
        let (world, g1) = deployed().await;
        for (content, name) in [(2, "shop-r-4e0746"), (3, "shop-r-94a06c")] {
            world.create(content, name, Some(&g1)).await;
        }
        let seen = world.see(&g1).await;
        world.stop(&seen).await;
        for name in ["shop-r-4e0746", "shop-r-94a06c"] {
            assert_eq!(world.phase(name).await, Phase::Running);
        }
        world.statements().await.unwrap();
        world.expect(FactKind::Overlap);
    });
}

/// The successor has failed; but it had taken over.
#[test]
fn resuming_the_former_statement_doubles() {
    play(async {
        let (world, g1) = deployed().await;
        let g2 = g1.replace("-g1", "-g2");
        world.fault("fault=fails,statement=*-g2,after=1");
        world.create(2, &g2, Some(&g1)).await;
        let seen = world.see(&g1).await;
        world.stop(&seen).await;
        while world.phase(&g2).await != Phase::Failed {}
        world.client.delete(&g2).await.unwrap();
        let former = world.see(&g1).await;
        world.client.set_stopped(&former, false).await.unwrap();
        assert_eq!(world.phase(&g1).await, Phase::Running);
        world.expect(FactKind::Overlap);
    });
}

/// From the earliest event everything is read again; from the latest what came in between is lost.
#[test]
fn deleting_and_creating_anew_doubles_or_loses() {
    for (mode, kind) in [
        ("earliest-offset", FactKind::Overlap),
        ("latest-offset", FactKind::Gap),
    ] {
        play(async {
            let (world, g1) = deployed().await;
            world.client.delete(&g1).await.unwrap();
            world.statements().await.unwrap();
            let mut anew = statement(2, &g1, None);
            let startup = ("sql.tables.scan.startup.mode".to_owned(), mode.to_owned());
            anew.properties.extend(BTreeMap::from([startup]));
            world.client.create(&anew).await.unwrap();
            world.statements().await.unwrap();
            world.expect(kind);
        });
    }
}

/// A second run wants something else and stops the successor that it saw waiting; meanwhile it has taken over. Under
/// the guard it is told so, and goes on from it. Without, nobody writes the topic any more, and as a human may have
/// wanted that, no run undoes it.
#[test]
fn stopping_whatever_version_is_there_leaves_nobody() {
    for is_guarded in [true, false] {
        play(async {
            let (world, g1) = deployed().await;
            let g2 = g1.replace("-g1", "-g2");
            world.create(2, &g2, Some(&g1)).await;
            let seen_by_first = world.see(&g1).await;
            let seen_by_second = world.see(&g2).await;
            assert_eq!(seen_by_second.status.phase, Phase::Pending);
            world.stop(&seen_by_first).await;
            let present = world.see(&g2).await;
            let read = if is_guarded { seen_by_second } else { present };
            let stopped = world.client.set_stopped(&read, true).await;
            assert_eq!(stopped.is_err(), is_guarded);
            let wanted = Config::one(3);
            let (rest, _) = world.rest(&wanted, &Choices::default()).await;
            assert_eq!(rest == Rest::Done, is_guarded, "{rest:?}");
            assert_eq!(world.runs_what_is_wanted(&wanted).await.is_ok(), is_guarded);
            assert_eq!(nobody_writes(&world), !is_guarded);
        });
    }
}

/// Whether nobody reads the source into the sink at the end.
fn nobody_writes(world: &World) -> bool {
    let ledger = world.running.inspector().ledger().unwrap();
    let runs = ledger.runs.iter();
    let mut of_route = runs.filter(|run| run.sink == SINK && run.source == SOURCE);
    of_route.all(|run| run.ended.is_some())
}
