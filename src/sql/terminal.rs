//! SQL for a program that takes it for what somebody types: Flink's SQL client reads scripts so, and there a tab in
//! a text asks for completion and vanishes. Control characters in texts are spelled out; line ends may stay.

use std::fmt::Write as _;

/// The same SQL without control characters in its texts: those that hold any are written as `U&'...'`.
pub(super) fn typeable(sql: &str) -> String {
    let mut typeable = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find(['\'', '`', '-', '/']) {
        let (before, part) = rest.split_at(at);
        let (part, behind) = part.split_at(length(part));
        typeable.push_str(before);
        if part.starts_with('\'') && part.contains(is_key) {
            spell_out(part, &mut typeable);
        } else {
            typeable.push_str(part);
        }
        rest = behind;
    }
    typeable + rest
}

/// What a terminal takes for a key that does something.
fn is_key(character: char) -> bool {
    character.is_ascii_control() && character != '\n'
}

fn spell_out(text: &str, typeable: &mut String) {
    typeable.push_str("U&");
    for character in text.chars() {
        match character {
            '\\' => typeable.push_str("\\\\"),
            key if is_key(key) => {
                let _ = write!(typeable, "\\{:04x}", u32::from(key));
            }
            other => typeable.push(other),
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
    fn keys_in_texts_are_spelled_out_and_nothing_else_changes() {
        for (sql, typed) in [
            ("SET 'a' = 'b\n'", "SET 'a' = 'b\n'"),
            (r"'it''s \'", r"'it''s \'"),
            ("'it''s\t\\'", r"U&'it''s\0009\\'"),
            ("'''\r\n'''", "U&'''\\000d\n'''"),
            ("'a'-'\u{7f}🚗'", "'a'-U&'\\007f🚗'"),
            ("`it's\t` = '\u{1b}'", "`it's\t` = U&'\\001b'"),
            ("-- it's\n'\t'", "-- it's\nU&'\\0009'"),
            ("/* it's */'\t'", "/* it's */U&'\\0009'"),
            ("'a", "'a"),
            ("a - b / c '", "a - b / c '"),
        ] {
            assert_eq!(typeable(sql), typed);
        }
    }
}
