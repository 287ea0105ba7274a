//! One form for all statements that differ in the order of their conditions alone.
//!
//! Fingerprints of deployed statements hash [`canonical_text`], and a fingerprint that changes
//! replaces a running statement. **The order and the one-line print must stay as they are for
//! ever**; a test pins them. Templates, headers and readable layouts may change at will: they are
//! not part of it.

use super::ast::{Expr, Insert, Projection, Select, Statement};

/// The statement with the operands of every `AND` and `OR` and the values of every `IN` sorted by
/// their one-line text, each of them once.
#[must_use]
pub fn canonical(statement: &Statement) -> Statement {
    match statement {
        Statement::CreateTable(_) | Statement::Set(_) => statement.clone(),
        Statement::Insert(one) => Statement::Insert(insert(one)),
        Statement::StatementSet(inserts) => {
            Statement::StatementSet(inserts.iter().map(insert).collect())
        }
    }
}

fn insert(insert: &Insert) -> Insert {
    let Insert {
        sink,
        columns,
        select,
    } = insert;
    let Select {
        projections,
        from,
        condition,
    } = select;
    let projections = projections
        .iter()
        .map(|Projection { expression, alias }| Projection {
            expression: expr(expression),
            alias: alias.clone(),
        });
    Insert {
        sink: sink.clone(),
        columns: columns.clone(),
        select: Select {
            projections: projections.collect(),
            from: from.clone(),
            condition: condition.as_ref().map(expr),
        },
    }
}

/// The canonical form on one line, without comments: what fingerprints hash.
#[must_use]
pub fn canonical_text(statement: &Statement) -> String {
    canonical(statement).to_string()
}

/// An expression with its operands sorted, each of them once.
#[expect(clippy::too_many_lines, reason = "one arm for each kind of expression")]
pub(crate) fn expr(tree: &Expr) -> Expr {
    let boxed = |tree: &Expr| Box::new(expr(tree));
    match tree {
        Expr::And(operands) => Expr::all(once_each(operands)),
        Expr::Or(operands) => Expr::any(once_each(operands)),
        Expr::In {
            expression,
            values,
            negated,
        } => Expr::In {
            expression: boxed(expression),
            values: once_each(values),
            negated: *negated,
        },
        Expr::Column(_) | Expr::Literal(_) | Expr::Unit(_) => tree.clone(),
        Expr::Field { of, name } => expr(of).field(name.clone()),
        Expr::Element { of, index } => expr(of).element(expr(index)),
        Expr::Call {
            function,
            arguments,
        } => Expr::call(*function, arguments.iter().map(expr)),
        Expr::JsonQuery { document, path } => Expr::json_query(expr(document), path),
        Expr::Cast {
            expression,
            data_type,
            checked,
        } => Expr::Cast {
            expression: boxed(expression),
            data_type: data_type.clone(),
            checked: *checked,
        },
        Expr::Binary {
            left,
            operator,
            right,
        } => expr(left).binary(*operator, expr(right)),
        Expr::Not(operand) => !expr(operand),
        Expr::Case {
            branches,
            otherwise,
        } => {
            let branches = branches.iter().map(|(when, then)| (expr(when), expr(then)));
            Expr::case(branches, otherwise.as_deref().map(expr))
        }
        Expr::Row(values) => Expr::row(values.iter().map(expr)),
        Expr::Between {
            expression,
            low,
            high,
            negated,
        } => Expr::Between {
            expression: boxed(expression),
            low: boxed(low),
            high: boxed(high),
            negated: *negated,
        },
        Expr::Like {
            expression,
            pattern,
            negated,
        } => Expr::Like {
            expression: boxed(expression),
            pattern: boxed(pattern),
            negated: *negated,
        },
        Expr::IsNull {
            expression,
            negated,
        } => Expr::IsNull {
            expression: boxed(expression),
            negated: *negated,
        },
        Expr::IsTruth {
            expression,
            truth,
            negated,
        } => Expr::IsTruth {
            expression: boxed(expression),
            truth: *truth,
            negated: *negated,
        },
        Expr::IsJson { expression } => expr(expression).is_json(),
    }
}

fn once_each(operands: &[Expr]) -> Vec<Expr> {
    let mut operands: Vec<Expr> = operands.iter().map(expr).collect();
    operands.sort_by_cached_key(Expr::to_string);
    operands.dedup();
    operands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse;

    /// Whoever makes this test fail replaces every deployed statement of every project.
    #[test]
    fn the_canonical_text_is_pinned() {
        let statement = parse(
            "-- comment
            INSERT INTO s (x, y) SELECT a.b[1]['k'], TRY_CAST(JSON_VALUE(d, '$[''p'']') AS DECIMAL(18, 2)) AS y
            FROM t WHERE z = 'z' AND NOT (b LIKE 'x!%' ESCAPE '!') AND (n IN ('b', 'a', 'b') OR (q IS NULL AND p > 1.50))
            AND z = 'z' AND a BETWEEN -1 AND 2 + 3 AND (a <> 'it''s') IS NOT TRUE
            AND CASE WHEN d IS JSON THEN c = b OR b = c ELSE FALSE END",
        );
        insta::assert_snapshot!(canonical_text(&statement.unwrap()), @"INSERT INTO `s` (`x`, `y`) SELECT `a`.`b`[1]['k'], TRY_CAST(JSON_VALUE(`d`, '$[''p'']') AS DECIMAL(18, 2)) AS `y` FROM `t` WHERE (`a` <> 'it''s') IS NOT TRUE AND CASE WHEN `d` IS JSON THEN `b` = `c` OR `c` = `b` ELSE FALSE END AND NOT (`b` LIKE 'x!%' ESCAPE '!') AND `a` BETWEEN -1 AND 2 + 3 AND (`n` IN ('a', 'b') OR (`p` > 1.50 AND `q` IS NULL)) AND `z` = 'z'");
        let table = parse(
            "CREATE TABLE IF NOT EXISTS t (b INTEGER NOT NULL, a ROW(x TIMESTAMP_LTZ)) DISTRIBUTED BY HASH(b, a)
            INTO 6 BUCKETS WITH ('z' = '1', 'a' = 'it''s')",
        );
        insta::assert_snapshot!(canonical_text(&table.unwrap()), @"CREATE TABLE IF NOT EXISTS `t` (`b` INT NOT NULL, `a` ROW<`x` TIMESTAMP_LTZ(6)>) DISTRIBUTED BY HASH(`b`, `a`) INTO 6 BUCKETS WITH ('a' = 'it''s', 'z' = '1')");
    }
}
