//! Conditions as formulas over variables.

use std::collections::{BTreeSet, HashMap};

use super::constant::{Constant, number};
use super::variable::{Operand, Test, Variable};
use crate::sql::{self, BinaryOperator, Expr, Function, Literal, Truth};

/// A condition, as far as it is understood.
#[derive(Debug)]
pub(super) enum Formula {
    /// An outcome that is known.
    Constant(Truth),
    /// A test of a variable.
    Leaf(Leaf),
    /// `AND`.
    All(Vec<Self>),
    /// `OR`.
    Any(Vec<Self>),
    /// `NOT`.
    Not(Box<Self>),
    /// `IS TRUE` and its kin, without `NOT`.
    Is(Box<Self>, Truth),
    /// `CASE`: conditions with their values, and the value where none holds.
    Case(Vec<(Self, Self)>, Box<Self>),
}

/// A test of a variable; beside it the same test as a variable of its own, for where the first is not sound.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) variable: usize,
    pub(super) test: Test,
    pub(super) itself: usize,
}

/// Reads conditions that are to be compared, and learns their variables.
#[derive(Debug, Default)]
pub(super) struct Reader {
    known: HashMap<Operand, usize>,
    variables: Vec<(Operand, BTreeSet<Constant>)>,
}

impl Reader {
    /// All variables of what was read.
    pub(super) fn variables(self) -> Vec<Variable> {
        let variables = self.variables.into_iter();
        let variables = variables.map(|(operand, constants)| Variable::new(&operand, constants));
        variables.collect()
    }

    /// A condition in canonical form.
    pub(super) fn formula(&mut self, condition: &Expr) -> Formula {
        match condition {
            Expr::Literal(Literal::Boolean(value)) => Formula::Constant((*value).into()),
            Expr::Literal(Literal::Null) => Formula::Constant(Truth::Unknown),
            Expr::And(parts) => Formula::All(self.formulas(parts)),
            Expr::Or(parts) => Formula::Any(self.formulas(parts)),
            Expr::Not(part) => Formula::Not(Box::new(self.formula(part))),
            Expr::Binary {
                left,
                operator,
                right,
            } => self.binary(condition, left, *operator, right),
            Expr::In {
                expression,
                values,
                negated,
            } => negate(self.one_of(expression, values), *negated),
            Expr::Between {
                expression,
                low,
                high,
                negated,
            } => negate(self.between(expression, low, high), *negated),
            Expr::Like {
                expression,
                pattern,
                negated,
            } => negate(self.like(expression, pattern), *negated),
            Expr::IsNull {
                expression,
                negated,
            } => {
                let operand = Operand::Value((**expression).clone());
                let formula = self.leaf(condition, operand, Test::Null);
                negate(formula, *negated)
            }
            Expr::IsTruth {
                expression,
                truth,
                negated,
            } => {
                let formula = Formula::Is(Box::new(self.formula(expression)), *truth);
                negate(formula, *negated)
            }
            Expr::Case {
                branches,
                otherwise,
            } => self.case(branches, otherwise.as_deref()),
            Expr::Call {
                function,
                arguments,
            } => match sql::shields(*function, arguments) {
                Some(shielded) => self.formula(shielded),
                None => self.opaque(condition),
            },
            other => self.opaque(other),
        }
    }

    fn formulas(&mut self, parts: &[Expr]) -> Vec<Formula> {
        parts.iter().map(|part| self.formula(part)).collect()
    }

    fn between(&mut self, value: &Expr, low: &Expr, high: &Expr) -> Formula {
        let ends = [
            (BinaryOperator::GreaterOrEqual, low),
            (BinaryOperator::LessOrEqual, high),
        ];
        let ends =
            ends.map(|(operator, end)| self.formula(&value.clone().binary(operator, end.clone())));
        Formula::All(ends.into())
    }

    fn like(&mut self, text: &Expr, pattern: &Expr) -> Formula {
        self.opaque(&Expr::Like {
            expression: Box::new(text.clone()),
            pattern: Box::new(pattern.clone()),
            negated: false,
        })
    }

