//! Exact numbers of columns: `DECIMAL` and the whole numbers.

use std::cmp::Ordering;
use std::fmt;

use crate::ir::Decimal;

/// The most digits that a `DECIMAL` has.
pub(super) const MOST_DIGITS: u8 = 38;

/// An exact number of at most 38 digits, `scale` of them behind the point.
#[derive(Debug, Clone, Copy)]
pub struct Exact {
    unscaled: i128,
    scale: u8,
    /// Whether its type has at most 18 digits: Flink holds it as a long then.
    is_short: bool,
}

/// The most digits of the types whose numbers Flink holds as a long.
const SHORT: u8 = 18;

impl Exact {
    /// `unscaled` × 10^-`scale`, of a type of any number of digits.
    pub(super) fn new(unscaled: i128, scale: u8) -> Self {
        Self {
            unscaled,
            scale,
            is_short: false,
        }
    }

    /// The same, where it has at most `precision` digits.
    pub(super) fn within(unscaled: i128, precision: u8, scale: u8) -> Option<Self> {
        let fits = unscaled.unsigned_abs() < power(precision);
        fits.then_some(Self {
            unscaled,
            scale,
            is_short: precision <= SHORT,
        })
    }

    /// The number times 10^`digits`.
    pub(super) fn shift(self, digits: i8) -> Option<Self> {
        let scale = i16::from(self.scale) - i16::from(digits);
        match u8::try_from(scale) {
            Ok(scale) => Some(Self { scale, ..self }),
            Err(_) => {
                let factor = power(u8::try_from(-scale).ok()?);
                let unscaled = self.unscaled.checked_mul(factor.try_into().ok()?)?;
                Some(Self {
                    unscaled,
                    scale: 0,
                    ..self
                })
            }
        }
    }

    /// The number with another scale, halves rounded away from zero; `None` where it takes more than `precision`
    /// digits.
    pub(super) fn rescale(self, precision: u8, scale: u8) -> Option<Self> {
        if scale >= self.scale {
            let factor = i128::try_from(power(scale - self.scale)).ok()?;
            let unscaled = self.unscaled.checked_mul(factor)?;
            return Self::within(unscaled, precision, scale);
        }
        let divisor = power(self.scale - scale);
        let magnitude = self.unscaled.unsigned_abs();
        let up = magnitude % divisor >= divisor.div_ceil(2);
        let rounded = i128::try_from(magnitude / divisor + u128::from(up)).ok()?;
        Self::within(rounded * self.unscaled.signum(), precision, scale)
    }

    /// Whether it has no digits behind the point by its type.
    pub(super) fn is_whole(self) -> bool {
        self.scale == 0
    }

    /// The number without its fraction.
    pub(super) fn truncate(self) -> i128 {
        self.unscaled
            .unsigned_abs()
            .checked_div(power(self.scale))
            .map_or(0, |whole| {
                i128::try_from(whole).unwrap_or(i128::MAX) * self.unscaled.signum()
            })
    }

    /// Without trailing zeros behind the point: the literal that is printed for it.
    pub(super) fn normalize(self) -> Self {
        let Self {
            mut unscaled,
            mut scale,
            is_short: _,
        } = self;
        while scale > 0 && unscaled % 10 == 0 {
            unscaled /= 10;
            scale -= 1;
        }
        Self {
            unscaled,
            scale,
            is_short: unscaled.unsigned_abs() < power(SHORT),
        }
    }

