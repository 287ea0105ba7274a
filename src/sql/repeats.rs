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

use super::ast::{BinaryOperator, Expr};
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
        counts.shield(&condition)
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

/// That one value is less than another, or is not: under NOT the planner takes these for each other.
type Comparison<'e> = (&'e Expr, &'e Expr);

/// How often each comparison stands in a condition.
#[derive(Default)]
struct Counts<'e>(HashMap<Comparison<'e>, usize>);

impl<'e> Counts<'e> {
    fn of(condition: &'e Expr) -> Self {
        let mut counts = Self::default();
        counts.add(condition);
        counts
    }

    fn add(&mut self, condition: &'e Expr) {
        each_part(condition, &mut |part| self.add(part));
        for comparison in comparisons(condition) {
            *self.0.entry(comparison).or_default() += 1;
        }
    }

    fn need_shield(&self) -> bool {
        self.0.len() > 1 && self.0.values().any(|count| *count > 1)
    }

    fn is_repeated(&self, comparison: &Comparison<'_>) -> bool {
        self.0.get(comparison).is_some_and(|count| *count > 1)
    }

    fn shield(&self, condition: &Expr) -> Expr {
        if !comparisons(condition).any(|comparison| self.is_repeated(&comparison)) {
            return map_parts(condition, &mut |part| self.shield(part));
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
                let within = Expr::all(ends.map(|end| self.shield(&end)));
                if *negated { !within } else { within }
            }
            comparison => Expr::call(Function::Coalesce, [comparison.clone()]),
        }
    }
}

/// The comparisons by order that a condition itself makes.
fn comparisons(condition: &Expr) -> impl Iterator<Item = Comparison<'_>> {
    use BinaryOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let [one, two]: [Option<Comparison<'_>>; 2] = match condition {
        Expr::Binary {
            left,
            operator: Less | GreaterOrEqual,
            right,
        } => [Some((&**left, &**right)), None],
        Expr::Binary {
            left,
            operator: Greater | LessOrEqual,
            right,
        } => [Some((&**right, &**left)), None],
        Expr::Between {
            expression,
            low,
            high,
            ..
        } => [
            Some((&**expression, &**low)),
            Some((&**high, &**expression)),
        ],
        _ => [None, None],
    };
    one.into_iter().chain(two)
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
            otherwise.iter().for_each(|otherwise| visit(otherwise));
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
    fn what_the_planner_ends_with_stays_as_it_is() {
        for condition in [
            "a > 1 AND a < 9 AND b BETWEEN 1 AND 9 AND k = 'x'",
            "(k = 'x' AND a > 1) OR (k = 'y' AND a > 1)",
            "(k = 'x' AND a = 1 AND b > 2) OR (k = 'y' AND a = 1)",
            "a > 1 OR (a > 2 AND b > 1) OR (a >= 1 AND b > 2)",
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
