//! `routectl emulator`

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use camino::Utf8PathBuf;
use clap::Args;
use tokio::net::TcpListener;

use super::ui::Ui;
use super::{Exit, interrupt};
use crate::clock::SystemClock;
use crate::emulator::{Emulator, FlinkSql, Settings};

/// Serve the statements API on this machine
///
/// For trying things out and for tests: it accepts, starts, stops and deletes statements as the service does,
/// but reads no events. A target with `backend: emulator` and `endpoint: http://ADDRESS` uses it.
#[derive(Debug, Args)]
pub(super) struct EmulatorArgs {
    /// Address to listen on; port 0 picks a free one
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8085",
        env = "ROUTECTL_LISTEN"
    )]
    listen: SocketAddr,
    /// File that keeps the state between runs; without it the state is lost at the end
    #[arg(long, value_name = "FILE", env = "ROUTECTL_STATE")]
    state: Option<Utf8PathBuf>,
}

pub(super) async fn run(args: &EmulatorArgs, ui: &mut Ui) -> anyhow::Result<Exit> {
    let settings = Settings {
        journal: args.state.clone(),
        ..Settings::new(Arc::new(SystemClock), Arc::new(FlinkSql))
    };
    let emulator = Emulator::open(&settings)?;
    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    ui.print(&format!("http://{}\n", listener.local_addr()?))?;
    ui.say("the emulator answers there until Ctrl-C")?;
    emulator.serve(listener, interrupt::requested()).await?;
    Ok(Exit::Success)
}
