//! Trees as text: in one line (`Display`) and, for conditions and projections, in readable lines.
//!
//! Both layouts come from one document, with parentheses where Calcite's precedence needs them and
//! where they help a reader (`AND` inside `OR`, conditions as operands). The printer is total: text
//! that the tree should not hold prints somehow and is caught when the text is parsed back.

use std::fmt::{self, Display, Formatter};

use super::ast::{
    BinaryOperator, CreateTable, Distribution, Expr, Ident, Insert, Projection, Select, Setting,
    Statement, Truth,
};
use super::layout::Doc;
use super::literal::Literal;

/// How tightly an expression binds: an operand that binds less than its place asks gets
/// parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Predicate,
    Sum,
    Product,
    Primary,
    Path,
}

/// `text` as a string literal.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Display for Ident {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.0.replace('`', "``"))
    }
}

impl Display for Literal {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) => formatter.write_str(&quoted(text)),
            Self::Number(number) => formatter.write_str(number.as_str()),
            Self::Boolean(value) => formatter.write_str(if *value { "TRUE" } else { "FALSE" }),
            Self::Null => formatter.write_str("NULL"),
            Self::Timestamp(time) => {
                write!(
                    formatter,
                    "TIMESTAMP '{}'",
                    time.strftime("%Y-%m-%d %H:%M:%S%.f")
                )
            }
        }
    }
}

impl BinaryOperator {
    /// The operator as SQL spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
        }
    }

    /// What an expression with this operator binds like, and what its operands must.
    const fn bindings(self) -> [Binding; 3] {
        match self {
            Self::Add | Self::Subtract => [Binding::Sum, Binding::Sum, Binding::Product],
            Self::Multiply => [Binding::Product, Binding::Product, Binding::Primary],
            _ => [Binding::Predicate, Binding::Sum, Binding::Sum],
        }
    }
}

impl Truth {
    /// The word as SQL spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::True => "TRUE",
            Self::False => "FALSE",
            Self::Unknown => "UNKNOWN",
        }
    }
}

impl Display for Expr {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.doc().on_one_line())
    }
}

impl Expr {
    /// Readable lines for a place that begins at `column` in lines indented by `indent`.
    pub(super) fn in_lines(&self, column: usize, indent: usize) -> String {
        self.doc().in_lines(column, indent)
    }

    /// Like [`in_lines`](Self::in_lines), with each operand of a top-level `AND` on its own line.
    pub(super) fn as_condition(&self, column: usize, indent: usize) -> String {
        match self {
            Self::And(operands) => chain("AND ", operands, &Doc::Always),
            other => other.doc(),
        }
        .in_lines(column, indent)
    }

    fn binding(&self) -> Binding {
        match self {
            Self::Or(_) => Binding::Or,
            Self::And(_) => Binding::And,
            Self::Not(_) => Binding::Not,
            Self::Binary { operator, .. } => operator.bindings()[0],
            Self::In { .. }
            | Self::Between { .. }
            | Self::Like { .. }
            | Self::IsNull { .. }
            | Self::IsTruth { .. }
            | Self::IsJson { .. } => Binding::Predicate,
            Self::Column(_) | Self::Field { .. } | Self::Element { .. } => Binding::Path,
            Self::Literal(_)
            | Self::Unit(_)
            | Self::Call { .. }
            | Self::JsonQuery { .. }
            | Self::Cast { .. }
            | Self::Case { .. }
            | Self::Row(_) => Binding::Primary,
        }
    }

