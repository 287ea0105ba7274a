//! Queries over the `INFORMATION_SCHEMA`: SELECT, WHERE and UNION ALL with the few operators that the documentation names.

use sqlparser::ast;
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use crate::emulator::views::{ViewExpr, ViewQuery};

const SCHEMA: &str = "INFORMATION_SCHEMA";

/// Whether a query speaks of it.
pub(super) fn is_meant(text: &str) -> bool {
    text.contains(SCHEMA)
}

/// The queries that a `UNION ALL` is made of.
pub(super) fn read(text: &str) -> Result<Vec<ViewQuery>, String> {
    let statements = Parser::parse_sql(&GenericDialect {}, text);
    match statements.map_err(|error| error.to_string())?.as_slice() {
        [ast::Statement::Query(query)] => queries(&query.body),
        _ => Err("expected: one query".to_owned()),
    }
}

fn queries(body: &ast::SetExpr) -> Result<Vec<ViewQuery>, String> {
    match body {
        ast::SetExpr::Select(select) => Ok(vec![query(select)?]),
        ast::SetExpr::Query(query) => queries(&query.body),
        ast::SetExpr::SetOperation {
            op: ast::SetOperator::Union,
            set_quantifier: ast::SetQuantifier::All,
            left,
            right,
        } => {
            let mut all = queries(left)?;
            all.extend(queries(right)?);
            Ok(all)
        }
        other => Err(format!("{other} is not supported over the {SCHEMA}")),
    }
}

fn query(select: &ast::Select) -> Result<ViewQuery, String> {
    let unsupported =
        |what: &dyn std::fmt::Display| format!("{what} is not supported over the {SCHEMA}");
    let [from] = select.from.as_slice() else {
        return Err("expected: one view".to_owned());
    };
    let ast::TableFactor::Table { name, .. } = &from.relation else {
        return Err(unsupported(from));
    };
    let parts: Vec<_> = name.0.iter().filter_map(|part| part.as_ident()).collect();
    let [.., schema, view] = parts.as_slice() else {
        return Err(unsupported(name));
    };
    if schema.value != SCHEMA || !from.joins.is_empty() {
        return Err(unsupported(from));
    }
    let items = select.projection.iter().map(|item| match item {
        ast::SelectItem::ExprWithAlias { expr, alias } => {
            Ok((alias.value.clone(), expression(expr)?))
        }
        ast::SelectItem::UnnamedExpr(expr) => Ok((expr.to_string(), expression(expr)?)),
        other => Err(unsupported(other)),
    });
    Ok(ViewQuery {
        view: view.value.clone(),
        items: items.collect::<Result<_, _>>()?,
        filter: select.selection.as_ref().map(expression).transpose()?,
    })
}

fn expression(expr: &ast::Expr) -> Result<ViewExpr, String> {
    let unsupported = || Err(format!("{expr} is not supported over the {SCHEMA}"));
    match expr {
        ast::Expr::Identifier(name) => Ok(ViewExpr::Column(name.value.clone())),
        ast::Expr::Nested(inner) => expression(inner),
        ast::Expr::Cast { expr, .. } => expression(expr),
        ast::Expr::IsNull(of) => Ok(ViewExpr::IsNull(Box::new(expression(of)?))),
        ast::Expr::Value(value) => match &value.value {
            ast::Value::Null => Ok(ViewExpr::Null),
            ast::Value::SingleQuotedString(text) | ast::Value::Number(text, _) => {
                Ok(ViewExpr::Literal(text.clone()))
            }
            _ => unsupported(),
        },
        ast::Expr::BinaryOp { left, op, right } => {
            let sides = || Ok::<_, String>(Box::new((expression(left)?, expression(right)?)));
            match op {
                ast::BinaryOperator::Eq => Ok(ViewExpr::Equal(sides()?)),
                ast::BinaryOperator::NotEq => Ok(ViewExpr::Different(sides()?)),
                ast::BinaryOperator::And => Ok(ViewExpr::And(sides()?)),
                ast::BinaryOperator::Or => Ok(ViewExpr::Or(sides()?)),
                _ => unsupported(),
            }
        }
        _ => unsupported(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_documentation_does_not_name_is_refused() {
        let view = "`env`.`INFORMATION_SCHEMA`.`TABLES`";
        let good = format!(
            "SELECT 'x' AS `a`, CAST(NULL AS INT) AS `b` FROM {view} WHERE (`A` <> 'b' OR `C` IS NULL) AND `D` = 1"
        );
        assert_eq!(
            read(&format!("{good} UNION ALL ({good})")).unwrap().len(),
            2
        );
        for bad in [
            format!("SELECT `a` FROM {view} WHERE `a` IN ('b')"),
            format!("SELECT `a` FROM {view} WHERE `a` LIKE 'b'"),
            format!("SELECT COUNT(*) FROM {view}"),
            format!("SELECT `a` FROM {view} UNION SELECT `a` FROM {view}"),
            format!("SELECT `a` FROM {view}, {view}"),
            "SELECT `INFORMATION_SCHEMA` FROM `t`".to_owned(),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
    }
}
