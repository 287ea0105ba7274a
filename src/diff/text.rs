//! The change of a text, line by line.

use std::borrow::Cow;

use similar::TextDiff;
use sqlparser::dialect::GenericDialect;
use sqlparser::tokenizer::{Token, Tokenizer, Whitespace};

use crate::sql::{Insert, Statement, Templates, canonical, is_invisible};

/// A text before and after, each with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// What it was; empty where it is new.
    pub old: String,
    /// What it is to be; empty where it is gone.
    pub new: String,
    /// What people call the one that was.
    pub old_name: String,
    /// What people call the one that is to be.
    pub new_name: String,
}

impl Texts {
    /// The change as a unified diff, whole; empty where nothing differs. Characters that would steer a terminal or
    /// hide something are spelled out.
    pub fn unified(&self) -> String {
        const NOTHING: &str = "/dev/null";
        let name = |text: &str, name| match text {
            "" => Cow::Borrowed(NOTHING),
            _ => visible(name),
        };
        let (old, new) = (visible(&self.old), visible(&self.new));
        let names = [name(&old, &self.old_name), name(&new, &self.new_name)];
        TextDiff::from_lines(old.as_ref(), new.as_ref())
            .unified_diff()
            .header(&names[0], &names[1])
            .missing_newline_hint(false)
            .to_string()
    }
}

/// An INSERT in lines, its conditions in the canonical order, without comments.
pub fn readable(insert: &Insert, templates: &Templates) -> String {
    let canonical = canonical(&Statement::Insert(insert.clone()));
    let text = templates.show(&canonical);
    // It prints whatever the templates do with it.
    text.unwrap_or_else(|_| format!("{canonical}\n"))
}

/// The comments of an SQL text.
pub(super) fn comments(sql: &str) -> Vec<String> {
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize();
    let comments = tokens.unwrap_or_default().into_iter();
    let comments = comments.filter_map(|token| match token {
        Token::Whitespace(
            Whitespace::SingleLineComment { comment, .. } | Whitespace::MultiLineComment(comment),
        ) => Some(comment.trim().to_owned()),
        _ => None,
    });
    comments.collect()
}

/// A text in which every character can be seen; line ends stay.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| c != '\n' && is_invisible(c);
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}
