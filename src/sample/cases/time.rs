//! Instants at the borders of tests of instants.

use crate::ir::{Instant, Lookback, TimeOfDay};

const SECOND: i128 = 1_000_000_000;
/// A day in winter and one in summer, as seconds since 1970: daylight saving moves a window. (20 January and 21 July
/// 2025, 00:00 UTC.)
const DAYS: [i64; 2] = [1_737_331_200, 1_753_056_000];
const DAY: i64 = 86_400;

/// An instant, and how it is written.
pub(super) struct Written {
    pub(super) label: String,
    pub(super) instant: Instant,
    pub(super) text: String,
}

/// An instant in several spellings, and its neighbours.
pub(super) fn around(instant: Instant) -> Vec<Written> {
    let nanoseconds = instant.nanoseconds();
    let operand = text(nanoseconds, 0).unwrap_or_default();
    let near =
        |label: String, nanoseconds: i128, minutes: i64| written(label, nanoseconds, minutes);
    [
        near(format!("is {operand}"), nanoseconds, 0),
        near(format!("is {operand} elsewhere"), nanoseconds, 345),
        near(format!("is {operand} far west"), nanoseconds, -300),
        near(
            format!("is a nanosecond after {operand}"),
            nanoseconds + 1,
            0,
        ),
        near(
            format!("is a nanosecond before {operand}"),
            nanoseconds - 1,
            0,
        ),
        near(
            format!("is a second after {operand}"),
            nanoseconds + SECOND,
            0,
        ),
        near(
            format!("is a second before {operand}"),
            nanoseconds - SECOND,
            120,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Long ago and far ahead, and where the present is known the border itself.
pub(super) fn of_lookback(lookback: Lookback, now: Option<Instant>) -> Vec<Written> {
    let ages = [
        ("is far ahead", 4_102_444_800),
        ("is long ago", 946_684_800),
    ];
    let ages = ages.into_iter();
    let mut instants: Vec<Written> = ages
        .filter_map(|(label, seconds)| written(label.to_owned(), seconds * SECOND, 0))
        .collect();
    if let Some(now) = now {
        // The window ends at a whole second, as SQL counts them.
        let border =
            (now.nanoseconds().div_euclid(SECOND) - i128::from(lookback.seconds())) * SECOND;
        instants.extend(written(format!("is {lookback} ago"), border, 0));
        instants.extend(written(
            format!("is just over {lookback} ago"),
            border - 1,
            0,
        ));
        instants.extend(written(
            format!("is just under {lookback} ago"),
            border + SECOND,
            60,
        ));
    }
    instants
}

/// The seconds at which a daily window begins and ends, and those before.
pub(super) fn of_window(window: &TimeOfDay) -> Vec<Written> {
    let mut instants = Vec::new();
    for (day, season) in DAYS.into_iter().zip(["winter", "summer"]) {
        for at in changes(window, day) {
            let side = if window.holds(at) == Some(true) {
                "begins"
            } else {
                "ends"
            };
            for (before, label) in [(0, "is when the window"), (1, "is just before the window")] {
                let seconds = i128::from(at - before);
                let label = format!("{label} {side} in {season}");
                instants.extend(written(label, seconds * SECOND, 0));
            }
        }
    }
    instants
}

/// The seconds of a day at which the window opens or closes.
fn changes(window: &TimeOfDay, day: i64) -> Vec<i64> {
    let holds = |second: i64| window.holds(day + second);
    let mut changes = Vec::new();
    let mut minute = 0;
    while minute < DAY {
        if holds(minute) != holds(minute + 60) {
            let second = (minute + 1..=minute + 60).find(|at| holds(*at) != holds(*at - 1));
            changes.extend(second.map(|second| day + second));
        }
        minute += 60;
    }
    changes
}

fn written(label: String, nanoseconds: i128, minutes: i64) -> Option<Written> {
    let text = text(nanoseconds, minutes)?;
    Some(Written {
        label,
        instant: Instant::from_nanoseconds(nanoseconds),
        text,
    })
}

/// RFC 3339 with an offset of so many minutes; `None` beyond the years that can be written.
fn text(nanoseconds: i128, minutes: i64) -> Option<String> {
    let local = nanoseconds + i128::from(minutes) * 60 * SECOND;
    let clock = Instant::from_nanoseconds(local).civil()?;
    let offset = match minutes {
        0 => "Z".to_owned(),
        _ => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let minutes = minutes.unsigned_abs();
            format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    };
    Some(format!("{clock}{offset}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(written: &[Written]) -> Vec<&str> {
        written.iter().map(|one| one.text.as_str()).collect()
    }

    #[test]
    fn every_spelling_is_the_instant_that_it_is_labelled_as() {
        let instant = Instant::parse("2025-01-20T13:30:00Z").unwrap();
        let all = around(instant);
        assert_eq!(texts(&all)[1], "2025-01-20T19:15:00+05:45");
        assert_eq!(texts(&all)[4], "2025-01-20T13:29:59.999999999Z");
        for one in all {
            assert_eq!(Instant::parse(&one.text), Ok(one.instant), "{}", one.label);
        }
    }

    #[test]
    fn windows_have_borders_in_winter_and_summer() {
        let window = TimeOfDay::parse("09:00", "17:00:30", "America/New_York").unwrap();
        assert_eq!(
            texts(&of_window(&window)),
            [
                "2025-01-20T14:00:00Z",
                "2025-01-20T13:59:59Z",
                "2025-01-20T22:00:30Z",
                "2025-01-20T22:00:29Z",
                "2025-07-21T13:00:00Z",
                "2025-07-21T12:59:59Z",
                "2025-07-21T21:00:30Z",
                "2025-07-21T21:00:29Z",
            ]
        );
    }

    #[test]
    fn borders_of_the_present_need_a_present() {
        let day = Lookback::parse("1d").unwrap();
        assert_eq!(of_lookback(day, None).len(), 2);
        let now = Instant::parse("2025-01-20T13:30:00.5Z").unwrap();
        assert_eq!(
            texts(&of_lookback(day, Some(now)))[2],
            "2025-01-19T13:30:00Z"
        );
    }
}
