//! Reads back what the printer wrote, with sqlparser's grammar: a second opinion on precedence and
//! quoting that shares no code with the printer.
//!
//! sqlparser has no Flink dialect. `dialect` teaches it Flink's expressions, this module reads the
//! statements around them with the parser's primitives, and `convert` turns its tree into ours.
//! Whatever our tree cannot express is an error with its place; nothing is ever dropped, comments
//! excepted.

mod convert;
mod dialect;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace};

use self::dialect::FlinkDialect;
use super::ast::{
    CreateTable, Distribution, Expr, Ident, Insert, Projection, Select, Setting, Statement,
};
use super::data_type::DataType;

/// How deeply expressions may nest: what the stack of a 2 MiB thread holds in a debug build.
const DEPTH: usize = 64;

/// Why a text is no statement of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (line {line}, column {column})")]
pub struct ParseError {
    /// What is wrong.
    pub message: String,
    /// Line, counted from 1.
    pub line: u64,
    /// Column in characters, counted from 1.
    pub column: u64,
}

/// Reads one statement; a semicolon may follow it.
///
/// # Errors
/// Text that is no SQL, and SQL that [`Statement`] cannot express: hints, joins, grouping, unknown functions;
/// more than one statement.
pub fn parse(text: &str) -> Result<Statement, ParseError> {
    run(text, FlinkParser::one)
}

/// Reads a script: statements, each with a semicolon behind it.
///
/// # Errors
/// Like [`parse`].
pub fn parse_script(text: &str) -> Result<Vec<Statement>, ParseError> {
    run(text, FlinkParser::script)
}

/// Reads one expression.
///
/// # Errors
/// Like [`parse`].
pub fn parse_expr(text: &str) -> Result<Expr, ParseError> {
    run(text, FlinkParser::expression)
}

fn run<T>(text: &str, read: fn(&mut FlinkParser) -> Result<T, Failure>) -> Result<T, ParseError> {
    let read_all = || {
        let tokens = tokens(text)?;
        let inner = Parser::new(&FlinkDialect).with_recursion_limit(DEPTH);
        let mut parser = FlinkParser {
            inner: inner.with_tokens_with_locations(tokens),
        };
        let tree = read(&mut parser)?;
        parser.end()?;
        Ok(tree)
    };
    read_all().map_err(|failure: Failure| {
        let Location { line, column } = failure.place.unwrap_or_else(|| end_of(text));
        ParseError {
            message: failure.message,
            line,
            column,
        }
    })
}

/// An error whose place may be the end of the text.
#[derive(Debug)]
struct Failure {
    message: String,
    place: Option<Location>,
}

impl Failure {
    fn new(message: impl Into<String>, place: Location) -> Self {
        // sqlparser's location of the end of the text, and of nodes without tokens, is line 0.
        Self {
            message: message.into(),
            place: (place.line > 0).then_some(place),
        }
    }
}

impl From<ParserError> for Failure {
    fn from(error: ParserError) -> Self {
        let text = match error {
            ParserError::TokenizerError(text) | ParserError::ParserError(text) => text,
            ParserError::RecursionLimitExceeded => {
                let message = format!("the expression nests more than {DEPTH} levels deep");
                return Self {
                    message,
                    place: None,
                };
            }
        };
        // sqlparser keeps the place in the text of the error alone.
        let place = text.rsplit_once(" at Line: ").and_then(|(message, place)| {
            let (line, column) = place.split_once(", Column: ")?;
            Some((
                message,
                Location {
                    line: line.parse().ok()?,
                    column: column.parse().ok()?,
                },
            ))
        });
        let (message, place) = match place {
            Some((message, place)) => (message, Some(place)),
            None => (text.as_str(), None),
        };
        Self {
            message: message.replace("Expected: ", "expected: "),
            place,
        }
    }
}

