//! Whether one condition implies another: a sound check that does not find every proof.
//!
//! A row passes where its condition is TRUE. [`implies`] assumes that the premise is TRUE and the conclusion is not, and
//! looks for the contradiction. Each operand is a variable over finitely many *regions*: the constants that it
//! is compared with, the gaps between them, NULL, and for numbers whose type is not known NaN. What is not understood
//! (`LIKE`, `REGEXP`, ...) is a variable over the three outcomes, so the same text still implies itself.
//!
//! | module | concept |
//! | --- | --- |
//! | `constant` | constants, their order, and which numbers every type tells apart |
//! | `variable` | what is compared with constants, and its regions |
//! | `formula` | conditions as formulas over variables |
//! | `search` | the search for a contradiction, which gives up after a number of steps |
//!
//! To make it see through one more kind of expression, give it a formula in `formula`; the property test in `tests`
//! holds it against all rows of small worlds.

mod constant;
mod formula;
mod search;
#[cfg(test)]
mod tests;
mod variable;

use formula::{Formula, Reader};
use search::{NOT_TRUE, Search, TRUE};

use crate::sql::{Expr, canonical_expr};

/// Whether every row that passes `premise` passes `conclusion`, at the same moment. `false` says nothing. No condition
/// lets every row pass.
pub fn implies(premise: Option<&Expr>, conclusion: Option<&Expr>) -> bool {
    let Some(conclusion) = conclusion else {
        return true;
    };
    let mut reader = Reader::default();
    let mut read = |condition: &Expr| reader.formula(&canonical_expr(condition));
    let conclusion = read(conclusion);
    let premise = premise.map(read);
    let variables = reader.variables();
    let premise = premise.iter().map(|formula: &Formula| (formula, TRUE));
    let assumed = premise.chain([(&conclusion, NOT_TRUE)]).collect();
    Search::new(&variables).is_contradictory(assumed)
}
