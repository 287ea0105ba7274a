//! Every call of every kind of change: the client dies there, or somebody comes in between. Then the command runs
//! until it has nothing left to do.

use jiff::SignedDuration;
use routectl::api::{Phase, Statement};
use routectl::emulator::Timing;
use routectl::plan::Choices;

use super::config::Config;
use super::world::{Circumstances, Moment, Rest, World, is_doubled, play};

/// A change of what is wanted.
pub(super) struct Change {
    pub(super) name: &'static str,
    pub(super) before: Config,
    /// Whether somebody stops the route before the change.
    pub(super) stopped: bool,
    pub(super) after: Config,
    pub(super) choices: Choices,
}

pub(super) fn changes() -> Vec<Change> {
    let change = |name, before: Config, after: Config| Change {
        name,
        before,
        stopped: false,
        after,
        choices: Choices::default(),
    };
    let resume = Choices {
        resume: true,
        ..Choices::default()
    };
    let prune = Choices {
        prune: true,
        ..Choices::default()
    };
    vec![
        change("create", Config::default(), Config::one(1)),
        change("replace", Config::one(1), Config::one(2)),
        change("pool", Config::one(1), Config::one(1).in_next_pool()),
        Change {
            stopped: true,
            choices: resume,
            ..change("resume", Config::one(1), Config::one(1))
        },
        change("disable", Config::one(1), Config::one(1).disabled("r")),
        Change {
            choices: prune,
            ..change("prune", Config::one(1), Config::default())
        },
    ]
}

pub(super) fn replace() -> Change {
    changes().remove(1)
}

/// What happens at a call.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// The client dies, and nothing happens for this long.
    Death(Moment, SignedDuration),
    /// Another run wants this, and is through first.
    Second(Config),
    /// Somebody does this to the first or last statement of the route.
    Human(Act, Which),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Stop,
    Resume,
    Delete,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    First,
    Last,
}

pub(super) const AT_ONCE: SignedDuration = SignedDuration::ZERO;

/// What a case may come to in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hope {
    /// All is as wanted.
    Done,
    /// Or it says what is in the way.
    Answer,
    /// Or every run fails, as the service does not let it work.
    Nothing,
}

pub(super) struct Case<'c> {
    pub(super) change: &'c Change,
    pub(super) circumstances: &'c Circumstances,
    /// In force until the run after the death is through.
    pub(super) faults: &'c [&'c str],
    pub(super) event: Event,
    pub(super) hope: Hope,
}

impl Case<'_> {
    /// Goes through the calls, each `stride`th from `first` on; how many there were.
    #[track_caller]
    pub(super) fn sweep(&self, first: u32, stride: u32) -> u32 {
        let mut call = first;
        while let Some(problem) = play(self.at(call)) {
            if let Err(problem) = problem {
                panic!("{problem}");
            }
            call += stride;
            assert!(call < 500, "it never gets through");
        }
        call
    }

    /// What is wrong if it happens at this call; `None` where there are not so many.
    async fn at(&self, call: u32) -> Option<Result<(), String>> {
        let world = World::new(self.circumstances).await;
        self.prepare(&world).await;
        for rule in self.faults {
            world.fault(rule);
        }
        let is_reached = match &self.event {
            Event::Death(moment, pause) => self.death(&world, call, *moment, *pause).await,
            Event::Second(config) => Box::pin(self.second(&world, call, config)).await,
            Event::Human(act, which) => self.human(&world, call, *act, *which).await,
        };
        is_reached.then_some(())?;
        world.release().await;
        // What is to go wrong late has gone wrong by then.
        world.wait(SignedDuration::from_mins(1));
        Some(self.judge(&world).await.map_err(|problem| {
            let Change { name, .. } = self.change;
            format!(
                "{name}, {:?} at call {call}, behaviour {:?}, faults {:?}: {problem}\n{}",
                self.event,
                self.circumstances.behaviour,
                self.faults,
                world.diary()
            )
        }))
    }

    pub(super) async fn prepare(&self, world: &World) {
        let nothing = Choices::default();
        let (rest, _) = world.rest(&self.change.before, &nothing).await;
        assert!(
            rest == Rest::Done || self.hope == Hope::Nothing,
            "{rest:?}\n{}",
            world.diary()
        );
        if self.change.stopped {
            act(world, Act::Stop, Which::Last).await;
            world.wait(SignedDuration::from_mins(1));
        }
    }

    pub(super) async fn death(
        &self,
        world: &World,
        call: u32,
        moment: Moment,
        pause: SignedDuration,
    ) -> bool {
        let Change { after, choices, .. } = self.change;
        if !world.die(after, choices, call, moment).await {
            return false;
        }
        world.wait(pause);
        world.apply(after, choices, "next").await;
        true
    }

    async fn second(&self, world: &World, call: u32, config: &Config) -> bool {
        let Change { after, choices, .. } = self.change;
        let second = async {
            world.apply(config, choices, "second").await;
        };
        let ran = Box::pin(world.disturb(after, choices, call, second)).await;
        ran.is_some()
    }

    async fn human(&self, world: &World, call: u32, what: Act, which: Which) -> bool {
        let Change { after, choices, .. } = self.change;
        let human = async {
            act(world, what, which).await;
        };
        let Some(ran) = world.disturb(after, choices, call, human).await else {
            return false;
        };
        if what == Act::Resume && is_doubled(&world.facts()) {
            // It is the human's doing, and somebody has to say so.
            let (_, is_reported) = world.rest(after, choices).await;
            assert!(ran.reports_conflict || is_reported, "{}", world.diary());
        }
        true
    }

    async fn judge(&self, world: &World) -> Result<(), String> {
        let Change { after, choices, .. } = self.change;
        let (mut rest, _) = world.rest(after, choices).await;
        if rest != Rest::Done && matches!(self.event, Event::Human(Act::Stop, _)) {
            let resume = Choices {
                resume: true,
                ..choices.clone()
            };
            (rest, _) = world.rest(after, &resume).await;
        }
        if !matches!(self.event, Event::Human(Act::Resume, _)) {
            world.verdict()?;
        }
        match (&rest, self.hope) {
            (Rest::Done, _) => world.runs_what_is_wanted(after).await,
            (Rest::Blocked(_), Hope::Answer | Hope::Nothing)
            | (Rest::Failing(_), Hope::Nothing) => Ok(()),
            _ => Err(format!("{rest:?}")),
        }
    }
}

