//! Ctrl-C and SIGTERM.

use tokio::task::JoinHandle;

use super::Exit;
use crate::apply::Interrupt;

/// Waits until the user or the system wants the process to end.
pub(super) async fn requested() {
    #[cfg(unix)]
    if let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    // Without a signal handler the process ends by the signal itself.
    let _ = tokio::signal::ctrl_c().await;
}

/// Listens for the wish to stop for as long as it lives. The first one sets the interrupt, so that the steps in
/// flight are finished; the second one ends the process where it stands, which is as safe as a power cut.
#[derive(Debug)]
pub(super) struct Listener {
    interrupt: Interrupt,
    task: JoinHandle<()>,
}

impl Listener {
    /// Begins to listen. From here on Ctrl-C does not end the process by itself.
    pub(super) fn start(notice: impl FnOnce() + Send + 'static) -> Self {
        let interrupt = Interrupt::default();
        let wish = interrupt.clone();
        let task = tokio::spawn(async move {
            requested().await;
            wish.set();
            notice();
            requested().await;
            #[allow(clippy::exit, reason = "the user insists")]
            std::process::exit(Exit::Interrupted.code().into());
        });
        Self { interrupt, task }
    }

    /// What it sets.
    pub(super) fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}
