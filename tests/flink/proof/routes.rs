//! Routes: conditions of every operator on every field, nested, with sinks of every kind.
//!
//! Operators come by themselves. A field is a row in [`FIELDS`] or, where only some sources have it, one in [`COLUMNS`].

use std::fmt::Write as _;

use routectl::ir::ValueType;
use routectl::ir::operator::ALL;
use routectl::project::source::Source;

use super::events::quoted;
use super::operands;
use super::rng::Rng;
use super::role::Role;

/// `all`, `any`, `not` and `anyElement` lie this deep in each other at most.
const DEPTH: usize = 4;

/// Fields of the document, which sources hold in their own ways.
const FIELDS: &[&str] = &[
    "kind",
    "status",
    "other",
    "amount",
    "limit",
    "count",
    "quota",
    "flag",
    "active",
    "at",
    "until",
    "seconds",
    "millis",
    "micros",
    "header.kind",
    "header.at",
    "header.text",
    "header.limit",
    "items[0].kind",
    "items[1].kind",
    "items[0].attributes.loan.amount",
    "items[1].attributes.loan.amount",
    "items[0].attributes.loan.status",
    "items[0].attributes.loan.secured",
    "items[0].attributes.loan.opened",
    "texts[0]",
    "tags[\"a.b\"]",
    "tags[\"it's `x\\\\\"]",
    "object.a",
    "object.b",
];

/// Objects and lists.
const STRUCTURES: &[&str] = &[
    "header",
    "items",
    "items[0]",
    "items[2].attributes",
    "items[1].attributes.loan",
    "texts",
    "tags",
    "object",
];

/// Columns that are no fields of the document, by source.
const COLUMNS: &[(&str, &[&str])] = &[(
    "document",
    &[
        "flagged", "saved", "fine", "tiny", "small", "whole", "big", "price", "ratio", "exact",
        "wide", "code", "short", "$.kind", "id",
    ],
)];

/// Where `[*]` leads.
const EACH: &[&str] = &[
    "items[*].kind",
    "texts[*]",
    "items[*].attributes.loan.status",
];

/// Fields of an element of `items`.
const INSIDE: &[&str] = &[
    "kind",
    "attributes.loan.amount",
    "attributes.loan.status",
    "attributes.loan.secured",
    "attributes.loan.opened",
];

/// A route of a source. It may be one that the check refuses: not every field is everywhere what it is meant to be.
pub(crate) fn route(rng: &mut Rng, source: &Source, name: &str) -> String {
    let mut maker = Maker { rng, source };
    let condition = maker.node(DEPTH, false);
    let mut text = format!(
        "route: {name}\nfrom: {}\nwhere: {condition}\n",
        source.name.value
    );
    if maker.rng.chance(50) {
        text.push_str("consumer: \"it's -- a \\\"reader\\\"\"\n");
    }
    if maker.rng.chance(15) && source.operation.is_some() {
        text.push_str("operations: [c, u, d, r]\n");
    }
    text.push_str("to:\n");
    for number in 0..if maker.rng.chance(20) { 2 } else { 1 } {
        let sink = maker.sink(number > 0);
        let _never_fails = writeln!(text, "  - {{topic: {name}-{number}{sink}}}");
    }
    text
}

/// Makes the parts of a route.
pub(super) struct Maker<'m> {
    pub(super) rng: &'m mut Rng,
    pub(super) source: &'m Source,
}