    fn case(&mut self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Formula {
        let branches = branches.iter();
        let branches = branches.map(|(when, then)| (self.formula(when), self.formula(then)));
        let branches = branches.collect();
        let otherwise = match otherwise {
            Some(otherwise) => self.formula(otherwise),
            None => Formula::Constant(Truth::Unknown),
        };
        Formula::Case(branches, Box::new(otherwise))
    }

    fn one_of(&mut self, expression: &Expr, values: &[Expr]) -> Formula {
        let constants: Option<Vec<_>> = values.iter().map(Constant::of).collect();
        let Some(constants) = constants else {
            let equal = |value: &Expr| self.formula(&expression.clone().eq(value.clone()));
            return Formula::Any(values.iter().map(equal).collect());
        };
        let itself = Expr::In {
            expression: Box::new(expression.clone()),
            values: values.to_vec(),
            negated: false,
        };
        let operand = Operand::Value(expression.clone());
        self.leaf(&itself, operand, Test::OneOf(constants))
    }

    fn binary(
        &mut self,
        itself: &Expr,
        left: &Expr,
        operator: BinaryOperator,
        right: &Expr,
    ) -> Formula {
        use BinaryOperator::{Add, Equal, Multiply, NotEqual, Subtract};
        if matches!(operator, Add | Subtract | Multiply) {
            return self.opaque(itself);
        }
        if matches!(operator, Equal | NotEqual) {
            let of_boolean = [(left, right), (right, left)];
            let of_boolean = of_boolean
                .into_iter()
                .find_map(|(side, other)| match other {
                    Expr::Literal(Literal::Boolean(value)) => Some((side, *value)),
                    _ => None,
                });
            if let Some((side, value)) = of_boolean {
                return negate(self.formula(side), value == (operator == NotEqual));
            }
        }
        let (operand, operator, constant) = match (Constant::of(left), Constant::of(right)) {
            (None, Some(constant)) => (Operand::Value(left.clone()), operator, constant),
            (Some(constant), None) => (Operand::Value(right.clone()), flipped(operator), constant),
            (Some(_), Some(_)) => return self.opaque(itself),
            (None, None) => difference(left, operator, right),
        };
        if !matches!(operator, Equal | NotEqual) && !constant.is_ordered() {
            return self.opaque(itself);
        }
        self.leaf(itself, operand, Test::Compare(operator, constant))
    }

    fn opaque(&mut self, condition: &Expr) -> Formula {
        let variable = self.variable(Operand::Outcome(condition.clone()), []);
        Formula::Leaf(Leaf {
            variable,
            test: Test::Holds,
            itself: variable,
        })
    }

    fn leaf(&mut self, itself: &Expr, operand: Operand, test: Test) -> Formula {
        let constants = match &test {
            Test::Compare(_, constant) => std::slice::from_ref(constant),
            Test::OneOf(constants) => constants,
            Test::Null | Test::Holds => &[],
        };
        let variable = self.variable(operand, constants.iter().cloned());
        let itself = self.variable(Operand::Outcome(itself.clone()), []);
        Formula::Leaf(Leaf {
            variable,
            test,
            itself,
        })
    }

    fn variable(
        &mut self,
        operand: Operand,
        constants: impl IntoIterator<Item = Constant>,
    ) -> usize {
        let next = self.variables.len();
        let index = *self.known.entry(operand.clone()).or_insert(next);
        if index == next {
            self.variables.push((operand, BTreeSet::new()));
        }
        if let Some((_, known)) = self.variables.get_mut(index) {
            known.extend(constants);
        }
        index
    }
}

fn negate(formula: Formula, negated: bool) -> Formula {
    if negated {
        Formula::Not(Box::new(formula))
    } else {
        formula
    }
}

/// The operator that says the same with its sides exchanged.
fn flipped(operator: BinaryOperator) -> BinaryOperator {
    match operator {
        BinaryOperator::Less => BinaryOperator::Greater,
        BinaryOperator::LessOrEqual => BinaryOperator::GreaterOrEqual,
        BinaryOperator::Greater => BinaryOperator::Less,
        BinaryOperator::GreaterOrEqual => BinaryOperator::LessOrEqual,
        symmetric => symmetric,
    }
}

/// A comparison of two values as one of their difference with a constant.
fn difference(
    left: &Expr,
    operator: BinaryOperator,
    right: &Expr,
) -> (Operand, BinaryOperator, Constant) {
    let ((left, more), (right, less)) = (from_now(left), from_now(right));
    let constant = less - more;
    if left.to_string() <= right.to_string() {
        let operand = Operand::Difference(left.clone(), right.clone());
        (operand, operator, Constant::Number(constant))
    } else {
        let operand = Operand::Difference(right.clone(), left.clone());
        (operand, flipped(operator), Constant::Number(-constant))
    }
}

/// `UNIX_TIMESTAMP() - 60` as the time and -60 times 10^10; anything else as itself and 0. The time alone is
/// taken apart: sums of other numbers may be rounded.
fn from_now(value: &Expr) -> (&Expr, i128) {
    let is_now = |value: &Expr| match value {
        Expr::Call {
            function,
            arguments,
        } => *function == Function::UnixTimestamp && arguments.is_empty(),
        _ => false,
    };
    match value {
        Expr::Binary {
            left,
            operator,
            right,
        } if is_now(left) => match (operator, number(right)) {
            (BinaryOperator::Add, Some(seconds)) => (left, seconds),
            (BinaryOperator::Subtract, Some(seconds)) => (left, -seconds),
            _ => (value, 0),
        },
        _ => (value, 0),
    }
}
