//! What was tried: operator by type by outcome.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use routectl::ir::operator::{ALL, Predicate};
use routectl::ir::{Condition, InstantForm, Place, Test, ValueType};
use routectl::sql::{Truth, TypeKind};

/// How often an operator came to true, false and unknown on a type.
#[derive(Debug, Default)]
pub(crate) struct Coverage(BTreeMap<(String, String), [usize; 3]>);

impl Coverage {
    /// Notes the outcomes of a condition, if it has an operator.
    pub(crate) fn note(&mut self, condition: &Condition, outcomes: &[Truth]) {
        let Some(key) = key(condition) else { return };
        let counts = self.0.entry(key).or_default();
        for outcome in outcomes {
            counts[match outcome {
                Truth::True => 0,
                Truth::False => 1,
                Truth::Unknown => 2,
            }] += 1;
        }
    }

    /// Operators that nothing was made of.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let tried: BTreeSet<&str> = self
            .0
            .keys()
            .map(|(operator, _)| operator.as_str())
            .collect();
        ALL.iter()
            .map(|operator| operator.key)
            .filter(|key| !tried.contains(key))
            .collect()
    }
}

fn key(condition: &Condition) -> Option<(String, String)> {
    match condition {
        Condition::Test(test) => {
            let fields = match &test.predicate {
                Predicate::CompareFields(_, other)
                    if other.value_type != test.subject.value_type =>
                {
                    " of two forms"
                }
                Predicate::CompareFields(..) => " of fields",
                _ => "",
            };
            Some((format!("{}{fields}", test.operator.key), type_of(test)))
        }
        Condition::SomeText(some) => Some(("[*]".to_owned(), holder(&some.array).to_owned())),
        Condition::AnyElement(any) => {
            Some(("anyElement".to_owned(), holder(&any.array).to_owned()))
        }
        Condition::Always | Condition::All(_) | Condition::Any(_) | Condition::Not(_) => None,
    }
}

fn holder(array: &Place) -> &'static str {
    if array.is_in_document() {
        "list in a document"
    } else {
        "ARRAY"
    }
}

/// What a test reads: text as something, or a typed column.
fn type_of(test: &Test) -> String {
    let place = &test.subject.place;
    let words = match test.subject.value_type {
        ValueType::Instant(InstantForm::Epoch(_)) => "an epoch",
        other => other.describe(),
    };
    match &place.data_type.kind {
        TypeKind::Row(_) => "ROW".to_owned(),
        TypeKind::Array(_) => "ARRAY".to_owned(),
        TypeKind::Map(..) => "MAP".to_owned(),
        _ if place.is_in_document() => format!("{words} in a document"),
        TypeKind::String => format!("{words} as STRING"),
        kind => format!("{words} as {kind}"),
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<28} {:<36} {:>9} {:>9} {:>9}",
            "operator", "type", "true", "false", "unknown"
        )?;
        for ((operator, of_type), [yes, no, unknown]) in &self.0 {
            writeln!(
                f,
                "{operator:<28} {of_type:<36} {yes:>9} {no:>9} {unknown:>9}"
            )?;
        }
        Ok(())
    }
}
