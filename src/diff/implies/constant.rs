//! Constants that operands are compared with.

use jiff::civil::DateTime;

use crate::ir::Decimal;
use crate::sql::{DataType, Expr, Function, Literal, TypeKind};

/// A constant. Those of one kind are ordered as SQL orders them, texts as far as [`Constant::is_ordered`] says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Constant {
    /// A number times 10^10.
    Number(i128),
    /// A text.
    Text(String),
    /// A wall clock.
    Timestamp(DateTime),
    /// An epoch as `TIMESTAMP_LTZ`: the precision, and the number times 10^10.
    Instant(i128, i128),
}

impl Constant {
    /// The constant that an expression is.
    pub(super) fn of(expression: &Expr) -> Option<Self> {
        match expression {
            Expr::Literal(Literal::String(text)) => Some(Self::Text(text.clone())),
            Expr::Literal(Literal::Timestamp(time)) => Some(Self::Timestamp(*time)),
            Expr::Call {
                function: Function::ToTimestampLtz,
                arguments,
            } => match arguments.as_slice() {
                [epoch, precision] => Some(Self::Instant(number(precision)?, number(epoch)?)),
                _ => None,
            },
            other => number(other).map(Self::Number),
        }
    }

    pub(super) fn is_same_kind(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(_), Self::Number(_))
            | (Self::Text(_), Self::Text(_))
            | (Self::Timestamp(_), Self::Timestamp(_)) => true,
            (Self::Instant(one, _), Self::Instant(two, _)) => one == two,
            _ => false,
        }
    }

    /// Whether `<` against it means the same everywhere: Flink orders texts by UTF-16 in one place and by UTF-8 in
    /// another, and both agree on which texts come before one of ASCII alone.
    pub(super) fn is_ordered(&self) -> bool {
        match self {
            Self::Text(text) => text.is_ascii(),
            _ => true,
        }
    }

    /// Whether each type of numbers, FLOAT included, tells it from a greater one.
    pub(super) fn is_apart_from(&self, greater: &Self) -> bool {
        /// Steps of a FLOAT: one may be lost to each rounding on the way there.
        const STEPS: i64 = 4;
        match (self, greater) {
            (Self::Number(less), Self::Number(greater)) => rank(*greater) - rank(*less) >= STEPS,
            _ => true,
        }
    }
}

/// The number that an expression is, times 10^10: a literal, or a cast of text where it is too long for one.
pub(super) fn number(expression: &Expr) -> Option<i128> {
    let text = match expression {
        Expr::Literal(Literal::Number(number)) => number.as_str(),
        Expr::Cast {
            expression,
            data_type,
            checked: false,
        } if *data_type == DataType::decimal(38, 10) => match &**expression {
            Expr::Literal(Literal::String(text)) => text,
            _ => return None,
        },
        _ => return None,
    };
    Decimal::parse(text).ok().map(Decimal::unscaled)
}

/// Whether an expression is a number of a type that is exact, and so never NaN.
pub(super) fn is_exact(expression: &Expr) -> bool {
    match expression {
        Expr::Cast { data_type, .. } => matches!(
            data_type.kind,
            TypeKind::TinyInt
                | TypeKind::SmallInt
                | TypeKind::Int
                | TypeKind::BigInt
                | TypeKind::Decimal { .. }
        ),
        Expr::Call { function, .. } => *function == Function::UnixTimestamp,
        Expr::Binary { left, right, .. } => is_exact(left) && is_exact(right),
        Expr::Literal(Literal::Number(_)) => true,
        _ => false,
    }
}

/// The place of a number among all of FLOAT.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "the place is asked for after rounding"
)]
fn rank(unscaled: i128) -> i64 {
    const UNIT: f64 = 1e10;
    let bits = ((unscaled.unsigned_abs() as f64 / UNIT) as f32).to_bits();
    let rank = i64::from(bits);
    if unscaled < 0 { -rank } else { rank }
}
