//! One statement as the emulator keeps it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::sql::SqlEffect;
use super::topic::Offsets;
use crate::api::Phase;

/// The property that makes a statement begin at the offsets of another one.
pub(super) const CARRY_OVER: &str = "sql.tables.initial-offset-from";

/// Where a statement is in its life. What ends by itself says when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Life {
    /// PENDING: its SQL is being checked.
    Checking {
        until: Timestamp,
    },
    /// PENDING: waits until its reference is STOPPED.
    Waiting {
        until: Timestamp,
    },
    /// PENDING: nothing is in its way.
    Launching {
        until: Timestamp,
    },
    /// PENDING: its pool has no room.
    Exhausted,
    /// RUNNING; `idle` is when a query ends that nobody reads.
    Running {
        idle: Option<Timestamp>,
    },
    Degraded,
    Failing {
        until: Timestamp,
        detail: String,
    },
    /// These three end when the service forgets them.
    Failed {
        detail: String,
        until: Timestamp,
    },
    Completed {
        until: Timestamp,
    },
    Stopped {
        until: Timestamp,
    },
    Stopping {
        until: Timestamp,
    },
    Deleting {
        until: Timestamp,
    },
}

impl Life {
    /// When the next step is due.
    pub(super) fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Checking { until }
            | Self::Waiting { until }
            | Self::Launching { until }
            | Self::Failing { until, .. }
            | Self::Failed { until, .. }
            | Self::Completed { until }
            | Self::Stopped { until }
            | Self::Stopping { until }
            | Self::Deleting { until } => Some(*until),
            Self::Running { idle } => *idle,
            Self::Exhausted | Self::Degraded => None,
        }
    }

    /// What clients see of it.
    pub(super) fn phase(&self) -> Phase {
        match self {
            Self::Checking { .. }
            | Self::Waiting { .. }
            | Self::Launching { .. }
            | Self::Exhausted => Phase::Pending,
            Self::Running { .. } => Phase::Running,
            Self::Degraded => Phase::Degraded,
            Self::Failing { .. } => Phase::Failing,
            Self::Failed { .. } => Phase::Failed,
            Self::Completed { .. } => Phase::Completed,
            Self::Stopped { .. } => Phase::Stopped,
            Self::Stopping { .. } => Phase::Stopping,
            Self::Deleting { .. } => Phase::Deleting,
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped { .. })
    }
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) uid: String,
    /// The revision of the emulator's state at the last change of this statement.
    pub(super) revision: u64,
    pub(super) created_at: Timestamp,
    /// When it was last asked to run: its creation or its resumption.
    pub(super) asked_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) sql: String,
    pub(super) properties: BTreeMap<String, String>,
    pub(super) compute_pool: Option<String>,
    pub(super) principal: Option<String>,
    pub(super) stopped: bool,
    /// What the SQL does, or why it cannot be read.
    pub(super) effect: Result<SqlEffect, String>,
    pub(super) life: Life,
    /// Where it stands: where it began to read while it runs, where it goes on once it does not. `None` before
    /// it ever ran.
    pub(super) offsets: Option<Offsets>,
    /// The offsets that its reference handed over.
    pub(super) taken_over: Option<Offsets>,
    /// Whether its last stop kept its offsets.
    pub(super) graceful: bool,
    /// The rows that it answered with.
    pub(super) answer: Option<Answer>,
    /// What is going to happen to it while it runs.
    pub(super) fate: Option<Fate>,
    /// When the service is going to change its version by itself, and how often after that.
    pub(super) touch: Option<(Timestamp, u8)>,
}

/// Rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answer {
    /// Names and types of the columns.
    pub(super) columns: Vec<(String, String)>,
    pub(super) rows: Vec<Vec<Value>>,
}

/// Something that is going to happen to a running statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fate {
    pub(super) at: Timestamp,
    pub(super) turn: Turn,
}

/// What happens to a running statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Turn {
    Fails {
        detail: String,
    },
    /// It recovers after this many seconds.
    Degrades {
        seconds: Option<u64>,
    },
    Recovers,
}

/// Whose statement it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) organization: String,
    pub(super) environment: String,
}

/// What makes a statement the only one of its name.
pub(super) type Key = (Place, String);

impl Record {
    pub(super) fn key(&self) -> Key {
        (self.place.clone(), self.name.clone())
    }

    /// The version that a PUT must name.
    pub(super) fn resource_version(&self) -> String {
        self.revision.to_string()
    }

    /// What it does, where its SQL can be read.
    pub(super) fn effect(&self) -> Option<&SqlEffect> {
        self.effect.as_ref().ok()
    }

    /// Whether the statement runs until somebody stops it.
    pub(super) fn runs_on(&self) -> bool {
        self.effect().is_some_and(SqlEffect::runs_on)
    }

    /// Whether it goes on after a stop.
    pub(super) fn is_resumable(&self) -> bool {
        matches!(self.effect(), Some(SqlEffect::Insert(_)))
    }

    /// The statement whose offsets it takes over.
    pub(super) fn reference(&self) -> Option<&str> {
        self.properties.get(CARRY_OVER).map(String::as_str)
    }

    /// Whether it takes up room in its pool.
    pub(super) fn takes_room(&self) -> bool {
        self.runs_on()
            && matches!(
                self.life,
                Life::Running { .. }
                    | Life::Degraded
                    | Life::Failing { .. }
                    | Life::Stopping { .. }
            )
    }

    /// When the next step is due, be it of its life, of its fate or of its version.
    pub(super) fn due(&self) -> Option<Timestamp> {
        let fate = self.fate.as_ref().map(|fate| fate.at);
        let touch = self.touch.map(|(at, _)| at);
        [self.life.due(), fate, touch].into_iter().flatten().min()
    }
}