    /// This expression where its place asks for `least`.
    fn operand(&self, least: Binding) -> Doc {
        if self.binding() < least {
            Doc::enclosed("(", self.doc(), ")")
        } else {
            self.doc()
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of expression")]
    fn doc(&self) -> Doc {
        match self {
            Self::Column(name) => Doc::text(name.to_string()),
            Self::Field { of, name } => {
                Doc::concat([of.operand(Binding::Path), Doc::Text(format!(".{name}"))])
            }
            Self::Element { of, index } => Doc::concat([
                of.operand(Binding::Path),
                Doc::text("["),
                index.operand(Binding::Primary),
                Doc::text("]"),
            ]),
            Self::Literal(literal) => Doc::text(literal.to_string()),
            Self::Unit(unit) => Doc::text(unit.as_str()),
            Self::Call {
                function,
                arguments,
            } if arguments.is_empty() && function.is_bare() => Doc::text(function.as_str()),
            Self::Call {
                function,
                arguments,
            } => call(function.as_str(), arguments),
            Self::JsonQuery { document, path } => Doc::concat([
                Doc::text("JSON_QUERY("),
                document.doc(),
                Doc::Text(format!(", {} RETURNING ARRAY<STRING>)", quoted(path))),
            ]),
            Self::Cast {
                expression,
                data_type,
                checked,
            } => {
                let data_type = Doc::Text(format!("AS {data_type}"));
                let inner = Doc::concat([expression.doc(), Doc::Break(" "), data_type]);
                Doc::enclosed(if *checked { "TRY_CAST(" } else { "CAST(" }, inner, ")")
            }
            Self::Row(values) => call("ROW", values),
            Self::Case {
                branches,
                otherwise,
            } => case(branches, otherwise.as_deref()),
            Self::Binary {
                left,
                operator,
                right,
            } => {
                let [_, least_left, least_right] = operator.bindings();
                let operator = Doc::Text(format!(" {} ", operator.as_str()));
                Doc::concat([
                    left.operand(least_left),
                    operator,
                    right.operand(least_right),
                ])
            }
            Self::And(operands) => chain("AND ", operands, &Doc::Break(" ")).group(),
            Self::Or(operands) => chain("OR ", operands, &Doc::Break(" ")).group(),
            Self::Not(operand) => {
                Doc::concat([Doc::text("NOT "), operand.operand(Binding::Primary)])
            }
            Self::In {
                expression,
                values,
                negated,
            } => {
                let values = values.iter().map(Self::doc).collect();
                predicate(
                    expression,
                    *negated,
                    Doc::list("IN (".to_owned(), values, ")"),
                )
            }
            Self::Between {
                expression,
                low,
                high,
                negated,
            } => {
                let range = [
                    Doc::text("BETWEEN "),
                    low.operand(Binding::Sum),
                    Doc::text(" AND "),
                    high.operand(Binding::Sum),
                ];
                predicate(expression, *negated, Doc::concat(range))
            }
            Self::Like {
                expression,
                pattern,
                negated,
            } => {
                let pattern = pattern.operand(Binding::Sum);
                let like = [Doc::text("LIKE "), pattern, Doc::text(" ESCAPE '!'")];
                predicate(expression, *negated, Doc::concat(like))
            }
            Self::IsNull {
                expression,
                negated,
            } => is(expression, *negated, "NULL"),
            Self::IsTruth {
                expression,
                truth,
                negated,
            } => is(expression, *negated, truth.as_str()),
            Self::IsJson { expression } => is(expression, false, "JSON"),
        }
    }
}

/// Operands with a connective at the beginning of each but the first.
fn chain(connective: &str, operands: &[Expr], between: &Doc) -> Doc {
    let mut parts = Vec::with_capacity(operands.len() * 3);
    for operand in operands {
        if !parts.is_empty() {
            parts.extend([between.clone(), Doc::text(connective)]);
        }
        parts.push(operand.operand(Binding::Not));
    }
    Doc::Concat(parts)
}

fn predicate(expression: &Expr, negated: bool, test: Doc) -> Doc {
    let not = Doc::text(if negated { " NOT " } else { " " });
    Doc::concat([expression.operand(Binding::Sum), not, test])
}

fn is(expression: &Expr, negated: bool, what: &str) -> Doc {
    let is = if negated { " IS NOT " } else { " IS " };
    Doc::concat([
        expression.operand(Binding::Sum),
        Doc::text(is),
        Doc::text(what),
    ])
}

/// A call; one of plain values stays on its line, as breaking it would not help a reader.
fn call(name: &str, arguments: &[Expr]) -> Doc {
    let plain = arguments.iter().all(|argument| {
        matches!(
            argument,
            Expr::Column(_) | Expr::Field { .. } | Expr::Element { .. } | Expr::Literal(_)
        )
    });
    let list = Doc::list(
        format!("{name}("),
        arguments.iter().map(Expr::doc).collect(),
        ")",
    );
    if plain {
        Doc::Text(list.on_one_line())
    } else {
        list
    }
}

fn case(branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Doc {
    let mut parts = Vec::with_capacity(branches.len() * 5 + 3);
    for (condition, value) in branches {
        parts.extend([Doc::Break(" "), Doc::text("WHEN "), condition.doc()]);
        parts.extend([Doc::text(" THEN "), value.doc()]);
    }
    if let Some(value) = otherwise {
        parts.extend([Doc::Break(" "), Doc::text("ELSE "), value.doc()]);
    }
    let parts = Doc::Concat(parts).nest();
    Doc::concat([Doc::text("CASE"), parts, Doc::Break(" "), Doc::text("END")]).group()
}

/// Names in parentheses, in lines of their own where one is not enough.
pub(super) fn names(names: &[Ident]) -> Doc {
    let items = names
        .iter()
        .map(|name| Doc::text(name.to_string()))
        .collect();
    Doc::list("(".to_owned(), items, ")")
}

impl Display for Statement {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateTable(table) => table.fmt(formatter),
            Self::Insert(insert) => insert.fmt(formatter),
            Self::Set(setting) => setting.fmt(formatter),
            Self::StatementSet(inserts) => {
                formatter.write_str("EXECUTE STATEMENT SET BEGIN ")?;
                for insert in inserts {
                    write!(formatter, "{insert}; ")?;
                }
                formatter.write_str("END")
            }
        }
    }
}

impl Display for Setting {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "SET {} = {}",
            quoted(&self.key),
            quoted(&self.value)
        )
    }
}

