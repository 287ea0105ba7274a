//! Instants in text, as the generated SQL reads them.
//!
//! A regular expression lets only RFC 3339 from the year 1600 on through to Flink's reader, which is lenient about the
//! days of a month alone: 30 February is 2 March.

use jiff::civil::Date;

/// A point in time that text says: whole seconds since 1970, and the fraction behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextInstant {
    /// Rounded down.
    pub(super) seconds: i64,
    /// Rounded to nine digits, so up to 10^9.
    pub(super) nanoseconds: u32,
}

impl TextInstant {
    /// Reads a text.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader(text.as_bytes());
        let year = reader.number(4, 1600..=9999)?;
        reader.eat(b'-')?;
        let month = reader.number(2, 1..=12)?;
        reader.eat(b'-')?;
        let day = reader.number(2, 1..=31)?;
        reader.eat(b'T')?;
        let hour = reader.number(2, 0..=23)?;
        reader.eat(b':')?;
        let minute = reader.number(2, 0..=59)?;
        reader.eat(b':')?;
        let second = reader.number(2, 0..=59)?;
        let nanoseconds = reader.fraction()?;
        let offset = reader.offset()?;
        let month_begins =
            Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
        let days = month_begins
            .duration_since(Date::constant(1970, 1, 1))
            .as_hours()
            / 24
            + day
            - 1;
        let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
        reader.0.is_empty().then_some(Self {
            seconds,
            nanoseconds,
        })
    }

    /// Nanoseconds since 1970.
    pub(super) fn since_1970(self) -> i128 {
        i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanoseconds)
    }
}

struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn eat(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then_some(())
    }

    fn digit(&mut self) -> Option<u8> {
        let digit = self
            .0
            .first()?
            .checked_sub(b'0')
            .filter(|digit| *digit < 10)?;
        self.next();
        Some(digit)
    }

    fn number(&mut self, digits: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let mut number = 0;
        for _ in 0..digits {
            number = number * 10 + i64::from(self.digit()?);
        }
        range.contains(&number).then_some(number)
    }

    /// Billionths, of which there may be any number of digits: the tenth digit rounds.
    fn fraction(&mut self) -> Option<u32> {
        if self.0.first() != Some(&b'.') {
            return Some(0);
        }
        self.next();
        let mut nanoseconds = u32::from(self.digit()?) * 100_000_000;
        let mut unit = 10_000_000;
        let mut rounded = false;
        while let Some(digit) = self.digit() {
            nanoseconds += u32::from(digit) * unit;
            if unit == 0 && !rounded {
                nanoseconds += u32::from(digit >= 5);
                rounded = true;
            }
            unit /= 10;
        }
        Some(nanoseconds)
    }

    /// Minutes.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.next()? {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.number(2, 0..=23)?;
        self.eat(b':')?;
        Some(sign * (hours * 60 + self.number(2, 0..=59)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row was asked of Flink 2.2.1.
    #[test]
    fn texts_are_read_as_the_generated_sql_reads_them() {
        for (text, seconds, nanoseconds) in [
            ("2025-01-20T13:30:00Z", 1_737_379_800, 0),
            ("2025-01-20T15:30:00.250+02:00", 1_737_379_800, 250_000_000),
            ("2025-02-30T00:00:00Z", 1_740_873_600, 0),
            ("2025-04-31T23:59:59Z", 1_746_143_999, 0),
            ("2023-02-29T00:00:00Z", 1_677_628_800, 0),
            ("1600-02-30T00:00:00Z", -11_670_912_000, 0),
            ("1700-02-29T00:00:00Z", -8_515_238_400, 0),
            ("9999-12-31T23:59:59-23:59", 253_402_387_139, 0),
            ("1600-01-01T00:00:00+23:59", -11_676_182_340, 0),
            (
                "2025-01-20T13:30:00.9999999999Z",
                1_737_379_800,
                1_000_000_000,
            ),
            (
                "2025-01-20T13:30:00.99999999949Z",
                1_737_379_800,
                999_999_999,
            ),
            (
                "2025-01-20T13:30:00.9999999995Z",
                1_737_379_800,
                1_000_000_000,
            ),
            ("1969-12-31T23:59:59.9995Z", -1, 999_500_000),
            ("2025-01-20T13:30:00-00:00", 1_737_379_800, 0),
        ] {
            assert_eq!(
                TextInstant::read(text),
                Some(TextInstant {
                    seconds,
                    nanoseconds
                }),
                "{text}"
            );
        }
        let long = format!("2025-01-20T13:30:00.{}Z", "1".repeat(40_000));
        assert_eq!(
            TextInstant::read(&long).map(|instant| instant.nanoseconds),
            Some(111_111_111)
        );
    }

    #[test]
    fn other_texts_are_no_instants() {
        for text in [
            "",
            "2025-01-20",
            "2025-01-20t13:30:00Z",
            "2025-01-20T13:30:00z",
            "2025-01-20T13:30:60Z",
            "2025-01-20T24:00:00Z",
            "2025-01-20T13:30:00",
            "2025-01-20T13:30:00Z\n",
            "2025-01-20T13:30:00+2:00",
            "2025-01-20T13:30:00.Z",
            "2025-01-20T13:30:00+24:00",
            "1599-12-31T23:59:59Z",
            "2025-00-20T13:30:00Z",
            "2025-01-32T13:30:00Z",
            "2025-01-00T13:30:00Z",
            " 2025-01-20T13:30:00Z",
            "２025-01-20T13:30:00Z",
        ] {
            assert_eq!(TextInstant::read(text), None, "{text:?}");
        }
    }
}
