//! From the abstract service to the real function and back, each view once.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use routectl::plan::decide::{
    self, Decision, Permits, Rules, Step, Surroundings, Topic, Tried, View, Wish,
};
use routectl::plan::{Action, LiveStatement};
use routectl::project::start::Start;
use routectl::statement::desired::Origin;
use routectl::statement::{Desired, DesiredRoute, Fingerprint, Identity, Placement, StatementName};
use serde_json::json;

use super::client::{Call, DISABLED, Move, Mutant, Part};
use super::world::{MOST, Phase, World};

/// What a client sees of a statement.
#[allow(clippy::struct_excessive_bools, reason = "each is an independent fact")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Seen {
    phase: Phase,
    content: u8,
    from: u8,
    has_offsets: bool,
    waiting: bool,
    late: bool,
    orphaned: bool,
    rest: u8,
    retained: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    statements: [Option<Seen>; MOST],
    want: u8,
    tried: (u8, bool),
    given_up: u8,
    settled: bool,
    has_table: bool,
}

/// The real function, as a client of the model asks it.
pub(crate) struct Decider {
    pub(crate) mutant: Option<Mutant>,
    pub(crate) resume: bool,
    pub(crate) failed_shows: bool,
    known: HashMap<Key, Move>,
    desired: Desired,
}

impl Decider {
    pub(crate) fn new(mutant: Option<Mutant>, resume: bool, failed_shows: bool) -> Self {
        Self {
            mutant,
            resume,
            failed_shows,
            known: HashMap::new(),
            desired: Desired {
                project: "p".to_owned(),
                target: "t".to_owned(),
                placement: Placement {
                    catalog: "env".to_owned(),
                    database: "lkc".to_owned(),
                    compute_pool: None,
                    principal: None,
                },
                tables: BTreeMap::new(),
                sources: BTreeMap::new(),
                routes: BTreeMap::new(),
            },
        }
    }

    /// What a client does next, seeing the world as it is.
    pub(crate) fn decide(&mut self, world: &World, number: usize, settled: bool) -> Move {
        let client = &world.clients[number];
        let statements = world.statements.map(|one| {
            one.map(|one| Seen {
                phase: one.phase,
                content: one.content,
                from: one.from,
                has_offsets: World::shows_offsets(&one, self.failed_shows),
                waiting: one.waiting,
                late: one.late,
                orphaned: one.orphaned,
                rest: one.rest,
                retained: one.unaware & !(1 << number) == 0
                    || self.mutant == Some(Mutant::NoRetention),
            })
        });
        let key = Key {
            statements,
            want: client.want,
            tried: client.tried,
            given_up: if self.mutant == Some(Mutant::NoOffsetsIsUnborn) {
                world.highest()
            } else {
                client.given_up
            },
            settled,
            has_table: world.has_table,
        };
        let moved = match self.known.get(&key) {
            Some(moved) => *moved,
            None => {
                let moved = self.ask(&key);
                self.known.insert(key, moved);
                moved
            }
        };
        world.mutate(moved, self.mutant)
    }

    fn ask(&self, key: &Key) -> Move {
        let statements: Vec<LiveStatement> = (1_u8..)
            .zip(&key.statements)
            .filter_map(|(generation, seen)| Some(self.live(generation, seen.as_ref()?)))
            .collect();
        let around = Surroundings {
            topic: if key.has_table {
                Topic::There
            } else {
                Topic::Free
            },
            ..Surroundings::default()
        };
        let view = View {
            statements: &statements,
            around: &around,
        };
        let rules = Rules {
            now: noon(),
            permits: Permits {
                resume: self.resume,
                ..Permits::default()
            },
            tried: Tried {
                wanted: key.tried.0,
                former: key.tried.1,
                given_up: (key.given_up > 0).then_some(key.given_up.into()),
            },
            settled: key.settled,
        };
        let route = route(key.want);
        let wish = Wish::Route(&route, &self.desired.placement);
        let content = |generation: u8| {
            key.statements[usize::from(generation) - 1].map_or(0, |one| one.content)
        };
        match decide::decide(view, wish, &rules) {
            // A disabled route that is not there.
            None => Move::Kept,
            Some(decision) => translate(&decision, key.want, &content),
        }
    }

