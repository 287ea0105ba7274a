//! sqlparser's expressions as ours.
//!
//! Each node is taken apart completely, so a part that we do not know cannot be lost: what our tree
//! has no place for is an error.

use sqlparser::ast::{
    self as theirs, AccessExpr, CaseWhen, CastKind, FunctionArg, FunctionArgExpr,
    FunctionArgumentClause, FunctionArgumentList, FunctionArguments, ObjectNamePart, Spanned as _,
    Subscript, TypedString, UnaryOperator, Value,
};
use sqlparser::tokenizer::Location;

use super::Failure;
use crate::sql::ast::{BinaryOperator, Expr, Ident, Truth};
use crate::sql::data_type::DataType;
use crate::sql::function::{Function, TimeUnit};
use crate::sql::literal::{Literal, Number};

type Converted = Result<Expr, Failure>;

pub(super) fn expression(expr: theirs::Expr) -> Converted {
    use theirs::Expr as E;
    let place = start(&expr);
    Ok(match expr {
        E::Nested(inner) => return expression(*inner),
        E::Identifier(ident) => return column(ident),
        E::CompoundIdentifier(parts) => return path(parts, place),
        E::CompoundFieldAccess { root, access_chain } => return access(*root, access_chain),
        E::Value(value) => Expr::Literal(literal(value.value, "", place)?),
        E::TypedString(typed) => return timestamp(typed, place),
        E::Function(function) => return call(function, place),
        E::Cast {
            kind,
            expr,
            data_type,
            format: None,
        } => {
            let checked = match kind {
                CastKind::Cast => false,
                CastKind::TryCast => true,
                CastKind::SafeCast | CastKind::DoubleColon => return refuse("this cast", place),
            };
            let data_type = flink_type(&data_type, place)?;
            Expr::Cast {
                expression: boxed(*expr)?,
                data_type,
                checked,
            }
        }
        E::UnaryOp {
            op: UnaryOperator::Not,
            expr,
        } => !expression(*expr)?,
        E::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => match *expr {
            E::Value(value) => Expr::Literal(literal(value.value, "-", place)?),
            _ => return refuse("a minus before anything but a number", place),
        },
        E::Case {
            case_token: _,
            end_token: _,
            operand: None,
            conditions,
            else_result,
        } => {
            let branches = conditions
                .into_iter()
                .map(|CaseWhen { condition, result }| {
                    Ok((expression(condition)?, expression(result)?))
                });
            let branches = branches.collect::<Result<Vec<_>, Failure>>()?;
            let otherwise = else_result.map(|value| expression(*value)).transpose()?;
            Expr::case(branches, otherwise)
        }
        other => return predicate(other, place),
    })
}

fn predicate(expr: theirs::Expr, place: Location) -> Converted {
    use theirs::Expr as E;
    match expr {
        E::BinaryOp { left, op, right } => binary(*left, &op, *right, place),
        E::InList {
            expr,
            list,
            negated,
        } => {
            let values = list.into_iter().map(expression).collect::<Result<_, _>>()?;
            Ok(Expr::In {
                expression: boxed(*expr)?,
                values,
                negated,
            })
        }
        E::Between {
            expr,
            negated,
            low,
            high,
        } => Ok(Expr::Between {
            expression: boxed(*expr)?,
            low: boxed(*low)?,
            high: boxed(*high)?,
            negated,
        }),
        E::Like {
            negated,
            any: false,
            expr,
            pattern,
            escape_char,
        } => {
            let escape = escape_char.map(|escape| expression(*escape)).transpose()?;
            if escape != Some(Expr::string("!")) {
                return refuse("LIKE without ESCAPE '!'", place);
            }
            Ok(Expr::Like {
                expression: boxed(*expr)?,
                pattern: boxed(*pattern)?,
                negated,
            })
        }
        other => test(other, place),
    }
}

/// `IS` and what follows it.
fn test(expr: theirs::Expr, place: Location) -> Converted {
    use theirs::Expr as E;
    let (expr, truth, negated) = match expr {
        E::IsNull(expr) => return Ok(expression(*expr)?.is_null()),
        E::IsNotNull(expr) => return Ok(expression(*expr)?.is_not_null()),
        E::IsJson {
            expr,
            kind: None,
            unique_keys: None,
            negated: false,
        } => {
            return Ok(expression(*expr)?.is_json());
        }
        E::IsTrue(expr) => (expr, Truth::True, false),
        E::IsNotTrue(expr) => (expr, Truth::True, true),
        E::IsFalse(expr) => (expr, Truth::False, false),
        E::IsNotFalse(expr) => (expr, Truth::False, true),
        E::IsUnknown(expr) => (expr, Truth::Unknown, false),
        E::IsNotUnknown(expr) => (expr, Truth::Unknown, true),
        other => return refuse(&other.to_string(), place),
    };
    Ok(Expr::IsTruth {
        expression: boxed(*expr)?,
        truth,
        negated,
    })
}

