//! Where a statement reads, as far as the service says: its offsets, what it waits for, when it stood still.
//!
//! The service shows offsets for statements at rest alone, and says in words what a new statement waits for.
//! What cannot be read is taken the careful way, which each function names.

use jiff::{SignedDuration, Timestamp};

use super::live::LiveStatement;
use super::standing::one_line;
use crate::api::{Phase, Statement};
use crate::statement::desired::CARRY_OVER;

/// How long the service lets a statement wait for the one that it goes on from; then it fails.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);

/// The offset that stands for none, 2^63, as the service writes it.
const NO_OFFSET: &str = "9223372036854775808";

impl LiveStatement {
    /// The statement that this one goes on from, by name; it need not exist any more.
    pub fn reference(&self) -> Option<&str> {
        let properties = &self.statement.spec.properties;
        properties.get(CARRY_OVER).map(String::as_str)
    }

    /// Whether offsets are known: it has read something. Absent, empty and none for every partition all mean
    /// that it has not; what cannot be read counts as offsets.
    pub fn has_offsets(&self) -> bool {
        let mut topics = self.statement.status.latest_offsets.values();
        topics.any(|partitions| has_offset(partitions))
    }

    /// Whether it says that it waits for a statement to stop, so that it is ready to take over.
    pub fn waits_for(&self, name: &str) -> bool {
        const WORDS: &str = "pending until referenced statement";
        let detail = &self.statement.status.detail;
        *self.phase() == Phase::Pending
            && detail.to_ascii_lowercase().contains(WORDS)
            && self.is_about(name)
    }

    /// Whether what the service says of it names another statement: what fails at its own work has no reason to.
    pub fn is_about(&self, name: &str) -> bool {
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let detail = &self.statement.status.detail;
        let mut words = detail.split(|c| !is_of_name(c));
        words.any(|word| word.trim_matches('-') == name)
    }

    /// When it fails unless the statement that it goes on from has stopped by then: what it says itself, else six
    /// hours after its creation.
    pub fn deadline(&self) -> Option<Timestamp> {
        let (_, rest) = self
            .statement
            .status
            .detail
            .split_once("before ")
            .unwrap_or_default();
        let said = rest
            .split([',', ' '])
            .next()
            .and_then(|text| text.parse().ok());
        said.or_else(|| {
            self.statement
                .metadata
                .created_at?
                .checked_add(LONGEST_WAIT)
                .ok()
        })
    }

    /// When it stopped reading, where the service says so.
    pub fn stopped_at(&self) -> Option<Timestamp> {
        const BEFORE_ANY: i64 = 0;
        let status = &self.statement.status.other;
        let time = status.get("latest_offsets_timestamp")?.as_str()?;
        let time: Timestamp = time.parse().ok()?;
        (time.as_second() > BEFORE_ANY).then_some(time)
    }

    /// Whether it is shown never to have run: it came to rest before the statement stopped that it was to take over
    /// from. That it has no offsets shows nothing by itself, as a stop whose savepoint fails has none either, nor does a
    /// failure. One that failed must name the other as the reason: the times alone do not tell it from one that ran
    /// before the other was resumed and stopped a second time. Not knowing counts as no.
    pub fn never_took_over_from(&self, other: &Self) -> bool {
        let ended = self.statement.metadata.updated_at;
        let ended_before = ended
            .zip(other.stopped_at())
            .is_some_and(|(ended, stopped)| ended < stopped);
        let can_tell = match self.phase() {
            Phase::Stopped => true,
            Phase::Failed => self.is_about(other.name.as_str()),
            _ => false,
        };
        can_tell && !self.has_offsets() && ended_before
    }

    /// Whether it has changed after another one came to rest.
    pub fn has_changed_since(&self, other: &Self) -> bool {
        let changed = self.statement.metadata.updated_at;
        let ended = other.statement.metadata.updated_at;
        changed
            .zip(ended)
            .is_some_and(|(changed, ended)| changed > ended)
    }

    /// Whether nothing has happened to it for some time.
    pub fn is_untouched_for(&self, time: SignedDuration, now: Timestamp) -> bool {
        let changed = self.statement.metadata.updated_at;
        changed.is_some_and(|changed| now.duration_since(changed) >= time)
    }

