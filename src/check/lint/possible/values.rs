//! Sets of values of one type.

use std::collections::BTreeSet;

use crate::ir::{Value, ValueType};
use crate::sql::BinaryOperator;

/// Values of one type, those of one field at most.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::check::lint) enum Values<'c> {
    /// These texts.
    Texts(BTreeSet<&'c str>),
    /// All texts but these; what has neither texts nor an order counts as such, too.
    Except(BTreeSet<&'c str>),
    /// Stretches of an ordered line, ascending and apart from each other.
    Ranges(Vec<(Position, Position)>),
}

/// A place on the line of an ordered type: a point, or all that is between it and the next point. Nothing is
/// said about how near points are to each other, so also what is between them can hold a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::check::lint) struct Position {
    point: i128,
    above: bool,
}

impl Position {
    const FIRST: Self = Self {
        point: i128::MIN,
        above: false,
    };
    const LAST: Self = Self {
        point: i128::MAX,
        above: true,
    };

    fn at(point: i128) -> Self {
        Self {
            point,
            above: false,
        }
    }

    /// The next place; there is none behind the last.
    fn next(self) -> Option<Self> {
        if self.above {
            self.point.checked_add(1).map(Self::at)
        } else {
            Some(Self {
                above: true,
                ..self
            })
        }
    }

    /// The place before; there is none before the first.
    fn previous(self) -> Option<Self> {
        if self.above {
            Some(Self::at(self.point))
        } else {
            let point = self.point.checked_sub(1)?;
            Some(Self { point, above: true })
        }
    }
}

/// Where a value is on the line of its type; texts and what is read from them have no order.
fn point(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => Some(number.unscaled()),
        Value::Instant(instant) => Some(instant.nanoseconds()),
        Value::Boolean(value) => Some(i128::from(*value)),
        Value::Text(_) | Value::Pattern(_) | Value::Lookback(_) => None,
    }
}

impl<'c> Values<'c> {
    /// Every value of a type.
    pub(super) fn every(value_type: ValueType) -> Self {
        match value_type {
            ValueType::Text | ValueType::Structure => Self::Except(BTreeSet::new()),
            ValueType::Boolean => Self::points(vec![0, 1]),
            ValueType::Number | ValueType::Instant(_) => {
                Self::Ranges(vec![(Position::FIRST, Position::LAST)])
            }
        }
    }

    /// These values; `None` where they are not all texts, or all on one line.
    pub(in crate::check::lint) fn listed(
        values: impl IntoIterator<Item = &'c Value>,
    ) -> Option<Self> {
        let mut values = values.into_iter().peekable();
        if let Some(Value::Text(_)) = values.peek() {
            let text = |value: &'c Value| match value {
                Value::Text(text) => Some(text.as_str()),
                _ => None,
            };
            return values.map(text).collect::<Option<_>>().map(Self::Texts);
        }
        values.map(point).collect::<Option<_>>().map(Self::points)
    }

    fn points(mut points: Vec<i128>) -> Self {
        points.sort_unstable();
        points.dedup();
        let ranges = points.into_iter().map(|point| {
            let at = Position::at(point);
            (at, at)
        });
        Self::Ranges(ranges.collect())
    }

    /// The values from one to another, both included.
    pub(super) fn between(low: &Value, high: &Value) -> Option<Self> {
        let (low, high) = (Position::at(point(low)?), Position::at(point(high)?));
        let range = (low <= high).then_some((low, high));
        Some(Self::Ranges(range.into_iter().collect()))
    }

    /// The values that compare so with one.
    pub(super) fn compared(operator: BinaryOperator, value: &'c Value) -> Option<Self> {
        let equal = Self::listed([value])?;
        let ordered = |from: Option<Position>, to: Option<Position>| {
            let range = from.zip(to);
            Some(Self::Ranges(range.into_iter().collect()))
        };
        let at = point(value).map(Position::at);
        match (operator, at) {
            (BinaryOperator::Equal, _) => Some(equal),
            (BinaryOperator::NotEqual, _) => Some(equal.complement()),
            (BinaryOperator::Less, Some(at)) => ordered(Some(Position::FIRST), at.previous()),
            (BinaryOperator::LessOrEqual, Some(at)) => ordered(Some(Position::FIRST), Some(at)),
            (BinaryOperator::Greater, Some(at)) => ordered(at.next(), Some(Position::LAST)),
            (BinaryOperator::GreaterOrEqual, Some(at)) => ordered(Some(at), Some(Position::LAST)),
            (_, _) => None,
        }
    }

    /// No value, of the same type.
    pub(super) fn none(&self) -> Self {
        match self {
            Self::Texts(_) | Self::Except(_) => Self::Texts(BTreeSet::new()),
            Self::Ranges(_) => Self::Ranges(Vec::new()),
        }
    }

    /// Every other value of the line, or every other text.
    pub(super) fn complement(&self) -> Self {
        match self {
            Self::Texts(texts) => Self::Except(texts.clone()),
            Self::Except(texts) => Self::Texts(texts.clone()),
            Self::Ranges(ranges) => {
                let mut gaps = Vec::with_capacity(ranges.len() + 1);
                let mut free = Some(Position::FIRST);
                for (low, high) in ranges {
                    let before = low.previous();
                    gaps.extend(free.zip(before).filter(|(from, to)| from <= to));
                    free = high.next();
                }
                gaps.extend(free.map(|from| (from, Position::LAST)));
                Self::Ranges(gaps)
            }
        }
    }

    /// The values in both.
    pub(super) fn intersect(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Texts(one), Self::Texts(two)) => Self::Texts(one & two),
            (Self::Texts(these), Self::Except(out)) | (Self::Except(out), Self::Texts(these)) => {
                Self::Texts(these - out)
            }
            (Self::Except(one), Self::Except(two)) => Self::Except(one | two),
            (Self::Ranges(one), Self::Ranges(two)) => Self::Ranges(overlaps(one, two)),
            // Of two types: nothing is known of them together.
            (one, _) => one.clone(),
        }
    }

    /// The values in either.
    pub(super) fn union(&self, other: &Self) -> Self {
        let neither = self.complement().intersect(&other.complement());
        neither.complement()
    }

    /// Whether there is just one.
    pub(super) fn is_single(&self) -> bool {
        match self {
            Self::Texts(texts) => texts.len() == 1,
            Self::Except(_) => false,
            Self::Ranges(ranges) => {
                matches!(ranges.as_slice(), [(low, high)] if low == high && !low.above)
            }
        }
    }

    /// Whether a text is among them.
    pub(in crate::check::lint) fn has_text(&self, text: &str) -> bool {
        match self {
            Self::Texts(texts) => texts.contains(text),
            Self::Except(texts) => !texts.contains(text),
            Self::Ranges(_) => false,
        }
    }

    /// Whether there are none.
    pub(in crate::check::lint) fn is_empty(&self) -> bool {
        match self {
            Self::Texts(texts) => texts.is_empty(),
            Self::Except(_) => false,
            Self::Ranges(ranges) => ranges.is_empty(),
        }
    }
}

