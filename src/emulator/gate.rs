//! Calls that a rule holds up: how many there are, and when they may go on.

use tokio::sync::watch;

/// Where calls wait that a rule holds up.
#[derive(Debug, Default)]
pub(super) struct Gate(watch::Sender<Queue>);

#[derive(Debug, Default)]
struct Queue {
    /// How many calls wait.
    waiting: usize,
    /// How many have waited and are not answered yet.
    going_on: usize,
    /// How often the gate was opened.
    openings: u64,
}

/// A call that was held up, until it is answered.
#[derive(Debug)]
pub(super) struct Held<'g> {
    gate: &'g Gate,
    /// How often the gate had been opened before.
    openings: u64,
}

impl Gate {
    /// Waits until the gate is opened for the next time.
    pub(super) async fn hold(&self) -> Held<'_> {
        let mut queue = self.0.subscribe();
        let openings = queue.borrow().openings;
        self.0.send_modify(|queue| queue.waiting += 1);
        let held = Held {
            gate: self,
            openings,
        };
        // The sender lives as long as the gate.
        let _ = queue.wait_for(|queue| queue.openings > openings).await;
        held
    }

    /// Lets go on whoever waits now.
    pub(super) fn open(&self) {
        self.0.send_modify(|queue| {
            queue.openings += 1;
            queue.going_on += std::mem::take(&mut queue.waiting);
        });
    }

    /// Waits until a call is held up.
    pub(super) async fn until_held(&self) {
        let mut queue = self.0.subscribe();
        let _ = queue.wait_for(|queue| queue.waiting > 0).await;
    }

    /// Waits until every call that was held up is answered.
    pub(super) async fn until_answered(&self) {
        let mut queue = self.0.subscribe();
        let is_over = |queue: &Queue| queue.waiting == 0 && queue.going_on == 0;
        let _ = queue.wait_for(is_over).await;
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.gate.0.send_modify(|queue| {
            let was_let_go = queue.openings > self.openings;
            let count = if was_let_go {
                &mut queue.going_on
            } else {
                &mut queue.waiting
            };
            *count = count.saturating_sub(1);
        });
    }
}
