//! What came of it all.

use std::fmt;

use camino::Utf8Path;
use indexmap::IndexMap;
use routectl::ir::Condition;

use super::coverage::Coverage;
use super::differences::{self, Difference, cut};
use super::expect::{self, Expected, Outcomes};
use super::found::{self, Failure};
use super::jobs::{Job, OUTCOMES};
use super::suite::{Suite, is_telling};

/// So many differences are shown in full.
const SHOWN: usize = 12;

/// Of each hundred routes so many must let some event pass and another not.
const TELLING: usize = 90;

/// What the evaluator says of a suite.
#[derive(Debug)]
pub(crate) struct Expectation<'s> {
    conditions: IndexMap<String, Condition>,
    outcomes: Outcomes,
    sinks: Vec<Expected<'s>>,
}

/// What came of all suites.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    routes: usize,
    telling: usize,
    events: usize,
    comparisons: usize,
    rows: usize,
    coverage: Coverage,
    failed: Vec<String>,
    differences: Vec<(Difference, String)>,
}

impl Verdict {
    /// What the evaluator says of a suite.
    pub(crate) fn expect<'s>(suite: &'s Suite<'s>) -> anyhow::Result<Expectation<'s>> {
        let conditions = suite.conditions();
        let outcomes = expect::outcomes(&conditions, &suite.events);
        Ok(Expectation { conditions, outcomes, sinks: expect::sinks(suite)? })
    }

    /// Compares it with what Flink wrote.
    pub(crate) fn judge(
        &mut self,
        expected: &Expectation<'_>,
        suite: &Suite<'_>,
        job: &Job,
        failures: &[Failure],
    ) -> anyhow::Result<()> {
        self.routes += suite.routes.len();
        self.telling += suite.routes.iter().filter(|route| is_telling(route, &suite.events)).count();
        self.events += suite.events.len();
        let has_failed = |rows: &str| failures.iter().find(|failure| failure.rows == rows);
        let (sinks, outcomes) = job.writes.split_at(expected.sinks.len());
        for write in &job.writes {
            if let Some(failure) = has_failed(&write.rows) {
                self.failed.push(format!("{}\n{}\n", failure.reason, cut(&write.insert)));
            }
        }
        for write in sinks.iter().filter(|write| has_failed(&write.rows).is_none()) {
            let sink = expected.sinks.iter().find(|sink| write.rows.ends_with(&format!("/{}.ndjson", sink.topic)));
            if let Some(sink) = sink {
                let found = found::rows(Utf8Path::new(&write.rows))?;
                self.rows += sink.rows.len();
                self.add(differences::of_rows(sink, &found), suite);
            }
        }
        let ordered = differences::ordered(&expected.outcomes);
        for (part, write) in ordered.chunks(OUTCOMES).zip(outcomes) {
            if has_failed(&write.rows).is_none() {
                let found = found::outcomes(Utf8Path::new(&write.rows), suite.events.len())?;
                self.comparisons += part.len() * suite.events.len();
                self.add(differences::of_outcomes(part, &found), suite);
            }
        }
        for (sql, condition) in &expected.conditions {
            if let Some(outcomes) = expected.outcomes.get(sql) {
                self.coverage.note(condition, outcomes);
            }
        }
        Ok(())
    }

    fn add(&mut self, differences: Vec<Difference>, suite: &Suite<'_>) {
        let source = &suite.source.name.value;
        self.differences.extend(differences.into_iter().map(|difference| {
            let event = difference.event.and_then(|event| suite.events.get(event));
            let shown = event.map_or_else(String::new, |event| cut(&event.text));
            (difference, format!("{source}: {shown}"))
        }));
    }

    /// Whether everything is as it must be.
    pub(crate) fn is_good(&self) -> bool {
        self.failed.is_empty() && self.differences.is_empty() && self.telling * 100 >= self.routes * TELLING && self.coverage.missing().is_empty()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.coverage)?;
        for failure in self.failed.iter().take(SHOWN) {
            writeln!(f, "FAILED {failure}")?;
        }
        // One of each: most often many events show the same.
        let mut shown = std::collections::HashSet::new();
        let mut differences: Vec<_> = self.differences.iter().collect();
        // The shortest condition says most.
        differences.sort_by_key(|(difference, _)| difference.of.len());
        for (difference, event) in differences {
            if shown.len() < SHOWN && shown.insert(&difference.of) {
                writeln!(f, "DIFFERENT\n{difference}\n    event {:?} of {event}", difference.event)?;
            }
        }
        for operator in self.coverage.missing() {
            writeln!(f, "MISSING no condition has the operator `{operator}`")?;
        }
        writeln!(
            f,
            "{} routes ({} let some event pass and another not), {} events, {} outcomes and {} rows compared: {} differences, {} statements failed",
            self.routes, self.telling, self.events, self.comparisons, self.rows, self.differences.len(), self.failed.len()
        )
    }
}
