//! Who writes to a topic: read from the SQL of live statements.

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
    match sql::parse(&statement.spec.statement) {
        Ok(sql::Statement::Insert(insert)) => Some(insert.select.from.0),
        Ok(_) | Err(_) => None,
    }
}

/// The last part of each name that follows `INSERT INTO`, outside of texts and comments.
fn inserted(text: &str) -> Vec<String> {
    let tokens = Tokenizer::new(&GenericDialect {}, text).tokenize();
    let mut tokens = tokens
        .unwrap_or_default()
        .into_iter()
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .peekable();
    let mut tables = Vec::new();
    while let Some(token) = tokens.next() {
        let is_insert = is_word(&token, "INSERT");
        if !is_insert || tokens.next_if(|next| is_word(next, "INTO")).is_none() {
            continue;
        }
        let mut table = None;
        while let Some(Token::Word(word)) = tokens.next_if(|next| matches!(next, Token::Word(_))) {
            table = Some(word.value);
            if tokens.next_if_eq(&Token::Period).is_none() {
                break;
            }
        }
        tables.extend(table);
    }
    tables
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
}
