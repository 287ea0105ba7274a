//! Constructors of expressions. They keep the normal form and read like the SQL they make:
//! `Expr::column("a").try_cast(DataType::BOOLEAN).eq(Expr::boolean(true))`.

use std::ops::{Add, Mul, Not, Sub};

use jiff::civil::DateTime;

use super::ast::{BinaryOperator, Expr, Ident, Truth};
use super::data_type::DataType;
use super::function::Function;
use super::literal::{Digits, Literal, Number, NumberError};

/// Text as a part of a LIKE pattern that matches just this text (escape `!`).
pub fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '!' | '%' | '_') {
            escaped.push('!');
        }
        escaped.push(character);
    }
    escaped
}

/// Leaves.
impl Expr {
    /// A column.
    pub fn column(name: impl Into<Ident>) -> Self {
        Self::Column(name.into())
    }

    /// A text literal.
    pub fn string(text: impl Into<String>) -> Self {
        Self::Literal(Literal::String(text.into()))
    }

    /// `TRUE` or `FALSE`.
    pub fn boolean(value: bool) -> Self {
        Self::Literal(Literal::Boolean(value))
    }

    /// `NULL`.
    pub fn null() -> Self {
        Self::Literal(Literal::Null)
    }

    /// `TIMESTAMP '...'`.
    pub fn timestamp(value: DateTime) -> Self {
        Self::Literal(Literal::Timestamp(value))
    }

    /// A number literal.
    pub fn number(value: impl Into<Number>) -> Self {
        Self::Literal(Literal::Number(value.into()))
    }

    /// A number of any length that DECIMAL(38, 10) holds: a literal, or where Flink refuses one of
    /// that length a cast of its text.
    pub fn decimal(text: &str) -> Result<Self, NumberError> {
        match Number::parse(text) {
            Ok(number) => Ok(Self::number(number)),
            Err(NumberError::TooLong) => {
                let Digits { integer, fraction } = Digits::of(text)?;
                if integer.len() > 28 || fraction.len() > 10 {
                    return Err(NumberError::OutOfRange);
                }
                Ok(Self::string(text).cast(DataType::decimal(38, 10)))
            }
            Err(error) => Err(error),
        }
    }

    /// A call of a builtin function.
    pub fn call(function: Function, arguments: impl IntoIterator<Item = Self>) -> Self {
        Self::Call {
            function,
            arguments: arguments.into_iter().collect(),
        }
    }

    /// `JSON_VALUE(document, 'path')`.
    pub fn json_value(document: Self, path: impl Into<String>) -> Self {
        Self::call(Function::JsonValue, [document, Self::string(path)])
    }

    /// `JSON_EXISTS(document, 'path')`.
    pub fn json_exists(document: Self, path: impl Into<String>) -> Self {
        Self::call(Function::JsonExists, [document, Self::string(path)])
    }

    /// `JSON_QUERY(document, 'path' RETURNING ARRAY<STRING>)`.
    pub fn json_query(document: Self, path: impl Into<String>) -> Self {
        Self::JsonQuery {
            document: Box::new(document),
            path: path.into(),
        }
    }

    /// `ROW(values)`.
    pub fn row(values: impl IntoIterator<Item = Self>) -> Self {
        Self::Row(values.into_iter().collect())
    }

    /// `CASE WHEN ... THEN ... [ELSE otherwise] END`.
    pub fn case(branches: impl IntoIterator<Item = (Self, Self)>, otherwise: Option<Self>) -> Self {
        Self::Case {
            branches: branches.into_iter().collect(),
            otherwise: otherwise.map(Box::new),
        }
    }
}

/// Access and conversion.
impl Expr {
    /// A field of this row.
    #[must_use]
    pub fn field(self, name: impl Into<Ident>) -> Self {
        Self::Field {
            of: Box::new(self),
            name: name.into(),
        }
    }

    /// An element of this array (counted from 1) or the value of a key of this map.
    #[must_use]
    pub fn element(self, index: Self) -> Self {
        Self::Element {
            of: Box::new(self),
            index: Box::new(index),
        }
    }

    /// `CAST(self AS data_type)`, which kills the job where the conversion fails: for constants.
    #[must_use]
    pub fn cast(self, data_type: DataType) -> Self {
        Self::Cast {
            expression: Box::new(self),
            data_type,
            checked: false,
        }
    }

    /// `TRY_CAST(self AS data_type)`, which is NULL where the conversion fails.
    #[must_use]
    pub fn try_cast(self, data_type: DataType) -> Self {
        Self::Cast {
            expression: Box::new(self),
            data_type,
            checked: true,
        }
    }
}

/// Conditions.
impl Expr {
    /// `self operator right`.
    #[must_use]
    pub fn binary(self, operator: BinaryOperator, right: Self) -> Self {
        Self::Binary {
            left: Box::new(self),
            operator,
            right: Box::new(right),
        }
    }

    /// `self = right`
    #[must_use]
    pub fn eq(self, right: Self) -> Self {
        self.binary(BinaryOperator::Equal, right)
    }

    /// `self <> right`
    #[must_use]
    pub fn ne(self, right: Self) -> Self {
        self.binary(BinaryOperator::NotEqual, right)
    }

    /// `self < right`
    #[must_use]
    pub fn lt(self, right: Self) -> Self {
        self.binary(BinaryOperator::Less, right)
    }

    /// `self <= right`
    #[must_use]
    pub fn le(self, right: Self) -> Self {
        self.binary(BinaryOperator::LessOrEqual, right)
    }

