//! Which texts a pattern of `like` matches.

/// Whether the whole text matches; `None` where it depends on how a character outside Unicode's first plane is
/// counted.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    if !text.chars().all(|character| character.len_utf16() == 1) {
        return None;
    }
    let text: Vec<char> = text.chars().collect();
    // The lengths of the beginnings of the text that the pattern matches so far.
    let mut matched = vec![false; text.len() + 1];
    matched[0] = true;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character == '%' {
            let first = matched.iter().position(|matched| *matched);
            let from = first.unwrap_or(matched.len());
            matched[from..].fill(true);
            continue;
        }
        let wanted = match character {
            '_' => None,
            '!' => Some(characters.next().unwrap_or('!')),
            other => Some(other),
        };
        let step = |(at, actual): (usize, &char)| {
            matched[at] && wanted.is_none_or(|wanted| wanted == *actual)
        };
        let longer: Vec<bool> = text.iter().enumerate().map(step).collect();
        matched = [false].into_iter().chain(longer).collect();
    }
    matched.last().copied()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_whole_texts() {
        for (pattern, text, expected) in [
            ("Car%", "CarCreated", true),
            ("Car%", "ACarCreated", false),
            ("%Created", "CarCreated", true),
            ("%r%e%", "CarCreated", true),
            ("Car_reated", "CarCreated", true),
            ("Car_", "Car", false),
            ("%_", "", false),
            ("%", "", true),
            ("", "", true),
            ("", "a", false),
            ("100!%", "100%", true),
            ("100!%", "1000", false),
            ("a!_b!!", "a_b!", true),
            ("a!_b", "axb", false),
            ("%ab%ab", "abcab", true),
            ("%ab%ab", "cab", false),
        ] {
            assert_eq!(matches(pattern, text), Some(expected), "{pattern} {text}");
        }
        assert_eq!(matches("_", "🚗"), None);
    }
}
