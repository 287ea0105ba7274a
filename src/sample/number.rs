//! Numbers of a schema: exact decimals within bounds, multiples of a step.

use serde_json::Value;

use super::rng::Rng;
use crate::schema::Node;

/// More digits behind the point are not read.
const MOST_SCALE: u32 = 30;
/// How far numbers go from a bound where the other one is open.
const SPREAD: i128 = 1_000;

/// A decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exact {
    unscaled: i128,
    scale: u32,
}

impl Exact {
    /// Reads a number of JSON; `None` where it has too many digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let unscaled: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        let Ok(scale) = u32::try_from(scale) else {
            let power = 10_i128.checked_pow(scale.unsigned_abs())?;
            let unscaled = unscaled.checked_mul(power)?;
            return Some(Self { unscaled, scale: 0 });
        };
        (scale <= MOST_SCALE).then_some(Self { unscaled, scale })
    }

    /// The number times 10^`scale`, where that is whole and not too large.
    fn at_scale(self, scale: u32) -> Option<i128> {
        let power = 10_i128.checked_pow(scale.checked_sub(self.scale)?)?;
        self.unscaled.checked_mul(power)
    }

    /// The number in units of one more digit than the finer of `scale` and its own, plus or minus one `step`.
    pub(super) fn neighbour(self, scale: u32, up: bool) -> Option<Self> {
        let scale = self.scale.max(scale);
        let step = if up { 1 } else { -1 };
        let unscaled = self.at_scale(scale)?.checked_add(step)?;
        Some(Self { unscaled, scale })
    }
}

/// As JSON writes it, with all its digits behind the point.
impl std::fmt::Display for Exact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.unscaled < 0 { "-" } else { "" };
        let digits = self.unscaled.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

/// The numbers that some schemas leave together.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    low: Option<Bound>,
    high: Option<Bound>,
    steps: Vec<Exact>,
}

#[derive(Debug, Clone, Copy)]
struct Bound {
    value: Exact,
    exclusive: bool,
}

impl Numbers {
    /// The numbers where all of `nodes` hold.
    pub(super) fn of(nodes: &[Node<'_>], whole: bool) -> Self {
        let mut numbers = Self::default();
        for node in nodes {
            let number = |keyword: &str| match node.value.get(keyword)? {
                Value::Number(number) => Exact::parse(&number.to_string()),
                _ => None,
            };
            for (keyword, exclusive) in [("minimum", false), ("exclusiveMinimum", true)] {
                let bound = number(keyword).map(|value| Bound { value, exclusive });
                numbers.low = inner(numbers.low, bound, std::cmp::Ordering::Greater);
            }
            for (keyword, exclusive) in [("maximum", false), ("exclusiveMaximum", true)] {
                let bound = number(keyword).map(|value| Bound { value, exclusive });
                numbers.high = inner(numbers.high, bound, std::cmp::Ordering::Less);
            }
            numbers.steps.extend(number("multipleOf"));
        }
        if whole {
            numbers.steps.push(Exact {
                unscaled: 1,
                scale: 0,
            });
        }
        numbers
    }

    /// One of them: often an ordinary one, sometimes the first or the last. `None` where there is none.
    pub(super) fn draw(&self, rng: &mut Rng) -> Option<Exact> {
        let bounds = [self.low, self.high];
        let values = bounds.iter().flatten().map(|bound| bound.value);
        let finest = values.chain(self.steps.iter().copied());
        let mut scale = finest.map(|exact| exact.scale).max().unwrap_or(0);
        if self.steps.is_empty() {
            scale = (scale + u32::try_from(rng.below(4)).unwrap_or(0)).max(1);
        }
        let step = self.steps.iter().try_fold(1, |step, other| {
            let other = other.at_scale(scale)?.checked_abs()?;
            least_common_multiple(step, other.max(1))
        })?;
        let unit = 10_i128.checked_pow(scale)?;
        let end = |bound: &Option<Bound>| match bound {
            Some(bound) => bound.value.at_scale(scale).map(Some),
            None => Some(None),
        };
        let (low, high) = (end(&self.low)?, end(&self.high)?);
        let spread = SPREAD.checked_mul(unit)?.max(step.checked_mul(SPREAD)?);
        let low_at = low.unwrap_or_else(|| high.map_or(0, |high| high.min(spread) - spread));
        let high_at = high.unwrap_or(low_at.max(0).checked_add(spread)?);
        let mut first = low_at.div_euclid(step) + i128::from(low_at.rem_euclid(step) != 0);
        let mut last = high_at.div_euclid(step);
        let open = |bound: &Option<Bound>| bound.is_some_and(|bound| bound.exclusive);
        if open(&self.low) && first * step == low_at {
            first += 1;
        }
        if open(&self.high) && last * step == high_at {
            last -= 1;
        }
        if first > last {
            return None;
        }
        let multiple = match rng.below(8) {
            0 if low.is_some() => first,
            1 if high.is_some() => last,
            _ => rng.between(first, last),
        };
        let unscaled = multiple.checked_mul(step)?;
        Some(Exact { unscaled, scale })
    }
}

/// The narrower of two bounds; `narrower` is how it compares with the other.
fn inner(a: Option<Bound>, b: Option<Bound>, narrower: std::cmp::Ordering) -> Option<Bound> {
    let (Some(one), Some(other)) = (a, b) else {
        return a.or(b);
    };
    let scale = one.value.scale.max(other.value.scale);
    let order = other.value.at_scale(scale).cmp(&one.value.at_scale(scale));
    let tighter = order == narrower || (order.is_eq() && other.exclusive);
    Some(if tighter { other } else { one })
}

fn least_common_multiple(a: i128, b: i128) -> Option<i128> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::Position;

