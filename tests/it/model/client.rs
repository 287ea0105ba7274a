//! The abstract client: looks, decides with the real function, makes one call, looks again. It may die anywhere.

use super::view::Decider;
use super::world::{MOST, Moved, NOWHERE, Phase, Violation, World};

/// What a client wants where it wants the route disabled.
pub(crate) const DISABLED: u8 = 9;

/// What a client wants that never does anything.
pub(crate) const NOBODY: u8 = 0;

/// A protocol that is not ours; each must be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// Deletes a successor that is given up, instead of stopping it.
    DeletePending,
    /// Names statements so that two runs do not collide.
    HashNames,
    /// Resumes the former statement once its successor is at rest.
    ResumeFormer,
    /// Deletes what runs and begins anew.
    DeleteThenCreate,
    /// Stops whatever has the name, changed or not.
    NoVersionGuard,
    /// Deletes what is retired at once.
    NoRetention,
    /// Takes a stopped statement without offsets for one that never ran.
    NoOffsetsIsUnborn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Client {
    pub(crate) want: u8,
    pub(crate) stage: Stage,
    /// What it created: the wanted statement, the former one.
    pub(crate) tried: (u8, bool),
    /// The latest generation that it stopped while that one said that it waits; 0 is none.
    pub(crate) given_up: u8,
    /// Whether its last look found all well.
    settling: bool,
    /// Whether it was said at first that the route begins anew.
    begins: Option<bool>,
    /// The highest generation that it saw at first or created.
    known: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    /// About to look.
    Looking,
    /// About to make a call, with whether what it saw of the statement is still so.
    Holding(Call, bool),
    Ended(End),
    Dead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    Create {
        generation: u8,
        content: u8,
        from: u8,
        again: bool,
    },
    Stop(u8),
    Resume(u8),
    Delete(u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum End {
    /// All is as it should be.
    Content,
    /// It says what is in the way.
    Reported,
}

/// What the real function says, in the model's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    Call(Call, Part),
    Wait,
    Kept,
    Reported,
}

/// What a call is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The route begins anew.
    Beginning,
    /// Events may be read twice.
    Conflict,
    Other,
}

impl Client {
    pub(crate) fn new(want: u8) -> Self {
        Self {
            want,
            stage: Stage::Looking,
            tried: (0, false),
            given_up: 0,
            settling: false,
            begins: None,
            known: None,
        }
    }

    /// One that looked before there was anything, and is about to create the first generation.
    pub(crate) fn belated(want: u8) -> Self {
        let create = Call::Create {
            generation: 1,
            content: want,
            from: 0,
            again: false,
        };
        Self {
            stage: Stage::Holding(create, true),
            begins: Some(true),
            known: Some(0),
            ..Self::new(want)
        }
    }

    /// One that died, and wants this when it runs again.
    pub(crate) fn dead(want: u8) -> Self {
        Self {
            stage: Stage::Dead,
            ..Self::new(want)
        }
    }

    /// One that never does anything.
    pub(crate) fn absent() -> Self {
        Self::dead(NOBODY)
    }

    pub(crate) fn is_holding(&self) -> bool {
        matches!(self.stage, Stage::Holding(..))
    }

    /// Whether it is about to create this generation.
    pub(crate) fn is_creating(&self, number: u8) -> bool {
        matches!(self.stage, Stage::Holding(Call::Create { generation, .. }, _) if generation == number)
    }

    /// What it saw is too old to act on.
    pub(crate) fn look_again(&mut self) {
        if self.is_holding() {
            self.stage = Stage::Looking;
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Ended(_) | Stage::Dead)
    }

    /// A statement has changed: the version that was read of it is not the present one.
    pub(crate) fn outdate(&mut self, generation: u8) {
        if let Stage::Holding(Call::Stop(of) | Call::Resume(of), is_fresh) = &mut self.stage
            && *of == generation
        {
            *is_fresh = false;
        }
    }

    fn end(&mut self, end: End) {
        *self = Self {
            stage: Stage::Ended(end),
            ..Self::new(self.want)
        };
    }
}

impl World {
    /// What a client does next; `None` where it waits or is over.
    pub(crate) fn client(
        &self,
        number: usize,
        decider: &mut Decider,
    ) -> Option<(&'static str, Self, Moved)> {
        let mut world = *self;
        match self.clients[number].stage {
            Stage::Looking => {
                let moved = world.look(number, decider)?;
                Some(("looks", world, moved))
            }
            Stage::Holding(call, is_fresh) => {
                let is_fresh = is_fresh || decider.mutant == Some(Mutant::NoVersionGuard);
                let name = world.call(number, call, is_fresh, decider.mutant);
                Some((name, world, Ok(())))
            }
            Stage::Ended(_) | Stage::Dead => None,
        }
    }

