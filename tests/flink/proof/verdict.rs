//! What came of it all.

use std::collections::HashSet;
use std::fmt;

use anyhow::{Context as _, ensure};
use camino::Utf8Path;

use super::coverage::Coverage;
use super::differences::{self, Difference, cut};
use super::expect::{Expectation, Outcomes};
use super::found::{self, Failure};
use super::jobs::{OUTCOMES, Write};
use super::mutants::FoundOut;
use super::suite::{Suite, is_telling};

/// So many differences are shown in full.
const SHOWN: usize = 12;

/// Of each hundred routes so many must let some event pass and another not.
const TELLING: usize = 90;

/// What came of all suites.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    routes: usize,
    telling: usize,
    events: usize,
    outcomes: usize,
    rows: usize,
    coverage: Coverage,
    failed: Vec<String>,
    /// Each with the event that shows it.
    differences: Vec<(Difference, String)>,
    pub(crate) found_out: FoundOut,
}

impl Verdict {
    /// Compares what the evaluator says of a suite with what Flink wrote, and gives back the outcomes that Flink says.
    pub(crate) fn judge(
        &mut self,
        expected: &Expectation<'_>,
        suite: &Suite<'_>,
        writes: &[Write],
        failures: &[Failure],
    ) -> anyhow::Result<Outcomes> {
        let routes = suite.routes.iter();
        self.routes += suite.routes.len();
        self.telling += routes
            .filter(|route| is_telling(route, &suite.events))
            .count();
        self.events += suite.events.len();
        let (mut sinks, mut outcomes) = (Vec::new(), Vec::new());
        for write in writes {
            let failure = failures.iter().find(|failure| failure.rows == write.rows);
            match failure {
                Some(failure) => {
                    let reason = &failure.reason;
                    self.failed
                        .push(format!("{reason}\n{}\n", cut(&write.insert)));
                }
                None if write.outcomes => outcomes.push(write),
                None => sinks.push(write),
            }
        }
        self.judge_sinks(expected, suite, &sinks)?;
        if outcomes.len() < expected.outcomes.len().div_ceil(OUTCOMES) {
            // One of the statements failed, and the others no longer belong to the outcomes one by one.
            return Ok(Outcomes::new());
        }
        self.judge_outcomes(expected, suite, &outcomes)
    }

    fn judge_sinks(
        &mut self,
        expected: &Expectation<'_>,
        suite: &Suite<'_>,
        sinks: &[&Write],
    ) -> anyhow::Result<()> {
        for write in sinks {
            let mut known = expected.sinks.iter();
            let sink = known.find(|sink| sink.topic == write.table);
            let sink = sink.with_context(|| format!("nothing is expected of `{}`", write.table))?;
            let found = found::rows(Utf8Path::new(&write.rows))?;
            self.rows += sink.rows.len();
            self.add(differences::of_rows(sink, &found), suite);
        }
        Ok(())
    }

    fn judge_outcomes(
        &mut self,
        expected: &Expectation<'_>,
        suite: &Suite<'_>,
        writes: &[&Write],
    ) -> anyhow::Result<Outcomes> {
        let mut flink = Outcomes::new();
        let ordered: Vec<_> = expected.outcomes.iter().collect();
        for (part, write) in ordered.chunks(OUTCOMES).zip(writes) {
            let found = found::outcomes(Utf8Path::new(&write.rows), suite.events.len())?;
            self.outcomes += part.len() * suite.events.len();
            self.add(differences::of_outcomes(part, &found), suite);
            flink.extend(part.iter().enumerate().map(|(column, (sql, _))| {
                let outcomes = found.iter().filter_map(|row| row.get(column).copied());
                ((*sql).clone(), outcomes.collect())
            }));
        }
        ensure!(flink.len() == ordered.len(), "a condition was not compared");
        for (condition, outcomes) in expected.conditions.values().zip(flink.values()) {
            self.coverage.note(condition, outcomes);
        }
        Ok(flink)
    }

    fn add(&mut self, differences: Vec<Difference>, suite: &Suite<'_>) {
        let source = &suite.source.name.value;
        self.differences
            .extend(differences.into_iter().map(|difference| {
                let event = difference.event.and_then(|event| suite.events.get(event));
                let shown = event.map_or_else(String::new, |event| cut(&event.text));
                (difference, format!("{source}: {shown}"))
            }));
    }

    /// Whether everything is as it must be.
    pub(crate) fn is_good(&self) -> bool {
        self.failed.is_empty()
            && self.differences.is_empty()
            && self.telling * 100 >= self.routes * TELLING
            && self.coverage.missing().is_empty()
            && self.found_out.survivors().is_empty()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.coverage)?;
        for failure in self.failed.iter().take(SHOWN) {
            writeln!(f, "FAILED {failure}")?;
        }
        // One of each: most often many events show the same.
        let mut shown = HashSet::new();
        let mut differences: Vec<_> = self.differences.iter().collect();
        // The shortest condition says most.
        differences.sort_by_key(|(difference, _)| difference.of.len());
        for (difference, event) in differences {
            if shown.len() < SHOWN && shown.insert(&difference.of) {
                writeln!(
                    f,
                    "DIFFERENT\n{difference}\n    event {:?} of {event}",
                    difference.event
                )?;
            }
        }
        for operator in self.coverage.missing() {
            writeln!(f, "MISSING no condition has the operator `{operator}`")?;
        }
        for (side, name) in self.found_out.survivors() {
            writeln!(f, "SURVIVED a mutant of {side}: {name}")?;
        }
        writeln!(f, "{} mutants were found out", self.found_out.len())?;
        writeln!(
            f,
            "{} routes ({} let some event pass and another not), {} events, {} outcomes and {} rows compared: {} differences, {} statements failed",
            self.routes,
            self.telling,
            self.events,
            self.outcomes,
            self.rows,
            self.differences.len(),
            self.failed.len()
        )
    }
}
