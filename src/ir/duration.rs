//! Durations: how far `withinLast` looks back.

use std::fmt;

use super::{InstantForm, Subject, ValueType};
use crate::sql::{Expr, Function};

/// The units, largest first, and their seconds. Months and years are none: their lengths vary.
const UNITS: [(char, u32); 5] = [
    ('w', 7 * 86_400),
    ('d', 86_400),
    ('h', 3_600),
    ('m', 60),
    ('s', 1),
];
/// Ten years, three of them leap years.
const MAX_SECONDS: u32 = 3_653 * 86_400;

/// A positive number of seconds, at most ten years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lookback {
    seconds: u32,
}

/// Why a text is no [`Lookback`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LookbackError {
    /// Not whole numbers with units, largest unit first.
    #[error("not a duration; write it like `30m`, `24h` or `1d12h` with the units w, d, h, m, s")]
    Malformed,
    /// No time at all.
    #[error("an empty duration; write at least `1s`")]
    Zero,
    /// More than ten years.
    #[error("more than ten years; write at most `3653d`")]
    TooLong,
}

impl Lookback {
    /// Reads `1d12h`: whole numbers, each with a unit, the largest unit first and none twice.
    pub fn parse(text: &str) -> Result<Self, LookbackError> {
        let mut rest = text;
        let mut units = UNITS.as_slice();
        let mut seconds = 0_u64;
        while !rest.is_empty() {
            let digits = rest
                .find(|c: char| !c.is_ascii_digit())
                .ok_or(LookbackError::Malformed)?;
            let (number, behind) = rest.split_at(digits);
            let unit = units
                .iter()
                .position(|(letter, _)| behind.starts_with(*letter))
                .filter(|_| digits > 0)
                .ok_or(LookbackError::Malformed)?;
            // Only digits are left that can be too many.
            let number: u64 = number.parse().map_err(|_| LookbackError::TooLong)?;
            seconds = number
                .checked_mul(u64::from(units[unit].1))
                .and_then(|part| seconds.checked_add(part))
                .ok_or(LookbackError::TooLong)?;
            units = &units[unit + 1..];
            rest = &behind[1..];
        }
        if text.is_empty() {
            return Err(LookbackError::Malformed);
        }
        match u32::try_from(seconds) {
            Ok(0) => Err(LookbackError::Zero),
            Ok(seconds @ 1..=MAX_SECONDS) => Ok(Self { seconds }),
            _ => Err(LookbackError::TooLong),
        }
    }

    /// Its length in seconds.
    pub fn seconds(self) -> u32 {
        self.seconds
    }

    /// Whether an instant lies within this time before now, or after now. Now is the whole second in which Flink
    /// processes the event.
    pub fn lower(self, subject: &Subject) -> Expr {
        let now = Expr::call(Function::UnixTimestamp, []);
        let since = now - super::decimal::number(&self.seconds.to_string());
        if subject.value_type == ValueType::Instant(InstantForm::Timestamp) {
            let since = Expr::call(Function::ToTimestampLtz, [since, Expr::number(0)]);
            return subject.typed().ge(since);
        }
        subject.seconds().ge(since)
    }
}

/// In days, hours, minutes and seconds, the largest unit first.
impl fmt::Display for Lookback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.seconds;
        for (letter, length) in &UNITS[1..] {
            if rest >= *length {
                write!(f, "{}{letter}", rest / length)?;
                rest %= length;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use proptest::prelude::*;

    use super::*;
    use crate::ir::{EpochUnit, Place};
    use crate::sql::{DataType, TypeKind};

    #[test]
    fn durations_are_sums_of_units() {
        for (text, seconds, printed) in [
            ("1s", 1, "1s"),
            ("90m", 5_400, "1h30m"),
            ("24h", 86_400, "1d"),
            ("1d12h", 129_600, "1d12h"),
            ("2w", 1_209_600, "14d"),
            ("1w1d1h1m1s", 694_861, "8d1h1m1s"),
            ("1d0h5s", 86_405, "1d5s"),
            ("3653d", 315_619_200, "3653d"),
        ] {
            let lookback = Lookback::parse(text).unwrap();
            assert_eq!(lookback.seconds(), seconds, "{text}");
            assert_eq!(lookback.to_string(), printed, "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        use LookbackError::{Malformed, TooLong, Zero};
        for (text, error) in [
            ("", Malformed),
            ("24", Malformed),
            ("h", Malformed),
            ("-1h", Malformed),
            ("1.5h", Malformed),
            ("1 h", Malformed),
            ("24H", Malformed),
            ("1y", Malformed),
            ("500ms", Malformed),
            ("1h1d", Malformed),
            ("1h1h", Malformed),
            ("PT24H", Malformed),
            ("１h", Malformed),
            ("0s", Zero),
            ("0d0h", Zero),
            ("3654d", TooLong),
            ("3653d1s", TooLong),
            ("99999999999999999999s", TooLong),
            ("18446744073709551615w", TooLong),
        ] {
            assert_eq!(Lookback::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_duration_becomes_a_bound() {
        let day = Lookback::parse("24h").unwrap();
        let at = |data_type, form| Subject {
            place: Place::column("at", data_type),
            value_type: ValueType::Instant(form),
        };
        let epoch = at(DataType::BIGINT, InstantForm::Epoch(EpochUnit::Seconds));
        assert_snapshot!(day.lower(&epoch), @"TRY_CAST(`at` AS BIGINT) >= UNIX_TIMESTAMP() - 86400");
        let timestamp = TypeKind::TimestampLtz(3).nullable();
        let timestamp = at(timestamp, InstantForm::Timestamp);
        assert_snapshot!(day.lower(&timestamp), @"`at` >= TO_TIMESTAMP_LTZ(UNIX_TIMESTAMP() - 86400, 0)");
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_as_the_same_duration(seconds in 1..=MAX_SECONDS) {
            let lookback = Lookback { seconds };
            prop_assert_eq!(Lookback::parse(&lookback.to_string()), Ok(lookback));
        }

        #[test]
        fn no_text_panics(text in ".{0,8}|[0-9wdhms]{0,24}") {
            if let Ok(lookback) = Lookback::parse(&text) {
                prop_assert!((1..=MAX_SECONDS).contains(&lookback.seconds()));
            }
        }
    }
}
