//! Routes: conditions of every operator on every field, nested, with sinks of every kind.
//!
//! Operators come by themselves. A field is a row in [`FIELDS`] or, where only some sources have it, one in [`COLUMNS`].

use std::fmt::Write as _;

use routectl::ir::operator::{ALL, Form, Operator};
use routectl::ir::{EpochUnit, InstantForm, ValueType};
use routectl::project::source::Source;
use routectl::sql::BinaryOperator;

use super::events::quoted;
use super::pools::{self, Role};
use super::rng::Rng;

/// `all`, `any`, `not` and `anyElement` lie this deep in each other at most.
const DEPTH: usize = 4;

/// Fields of the document, which sources hold in their own ways.
const FIELDS: &[&str] = &[
    "kind", "status", "other", "amount", "limit", "count", "quota", "flag", "active", "at", "until", "seconds", "millis", "micros", "header.kind",
    "header.at", "header.text", "header.limit", "items[0].kind", "items[1].kind", "items[0].attributes.loan.amount",
    "items[1].attributes.loan.amount", "items[0].attributes.loan.status", "items[0].attributes.loan.secured",
    "items[0].attributes.loan.opened", "texts[0]", "tags[\"a.b\"]", "tags[\"it's `x\\\\\"]", "object.a", "object.b",
];

/// Objects and lists.
const STRUCTURES: &[&str] = &["header", "items", "items[0]", "items[2].attributes", "items[1].attributes.loan", "texts", "tags", "object"];

/// Columns that are no fields of the document, by source.
const COLUMNS: &[(&str, &[&str])] = &[(
    "document",
    &["flagged", "saved", "fine", "tiny", "small", "whole", "big", "price", "ratio", "exact", "wide", "code", "short", "$.kind", "id"],
)];

/// Where `[*]` leads.
const EACH: &[&str] = &["items[*].kind", "texts[*]", "items[*].attributes.loan.status"];

/// Fields of an element of `items`.
const INSIDE: &[&str] = &["kind", "attributes.loan.amount", "attributes.loan.status", "attributes.loan.secured", "attributes.loan.opened"];

