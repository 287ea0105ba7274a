//! The pace of calls: the service allows so many in a second and in a minute, for all clients of one address together.
//!
//! Limits: Confluent Cloud for Apache Flink, "Flink SQL REST API", section "Rate limits". They hold for an address, so others
//! may use them up, too: a 429 halves the pace, which doubles again while none comes. Every clone of a client keeps the
//! same pace.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How many calls may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In any second.
    pub per_second: usize,
    /// In any minute.
    pub per_minute: usize,
}

impl Limits {
    /// What the documentation of the statements API says.
    pub const DOCUMENTED: Self = Self {
        per_second: 50,
        per_minute: 1000,
    };
}

/// The slowest pace, as a part of the limits.
const SLOWEST: usize = 32;
/// How long without a 429 until the pace doubles again.
const RECOVERY: Duration = Duration::from_secs(10);
/// Refusals that come this close together are about the same burst.
const BURST: Duration = Duration::from_secs(1);

/// A pace that all who share it keep together.
#[derive(Debug, Clone)]
pub(super) struct Pace(Arc<Mutex<Schedule>>);

impl Pace {
    /// A pace within the limits.
    pub(super) fn new(limits: Limits) -> Self {
        Self(Arc::new(Mutex::new(Schedule::new(limits))))
    }

    /// Waits until a call may be made, which then counts as made.
    pub(super) async fn turn(&self) {
        let turn = self.with(|schedule| schedule.reserve(Instant::now()));
        sleep_until(turn).await;
    }

    /// Takes up that the service refused a call for the pace, and how long it wants to be left alone.
    pub(super) fn refused(&self, pause: Duration) {
        self.with(|schedule| schedule.refused(Instant::now(), pause));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Schedule) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// When calls were made and are going to be.
#[derive(Debug)]
struct Schedule {
    limits: Limits,
    /// The latest calls, as many as a minute may have; they only ever grow later.
    turns: VecDeque<Instant>,
    /// The limits are divided by this.
    slowness: usize,
    /// When the slowness last changed.
    changed: Option<Instant>,
    /// Nothing is sent before this.
    quiet_until: Option<Instant>,
}

impl Schedule {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            turns: VecDeque::new(),
            slowness: 1,
            changed: None,
            quiet_until: None,
        }
    }

    /// When the next call may be made; it is counted.
    fn reserve(&mut self, now: Instant) -> Instant {
        self.recover(now);
        let windows = [
            (self.limits.per_second, Duration::from_secs(1)),
            (self.limits.per_minute, Duration::from_mins(1)),
        ];
        let waits = windows.into_iter().filter_map(|(limit, window)| {
            let allowed = (limit / self.slowness).max(1);
            let earliest = self.turns.len().checked_sub(allowed)?;
            Some(*self.turns.get(earliest)? + window)
        });
        // Nobody overtakes who was there before.
        let last = self.turns.back().copied();
        let turn = waits
            .chain(last)
            .chain(self.quiet_until)
            .fold(now, Instant::max);
        self.turns.push_back(turn);
        if self.turns.len() > self.limits.per_minute {
            self.turns.pop_front();
        }
        turn
    }

    fn refused(&mut self, now: Instant, pause: Duration) {
        self.recover(now);
        let quiet = now + pause;
        self.quiet_until = Some(self.quiet_until.map_or(quiet, |until| until.max(quiet)));
        let is_same_burst = self.changed.is_some_and(|changed| {
            self.slowness > 1 && now.saturating_duration_since(changed) < BURST
        });
        if !is_same_burst {
            self.slowness = (self.slowness * 2).min(SLOWEST);
            self.changed = Some(now);
        }
    }

    fn recover(&mut self, now: Instant) {
        while let Some(changed) = self.changed.filter(|_| self.slowness > 1) {
            if now.saturating_duration_since(changed) < RECOVERY {
                return;
            }
            self.slowness /= 2;
            self.changed = Some(changed + RECOVERY);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn millis(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    /// When so many calls that are wanted at once may be made, in milliseconds from `now`.
    fn turns(schedule: &mut Schedule, now: Instant, count: usize) -> Vec<u128> {
        let mut turn = || schedule.reserve(now).duration_since(now).as_millis();
        (0..count).map(|_| turn()).collect()
    }

    #[test]
    fn a_second_and_a_minute_have_their_limits() {
        let now = Instant::now();
        let mut schedule = Schedule::new(Limits::DOCUMENTED);
        let turns = turns(&mut schedule, now, 1051);
        assert_eq!((turns[0], turns[49], turns[50]), (0, 0, 1000));
        assert_eq!(
            (turns[999], turns[1000], turns[1050]),
            (19_000, 60_000, 61_000)
        );
    }

    #[test]
    fn a_refusal_halves_the_pace_which_recovers() {
        let limits = Limits {
            per_second: 8,
            per_minute: 480,
        };
        let start = Instant::now();
        let mut schedule = Schedule::new(limits);
        schedule.refused(start, Duration::ZERO);
        schedule.refused(start + millis(300), Duration::ZERO);
        assert_eq!(
            turns(&mut schedule, start + millis(300), 5),
            [0, 0, 0, 0, 1000]
        );
        schedule.refused(start + millis(1500), Duration::ZERO);
        let later = start + millis(5000);
        assert_eq!(turns(&mut schedule, later, 3), [0, 0, 1000]);
        let half = start + millis(11_500);
        assert_eq!(turns(&mut schedule, half, 5), [0, 0, 0, 0, 1000]);
        let whole = start + millis(60_000);
        assert_eq!(
            turns(&mut schedule, whole, 9),
            [0, 0, 0, 0, 0, 0, 0, 0, 1000]
        );
    }

    #[test]
    fn the_pace_never_falls_to_nothing() {
        let mut now = Instant::now();
        let mut schedule = Schedule::new(Limits::DOCUMENTED);
        for _ in 0..100 {
            schedule.refused(now, Duration::ZERO);
            now += BURST;
        }
        assert_eq!(turns(&mut schedule, now, 3), [0, 1000, 2000]);
    }

    #[test]
    fn everybody_leaves_the_service_alone_for_as_long_as_it_wants() {
        let now = Instant::now();
        let mut schedule = Schedule::new(Limits::DOCUMENTED);
        schedule.refused(now, millis(7000));
        schedule.refused(now, millis(2000));
        assert_eq!(turns(&mut schedule, now, 2), [7000, 7000]);
    }

    proptest! {
        #[test]
        fn no_window_ever_holds_more_than_its_limit(pauses in prop::collection::vec(0_u64..2000, 1..400)) {
            let limits = Limits { per_second: 5, per_minute: 40 };
            let mut schedule = Schedule::new(limits);
            let mut now = Instant::now();
            let mut made = Vec::new();
            for pause in pauses {
                now += millis(pause / 10);
                if pause % 17 == 0 {
                    schedule.refused(now, Duration::ZERO);
                }
                made.push(schedule.reserve(now));
            }
            for (limit, window) in [(5, 1), (40, 60)] {
                for calls in made.windows(limit + 1) {
                    prop_assert!(calls[limit].duration_since(calls[0]) >= Duration::from_secs(window));
                }
            }
        }
    }
}
