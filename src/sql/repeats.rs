//! Comparisons that stand more than once in a condition, kept from Flink's planner.
//!
//! Each time the planner simplifies a filter it turns the later ones of equal comparisons round: `a <= 1` into `1 >= a`,
//! and the next time back (`FlinkRexUtil.simplify`, Flink 2.2.1). It goes on as long as that looks like a change, and
//! whether it does may be chance. An AND or OR of two operands is compared regardless of their order: they are put into
//! that of their kinds, and where they are of one kind into that of their hash codes, which differ from run to run. So
//! `a >= 0 AND a <= 1` is or is not `a >= 0 AND 1 >= a`. Where it is not, the planner never ends.
//!
//! A call is of the same kind, whichever way a comparison in it is turned. So comparisons that stand more than once
//! become arguments of `COALESCE`, which gives its only one back, unknown included. Equality needs none of this: it is
//! of the same kind both ways round.

use std::collections::{HashMap, HashSet};

use super::ast::{BinaryOperator, Expr, Truth};
use super::canonical;
use super::function::Function;

/// The condition in a spelling that Flink's planner comes to an end with; itself, unless a comparison by order stands
/// in it more than once, and another one beside it.
pub(crate) fn shielded(condition: Expr) -> Expr {
    if !Counts::of(&condition).need_shield() {
        return condition;
    }
    // What says the same twice in one place is no repetition for the canonical form, so it must be none here.
    let condition = once_each(&condition);
    let counts = Counts::of(&condition);
    if counts.need_shield() {
        counts.shield(&condition, false)
    } else {
        condition
    }
}

/// `COALESCE(condition)` as the condition alone.
pub(crate) fn shields(function: Function, arguments: &[Expr]) -> Option<&Expr> {
    match (function, arguments) {
        (Function::Coalesce, [condition]) => Some(condition),
        _ => None,
    }
}

/// That one value is less than another, or that it is not.
struct Comparison<'e> {
    values: (&'e Expr, &'e Expr),
    is_less: bool,
}

/// How often each comparison stands in a condition: that the one value is not less than the other, and that it is.
/// Under NOT it is both, as the planner may turn it into its contrary.
#[derive(Default)]
struct Counts<'e>(HashMap<(&'e Expr, &'e Expr), [usize; 2]>);

impl<'e> Counts<'e> {
    fn of(condition: &'e Expr) -> Self {
        let mut counts = Self::default();
        counts.add(condition, false);
        counts
    }

    fn add(&mut self, condition: &'e Expr, under_not: bool) {
        let inner = under_not || is_not(condition);
        each_part(condition, &mut |part| self.add(part, inner));
        for Comparison { values, is_less } in comparisons(condition) {
            let [not_less, less] = self.0.entry(values).or_default();
            *less += usize::from(is_less || inner);
            *not_less += usize::from(!is_less || inner);
        }
    }

    fn need_shield(&self) -> bool {
        let mut counts = self.0.values().flatten();
        self.0.len() > 1 && counts.any(|count| *count > 1)
    }

    fn is_repeated(&self, comparison: &Comparison<'_>, under_not: bool) -> bool {
        let counts = self.0.get(&comparison.values);
        counts.is_some_and(|[not_less, less]| {
            *less > 1 && (comparison.is_less || under_not)
                || *not_less > 1 && (!comparison.is_less || under_not)
        })
    }

    fn shield(&self, condition: &Expr, under_not: bool) -> Expr {
        let inner = under_not || is_not(condition);
        let mut made = comparisons(condition);
        if !made.any(|comparison| self.is_repeated(&comparison, inner)) {
            return map_parts(condition, &mut |part| self.shield(part, inner));
        }
        match condition {
            Expr::Between {
                expression,
                low,
                high,
                negated,
            } => {
                let value = || (**expression).clone();
                let ends = [value().ge((**low).clone()), value().le((**high).clone())];
                let within = Expr::all(ends.map(|end| self.shield(&end, inner)));
                if *negated { !within } else { within }
            }
            comparison => Expr::call(Function::Coalesce, [comparison.clone()]),
        }
    }
}

/// Whether the planner may make of a condition one of the contraries of its parts.
fn is_not(condition: &Expr) -> bool {
    match condition {
        Expr::Not(_) | Expr::Case { .. } => true,
        Expr::Between { negated, .. } => *negated,
        Expr::IsTruth { truth, negated, .. } => *negated || *truth != Truth::True,
        _ => false,
    }
}

/// The comparisons by order that a condition itself makes.
fn comparisons(condition: &Expr) -> impl Iterator<Item = Comparison<'_>> {
    use BinaryOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let order = |left, operator, right| match operator {
        Less | GreaterOrEqual => Some(Comparison {
            values: (left, right),
            is_less: operator == Less,
        }),
        Greater | LessOrEqual => Some(Comparison {
            values: (right, left),
            is_less: operator == Greater,
        }),
        _ => None,
    };
    let made = match condition {
        Expr::Binary {
            left,
            operator,
            right,
        } => [order(left, *operator, right), None],
        Expr::Between {
            expression,
            low,
            high,
            ..
        } => [
            order(expression, GreaterOrEqual, low),
            order(expression, LessOrEqual, high),
        ],
        _ => [None, None],
    };
    made.into_iter().flatten()
}

/// The conditions that a condition is made of.
fn each_part<'e>(condition: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    match condition {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(visit),
        Expr::Not(part)
        | Expr::IsTruth {
            expression: part, ..
        } => visit(part),
        Expr::Case {
            branches,
            otherwise,
        } => {
            for (when, then) in branches {
                visit(when);
                visit(then);
            }
            if let Some(otherwise) = otherwise {
                visit(otherwise);
            }
        }
        _ => {}
    }
}