    /// As a double: the nearest one, but for long numbers of short types, whose digits Flink turns into a double before
    /// it moves the point.
    #[expect(clippy::cast_precision_loss, reason = "that is what Flink does")]
    pub(super) fn to_double(self) -> f64 {
        if self.is_short {
            return self.unscaled as f64 / 10_f64.powi(i32::from(self.scale));
        }
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The nearest float.
    pub(super) fn to_float(self) -> f32 {
        self.to_string().parse().unwrap_or(f32::NAN)
    }
}

fn power(digits: u8) -> u128 {
    // Beyond 38 digits nothing fits, so it does not matter how far.
    10_u128.pow(u32::from(digits.min(MOST_DIGITS)))
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        // Parts before and behind the point: both numbers on one scale may be too long.
        let parts = |number: &Self| {
            let unit = i128::try_from(power(number.scale)).unwrap_or(i128::MAX);
            let stretch = i128::try_from(power(scale - number.scale)).unwrap_or(i128::MAX);
            let (whole, rest) = (
                number.unscaled.div_euclid(unit),
                number.unscaled.rem_euclid(unit),
            );
            (whole, rest.saturating_mul(stretch))
        };
        parts(self).cmp(&parts(other))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl From<Decimal> for Exact {
    fn from(number: Decimal) -> Self {
        Self::new(number.unscaled(), 10)
    }
}

impl From<i128> for Exact {
    fn from(whole: i128) -> Self {
        Self::new(whole, 0)
    }
}

/// With all digits of its scale, as Flink casts it to text.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.unscaled < 0 { "-" } else { "" };
        let scale = usize::from(self.scale);
        let digits = format!(
            "{:0>width$}",
            self.unscaled.unsigned_abs(),
            width = scale + 1
        );
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let point = if scale == 0 { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: i128 = 10_i128.pow(38) - 1;

    #[test]
    fn numbers_compare_whatever_their_scales() {
        assert_eq!(Exact::new(150, 2), Exact::new(15, 1));
        assert!(Exact::new(-151, 2) < Exact::new(-15, 1));
        assert!(Exact::new(MOST, 0) > Exact::new(MOST, 38));
        assert!(Exact::new(-MOST, 0) < Exact::new(-MOST, 38));
        assert!(Exact::new(-1, 38) < Exact::new(0, 0));
    }

    #[test]
    fn another_scale_rounds_halves_away_from_zero() {
        for (number, precision, scale, expected) in [
            (Exact::new(2675, 3), 38, 2, Some("2.68")),
            (Exact::new(-2675, 3), 38, 2, Some("-2.68")),
            (Exact::new(2674, 3), 38, 2, Some("2.67")),
            (Exact::new(9995, 2), 4, 1, Some("100.0")),
            (Exact::new(99995, 2), 4, 1, None),
            (Exact::new(5, 38), 38, 0, Some("0")),
            (Exact::new(MOST, 0), 38, 1, None),
            (Exact::new(1, 0), 5, 2, Some("1.00")),
        ] {
            let rescaled = number.rescale(precision, scale).map(|it| it.to_string());
            assert_eq!(rescaled.as_deref(), expected, "{number}");
        }
    }

    /// Asked of Flink 2.2.1: `CAST(9007199254740993.00 AS DOUBLE)`.
    #[test]
    fn long_numbers_of_short_types_become_another_double() {
        let short = Exact::within(900_719_925_474_099_300, 18, 2);
        let double = short.map(|number| number.to_double().to_string());
        assert_eq!(double.as_deref(), Some("9007199254740994"));
        let long = Exact::within(900_719_925_474_099_300, 38, 2);
        let double = long.map(|number| number.to_double().to_string());
        assert_eq!(double.as_deref(), Some("9007199254740992"));
    }

    #[test]
    fn numbers_are_shifted_and_cut() {
        let shifted = |number: Exact, digits| number.shift(digits).map(|it| it.to_string());
        assert_eq!(shifted(Exact::new(15, 1), 3).as_deref(), Some("1500"));
        assert_eq!(shifted(Exact::new(-15, 1), -3).as_deref(), Some("-0.0015"));
        assert_eq!(shifted(Exact::new(MOST, 0), 3), None);
        assert_eq!(Exact::new(-199, 2).truncate(), -1);
        assert_eq!(Exact::new(MOST, 38).truncate(), 0);
        assert_eq!(Exact::new(1500, 2).normalize().to_string(), "15");
        assert_eq!(
            Exact::new(9_999_999_999_999_999, 2).to_double().to_string(),
            "99999999999999.98"
        );
    }
}
