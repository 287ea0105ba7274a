//! Texts at the borders of tests of texts.

use super::border::Labelled;
use crate::ir::Pattern;
use crate::sample::json::Json;
use crate::sample::rng::Rng;
use crate::sample::text;

/// Texts that a pattern is found in, and others.
pub(super) fn of_pattern(pattern: &Pattern) -> Vec<Labelled> {
    let written = pattern.to_string();
    let mut texts = Vec::new();
    // Some tries, for anchors in the middle of a pattern are not followed.
    let matching = (0..8).filter_map(|seed| text::matching(&written, &mut Rng::new(seed)));
    if let Some(matching) = matching.into_iter().find(|text| pattern.matches(text)) {
        texts.push(("matches".to_owned(), matching.clone()));
        texts.push((
            "matches with text before it".to_owned(),
            format!("~{matching}"),
        ));
        texts.push((
            "matches with text after it".to_owned(),
            format!("{matching}~"),
        ));
        texts.push(("matches in another case".to_owned(), swapped(&matching)));
        let shorter: String = matching.chars().skip(1).collect();
        texts.push(("matches but for its first character".to_owned(), shorter));
    }
    texts.push(("does not match".to_owned(), "~".to_owned()));
    texts.push(("is empty".to_owned(), String::new()));
    labelled(texts)
}

/// Texts that satisfy an operator with an operand, or nearly do.
pub(super) fn of_operand(operator: &str, operand: &str) -> Vec<Labelled> {
    let plain = match operator {
        "like" => of_like(operand),
        _ => operand.to_owned(),
    };
    let shorter: String = plain.chars().skip(1).collect();
    labelled(vec![
        (format!("is `{plain}`"), plain.clone()),
        (format!("is `{plain}` in another case"), swapped(&plain)),
        (
            format!("is `{plain}` with text after it"),
            format!("{plain}~"),
        ),
        (
            format!("is `{plain}` with text before it"),
            format!("~{plain}"),
        ),
        (
            format!("is `{plain}` with a blank after it"),
            format!("{plain} "),
        ),
        (format!("is `{plain}` without its first character"), shorter),
        ("is another text".to_owned(), "~".to_owned()),
        ("is empty".to_owned(), String::new()),
    ])
}

/// A text that a `like` pattern takes.
fn of_like(pattern: &str) -> String {
    let mut text = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '!' => text.extend(characters.next()),
            '%' => text.push_str("any"),
            '_' => text.push('x'),
            other => text.push(other),
        }
    }
    text
}

fn labelled(texts: Vec<(String, String)>) -> Vec<Labelled> {
    let texts = texts.into_iter();
    texts
        .map(|(label, text)| (label, Json::Text(text)))
        .collect()
}

/// Small letters large and large ones small.
fn swapped(text: &str) -> String {
    let swap = |letter: char| {
        if letter.is_ascii_lowercase() {
            letter.to_ascii_uppercase()
        } else {
            letter.to_ascii_lowercase()
        }
    };
    text.chars().map(swap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(labelled: Vec<Labelled>) -> Vec<String> {
        labelled
            .into_iter()
            .map(|(_, json)| json.to_string())
            .collect()
    }

    #[test]
    fn texts_around_an_operand() {
        assert_eq!(
            texts(of_operand("equals", "Ab1")),
            [
                r#""Ab1""#,
                r#""aB1""#,
                r#""Ab1~""#,
                r#""~Ab1""#,
                r#""Ab1 ""#,
                r#""b1""#,
                r#""~""#,
                r#""""#
            ]
        );
        assert_eq!(of_like("a!%%b_c!!"), "a%anybxc!");
    }

    #[test]
    fn patterns_have_a_text_that_matches() {
        for pattern in ["^ac[tT]ive$", "(?i)abc", "\\d{3}-\\D+", "a|b"] {
            let pattern = Pattern::parse(pattern).unwrap();
            let (label, json) = of_pattern(&pattern).swap_remove(0);
            assert_eq!(label, "matches", "{pattern}");
            assert!(matches!(json, Json::Text(text) if pattern.matches(&text)));
        }
    }
}
