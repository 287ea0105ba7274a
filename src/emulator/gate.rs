//! Calls that a rule holds up: how many there are, and when they may go on.

use tokio::sync::watch;

/// Where calls wait that a rule holds up.
#[derive(Debug, Default)]
pub(super) struct Gate(watch::Sender<Queue>);

#[derive(Debug, Default)]
struct Queue {
    /// How many calls wait, or have waited and are being carried out.
    held: usize,
    /// How often the gate was opened.
    openings: u64,
}

/// A call that was held up, until it is answered.
#[derive(Debug)]
pub(super) struct Held<'g>(&'g Gate);

impl Gate {
    /// Waits until the gate is opened for the next time.
    pub(super) async fn hold(&self) -> Held<'_> {
        let mut queue = self.0.subscribe();
        let openings = queue.borrow().openings;
        self.0.send_modify(|queue| queue.held += 1);
        let held = Held(self);
        // The sender lives as long as the gate.
        let _ = queue.wait_for(|queue| queue.openings > openings).await;
        held
    }

    /// Lets go on whoever waits now.
    pub(super) fn open(&self) {
        self.0.send_modify(|queue| queue.openings += 1);
    }

    /// Waits until a call is held up, or until none is.
    pub(super) async fn until(&self, is_held: bool) {
        let mut queue = self.0.subscribe();
        let _ = queue.wait_for(|queue| (queue.held > 0) == is_held).await;
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.0.send_modify(|queue| queue.held -= 1);
    }
}