impl Display for CreateTable {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let word = |given: bool, word| if given { word } else { "" };
        let temporary = word(self.temporary, "TEMPORARY ");
        let condition = word(self.if_not_exists, "IF NOT EXISTS ");
        write!(
            formatter,
            "CREATE {temporary}TABLE {condition}{} (",
            self.name
        )?;
        let columns = self
            .columns
            .iter()
            .map(|(name, data_type)| format!("{name} {data_type}"));
        write_separated(formatter, columns)?;
        formatter.write_str(")")?;
        if let Some(distribution) = &self.distribution {
            write!(formatter, " {distribution}")?;
        }
        if !self.options.is_empty() {
            formatter.write_str(" WITH (")?;
            let options = self.options.iter();
            let options =
                options.map(|(key, value)| format!("{} = {}", quoted(key), quoted(value)));
            write_separated(formatter, options)?;
            formatter.write_str(")")?;
        }
        Ok(())
    }
}

impl Display for Distribution {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("DISTRIBUTED ")?;
        if !self.columns.is_empty() {
            write!(formatter, "BY HASH{} ", names(&self.columns).on_one_line())?;
        }
        write!(formatter, "INTO {} BUCKETS", self.buckets)
    }
}

impl Display for Insert {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let columns = names(&self.columns).on_one_line();
        write!(
            formatter,
            "INSERT INTO {} {columns} {}",
            self.sink, self.select
        )
    }
}

impl Display for Select {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("SELECT ")?;
        write_separated(formatter, &self.projections)?;
        write!(formatter, " FROM {}", self.from)?;
        match &self.condition {
            Some(condition) => write!(formatter, " WHERE {condition}"),
            None => Ok(()),
        }
    }
}

impl Display for Projection {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.expression.fmt(formatter)?;
        match &self.alias {
            Some(alias) => write!(formatter, " AS {alias}"),
            None => Ok(()),
        }
    }
}

fn write_separated<T: Display>(
    formatter: &mut Formatter<'_>,
    items: impl IntoIterator<Item = T>,
) -> fmt::Result {
    for (position, item) in items.into_iter().enumerate() {
        let separator = if position > 0 { ", " } else { "" };
        write!(formatter, "{separator}{item}")?;
    }
    Ok(())
}
