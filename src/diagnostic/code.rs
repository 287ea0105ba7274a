//! The table of diagnostics: a stable code, a severity, a title and an explanation each.
//!
//! To add one, add a row; the snapshot of the table in the tests shows the change to a reviewer.

use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is compiled, planned or applied.
    Error,
    /// Worth a look; work goes on.
    Warning,
}

impl Severity {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $title:literal $explanation:literal;)+) => {
        /// The kind of a finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)+
        }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// How bad it is; a lint's severity is its default.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// One line: what it stands for.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// Why it is a finding, and what to do.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)+ }
            }
        }
    };
}

codes! {
    YamlSyntax "yaml-syntax" Error "a file is not valid YAML"
        "Nothing behind the broken place can be read, so the file is left out as a whole. Check the indentation and the quotes at and above the place shown.";
    JsonSyntax "json-syntax" Error "a file is not valid JSON"
        "Comments, trailing commas, single quotes and unquoted keys are not JSON.";
    UnreadableFile "unreadable-file" Error "a file cannot be read"
        "The file is missing, is not UTF-8 text, lies outside the project, or its permissions forbid it.";
    YamlFeature "yaml-feature" Error "a YAML feature that routectl does not read"
        "Anchors, aliases, merge keys and tags are refused: a route must be readable from top to bottom, and readers of YAML disagree on them. Write the value out.";
    DuplicateKey "duplicate-key" Error "a key stands twice in one mapping"
        "Most readers keep one of the two and drop the other silently.";
    AmbiguousScalar "ambiguous-scalar" Error "a value that YAML readers understand differently"
        "Without quotes, `0123` is a number to one reader and text to another, `yes` a boolean or text. Quote text; write numbers in decimal without leading zeros.";
    UnknownKey "unknown-key" Error "a key that the format does not have"
        "An unknown key is most often a misspelt one; ignoring it would change what the file means.";
    UnknownLint "unknown-lint" Error "a lint that does not exist"
        "`lints` in routectl.yaml and `allow` in a route name lints by their codes, the warnings that `routectl explain` lists. Errors cannot be allowed.";
    MissingKey "missing-key" Error "a required key is not there"
        "The format has no default for it. `routectl schema route` and `routectl schema project` print the formats.";
    WrongShape "wrong-shape" Error "a value of another kind than the format demands"
        "For example a list where one value is meant, or text where a boolean is. `\"false\"` in quotes is text, not a boolean.";
    BadName "bad-name" Error "a name with characters or a length that is not allowed"
        "Names become part of statement names and topics, whose characters the service restricts.";
    BadEnvironment "environment-variable" Error "an environment variable cannot be used here"
        "`${NAME}` is read in `targets` alone, and only by commands that talk to the service; there the variable must be set and not empty.";
    SecretInFile "secret-in-file" Error "a credential in a file"
        "Credentials come from the environment alone (`FLINK_API_KEY`, `FLINK_API_SECRET`), so that they cannot reach version control.";
    BadColumnType "bad-column-type" Error "a column type that Flink does not have"
        "Columns are declared with Flink SQL types, for example STRING, BIGINT, DECIMAL(10, 2), TIMESTAMP_LTZ(3).";
    BadOption "bad-option" Error "a table option that cannot be given"
        "Options that routectl sets itself follow from other keys; others would break what it promises, above all that a replacement goes on where its predecessor stopped.";
    UnknownColumn "unknown-column" Error "a column that the source does not have"
        "Mirrors, the operation column and keys name columns that the source declares.";
    UnknownSource "unknown-source" Error "a source that the project does not have"
        "`from` names a key of `sources` in routectl.yaml.";
    UnknownTarget "unknown-target" Error "a target that the project does not have"
        "`enabled: [staging]` in a route lists keys of `targets` in routectl.yaml: the only ones that it runs on.";
    NoRoutes "no-routes" Error "the project has no routes"
        "An empty set of routes would make every running statement an orphan. If that is what you want, delete the statements by name.";
    DuplicateRoute "duplicate-route" Error "two routes with one name"
        "The name identifies the route's statement on the service; two routes cannot share it.";
    TopicConflict "topic-conflict" Error "two routes write to one topic"
        "Consumers could not tell their events apart, and an event that matches both would arrive twice. If that is intended, both routes say `shared: true`.";
    SinkIsSource "sink-is-source" Error "a route writes to the topic that it reads"
        "Every event that it routes would come back to it, for ever.";
    EmptyCondition "empty-condition" Error "a condition that is empty"
        "An empty condition would route every event. If that is what you want, write `where: always`.";
    BadCondition "bad-condition" Error "a condition that is not of one kind"
        "A condition is one of `all`, `any`, `not`, `anyElement`, or a `field` with exactly one operator. They nest 24 levels deep at most.";
    BadPath "bad-path" Error "a path that cannot be read"
        "Paths look like `eventHeader.eventType`, `eventBody.entities[0].entityType` or `tags[\"a.b\"]`; indexes count from 0.";
    UnknownField "unknown-field" Error "a path that the schema does not know"
        "On the service a wrong path is no error: it is NULL for ever, and the route stays empty. So a path must exist in the event schema.";
    AmbiguousType "ambiguous-type" Error "a field whose type differs between alternatives of the schema"
        "Pin the alternative with an `equals` on its discriminator in the same `all`, or say the type with `as:`.";
    UnsupportedType "unsupported-type" Error "a field whose type has no values to compare"
        "Objects and lists have no operators besides `isNull` and `isNotNull`; name a field inside.";
    OperatorType "operator-type" Error "an operator that the field's type does not have"
        "Ordering operators work on numbers and instants. Text has no order that is the same everywhere.";
    OperandType "operand-type" Error "an operand of another type than the field"
        "Comparing across types would be NULL or kill the running statement. Numbers stand without quotes, text with quotes where YAML could read it as something else.";
    OpenEventType "open-event-type" Error "a type of event whose values the schema does not list"
        "`type` under `event` names the field that says which type an event is, so that `validate` can tell which types no route takes. For that the schema must list the types: `enum`, or a `const` in each alternative.";
    OperandValue "operand-value" Error "an operand that the field can never equal"
        "The schema lists the values that occur; a condition on another value never matches.";
    EmptyRange "empty-range" Error "a range that contains nothing"
        "`between: [low, high]` includes both ends; low must not be above high.";
    UnboundedList "unbounded-list" Error "a list without a bound that `anyElement` can use"
        "A condition on some element is spelled out for each element that there can be: that keeps one row for each event and no state. So the schema must say `maxItems`, at most 50, or the condition says `atMost`: at how many elements to look, from the first one on. `[*]` with `equals` or `in` needs no bound.";
    UnknownRoute "unknown-route" Error "a route that the project does not have"
        "Tests name routes by the `route` of their files.";
    UnknownTopic "unknown-topic" Error "a topic that no route under test writes"
        "A test that waits for a topic which nobody writes could only ever pass by mistake. Topics are named as the routes name them, without a target's suffix.";
    TestInvalid "test-invalid" Error "a test that cannot run"
        "The event does not match its schema (what is left out is no mistake), or a column of the row cannot hold its value. An event that is meant to be wrong says `valid: false`.";
    EventInvalid "event-invalid" Error "an event that does not match its schema"
        "The event's document was checked against the event schema and the entity schemas it refers to.";
    SchemaInvalid "schema-invalid" Error "a JSON Schema that cannot be used"
        "Schemas are JSON Schema draft 2020-12; `$ref` reaches files inside the project only.";
    AvroInvalid "avro-invalid" Error "an Avro schema that cannot be used"
        "Columns are taken from a record schema as the Avro specification describes it: named types are defined before they are used, in the same file.";
    UnmappedType "unmapped-type" Error "a type of a schema file that has no Flink type"
        "Columns that are taken from a schema get the types that Confluent Cloud documents for tables of such topics. Where it documents none, write the columns out with the types that `SHOW CREATE TABLE` gives.";
    StatementTooLong "statement-too-long" Error "a statement that is longer than the service takes"
        "The SQL of a route is one statement, of at most 131,072 characters on Confluent Cloud. Most often a list of values has grown too long: let the events carry what the list stands for, or divide it between routes that share a topic.";
    Internal "internal" Error "routectl contradicts itself"
        "What was compiled does not read back as what was meant, so nothing was written. Please report it with the route.";
    UnreadFile "unread-file" Warning "a file beside the routes that is not read"
        "Routes and tests are the files below `routes/` that end in `.yaml` or `.yml`. A route whose file gets another ending is gone: `apply --prune` deletes its statement. To switch a route off, write `enabled: false` into it. Hidden files, backups of editors (`~`), events (`.json`) and notes (`.md`) may lie there. Where it is meant, write `lints: {unread-file: allow}` in routectl.yaml.";
    UnusedAllow "unused-allow" Warning "an `allow` that allows nothing"
        "The route does not do what it says it may, so the next reader is misled, and a later mistake of that kind would go unseen. Remove the line. The project can switch this lint off: `lints: {unused-allow: allow}` in routectl.yaml.";
    AlwaysFalse "always-false" Warning "a condition that can never be true"
        "Its parts contradict each other, the guard on the kind of change, or what the schema says of a field. It is no error on the service: the topic, or a part of it, just stays empty. Where that is meant, write `allow: {always-false: <reason>}` in the route.";
    AlwaysTrue "always-true" Warning "a condition that is never false"
        "It is true for every event that has the field, so it selects nothing: most often a value, a bound or a `not` is wrong. Where the field's presence is all that counts, `isNotNull: true` says so. Where it is meant, write `allow: {always-true: <reason>}` in the route.";
    PatternMatchesNothing "pattern-matches-nothing" Warning "a pattern that no value of the field matches"
        "The schema lists the values that occur, and `matches`, `like`, `startsWith`, `endsWith` or `contains` finds what it looks for in none of them: most often the case of a letter is wrong. Where values are still to come, add them to the schema, or write `allow: {pattern-matches-nothing: <reason>}` in the route.";
    IdenticalRoutes "identical-routes" Warning "two routes whose topics hold the same"
        "Both select the same events and columns, so one of them costs and says nothing: most often a route was copied and its condition left as it was. Let both consumers read one topic. Where each needs a topic of its own, write `allow: {identical-routes: <reason>}` in one of the routes.";
    ShadowedRoute "shadowed-route" Warning "a route whose events another one writes to the same topic"
        "On a shared topic every event of this route arrives twice, because the condition of another route covers it. Remove the route, or exclude its events from the wider one. Where it is meant, write `allow: {shadowed-route: <reason>}` in one of the routes.";
    UnhandledEventType "unhandled-event-type" Warning "a type of event that no route takes"
        "The source says which field is the type of an event (`type` under `event`), and the schema lists a type that no enabled route can ever take: a team may miss it. Add a route, or say beside `type` that it is meant: `unhandled: {<type>: <reason>}`.";
    UndeclaredMirror "undeclared-mirror" Warning "a field is read from the document although a column seems to repeat it"
        "Reading a column is cheaper than extracting the field from the document in every event. If the column holds the same, declare it under `mirrors` of the source; paths in routes stay as they are, and the SQL reads the column. If it does not, write `allow: {undeclared-mirror: <reason>}` in the route shown, or `lints: {undeclared-mirror: allow}` in routectl.yaml.";
    NoKey "no-key" Warning "a sink without a Kafka key"
        "Kafka keeps the order of messages with the same key alone. Without one, two events about the same thing can reach a consumer in either order; a constant puts all of them into one partition. Name what the events are about: `key: <column or path>` under `to`. Where order does not matter, write `allow: {no-key: <reason>}` in the route, or `lints: {no-key: allow}` in routectl.yaml.";
}

impl Code {
    /// Whether projects choose its severity and routes can allow it.
    pub fn is_lint(self) -> bool {
        self.severity() == Severity::Warning
    }

    /// The names of all lints.
    pub fn lints() -> Vec<&'static str> {
        let lints = Self::ALL.iter().filter(|code| code.is_lint());
        lints.map(|code| code.name()).collect()
    }

    /// The code of a name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_kebab_case_and_found_again() {
        for code in Code::ALL {
            assert_eq!(Code::by_name(code.name()), Some(*code), "{code}");
            assert!(
                code.name()
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{code}"
            );
            assert!(!code.explanation().is_empty(), "{code}");
        }
    }

    #[test]
    fn the_table_changes_only_under_review() {
        let rows = Code::ALL
            .iter()
            .map(|code| format!("{code} ({})", code.severity().name()));
        insta::assert_snapshot!(rows.collect::<Vec<_>>().join("\n"));
    }
}
