//! The abstract service: at most six generations of one route, a topic whose end grows, and a ledger of who read it.
//!
//! A statement at work reads up to the end of the topic at once, so one number is the whole ledger: everything
//! before it is read exactly once. Whatever begins before it reads twice, whatever begins behind it leaves a gap.

use super::client::Client;

pub(crate) const MOST: usize = 6;
/// Where a statement is that has never read.
pub(crate) const NOWHERE: u8 = u8::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Phase {
    Pending,
    Running,
    Stopping,
    Stopped,
    Failed,
    Deleting,
}

#[allow(clippy::struct_excessive_bools, reason = "each is an independent fact")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Statement {
    pub(crate) phase: Phase,
    pub(crate) content: u8,
    /// The generation that it goes on from; 0 is none.
    pub(crate) from: u8,
    /// Up to where it has read.
    pub(crate) position: u8,
    /// Whether it shows that it waits.
    pub(crate) waiting: bool,
    /// Whether little is left of its six hours.
    pub(crate) late: bool,
    /// Whether the human resumed it.
    pub(crate) resumed: bool,
    /// Whether the human resumed it at some time.
    pub(crate) ever_resumed: bool,
    /// Whether it failed for want of the one that it goes on from.
    pub(crate) orphaned: bool,
    /// Whether it was stopped without a savepoint: it shows no offsets and hands none over.
    pub(crate) lost: bool,
    /// The order in which statements came to rest; 0 before that.
    pub(crate) rest: u8,
    /// The clients that act on what they saw before it came to rest.
    pub(crate) unaware: u8,
}

/// What may happen how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Budget {
    pub(crate) growth: u8,
    pub(crate) failure: u8,
    pub(crate) timeout: u8,
    pub(crate) savepoint: u8,
    pub(crate) human: u8,
    pub(crate) death: u8,
    pub(crate) restart: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) statements: [Option<Statement>; MOST],
    pub(crate) clients: [Client; 2],
    pub(crate) budget: Budget,
    /// The end of the source.
    pub(crate) end: u8,
    /// Up to where the source was read, each event once.
    pub(crate) read: u8,
    /// Whether the sink has its table.
    pub(crate) has_table: bool,
    /// Whether the human's own act made events be read twice or destroyed a position.
    pub(crate) excused: bool,
}

/// What must never be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Violation {
    Overlap,
    Gap,
    /// A client waits, and nothing will ever happen.
    Stuck,
    /// Nothing disturbed the clients, and nothing runs.
    Outage,
    /// A client is content though events are read twice.
    Unreported,
}

pub(crate) type Moved = Result<(), Violation>;

/// Takes what may happen next, by name.
type Step<'s> = dyn FnMut(&'static str, &dyn Fn(&mut World) -> Moved) + 's;

impl World {
    pub(crate) fn get(&self, generation: u8) -> Option<&Statement> {
        self.statements[usize::from(generation) - 1].as_ref()
    }

    pub(crate) fn slot(&mut self, generation: u8) -> &mut Option<Statement> {
        &mut self.statements[usize::from(generation) - 1]
    }

    pub(crate) fn generations(&self) -> impl Iterator<Item = (u8, &Statement)> {
        (1_u8..)
            .zip(&self.statements)
            .filter_map(|(generation, statement)| Some((generation, statement.as_ref()?)))
    }

    pub(crate) fn highest(&self) -> u8 {
        self.generations()
            .last()
            .map_or(0, |(generation, _)| generation)
    }

    pub(crate) fn running(&self) -> usize {
        let all = self.generations();
        all.filter(|(_, one)| one.phase == Phase::Running).count()
    }

    pub(crate) fn create(&mut self, generation: u8, content: u8, from: u8) {
        self.has_table = true;
        *self.slot(generation) = Some(Statement {
            phase: Phase::Pending,
            content,
            from,
            position: NOWHERE,
            waiting: false,
            late: false,
            resumed: false,
            ever_resumed: false,
            orphaned: false,
            lost: false,
            rest: 0,
            unaware: 0,
        });
    }

