//! What events hold: the operands of routes and their neighbours, so that both sides of each border are met.

use std::fmt::Write as _;

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::operands::{INSTANTS, TEXTS, number};
use super::rng::Rng;
use super::role::Role;

/// An operand, or something just beside one.
pub(super) fn natural(rng: &mut Rng, role: Role) -> String {
    match role {
        Role::Text => near_text(rng),
        Role::Number | Role::Whole => near_number(rng, role == Role::Whole),
        Role::Boolean => rng.pick(&["true", "false"]).to_owned(),
        Role::Instant => near_instant(rng),
        Role::Epoch(per_second) => near_epoch(rng, per_second),
    }
}

fn near_text(rng: &mut Rng) -> String {
    let text = rng.pick(TEXTS);
    match rng.below(16) {
        0 => format!("{text}x"),
        1 => format!("x{text}"),
        2 => text.to_uppercase(),
        3 => format!("{text}\n"),
        _ => text.to_owned(),
    }
}

const UNITS: i128 = 10_000_000_000;

fn near_number(rng: &mut Rng, whole: bool) -> String {
    let text = number(rng, whole);
    let Some(units) = units(&text) else {
        return text;
    };
    let step = if whole {
        UNITS
    } else {
        rng.pick(&[1, UNITS / 100, UNITS])
    };
    let moved = match rng.below(6) {
        0 => units + step,
        1 => units - step,
        _ => return spelled(rng, &text),
    };
    print(moved)
}

/// The same number in another way.
fn spelled(rng: &mut Rng, text: &str) -> String {
    match rng.below(12) {
        0 => format!("{text}e0"),
        1 if text.contains('.') => format!("{text}000"),
        1 => format!("{text}.0"),
        2 => format!("{text}0E-1"),
        3 => format!(" {text}"),
        _ => text.to_owned(),
    }
}

fn units(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<10}").parse().ok()
}

fn print(units: i128) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let magnitude = units.unsigned_abs();
    let (whole, fraction) = (
        magnitude / UNITS.unsigned_abs(),
        magnitude % UNITS.unsigned_abs(),
    );
    if fraction == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction:010}")
    }
}

/// An instant of the list, or one close to it.
pub(super) fn near(rng: &mut Rng) -> Timestamp {
    let at: Timestamp = rng.pick(INSTANTS).parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let moved = match rng.below(10) {
        0 => SignedDuration::from_nanos(1),
        1 => SignedDuration::from_nanos(-1),
        2 => SignedDuration::from_secs(1),
        3 => SignedDuration::from_secs(-1),
        4 => SignedDuration::from_millis(1),
        5 => SignedDuration::from_hours(i64::try_from(rng.below(24)).unwrap_or(0)),
        _ => SignedDuration::ZERO,
    };
    at + moved
}

fn near_instant(rng: &mut Rng) -> String {
    let at = near(rng);
    let minutes = rng.pick(&[0, 0, 60, -300, 330, 1_439, -1_439]);
    let offset = Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC);
    let civil = at.to_zoned(TimeZone::fixed(offset)).datetime();
    let mut text = civil.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let nanoseconds = civil.subsec_nanosecond();
    if nanoseconds != 0 || rng.chance(20) {
        let fraction = format!("{nanoseconds:09}");
        let short = fraction.trim_end_matches('0');
        let fraction = if short.is_empty() || rng.chance(20) {
            &*fraction
        } else {
            short
        };
        let _never_fails = write!(text, ".{fraction}");
    }
    if minutes == 0 && rng.chance(80) {
        text.push('Z');
    } else {
        let sign = if minutes < 0 { '-' } else { '+' };
        let _never_fails = write!(
            text,
            "{sign}{:02}:{:02}",
            minutes.abs() / 60,
            minutes.abs() % 60
        );
    }
    text
}

fn near_epoch(rng: &mut Rng, per_second: i64) -> String {
    let nanoseconds = near(rng).as_nanosecond();
    let scaled = nanoseconds * i128::from(per_second);
    let (whole, rest) = (
        scaled.div_euclid(1_000_000_000),
        scaled.rem_euclid(1_000_000_000),
    );
    if rest == 0 || rng.chance(50) {
        whole.to_string()
    } else {
        spelled_fraction(whole, rest)
    }
}

fn spelled_fraction(whole: i128, billionths: i128) -> String {
    // Of a negative number the fraction counts downwards.
    let (whole, billionths, sign) = if whole < 0 {
        (-whole - 1, 1_000_000_000 - billionths, "-")
    } else {
        (whole, billionths, "")
    };
    format!("{sign}{whole}.{billionths:09}")
}