fn overlaps(
    one: &[(Position, Position)],
    two: &[(Position, Position)],
) -> Vec<(Position, Position)> {
    let mut found = Vec::new();
    let (mut ones, mut twos) = (one.iter().peekable(), two.iter().peekable());
    while let (Some((low, high)), Some((other_low, other_high))) = (ones.peek(), twos.peek()) {
        let (from, to) = (*low.max(other_low), *high.min(other_high));
        if from <= to {
            found.push((from, to));
        }
        if high <= other_high {
            ones.next();
        } else {
            twos.next();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Decimal;

    fn number(text: &str) -> Value {
        Value::Number(Decimal::parse(text).unwrap())
    }

    #[test]
    fn ranges_meet_where_they_share_a_value() {
        let (five, six) = (number("5"), number("6"));
        let above = Values::compared(BinaryOperator::Greater, &five).unwrap();
        let below = Values::compared(BinaryOperator::Less, &six).unwrap();
        assert!(!above.intersect(&below).is_empty());
        let at_most = Values::compared(BinaryOperator::LessOrEqual, &five).unwrap();
        assert!(above.intersect(&at_most).is_empty());
        let from = Values::compared(BinaryOperator::GreaterOrEqual, &five).unwrap();
        assert_eq!(from.intersect(&at_most), Values::listed([&five]).unwrap());
    }

    #[test]
    fn complements_and_unions_cover_the_line() {
        let every = Values::every(ValueType::Number);
        let (low, high) = (number("-1"), number("1"));
        let middle = Values::between(&low, &high).unwrap();
        let outside = middle.complement();
        assert!(middle.intersect(&outside).is_empty());
        assert_eq!(middle.union(&outside), every);
        assert_eq!(outside.complement(), middle);
        assert!(every.complement().is_empty());
    }

    #[test]
    fn numbers_finer_than_decimals_are_not_excluded() {
        // Columns of type DECIMAL(38, 20) have values between these two.
        let (one, two) = (number("0"), number("0.0000000001"));
        let above = Values::compared(BinaryOperator::Greater, &one).unwrap();
        let below = Values::compared(BinaryOperator::Less, &two).unwrap();
        assert!(!above.intersect(&below).is_empty());
    }

    #[test]
    fn all_but_some_texts_is_never_empty() {
        let (a, b) = (Value::Text("a".into()), Value::Text("b".into()));
        let a = Values::listed([&a]).unwrap();
        let b = Values::listed([&b]).unwrap();
        assert!(a.intersect(&b).is_empty());
        assert!(!a.complement().intersect(&b.complement()).is_empty());
        assert_eq!(
            a.complement().union(&b.complement()),
            Values::every(ValueType::Text)
        );
    }
}
