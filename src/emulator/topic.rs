//! Topics whose records nobody has to write: how many there are is a function of time.
//!
//! Offsets of a topic grow by a number of records in every second, and by some more with every call of the API, so that
//! between any two looks of a client something happened. The same seed gives the same offsets.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::catalog::{Origin, Table};

/// Where a statement stands in each partition, by topic: the offset of the next record.
pub(super) type Offsets = BTreeMap<String, Vec<u64>>;

/// The offset that stands for none: 2^63.
const UNSET: u64 = 1 << 63;

/// How topics grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// What makes two emulators different.
    pub seed: u64,
    /// Records that reach each partition in a second.
    pub per_second: u64,
    /// Records that reach each partition with every call of the API, at most; at least one unless this is 0.
    pub per_call: u64,
    /// Partitions of a topic for which nobody said how many.
    pub partitions: u32,
}

impl Default for Growth {
    fn default() -> Self {
        Self {
            seed: 0,
            per_second: 10,
            per_call: 3,
            partitions: 6,
        }
    }
}

/// A moment as topics see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// The time.
    pub(super) at: Timestamp,
    /// How many calls of the API there were before.
    pub(super) calls: u64,
}

impl Growth {
    /// The offset of the oldest record of a partition.
    pub(super) fn first(&self, table: &Table, partition: u32) -> u64 {
        match table.origin {
            Origin::Created => 0,
            Origin::Declared | Origin::Assumed => {
                self.chance(table.name(), partition, "first") % 50
            }
        }
    }

    /// The offset behind the newest record of a partition.
    pub(super) fn end(&self, table: &Table, partition: u32, moment: Moment) -> u64 {
        let bump = match self.per_call {
            0 => 0,
            most => 1 + self.chance(table.name(), partition, "call") % most,
        };
        self.by_time(table, partition, moment.at)
            .saturating_add(moment.calls.saturating_mul(bump))
    }

    /// The ends of all partitions.
    pub(super) fn ends(&self, table: &Table, moment: Moment) -> Vec<u64> {
        each(table, |partition| self.end(table, partition, moment))
    }

    /// The oldest offsets of all partitions.
    pub(super) fn firsts(&self, table: &Table) -> Vec<u64> {
        each(table, |partition| self.first(table, partition))
    }

    /// The offsets of the first records that are not older than `since`.
    pub(super) fn at_time(&self, table: &Table, since: Timestamp, moment: Moment) -> Vec<u64> {
        each(table, |partition| {
            self.by_time(table, partition, since)
                .min(self.end(table, partition, moment))
        })
    }

    /// The end of a partition as far as time alone has moved it.
    fn by_time(&self, table: &Table, partition: u32, at: Timestamp) -> u64 {
        let first = self.first(table, partition);
        let backlog = match table.origin {
            Origin::Created => 0,
            Origin::Declared | Origin::Assumed => {
                100 + self.chance(table.name(), partition, "backlog") % 900
            }
        };
        let Ok(millis) = u64::try_from(at.duration_since(table.since).as_millis()) else {
            return first;
        };
        let grown = u128::from(millis) * u128::from(self.per_second) / 1000;
        first + backlog + u64::try_from(grown).unwrap_or(UNSET)
    }

    /// A number that looks like any other, always the same for the same place.
    fn chance(&self, topic: &str, partition: u32, what: &str) -> u64 {
        let text = format!("{} {topic} {partition} {what}", self.seed);
        let digest = Sha256::digest(text);
        digest
            .iter()
            .take(4)
            .fold(0, |sum, byte| sum * 256 + u64::from(*byte))
    }
}

fn each(table: &Table, offset: impl Fn(u32) -> u64) -> Vec<u64> {
    (0..table.partitions).map(offset).collect()
}

/// Offsets in the service's words; partitions come in no order.
pub(super) fn print(offsets: &[u64]) -> String {
    let mut parts: Vec<_> = offsets
        .iter()
        .enumerate()
        .map(|(partition, offset)| format!("partition:{partition},offset:{offset}"))
        .collect();
    let middle = parts.len() / 2;
    parts.rotate_left(middle);
    parts.join(";")
}