/// The condition made of other ones instead.
fn map_parts(condition: &Expr, change: &mut impl FnMut(&Expr) -> Expr) -> Expr {
    match condition {
        Expr::And(parts) => Expr::all(parts.iter().map(change)),
        Expr::Or(parts) => Expr::any(parts.iter().map(change)),
        Expr::Not(part) => !change(part),
        Expr::IsTruth {
            expression,
            truth,
            negated,
        } => Expr::IsTruth {
            expression: Box::new(change(expression)),
            truth: *truth,
            negated: *negated,
        },
        Expr::Case {
            branches,
            otherwise,
        } => {
            let changed: Vec<_> = branches
                .iter()
                .map(|(when, then)| (change(when), change(then)))
                .collect();
            Expr::case(changed, otherwise.as_deref().map(change))
        }
        other => other.clone(),
    }
}

/// The operands of every AND and OR, each of them once.
fn once_each(condition: &Expr) -> Expr {
    let once = |parts: &[Expr]| {
        let mut known = HashSet::new();
        let parts = parts
            .iter()
            .filter(|part| known.insert(canonical::expr(part)));
        parts.map(once_each).collect::<Vec<_>>()
    };
    match condition {
        Expr::And(parts) => Expr::all(once(parts)),
        Expr::Or(parts) => Expr::any(once(parts)),
        other => map_parts(other, &mut once_each),
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::parse_expr;

    fn shielded(condition: &str) -> String {
        super::shielded(parse_expr(condition).unwrap()).to_string()
    }

    #[test]
    fn a_comparison_that_stands_twice_is_kept_from_the_planner() {
        insta::assert_snapshot!(shielded("a <= 9 OR (a >= 1 AND a <= 9) OR b > 3"), @"COALESCE(`a` <= 9) OR (`a` >= 1 AND COALESCE(`a` <= 9)) OR `b` > 3");
        insta::assert_snapshot!(shielded("a <= 9 OR a BETWEEN 1 AND 9 OR b > 3"), @"COALESCE(`a` <= 9) OR (`a` >= 1 AND COALESCE(`a` <= 9)) OR `b` > 3");
        insta::assert_snapshot!(shielded("(a NOT BETWEEN 1 AND 9 AND b > 3) OR a BETWEEN 1 AND 8"), @"(NOT (COALESCE(`a` >= 1) AND `a` <= 9) AND `b` > 3) OR (COALESCE(`a` >= 1) AND `a` <= 8)");
        insta::assert_snapshot!(shielded("(a > b OR k = 'x') AND (b < a OR c > 1) AND NOT (a <= b AND k = 'y')"), @"(COALESCE(`a` > `b`) OR `k` = 'x') AND (COALESCE(`b` < `a`) OR `c` > 1) AND NOT (COALESCE(`a` <= `b`) AND `k` = 'y')");
        insta::assert_snapshot!(shielded("(a > 1 AND b > 1) IS TRUE OR CASE WHEN a > 1 THEN b < 7 ELSE b < 7 END"), @"(COALESCE(`a` > 1) AND `b` > 1) IS TRUE OR CASE WHEN COALESCE(`a` > 1) THEN COALESCE(`b` < 7) ELSE COALESCE(`b` < 7) END");
    }

    #[test]
    fn under_not_a_comparison_is_its_contrary_too() {
        insta::assert_snapshot!(shielded("(a > 1 AND b > 2) OR NOT (a <= 1 OR b > 3)"), @"(COALESCE(`a` > 1) AND `b` > 2) OR NOT (COALESCE(`a` <= 1) OR `b` > 3)");
        insta::assert_snapshot!(shielded("(a > 1 AND b > 2) OR NOT (a > 1 OR b > 3)"), @"(COALESCE(`a` > 1) AND `b` > 2) OR NOT (COALESCE(`a` > 1) OR `b` > 3)");
        insta::assert_snapshot!(shielded("(a > 1 AND b > 2) OR (a <= 1 AND b > 3) IS NOT TRUE"), @"(COALESCE(`a` > 1) AND `b` > 2) OR (COALESCE(`a` <= 1) AND `b` > 3) IS NOT TRUE");
    }

    #[test]
    fn what_the_planner_ends_with_stays_as_it_is() {
        for condition in [
            "a > 1 AND a < 9 AND b BETWEEN 1 AND 9 AND k = 'x'",
            "(k = 'x' AND a > 1) OR (k = 'y' AND a > 1)",
            "(k = 'x' AND a = 1 AND b > 2) OR (k = 'y' AND a = 1)",
            "a > 1 OR (a > 2 AND b > 1) OR (a >= 1 AND b > 2)",
            "(k = 'x' AND a > 1 AND b > 2) OR (k = 'y' AND a <= 1)",
            "a + b > 1",
        ] {
            let condition = parse_expr(condition).unwrap();
            assert_eq!(super::shielded(condition.clone()), condition, "{condition}");
        }
    }

    #[test]
    fn what_is_said_twice_in_one_place_is_said_once() {
        insta::assert_snapshot!(shielded("(a > 1 AND b > 2) OR k = 'x' OR (b > 2 AND a > 1)"), @"(`a` > 1 AND `b` > 2) OR `k` = 'x'");
        insta::assert_snapshot!(shielded("a > 1 OR a > 1 OR (b > 2 AND a > 1)"), @"COALESCE(`a` > 1) OR (`b` > 2 AND COALESCE(`a` > 1))");
    }
}