    /// `self > right`
    #[must_use]
    pub fn gt(self, right: Self) -> Self {
        self.binary(BinaryOperator::Greater, right)
    }

    /// `self >= right`
    #[must_use]
    pub fn ge(self, right: Self) -> Self {
        self.binary(BinaryOperator::GreaterOrEqual, right)
    }

    /// `self AND other`
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// `self OR other`
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::any([self, other])
    }

    /// All of the conditions; `TRUE` where there are none.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut operands = Vec::new();
        for condition in conditions {
            match condition {
                Self::And(inner) => operands.extend(inner),
                other => operands.push(other),
            }
        }
        only(operands, Self::And).unwrap_or_else(|| Self::boolean(true))
    }

    /// Some of the conditions; `FALSE` where there are none.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut operands = Vec::new();
        for condition in conditions {
            match condition {
                Self::Or(inner) => operands.extend(inner),
                other => operands.push(other),
            }
        }
        only(operands, Self::Or).unwrap_or_else(|| Self::boolean(false))
    }

    /// `self IN (values)`; `FALSE` where there are none, which SQL cannot spell.
    #[must_use]
    pub fn is_in(self, values: impl IntoIterator<Item = Self>) -> Self {
        self.membership(values, false)
    }

    /// `self NOT IN (values)`; `TRUE` where there are none, which SQL cannot spell.
    #[must_use]
    pub fn is_not_in(self, values: impl IntoIterator<Item = Self>) -> Self {
        self.membership(values, true)
    }

    fn membership(self, values: impl IntoIterator<Item = Self>, negated: bool) -> Self {
        let values: Vec<Self> = values.into_iter().collect();
        if values.is_empty() {
            return Self::boolean(negated);
        }
        Self::In {
            expression: Box::new(self),
            values,
            negated,
        }
    }

    /// `self BETWEEN low AND high`
    #[must_use]
    pub fn between(self, low: Self, high: Self) -> Self {
        Self::Between {
            expression: Box::new(self),
            low: Box::new(low),
            high: Box::new(high),
            negated: false,
        }
    }

    /// `self LIKE 'pattern' ESCAPE '!'`
    #[must_use]
    pub fn like(self, pattern: impl Into<String>) -> Self {
        let pattern = Box::new(Self::string(pattern));
        Self::Like {
            expression: Box::new(self),
            pattern,
            negated: false,
        }
    }

    /// `self IS NULL`
    #[must_use]
    pub fn is_null(self) -> Self {
        Self::IsNull {
            expression: Box::new(self),
            negated: false,
        }
    }

    /// `self IS NOT NULL`
    #[must_use]
    pub fn is_not_null(self) -> Self {
        Self::IsNull {
            expression: Box::new(self),
            negated: true,
        }
    }

    /// `self IS truth`
    #[must_use]
    pub fn is(self, truth: Truth) -> Self {
        Self::IsTruth {
            expression: Box::new(self),
            truth,
            negated: false,
        }
    }

    /// `self IS NOT truth`
    #[must_use]
    pub fn is_not(self, truth: Truth) -> Self {
        Self::IsTruth {
            expression: Box::new(self),
            truth,
            negated: true,
        }
    }

    /// `self IS JSON`
    #[must_use]
    pub fn is_json(self) -> Self {
        Self::IsJson {
            expression: Box::new(self),
        }
    }
}

fn only(mut operands: Vec<Expr>, many: fn(Vec<Expr>) -> Expr) -> Option<Expr> {
    if operands.len() < 2 {
        operands.pop()
    } else {
        Some(many(operands))
    }
}

impl Not for Expr {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}

impl Add for Expr {
    type Output = Self;

    fn add(self, right: Self) -> Self {
        self.binary(BinaryOperator::Add, right)
    }
}

impl Sub for Expr {
    type Output = Self;

    fn sub(self, right: Self) -> Self {
        self.binary(BinaryOperator::Subtract, right)
    }
}

impl Mul for Expr {
    type Output = Self;

    fn mul(self, right: Self) -> Self {
        self.binary(BinaryOperator::Multiply, right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_and_or_are_flat() {
        let [a, b, c] = ["a", "b", "c"].map(Expr::column);
        assert_eq!(
            a.clone().and(b.clone()).and(c.clone()),
            Expr::And(vec![a.clone(), b.clone(), c.clone()])
        );
        assert_eq!(
            a.clone().or(b.clone().or(c.clone())),
            Expr::Or(vec![a.clone(), b, c])
        );
        assert_eq!(Expr::all([a.clone()]), a);
        assert_eq!(Expr::all([]), Expr::boolean(true));
        assert_eq!(Expr::any([]), Expr::boolean(false));
    }

    #[test]
    fn regression_21_an_empty_list_is_never_spelled() {
        assert_eq!(Expr::column("a").is_in([]), Expr::boolean(false));
        assert_eq!(Expr::column("a").is_not_in([]), Expr::boolean(true));
    }

    #[test]
    fn long_numbers_become_casts() {
        assert_eq!(
            Expr::decimal("1.5"),
            Ok(Expr::number(Number::parse("1.5").unwrap()))
        );
        let long = "12345678901234567.1234567891";
        assert_eq!(
            Expr::decimal(long),
            Ok(Expr::string(long).cast(DataType::decimal(38, 10)))
        );
        assert_eq!(Expr::decimal(&"9".repeat(29)), Err(NumberError::OutOfRange));
        assert_eq!(Expr::decimal("inf"), Err(NumberError::Malformed));
    }
}
