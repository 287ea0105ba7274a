//! The columns that expressions name.

use crate::sql::{Expr, Select};

/// The columns of the table that a query reads from, each once, as they come up.
pub(super) fn named_in(select: &Select) -> Vec<String> {
    let mut names = Vec::new();
    for projection in &select.projections {
        collect(&projection.expression, &mut names);
    }
    if let Some(condition) = &select.condition {
        collect(condition, &mut names);
    }
    names
}

fn collect(expr: &Expr, names: &mut Vec<String>) {
    let mut all = |parts: &[&Expr]| parts.iter().for_each(|part| collect(part, names));
    match expr {
        Expr::Column(name) => {
            if !names.contains(&name.0) {
                names.push(name.0.clone());
            }
        }
        Expr::Literal(_) | Expr::Unit(_) => {}
        Expr::Field { of, .. } => all(&[of]),
        Expr::Element { of, index } => all(&[of, index]),
        Expr::Call { arguments, .. } => all(&arguments.iter().collect::<Vec<_>>()),
        Expr::JsonQuery { document, .. } => all(&[document]),
        Expr::Cast { expression, .. }
        | Expr::IsNull { expression, .. }
        | Expr::IsTruth { expression, .. }
        | Expr::IsJson { expression } => all(&[expression]),
        Expr::Binary { left, right, .. } => all(&[left, right]),
        Expr::And(operands) | Expr::Or(operands) | Expr::Row(operands) => {
            all(&operands.iter().collect::<Vec<_>>());
        }
        Expr::Not(operand) => all(&[operand]),
        Expr::In {
            expression, values, ..
        } => {
            all(&[expression]);
            all(&values.iter().collect::<Vec<_>>());
        }
        Expr::Between {
            expression,
            low,
            high,
            ..
        } => all(&[expression, low, high]),
        Expr::Like {
            expression,
            pattern,
            ..
        } => all(&[expression, pattern]),
        Expr::Case {
            branches,
            otherwise,
        } => {
            let parts = branches.iter().flat_map(|(when, then)| [when, then]);
            all(&parts.chain(otherwise.as_deref()).collect::<Vec<_>>());
        }
    }
}
