//! The text of numbers.

use crate::eval::big_decimal::BigDecimal;

/// The most digits that a number may have (Jackson, `StreamReadConstraints`).
const MOST_DIGITS: usize = 1_000;

/// The parts of a number's text, which follow the grammar of RFC 8259.
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    pub(super) whole: &'t str,
    pub(super) fraction: Option<&'t str>,
    pub(super) exponent: Option<&'t str>,
}

impl Token<'_> {
    /// The text that `JSON_VALUE` gives of the number; `None` where it makes the document unreadable.
    pub(super) fn canonical(&self) -> Option<String> {
        let parts = [Some(self.whole), self.fraction, self.exponent];
        let digits: usize = parts.iter().flatten().map(|part| part.len()).sum();
        // Behind a leading zero Flink's reader counts one digit less for each part that is missing.
        let missing = parts.iter().filter(|part| part.is_none()).count();
        let slack = if self.whole == "0" { missing } else { 0 };
        if digits > MOST_DIGITS + slack {
            return None;
        }
        let plain = self.fraction.is_none() && self.exponent.is_none();
        match (plain, self.exponent, self.whole) {
            (true, _, "0") => Some("0".to_owned()),
            (true, _, _) => Some(self.text.to_owned()),
            // Anything else may print in another way.
            (false, None, whole) if whole != "0" => Some(self.text.to_owned()),
            _ => BigDecimal::parse(self.text).map(|number| number.to_string()),
        }
    }
}