    /// Its offsets in the form that a new statement takes them in, where it has read one topic.
    pub fn offsets(&self) -> Option<&str> {
        let mut topics = self.statement.status.latest_offsets.values();
        let offsets = topics.next().filter(|_| self.has_offsets())?;
        let is_complete = !offsets.contains(NO_OFFSET);
        (is_complete && topics.next().is_none()).then_some(offsets)
    }
}

/// Where a statement at rest stands in each topic that it read, in words; nothing where it shows no offsets.
pub fn position(statement: &Statement) -> Option<String> {
    let offsets = statement.status.latest_offsets.iter();
    let offsets = offsets.filter(|(_, partitions)| has_offset(partitions));
    let words: Vec<_> = offsets
        .map(|(topic, partitions)| format!("`{}` {}", one_line(topic), one_line(partitions)))
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Whether a statement in this phase reads and writes, or is about to, or may have until now.
pub fn is_active(phase: &Phase) -> bool {
    matches!(
        phase,
        Phase::Pending | Phase::Running | Phase::Degraded | Phase::Failing
    )
}

/// Whether a statement is active.
pub fn is_at_work(statement: &Statement) -> bool {
    is_active(&statement.status.phase)
}

/// `partition:0,offset:100;partition:1,offset:200`, partitions in any order.
fn has_offset(partitions: &str) -> bool {
    let mut partitions = partitions
        .split(';')
        .map(str::trim)
        .filter(|one| !one.is_empty());
    partitions.any(|one| {
        let offset = one.rsplit_once("offset:").map(|(_, offset)| offset.trim());
        offset != Some(NO_OFFSET)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::statement::StatementName;

    fn live(status: &Value) -> LiveStatement {
        let name = "p-r-abcdefghij-g2";
        LiveStatement {
            name: StatementName::parse(name).unwrap(),
            statement: serde_json::from_value(json!({
                "name": name,
                "metadata": {"created_at": "2026-01-01T00:00:00Z"},
                "spec": {"statement": "x", "properties": {CARRY_OVER: "p-r-abcdefghij-g1"}},
                "status": status,
            }))
            .unwrap(),
        }
    }

    #[test]
    fn offsets_are_told_from_none() {
        let has_offsets = |offsets: Value| {
            live(&json!({"phase": "STOPPED", "latest_offsets": offsets})).has_offsets()
        };
        for none in [
            json!(null),
            json!({}),
            json!({"t": ""}),
            json!({"t": "partition:0,offset:9223372036854775808"}),
            json!({"t": "partition:1,offset:9223372036854775808;partition:0,offset:9223372036854775808"}),
        ] {
            assert!(!has_offsets(none.clone()), "{none}");
        }
        for some in [
            json!({"t": "partition:0,offset:0"}),
            json!({"t": "partition:1,offset:9223372036854775808;partition:0,offset:7"}),
            json!({"t": "in a form of tomorrow"}),
        ] {
            assert!(has_offsets(some.clone()), "{some}");
        }
    }

    #[test]
    fn the_wait_is_read_from_the_services_words_and_its_end_too() {
        let waiting = |detail: &str| live(&json!({"phase": "PENDING", "detail": detail}));
        let said = waiting(
            "Statement is currently pending until referenced statement p-r-abcdefghij-g1 is stopped. If p-r-abcdefghij-g1 is not stopped before 2026-01-01T05:59:00Z, this statement will fail.",
        );
        assert!(said.waits_for("p-r-abcdefghij-g1"));
        assert!(!said.waits_for("p-r-abcdefghij-g"));
        assert_eq!(said.deadline().unwrap().to_string(), "2026-01-01T05:59:00Z");
        let longer = waiting("pending until referenced statement `p-r-abcdefghij-g11` is stopped.");
        assert!(!longer.waits_for("p-r-abcdefghij-g1"));
        assert_eq!(
            longer.deadline().unwrap().to_string(),
            "2026-01-01T06:00:00Z"
        );
        assert!(!waiting("").waits_for("p-r-abcdefghij-g1"));
    }

    #[test]
    fn year_one_is_no_time() {
        let at = |time: &str| {
            live(&json!({"phase": "STOPPED", "latest_offsets_timestamp": time})).stopped_at()
        };
        assert_eq!(at("0001-01-01T00:00:00Z"), None);
        assert!(at("2026-01-01T00:00:00Z").is_some());
    }
}
