//! What the service sends and takes, as JSON.
//!
//! Fields that routectl does not use are kept in `other` so that a statement can be sent back whole: the
//! service replaces the object on PUT. Where its answers are known to hold `null` for an empty map or text,
//! `null` is read as empty. Nothing else is forgiven: an answer without its required fields is unreadable.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::phase::Phase;

/// Fields of an object that routectl does not use, kept for sending it back.
pub type OtherFields = Map<String, Value>;

/// The value that the service knows for a label that is set.
pub const LABEL_VALUE: &str = "true";

/// The prefix that every label key carries.
pub const LABEL_PREFIX: &str = "user.confluent.io/";

/// The version of the API that an object belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiVersion {
    /// Version 1 of the SQL API.
    #[default]
    #[serde(rename = "sql/v1")]
    SqlV1,
}

/// The `kind` of a statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatementKind {
    /// The only one there is.
    #[default]
    Statement,
}

/// The `kind` of a page of statements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListKind {
    /// The only one there is.
    #[default]
    StatementList,
}

/// The `kind` of a list of exceptions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExceptionListKind {
    /// The only one there is.
    #[default]
    StatementExceptionList,
}

/// A SQL statement that the service runs or ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Version of the API.
    #[serde(default)]
    pub api_version: ApiVersion,
    /// Kind of object.
    #[serde(default)]
    pub kind: StatementKind,
    /// Unique in its environment while the statement exists, deletion included.
    pub name: String,
    /// The organization (a UUID).
    #[serde(default)]
    pub organization_id: String,
    /// The environment (`env-...`).
    #[serde(default)]
    pub environment_id: String,
    /// Identity, version and labels.
    pub metadata: Metadata,
    /// What was asked for.
    pub spec: Spec,
    /// What became of it.
    pub status: Status,
    /// Everything else.
    #[serde(flatten)]
    pub other: OtherFields,
}

impl Statement {
    /// Whether the label (its full key) is set.
    pub fn has_label(&self, key: &str) -> bool {
        self.metadata
            .labels
            .get(key)
            .is_some_and(|value| value == LABEL_VALUE)
    }
}

/// Identity, version and labels of a statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// Unique in time: a re-created statement of the same name has another one. Empty for a dry run.
    #[serde(default)]
    pub uid: String,
    /// Opaque; changes with every change of the statement, also with those that the service makes itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_version: Option<String>,
    /// When the statement was created.
    #[serde(
        default,
        deserialize_with = "readable_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_at: Option<Timestamp>,
    /// When the statement was last changed.
    #[serde(
        default,
        deserialize_with = "readable_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub updated_at: Option<Timestamp>,
    /// Labels by full key (see [`LABEL_PREFIX`]); the value is always [`LABEL_VALUE`].
    #[serde(default, deserialize_with = "null_as_default")]
    pub labels: BTreeMap<String, String>,
    /// Everything else.
    #[serde(flatten)]
    pub other: OtherFields,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// The SQL text; immutable.
    pub statement: String,
    /// Session properties; immutable. Secrets among them come back redacted or not at all.
    #[serde(default, deserialize_with = "null_as_default")]
    pub properties: BTreeMap<String, String>,
    /// The compute pool (`lfcp-...`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compute_pool_id: Option<String>,
    /// Who the statement runs as (`sa-...`, `u-...`, `pool-...`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// Whether the statement shall stand still.
    #[serde(default, deserialize_with = "null_as_default")]
    pub stopped: bool,
    /// Everything else.
    #[serde(flatten)]
    pub other: OtherFields,
}

/// What became of a statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Where the statement is in its life.
    pub phase: Phase,
    /// Why, in words; often empty.
    #[serde(default, deserialize_with = "null_as_default")]
    pub detail: String,
    /// What the planner found out; absent while pending and after a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traits: Option<Traits>,
    /// Whether the pool has room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling_status: Option<ScalingStatus>,
    /// Topic to `partition:0,offset:100;partition:1,offset:200`, partitions in any order, an offset of
    /// 2^63 meaning none. Filled for stopped statements alone.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub latest_offsets: BTreeMap<String, String>,
    /// Everything else.
    #[serde(flatten)]
    pub other: OtherFields,
}

/// What the planner found out about a statement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Traits {
    /// Such as `CREATE_TABLE`; the service's word for an INSERT is not documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql_kind: Option<String>,
    /// Whether it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_bounded: Option<bool>,
    /// Whether it only ever adds rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_append_only: Option<bool>,
    /// Everything else.
    #[serde(flatten)]
    pub other: OtherFields,
}

