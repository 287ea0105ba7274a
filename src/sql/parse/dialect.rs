//! What sqlparser must know to read Flink's expressions.

use sqlparser::ast::{
    CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArgumentList, FunctionArguments, Ident, JsonReturningClause, ObjectName, UnaryOperator,
};
use sqlparser::dialect::{Dialect, Precedence};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Word};

use crate::sql::ast;
use crate::sql::function;

/// Flink's SQL: backticks quote names, only `''` escapes in strings, and function calls are plain.
#[derive(Debug)]
pub(super) struct FlinkDialect;

impl Dialect for FlinkDialect {
    fn is_delimited_identifier_start(&self, character: char) -> bool {
        character == '`'
    }

    fn is_identifier_start(&self, character: char) -> bool {
        character.is_alphabetic() || character == '_'
    }

    fn is_identifier_part(&self, character: char) -> bool {
        character.is_alphanumeric() || matches!(character, '_' | '$')
    }

    fn supports_unicode_string_literal(&self) -> bool {
        true
    }

    /// Reads names in backticks, `NOT`, casts and calls. sqlparser would take some functions for
    /// grammar of their own (`SUBSTRING`) and knows no Flink types.
    fn parse_prefix(&self, parser: &mut Parser<'_>) -> Option<Result<Expr, ParserError>> {
        let [first, second] = parser.peek_tokens_with_location::<2>();
        let Token::Word(word) = first.token else {
            return None;
        };
        let name = |word: Word| word.into_ident(first.span);
        if word.quote_style.is_some() {
            parser.next_token();
            return Some(Ok(Expr::Identifier(name(word))));
        }
        let parenthesis = second.token == Token::LParen;
        let upper = word.value.to_ascii_uppercase();
        let builtin = function::Function::from_word(&upper);
        parser.next_token();
        match upper.as_str() {
            "NOT" => Some(self.not(parser)),
            "CAST" if parenthesis => Some(cast(parser, CastKind::Cast)),
            "TRY_CAST" if parenthesis => Some(cast(parser, CastKind::TryCast)),
            "ROW" | "JSON_QUERY" if parenthesis => Some(call(parser, name(word))),
            _ if builtin.is_some() && parenthesis => Some(call(parser, name(word))),
            _ if builtin.is_some_and(function::Function::is_bare) => {
                Some(Ok(call_of(name(word), FunctionArguments::None)))
            }
            _ => {
                parser.prev_token();
                None
            }
        }
    }
}

impl FlinkDialect {
    fn not(&self, parser: &mut Parser<'_>) -> Result<Expr, ParserError> {
        let operand = parser.parse_subexpr(self.prec_value(Precedence::UnaryNot))?;
        Ok(Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr: Box::new(operand),
        })
    }
}

/// Whether a token is this word without quotes.
pub(super) fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(Word { value, quote_style: None, .. })
        if value.eq_ignore_ascii_case(word))
}

fn cast(parser: &mut Parser<'_>, kind: CastKind) -> Result<Expr, ParserError> {
    parser.expect_token(&Token::LParen)?;
    let expr = Box::new(parser.parse_expr()?);
    if !is_word(&parser.next_token().token, "AS") {
        parser.prev_token();
        return parser.expected("AS", parser.peek_token());
    }
    let data_type = opaque_type(parser);
    parser.expect_token(&Token::RParen)?;
    Ok(Expr::Cast {
        kind,
        expr,
        data_type,
        format: None,
    })
}

fn call(parser: &mut Parser<'_>, name: Ident) -> Result<Expr, ParserError> {
    parser.expect_token(&Token::LParen)?;
    let mut args = Vec::new();
    let mut clauses = Vec::new();
    if !parser.consume_token(&Token::RParen) {
        loop {
            let argument = FunctionArgExpr::Expr(parser.parse_expr()?);
            args.push(FunctionArg::Unnamed(argument));
            if !parser.consume_token(&Token::Comma) {
                break;
            }
        }
        if is_word(&parser.peek_token_ref().token, "RETURNING") {
            parser.next_token();
            let clause = JsonReturningClause {
                data_type: opaque_type(parser),
            };
            clauses.push(FunctionArgumentClause::JsonReturningClause(clause));
        }
        parser.expect_token(&Token::RParen)?;
    }
    let list = FunctionArgumentList {
        duplicate_treatment: None,
        args,
        clauses,
    };
    Ok(call_of(name, FunctionArguments::List(list)))
}

fn call_of(name: Ident, args: FunctionArguments) -> Expr {
    Expr::Function(Function {
        name: ObjectName::from(vec![name]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args,
        within_group: Vec::new(),
        filter: None,
        null_treatment: None,
        over: None,
    })
}

/// A type as its text, since sqlparser's tree has no place for Flink's: it is read in `convert`.
fn opaque_type(parser: &mut Parser<'_>) -> DataType {
    let span = parser.peek_token_ref().span;
    let text = Ident::with_span(span, type_text(parser));
    DataType::Custom(ObjectName::from(vec![text]), Vec::new())
}

/// The text of a type: everything up to a comma or closing parenthesis that is not its own.
pub(super) fn type_text(parser: &mut Parser<'_>) -> String {
    let mut text = String::new();
    let mut depth = 0_usize;
    loop {
        let token = &parser.peek_token_ref().token;
        match token {
            Token::EOF => return text,
            Token::Comma | Token::RParen if depth == 0 => return text,
            Token::LParen | Token::Lt => depth += 1,
            Token::RParen | Token::Gt => depth = depth.saturating_sub(1),
            Token::ShiftRight => depth = depth.saturating_sub(2),
            _ => {}
        }
        if !text.is_empty() {
            text.push(' ');
        }
        match token {
            Token::Word(Word {
                value,
                quote_style: Some(_),
                ..
            }) => {
                text.push_str(&ast::Ident::from(value.as_str()).to_string());
            }
            other => text.push_str(&other.to_string()),
        }
        parser.next_token();
    }
}
