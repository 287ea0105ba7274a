//! How an emulator is to behave: everything that whoever starts one may choose.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use camino::Utf8PathBuf;

use super::account::Account;
use super::behaviour::Behaviour;
use super::catalog::NewTable;
use super::fault::Rule;
use super::pairs::PairsError;
use super::sql::SqlReader;
use super::topic::Growth;
use super::witness::Witness;
use crate::clock::Clock;

/// How an emulator is to behave.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file that keeps the state; without one it is lost at the end.
    pub journal: Option<Utf8PathBuf>,
    /// How long to wait for a journal that another process has.
    pub lock_patience: Duration,
    /// Who may come in; anybody where there is none.
    pub accounts: Vec<Account>,
    /// How long things take.
    pub timing: Timing,
    /// What the vendor's documents leave open.
    pub behaviour: Behaviour,
    /// How topics grow.
    pub growth: Growth,
    /// Topics that are there from the beginning.
    pub topics: Vec<NewTable>,
    /// The compute pools, the default one first; any pool is there, without limit, where none is named.
    pub pools: Vec<Pool>,
    /// What goes wrong.
    pub faults: Vec<Rule>,
    /// Who sees every exchange.
    pub witness: Option<Arc<dyn Witness>>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who reads SQL.
    pub sql: Arc<dyn SqlReader>,
}

impl Settings {
    /// An emulator in memory, open to anybody, at interactive speed.
    pub fn new(clock: Arc<dyn Clock>, sql: Arc<dyn SqlReader>) -> Self {
        Self {
            journal: None,
            lock_patience: Duration::from_secs(2),
            accounts: Vec::new(),
            timing: Timing::default(),
            behaviour: Behaviour::default(),
            growth: Growth::default(),
            topics: Vec::new(),
            pools: Vec::new(),
            faults: Vec::new(),
            witness: None,
            clock,
            sql,
        }
    }
}

/// A compute pool. Every statement that reads a topic takes one CFU while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Its id (`lfcp-...`).
    pub id: String,
    /// How many CFUs it has.
    pub max_cfu: u32,
}

impl FromStr for Pool {
    type Err = PairsError;

    /// Reads `lfcp-1=10`: the pool and its CFUs.
    fn from_str(text: &str) -> Result<Self, PairsError> {
        const EXAMPLE: &str = "lfcp-abc123=10";
        let fail = |reason: &str| PairsError::new(text, reason, EXAMPLE);
        let (id, cfu) = text
            .split_once('=')
            .ok_or_else(|| fail("there is no `=`"))?;
        Ok(Self {
            id: id.to_owned(),
            max_cfu: cfu.parse().map_err(|_| fail("the CFUs are no number"))?,
        })
    }
}

/// How long the steps of a statement's life take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// From PENDING to RUNNING.
    pub start: Duration,
    /// From PENDING to COMPLETED, for statements that do not run on.
    pub ddl: Duration,
    /// From the creation of a statement that carries offsets over until it says what it waits for.
    pub check: Duration,
    /// From STOPPED to RUNNING of the successor that waited for it.
    pub take_over: Duration,
    /// How long a successor waits for the statement whose offsets it takes: 6 hours in the documentation.
    pub patience: Duration,
    /// From STOPPING to STOPPED.
    pub stop: Duration,
    /// From FAILING to FAILED.
    pub fail: Duration,
    /// From DELETING until the name is free.
    pub delete: Duration,
    /// Between the changes that the service makes to a statement by itself (see [`Behaviour::touches`]).
    pub touch: Duration,
    /// How long a query runs on that nobody reads: 5 minutes in the documentation.
    pub idle: Duration,
    /// How long a statement that has ended is kept: 30 days in the documentation.
    pub retention: Duration,
}

impl Timing {
    /// The documented limits, and no time for anything else.
    pub const INSTANT: Self = Self {
        start: Duration::ZERO,
        ddl: Duration::ZERO,
        check: Duration::ZERO,
        take_over: Duration::ZERO,
        patience: Duration::from_hours(6),
        stop: Duration::ZERO,
        fail: Duration::ZERO,
        delete: Duration::ZERO,
        touch: Duration::ZERO,
        idle: Duration::from_mins(5),
        retention: Duration::from_hours(30 * 24),
    };

    /// What people saw the service take.
    pub const OBSERVED: Self = Self {
        start: Duration::from_secs(10),
        ddl: Duration::from_secs(20),
        check: Duration::from_secs(2),
        take_over: Duration::from_secs(27),
        stop: Duration::from_secs(5),
        fail: Duration::from_secs(5),
        delete: Duration::from_secs(1),
        touch: Duration::from_millis(200),
        ..Self::INSTANT
    };
}

impl Default for Timing {
    /// Short enough to wait for, long enough to be seen.
    fn default() -> Self {
        Self {
            start: Duration::from_millis(400),
            ddl: Duration::from_millis(200),
            check: Duration::from_millis(100),
            take_over: Duration::from_millis(300),
            stop: Duration::from_millis(200),
            fail: Duration::from_millis(200),
            delete: Duration::from_millis(200),
            touch: Duration::from_millis(20),
            ..Self::INSTANT
        }
    }
}
