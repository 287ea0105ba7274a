//! What a misspelt word was meant to be, wherever somebody wrote it.

/// The candidate that `word` is most likely a slip of the hand for; `None` where nothing is near.
pub(crate) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .filter_map(|candidate| Some((slips(word, candidate)?, candidate)))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

/// How many slips turn one word into the other, if that is few enough for words of their length.
pub(crate) fn slips(word: &str, candidate: &str) -> Option<usize> {
    let bare = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let (word, candidate) = (bare(word), bare(candidate));
    let length = word.chars().count().max(candidate.chars().count());
    let slips = strsim::osa_distance(&word, &candidate);
    // Of a word of two letters nothing is left that could be meant.
    (slips <= length.div_ceil(4) && slips * 3 <= length).then_some(slips)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let words = ["eventType", "eventName", "uuid", "a"];
        for (word, expected) in [
            ("eventTyp", Some("eventType")),
            ("EventType", Some("eventType")),
            ("event_name", Some("eventName")),
            ("uudi", Some("uuid")),
            ("eventBody", None),
            ("xyz", None),
            ("u", None),
            ("", None),
        ] {
            assert_eq!(closest(word, words), expected, "{word}");
        }
    }
}
