//! One statement as the emulator keeps it, and how it looks from outside.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::sql::SqlEffect;
use crate::api::Phase;
use crate::api::wire::{
    ApiVersion, Metadata, OtherFields, Spec, Statement, StatementException, StatementKind, Status,
    Traits,
};

/// How long the steps of a statement's life take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// From PENDING to RUNNING.
    pub start: Duration,
    /// From PENDING to COMPLETED, for statements that do not run on.
    pub ddl: Duration,
    /// From STOPPING to STOPPED.
    pub stop: Duration,
    /// From DELETING until the name is free.
    pub delete: Duration,
}

impl Default for Timing {
    /// Short enough to wait for, long enough to be seen.
    fn default() -> Self {
        Self {
            start: Duration::from_millis(400),
            ddl: Duration::from_millis(200),
            stop: Duration::from_millis(200),
            delete: Duration::from_millis(200),
        }
    }
}

/// Where a statement is in its life. What ends by itself says when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Life {
    Starting { until: Timestamp },
    Running,
    Completed,
    Failed { detail: String },
    Stopping { until: Timestamp },
    Stopped,
    Deleting { until: Timestamp },
}

impl Life {
    /// When the next step is due.
    pub(super) fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Starting { until } | Self::Stopping { until } | Self::Deleting { until } => {
                Some(*until)
            }
            Self::Running | Self::Completed | Self::Failed { .. } | Self::Stopped => None,
        }
    }

    fn phase(&self) -> Phase {
        match self {
            Self::Starting { .. } => Phase::Pending,
            Self::Running => Phase::Running,
            Self::Completed => Phase::Completed,
            Self::Failed { .. } => Phase::Failed,
            Self::Stopping { .. } => Phase::Stopping,
            Self::Stopped => Phase::Stopped,
            Self::Deleting { .. } => Phase::Deleting,
        }
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
}

/// Whose statement it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) organization: String,
    pub(super) environment: String,
}

impl Record {
    /// The version that a PUT must name.
    pub(super) fn resource_version(&self) -> String {
        self.revision.to_string()
    }

    /// Whether the statement runs until somebody stops it.
    pub(super) fn runs_on(&self) -> bool {
        matches!(&self.effect, Ok(SqlEffect::Insert { sources, .. }) if !sources.is_empty())
    }

    /// The statement as the service shows it, without its own URL.
    pub(super) fn statement(&self) -> Statement {
        Statement {
            api_version: ApiVersion::SqlV1,
            kind: StatementKind::Statement,
            name: self.name.clone(),
            organization_id: self.place.organization.clone(),
            environment_id: self.place.environment.clone(),
            metadata: Metadata {
                uid: self.uid.clone(),
                resource_version: Some(self.resource_version()),
                created_at: Some(self.created_at),
                updated_at: Some(self.updated_at),
                labels: self.labels.clone(),
                other: OtherFields::new(),
            },
            spec: Spec {
                statement: self.sql.clone(),
                properties: self.properties.clone(),
                compute_pool_id: self.compute_pool.clone(),
                principal: self.principal.clone(),
                stopped: self.stopped,
                other: OtherFields::new(),
            },
            status: self.status(),
            other: OtherFields::new(),
        }
    }

    fn status(&self) -> Status {
        Status {
            phase: self.life.phase(),
            detail: match &self.life {
                Life::Failed { detail } => detail.clone(),
                _ => String::new(),
            },
            traits: self.traits(),
            scaling_status: None,
            latest_offsets: BTreeMap::new(),
            other: OtherFields::new(),
        }
    }

    /// Traits are known once a statement has started. The service's word for an INSERT is not documented.
    fn traits(&self) -> Option<Traits> {
        if matches!(
            self.life,
            Life::Starting { .. } | Life::Failed { .. } | Life::Deleting { .. }
        ) {
            return None;
        }
        let sql_kind = match self.effect.as_ref().ok()? {
            SqlEffect::CreateTable { .. } => "CREATE_TABLE",
            SqlEffect::Insert { .. } => "INSERT_INTO",
            SqlEffect::Other => "OTHER",
        };
        Some(Traits {
            sql_kind: Some(sql_kind.to_owned()),
            is_bounded: Some(!self.runs_on()),
            is_append_only: Some(true),
            other: OtherFields::new(),
        })
    }

    /// What went wrong inside the statement.
    pub(super) fn exceptions(&self) -> Vec<StatementException> {
        match &self.life {
            Life::Failed { detail } => vec![StatementException {
                name: "org.apache.flink.table.api.ValidationException".to_owned(),
                message: detail.clone(),
                timestamp: Some(self.updated_at),
            }],
            _ => Vec::new(),
        }
    }
}
