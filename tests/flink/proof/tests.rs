//! What a test says behind its field: how that is read, and the operand.

use routectl::ir::operator::{Form, Operator};
use routectl::ir::{EpochUnit, InstantForm, ValueType};
use routectl::sql::BinaryOperator;

use super::events::quoted;
use super::operands;
use super::rng::Rng;
use super::role::Role;
use super::routes::Maker;

impl Maker<'_> {
    /// How a field is read: as what it is, but for epochs, which have to be declared, and now and then.
    pub(super) fn read_as(&mut self, role: Role) -> (ValueType, Option<&'static str>) {
        let epoch = match role {
            Role::Epoch(1) => Some(0),
            Role::Epoch(1_000) => Some(1),
            Role::Epoch(_) => Some(2),
            _ => None,
        };
        let epochs = [
            EpochUnit::Seconds,
            EpochUnit::Milliseconds,
            EpochUnit::Microseconds,
        ];
        let words = ["epoch-seconds", "epoch-millis", "epoch-micros"];
        if let Some(unit) = epoch.filter(|_| self.rng.chance(85)) {
            return (
                ValueType::Instant(InstantForm::Epoch(epochs[unit])),
                Some(words[unit]),
            );
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

    /// What a test of an operator compares with.
    pub(super) fn operand(
        &mut self,
        operator: &Operator,
        value_type: ValueType,
        whole: bool,
        inside: bool,
    ) -> String {
        let value = |rng: &mut Rng| value(rng, value_type, whole);
        match operator.form {
            Form::Alone(_) => "true".to_owned(),
            Form::Compare(binary) => {
                let equality = matches!(binary, BinaryOperator::Equal | BinaryOperator::NotEqual);
                let wanted = !inside && self.rng.chance(if equality { 20 } else { 10 });
                if wanted && value_type.is_instant() && self.rng.chance(60) {
                    return self.other_instant().unwrap_or_else(|| value(self.rng));
                }
                match self.other(value_type).filter(|_| wanted) {
                    Some(other) => format!("{{\"field\": {}}}", quoted(other)),
                    None => value(self.rng),
                }
            }
            Form::Many(_) => {
                let values: Vec<_> = (0..=self.rng.below(5)).map(|_| value(self.rng)).collect();
                format!("[{}]", values.join(", "))
            }
            Form::Range(_) => {
                let mut ends = [value(self.rng), value(self.rng)];
                ends.sort_by(|one, two| order(one).total_cmp(&order(two)));
                format!("[{}, {}]", ends[0], ends[1])
            }
            Form::Own { read, .. } => {
                let readable = (0..200)
                    .map(|_| operands::own(self.rng))
                    .find(|text| read(text).is_ok());
                quoted(&readable.unwrap_or_default())
            }
            Form::Window(_) => {
                let (from, to, zone) = self.rng.pick(operands::WINDOWS);
                format!("{{\"from\": \"{from}\", \"to\": \"{to}\", \"zone\": \"{zone}\"}}")
            }
        }
    }

    /// An instant to compare with, of whatever form.
    fn other_instant(&mut self) -> Option<String> {
        let columns: &[_] = &[("saved", "instant"), ("fine", "instant")];
        let fields: &[_] = &[
            ("at", "instant"),
            ("until", "instant"),
            ("header.at", "instant"),
            ("seconds", "epoch-seconds"),
            ("millis", "epoch-millis"),
            ("micros", "epoch-micros"),
        ];
        let with_columns = self.source.columns.contains_key("saved") && self.rng.chance(40);
        let among = if with_columns { columns } else { fields };
        let names: Vec<_> = among.iter().map(|(field, _)| *field).collect();
        let field = self.there(&names)?;
        let (_, word) = among.iter().find(|(name, _)| *name == field)?;
        Some(format!("{{\"field\": {}, \"as\": {word}}}", quoted(field)))
    }

    /// A field to compare with.
    fn other(&mut self, value_type: ValueType) -> Option<&'static str> {
        let among: &[&str] = match value_type {
            ValueType::Number
                if self.source.columns.contains_key("price") && self.rng.chance(60) =>
            {
                return Some(
                    self.rng
                        .pick(&["price", "ratio", "exact", "wide", "big", "tiny"]),
                );
            }
            ValueType::Number => &[
                "limit",
                "amount",
                "object.b",
                "header.limit",
                "items[0].attributes.loan.amount",
            ],
            ValueType::Boolean => &["flag", "active"],
            ValueType::Instant(InstantForm::Epoch(_)) => &["seconds", "millis", "micros"],
            ValueType::Instant(_) => &[
                "at",
                "until",
                "header.at",
                "items[0].attributes.loan.opened",
            ],
            ValueType::Text | ValueType::Structure => {
                &["kind", "status", "other", "header.kind", "texts[0]"]
            }
        };
        self.there(among)
    }
}

/// An operand, as a route writes it.
fn value(rng: &mut Rng, value_type: ValueType, whole: bool) -> String {
    match value_type {
        ValueType::Text | ValueType::Structure => quoted(&operands::text(rng)),
        ValueType::Number => operands::number(rng, whole),
        ValueType::Boolean => rng.pick(&["true", "false"]).to_owned(),
        ValueType::Instant(form) => {
            // A column of type TIMESTAMP_LTZ is compared in milliseconds; whether it is one, the check knows.
            let milliseconds = form == InstantForm::Text && rng.chance(80);
            quoted(&operands::instant(rng, milliseconds))
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