/// Where an expression begins: the place of its leftmost leaf. sqlparser's own spans visit the
/// whole tree and, for chains of thousands of operands, exhaust the stack.
fn start(expr: &theirs::Expr) -> Location {
    use theirs::Expr as E;
    let mut expr = expr;
    loop {
        expr = match expr {
            E::BinaryOp { left: inner, .. }
            | E::Nested(inner)
            | E::CompoundFieldAccess { root: inner, .. }
            | E::UnaryOp { expr: inner, .. }
            | E::Cast { expr: inner, .. }
            | E::InList { expr: inner, .. }
            | E::Between { expr: inner, .. }
            | E::Like { expr: inner, .. }
            | E::RLike { expr: inner, .. }
            | E::IsNull(inner)
            | E::IsNotNull(inner)
            | E::IsJson { expr: inner, .. }
            | E::IsTrue(inner)
            | E::IsNotTrue(inner)
            | E::IsFalse(inner)
            | E::IsNotFalse(inner)
            | E::IsUnknown(inner)
            | E::IsNotUnknown(inner) => inner,
            leaf => return leaf.span().start,
        }
    }
}

fn refuse<T>(what: &str, place: Location) -> Result<T, Failure> {
    Err(Failure::new(
        format!("{what} is not among the SQL that routectl writes"),
        place,
    ))
}

fn boxed(expr: theirs::Expr) -> Result<Box<Expr>, Failure> {
    expression(expr).map(Box::new)
}

fn name(ident: theirs::Ident) -> Result<Ident, Failure> {
    let theirs::Ident {
        value,
        quote_style,
        span,
    } = ident;
    match quote_style {
        None | Some('`') => Ok(Ident(value)),
        Some(_) => refuse("a name in these quotes", span.start),
    }
}

fn column(ident: theirs::Ident) -> Converted {
    match TimeUnit::from_word(&ident.value) {
        Some(unit) if ident.quote_style.is_none() => Ok(Expr::Unit(unit)),
        _ => name(ident).map(Expr::Column),
    }
}

fn path(parts: Vec<theirs::Ident>, place: Location) -> Converted {
    let mut parts = parts.into_iter();
    let Some(root) = parts.next() else {
        return refuse("an empty path", place);
    };
    parts.try_fold(Expr::Column(name(root)?), |of, part| {
        Ok(of.field(name(part)?))
    })
}

fn access(root: theirs::Expr, chain: Vec<AccessExpr>) -> Converted {
    chain
        .into_iter()
        .try_fold(expression(root)?, |of, step| match step {
            AccessExpr::Dot(theirs::Expr::Identifier(ident)) => Ok(of.field(name(ident)?)),
            AccessExpr::Subscript(Subscript::Index { index }) => Ok(of.element(expression(index)?)),
            AccessExpr::Dot(other) => refuse("this field access", other.span().start),
            AccessExpr::Subscript(slice) => refuse("a slice", slice.span().start),
        })
}

fn literal(value: Value, sign: &str, place: Location) -> Result<Literal, Failure> {
    match value {
        Value::Number(digits, false) => Number::parse(&format!("{sign}{digits}"))
            .map(Literal::Number)
            .map_err(|error| Failure::new(format!("`{digits}`: {error}"), place)),
        Value::SingleQuotedString(text) | Value::UnicodeStringLiteral(text) if sign.is_empty() => {
            Ok(Literal::String(text))
        }
        Value::Boolean(value) if sign.is_empty() => Ok(Literal::Boolean(value)),
        Value::Null if sign.is_empty() => Ok(Literal::Null),
        other => refuse(&format!("the literal `{sign}{other}`"), place),
    }
}

fn timestamp(typed: TypedString, place: Location) -> Converted {
    let TypedString {
        data_type,
        value,
        uses_odbc_syntax: false,
    } = typed
    else {
        return refuse("an ODBC literal", place);
    };
    let plain = theirs::DataType::Timestamp(None, theirs::TimezoneInfo::None);
    let Value::SingleQuotedString(text) = value.value else {
        return refuse("this literal", place);
    };
    if data_type != plain {
        return refuse(&format!("a literal of the type {data_type}"), place);
    }
    jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S%.f", &text)
        .map(Expr::timestamp)
        .map_err(|error| Failure::new(format!("`{text}` is no timestamp: {error}"), place))
}