    fn live(&self, generation: u8, seen: &Seen) -> LiveStatement {
        let route = route(seen.content);
        let name = route.identity.name(generation.into());
        let origin = match seen.from {
            0 => Origin::Start(Start::Earliest),
            from => Origin::CarryOver(route.identity.name(from.into()).to_string()),
        };
        let new = self.desired.statement(&route, &name, &origin, None);
        let age = if seen.late {
            SignedDuration::from_mins(350)
        } else {
            SignedDuration::from_mins(60)
        };
        let created = noon() - age;
        let rested = if seen.retained {
            SignedDuration::from_mins(40)
        } else {
            SignedDuration::from_mins(8)
        };
        let rested = noon() - rested + SignedDuration::from_mins(seen.rest.into());
        let labels: BTreeMap<_, _> = new.labels.iter().map(|key| (key, "true")).collect();
        let reference = new.properties.get("sql.tables.initial-offset-from");
        let detail = match reference {
            Some(name) if seen.waiting => format!(
                "Statement is currently pending until referenced statement {name} is stopped."
            ),
            Some(name) if seen.orphaned => {
                format!("The referenced statement {name} was not stopped in time.")
            }
            _ => String::new(),
        };
        let mut status = json!({"phase": word(seen.phase), "detail": detail});
        if seen.has_offsets {
            status["latest_offsets"] = json!({"raw": "partition:0,offset:1"});
        }
        if seen.phase == Phase::Stopped && seen.has_offsets {
            status["latest_offsets_timestamp"] = json!(rested);
        }
        let statement = serde_json::from_value(json!({
            "name": new.name,
            "metadata": {
                "uid": new.name, "resource_version": "1", "labels": labels,
                "created_at": created, "updated_at": rested,
            },
            "spec": {"statement": new.sql, "properties": new.properties},
            "status": status,
        }));
        LiveStatement {
            name,
            statement: statement.unwrap(),
        }
    }
}

fn translate(decision: &Decision, want: u8, content: &dyn Fn(u8) -> u8) -> Move {
    let generation = |name: &str| {
        let name = StatementName::parse(name).unwrap();
        u8::try_from(name.generation()).unwrap()
    };
    let part = match decision.action {
        Action::Conflict => Part::Conflict,
        action if action.begins_anew() => Part::Beginning,
        _ => Part::Other,
    };
    match &decision.step {
        Step::Create(creation) => {
            let again = creation.again.as_deref().map(generation);
            let call = Call::Create {
                generation: u8::try_from(creation.name.generation()).unwrap(),
                content: again.map_or(want, content),
                from: match &creation.origin {
                    Origin::CarryOver(name) => generation(name),
                    Origin::Start(_) | Origin::Offsets(_) => 0,
                },
                again: again.is_some(),
            };
            Move::Call(call, part)
        }
        Step::Stop(seen) => Move::Call(Call::Stop(generation(&seen.name)), part),
        Step::Delete(seen) => Move::Call(Call::Delete(generation(&seen.name)), part),
        Step::Wait => Move::Wait,
        Step::Nothing if decision.action == Action::Keep => Move::Kept,
        Step::Nothing => Move::Reported,
    }
}

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Pending => "PENDING",
        Phase::Running => "RUNNING",
        Phase::Stopping => "STOPPING",
        Phase::Stopped => "STOPPED",
        Phase::Failed => "FAILED",
        Phase::Deleting => "DELETING",
    }
}

fn route(content: u8) -> DesiredRoute {
    let text = format!("INSERT INTO `out` (`id`) SELECT `id` FROM `raw` WHERE `id` = '{content}'");
    DesiredRoute {
        identity: Identity {
            project: "p".to_owned(),
            target: "t".to_owned(),
            route: "r".to_owned(),
            topic: "out".to_owned(),
        },
        was: Vec::new(),
        source: "raw".to_owned(),
        consumer: None,
        title: "r".to_owned(),
        file: "routes/r.yaml".to_owned(),
        fingerprint: Fingerprint::new(&text, &text, &BTreeMap::new()),
        text,
        shared: false,
        enabled: content != DISABLED,
        start: Start::Earliest,
    }
}
