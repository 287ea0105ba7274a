//! Mutants of the SQL. Each is a change of text, tried on the shortest conditions that it changes.

use camino::{Utf8Path, Utf8PathBuf};
use regex::Regex;
use routectl::sql::Truth;

use super::{FoundOut, Side};
use crate::expect::Outcomes;
use crate::found::{self, Failure};
use crate::jobs::{self, Job, Rows};
use crate::suite::Suite;

/// What is wrong, a regular expression, and what stands in its place.
type Mutant = (&'static str, &'static str, &'static str);

/// Mutants that change an outcome.
const WRONG: &[Mutant] = &[
    ("`<` takes the border in", " < ", " <= "),
    ("`>` takes the border in", " > ", " >= "),
    ("`<=` leaves the border out", " <= ", " < "),
    ("`>=` leaves the border out", " >= ", " > "),
    ("`=` is `<>`", " = ", " <> "),
    ("AND is OR", r"(IN \([^()]*\)|= '[^']*') AND ", "$1 OR "),
    ("OR is AND", " OR ", " AND "),
    ("NOT is lost", r"(^|\()NOT ", "$1"),
    ("NOT makes unknown true", r"^NOT (.*)$", "($1) IS NOT TRUE"),
    (
        "an element of which nothing is known counts",
        "IS TRUE OR",
        "IS NOT FALSE OR",
    ),
    ("NULL is not NULL", "IS NOT NULL", "IS NULL"),
    ("IN is NOT IN", "([`)]) IN ", "$1 NOT IN "),
    (
        "a list narrows its numbers",
        r"`tiny` (IN|NOT IN) \(",
        "`tiny` $1 (257, 255, ",
    ),
    (
        "a range leaves its lower end out",
        r"BETWEEN (-?[0-9.]+) AND",
        "BETWEEN $1 + 0.0000000001 AND",
    ),
    (
        "a range leaves its upper end out",
        r"BETWEEN (-?[0-9.]+) AND (-?[0-9.]+)",
        "BETWEEN $1 AND $2 - 0.0000000001",
    ),
    ("LIKE is not escaped", "!([%_])", "$1"),
    (
        "LIKE begins anywhere",
        " LIKE 'a!%b!_c!!d'",
        " LIKE '%a!%b!_c!!d'",
    ),
    ("a pattern begins anywhere", r"(REGEXP\(.*), '\^", "$1, '"),
    ("a pattern ends anywhere", r"(REGEXP\(.*)\\z'\)$", "$1')"),
    (
        "a pattern ends before a line break too",
        r"(REGEXP\(.*)\\z'\)$",
        "$1$$')",
    ),
    (
        "numbers are doubles",
        r"DECIMAL\(38, 10\)\) = 9007199254740993",
        "DOUBLE) = 9007199254740993",
    ),
    (
        "numbers have two decimals",
        r"DECIMAL\(38, 10\)\) < 0\.0000000001",
        "DECIMAL(38, 2)) < 0.0000000001",
    ),
    (
        "numbers have 18 digits",
        r"DECIMAL\(38, 10\)\) = 9007199254740993",
        "DECIMAL(18, 4)) = 9007199254740993",
    ),
    ("exponents have two digits", r"\{1,3\}", "{1,2}"),
    ("`[*]` is the first element", r"\[0:\]", "[0]"),
    ("an object is a list", r"\[0:\]", "[*]"),
    (
        "under `not` an object is a list",
        r"CARDINALITY\(JSON_QUERY\(([^()]*) RETURNING ARRAY<STRING>\)\) <= [0-9]+ THEN",
        "JSON_EXISTS($1) THEN",
    ),
    (
        "under `not` a list may be longer than it can be",
        r" <= [0-9]+ THEN FALSE END",
        " <= 99 THEN FALSE END",
    ),
    (
        "in a map unreadable text is a missing value",
        r"CASE WHEN [^ ]+ IS NULL THEN TRUE WHEN [^ ]+ IS JSON THEN (.*? IS NOT TRUE) END",
        "$1",
    ),
    ("indexes of documents count from 1", r"\[0\]", "[1]"),
    ("indexes of arrays count from 0", r"`\[1\]", "`[2]"),
    ("another key", r"\[''status''\]", "[''kind'']"),
    (
        "an unreadable document lacks everything",
        "IS JSON",
        "IS NOT NULL",
    ),
    (
        "`null` is a value",
        r"JSON_EXISTS\(([^()]*)\) IS TRUE",
        "JSON_VALUE($1) IS NOT NULL",
    ),
    (
        "a missing list has no elements",
        r"CASE WHEN JSON_EXISTS\([^()]*\) THEN FALSE END",
        "FALSE",
    ),
    (
        "offsets are refused",
        r"\(\?:Z\|\[\+-\].*?:\[0-5\]\[0-9\]\)",
        "Z",
    ),
    (
        "offsets are ignored",
        r"(REGEXP_EXTRACT\(JSON_VALUE\(.*)ssXXX'",
        "${1}ss'",
    ),
    (
        "fractions are lost",
        r"AS DECIMAL\(10, 9\)",
        "AS DECIMAL(10, 0)",
    ),
    (
        "fractions of timestamps are lost",
        r"(JSON_STRING\([^()]*\), '[^']*', 0\)) AS DECIMAL\(10, 9\)",
        "$1 AS DECIMAL(10, 0)",
    ),
    (
        "leap days are strict",
        r"\[12\]\[0-9\]\|3\[01\]",
        "1[0-9]|2[0-8]",
    ),
    (
        "withinLast is before",
        r">= UNIX_TIMESTAMP\(\)",
        "<= UNIX_TIMESTAMP()",
    ),
    (
        "withinLast of a timestamp is before",
        r">= TO_TIMESTAMP_LTZ\(UNIX_TIMESTAMP\(\)",
        "<= TO_TIMESTAMP_LTZ(UNIX_TIMESTAMP()",
    ),
    (
        "times of day of timestamps are those of 1970",
        r"UNIX_TIMESTAMP\(REGEXP_REPLACE\(REGEXP_EXTRACT\(JSON_STRING\([^()]*\), '[^']*', 1\), '[^']*', ''\), '[^']*''T''[^']*'\)",
        "0",
    ),
    (
        "clocks are those of UTC",
        "'UTC', '(America/New_York|Asia/Kolkata|Europe/Berlin)'",
        "'UTC', 'UTC'",
    ),
    (
        "years wrap round",
        r"SECOND, CAST\(TRY_CAST\(TRY_CAST\((.*?) \+ 746597785600 AS DECIMAL\(12, 0\)\) - 1684430652800 AS DECIMAL\(12, 0\)\) AS BIGINT\) \+ 937832867200",
        "SECOND, $1",
    ),
    ("milliseconds are seconds", r"\* 0\.001", "* 1"),
];

/// Mutants that kill the statement.
const DEADLY: &[Mutant] = &[
    (
        "CAST instead of TRY_CAST",
        r"TRY_CAST\((JSON_VALUE\(`data`[^()]*\)) AS BOOLEAN\)",
        "CAST($1 AS BOOLEAN)",
    ),
    (
        "JSON_VALUE with RETURNING",
        r"TRY_CAST\(JSON_VALUE\((`data`[^()]*)\) AS BOOLEAN\)",
        "JSON_VALUE($1 RETURNING BOOLEAN)",
    ),
    (
        "a pattern that overflows the stack",
        r"REGEXP\((JSON_VALUE\(`data`[^()]*\)), '.*'\)",
        r"REGEXP($1, '^(?:a|b|9|.)*\z')",
    ),
];

/// Each mutant is tried on so many conditions.
const TRIES: usize = 4;

/// A mutant with the conditions that it changes: the right SQL, and the wrong one.
#[derive(Debug)]
struct Trial {
    name: &'static str,
    changed: Vec<(String, String)>,
    rows: Utf8PathBuf,
}

/// The mutants that are tried on a suite.
#[derive(Debug)]
pub(crate) struct Mutants {
    wrong: Vec<Trial>,
    deadly: Vec<Trial>,
}

impl Mutants {
    /// The mutants that change some of a suite's conditions, and that no suite before had.
    pub(crate) fn of(
        suite: &Suite<'_>,
        before: &[&Self],
        directory: &Utf8Path,
    ) -> anyhow::Result<Self> {
        let mut conditions: Vec<String> = suite.conditions().into_keys().collect();
        conditions.sort_by_key(String::len);
        let is_new = |name: &str| {
            !before
                .iter()
                .flat_map(|mutants| mutants.all())
                .any(|trial| trial.name == name)
        };
        let trials = |mutants: &[Mutant], tries| -> anyhow::Result<Vec<Trial>> {
            let mut trials = Vec::new();
            for (name, pattern, instead) in mutants.iter().filter(|(name, ..)| is_new(name)) {
                let pattern = Regex::new(&format!("(?s){pattern}"))?;
                let changed = conditions
                    .iter()
                    .map(|sql| (sql.clone(), pattern.replace_all(sql, *instead).into_owned()));
                let changed = changed.filter(|(right, wrong)| right != wrong);
                let changed: Vec<_> = changed.take(tries).collect();
                let rows = directory.join(format!("mutant-{tries}-{}.ndjson", trials.len()));
                if !changed.is_empty() {
                    trials.push(Trial {
                        name,
                        changed,
                        rows,
                    });
                }
            }
            Ok(trials)
        };
        Ok(Self {
            wrong: trials(WRONG, TRIES)?,
            deadly: trials(DEADLY, 1)?,
        })
    }

    fn all(&self) -> impl Iterator<Item = &Trial> {
        self.wrong.iter().chain(&self.deadly)
    }

    /// What Flink is to run: the deadly ones each in a job of its own.
    pub(crate) fn jobs(&self, suite: &Suite<'_>, rows: &Rows) -> Vec<Job> {
        let write = |trial: &Trial| {
            let wrong: Vec<&str> = trial
                .changed
                .iter()
                .map(|(_, wrong)| wrong.as_str())
                .collect();
            jobs::outcome(&trial.rows, &wrong, suite.source)
        };
        let source = &suite.source.name.value;
        let name = |name: &str| format!("{source}: {name}");
        let together: Vec<_> = self.wrong.iter().map(write).collect();
        let deadly = self.deadly.iter();
        let alone = deadly.flat_map(|trial| jobs::jobs(&name(trial.name), rows, &[write(trial)]));
        let together = jobs::jobs(&name("mutants"), rows, &together);
        together.into_iter().chain(alone).collect()
    }

    /// Notes which of them were found out.
    pub(crate) fn judge(
        &self,
        expected: &Outcomes,
        failures: &[Failure],
        events: usize,
        found_out: &mut FoundOut,
    ) -> anyhow::Result<()> {
        let failure = |trial: &Trial| {
            let mut failures = failures.iter();
            failures.find(|failure| failure.rows == trial.rows.as_str())
        };
        // What Flink refuses to plan proves nothing.
        for trial in self.wrong.iter().filter(|trial| failure(trial).is_none()) {
            let found = found::outcomes(&trial.rows, events)?;
            if let Some(place) = trial.difference(expected, &found) {
                found_out.note(Side::Sql, trial.name, place);
            }
        }
        for trial in &self.deadly {
            if let Some(failure) = failure(trial).filter(|failure| failure.is_at_run_time()) {
                found_out.note(Side::Sql, trial.name, failure.reason.clone());
            }
        }
        Ok(())
    }
}

impl Trial {
    fn difference(&self, expected: &Outcomes, found: &[Vec<Truth>]) -> Option<String> {
        self.changed
            .iter()
            .enumerate()
            .find_map(|(column, (right, wrong))| {
                let mut rows = expected.get(right)?.iter().zip(found);
                let event = rows.position(|(expected, row)| row.get(column) != Some(expected))?;
                Some(format!("event {event} of {wrong}"))
            })
    }
}

/// The names of all mutants.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    WRONG.iter().chain(DEADLY).map(|(name, ..)| *name)
}
