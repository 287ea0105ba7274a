//! `routectl emulator`

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use tokio::net::TcpListener;

use super::ui::Ui;
use super::{Exit, interrupt};
use crate::clock::SystemClock;
use crate::emulator::{Behaviour, Emulator, FlinkSql, Growth, Pool, Rule, Settings, Timing};

/// Serve the statements API on this machine
///
/// For trying things out and for tests: it accepts, starts, stops and deletes statements as the service does, and lets
/// topics grow, but there are no events in them. A target with `backend: emulator` and `endpoint: http://ADDRESS` uses
/// it. Besides the service's calls it answers `GET /emulator/ledger` (who read which offsets, gaps and overlaps),
/// `POST /emulator/clock` with `{"seconds": 3600}` (moves its time), `POST /emulator/topics` with `{"name": ...}` (there
/// is this topic), and `/emulator/faults`.
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
    /// How long things take
    #[arg(long, value_enum, default_value_t, env = "ROUTECTL_TIMING")]
    timing: Pace,
    /// What makes the offsets of two emulators different
    #[arg(long, value_name = "NUMBER", default_value_t, env = "ROUTECTL_SEED")]
    seed: u64,
    /// Compute pool and its CFUs, such as `lfcp-abc123=10`; may be given several times, the default pool first
    ///
    /// Every statement that reads a topic takes one. Without this flag any pool is there and has room for all.
    #[arg(
        long = "pool",
        value_name = "ID=CFU",
        env = "ROUTECTL_POOL",
        value_delimiter = ';'
    )]
    pools: Vec<Pool>,
    /// What the vendor's documents leave open, such as `failed_reference=offsets,list_lag_old=15s`
    ///
    /// The library's `emulator::Behaviour` lists all switches with their defaults.
    #[arg(long, value_name = "SWITCHES", env = "ROUTECTL_BEHAVIOUR")]
    behaviour: Option<Behaviour>,
    /// What goes wrong, such as `fault=status,status=503,method=POST,times=1`; may be given several times
    ///
    /// Faults: latency (millis), status (status, `retry_after`, `after_effect`), drop and hold (`after_effect`), redirect (to),
    /// fails (after, detail), degrades (after, seconds), pool-exhausted, savepoint-fails, slow (factor). They hit calls by
    /// method and part of the path, statements by name (`*` for any characters), and may skip some and end after some
    /// times.
    #[arg(
        long = "fault",
        value_name = "RULE",
        env = "ROUTECTL_FAULT",
        value_delimiter = ';'
    )]
    faults: Vec<Rule>,
}

/// How long things take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Pace {
    /// No time at all
    Instant,
    /// Short enough to wait for
    #[default]
    Quick,
    /// As people saw the service take
    Observed,
}

pub(super) async fn run(args: &EmulatorArgs, ui: &mut Ui) -> anyhow::Result<Exit> {
    let settings = Settings {
        journal: args.state.clone(),
        timing: match args.timing {
            Pace::Instant => Timing::INSTANT,
            Pace::Quick => Timing::default(),
            Pace::Observed => Timing::OBSERVED,
        },
        growth: Growth {
            seed: args.seed,
            ..Growth::default()
        },
        pools: args.pools.clone(),
        behaviour: args.behaviour.clone().unwrap_or_default(),
        faults: args.faults.clone(),
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
