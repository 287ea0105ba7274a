//! Statements as clients see them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;

use super::behaviour::OffsetsBeforeRunning;
use super::record::{CARRY_OVER, Life, Record};
use super::sql::{Question, SqlEffect};
use super::state::{State, waiting_detail};
use super::topic::{self, Offsets};
use crate::api::Phase;
use crate::api::wire::{
    ApiVersion, Metadata, OtherFields, ScalingStatus, Spec, Statement, StatementException,
    StatementKind, Status, Traits,
};

/// What the service writes where there is no time.
const NO_TIME: &str = "0001-01-01T00:00:00Z";

impl State {
    /// The statement as the service shows it, without its own URL.
    pub(super) fn present(&self, record: &Record) -> Statement {
        Statement {
            api_version: ApiVersion::SqlV1,
            kind: StatementKind::Statement,
            name: record.name.clone(),
            organization_id: record.place.organization.clone(),
            environment_id: record.place.environment.clone(),
            metadata: Metadata {
                uid: record.uid.clone(),
                resource_version: Some(record.resource_version()),
                created_at: Some(record.created_at),
                updated_at: Some(record.updated_at),
                labels: record.labels.clone(),
                other: OtherFields::new(),
            },
            spec: Spec {
                statement: self.shown_sql(record),
                properties: self.shown_properties(record),
                compute_pool_id: record.compute_pool.clone(),
                principal: record.principal.clone(),
                stopped: record.stopped,
                other: OtherFields::from_iter([("execution_mode".to_owned(), json!("STREAMING"))]),
            },
            status: self.status(record),
            other: OtherFields::new(),
        }
    }

    /// The SQL as it comes back.
    pub(super) fn shown_sql(&self, record: &Record) -> String {
        if self.behaviour.rewrites_sql {
            record.qualified_sql()
        } else {
            record.sql.clone()
        }
    }

    /// The properties as they come back: without secrets.
    pub(super) fn shown_properties(&self, record: &Record) -> BTreeMap<String, String> {
        let mut properties = record.properties.clone();
        properties.retain(|key, _| !key.starts_with("sql.secrets."));
        if self.behaviour.adds_properties {
            let added = ("sql.snapshot.mode".to_owned(), "off".to_owned());
            properties.entry(added.0).or_insert(added.1);
        }
        properties
    }

    fn status(&self, record: &Record) -> Status {
        let (offsets, other) = self.shown_offsets(record);
        Status {
            phase: record.life.phase(),
            detail: detail(record),
            traits: self.traits(record),
            scaling_status: scaling(record),
            latest_offsets: offsets,
            other,
        }
    }

    /// The offsets, and the fields round them.
    fn shown_offsets(&self, record: &Record) -> (BTreeMap<String, String>, OtherFields) {
        let mut other = OtherFields::new();
        let mut time = |time: String| {
            other.insert("latest_offsets_timestamp".to_owned(), json!(time));
        };
        let ended = match record.life {
            Life::Stopped { .. } => record.graceful,
            Life::Failed { .. } => self.behaviour.offsets_when_failed && record.offsets.is_some(),
            _ => false,
        };
        let shown = if !ended {
            BTreeMap::new()
        } else if let Some(offsets) = &record.offsets {
            print(offsets)
        } else {
            match self.behaviour.offsets_before_running {
                OffsetsBeforeRunning::Absent => return (BTreeMap::new(), other),
                OffsetsBeforeRunning::Empty => BTreeMap::new(),
                OffsetsBeforeRunning::TakenOver => {
                    record.taken_over.as_ref().map(print).unwrap_or_default()
                }
                OffsetsBeforeRunning::Unset => self.unset_offsets(record),
            }
        };
        if shown.is_empty() {
            time(NO_TIME.to_owned());
            other.insert("latest_offsets".to_owned(), json!({}));
        } else {
            time(record.updated_at.to_string());
        }
        (shown, other)
    }

    fn unset_offsets(&self, record: &Record) -> BTreeMap<String, String> {
        let flows = record.effect().map_or(&[][..], SqlEffect::flows).iter();
        flows
            .map(|flow| {
                let topic = flow.source.table.clone();
                let partitions = self.partitions(&topic);
                (topic, topic::print_unset(partitions))
            })
            .collect()
    }

    /// Traits are known once a statement has started. The service's word for an INSERT is not documented.
    fn traits(&self, record: &Record) -> Option<Traits> {
        let hidden = match record.life.phase() {
            Phase::Pending => !self.behaviour.traits_while_pending,
            Phase::Deleting => !self.behaviour.traits_while_deleting,
            phase => phase == Phase::Failed,
        };
        if hidden {
            return None;
        }
        let kind = match record.effect()? {
            SqlEffect::CreateTable { .. } => "CREATE_TABLE",
            SqlEffect::DropTable { .. } => "DROP_TABLE",
            SqlEffect::Insert(_) | SqlEffect::InsertValues { .. } => &self.behaviour.insert_kind,
            SqlEffect::Select(_) | SqlEffect::Ask(Question::Views(_)) => "SELECT",
            SqlEffect::Ask(Question::Tables) => "SHOW_TABLES",
            SqlEffect::Ask(Question::Columns(_)) => "DESCRIBE",
            SqlEffect::Ask(Question::CreateTable(_)) => "SHOW_CREATE_TABLE",
            SqlEffect::Ask(Question::Plan(_)) => "EXPLAIN",
            SqlEffect::Other => "OTHER",
        };
        let columns: Vec<_> = record
            .answer
            .iter()
            .flat_map(|answer| &answer.columns)
            .map(|(name, kind)| json!({"name": name, "type": {"type": kind, "nullable": true}}))
            .collect();
        let other = [
            ("schema", json!({"columns": columns})),
            ("upsert_columns", json!(null)),
            ("connection_refs", json!([])),
        ];
        Some(Traits {
            sql_kind: Some(kind.to_owned()),
            is_bounded: Some(!record.runs_on()),
            is_append_only: Some(true),
            other: other
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        })
    }
}

fn print(offsets: &Offsets) -> BTreeMap<String, String> {
    let topics = offsets.iter();
    topics
        .map(|(topic, offsets)| (topic.clone(), topic::print(offsets)))
        .collect()
}

fn detail(record: &Record) -> String {
    match &record.life {
        Life::Failed { detail, .. } | Life::Failing { detail, .. } => detail.clone(),
        Life::Waiting { until } => {
            let reference = record.properties.get(CARRY_OVER);
            waiting_detail(reference.map_or("", String::as_str), *until)
        }
        _ => String::new(),
    }
}

fn scaling(record: &Record) -> Option<ScalingStatus> {
    let state = match record.life {
        Life::Exhausted => "POOL_EXHAUSTED",
        _ if record.takes_room() => "OK",
        _ => return None,
    };
    Some(ScalingStatus {
        scaling_state: Some(state.to_owned()),
        other: OtherFields::from_iter([(
            "last_updated".to_owned(),
            json!(time(record.updated_at)),
        )]),
    })
}

fn time(at: Timestamp) -> String {
    at.to_string()
}

impl Record {
    /// What went wrong inside the statement.
    pub(super) fn exceptions(&self) -> Vec<StatementException> {
        match &self.life {
            Life::Failed { detail, .. } => vec![StatementException {
                name: "org.apache.flink.table.api.ValidationException".to_owned(),
                message: detail.clone(),
                timestamp: Some(self.updated_at),
            }],
            _ => Vec::new(),
        }
    }
}
