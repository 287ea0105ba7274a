//! A field among a list of values.
//!
//! Flink turns every number of a list into the column's type, whatever becomes of it there: `INT IN (1, 4294967298)`
//! takes 2 for the second, and `DECIMAL(10, 2) NOT IN (1, 1E12)` lets nothing pass. So a list keeps those numbers alone
//! that its column can hold. A single value is compared, which widens the column instead.

use super::{Decimal, InstantForm, Subject, Value, ValueType};
use crate::sql::{Expr, TypeKind};

impl Subject {
    /// `subject IN (values)`; there is at least one.
    pub fn is_in(&self, values: &[Value]) -> Expr {
        match self.held(values) {
            Held::Some(values) => self.typed().is_in(values),
            Held::None(value) => self.typed().eq(value),
        }
    }

    /// `subject NOT IN (values)`; there is at least one.
    pub fn is_not_in(&self, values: &[Value]) -> Expr {
        match self.held(values) {
            Held::Some(values) => self.typed().is_not_in(values),
            Held::None(value) => self.typed().ne(value),
        }
    }

    fn held(&self, values: &[Value]) -> Held {
        let constants = |values: &mut dyn Iterator<Item = &Value>| -> Vec<Expr> {
            values.map(|value| self.constant(value)).collect()
        };
        let held = constants(&mut values.iter().filter(|value| self.can_hold(value)));
        match values {
            [first, ..] if held.is_empty() => Held::None(self.constant(first)),
            _ => Held::Some(held),
        }
    }

    /// Whether the column's type has the value.
    fn can_hold(&self, value: &Value) -> bool {
        let number = match (value, self.value_type) {
            (Value::Number(number), _) => Some(*number),
            (Value::Instant(instant), ValueType::Instant(InstantForm::Epoch(unit))) => {
                Decimal::parse(&instant.seconds(unit.per_second())).ok()
            }
            _ => None,
        };
        let number = number.filter(|_| self.place.is_number());
        number.is_none_or(|number| has(&self.place.data_type.kind, number))
    }
}

/// What is left of a list.
enum Held {
    Some(Vec<Expr>),
    /// Nothing: one of the values that never occur.
    None(Expr),
}

/// Whether an exact type has a number; floating-point numbers have their own nearest one to each.
fn has(kind: &TypeKind, number: Decimal) -> bool {
    let whole = |bits: u32| {
        let most = 1_i128 << (bits - 1);
        number.is_integer() && (-most..most).contains(&number.truncate())
    };
    match kind {
        TypeKind::TinyInt => whole(8),
        TypeKind::SmallInt => whole(16),
        TypeKind::Int => whole(32),
        TypeKind::BigInt => whole(64),
        TypeKind::Decimal { precision, scale } => {
            let most = 10_u128.pow(u32::from(precision.saturating_sub(*scale)));
            number.digits_behind_point() <= *scale && number.truncate().unsigned_abs() < most
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{EpochUnit, Instant, Place};
    use crate::sql::DataType;

    fn number(text: &str) -> Value {
        Value::Number(Decimal::parse(text).unwrap())
    }

    fn column(data_type: &str, value_type: ValueType) -> Subject {
        Subject {
            place: Place::column("x", DataType::parse(data_type).unwrap()),
            value_type,
        }
    }

    fn sql(data_type: &str, values: &[&str]) -> String {
        let values: Vec<_> = values.iter().map(|text| number(text)).collect();
        let column = column(data_type, ValueType::Number);
        format!("{}; {}", column.is_in(&values), column.is_not_in(&values))
    }

    #[test]
    fn a_list_keeps_what_its_column_can_hold() {
        for (data_type, values, expected) in [
            (
                "INT",
                vec!["1", "2147483648", "0.5"],
                "`x` IN (1); `x` NOT IN (1)",
            ),
            (
                "TINYINT",
                vec!["-128", "127", "128", "-129"],
                "`x` IN (-128, 127); `x` NOT IN (-128, 127)",
            ),
            (
                "BIGINT",
                vec!["9223372036854775808", "5"],
                "`x` IN (5); `x` NOT IN (5)",
            ),
            ("TINYINT", vec!["257", "258"], "`x` = 257; `x` <> 257"),
            (
                "DECIMAL(10, 2)",
                vec!["99999999.99", "100000000", "0.005"],
                "`x` IN (99999999.99); `x` NOT IN (99999999.99)",
            ),
            (
                "DECIMAL(38, 38)",
                vec!["0.1", "1"],
                "`x` IN (0.1); `x` NOT IN (0.1)",
            ),
            (
                "DOUBLE",
                vec!["0.1", "5"],
                "`x` IN (0.1, 5); `x` NOT IN (0.1, 5)",
            ),
            ("STRING", vec!["0.1", "5"], ""),
        ] {
            let found = sql(data_type, &values);
            if expected.is_empty() {
                assert!(found.contains("IN (0.1, 5)"), "{found}");
            } else {
                assert_eq!(found, expected, "{data_type}");
            }
        }
    }

    #[test]
    fn an_epoch_keeps_the_instants_of_its_unit() {
        let epoch = ValueType::Instant(InstantForm::Epoch(EpochUnit::Milliseconds));
        let instants = ["1970-01-01T00:00:01Z", "1970-01-01T00:00:00.0005Z"];
        let instants = instants.map(|text| Value::Instant(Instant::parse(text).unwrap()));
        insta::assert_snapshot!(column("BIGINT", epoch).is_in(&instants), @"`x` IN (1000)");
    }
}
