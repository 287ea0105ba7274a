//! Instants: RFC 3339 timestamps with their offset.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};

const NANOSECONDS: u128 = 1_000_000_000;
const EPOCH: DateTime = Date::constant(1970, 1, 1).at(0, 0, 0, 0);

/// A point in time, exact to the nanosecond, in the years 1600 to 9999 of its offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Nanoseconds since 1970.
    nanoseconds: i128,
}

/// Why a text is no [`Instant`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an instant like 2025-01-20T13:30:00Z or 2025-01-20T08:30:00.250-05:00")]
pub struct InstantError;

impl Instant {
    /// Reads RFC 3339 with `T`, seconds and an offset; years from 1600, as the generated SQL reads events.
    /// (jiff's own timestamps end a day before the year 9999 does, which people write for "never".)
    pub fn parse(text: &str) -> Result<Self, InstantError> {
        let bytes = text.as_bytes();
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        let shaped = separators
            .iter()
            .all(|(at, byte)| bytes.get(*at) == Some(byte));
        let year_in_range = text.get(..4).is_some_and(|year| year >= "1600");
        let leap_second = text.get(17..19) == Some("60");
        let rest = text.get(19..).ok_or(InstantError)?;
        let offset = rest.strip_prefix('.').map_or(rest, |fraction| {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        });
        let clock = &text[..text.len() - offset.len()];
        if !shaped || !year_in_range || leap_second {
            return Err(InstantError);
        }
        let clock: DateTime = clock.parse().map_err(|_| InstantError)?;
        let offset = offset_seconds(offset).ok_or(InstantError)?;
        let since = clock.duration_since(EPOCH).as_nanos();
        let nanoseconds = since - i128::from(offset) * NANOSECONDS.cast_signed();
        Ok(Self { nanoseconds })
    }

    /// So many nanoseconds since 1970.
    pub fn from_nanoseconds(nanoseconds: i128) -> Self {
        Self { nanoseconds }
    }

    /// Nanoseconds since 1970.
    pub fn nanoseconds(self) -> i128 {
        self.nanoseconds
    }

    /// What the clocks of UTC show; `None` beyond the year 9999.
    pub(crate) fn civil(self) -> Option<DateTime> {
        let nanoseconds = SignedDuration::from_nanos_i128(self.nanoseconds);
        EPOCH.checked_add(nanoseconds).ok()
    }

    /// The whole seconds since 1970, where there is no fraction.
    pub fn whole_seconds(self) -> Option<i64> {
        let seconds = NANOSECONDS.cast_signed();
        let whole = self.nanoseconds % seconds == 0;
        i64::try_from(self.nanoseconds / seconds)
            .ok()
            .filter(|_| whole)
    }

    /// Seconds since 1970 times `units_per_second`, with their fraction, as a plain decimal.
    pub(super) fn seconds(self, units_per_second: i128) -> String {
        let scaled = self.nanoseconds * units_per_second;
        let sign = if scaled < 0 { "-" } else { "" };
        let (whole, fraction) = (
            scaled.unsigned_abs() / NANOSECONDS,
            scaled.unsigned_abs() % NANOSECONDS,
        );
        let text = format!("{sign}{whole}.{fraction:09}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// Milliseconds since 1970; see [`Instant::is_whole_milliseconds`].
    pub(super) fn milliseconds(self) -> i128 {
        self.nanoseconds / 1_000_000
    }

    /// Whether nothing is finer than a millisecond.
    pub fn is_whole_milliseconds(self) -> bool {
        self.nanoseconds % 1_000_000 == 0
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        Self::from_nanoseconds(timestamp.as_nanosecond())
    }
}

/// The seconds of `Z` or `+hh:mm`; hours to 23, minutes to 59.
fn offset_seconds(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.as_bytes() {
        [b'+', _, _, b':', _, _] => 1,
        [b'-', _, _, b':', _, _] => -1,
        _ => return None,
    };
    let (hours, minutes) = (
        two_digits(text.get(1..3)?, 23)?,
        two_digits(text.get(4..6)?, 59)?,
    );
    Some(sign * (hours * 3_600 + minutes * 60))
}

fn two_digits(text: &str, most: i64) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (digits && number <= most).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> String {
        Instant::parse(text).unwrap().seconds(1)
    }

    #[test]
    fn offsets_and_fractions_are_honoured() {
        assert_eq!(
            seconds("2025-01-20T15:30:00.250+02:00"),
            seconds("2025-01-20T13:30:00.25Z")
        );
        assert_eq!(seconds("2025-01-20T13:30:00Z"), "1737379800");
        assert_eq!(seconds("1969-12-31T23:59:59.500Z"), "-0.5");
        assert_eq!(seconds("9999-12-31T23:59:59Z"), "253402300799");
        assert_eq!(seconds("9999-12-31T23:59:59-23:59"), "253402387139");
        let instant = Instant::parse("2025-01-20T13:30:00.0005Z").unwrap();
        assert_eq!(instant.seconds(1_000), "1737379800000.5");
        assert!(!instant.is_whole_milliseconds());
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2025-01-20",
            "2025-01-20T13:30:00",
            "2025-01-20 13:30:00Z",
            "2025-13-45T99:99:99Z",
            "2025-01-20T13:30Z",
            "2025-01-20T13:30:00Zjunk",
            "2025-01-20T13:30:00+0200",
            "2025-01-20T13:30:00+02:00[Europe/Paris]",
            "1599-01-01T00:00:00Z",
            "2025-02-30T00:00:00Z",
            "2025-01-20T13:30:60Z",
            "2025-01-20T13:30:00+24:00",
            "2025-01-20T13:30:00.Z",
            "2025-01-20T13:30:00+0a:00",
            "２025-01-20T13:30:00Z",
        ] {
            assert_eq!(Instant::parse(text), Err(InstantError), "{text}");
        }
    }
}
