//! Characters that nobody would see in a review, or tell from a space: in SQL they are spelled out.
//!
//! Flink's SQL client, too, takes a script for what somebody types, where a tab in a text asks for completion and
//! vanishes. Line ends may stay.

use std::fmt::Write as _;

/// Whether nobody would see the character, or tell it from a space: control characters, spaces of other kinds,
/// marks of text direction, and what has no width and joins nothing.
/// (Unicode Character Database, `White_Space`, `Bidi_Control` and `Default_Ignorable_Code_Point`; joiners and
/// variation selectors show in what they stand beside.)
pub(crate) fn is_invisible(character: char) -> bool {
    let is_mark = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
    );
    is_mark || character.is_control() || (character.is_whitespace() && character != ' ')
}

/// The same SQL without invisible characters in its texts: those that hold any are written as `U&'...'`.
pub(super) fn spelled_out(sql: &str) -> String {
    let mut spelled = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find(['\'', '`', '-', '/']) {
        let (before, part) = rest.split_at(at);
        let (part, behind) = part.split_at(length(part));
        spelled.push_str(before);
        if part.starts_with('\'') && part.contains(hides) {
            spell_out(part, &mut spelled);
        } else {
            spelled.push_str(part);
        }
        rest = behind;
    }
    spelled + rest
}

/// Whether a character hides in a text; a line end shows.
fn hides(character: char) -> bool {
    character != '\n' && is_invisible(character)
}

fn spell_out(text: &str, spelled: &mut String) {
    spelled.push_str("U&");
    for character in text.chars() {
        match character {
            '\\' => spelled.push_str("\\\\"),
            hidden if hides(hidden) => {
                let _ = write!(spelled, "\\{:04x}", u32::from(hidden));
            }
            other => spelled.push(other),
        }
    }
}

/// How long the text, name or comment is that begins here, in bytes; 1 where none does.
fn length(sql: &str) -> usize {
    let ends_with = |opening: usize, end: &str| {
        let inside = sql.get(opening..).unwrap_or_default();
        let inside = inside.find(end).map(|at| opening + at + end.len());
        inside.unwrap_or(sql.len())
    };
    match sql.as_bytes() {
        [b'-', b'-', ..] => ends_with(2, "\n"),
        [b'/', b'*', ..] => ends_with(2, "*/"),
        [quote @ (b'\'' | b'`'), inside @ ..] => quoted_length(*quote, inside),
        _ => 1,
    }
}

/// How long a quoted part is whose opening quote is just behind; a doubled quote stands for itself.
fn quoted_length(quote: u8, inside: &[u8]) -> usize {
    let mut length = 1;
    while let Some(at) = inside[length - 1..].iter().position(|byte| *byte == quote) {
        length += at + 1;
        if inside.get(length - 1) != Some(&quote) {
            return length;
        }
        length += 1;
    }
    inside.len() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_in_texts_is_spelled_out_and_nothing_else_changes() {
        for (sql, typed) in [
            ("SET 'a' = 'b\n'", "SET 'a' = 'b\n'"),
            (r"'it''s \'", r"'it''s \'"),
            ("'it''s\t\\'", r"U&'it''s\0009\\'"),
            ("'''\r\n'''", "U&'''\\000d\n'''"),
            ("'a'-'\u{7f}🚗'", "'a'-U&'\\007f🚗'"),
            ("`it's\t` = '\u{1b}'", "`it's\t` = U&'\\001b'"),
            ("-- it's\n'\t'", "-- it's\nU&'\\0009'"),
            ("/* it's */'\t'", "/* it's */U&'\\0009'"),
            (
                "'a\u{202e}b' = 'a\u{200b}\u{a0}'",
                r"U&'a\202eb' = U&'a\200b\00a0'",
            ),
            ("'👩\u{200d}🚒 é'", "'👩\u{200d}🚒 é'"),
            ("'a", "'a"),
            ("a - b / c '", "a - b / c '"),
        ] {
            assert_eq!(spelled_out(sql), typed);
            assert_eq!(spelled_out(typed), typed);
        }
    }
}