/// A human does something to a statement of the route; whether it changed anything.
pub(super) async fn act(world: &World, act: Act, which: Which) -> bool {
    // Under a fault they may see nothing, and do nothing.
    let statements = world.statements().await.unwrap_or_default();
    let mut of_route: Vec<&Statement> = statements
        .iter()
        .filter(|one| one.name.starts_with("shop-r-"))
        .collect();
    of_route.sort_by_key(|one| {
        one.name
            .rsplit_once("-g")
            .map(|(_, number)| number.to_owned())
    });
    let one = match which {
        Which::First => of_route.first(),
        Which::Last => of_route.last(),
    };
    let Some(one) = one else { return false };
    // What is refused is refused.
    match act {
        Act::Stop => world.client.set_stopped(one, true).await.is_ok(),
        Act::Resume => {
            let is_at_rest = one.status.phase == Phase::Stopped;
            world.client.set_stopped(one, false).await.is_ok() && is_at_rest
        }
        Act::Delete => world.client.delete(&one.name).await.is_ok(),
    }
}

pub(super) fn observed() -> Circumstances {
    Circumstances {
        timing: Timing::OBSERVED,
        tick: SignedDuration::from_secs(3),
        ..Circumstances::default()
    }
}

pub(super) fn deaths() -> [Event; 2] {
    [Moment::After, Moment::Late].map(|moment| Event::Death(moment, AT_ONCE))
}

#[test]
fn a_client_that_dies_at_any_call_of_any_change_is_made_good() {
    let mut calls = 0;
    for circumstances in [Circumstances::default(), observed()] {
        for change in &changes() {
            for event in deaths() {
                let case = Case {
                    change,
                    circumstances: &circumstances,
                    faults: &[],
                    event,
                    hope: Hope::Done,
                };
                calls += case.sweep(0, 1);
            }
        }
    }
    assert!(calls > 200, "{calls}");
}

#[test]
fn routes_that_share_a_topic_are_no_different() {
    let both = |change: Change| Change {
        before: change.before.with("s", 7).shared(),
        after: change.after.with("s", 7).shared(),
        ..change
    };
    for change in changes().into_iter().map(both) {
        for event in deaths() {
            let case = Case {
                change: &change,
                circumstances: &Circumstances::default(),
                faults: &[],
                event,
                hope: Hope::Done,
            };
            case.sweep(0, 1);
        }
    }
}

#[test]
fn hours_and_weeks_may_pass_before_the_next_run() {
    for hours in [1, 7, 31 * 24] {
        let pause = SignedDuration::from_hours(hours);
        for change in &changes() {
            for circumstances in [Circumstances::default(), observed()] {
                let case = Case {
                    change,
                    circumstances: &circumstances,
                    faults: &[],
                    event: Event::Death(Moment::After, pause),
                    hope: Hope::Answer,
                };
                case.sweep(0, 2);
            }
        }
    }
}

#[test]
fn another_run_may_be_through_before_any_call() {
    let wanted = |change: &Change| [change.after.clone(), Config::one(3), Config::one(1)];
    for change in &changes() {
        for config in wanted(change) {
            let case = Case {
                change,
                circumstances: &Circumstances::default(),
                faults: &[],
                event: Event::Second(config),
                hope: Hope::Answer,
            };
            case.sweep(0, 1);
        }
    }
}

#[test]
fn a_human_may_come_in_before_any_call() {
    for change in &changes() {
        for what in [Act::Stop, Act::Resume, Act::Delete] {
            if what == Act::Delete && change.choices.resume {
                // Whoever deletes a position and has the route go on from the one before wants it read again.
                continue;
            }
            for which in [Which::First, Which::Last] {
                let case = Case {
                    change,
                    circumstances: &observed(),
                    faults: &[],
                    event: Event::Human(what, which),
                    hope: Hope::Answer,
                };
                case.sweep(0, 2);
            }
        }
    }
}
