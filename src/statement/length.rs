//! How long a statement can be.

use super::compile::Writer;
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::Dialect;
use crate::ir::{Condition, Origin};

/// Refuses the text of a statement that the dialect does not take, at the longest operand of its route.
pub(super) fn check(
    dialect: &Dialect,
    writer: &Writer<'_, '_>,
    text: &str,
) -> Result<(), Diagnostic> {
    // A character is at least one byte.
    let Some(longest) = dialect.longest.filter(|longest| text.len() > *longest) else {
        return Ok(());
    };
    let length = text.chars().count();
    if length <= longest {
        return Ok(());
    }
    let name = &writer.typed.route.name;
    let message = format!(
        "a statement of route `{}` has {length} characters; the service takes {longest}",
        name.value
    );
    let rows = writer.typed.rows(writer.sink);
    let mut operands = Vec::new();
    operands_of(&rows, &mut operands);
    let operands = operands.into_iter();
    let longest = operands.max_by_key(|origin| origin.operand.range().len());
    let problem = match longest {
        Some(origin) => Diagnostic::new(
            Code::StatementTooLong,
            message,
            origin.operand,
            "the longest operand",
        )
        .related(name.span, "this route"),
        None => Diagnostic::new(Code::StatementTooLong, message, name.span, "this route"),
    };
    Err(problem.help(
        "say it with fewer values, for example with `startsWith` or another field, or divide it between routes that share the topic (`shared: true`)",
    ))
}

fn operands_of<'c>(condition: &'c Condition, operands: &mut Vec<&'c Origin>) {
    match condition {
        Condition::Always => {}
        Condition::All(conditions) | Condition::Any(conditions) => {
            for condition in conditions {
                operands_of(condition, operands);
            }
        }
        Condition::Not(condition) => operands_of(condition, operands),
        Condition::Test(test) => operands.push(&test.origin),
        Condition::SomeText(some) => operands.push(&some.origin),
        Condition::AnyElement(any) => {
            for element in &any.elements {
                operands_of(element, operands);
            }
        }
    }
}
