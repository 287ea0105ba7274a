//! `undeclared-mirror`: a field is read from the document although a column seems to repeat it.

use std::collections::HashSet;

use super::Fleet;
use super::possible::{Leaf, each_leaf_of};
use crate::check::field::fits;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::ir::{Place, Step, Subject, Test};
use crate::project::source::Source;

/// Looks at every condition; each field of a source is told once, where it is used first.
pub(super) fn find(fleet: &Fleet<'_>, findings: &mut Findings) {
    let mut told = HashSet::new();
    for typed in fleet.routes.iter().map(|judged| judged.typed) {
        let mut look = |leaf: Leaf<'_>| {
            let Leaf::Test(test) = leaf else { return };
            let field = (typed.source.name.value.clone(), test.subject.place.clone());
            if let Some(column) = repeated(typed.source, &test.subject)
                && told.insert(field)
            {
                findings.push(undeclared(typed.source, test, column));
            }
        };
        each_leaf_of(typed, &mut look);
    }
}

/// The column that seems to hold the same: it is named like the field and can be read as it.
fn repeated<'s>(source: &'s Source, subject: &Subject) -> Option<&'s str> {
    let place = &subject.place;
    let document = source.event.layout.document_column()?;
    if document.value != place.column || !place.accesses.is_empty() {
        return None;
    }
    // A column stands for one field, not for that of some element.
    let steps = place.document.as_ref()?.iter();
    let keys: Option<Vec<&str>> = steps
        .map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
        .collect();
    let wanted = plain(keys?.last()?);
    let free = source
        .columns
        .iter()
        .filter(|(name, _)| **name != document.value && source.mirrored_by(name).is_none());
    let mut fitting = free.filter(|(name, data_type)| {
        let place = Place::column(name.as_str(), data_type.value.clone());
        let value_type = subject.value_type;
        plain(name) == wanted && fits(&Subject { place, value_type })
    });
    fitting.next().map(|(name, _)| name.as_str())
}

/// A name without what differs between columns and fields: `created_date` and `createdDate` are one.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|character| *character != '_');
    letters.flat_map(char::to_lowercase).collect()
}

fn undeclared(source: &Source, test: &Test, column: &str) -> Diagnostic {
    let path = test.origin.path.trim_start_matches("$.");
    let message =
        format!("`{path}` is extracted from the document although there is a column `{column}`");
    let label = "read from the document";
    let help = format!(
        "if the column repeats the field, declare it: `mirrors: {{{path}: {column}}}` in source `{}`",
        source.name.value
    );
    let problem = Diagnostic::new(Code::UndeclaredMirror, message, test.origin.span, label);
    match source.columns.get(column) {
        Some(declared) => problem.related(declared.span, "the column").help(help),
        None => problem.help(help),
    }
}
