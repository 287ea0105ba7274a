//! Diagnostics for machines.

use serde::Serialize;

use super::{Diagnostic, Label, Severity};
use crate::source_text::Sources;

/// Version of the format; a change that readers must know of raises it.
pub const FORMAT_VERSION: u32 = 1;

/// A report of findings. Lines and columns count from 1, columns in characters; the end is exclusive.
#[derive(Debug, Serialize)]
pub struct Report<'d> {
    format_version: u32,
    summary: Summary,
    diagnostics: Vec<Finding<'d>>,
}

#[derive(Debug, Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
}

#[derive(Debug, Serialize)]
struct Finding<'d> {
    code: &'static str,
    severity: &'static str,
    message: &'d str,
    help: &'d [String],
    location: Place<'d>,
    related: Vec<Place<'d>>,
}

#[derive(Debug, Serialize)]
struct Place<'d> {
    file: &'d str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    label: &'d str,
}

/// The report of some diagnostics.
pub fn report<'d>(diagnostics: &'d [Diagnostic], sources: &'d Sources) -> Report<'d> {
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|found| found.severity == severity)
            .count()
    };
    let summary = Summary {
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
    };
    let diagnostics = diagnostics
        .iter()
        .map(|found| Finding {
            code: found.code.name(),
            severity: found.severity.name(),
            message: &found.message,
            help: &found.help,
            location: place(&found.primary, sources),
            related: found
                .related
                .iter()
                .map(|label| place(label, sources))
                .collect(),
        })
        .collect();
    Report {
        format_version: FORMAT_VERSION,
        summary,
        diagnostics,
    }
}

fn place<'d>(label: &'d Label, sources: &'d Sources) -> Place<'d> {
    let file = sources.file(label.span.file);
    let (start, end) = (
        file.position(label.span.start as usize),
        file.position(label.span.end as usize),
    );
    Place {
        file: file.path().as_str(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        label: &label.text,
    }
}
