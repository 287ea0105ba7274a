//! Times of day: a daily window in a time zone.

mod zone;

use std::fmt;
use std::ops::RangeInclusive;

use jiff::civil::date;

use super::decimal::number;
use zone::Zone;

use crate::sql::{DataType, Expr, Function, TimeUnit, TypeKind};

const DAY: i32 = 86_400;
/// Seconds since 1970 in the years 0 to 9999, without the first day and the last, which may lie in another year in some
/// zone. Flink writes other years with four digits all the same: of them nothing can be said.
const READABLE: RangeInclusive<i64> = -62_167_132_799..=253_402_214_399;
/// The first whole number that `DECIMAL(12, 0)` does not have.
const TOO_LONG: i64 = 1_000_000_000_000;

/// A daily window by the wall clocks of a time zone, daylight saving included. It may pass midnight; it is
/// never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TimeOfDay {
    from: Time,
    to: Time,
    zone: Zone,
}

/// A time of day, exact to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Time {
    /// Seconds since midnight, less than a day.
    seconds: i32,
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "from {} to {} in {}",
            self.from,
            self.to,
            self.zone.name()
        )
    }
}

/// A part of a [`TimeOfDay`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeOfDayPart {
    /// When it begins.
    From,
    /// When it ends.
    To,
    /// Whose clocks show the times.
    Zone,
}

/// Why three texts are no [`TimeOfDay`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TimeOfDayError {
    /// Which of them is wrong.
    pub part: TimeOfDayPart,
    /// What is wrong with it.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl TimeOfDay {
    /// Reads a window that begins at `from` and ends before `to`, each `HH:MM` or `HH:MM:SS`, in a zone named
    /// by the IANA database like `America/New_York`, or `UTC`.
    pub fn parse(from: &str, to: &str, zone: &str) -> Result<Self, TimeOfDayError> {
        let window = Self {
            from: Time::parse(from, TimeOfDayPart::From)?,
            to: Time::parse(to, TimeOfDayPart::To)?,
            zone: Zone::parse(zone)?,
        };
        if window.from == window.to {
            return Err(TimeOfDayError {
                part: TimeOfDayPart::To,
                message: format!("the window ends when it begins, at {}", window.to),
                help: "write two times; for the whole day leave the condition out".to_owned(),
            });
        }
        Ok(window)
    }

    /// Whether seconds since 1970, rounded down, lie in the window, as SQL: NULL for NULL.
    ///
    /// The time is read once however the window lies, because reading it is what costs: local times are moved so
    /// that the window begins at midnight.
    pub fn lower(&self, seconds: Expr) -> Expr {
        let seconds = readable(seconds);
        let utc = add_seconds(seconds, Expr::timestamp(date(1970, 1, 1).at(0, 0, 0, 0)));
        let local = Expr::call(
            Function::ConvertTz,
            [
                utc.cast(DataType::STRING),
                Expr::string("UTC"),
                Expr::string(self.zone.name()),
            ],
        );
        let midnight = Time { seconds: 0 };
        if self.to == midnight {
            return clock(local).ge(self.from.lower());
        }
        if self.from == midnight {
            return clock(local).lt(self.to.lower());
        }
        let length = Time {
            seconds: (self.to.seconds - self.from.seconds).rem_euclid(DAY),
        };
        let local = local.try_cast(TypeKind::Timestamp(0).nullable());
        let moved = add_seconds(Expr::number(-self.from.seconds), local);
        clock(moved.cast(DataType::STRING)).lt(length.lower())
    }

    /// Whether seconds since 1970 lie in the window: what the SQL says of them, `None` for its NULL.
    pub(crate) fn holds(&self, seconds: i64) -> Option<bool> {
        let offset = READABLE
            .contains(&seconds)
            .then(|| self.zone.offset(seconds))?;
        let local = seconds + i64::from(offset);
        let clock = i32::try_from(local.rem_euclid(i64::from(DAY))).ok()?;
        let (from, to) = (self.from.seconds, self.to.seconds);
        Some(if from < to {
            (from..to).contains(&clock)
        } else {
            clock >= from || clock < to
        })
    }
}

/// Seconds where they are [`READABLE`], else NULL. They are moved so that each end in turn is where a type ends: a
/// comparison would read them twice.
fn readable(seconds: Expr) -> Expr {
    let up = TOO_LONG - 1 - READABLE.end();
    let down = READABLE.start() + TOO_LONG - 1;
    let within = |moved: Expr| moved.try_cast(DataType::decimal(12, 0));
    let below_end = within(seconds + number(&up.to_string()));
    let above_start = within(below_end - number(&(up + down).to_string()));
    above_start.cast(DataType::BIGINT) + number(&down.to_string())
}

/// `TIMESTAMPADD(SECOND, seconds, timestamp)`
fn add_seconds(seconds: Expr, timestamp: Expr) -> Expr {
    let unit = Expr::Unit(TimeUnit::Second);
    Expr::call(Function::TimestampAdd, [unit, seconds, timestamp])
}