    /// Puts a statement into a phase; whoever read it before holds a version that is not the present one.
    pub(crate) fn put(&mut self, generation: u8, phase: Phase) {
        for client in &mut self.clients {
            client.outdate(generation);
        }
        let end = self.end;
        let at_rest = matches!(phase, Phase::Stopped | Phase::Failed);
        let rest = 1 + self
            .generations()
            .map(|(_, one)| one.rest)
            .max()
            .unwrap_or(0);
        let holding = (0_u8..)
            .zip(&self.clients)
            .filter(|(_, client)| client.is_holding());
        let unaware = holding.fold(0, |bits, (number, _)| bits | 1 << number);
        let Some(statement) = self.slot(generation) else {
            return;
        };
        if statement.phase == Phase::Running {
            statement.position = end;
        }
        statement.phase = phase;
        statement.waiting = false;
        statement.late = false;
        statement.lost = false;
        statement.rest = if at_rest { rest } else { 0 };
        statement.unaware = if at_rest { unaware } else { 0 };
        if phase != Phase::Running && phase != Phase::Pending {
            statement.resumed = false;
        }
        self.compress();
    }

    /// Only the order of coming to rest matters.
    fn compress(&mut self) {
        let taken = self
            .generations()
            .fold(1_u32, |taken, (_, one)| taken | 1 << one.rest);
        for one in self.statements.iter_mut().flatten() {
            let before = taken & ((1 << one.rest) - 1);
            one.rest = u8::try_from(before.count_ones()).unwrap_or(u8::MAX);
        }
    }

    /// Everything that the service may do by itself next.
    pub(crate) fn service(&self, mut next: impl FnMut(&'static str, u8, Self, Moved)) {
        for (generation, one) in self.generations() {
            let mut step = |name: &'static str, act: &dyn Fn(&mut Self) -> Moved| {
                let mut world = *self;
                let moved = act(&mut world);
                next(name, generation, world, moved);
            };
            match one.phase {
                Phase::Pending if one.position != NOWHERE => {
                    step("runs again", &|world| world.start(generation, one.position));
                }
                Phase::Pending if one.from == 0 => {
                    step("runs from the start", &|world| world.start(generation, 0));
                }
                Phase::Pending => self.take_over(generation, one, &mut step),
                Phase::Stopping => self.stopping(generation, one, &mut step),
                Phase::Deleting => step("is gone", &|world| {
                    world.put(generation, Phase::Deleting);
                    *world.slot(generation) = None;
                    Ok(())
                }),
                Phase::Running | Phase::Stopped | Phase::Failed => {}
            }
        }
    }

    /// What may become of one that is to go on from another.
    fn take_over(&self, generation: u8, one: &Statement, step: &mut Step<'_>) {
        let fail = |world: &mut Self| {
            world.put(generation, Phase::Failed);
            world.slot(generation).as_mut().unwrap().orphaned = true;
            Ok(())
        };
        let from = self.get(one.from);
        match from.map(|from| (from.phase, from.position)) {
            None | Some((Phase::Failed, _)) => step("has nothing to go on from", &fail),
            Some((Phase::Stopped, _)) if from.is_some_and(|from| from.lost) => {
                step("has no savepoint to go on from", &fail);
            }
            Some((Phase::Stopped, NOWHERE)) => {
                step("takes over at the start", &|world| {
                    world.start(generation, 0)
                });
            }
            Some((Phase::Stopped, position)) => {
                step("takes over", &|world| world.start(generation, position));
            }
            Some(_) => {
                if !one.waiting {
                    step("says that it waits", &|world| {
                        for client in &mut world.clients {
                            client.outdate(generation);
                        }
                        world.slot(generation).as_mut().unwrap().waiting = true;
                        Ok(())
                    });
                }
                if one.late {
                    step("has waited too long", &fail);
                }
            }
        }
    }