/// Whether a statement has the resources it needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScalingStatus {
    /// `OK`, `PENDING_SCALE_UP`, `PENDING_SCALE_DOWN`, `POOL_EXHAUSTED` or a later word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling_state: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub other: OtherFields,
}

/// One page of statements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatementList {
    /// Version of the API.
    pub api_version: ApiVersion,
    /// Kind of object.
    pub kind: ListKind,
    /// Where the next page is.
    pub metadata: ListMetadata,
    /// The statements of this page.
    pub data: Vec<Statement>,
}

/// Where a page is and where the next one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListMetadata {
    /// The address of this page.
    #[serde(default, rename = "self", skip_serializing_if = "Option::is_none")]
    pub own_url: Option<String>,
    /// The absolute URL of the next page; absent or empty at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The latest exceptions of a statement, newest first, at most 10.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatementExceptionList {
    /// Version of the API.
    #[serde(default)]
    pub api_version: ApiVersion,
    /// Kind of object.
    #[serde(default)]
    pub kind: ExceptionListKind,
    /// Where the list is.
    #[serde(default, deserialize_with = "null_as_default")]
    pub metadata: OtherFields,
    /// The exceptions.
    pub data: Vec<StatementException>,
}

/// Something that went wrong inside a statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatementException {
    /// The exception's class, such as `java.lang.RuntimeException`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// What it says.
    #[serde(default, deserialize_with = "null_as_default")]
    pub message: String,
    /// When it happened.
    #[serde(
        default,
        deserialize_with = "readable_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A time that is only shown: one in an odd format must not make the whole answer unreadable.
fn readable_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Statement {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn nulls_and_missing_parts_read_as_empty() {
        let statement = read(json!({
            "name": "s",
            "metadata": {"uid": "u", "labels": null, "created_at": "2025-01-02T03:04:05.45976Z"},
            "spec": {"statement": "SELECT 1", "properties": null, "stopped": null},
            "status": {"phase": "PENDING", "detail": null, "traits": null, "latest_offsets": null},
        }));
        assert!(statement.metadata.labels.is_empty());
        assert_eq!(statement.metadata.resource_version, None);
        assert_eq!(
            statement
                .metadata
                .created_at
                .map(|time| time.to_string())
                .as_deref(),
            Some("2025-01-02T03:04:05.45976Z")
        );
        assert!(!statement.spec.stopped);
        assert_eq!(statement.status.detail, "");
        assert_eq!(statement.status.traits, None);
    }

    #[test]
    fn unknown_fields_and_phases_survive_a_round_trip() {
        let answer = json!({
            "api_version": "sql/v1",
            "kind": "Statement",
            "name": "s",
            "organization_id": "o",
            "environment_id": "e",
            "metadata": {"uid": "u", "resource_version": "5", "labels": {}, "self": "https://x/s"},
            "spec": {
                "statement": "SELECT 1", "properties": {"a": "b"}, "stopped": true,
                "scaling": {"baseline_cfu": 2},
            },
            "status": {
                "phase": "HIBERNATING", "detail": "",
                "traits": {"sql_kind": "SELECT", "upsert_columns": [0]},
                "scaling_status": {"scaling_state": "POOL_EXHAUSTED", "last_updated": "x"},
                "latest_offsets": {"t": "partition:0,offset:9223372036854775808"},
                "warnings": [{"severity": "LOW"}],
            },
            "result": {"kind": "StatementResult"},
        });
        let statement = read(answer.clone());
        assert_eq!(
            statement.status.phase,
            Phase::Other("HIBERNATING".to_owned())
        );
        assert_eq!(serde_json::to_value(&statement).unwrap(), answer);
    }

    #[test]
    fn regression_8_a_page_without_data_or_paging_is_no_empty_page() {
        for damaged in [
            json!({}),
            json!({"api_version": "sql/v1", "kind": "StatementList", "metadata": {}}),
            json!({"api_version": "sql/v1", "kind": "StatementList", "data": []}),
            json!({"api_version": "sql/v1", "kind": "StatementList", "metadata": {}, "data": null}),
            json!({"api_version": "sql/v1", "kind": "Other", "metadata": {}, "data": []}),
        ] {
            assert!(
                serde_json::from_value::<StatementList>(damaged.clone()).is_err(),
                "{damaged}"
            );
        }
    }
}