/// `09:00:00` of the text `2025-01-20 09:00:00`.
fn clock(text: Expr) -> Expr {
    Expr::call(
        Function::Substring,
        [text, Expr::number(12), Expr::number(8)],
    )
}

impl Time {
    fn parse(text: &str, part: TimeOfDayPart) -> Result<Self, TimeOfDayError> {
        Self::read(text).ok_or_else(|| TimeOfDayError {
            part,
            message: format!("`{text}` is not a time of day"),
            help: "write it like `09:00` or `17:30:00`; midnight is `00:00`".to_owned(),
        })
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let mut number = |limit: i32| {
            let digits = parts.next()?;
            let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits
                .parse()
                .ok()
                .filter(|number| plain && *number < limit)
        };
        let (hours, minutes) = (number(24)?, number(60)?);
        let seconds = if text.len() == "00:00".len() {
            0
        } else {
            number(60)?
        };
        let seconds = (hours * 60 + minutes) * 60 + seconds;
        parts.next().is_none().then_some(Self { seconds })
    }

    fn lower(self) -> Expr {
        Expr::string(self.to_string())
    }
}

/// `09:00:00`, whose order as text is that of time.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes) = (self.seconds / 3_600, self.seconds / 60 % 60);
        write!(f, "{hours:02}:{minutes:02}:{:02}", self.seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use insta::assert_snapshot;
    use proptest::prelude::*;

    use super::*;

    fn sql(from: &str, to: &str, zone: &str) -> String {
        let seconds = Expr::column("at");
        TimeOfDay::parse(from, to, zone)
            .unwrap()
            .lower(seconds)
            .to_string()
    }

    #[test]
    fn a_window_reads_the_time_once() {
        assert_snapshot!(sql("09:00", "17:00", "America/New_York"), @r"SUBSTRING(CAST(TIMESTAMPADD(SECOND, -32400, TRY_CAST(CONVERT_TZ(CAST(TIMESTAMPADD(SECOND, CAST(TRY_CAST(TRY_CAST(`at` + 746597785600 AS DECIMAL(12, 0)) - 1684430652800 AS DECIMAL(12, 0)) AS BIGINT) + 937832867200, TIMESTAMP '1970-01-01 00:00:00') AS STRING), 'UTC', 'America/New_York') AS TIMESTAMP(0))) AS STRING), 12, 8) < '08:00:00'");
        assert_snapshot!(sql("22:00", "06:30:15", "Europe/Berlin"), @r"SUBSTRING(CAST(TIMESTAMPADD(SECOND, -79200, TRY_CAST(CONVERT_TZ(CAST(TIMESTAMPADD(SECOND, CAST(TRY_CAST(TRY_CAST(`at` + 746597785600 AS DECIMAL(12, 0)) - 1684430652800 AS DECIMAL(12, 0)) AS BIGINT) + 937832867200, TIMESTAMP '1970-01-01 00:00:00') AS STRING), 'UTC', 'Europe/Berlin') AS TIMESTAMP(0))) AS STRING), 12, 8) < '08:30:15'");
        assert_snapshot!(sql("00:00", "06:00", "UTC"), @r"SUBSTRING(CONVERT_TZ(CAST(TIMESTAMPADD(SECOND, CAST(TRY_CAST(TRY_CAST(`at` + 746597785600 AS DECIMAL(12, 0)) - 1684430652800 AS DECIMAL(12, 0)) AS BIGINT) + 937832867200, TIMESTAMP '1970-01-01 00:00:00') AS STRING), 'UTC', 'UTC'), 12, 8) < '06:00:00'");
        assert_snapshot!(sql("22:00", "00:00", "US/Pacific"), @r"SUBSTRING(CONVERT_TZ(CAST(TIMESTAMPADD(SECOND, CAST(TRY_CAST(TRY_CAST(`at` + 746597785600 AS DECIMAL(12, 0)) - 1684430652800 AS DECIMAL(12, 0)) AS BIGINT) + 937832867200, TIMESTAMP '1970-01-01 00:00:00') AS STRING), 'UTC', 'US/Pacific'), 12, 8) >= '22:00:00'");
    }

    #[test]
    fn what_is_printed_parses_back() {
        for (from, to) in [("09:00", "17:00"), ("22:00", "06:00")] {
            let sql = sql(from, to, "Asia/Tokyo");
            assert_eq!(crate::sql::parse_expr(&sql).unwrap().to_string(), sql);
        }
    }

    #[test]
    fn each_part_is_checked() {
        let refusals = [
            ("9:00", "17:00", "UTC"),
            ("09:00", "24:00", "UTC"),
            ("09:00", "17:60", "UTC"),
            ("09:00", "17:00:60", "UTC"),
            ("09:00", "17:00:00:00", "UTC"),
            ("09:00", "17:00:", "UTC"),
            ("09:00", "17:00Z", "UTC"),
            ("0900", "17:00", "UTC"),
            ("", "17:00", "UTC"),
            ("+9:00", "17:00", "UTC"),
            ("09:00", "09:00:00", "UTC"),
        ]
        .into_iter()
        .fold(String::new(), |mut out, (from, to, zone)| {
            let error = TimeOfDay::parse(from, to, zone).unwrap_err();
            let TimeOfDayError {
                part,
                message,
                help,
            } = error;
            writeln!(out, "{part:?}: {message}; {help}").unwrap();
            out
        });
        assert_snapshot!(refusals, @r"
        From: `9:00` is not a time of day; write it like `09:00` or `17:30:00`; midnight is `00:00`
        To: `24:00` is not a time of day; write it like `09:00` or `17:30:00`; midnight is `00:00`
        To: `17:60` is not a time of day; write it like `09:00` or `17:30:00`; midnight is `00:00`
        To: `17:00:60` is not a time of day; write it like `09:00` or `17:30:00`; midnight is `00:00`
        To: `17:00:00:00` is not a time of day; write it like `09:00` or `17:30:00`; midnight is `00:00`
        To: `17:00:` is not a time of day; write it like `09:00` or `17:30:00`; midnight is `00:00`
        To: `17:00Z` is not a time of day; write it like `09:00` or `17:30:00`; midnight is `00:00`
        From: `0900` is not a time of day; write it like `09:00` or `17:30:00`; midnight is `00:00`
        From: `` is not a time of day; write it like `09:00` or `17:30:00`; midnight is `00:00`
        From: `+9:00` is not a time of day; write it like `09:00` or `17:30:00`; midnight is `00:00`
        To: the window ends when it begins, at 09:00:00; write two times; for the whole day leave the condition out
        ");
    }

    fn holds(from: &str, to: &str, zone: &str, instant: &str) -> Option<bool> {
        let instant = crate::ir::Instant::parse(instant).unwrap();
        TimeOfDay::parse(from, to, zone)
            .unwrap()
            .holds(instant.whole_seconds().unwrap())
    }

    #[test]
    fn a_window_follows_the_clocks_of_its_zone() {
        let new_york = |instant| holds("09:00", "17:00", "America/New_York", instant);
        assert_eq!(new_york("2025-01-20T14:00:00Z"), Some(true));
        assert_eq!(new_york("2025-01-20T13:59:59Z"), Some(false));
        assert_eq!(
            new_york("2025-07-20T13:00:00Z"),
            Some(true),
            "daylight saving"
        );
        assert_eq!(
            new_york("2025-07-20T21:00:00Z"),
            Some(false),
            "the end is not part of it"
        );
        assert_eq!(new_york("1899-12-31T14:00:00Z"), Some(true));
        let night = |instant| holds("22:00", "06:30:15", "UTC", instant);
        assert_eq!(night("2025-01-20T23:00:00Z"), Some(true));
        assert_eq!(night("2025-01-20T06:30:14Z"), Some(true));
        assert_eq!(night("2025-01-20T06:30:15Z"), Some(false));
        assert_eq!(
            holds("22:00", "00:00", "UTC", "2025-01-20T22:00:00Z"),
            Some(true)
        );
        assert_eq!(
            holds("22:00", "00:00", "UTC", "2025-01-20T00:00:00Z"),
            Some(false)
        );
    }

    /// Asked of Flink 2.2.1: `CONVERT_TZ` of times that Java knows little about.
    #[test]
    fn clocks_of_long_ago_are_those_of_java() {
        for (zone, seconds, clock) in [
            ("Europe/Amsterdam", -2_208_988_800, "00:00:00"),
            ("Europe/Amsterdam", -2_208_988_801, "00:59:59"),
            ("America/New_York", -5_000_000_000, "10:06:40"),
            ("America/New_York", 253_402_300_799, "18:59:59"),
            ("Asia/Tokyo", -62_167_219_200, "09:00:00"),
        ] {
            let offset = Zone::parse(zone).unwrap().offset(seconds);
            let clock_is = (seconds + i64::from(offset)).rem_euclid(i64::from(DAY));
            let time = Time {
                seconds: i32::try_from(clock_is).unwrap(),
            };
            assert_eq!(time.to_string(), clock, "{zone} {seconds}");
        }
    }

    #[test]
    fn years_that_flink_cannot_write_are_unknown() {
        let window = TimeOfDay::parse("09:00", "17:00", "Asia/Tokyo").unwrap();
        for seconds in [i64::MIN, -62_167_132_800, 253_402_214_400, i64::MAX] {
            assert_eq!(window.holds(seconds), None, "{seconds}");
        }
    }

    proptest! {
        #[test]
        fn times_print_as_they_read(seconds in 0..DAY) {
            let time = Time { seconds };
            prop_assert_eq!(Time::read(&time.to_string()), Some(time));
        }

        #[test]
        fn no_text_panics(from in ".{0,8}|[0-9:]{4,9}", zone in ".{0,8}|[A-Z][a-z/]{3,9}") {
            if let Err(error) = TimeOfDay::parse(&from, "12:00", &zone) {
                prop_assert!(!error.message.is_empty() && !error.help.is_empty());
            }
        }
    }
}