    /// What may become of one that was asked to stop.
    fn stopping(&self, generation: u8, one: &Statement, step: &mut Step<'_>) {
        step("has stopped", &|world| {
            world.put(generation, Phase::Stopped);
            Ok(())
        });
        if self.budget.savepoint > 0 {
            step("has stopped without a savepoint", &|world| {
                world.budget.savepoint -= 1;
                let from = (one.from > 0).then(|| self.get(one.from)).flatten();
                world.excused |= from.is_some_and(|from| from.ever_resumed);
                world.put(generation, Phase::Stopped);
                world.slot(generation).as_mut().unwrap().lost = true;
                Ok(())
            });
        }
    }

    fn start(&mut self, generation: u8, position: u8) -> Moved {
        self.put(generation, Phase::Running);
        // Whatever the human resumes may read what another has read, and others after it.
        self.excused |= self.get(generation).is_some_and(|one| one.resumed);
        let (read, end) = (self.read, self.end);
        self.read = end;
        if position < read {
            self.twice()?;
        }
        if position > read && !self.excused {
            return Err(Violation::Gap);
        }
        Ok(())
    }

    fn twice(&self) -> Moved {
        if self.excused {
            Ok(())
        } else {
            Err(Violation::Overlap)
        }
    }

    /// The topic grows, and whoever is at work reads.
    pub(crate) fn grow(&mut self) -> Moved {
        self.end += 1;
        let running = self.running();
        if running > 0 {
            self.read = self.end;
        }
        if running > 1 { self.twice() } else { Ok(()) }
    }

    /// Everything that may befall the service next.
    pub(crate) fn accidents(&self, mut next: impl FnMut(&'static str, u8, Self, Moved)) {
        if self.budget.growth > 0 {
            let mut world = *self;
            world.budget.growth -= 1;
            let moved = world.grow();
            next("the topic grows", 0, world, moved);
        }
        for (generation, one) in self.generations() {
            if self.budget.failure > 0 && matches!(one.phase, Phase::Pending | Phase::Running) {
                let mut world = *self;
                world.budget.failure -= 1;
                world.put(generation, Phase::Failed);
                next("fails", generation, world, Ok(()));
            }
            let waits = one.phase == Phase::Pending && one.from > 0 && !one.late;
            if self.budget.timeout > 0 && waits {
                let mut world = *self;
                world.budget.timeout -= 1;
                // Hours have passed: nobody acts on what was seen before.
                for client in &mut world.clients {
                    client.look_again();
                }
                for one in world.statements.iter_mut().flatten() {
                    one.unaware = 0;
                }
                world.slot(generation).as_mut().unwrap().late = true;
                next("has little time left", generation, world, Ok(()));
            }
            if self.budget.human > 0 {
                self.human(generation, one, &mut next);
            }
        }
    }

    fn human(
        &self,
        generation: u8,
        one: &Statement,
        next: &mut impl FnMut(&'static str, u8, Self, Moved),
    ) {
        let mut act = |name: &'static str, change: &dyn Fn(&mut Self)| {
            let mut world = *self;
            world.budget.human -= 1;
            change(&mut world);
            next(name, generation, world, Ok(()));
        };
        match one.phase {
            Phase::Pending | Phase::Running => act("is stopped by the human", &|world| {
                world.put(generation, Phase::Stopping);
            }),
            Phase::Stopped => act("is resumed by the human", &|world| {
                // Once it has stopped again, nothing tells any more whether one that loses its position went on from it.
                let mut others = self.generations();
                world.excused |= others.any(|(_, other)| other.from == generation && other.lost);
                let statement = world.slot(generation).as_mut().unwrap();
                statement.resumed = true;
                statement.ever_resumed = true;
                world.put(generation, Phase::Pending);
            }),
            _ => {}
        }
        // Whoever is about to create under its name looked long ago: nobody acts on such a look.
        let is_awaited = self
            .clients
            .iter()
            .any(|client| client.is_creating(generation));
        if one.phase != Phase::Deleting && !is_awaited {
            act("is deleted by the human", &|world| {
                // Nobody can know any more what it read.
                world.excused |= one.position != NOWHERE || one.phase == Phase::Running;
                world.put(generation, Phase::Deleting);
            });
        }
    }
}
