//! What the vendor's documents leave open, as switches. A client is right only if it is right under all of them.
//!
//! Each field says what is unknown and what the default assumes. To add one: a field here, and its use in
//! `state`, `listing` or `server`.

use std::str::FromStr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::pairs::{self, PairsError};

/// What the vendor's documents leave open. As text: the fields that are not as usual, such as
/// `refuse_immutable=true,list_lag_old=15s`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own that nobody has answered"
)]
pub struct Behaviour {
    /// For how long a new statement is missing from the list. Not at all by default.
    pub list_lag_new: SignedDuration,
    /// For how long the list shows a statement as it was, also after it is gone. Not at all by default; on the
    /// service 5 to 15 seconds were seen after a deletion.
    pub list_lag_old: SignedDuration,
    /// Whether a list ends after so many statements without saying so. No by default; the vendor's file has an
    /// unexplained `x-max-page-items: 500`.
    pub list_ends_at: Option<usize>,
    /// What becomes of a statement whose carry-over property names nobody. It fails by default.
    pub missing_reference: MissingReference,
    /// What a FAILED statement passes on to a successor. Nothing by default: the successor fails too.
    pub failed_reference: FailedReference,
    /// Whether several successors may take the offsets of one stopped statement. Yes by default.
    pub several_successors: bool,
    /// Whether a statement that took offsets over fails when the one it took them from is deleted. No by default.
    pub needs_reference: bool,
    /// Whether a resumed statement takes its reference's offsets again instead of its own. No by default.
    pub resume_takes_over_again: bool,
    /// Which offsets a statement shows that was stopped before it ran. None by default.
    pub offsets_before_running: OffsetsBeforeRunning,
    /// Whether a FAILED statement shows offsets. No by default: the documentation says stopped ones alone.
    pub offsets_when_failed: bool,
    /// Whether a FAILED statement can be stopped. No by default.
    pub stop_failed: bool,
    /// Whether stopping a statement is refused that is stopped or has ended already. No by default: it changes
    /// nothing, as was seen with PATCH.
    pub refuse_vain_stop: bool,
    /// Whether a PUT that changes the SQL or the properties is refused. No by default: it has no effect.
    pub refuse_immutable: bool,
    /// Whether a PUT can change labels. No by default.
    pub labels_change: bool,
    /// The longest label key, its prefix included. Any length by default.
    pub longest_label: Option<usize>,
    /// Whether comments in SQL survive. Yes by default.
    pub keeps_comments: bool,
    /// Whether SQL comes back with the catalog and the database before each table. No by default.
    pub rewrites_sql: bool,
    /// Whether statements come back with properties that nobody set. No by default.
    pub adds_properties: bool,
    /// The one word for the database that is accepted, be it its id or its name. Any by default.
    pub database: Option<String>,
    /// The status of a refused field: 422 by default, 400 otherwise.
    pub invalid_is_400: bool,
    /// Whether PATCH is answered; 403 otherwise. Yes by default.
    pub patch: bool,
    /// Whether traits are there while a statement is PENDING. No by default; older clients rely on it.
    pub traits_while_pending: bool,
    /// Whether traits are there while a statement is DELETING. Yes by default: the vendor's Python driver relies on
    /// it, though they were missing in an answer that somebody recorded.
    pub traits_while_deleting: bool,
    /// What the service calls an INSERT.
    pub insert_kind: String,
    /// Whether a missing statement is answered with 403, as under narrow roles. No by default.
    pub missing_is_forbidden: bool,
    /// Whether the status of a key of another kind is 403 instead of 401. No by default.
    pub wrong_key_is_forbidden: bool,
    /// Whether a table that is read is taken to exist without anybody having made it. Yes by default: an
    /// emulator knows no topics of others.
    pub assumes_sources: bool,
    /// How often the service changes the version of a statement by itself after each change of phase.
    pub touches: u8,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            list_lag_new: SignedDuration::ZERO,
            list_lag_old: SignedDuration::ZERO,
            list_ends_at: None,
            missing_reference: MissingReference::Fails,
            failed_reference: FailedReference::Fails,
            several_successors: true,
            needs_reference: false,
            resume_takes_over_again: false,
            offsets_before_running: OffsetsBeforeRunning::Absent,
            offsets_when_failed: false,
            stop_failed: false,
            refuse_vain_stop: false,
            refuse_immutable: false,
            labels_change: false,
            longest_label: None,
            keeps_comments: true,
            rewrites_sql: false,
            adds_properties: false,
            database: None,
            invalid_is_400: false,
            patch: true,
            traits_while_pending: false,
            traits_while_deleting: true,
            insert_kind: "INSERT_INTO".to_owned(),
            missing_is_forbidden: false,
            wrong_key_is_forbidden: false,
            assumes_sources: true,
            touches: 2,
        }
    }
}

impl FromStr for Behaviour {
    type Err = PairsError;

    fn from_str(text: &str) -> Result<Self, PairsError> {
        const EXAMPLE: &str = "refuse_immutable=true,list_lag_old=15s";
        pairs::read(text, EXAMPLE)
    }
}

/// What becomes of a statement whose carry-over property names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingReference {
    /// It is created and fails.
    Fails,
    /// It is not created.
    Refused,
}

/// What a FAILED statement passes on to a successor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailedReference {
    /// Nothing: the successor fails.
    Fails,
    /// Nothing: the successor waits until its time is over.
    Waits,
    /// The offsets at which it failed.
    Offsets,
}

/// Which offsets a statement shows that was stopped before it ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OffsetsBeforeRunning {
    /// No field.
    Absent,
    /// An empty map.
    Empty,
    /// 2^63 for every partition.
    Unset,
    /// Those that it had taken over and not yet begun at; none where there were not any.
    TakenOver,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_read_as_text() {
        let read: Behaviour =
            "list_lag_old=15s,list_ends_at=500,failed_reference=waits,patch=false"
                .parse()
                .unwrap();
        let expected = Behaviour {
            list_lag_old: SignedDuration::from_secs(15),
            list_ends_at: Some(500),
            failed_reference: FailedReference::Waits,
            patch: false,
            ..Behaviour::default()
        };
        assert_eq!(read, expected);
        for bad in ["patsch=false", "patch=no", "", "failed_reference=sleeps"] {
            assert!(bad.parse::<Behaviour>().is_err(), "{bad}");
        }
    }
}
