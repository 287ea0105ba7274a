//! Texts of a format (JSON Schema Validation, section 7.3).

use std::fmt::Write as _;

use super::WORDS;
use crate::sample::rng::Rng;

/// A text of a format; `None` for formats that are not known.
pub(super) fn draw(format: &str, rng: &mut Rng) -> Option<String> {
    let mut hex = |digits: usize| -> String {
        let number = rng.next();
        format!("{number:016x}").chars().take(digits).collect()
    };
    Some(match format {
        "date-time" => date_time(rng),
        "date" => date(rng),
        "time" => format!("{}Z", clock(rng)),
        "duration" => format!("PT{}M", 1 + rng.below(600)),
        "uuid" => format!("{}-{}-4{}-a{}-{}", hex(8), hex(4), hex(3), hex(3), hex(12)),
        "email" | "idn-email" => format!("{}{}@example.com", plain_word(rng), rng.below(1_000)),
        "hostname" | "idn-hostname" => format!("{}{}.example.com", plain_word(rng), rng.below(100)),
        "uri" | "iri" | "uri-reference" | "iri-reference" => {
            format!(
                "https://example.com/{}/{}",
                plain_word(rng),
                rng.below(1_000)
            )
        }
        "ipv4" => format!("192.0.2.{}", rng.below(256)),
        "ipv6" => format!("2001:db8::{}", hex(4)),
        "json-pointer" => format!("/{}/{}", plain_word(rng), rng.below(10)),
        "regex" => format!("^{}[0-9]+$", plain_word(rng)),
        _ => return None,
    })
}

fn plain_word(rng: &mut Rng) -> &'static str {
    // The first twelve words are ASCII letters alone.
    WORDS[rng.index(12)]
}

fn date(rng: &mut Rng) -> String {
    let (year, month, day) = (2020 + rng.below(10), 1 + rng.below(12), 1 + rng.below(28));
    format!("{year}-{month:02}-{day:02}")
}

fn clock(rng: &mut Rng) -> String {
    let (hour, minute, second) = (rng.below(24), rng.below(60), rng.below(60));
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// RFC 3339, as producers differ in it: with `Z` or an offset, with or without a fraction.
fn date_time(rng: &mut Rng) -> String {
    let mut text = format!("{}T{}", date(rng), clock(rng));
    let digits = [0, 0, 3, 6, 9][rng.index(5)];
    if digits > 0 {
        let fraction = rng.below(10_u64.pow(digits));
        // Writing to a string cannot fail.
        let _ = write!(text, ".{fraction:0width$}", width = digits as usize);
    }
    let offsets = ["Z", "Z", "+00:00", "+02:00", "-05:00", "+05:45"];
    text.push_str(offsets[rng.index(offsets.len())]);
    text
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, proptest};

    use super::*;
    use crate::ir::Instant;

    proptest! {
        #[test]
        fn instants_are_instants(seed: u64) {
            let text = date_time(&mut Rng::new(seed));
            prop_assert!(Instant::parse(&text).is_ok(), "{text}");
        }
    }
}