    fn draw(schemas: &[Value], whole: bool, seed: u64) -> Option<String> {
        let nodes: Vec<_> = schemas
            .iter()
            .map(|value| Node {
                position: Position::default(),
                value,
            })
            .collect();
        let drawn = Numbers::of(&nodes, whole).draw(&mut Rng::new(seed));
        drawn.map(|number| number.to_string())
    }

    #[test]
    fn numbers_are_read_and_printed_exactly() {
        for (text, printed) in [
            ("0", "0"),
            ("-12.50", "-12.50"),
            ("1e-7", "0.0000001"),
            ("1.5E+3", "1500"),
            ("9007199254740993.25", "9007199254740993.25"),
            ("-0.01", "-0.01"),
        ] {
            assert_eq!(Exact::parse(text).unwrap().to_string(), printed, "{text}");
        }
        assert_eq!(Exact::parse("1e308"), None);
        let limit = Exact::parse("100000").unwrap();
        assert_eq!(limit.neighbour(2, false).unwrap().to_string(), "99999.99");
    }

    #[test]
    fn numbers_are_within_bounds_and_on_the_step() {
        let cents = json!({"minimum": 0, "maximum": 0.05, "multipleOf": 0.01});
        let drawn: std::collections::BTreeSet<_> = (0..99)
            .map(|seed| draw(std::slice::from_ref(&cents), false, seed).unwrap())
            .collect();
        let all: Vec<_> = drawn.iter().map(String::as_str).collect();
        assert_eq!(all, ["0.00", "0.01", "0.02", "0.03", "0.04", "0.05"]);
        let between = [
            json!({"exclusiveMinimum": 3, "multipleOf": 2}),
            json!({"exclusiveMaximum": 12, "multipleOf": 3}),
        ];
        assert_eq!(draw(&between, true, 1).as_deref(), Some("6"));
        let none = json!({"exclusiveMinimum": 6, "maximum": 11, "multipleOf": 6});
        assert_eq!(draw(&[none], true, 1), None);
        let contradiction = [json!({"minimum": 5}), json!({"maximum": 4.5})];
        assert_eq!(draw(&contradiction, false, 1), None);
        let far = json!({"minimum": 1_000_000});
        assert!(draw(&[far], true, 3).unwrap().starts_with("100"));
    }
}
