//! Instants: RFC 3339 timestamps with their offset.

use std::fmt;

use jiff::Timestamp;

/// A point in time, exact to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Timestamp);

/// Why a text is no [`Instant`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an instant like 2025-01-20T13:30:00Z or 2025-01-20T08:30:00.250-05:00")]
pub struct InstantError;

impl Instant {
    /// Reads RFC 3339 with `T`, seconds and an offset; years from 1600, as the generated SQL reads events.
    pub fn parse(text: &str) -> Result<Self, InstantError> {
        let bytes = text.as_bytes();
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        let shaped = separators
            .iter()
            .all(|(at, byte)| bytes.get(*at) == Some(byte));
        let year_in_range = text.get(..4).is_some_and(|year| year >= "1600");
        let rest = text.get(19..).ok_or(InstantError)?;
        let offset = rest.strip_prefix('.').map_or(rest, |fraction| {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        });
        let zone = offset == "Z"
            || (offset.len() == 6
                && offset.starts_with(['+', '-'])
                && offset.as_bytes()[3] == b':');
        if !shaped || !year_in_range || !zone || text.get(17..19) == Some("60") {
            return Err(InstantError);
        }
        text.parse().map(Self).map_err(|_| InstantError)
    }

    /// The whole seconds since 1970, where there is no fraction.
    pub fn whole_seconds(self) -> Option<i64> {
        (self.0.subsec_nanosecond() == 0).then(|| self.0.as_second())
    }

    /// Seconds since 1970 times `units_per_second`, with their fraction, as a plain decimal.
    pub(super) fn seconds(self, units_per_second: i128) -> String {
        const NANOSECONDS: u128 = 1_000_000_000;
        let scaled = self.0.as_nanosecond() * units_per_second;
        let sign = if scaled < 0 { "-" } else { "" };
        let (whole, fraction) = (
            scaled.unsigned_abs() / NANOSECONDS,
            scaled.unsigned_abs() % NANOSECONDS,
        );
        let text = format!("{sign}{whole}.{fraction:09}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// Milliseconds since 1970; see [`Instant::is_whole_milliseconds`].
    pub(super) fn milliseconds(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Whether nothing is finer than a millisecond.
    pub fn is_whole_milliseconds(self) -> bool {
        self.0.subsec_nanosecond() % 1_000_000 == 0
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
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
            "２025-01-20T13:30:00Z",
        ] {
            assert_eq!(Instant::parse(text), Err(InstantError), "{text}");
        }
    }
}
