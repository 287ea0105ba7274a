//! Broken statements. A proof that accepts one of them proves nothing.

use super::Case;

const SOURCE: &str = "CREATE TABLE `events` (`id` STRING, `amount` BIGINT, `name` STRING)";
const SINK: &str = "CREATE TABLE `sink` (`id` STRING, `amount` BIGINT)";

/// What is wrong, the statement, words of Flink's reason.
const CONTROLS: &[(&str, &str, &str)] = &[
    (
        "unknown-column",
        "INSERT INTO `sink` (`id`, `amount`) SELECT `id`, `amount` FROM `events` WHERE `nam` = 'a'",
        "Column 'nam' not found",
    ),
    (
        "unknown-table",
        "INSERT INTO `sink` (`id`, `amount`) SELECT `id`, `amount` FROM `event`",
        "Object 'event' not found",
    ),
    (
        "unknown-function",
        "INSERT INTO `sink` (`id`, `amount`) SELECT `id`, `amount` FROM `events` WHERE STARTS(`name`, 'a')",
        "No match found for function signature STARTS",
    ),
    (
        "text-compared-with-a-number",
        "INSERT INTO `sink` (`id`, `amount`) SELECT `id`, `amount` FROM `events` WHERE `name` = 5",
        "implicit type conversion between VARCHAR and INTEGER is not supported",
    ),
    (
        "impossible-cast",
        "INSERT INTO `sink` (`id`, `amount`) SELECT `id`, `amount` FROM `events` WHERE CAST(TRUE AS DATE) IS NULL",
        "Cast function cannot convert value of type BOOLEAN",
    ),
    (
        "columns-in-another-order",
        "INSERT INTO `sink` (`id`, `amount`) SELECT `amount`, `id` FROM `events`",
        "Incompatible types for sink column 'id'",
    ),
    (
        "too-few-values",
        "INSERT INTO `sink` (`id`, `amount`) SELECT `id` FROM `events`",
        "Number of columns must match number of query columns",
    ),
    (
        "unreadable",
        "INSERT INTO `sink` (`id`, `amount`) SELECT `id`, `amount` FROM `events` WHERE `name` REGEXP 'a'",
        "Encountered \"REGEXP\"",
    ),
    (
        "literal-out-of-range",
        "INSERT INTO `sink` (`id`, `amount`) SELECT `id`, `amount` FROM `events` WHERE `amount` = 12345678901234567890",
        "out of range",
    ),
];

/// One case for each control.
pub(super) fn cases() -> impl Iterator<Item = Case> {
    CONTROLS.iter().map(|(name, statement, refusal)| Case {
        name: format!("control/{name}"),
        sources: vec![SOURCE.to_owned()],
        sinks: vec![SINK.to_owned()],
        statement: (*statement).to_owned(),
        refusal: Some(refusal),
    })
}
