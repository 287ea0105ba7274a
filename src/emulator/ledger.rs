//! Who read what: the proof that nothing was lost and nothing doubled.
//!
//! Every time that a statement runs is a [`Run`] for each pair of sink and source in its SQL. Names and labels of
//! statements play no part in the verdict: two runs are the same stream if they move the same topic to the same topic.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One statement moving records from one topic to another, from its start to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Counts runs in the order in which they began.
    pub number: u64,
    /// The statement's name.
    pub statement: String,
    /// The statement's uid.
    pub uid: String,
    /// The topic that it writes to.
    pub sink: String,
    /// The topic that it reads from.
    pub source: String,
    /// When it began.
    pub began: Timestamp,
    /// When it ended; `None` while it goes on.
    pub ended: Option<Timestamp>,
    /// By partition, the offset of the first record that it read.
    pub from: Vec<u64>,
    /// By partition, the offset behind the last record that it has read.
    pub to: Vec<u64>,
}

/// All runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The runs in the order in which they began.
    pub runs: Vec<Run>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub kind: FactKind,
    /// The topic written to.
    pub sink: String,
    /// The topic read from.
    pub source: String,
    /// The partition of the source.
    pub partition: usize,
    /// The first offset concerned.
    pub from: u64,
    /// The offset behind the last one concerned.
    pub to: u64,
    /// The statement that read before, or first.
    pub before: String,
    /// The statement that read behind, or again.
    pub after: String,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Nobody read these records, though the sink was at work before.
    Gap,
    /// These records were read twice.
    Overlap,
}

impl Ledger {
    /// The gaps and overlaps. Gaps count from where the first statement of a sink began to the last record that
    /// any has read.
    pub fn check(&self) -> Vec<Fact> {
        let mut streams: BTreeMap<(&str, &str), Vec<&Run>> = BTreeMap::new();
        for run in &self.runs {
            let runs = streams.entry((&run.sink, &run.source)).or_default();
            runs.push(run);
        }
        let mut facts = Vec::new();
        for runs in streams.values() {
            let partitions = runs.iter().map(|run| run.from.len()).max().unwrap_or(0);
            for partition in 0..partitions {
                check_partition(runs, partition, &mut facts);
            }
        }
        facts
    }

    /// The statements that moved records between two topics, in the order in which they began, each once in a row.
    pub fn owners(&self, sink: &str, source: &str) -> Vec<&str> {
        let runs = self.runs.iter();
        let mut owners: Vec<_> = runs
            .filter(|run| run.sink == sink && run.source == source)
            .map(|run| run.statement.as_str())
            .collect();
        owners.dedup();
        owners
    }

    /// Writes down a run, in the place of what was known of it.
    pub(super) fn note(&mut self, run: Run) {
        match self
            .runs
            .iter_mut()
            .find(|known| known.number == run.number)
        {
            Some(known) => *known = run,
            None => self.runs.push(run),
        }
    }

    /// The runs that go on.
    pub(super) fn open(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(|run| run.ended.is_none())
    }
}

fn check_partition(runs: &[&Run], partition: usize, facts: &mut Vec<Fact>) {
    let mut stretches: Vec<_> = runs
        .iter()
        .filter_map(|run| Some((*run.from.get(partition)?, *run.to.get(partition)?, *run)))
        .collect();
    let Some((mut covered, _, mut reader)) = stretches.first().copied() else {
        return;
    };
    let mut fact = |kind, from, to, before: &Run, after: &Run| {
        facts.push(Fact {
            kind,
            sink: after.sink.clone(),
            source: after.source.clone(),
            partition,
            from,
            to,
            before: before.statement.clone(),
            after: after.statement.clone(),
        });
    };
    for (index, (from, to, run)) in stretches.iter().enumerate() {
        for (other_from, other_to, other) in &stretches[..index] {
            let (start, end) = (*from.max(other_from), *to.min(other_to));
            if start < end {
                fact(FactKind::Overlap, start, end, other, run);
            }
        }
    }
    stretches.sort_by_key(|(from, to, run)| (*from, *to, run.number));
    for (from, to, run) in stretches {
        // A run that read nothing left nothing out either.
        if from > covered && to > from {
            fact(FactKind::Gap, covered, from, reader, run);
        }
        if to > covered {
            (covered, reader) = (to, run);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(runs: &[(&str, u64, u64)]) -> Ledger {
        let runs = runs
            .iter()
            .zip(0..)
            .map(|((statement, from, to), number)| Run {
                number,
                statement: (*statement).to_owned(),
                uid: format!("uid-{number}"),
                sink: "sink".to_owned(),
                source: "source".to_owned(),
                began: Timestamp::UNIX_EPOCH,
                ended: Some(Timestamp::UNIX_EPOCH),
                from: vec![*from],
                to: vec![*to],
            });
        Ledger {
            runs: runs.collect(),
        }
    }

    fn facts(runs: &[(&str, u64, u64)]) -> String {
        let facts = ledger(runs).check().into_iter().map(|fact| {
            let Fact {
                kind,
                from,
                to,
                before,
                after,
                ..
            } = fact;
            format!("{kind:?} {from}..{to} {before} {after}")
        });
        facts.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_is_read_once_is_in_order() {
        assert_eq!(facts(&[("a", 5, 10), ("b", 10, 20)]), "");
        assert_eq!(facts(&[("a", 5, 5), ("b", 5, 20), ("b", 20, 20)]), "");
        assert_eq!(facts(&[]), "");
    }

    #[test]
    fn what_nobody_read_is_a_gap_once_the_sink_is_at_work() {
        assert_eq!(facts(&[("a", 5, 10), ("b", 12, 20)]), "Gap 10..12 a b");
        assert_eq!(facts(&[("a", 5, 5), ("b", 7, 9)]), "Gap 5..7 a b");
        assert_eq!(
            facts(&[("a", 5, 10), ("b", 0, 5)]),
            "",
            "before the first start"
        );
        assert_eq!(
            facts(&[("a", 5, 10), ("b", 0, 3)]),
            "",
            "before the first start"
        );
        assert_eq!(
            facts(&[("a", 5, 10), ("b", 12, 20), ("c", 10, 12)]),
            "",
            "read later"
        );
        assert_eq!(
            facts(&[("a", 5, 10), ("b", 12, 12)]),
            "",
            "nothing was read behind it"
        );
    }

    #[test]
    fn what_was_read_twice_is_an_overlap_also_by_the_same_statement() {
        assert_eq!(facts(&[("a", 5, 10), ("b", 8, 20)]), "Overlap 8..10 a b");
        assert_eq!(facts(&[("a", 5, 10), ("a", 5, 12)]), "Overlap 5..10 a a");
        assert_eq!(
            facts(&[("a", 0, 10), ("b", 2, 4), ("c", 3, 5)]),
            "Overlap 2..4 a b; Overlap 3..5 a c; Overlap 3..4 b c"
        );
    }

    #[test]
    fn streams_are_told_apart_by_sink_and_source_and_owners_come_in_order() {
        let mut ledger = ledger(&[("a", 0, 10), ("a", 10, 20), ("b", 20, 30), ("x", 0, 10)]);
        ledger.runs[3].sink = "other".to_owned();
        assert_eq!(ledger.check(), []);
        assert_eq!(ledger.owners("sink", "source"), ["a", "b"]);
    }
}
