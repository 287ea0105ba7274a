//! What live statements read, write and make: read from their SQL.

use std::iter::Peekable;

use sqlparser::dialect::GenericDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::api::Statement;
use crate::sql;

/// Somebody else who writes to the topic of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writer {
    /// A statement of this project, of a route that is no more.
    Former(String),
    /// A statement of another owner, at work.
    Foreign(String),
}

/// The topics that a statement writes. Of the project's own statements, and others of one plain INSERT, this is
/// exact; of other SQL it is every table that follows `INSERT INTO`.
pub fn topics_of(statement: &Statement) -> Vec<String> {
    let text = &statement.spec.statement;
    match sql::parse(text) {
        Ok(sql::Statement::Insert(insert)) => vec![insert.sink.0],
        Ok(sql::Statement::StatementSet(set)) => {
            set.into_iter().map(|insert| insert.sink.0).collect()
        }
        Ok(sql::Statement::CreateTable(_) | sql::Statement::Set(_)) => Vec::new(),
        Err(_) => inserted(text),
    }
}

/// The topic that a statement of ours reads; `None` where its SQL is none that this version knows.
pub fn source_of(statement: &Statement) -> Option<String> {
    let text = &statement.spec.statement;
    match sql::parse(text) {
        Ok(sql::Statement::Insert(insert)) => Some(insert.select.from.0),
        Ok(_) => None,
        // The service may give names back with the database before them, and the like.
        Err(_) => read_from(text),
    }
}

/// The topic whose table a statement makes.
pub fn table_of(statement: &Statement) -> Option<String> {
    const AFTER: [&str; 5] = ["CREATE", "TABLE", "IF", "NOT", "EXISTS"];
    let mut tokens = tokens(&statement.spec.statement).into_iter().peekable();
    let mut is_table = false;
    for word in AFTER {
        let is_there = tokens.next_if(|next| is_word(next, word)).is_some();
        is_table |= is_there && word == "TABLE";
    }
    is_table.then(|| table(&mut tokens)).flatten()
}

/// The last part of each name that follows `INSERT INTO`, outside of texts and comments.
fn inserted(text: &str) -> Vec<String> {
    let mut tokens = tokens(text).into_iter().peekable();
    let mut tables = Vec::new();
    while let Some(token) = tokens.next() {
        let is_insert = is_word(&token, "INSERT");
        if is_insert && tokens.next_if(|next| is_word(next, "INTO")).is_some() {
            tables.extend(table(&mut tokens));
        }
    }
    tables
}

/// The last part of the name that follows the one `FROM` outside of parentheses.
fn read_from(text: &str) -> Option<String> {
    let mut tokens = tokens(text).into_iter().peekable();
    let mut depth = 0_usize;
    let mut tables = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            token if depth == 0 && is_word(&token, "FROM") => tables.extend(table(&mut tokens)),
            _ => {}
        }
    }
    match tables.as_slice() {
        [table] => Some(table.clone()),
        _ => None,
    }
}

/// The tokens of a text without blanks and comments; none where it cannot be cut into tokens.
fn tokens(text: &str) -> Vec<Token> {
    let tokens = Tokenizer::new(&GenericDialect {}, text).tokenize();
    let mut tokens = tokens.unwrap_or_default();
    tokens.retain(|token| !matches!(token, Token::Whitespace(_)));
    tokens
}

/// The last part of the name that comes next, if one does.
fn table(tokens: &mut Peekable<impl Iterator<Item = Token>>) -> Option<String> {
    let mut table = None;
    while let Some(Token::Word(word)) = tokens.next_if(|next| matches!(next, Token::Word(_))) {
        table = Some(word.value);
        if tokens.next_if_eq(&Token::Period).is_none() {
            break;
        }
    }
    table
}

fn is_word(token: &Token, text: &str) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_write_is_read_from_tokens() {
        let set = "EXECUTE STATEMENT SET BEGIN\n insert into `env`.`db`.`out-1` SELECT 'INSERT INTO x';\n-- INSERT INTO y\nINSERT INTO z VALUES (1); END";
        assert_eq!(inserted(set), ["out-1", "z"]);
        assert!(inserted("SELECT `INSERT` INTO").is_empty());
        assert!(inserted("'open").is_empty());
    }

    #[test]
    fn what_ours_read_and_make_is_known_however_the_service_writes_names() {
        let insert = "INSERT INTO `env`.`db`.`out` (`id`) SELECT `id`, TRIM(BOTH FROM `a`), EXTRACT(DAY FROM `b`) FROM `env`.`db`.`raw-1` /*+ OPTIONS('a'='FROM x') */ WHERE `c` = 'FROM `y`'";
        assert_eq!(read_from(insert).as_deref(), Some("raw-1"));
        assert_eq!(read_from("SELECT 1"), None);
        assert_eq!(read_from("SELECT 1 FROM a UNION ALL SELECT 2 FROM b"), None);
        let made = |text: &str| {
            let statement = serde_json::json!({
                "name": "x", "spec": {"statement": text}, "status": {"phase": "COMPLETED"},
                "metadata": {},
            });
            table_of(&serde_json::from_value(statement).unwrap())
        };
        let create = "-- a\nCREATE TABLE IF NOT EXISTS `env`.`db`.`out` (`id` STRING)";
        assert_eq!(made(create).as_deref(), Some("out"));
        assert_eq!(made("create table t (a INT)").as_deref(), Some("t"));
        assert_eq!(made("CREATE VIEW t AS SELECT 1"), None);
    }
}
