//! At random: changes, deaths, faults, other runs, humans, hours that pass, under any behaviour of the service.
//!
//! What a seed does is always the same. `ROUTECTL_SEEDS=first..last` plays others than the usual ones.

use jiff::SignedDuration;
use routectl::emulator::Timing;
use routectl::plan::Choices;

use super::config::Config;
use super::service::{FAULTS, SWITCHES};
use super::sweep::{Act, Which, act};
use super::world::{Circumstances, Moment, Rest, World, is_doubled, play};

/// Numbers that look like any, always the same (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = number ^ (number >> 31);
        u32::try_from(number % u64::from(sides)).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let sides = u32::try_from(from.len()).unwrap();
        &from[self.roll(sides) as usize]
    }
}

struct Story {
    dice: Dice,
    config: Config,
    /// Whether a human resumed something: what it reads may have been read.
    is_excused: bool,
    /// Whether some run said that events are written twice.
    is_reported: bool,
    /// Whether a human deleted something: nobody can know any more what it read, and `--resume` goes on before that.
    is_destroyed: bool,
}

impl Story {
    fn new(seed: u64) -> Self {
        Self {
            dice: Dice(seed),
            config: Config::one(1),
            is_excused: false,
            is_reported: false,
            is_destroyed: false,
        }
    }

    fn circumstances(&mut self, seed: u64) -> Circumstances {
        let switches: Vec<_> = (0..self.dice.roll(4))
            .map(|_| *self.dice.pick(&SWITCHES))
            .collect();
        let mut names = std::collections::BTreeSet::new();
        let mut distinct = switches;
        distinct.retain(|switch| names.insert(switch.split('=').next()));
        Circumstances {
            timing: *self.dice.pick(&[Timing::INSTANT, Timing::OBSERVED]),
            tick: SignedDuration::from_millis(2000 + i64::from(self.dice.roll(4000))),
            behaviour: distinct.join(","),
            seed,
        }
    }

    /// Another configuration than the present one.
    fn edit(&mut self) -> Config {
        let config = self.config.clone();
        match self.dice.roll(8) {
            0..4 => config.with("r", 1 + self.dice.roll(4)),
            4 => config.in_next_pool(),
            5 if !config.is_disabled("r") => config.with("r", 1).disabled("r"),
            6 => config.with("q", 1 + self.dice.roll(2)),
            7 => config.without("q"),
            _ => config.with("r", 1),
        }
    }

    fn choices(&mut self) -> Choices {
        Choices {
            resume: self.dice.roll(2) == 0,
            prune: self.dice.roll(3) == 0,
            refresh: self.dice.roll(4) == 0,
            ..Choices::default()
        }
    }

    /// Somebody comes in while a run waits for this call. What was before is held to the law; what comes after it is
    /// excused only if the act had an effect.
    async fn human(&mut self, world: &World, choices: &Choices, call: u32) {
        let acts = [Act::Stop, Act::Stop, Act::Resume, Act::Delete];
        let what = *self.dice.pick(&acts);
        let which = *self.dice.pick(&[Which::First, Which::Last]);
        let is_lawful = !self.is_excused && !self.is_destroyed;
        let mut had_effect = false;
        let human = async {
            if is_lawful && let Err(problem) = world.verdict() {
                panic!("before {what:?}: {problem}\n{}", world.diary());
            }
            had_effect = act(world, what, which).await;
        };
        let ran = world.disturb(&self.config, choices, call, human).await;
        self.is_reported |= ran.is_some_and(|ran| ran.reports_conflict);
        self.is_excused |= had_effect && what == Act::Resume;
        self.is_destroyed |= had_effect && what == Act::Delete;
        world.release().await;
    }

    fn pause(&mut self) -> SignedDuration {
        let minutes = *self.dice.pick(&[0, 1, 5, 30, 7 * 60, 31 * 24 * 60]);
        SignedDuration::from_mins(minutes)
    }

    async fn step(&mut self, world: &World) {
        let choices = self.choices();
        let call = self.dice.roll(24);
        match self.dice.roll(10) {
            0 | 1 => self.config = self.edit(),
            2 | 3 => {
                let ran = world.apply(&self.config, &choices, "run").await;
                self.is_reported |= ran.reports_conflict;
            }
            4 => {
                world.die(&self.config, &choices, call, Moment::After).await;
                world.release().await;
            }
            5 => {
                let is_dead = world.die(&self.config, &choices, call, Moment::Late).await;
                self.config = self.edit();
                if is_dead {
                    let ran = world.apply(&self.config, &choices, "next").await;
                    self.is_reported |= ran.reports_conflict;
                }
                world.release().await;
            }
            6 => {
                let other = self.edit();
                let second = async {
                    world.apply(&other, &choices, "second").await;
                };
                let ran = Box::pin(world.disturb(&self.config, &choices, call, second)).await;
                self.is_reported |= ran.is_some_and(|ran| ran.reports_conflict);
                world.release().await;
                self.config = [other, self.config.clone()][self.dice.roll(2) as usize].clone();
            }
            7 => Box::pin(self.human(world, &choices, call)).await,
            8 => {
                let rule = *self.dice.pick(&FAULTS);
                world.fault(rule);
            }
            _ => world.wait(self.pause()),
        }
    }

    async fn end(&mut self, world: &World) -> Result<(), String> {
        world.release().await;
        // Lists that lag have caught up by then, and what is to go wrong late has gone wrong.
        world.wait(SignedDuration::from_mins(1));
        let choices = Choices {
            resume: true,
            prune: true,
            ..Choices::default()
        };
        let (rest, is_reported) = world.rest(&self.config, &choices).await;
        self.is_reported |= is_reported;
        if self.is_excused {
            let facts = world.facts();
            if is_doubled(&facts) && !self.is_reported {
                return Err(format!("nobody says that {:?}", facts[0]));
            }
        } else if !self.is_destroyed {
            world.verdict()?;
        }
        match rest {
            Rest::Done => world.runs_what_is_wanted(&self.config).await,
            Rest::Blocked(_) => Ok(()),
            Rest::Failing(_) => Err(format!("{rest:?}")),
        }
    }
}

fn play_seed(seed: u64) {
    let mut story = Story::new(seed);
    let circumstances = story.circumstances(seed);
    play(async {
        let world = World::new(&circumstances).await;
        world.rest(&story.config, &Choices::default()).await;
        for _ in 0..4 + story.dice.roll(6) {
            Box::pin(story.step(&world)).await;
        }
        if let Err(problem) = story.end(&world).await {
            let behaviour = &circumstances.behaviour;
            panic!("seed {seed} ({behaviour}): {problem}\n{}", world.diary());
        }
    });
}

/// The seeds that are asked for, or the usual ones.
fn seeds(usual: std::ops::Range<u64>) -> std::ops::Range<u64> {
    #[allow(clippy::disallowed_methods)]
    let asked = std::env::var("ROUTECTL_SEEDS").ok();
    let Some(asked) = asked else { return usual };
    let (first, last) = asked.split_once("..").unwrap();
    first.parse().unwrap()..last.parse().unwrap()
}

#[test]
fn a_hundred_seeds() {
    seeds(0..100).for_each(play_seed);
}

#[test]
#[ignore = "takes minutes; `cargo test --test it kill -- --include-ignored` is the whole proof"]
fn a_thousand_seeds() {
    seeds(100..1100).for_each(play_seed);
}