impl Maker<'_> {
    /// A condition; inside an element of a list paths begin there.
    fn node(&mut self, depth: usize, inside: bool) -> String {
        if depth == 0 || self.rng.chance(25) {
            return self.leaf(inside);
        }
        match self.rng.below(10) {
            0..3 => format!("{{\"all\": [{}]}}", self.nodes(depth, inside)),
            3..7 => format!("{{\"any\": [{}]}}", self.nodes(depth, inside)),
            7 if !inside => format!(
                "{{\"anyElement\": {{\"in\": \"items\", \"where\": {}}}}}",
                self.node(depth.min(2) - 1, true)
            ),
            _ => format!("{{\"not\": {}}}", self.node(depth - 1, inside)),
        }
    }

    fn nodes(&mut self, depth: usize, inside: bool) -> String {
        let nodes: Vec<_> = (0..2 + self.rng.below(2))
            .map(|_| self.node(depth - 1, inside))
            .collect();
        nodes.join(", ")
    }

    fn leaf(&mut self, inside: bool) -> String {
        if inside {
            let field = self.rng.pick(INSIDE);
            return self.test(field, inside);
        }
        match self.rng.below(100) {
            0..8 => {
                let text = quoted(&operands::text(self.rng));
                let operand = if self.rng.chance(50) {
                    format!("\"equals\": {text}")
                } else {
                    format!("\"in\": [{text}, \"Car\"]")
                };
                format!(
                    "{{\"field\": {}, {operand}}}",
                    quoted(self.there(EACH).unwrap_or(EACH[0]))
                )
            }
            8..13 => {
                let operator = self.rng.pick(&["isNull", "isNotNull"]);
                format!(
                    "{{\"field\": {}, \"{operator}\": true}}",
                    quoted(self.there(STRUCTURES).unwrap_or(STRUCTURES[0]))
                )
            }
            _ => {
                let field = self.field();
                self.test(field, inside)
            }
        }
    }

    fn field(&mut self) -> &'static str {
        let name = &self.source.name.value;
        let columns = COLUMNS.iter().find(|(source, _)| source == name);
        match columns {
            Some((_, columns)) if self.rng.chance(35) => self.rng.pick(columns),
            _ => self.there(FIELDS).unwrap_or(FIELDS[0]),
        }
    }

    /// One of the fields that the source has.
    pub(super) fn there(&mut self, fields: &[&'static str]) -> Option<&'static str> {
        let is_document = self.source.event.layout.document_column().is_some();
        let is_there = |field: &str| {
            let first = field.split(['.', '[']).next().unwrap_or(field);
            is_document || self.source.columns.contains_key(first)
        };
        let there: Vec<_> = fields
            .iter()
            .copied()
            .filter(|field| is_there(field))
            .collect();
        (!there.is_empty()).then(|| self.rng.pick(&there))
    }

    fn test(&mut self, field: &str, inside: bool) -> String {
        let role = role(field);
        let (value_type, read_as) = self.read_as(role);
        let operators: Vec<_> = ALL
            .iter()
            .copied()
            .filter(|operator| (operator.accepts)(value_type))
            .collect();
        let operator = self.rng.pick(&operators);
        let whole = role == Role::Whole && read_as.is_none();
        let operand = self.operand(operator, value_type, whole, inside);
        let read_as = read_as.map_or(String::new(), |word| format!("\"as\": {word}, "));
        format!(
            "{{\"field\": {}, {read_as}\"{}\": {operand}}}",
            quoted(field),
            operator.key
        )
    }

    /// What follows the topic of a sink.
    fn sink(&mut self, conditional: bool) -> String {
        let mut text = String::new();
        if conditional || self.rng.chance(15) {
            let condition = self.node(2, false);
            let _never_fails = write!(text, ", where: {condition}");
        }
        if self.rng.chance(45) {
            let columns: Vec<_> = (0..=self.rng.below(5))
                .map(|number| self.column(number))
                .collect();
            let _never_fails = write!(text, ", select: [{{column: id}}, {}]", columns.join(", "));
        }
        if self.rng.chance(30) {
            text.push_str(", metadata: true");
        }
        if self.rng.chance(30) {
            text.push_str(", key: id");
        }
        text
    }

    fn column(&mut self, number: usize) -> String {
        if self.rng.chance(8) {
            return format!(
                "{{constant: {}, name: c{number}}}",
                quoted(&operands::text(self.rng))
            );
        }
        let field = self.field();
        let (value_type, read_as) = self.read_as(role(field));
        let read_as = read_as.map_or(String::new(), |word| format!(", as: {word}"));
        let types: &[&str] = match value_type {
            ValueType::Number => &[
                "DECIMAL(18, 2)",
                "DECIMAL(38, 10)",
                "DECIMAL(10, 9)",
                "DECIMAL(5, 0)",
                "BIGINT",
                "INT",
                "SMALLINT",
                "TINYINT",
                "DOUBLE",
                "FLOAT",
                "STRING",
                "VARCHAR(4)",
                "CHAR(6)",
            ],
            ValueType::Boolean => &["BOOLEAN", "STRING"],
            ValueType::Instant(_) => &[
                "TIMESTAMP_LTZ(3)",
                "TIMESTAMP_LTZ(0)",
                "TIMESTAMP_LTZ(6)",
                "TIMESTAMP_LTZ(9)",
                "STRING",
            ],
            ValueType::Text | ValueType::Structure => &[
                "STRING",
                "VARCHAR(3)",
                "CHAR(5)",
                "BOOLEAN",
                "INT",
                "DOUBLE",
                "DECIMAL(18, 2)",
            ],
        };
        let data_type = if self.rng.chance(60) {
            format!(", type: \"{}\"", self.rng.pick(types))
        } else {
            String::new()
        };
        format!(
            "{{path: {}, name: c{number}{read_as}{data_type}}}",
            quoted(field)
        )
    }
}

/// What the field at the end of a path is.
fn role(path: &str) -> Role {
    let name = path.rsplit(['.', '[']).next().unwrap_or(path);
    Role::of(name)
}
