//! What the service says of a statement, on one line.

use crate::api::Statement;

/// How a statement stands: its name, its phase, and why.
pub fn standing(statement: &Statement) -> String {
    let mut words = format!("`{}` is {}", statement.name, statement.status.phase);
    let detail = detail(statement);
    if !detail.is_empty() {
        words = format!("{words}: {detail}");
    }
    if is_without_room(statement) {
        words = format!("{words} ({NO_ROOM})");
    }
    words
}

/// Why a statement stands as it does; often nothing is said.
pub fn reason(statement: &Statement) -> String {
    let no_room = is_without_room(statement).then(|| NO_ROOM.to_owned());
    let words = [Some(detail(statement)), no_room].into_iter().flatten();
    let words: Vec<_> = words.filter(|words| !words.is_empty()).collect();
    words.join("; ")
}

const NO_ROOM: &str = "the compute pool has no capacity left";

/// Whether a statement waits for room in its compute pool.
pub fn is_without_room(statement: &Statement) -> bool {
    let scaling = statement.status.scaling_status.as_ref();
    scaling.and_then(|status| status.scaling_state.as_deref()) == Some("POOL_EXHAUSTED")
}

/// The service's own words on a statement; often none.
pub fn detail(statement: &Statement) -> String {
    one_line(&statement.status.detail)
}

/// A text without line breaks, and without control characters, which could steer a terminal.
pub fn one_line(text: &str) -> String {
    let visible = |c: &char| !c.is_control() || c.is_whitespace();
    let text: String = text.chars().filter(visible).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_neither_break_the_line_nor_steer_the_terminal() {
        assert_eq!(
            one_line("  a\r\n\tb\u{1b}[31m c\u{7}\u{9b}2J "),
            "a b[31m c2J"
        );
    }
}