/// The same number of offsets, each of them saying that there is none.
pub(super) fn print_unset(partitions: u32) -> String {
    print(&vec![UNSET; partitions as usize])
}

/// Reads offsets in the service's words, for a topic of so many partitions.
pub(super) fn read(text: &str, partitions: u32) -> Result<Vec<u64>, String> {
    let wrong = || format!("'{text}' does not give specific offsets");
    let mut offsets = BTreeMap::new();
    for part in text.split(';').filter(|part| !part.is_empty()) {
        let (partition, offset) = part
            .strip_prefix("partition:")
            .and_then(|rest| rest.split_once(",offset:"))
            .ok_or_else(wrong)?;
        let partition: u32 = partition.parse().map_err(|_| wrong())?;
        let offset: u64 = offset.parse().map_err(|_| wrong())?;
        if offset >= UNSET || offsets.insert(partition, offset).is_some() {
            return Err(wrong());
        }
    }
    let all: Vec<_> = (0..partitions)
        .map_while(|partition| offsets.remove(&partition))
        .collect();
    if all.len() == partitions as usize && offsets.is_empty() {
        Ok(all)
    } else {
        Err(format!(
            "'{text}' does not name each of the {partitions} partitions once"
        ))
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;
    use crate::emulator::catalog::NewTable;

    fn table(origin: Origin) -> Table {
        Table {
            definition: NewTable {
                name: "t".to_owned(),
                ..NewTable::default()
            },
            partitions: 3,
            since: Timestamp::UNIX_EPOCH,
            origin,
        }
    }

    fn moment(millis: i64, calls: u64) -> Moment {
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_millis(millis);
        Moment { at, calls }
    }

    #[test]
    fn a_created_topic_begins_empty_and_another_one_has_a_past() {
        let growth = Growth::default();
        assert_eq!(
            growth.ends(&table(Origin::Created), moment(0, 0)),
            [0, 0, 0]
        );
        let declared = table(Origin::Declared);
        for (first, end) in growth
            .firsts(&declared)
            .iter()
            .zip(growth.ends(&declared, moment(0, 0)))
        {
            assert!(end >= first + 100);
        }
    }

    #[test]
    fn offsets_read_as_they_print_whatever_their_order() {
        assert_eq!(
            print(&[1, 2, 3]),
            "partition:1,offset:2;partition:2,offset:3;partition:0,offset:1"
        );
        assert_eq!(read(&print(&[1, 2, 3]), 3), Ok(vec![1, 2, 3]));
        for bad in [
            "",
            "x",
            "partition:0,offset:1",
            "partition:0,offset:-1;partition:1,offset:0;partition:2,offset:0",
            "partition:0,offset:1;partition:0,offset:1;partition:1,offset:1;partition:2,offset:1",
            "partition:0,offset:1;partition:1,offset:1;partition:2,offset:1;partition:3,offset:1",
            &print_unset(3),
        ] {
            assert!(read(bad, 3).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn offsets_never_shrink_and_every_call_adds_to_them(
            seed: u64, (early, late) in (0..1_000_000_i64, 0..1_000_000_i64), calls in 0..1000_u64,
        ) {
            let growth = Growth { seed, ..Growth::default() };
            let table = table(Origin::Assumed);
            let (early, late) = (early.min(late), early.max(late));
            let before = growth.ends(&table, moment(early, calls));
            let after = growth.ends(&table, moment(late, calls + 1));
            for (before, after) in before.iter().zip(&after) {
                prop_assert!(before < after);
            }
            let since = growth.at_time(&table, moment(early, 0).at, moment(late, calls));
            for ((since, first), end) in since.iter().zip(growth.firsts(&table)).zip(&after) {
                prop_assert!(*since >= first && since <= end);
            }
        }
    }
}
