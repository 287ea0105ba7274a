//! Every interleaving, breadth first, each state once.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::hash::{BuildHasherDefault, Hasher};

use super::client::{Client, DISABLED, NOBODY};
use super::view::Decider;
use super::world::{Moved, Violation, World};

/// What came of a search.
pub(crate) struct Found {
    pub(crate) states: usize,
    /// The first thing that must not be, with the way to it.
    pub(crate) violation: Option<(Violation, String)>,
}

/// A fast hash: millions of small states, none from outside.
#[derive(Default)]
struct Fast(u64);

impl Hasher for Fast {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u8(*byte);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(byte.into());
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number.cast_unsigned() as u64);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

type Label = (&'static str, u8);

struct Search {
    worlds: Vec<(World, usize, Label)>,
    known: HashSet<World, BuildHasherDefault<Fast>>,
    violation: Option<(Violation, usize, Label)>,
}

/// Searches everything that can follow.
pub(crate) fn search(first: World, decider: &mut Decider) -> Found {
    let mut search = Search {
        worlds: vec![(first, 0, ("begins", 0))],
        known: HashSet::default(),
        violation: None,
    };
    search.known.insert(first);
    let mut next = 0;
    while next < search.worlds.len() && search.violation.is_none() {
        search.expand(next, first, decider);
        next += 1;
    }
    let violation = search.violation;
    Found {
        states: search.worlds.len(),
        violation: violation.map(|(violation, from, last)| (violation, search.way(from, last))),
    }
}

impl Search {
    fn expand(&mut self, from: usize, first: World, decider: &mut Decider) {
        let (world, ..) = self.worlds[from];
        let mut is_quiet = true;
        world.service(|name, generation, world, moved| {
            is_quiet = false;
            self.visit(from, (name, generation), world, moved);
        });
        let mut waits = false;
        for number in 0..world.clients.len() {
            let who = u8::try_from(number).unwrap() + 100;
            match world.client(number, decider) {
                Some((name, world, moved)) => {
                    is_quiet = false;
                    self.visit(from, (name, who), world, moved);
                }
                None => waits |= !world.clients[number].is_over(),
            }
            self.deaths(from, world, number, who);
        }
        let moved = match () {
            () if is_quiet && waits => Err(Violation::Stuck),
            () if is_quiet && is_undisturbed(&world, &first) && is_outage(&world) => {
                Err(Violation::Outage)
            }
            () => Ok(()),
        };
        self.visit(from, ("rests", 0), world, moved);
        world.accidents(|name, generation, world, moved| {
            self.visit(from, (name, generation), world, moved);
        });
    }

    fn deaths(&mut self, from: usize, world: World, number: usize, who: u8) {
        let client = &world.clients[number];
        if world.budget.death > 0 && !client.is_over() {
            let mut world = world;
            world.budget.death -= 1;
            world.clients[number] = Client::dead(client.want);
            for one in world.statements.iter_mut().flatten() {
                one.unaware &= !(1 << number);
            }
            self.visit(from, ("dies", who), world, Ok(()));
        }
        if world.budget.restart > 0 && client.is_over() && client.want != NOBODY {
            let mut world = world;
            world.budget.restart -= 1;
            world.clients[number] = Client::new(client.want);
            self.visit(from, ("runs again", who), world, Ok(()));
        }
    }

    fn visit(&mut self, from: usize, label: Label, world: World, moved: Moved) {
        if self.violation.is_some() {
            return;
        }
        if let Err(violation) = moved {
            self.violation = Some((violation, from, label));
        } else if self.known.insert(world) {
            self.worlds.push((world, from, label));
        }
    }

    /// How it came to that, a step a line.
    fn way(&self, from: usize, last: Label) -> String {
        let mut steps = vec![last];
        let mut at = from;
        while at > 0 {
            let (_, before, label) = self.worlds[at];
            steps.push(label);
            at = before;
        }
        let mut text = String::new();
        for (name, who) in steps.into_iter().rev() {
            let _ = match who {
                0 => writeln!(text, "{name}"),
                100.. => writeln!(text, "client {} {name}", who - 99),
                generation => writeln!(text, "g{generation} {name}"),
            };
        }
        let (world, ..) = &self.worlds[from];
        let _ = writeln!(text, "{world:#?}");
        text
    }
}

/// Whether nothing but growth befell the service and the clients.
fn is_undisturbed(world: &World, first: &World) -> bool {
    let (mut left, mut given) = (world.budget, first.budget);
    (left.growth, given.growth) = (0, 0);
    (left.restart, given.restart) = (0, 0);
    left == given
}

fn is_outage(world: &World) -> bool {
    let mut wants = world.clients.iter().map(|client| client.want);
    world.running() == 0 && !wants.any(|want| want == DISABLED)
}
