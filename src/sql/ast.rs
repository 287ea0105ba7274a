//! Statements and expressions of the Flink SQL that routectl writes, and nothing beyond it.
//!
//! Expressions are built with the constructors in [`build`](super::build), which keep the *normal
//! form*: `And` and `Or` have at least two operands, none of them of the same kind. A tree that
//! breaks it prints, but does not come back from `parse` as it was, so `render` refuses it.

use std::collections::BTreeMap;

use super::data_type::DataType;
use super::function::{Function, TimeUnit};
use super::literal::Literal;

/// A name of a table, column or field: any text, always printed in backticks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ident(pub String);

impl Ident {
    /// The name as it is, without backticks.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Ident {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl From<String> for Ident {
    fn from(name: String) -> Self {
        Self(name)
    }
}

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expr {
    /// A column of the table read from.
    Column(Ident),
    /// A field of a `ROW`: `` `eventBody`.`entities` ``.
    Field {
        /// The row.
        of: Box<Self>,
        /// The field's name.
        name: Ident,
    },
    /// An element of an `ARRAY` (counted from 1) or a value of a `MAP`: `a[1]`, `m['key']`.
    Element {
        /// The array or map.
        of: Box<Self>,
        /// The position or key.
        index: Box<Self>,
    },
    /// A constant.
    Literal(Literal),
    /// A bare time unit, which `TIMESTAMPADD` takes as its first argument.
    Unit(TimeUnit),
    /// A call of a builtin function.
    Call {
        /// Which function.
        function: Function,
        /// Its arguments, in order.
        arguments: Vec<Self>,
    },
    /// `JSON_QUERY(document, 'path' RETURNING ARRAY<STRING>)`; Flink can return no other type.
    JsonQuery {
        /// The JSON text.
        document: Box<Self>,
        /// The JSON path, as it is before it becomes a literal.
        path: String,
    },
    /// `CAST`, or `TRY_CAST` where `checked`.
    Cast {
        /// The value to convert.
        expression: Box<Self>,
        /// The type to convert to.
        data_type: DataType,
        /// `TRY_CAST`: NULL where the conversion fails. `CAST` kills the job there.
        checked: bool,
    },
    /// A comparison or a sum, difference, product.
    Binary {
        /// Left operand.
        left: Box<Self>,
        /// What is done.
        operator: BinaryOperator,
        /// Right operand.
        right: Box<Self>,
    },
    /// All operands hold. At least two, none of them an `And`.
    And(Vec<Self>),
    /// Some operand holds. At least two, none of them an `Or`.
    Or(Vec<Self>),
    /// The operand does not hold; unknown stays unknown.
    Not(Box<Self>),
    /// `expression [NOT] IN (values)`.
    In {
        /// The value looked for.
        expression: Box<Self>,
        /// Where it is looked for; never empty.
        values: Vec<Self>,
        /// `NOT IN`.
        negated: bool,
    },
    /// `expression [NOT] BETWEEN low AND high`, both ends included.
    Between {
        /// The value compared.
        expression: Box<Self>,
        /// Lower end.
        low: Box<Self>,
        /// Upper end.
        high: Box<Self>,
        /// `NOT BETWEEN`.
        negated: bool,
    },
    /// `expression [NOT] LIKE pattern ESCAPE '!'`: Flink's LIKE has no default escape.
    Like {
        /// The text.
        expression: Box<Self>,
        /// The pattern, with `!` as its escape (see [`escape_like`](super::escape_like)).
        pattern: Box<Self>,
        /// `NOT LIKE`.
        negated: bool,
    },
    /// `expression IS [NOT] NULL`.
    IsNull {
        /// The value tested.
        expression: Box<Self>,
        /// `IS NOT NULL`.
        negated: bool,
    },
    /// `expression IS [NOT] TRUE`, `FALSE` or `UNKNOWN`.
    IsTruth {
        /// The condition tested.
        expression: Box<Self>,
        /// What it is tested for.
        truth: Truth,
        /// `IS NOT`.
        negated: bool,
    },
    /// `expression IS JSON`: the text is readable JSON.
    IsJson {
        /// The text tested.
        expression: Box<Self>,
    },
    /// `CASE WHEN condition THEN value ... [ELSE otherwise] END`.
    Case {
        /// Conditions with their values, the first that holds counts; never empty.
        branches: Vec<(Self, Self)>,
        /// The value where no condition holds; NULL where left out.
        otherwise: Option<Box<Self>>,
    },
    /// `ROW(values)`.
    Row(Vec<Self>),
}

/// What stands between two operands. `AND` and `OR` are [`Expr::And`] and [`Expr::Or`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

/// A value of SQL's three-valued logic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// `TRUE`
    True,
    /// `FALSE`
    False,
    /// `UNKNOWN`, the NULL of conditions
    Unknown,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Statement {
    /// Makes a table.
    CreateTable(CreateTable),
    /// Writes what a query reads into a table, for ever.
    Insert(Insert),
    /// Sets an option of the session.
    Set(Setting),
    /// Several INSERTs as one job, which reads a table that they share once.
    StatementSet(Vec<Insert>),
}

/// `SET 'key' = 'value'`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Setting {
    /// The option.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// `CREATE TABLE`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CreateTable {
    /// `TEMPORARY`: gone with the session.
    pub temporary: bool,
    /// The table's name.
    pub name: Ident,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// Names and types of the columns, in order; never empty.
    pub columns: Vec<(Ident, DataType)>,
    /// How records spread over the topic's partitions.
    pub distribution: Option<Distribution>,
    /// What stands behind `WITH`.
    pub options: BTreeMap<String, String>,
}

/// `DISTRIBUTED [BY HASH(columns)] INTO n BUCKETS`: Confluent's word for keys and partitions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Distribution {
    /// The columns that make up the Kafka key; empty: no key.
    pub columns: Vec<Ident>,
    /// Number of partitions, at least 1.
    pub buckets: u32,
}

/// `INSERT INTO sink (columns) SELECT ...`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Insert {
    /// The table written to.
    pub sink: Ident,
    /// Its columns, one for each projection in the same order: Flink maps them by position.
    pub columns: Vec<Ident>,
    /// What is written.
    pub select: Select,
}

/// `SELECT projections FROM from [WHERE condition]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Select {
    /// The values of a row that comes out; never empty.
    pub projections: Vec<Projection>,
    /// The table read from.
    pub from: Ident,
    /// Which rows come out; every row where left out.
    pub condition: Option<Expr>,
}

/// One value of a `SELECT`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Projection {
    /// The value.
    pub expression: Expr,
    /// The name behind `AS`.
    pub alias: Option<Ident>,
}

impl Projection {
    /// `expression` under a name; the name is left out where the expression is that very column.
    pub fn named(expression: Expr, name: impl Into<Ident>) -> Self {
        let name = name.into();
        let alias = (expression != Expr::Column(name.clone())).then_some(name);
        Self { expression, alias }
    }
}