/// A route of a source. It may be one that the check refuses: not every field is everywhere what it is meant to be.
pub(crate) fn route(rng: &mut Rng, source: &Source, name: &str) -> String {
    let mut maker = Maker { rng, source };
    let condition = maker.node(DEPTH, false);
    let mut text = format!("route: {name}\nfrom: {}\nwhere: {condition}\n", source.name.value);
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

struct Maker<'m> {
    rng: &'m mut Rng,
    source: &'m Source,
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
            7 if !inside => format!("{{\"anyElement\": {{\"in\": \"items\", \"where\": {}}}}}", self.node(depth.min(2) - 1, true)),
            _ => format!("{{\"not\": {}}}", self.node(depth - 1, inside)),
        }
    }

    fn nodes(&mut self, depth: usize, inside: bool) -> String {
        let nodes: Vec<_> = (0..2 + self.rng.below(2)).map(|_| self.node(depth - 1, inside)).collect();
        nodes.join(", ")
    }

    fn leaf(&mut self, inside: bool) -> String {
        if inside {
            let field = self.rng.pick(INSIDE);
            return self.test(field, inside);
        }
        match self.rng.below(100) {
            0..8 => {
                let text = quoted(&pools::text(self.rng));
                let operand = if self.rng.chance(50) { format!("\"equals\": {text}") } else { format!("\"in\": [{text}, \"Car\"]") };
                format!("{{\"field\": {}, {operand}}}", quoted(self.there(EACH).unwrap_or(EACH[0])))
            }
            8..13 => {
                let operator = self.rng.pick(&["isNull", "isNotNull"]);
                format!("{{\"field\": {}, \"{operator}\": true}}", quoted(self.there(STRUCTURES).unwrap_or(STRUCTURES[0])))
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
    fn there(&mut self, fields: &[&'static str]) -> Option<&'static str> {
        let is_document = self.source.event.layout.document_column().is_some();
        let is_there = |field: &str| {
            let first = field.split(['.', '[']).next().unwrap_or(field);
            is_document || self.source.columns.contains_key(first)
        };
        let there: Vec<_> = fields.iter().copied().filter(|field| is_there(field)).collect();
        (!there.is_empty()).then(|| self.rng.pick(&there))
    }

    fn test(&mut self, field: &str, inside: bool) -> String {
        let role = role(field);
        let (value_type, read_as) = self.read_as(role);
        let operators: Vec<_> = ALL.iter().copied().filter(|operator| (operator.accepts)(value_type)).collect();
        let operator = self.rng.pick(&operators);
        let whole = role == Role::Whole && read_as.is_none();
        let operand = self.operand(operator, value_type, whole, inside);
        let read_as = read_as.map_or(String::new(), |word| format!("\"as\": {word}, "));
        format!("{{\"field\": {}, {read_as}\"{}\": {operand}}}", quoted(field), operator.key)
    }

    /// How a field is read: as what it is, but for epochs, which have to be declared, and now and then.
    fn read_as(&mut self, role: Role) -> (ValueType, Option<&'static str>) {
        let epoch = match role {
            Role::Epoch(1) => Some(0),
            Role::Epoch(1_000) => Some(1),
            Role::Epoch(_) => Some(2),
            _ => None,
        };
        let epochs = [EpochUnit::Seconds, EpochUnit::Milliseconds, EpochUnit::Microseconds];
        let words = ["epoch-seconds", "epoch-millis", "epoch-micros"];
        if let Some(unit) = epoch.filter(|_| self.rng.chance(85)) {
            return (ValueType::Instant(InstantForm::Epoch(epochs[unit])), Some(words[unit]));
        }
        if self.rng.chance(8) {
            let (word, value_type) = self.rng.pick(ValueType::WORDS);
            return (value_type, Some(word));
        }
        let value_type = match role {
            Role::Text => ValueType::Text,
            Role::Number | Role::Whole | Role::Epoch(_) => ValueType::Number,
            Role::Boolean => ValueType::Boolean,
            Role::Instant => ValueType::Instant(InstantForm::Text),
        };
        (value_type, None)
    }

    fn operand(&mut self, operator: &Operator, value_type: ValueType, whole: bool, inside: bool) -> String {
        let value = |rng: &mut Rng| value(rng, value_type, whole);
        match operator.form {
            Form::Alone(_) => "true".to_owned(),
            Form::Compare(binary) => {
                let equality = matches!(binary, BinaryOperator::Equal | BinaryOperator::NotEqual);
                let wanted = !inside && self.rng.chance(if equality { 20 } else { 10 });
                match self.other(value_type).filter(|_| wanted) {
                    Some(other) => format!("{{\"field\": {}}}", quoted(other)),
                    None => value(self.rng),
                }
            }
            Form::Many(_) => {
                let values: Vec<_> = (0..1 + self.rng.below(5)).map(|_| value(self.rng)).collect();
                format!("[{}]", values.join(", "))
            }
            Form::Range(_) => {
                let mut ends = [value(self.rng), value(self.rng)];
                ends.sort_by(|one, two| order(one).total_cmp(&order(two)));
                format!("[{}, {}]", ends[0], ends[1])
            }
            Form::Own { read, .. } => {
                let readable = (0..200).map(|_| pools::own(self.rng)).find(|text| read(text).is_ok());
                quoted(&readable.unwrap_or_default())
            }
            Form::Window(_) => {
                let (from, to, zone) = self.rng.pick(pools::WINDOWS);
                format!("{{\"from\": \"{from}\", \"to\": \"{to}\", \"zone\": \"{zone}\"}}")
            }
        }
    }

    /// A field to compare with.
    fn other(&mut self, value_type: ValueType) -> Option<&'static str> {
        let among: &[&str] = match value_type {
            ValueType::Number if self.source.columns.contains_key("price") && self.rng.chance(60) => {
                return Some(self.rng.pick(&["price", "ratio", "exact", "wide", "big", "tiny"]));
            }
            ValueType::Number => &["limit", "amount", "object.b", "header.limit", "items[0].attributes.loan.amount"],
            ValueType::Boolean => &["flag", "active"],
            ValueType::Instant(InstantForm::Epoch(_)) => &["seconds", "millis", "micros"],
            ValueType::Instant(_) => &["at", "until", "header.at", "items[0].attributes.loan.opened"],
            ValueType::Text | ValueType::Structure => &["kind", "status", "other", "header.kind", "texts[0]"],
        };
        self.there(among)
    }

    /// What follows the topic of a sink.
    fn sink(&mut self, conditional: bool) -> String {
        let mut text = String::new();
        if conditional || self.rng.chance(15) {
            let condition = self.node(2, false);
            let _never_fails = write!(text, ", where: {condition}");
        }
        if self.rng.chance(45) {
            let columns: Vec<_> = (0..1 + self.rng.below(5)).map(|number| self.column(number)).collect();
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
            return format!("{{constant: {}, name: c{number}}}", quoted(&pools::text(self.rng)));
        }
        let field = self.field();
        let (value_type, read_as) = self.read_as(role(field));
        let read_as = read_as.map_or(String::new(), |word| format!(", as: {word}"));
        let types: &[&str] = match value_type {
            ValueType::Number => &[
                "DECIMAL(18, 2)", "DECIMAL(38, 10)", "DECIMAL(10, 9)", "DECIMAL(5, 0)", "BIGINT", "INT", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT",
                "STRING", "VARCHAR(4)", "CHAR(6)",
            ],
            ValueType::Boolean => &["BOOLEAN", "STRING"],
            ValueType::Instant(_) => &["TIMESTAMP_LTZ(3)", "TIMESTAMP_LTZ(0)", "TIMESTAMP_LTZ(6)", "TIMESTAMP_LTZ(9)", "STRING"],
            ValueType::Text | ValueType::Structure => &["STRING", "VARCHAR(3)", "CHAR(5)", "BOOLEAN", "INT", "DOUBLE", "DECIMAL(18, 2)"],
        };
        let data_type = if self.rng.chance(60) { format!(", type: \"{}\"", self.rng.pick(types)) } else { String::new() };
        format!("{{path: {}, name: c{number}{read_as}{data_type}}}", quoted(field))
    }
}

/// What the field at the end of a path is.
fn role(path: &str) -> Role {
    let name = path.rsplit(['.', '[']).next().unwrap_or(path);
    Role::of(name)
}

/// An operand, as a route writes it.
fn value(rng: &mut Rng, value_type: ValueType, whole: bool) -> String {
    match value_type {
        ValueType::Text | ValueType::Structure => quoted(&pools::text(rng)),
        ValueType::Number => pools::number(rng, whole),
        ValueType::Boolean => rng.pick(&["true", "false"]).to_owned(),
        ValueType::Instant(form) => {
            // A column of type TIMESTAMP_LTZ is compared in milliseconds; whether it is one, the check knows.
            let milliseconds = form == InstantForm::Text && rng.chance(80);
            quoted(&pools::instant(rng, milliseconds))
        }
    }
}

/// Numbers in their order, and instants in theirs; near enough for the ends of ranges.
fn order(value: &str) -> f64 {
    let text = value.trim_matches('"');
    match text.parse::<jiff::Timestamp>() {
        Ok(instant) => instant.as_duration().as_secs_f64(),
        Err(_) => text.parse().unwrap_or(0.0),
    }
}
