//! What the user asks for with `--recover` is done once, at the place that was asked for, however often the command dies.

use jiff::SignedDuration;
use routectl::emulator::{Ledger, Run};
use routectl::plan::{Choices, Recovery};
use routectl::project::start::Start;

use super::config::Config;
use super::sweep::{Act, Which, act, observed};
use super::world::{Circumstances, Moment, Rest, World, of_generation, play};

/// How the route stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Somebody stopped its first generation.
    Stopped,
    /// Its second generation failed after it had read.
    Failed,
}

impl Standing {
    fn last_generation(self) -> u32 {
        match self {
            Self::Stopped => 1,
            Self::Failed => 2,
        }
    }

    async fn bring_about(self, world: &World) {
        let nothing = Choices::default();
        let (rest, _) = world.rest(&Config::one(1), &nothing).await;
        assert_eq!(rest, Rest::Done, "{}", world.diary());
        match self {
            Self::Stopped => {
                act(world, Act::Stop, Which::Last).await;
            }
            Self::Failed => {
                world.fault("fault=fails,statement=*-g2,after=20");
                world.apply(&Config::one(2), &nothing, "fails").await;
                world.wait(SignedDuration::from_mins(1));
                let (rest, _) = world.rest(&Config::one(2), &nothing).await;
                assert!(matches!(rest, Rest::Blocked(_)), "{}", world.diary());
                world.release().await;
            }
        }
        world.wait(SignedDuration::from_mins(1));
    }
}

/// The runs of one route, in the order in which they began, up to this generation and after it.
fn split(ledger: Ledger, last: u32) -> (Vec<Run>, Vec<Run>) {
    let is_former = |run: &Run| of_generation(&run.statement).1 <= last;
    ledger.runs.into_iter().partition(is_former)
}

/// What is wrong with where it began anew.
fn judge(world: &World, standing: Standing, recovery: Recovery) -> Result<(), String> {
    let (former, anew) = split(world.ledger(), standing.last_generation());
    let facts = Ledger { runs: anew.clone() }.check();
    if !facts.is_empty() {
        return Err(format!("{:?}", facts[0]));
    }
    let from = &anew.first().ok_or("nothing read")?.from;
    let to = |generation| {
        let mut all = former.iter().rev();
        let last = all.find(|run| of_generation(&run.statement).1 == generation);
        last.map(|run| run.to.clone()).unwrap_or_default()
    };
    let last = to(standing.last_generation());
    let is_there = match recovery {
        Recovery::Previous => *from == to(standing.last_generation() - 1),
        Recovery::Offsets => *from == last,
        // Where the first one began, too.
        Recovery::Start(Start::Earliest) => *from == former[0].from,
        Recovery::Start(_) => from.iter().zip(&last).all(|(from, last)| from > last),
    };
    if is_there {
        Ok(())
    } else {
        Err(format!("it began at {from:?}, after {former:?}"))
    }
}

/// Whether the command gets that far; it dies there, and what comes of it is judged.
async fn dies(standing: Standing, recovery: Recovery, call: u32, moment: Moment) -> bool {
    let circumstances = Circumstances {
        behaviour: "offsets_when_failed=true".to_owned(),
        ..observed()
    };
    let world = World::new(&circumstances).await;
    standing.bring_about(&world).await;
    let wanted = Config::one(3);
    let choices = Choices {
        recover: [("r".to_owned(), recovery)].into(),
        ..Choices::default()
    };
    if !world.die(&wanted, &choices, call, moment).await {
        return false;
    }
    world.apply(&wanted, &choices, "next").await;
    world.release().await;
    let (rest, _) = world.rest(&wanted, &choices).await;
    let judged = match rest {
        Rest::Done => judge(&world, standing, recovery),
        _ => Err(format!("{rest:?}")),
    };
    let judged = match judged {
        Ok(()) => world.runs_what_is_wanted(&wanted).await,
        error => error,
    };
    if let Err(problem) = judged {
        let diary = world.diary();
        panic!("{standing:?}, {recovery:?}, {moment:?} at call {call}: {problem}\n{diary}");
    }
    true
}

fn sweep(standing: Standing, recovery: Recovery) {
    for moment in [Moment::After, Moment::Late] {
        let mut call = 0;
        while play(dies(standing, recovery, call, moment)) {
            call += 1;
        }
        assert!(call > 2, "{recovery:?}: {call} calls");
    }
}

#[test]
fn a_restart_that_dies_at_any_call_begins_where_it_was_asked_to() {
    for start in [Start::Earliest, Start::Latest] {
        sweep(Standing::Stopped, Recovery::Start(start));
        sweep(Standing::Failed, Recovery::Start(start));
    }
}

#[test]
fn a_recovery_that_dies_at_any_call_goes_on_where_it_was_asked_to() {
    sweep(Standing::Failed, Recovery::Previous);
    sweep(Standing::Failed, Recovery::Offsets);
}