    fn look(&mut self, number: usize, decider: &mut Decider) -> Option<Moved> {
        let highest = self.highest();
        let client = &mut self.clients[number];
        let known = *client.known.get_or_insert(highest);
        if highest > known {
            // Somebody else has the next name.
            client.end(End::Reported);
            return Some(Ok(()));
        }
        let settled = client.settling;
        let (moved, settling) = match decider.decide(self, number, settled) {
            Move::Wait => (None, false),
            Move::Kept if !settled => (Some(Stage::Looking), true),
            Move::Kept => (Some(Stage::Ended(End::Content)), false),
            Move::Reported => (Some(Stage::Ended(End::Reported)), false),
            Move::Call(call, part) => {
                let begins = part == Part::Beginning;
                let client = &mut self.clients[number];
                if begins && !*client.begins.get_or_insert(begins) {
                    (Some(Stage::Ended(End::Reported)), false)
                } else {
                    (Some(Stage::Holding(call, true)), false)
                }
            }
        };
        let running = self.running();
        let client = &mut self.clients[number];
        client.begins.get_or_insert(false);
        let was = *client;
        client.settling = settling;
        match moved {
            None => (was.settling != settling).then_some(Ok(())),
            Some(Stage::Ended(end)) => {
                let twice = end == End::Content && running > 1;
                client.end(end);
                Some(if twice {
                    Err(Violation::Unreported)
                } else {
                    Ok(())
                })
            }
            Some(stage) => {
                client.stage = stage;
                Some(Ok(()))
            }
        }
    }

    fn call(
        &mut self,
        number: usize,
        call: Call,
        is_fresh: bool,
        mutant: Option<Mutant>,
    ) -> &'static str {
        let client = &mut self.clients[number];
        client.stage = Stage::Looking;
        for one in self.statements.iter_mut().flatten() {
            one.unaware &= !(1 << number);
        }
        match call {
            Call::Create {
                mut generation,
                content,
                from,
                again,
            } => {
                if mutant == Some(Mutant::HashNames) {
                    generation = self.highest() + 1;
                }
                if usize::from(generation) > MOST || self.get(generation).is_some() {
                    self.clients[number].end(End::Reported);
                    return "finds the name taken";
                }
                self.create(generation, content, from);
                let client = &mut self.clients[number];
                client.known = client.known.max(Some(generation));
                if again {
                    client.tried.1 = true;
                } else {
                    client.tried.0 += 1;
                }
                "creates"
            }
            Call::Stop(generation) => {
                let can_stop = self
                    .get(generation)
                    .is_some_and(|one| matches!(one.phase, Phase::Pending | Phase::Running));
                if !is_fresh || !can_stop {
                    return "is refused a stop";
                }
                if self.get(generation).is_some_and(|one| one.waiting) {
                    self.clients[number].given_up = generation;
                }
                self.put(generation, Phase::Stopping);
                "stops"
            }
            Call::Resume(generation) => {
                let can_resume = self
                    .get(generation)
                    .is_some_and(|one| one.phase == Phase::Stopped);
                if is_fresh && can_resume {
                    self.put(generation, Phase::Pending);
                }
                "resumes"
            }
            Call::Delete(generation) => {
                if self.get(generation).is_some() {
                    self.put(generation, Phase::Deleting);
                }
                "deletes"
            }
        }
    }

    /// What a client does that follows another protocol.
    pub(crate) fn mutate(&self, moved: Move, mutant: Option<Mutant>) -> Move {
        let highest = self.highest();
        let phase = |generation| {
            self.get(generation)
                .map(|one: &super::world::Statement| one.phase)
        };
        match (mutant, moved) {
            (Some(Mutant::DeletePending), Move::Call(Call::Stop(of), part))
                if phase(of) == Some(Phase::Pending) =>
            {
                Move::Call(Call::Delete(of), part)
            }
            (Some(Mutant::ResumeFormer), _) if highest > 0 => {
                let head = self.get(highest).unwrap();
                let at_rest = matches!(head.phase, Phase::Stopped | Phase::Failed);
                if at_rest && head.from > 0 && phase(head.from) == Some(Phase::Stopped) {
                    return Move::Call(Call::Resume(head.from), Part::Other);
                }
                moved
            }
            (Some(Mutant::DeleteThenCreate), Move::Call(Call::Create { content, from, .. }, _))
                if phase(from.max(1)) == Some(Phase::Running) =>
            {
                let _ = content;
                Move::Call(Call::Delete(from), Part::Other)
            }
            (Some(Mutant::DeleteThenCreate), Move::Reported) if highest == 0 => {
                let create = Call::Create {
                    generation: 1,
                    content: 0,
                    from: 0,
                    again: false,
                };
                Move::Call(create, Part::Other)
            }
            _ => moved,
        }
    }

    /// Whether a statement has read anything, as far as the service shows it.
    pub(crate) fn shows_offsets(one: &super::world::Statement, failed_shows: bool) -> bool {
        one.position != NOWHERE
            && match one.phase {
                Phase::Stopped => !one.lost,
                Phase::Failed => failed_shows,
                _ => false,
            }
    }
}