fn flink_type(data_type: &theirs::DataType, place: Location) -> Result<DataType, Failure> {
    let theirs::DataType::Custom(name, modifiers) = data_type else {
        return refuse(&format!("the type {data_type}"), place);
    };
    match (name.0.as_slice(), modifiers.as_slice()) {
        ([ObjectNamePart::Identifier(text)], []) => DataType::parse(&text.value)
            .map_err(|error| Failure::new(error.message, text.span.start)),
        _ => refuse(&format!("the type {data_type}"), place),
    }
}

fn call(function: theirs::Function, place: Location) -> Converted {
    let theirs::Function {
        name,
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args,
        within_group,
        filter: None,
        null_treatment: None,
        over: None,
    } = function
    else {
        return refuse("this function call", place);
    };
    if !within_group.is_empty() {
        return refuse("WITHIN GROUP", place);
    }
    let list = match args {
        FunctionArguments::None => Vec::new(),
        FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses,
        }) => {
            let arguments = args.into_iter().map(|arg| argument(arg, place));
            let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
            return match clauses.as_slice() {
                [] => named_call(&name, arguments, place),
                [FunctionArgumentClause::JsonReturningClause(returning)] => {
                    let returning = flink_type(&returning.data_type, place)?;
                    json_query(&name, arguments, &returning, place)
                }
                _ => refuse("this clause in a function call", place),
            };
        }
        FunctionArguments::List(_) | FunctionArguments::Subquery(_) => {
            return refuse("this function call", place);
        }
    };
    named_call(&name, list, place)
}

fn argument(argument: FunctionArg, place: Location) -> Converted {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => expression(expr),
        _ => refuse("this function argument", place),
    }
}

fn named_call(name: &theirs::ObjectName, arguments: Vec<Expr>, place: Location) -> Converted {
    let word = name.to_string();
    if word.eq_ignore_ascii_case("ROW") {
        return Ok(Expr::Row(arguments));
    }
    match Function::from_word(&word) {
        Some(function) => Ok(Expr::call(function, arguments)),
        None => refuse(&format!("the function `{word}`"), place),
    }
}

fn json_query(
    name: &theirs::ObjectName,
    arguments: Vec<Expr>,
    returning: &DataType,
    place: Location,
) -> Converted {
    let strings = crate::sql::TypeKind::Array(Box::new(DataType::STRING)).nullable();
    let query = name.to_string().eq_ignore_ascii_case("JSON_QUERY") && *returning == strings;
    match <[Expr; 2]>::try_from(arguments) {
        Ok([document, Expr::Literal(Literal::String(path))]) if query => {
            Ok(Expr::json_query(document, path))
        }
        _ => refuse(
            &format!("`{name} ... RETURNING {returning}` with these arguments"),
            place,
        ),
    }
}

fn binary(
    left: theirs::Expr,
    operator: &theirs::BinaryOperator,
    right: theirs::Expr,
    place: Location,
) -> Converted {
    use theirs::BinaryOperator as O;
    let operator = match operator {
        O::And | O::Or => return connective(left, operator, right),
        O::Eq => BinaryOperator::Equal,
        O::NotEq => BinaryOperator::NotEqual,
        O::Lt => BinaryOperator::Less,
        O::LtEq => BinaryOperator::LessOrEqual,
        O::Gt => BinaryOperator::Greater,
        O::GtEq => BinaryOperator::GreaterOrEqual,
        O::Plus => BinaryOperator::Add,
        O::Minus => BinaryOperator::Subtract,
        O::Multiply => BinaryOperator::Multiply,
        other => return refuse(&format!("the operator {other}"), place),
    };
    Ok(expression(left)?.binary(operator, expression(right)?))
}

/// A chain of one connective. sqlparser nests it to the left, as deeply as it is long.
fn connective(
    left: theirs::Expr,
    operator: &theirs::BinaryOperator,
    right: theirs::Expr,
) -> Converted {
    let mut operands = vec![expression(right)?];
    let mut rest = left;
    loop {
        match rest {
            theirs::Expr::BinaryOp { left, op, right } if op == *operator => {
                operands.push(expression(*right)?);
                rest = *left;
            }
            first => {
                operands.push(expression(first)?);
                break;
            }
        }
    }
    let operands = operands.into_iter().rev();
    let and = *operator == theirs::BinaryOperator::And;
    Ok(if and {
        Expr::all(operands)
    } else {
        Expr::any(operands)
    })
}