fn lower_case_first(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

fn end_of(text: &str) -> Location {
    let (before, last) = text
        .rsplit_once('\n')
        .map_or(("", text), |(before, last)| (before, last));
    let lines = if last.len() == text.len() {
        1
    } else {
        before.split('\n').count() + 1
    };
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Location {
        line: number(lines),
        column: number(last.chars().count() + 1),
    }
}

/// The tokens of `text`, without comments whose end Flink sees elsewhere or that mean something.
fn tokens(text: &str) -> Result<Vec<TokenWithSpan>, Failure> {
    let tokens = Tokenizer::new(&FlinkDialect, text)
        .tokenize_with_location()
        .map_err(|error| Failure::new(lower_case_first(&error.message), error.location))?;
    for token in &tokens {
        let place = token.span.start;
        match &token.token {
            Token::Whitespace(Whitespace::MultiLineComment(comment))
                if comment.starts_with('+') =>
            {
                return Err(Failure::new("hints cannot be kept; remove the hint", place));
            }
            Token::Whitespace(Whitespace::SingleLineComment { comment, .. })
                if comment.trim_end_matches('\r').contains('\r') =>
            {
                let message = "a carriage return ends a comment for Flink; remove it";
                return Err(Failure::new(message, place));
            }
            _ => {}
        }
    }
    Ok(tokens)
}

struct FlinkParser {
    inner: Parser<'static>,
}

impl FlinkParser {
    fn one(&mut self) -> Result<Statement, Failure> {
        let statement = self.statement()?;
        self.symbol(&Token::SemiColon);
        Ok(statement)
    }

    fn script(&mut self) -> Result<Vec<Statement>, Failure> {
        let mut statements = Vec::new();
        while self.inner.peek_token_ref().token != Token::EOF {
            statements.push(self.statement()?);
            self.expect(&Token::SemiColon)?;
        }
        Ok(statements)
    }

    fn statement(&mut self) -> Result<Statement, Failure> {
        if self.word("CREATE") {
            self.create_table().map(Statement::CreateTable)
        } else if self.word("INSERT") {
            self.insert().map(Statement::Insert)
        } else if self.word("SET") {
            self.setting().map(Statement::Set)
        } else if self.word("EXECUTE") {
            self.statement_set().map(Statement::StatementSet)
        } else {
            Err(self.unexpected("CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET"))
        }
    }

    fn setting(&mut self) -> Result<Setting, Failure> {
        let key = self.string()?;
        self.expect(&Token::Eq)?;
        let value = self.string()?;
        Ok(Setting { key, value })
    }

    fn statement_set(&mut self) -> Result<Vec<Insert>, Failure> {
        for word in ["STATEMENT", "SET", "BEGIN"] {
            self.expect_word(word)?;
        }
        let mut inserts = Vec::new();
        while !self.word("END") {
            self.expect_word("INSERT")?;
            inserts.push(self.insert()?);
            self.expect(&Token::SemiColon)?;
        }
        Ok(inserts)
    }

    fn expression(&mut self) -> Result<Expr, Failure> {
        convert::expression(self.inner.parse_expr()?)
    }

    fn create_table(&mut self) -> Result<CreateTable, Failure> {
        let temporary = self.word("TEMPORARY");
        self.expect_word("TABLE")?;
        let if_not_exists = self.word("IF");
        if if_not_exists {
            self.expect_word("NOT")?;
            self.expect_word("EXISTS")?;
        }
        let name = self.name()?;
        let columns = self.parenthesized(|parser| Ok((parser.name()?, parser.data_type()?)))?;
        let distribution = self.distribution()?;
        let mut options = BTreeMap::new();
        if self.word("WITH") {
            let pairs = self.parenthesized(|parser| {
                let place = parser.inner.peek_token_ref().span.start;
                let key = parser.string()?;
                parser.expect(&Token::Eq)?;
                Ok((place, key, parser.string()?))
            })?;
            for (place, key, value) in pairs {
                let message = format!("the option `{key}` is given twice");
                if options.insert(key, value).is_some() {
                    return Err(Failure::new(message, place));
                }
            }
        }
        Ok(CreateTable {
            temporary,
            name,
            if_not_exists,
            columns,
            distribution,
            options,
        })
    }

    fn distribution(&mut self) -> Result<Option<Distribution>, Failure> {
        if !self.word("DISTRIBUTED") {
            return Ok(None);
        }
        let mut columns = Vec::new();
        if self.word("BY") {
            self.expect_word("HASH")?;
            columns = self.parenthesized(Self::name)?;
        }
        self.expect_word("INTO")?;
        let count = match &self.inner.peek_token_ref().token {
            Token::Number(digits, false) => digits.parse().ok().filter(|count| *count > 0),
            _ => None,
        };
        let Some(buckets) = count else {
            return Err(self.unexpected("a number of buckets"));
        };
        self.inner.next_token();
        self.expect_word("BUCKETS")?;
        Ok(Some(Distribution { columns, buckets }))
    }

    fn insert(&mut self) -> Result<Insert, Failure> {
        self.expect_word("INTO")?;
        let sink = self.name()?;
        let columns = self.parenthesized(Self::name)?;
        let place = self.inner.peek_token_ref().span.start;
        self.expect_word("SELECT")?;
        let projections = self.separated(Self::projection)?;
        if projections.len() != columns.len() {
            let (selected, named) = (projections.len(), columns.len());
            let message = format!("{selected} values are selected for {named} columns");
            return Err(Failure::new(message, place));
        }
        self.expect_word("FROM")?;
        let from = self.name()?;
        let condition = if self.word("WHERE") {
            Some(self.expression()?)
        } else {
            None
        };
        Ok(Insert {
            sink,
            columns,
            select: Select {
                projections,
                from,
                condition,
            },
        })
    }

    fn projection(&mut self) -> Result<Projection, Failure> {
        let expression = self.expression()?;
        let alias = if self.word("AS") {
            Some(self.name()?)
        } else {
            None
        };
        Ok(Projection { expression, alias })
    }

    fn data_type(&mut self) -> Result<DataType, Failure> {
        let place = self.inner.peek_token_ref().span.start;
        let text = dialect::type_text(&mut self.inner);
        DataType::parse(&text).map_err(|error| Failure::new(error.message, place))
    }

    fn name(&mut self) -> Result<Ident, Failure> {
        let name = match &self.inner.peek_token_ref().token {
            Token::Word(word) if matches!(word.quote_style, None | Some('`')) => {
                Ident::from(word.value.as_str())
            }
            _ => return Err(self.unexpected("a name")),
        };
        self.inner.next_token();
        Ok(name)
    }

    fn string(&mut self) -> Result<String, Failure> {
        let (Token::SingleQuotedString(text) | Token::UnicodeStringLiteral(text)) =
            &self.inner.peek_token_ref().token
        else {
            return Err(self.unexpected("a string in single quotes"));
        };
        let text = text.clone();
        self.inner.next_token();
        Ok(text)
    }

    fn parenthesized<T>(
        &mut self,
        item: impl FnMut(&mut Self) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        self.expect(&Token::LParen)?;
        let items = self.separated(item)?;
        self.expect(&Token::RParen)?;
        Ok(items)
    }

    fn separated<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let mut items = vec![item(self)?];
        while self.symbol(&Token::Comma) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// Moves past an unquoted word if it comes next.
    fn word(&mut self, word: &str) -> bool {
        let found = dialect::is_word(&self.inner.peek_token_ref().token, word);
        if found {
            self.inner.next_token();
        }
        found
    }

    fn expect_word(&mut self, word: &str) -> Result<(), Failure> {
        if self.word(word) {
            Ok(())
        } else {
            Err(self.unexpected(word))
        }
    }

    fn symbol(&mut self, symbol: &Token) -> bool {
        self.inner.consume_token(symbol)
    }

    fn expect(&mut self, symbol: &Token) -> Result<(), Failure> {
        if self.symbol(symbol) {
            Ok(())
        } else {
            Err(self.unexpected(&symbol.to_string()))
        }
    }

    fn end(&mut self) -> Result<(), Failure> {
        let ended = self.inner.peek_token_ref().token == Token::EOF;
        if ended {
            Ok(())
        } else {
            Err(self.unexpected("the end"))
        }
    }

    fn unexpected(&self, wanted: &str) -> Failure {
        let found = self.inner.peek_token_ref();
        let message = format!("expected: {wanted}, found: {}", found.token);
        Failure::new(message, found.span.start)
    }
}
